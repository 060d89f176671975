from typedflask.globals import *
