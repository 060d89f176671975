from typedflask.helpers import *
from typedflask.helpers import __all__ as __all__
