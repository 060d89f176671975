"""An attribute of a declared namespace is set to another type."""
from typedflask import typed_g


class Globals:
    request_id: str


g = typed_g(Globals)
g.request_id = 3  # E: a str is declared
