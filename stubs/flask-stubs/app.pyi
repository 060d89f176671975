from typedflask.app import *
