from typedflask.ctx import *
from typedflask.ctx import __all__ as __all__
