from typedflask.typing import *
from typedflask.typing import __all__ as __all__
