"""Reads expressions that are written out: literals, dicts of literals, what a function does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .facts import UNREAD, Names


def effects(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[Names, bool]:
    """The names a preprocessor takes out of the values, and whether it may put some in."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    if len(arguments) < 2:
        return None, True
    values = arguments[1].arg
    taken: set[str] = set()
    understood: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Compare | ast.If | ast.BoolOp | ast.UnaryOp):
            understood.update(map(id, plain_parts(node)))
            continue
        used, name = use_of(node)
        if used is not None:
            understood.add(id(used))
        if name is not None:
            taken.add(name)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == values and id(node) not in understood:
            return None, True
    return frozenset(taken), False


def use_of(node: ast.AST) -> tuple[ast.expr | None, str | None]:
    """The dict that a node reads or takes a value out of, and the name it takes out."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name = text_of(node.args[0] if node.args else None)
        if node.func.attr == "pop" and name is not None:
            return node.func.value, name
        if node.func.attr in {"get", "keys", "values", "items"}:
            return node.func.value, None
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return node.value, None
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Del):
        name = text_of(node.slice)
        return (None, None) if name is None else (node.value, name)
    return None, None


def plain_parts(node: ast.Compare | ast.If | ast.BoolOp | ast.UnaryOp) -> Iterator[ast.expr]:
    """The operands of a question, which leave what they are asked about as it is."""
    if isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.If):
        yield node.test
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    else:
        yield node.operand


def text_of(node: ast.expr | None) -> str | None:
    """The text of a literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def option(node: ast.Call, name: str) -> ast.expr | None:
    """A keyword argument."""
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    return None


def argument_of(node: ast.Call, position: int, name: str) -> ast.expr | None:
    """An argument that may be given by position or by name."""
    if len(node.args) > position:
        return node.args[position]
    return option(node, name)


def keys_of(node: ast.expr | None) -> Names:
    """The keys of a dict that is written out; none if there is no dict."""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return frozenset()
    if isinstance(node, ast.Dict):
        keys = [text_of(key) for key in node.keys]
        return None if None in keys else frozenset(key for key in keys if key is not None)
    return None


def constants(node: ast.Call) -> tuple[tuple[object, ...], tuple[tuple[str, object], ...]]:
    """The arguments of a call as constants; dicts as their keys, others as `UNREAD`."""
    options = ((keyword.arg or "**", constant(keyword.value)) for keyword in node.keywords)
    return tuple(map(constant, node.args)), tuple(options)


def constant(node: ast.expr) -> object:
    """A literal's value, a dict's keys, `"__name__"` for the name of that name, or `UNREAD`."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id == "__name__":
        return "__name__"
    if isinstance(node, ast.Dict):
        keys = keys_of(node)
        return UNREAD if keys is None else keys
    return UNREAD
