from typedflask.config import *
from typedflask.config import __all__ as __all__
