from typedflask.signals import *
from typedflask.signals import __all__ as __all__
