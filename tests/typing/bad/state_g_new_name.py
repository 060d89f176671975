"""A declared namespace is given an attribute it does not declare."""
from typedflask import typed_g
from typedflask.ctx import AppGlobals


class Globals(AppGlobals):
    request_id: str


g = typed_g(Globals)
g.requestid = "x"  # E: not declared
