"""Where Python files register error handlers; the table of handlers knows only those in use."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from ..errors.table import error_key
from .problem import Place
from .signatures import place_of
from .subject import Source, Subject

DECORATORS: Final = {"errorhandler": False, "app_errorhandler": True}
FUNCTIONS: Final = {"register_error_handler": False, "register_app_error_handler": True}
"""The methods that register handlers, and whether they do for the whole application."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A handler that is registered in a file.

    :param group: equal for those of which only one can be in use.
    :param target: what it is registered for, as it is written.
    :param name: the function's name.
    :param function: where the function is defined.
    :param place: where it is registered.
    """

    group: Hashable
    target: str
    name: str
    function: Place
    place: Place


def registrations(subject: Subject) -> Iterator[Registration]:
    """The registrations that are sure to be made one after the other: statements of one body."""
    for source in subject.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
                for statement in node.body:
                    yield from _of_statement(subject, source, node.body, statement)


def _of_statement(
    subject: Subject, source: Source, body: list[ast.stmt], statement: ast.stmt
) -> Iterator[Registration]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        function = source.at(statement)
        for decorator in statement.decorator_list:
            made = _method_call(decorator, DECORATORS)
            if made is not None and made[0].args:
                yield _registration(
                    subject, source, body, made, DECORATORS, statement.name, function
                )
    elif isinstance(statement, ast.Expr):
        made = _method_call(statement.value, FUNCTIONS)
        if made is not None and len(made[0].args) > 1:
            handler = _value(source, made[0].args[1])
            if callable(handler):
                name = ast.unparse(made[0].args[1])
                yield _registration(subject, source, body, made, FUNCTIONS, name, place_of(handler))


def _method_call(node: ast.expr, methods: dict[str, bool]) -> tuple[ast.Call, ast.Attribute] | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    return (node, node.func) if node.func.attr in methods else None


def _registration(
    subject: Subject,
    source: Source,
    body: list[ast.stmt],
    made: tuple[ast.Call, ast.Attribute],
    methods: dict[str, bool],
    name: str,
    function: Place,
) -> Registration:
    call, method = made
    owner = _value(source, method.value) if body is source.tree.body else None
    known = owner is subject.app or any(b is owner for b in subject.app.blueprints.values())
    where: Hashable = id(owner) if known else (id(body), ast.unparse(method.value))
    whole = methods[method.attr] or owner is subject.app
    target = call.args[0]
    key = _key(source, target)
    group = ("application" if whole and known else where, whole, key)
    return Registration(group, ast.unparse(target), name, function, source.at(call))


def _key(source: Source, target: ast.expr) -> Hashable:
    """What stands for the status or class, the same for `404` and `NotFound`."""
    value = _value(source, target)
    if isinstance(value, int) or (isinstance(value, type) and issubclass(value, Exception)):
        try:
            return error_key(value)
        except ValueError:
            pass
    return ast.unparse(target)


def _value(source: Source, node: ast.expr) -> object:
    """What an expression stands for at the end of the module; None where that is not plain."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return vars(source.module).get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_value(source, node.value), node.attr, None)
    return None
