from typedflask.logging import *
