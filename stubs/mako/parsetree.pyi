from mako.ast import ArgumentList

class Node:
    def get_children(self) -> list[Node]: ...

class TemplateNode(Node): ...

class Expression(Node):
    escapes_code: ArgumentList

class PageTag(Node):
    filter_args: ArgumentList
