from typedflask.testing import *
