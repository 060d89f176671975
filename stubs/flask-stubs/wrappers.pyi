from typedflask.wrappers import *
from typedflask.wrappers import __all__ as __all__
