from typedflask.templating import *
from typedflask.templating import __all__ as __all__
