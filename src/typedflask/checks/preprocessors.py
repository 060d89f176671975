"""What functions that change the values of a URL do with them, read from their source.

A `url_value_preprocessor` may take variables out before the view is called, and a `url_defaults`
function may add some before a URL is built. Where every use of the values is one of a few plain
forms (`values.pop("lang")`, `values["lang"] = ...`, `"lang" in values`), the names are known;
any other use makes everything possible.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..requests.request import scopes_of
from .contract import Function, ScopedHooks
from .signatures import node_of

READING: Final = frozenset({"get", "keys", "items", "copy"})
TAKING_OUT: Final = frozenset({"pop"})
PUTTING_IN: Final = frozenset({"setdefault"})


@dataclass(frozen=True, slots=True)
class Effects:
    """What functions do with the values: names they may take out, names they may put in."""

    taken_out: frozenset[str] = frozenset()
    put_in: frozenset[str] = frozenset()


def functions_for(hooks: ScopedHooks, endpoint: str) -> Sequence[Function]:
    """The functions of a hook that run for an endpoint."""
    scopes = (None, *scopes_of(endpoint))
    return [function for scope in scopes for function in hooks.get(scope, ())]


def effects_of(functions: Iterable[Function]) -> Effects | None:
    """What functions may do with the values; None where that cannot be known.

    :param functions: each takes the endpoint and the values.
    """
    taken_out: set[str] = set()
    put_in: set[str] = set()
    for function in functions:
        node = node_of(function)
        if node is None or len(names := [*node.args.posonlyargs, *node.args.args]) < 2:
            return None
        uses = _Uses(names[-1].arg)
        uses.visit(node)
        if uses.unknown:
            return None
        taken_out |= uses.taken_out
        put_in |= uses.put_in
    return Effects(frozenset(taken_out), frozenset(put_in))


class _Uses(ast.NodeVisitor):
    """Collects how a function uses one of its parameters."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken_out: set[str] = set()
        self.put_in: set[str] = set()
        self.unknown = False

    def _is_it(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.name

    def visit_Name(self, node: ast.Name) -> None:
        """A use that none of the methods below understood."""
        self.unknown = self.unknown or node.id == self.name

    def visit_Call(self, node: ast.Call) -> None:
        """`values.pop("name")` and the like."""
        function = node.func
        if not isinstance(function, ast.Attribute) or not self._is_it(function.value):
            self.generic_visit(node)
            return
        name = _text(node.args[0]) if node.args else None
        if function.attr in TAKING_OUT and name is not None:
            self.taken_out.add(name)
        elif function.attr in PUTTING_IN and name is not None:
            self.put_in.add(name)
        elif function.attr not in READING:
            self.unknown = True
        for argument in (*node.args, *node.keywords):
            self.visit(argument)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """`values["name"]`, read, written or deleted."""
        name = _text(node.slice)
        if not self._is_it(node.value) or name is None:
            self.generic_visit(node)
        elif isinstance(node.ctx, ast.Store):
            self.put_in.add(name)
        elif isinstance(node.ctx, ast.Del):
            self.taken_out.add(name)

    def visit_Compare(self, node: ast.Compare) -> None:
        """`"name" in values`, `values is None`."""
        for side in (node.left, *node.comparators):
            if not self._is_it(side):
                self.visit(side)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """`values and ...`."""
        for side in node.values:
            if not self._is_it(side):
                self.visit(side)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """`not values`."""
        if not self._is_it(node.operand):
            self.visit(node.operand)

    def visit_If(self, node: ast.If) -> None:
        """`if values:`."""
        if not self._is_it(node.test):
            self.visit(node.test)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
