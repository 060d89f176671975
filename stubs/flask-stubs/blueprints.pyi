from typedflask.blueprints import *
