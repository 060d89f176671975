from typedflask.json import *
from typedflask.json import __all__ as __all__

from . import provider as provider
from . import tag as tag
