from typedflask import *
from typedflask import __all__ as __all__
