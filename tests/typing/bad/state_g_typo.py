"""A declared namespace is read by a name it does not declare."""
from typedflask import typed_g


class Globals:
    user: str


g = typed_g(Globals)
print(g.usr)  # E: not declared
