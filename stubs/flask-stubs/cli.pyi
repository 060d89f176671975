from typedflask.cli import *
from typedflask.cli import __all__ as __all__
