from typedflask.sessions import *
