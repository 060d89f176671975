from typedflask.views import *
