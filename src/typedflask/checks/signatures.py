"""What a function takes: its own parameters, or those behind decorators that pass all on.

A decorator made with `functools.wraps` says which function it is put around, and not what it does
with the arguments. Its source is asked: where it hands `*args` and `**kwargs` on as they came, the
function behind it counts. Where that is not certain, nothing is said about the view.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import Parameter as OwnParameter
from types import CellType, FunctionType, MethodType
from typing import Any, Final, cast, get_type_hints

from .contract import Function
from .problem import Place
from .rules import Kind, Parameter

KINDS: Final[dict[object, Kind]] = {
    OwnParameter.POSITIONAL_ONLY: "by position",
    OwnParameter.POSITIONAL_OR_KEYWORD: "by name",
    OwnParameter.KEYWORD_ONLY: "by name",
    OwnParameter.VAR_POSITIONAL: "other positions",
    OwnParameter.VAR_KEYWORD: "other names",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes, as far as the checks ask.

    :param function: whose parameters they are: the innermost function that is certain to get what
        the framework gives.
    :param parameters: its parameters, without the one that is bound.
    :param annotations: the types of its parameters and, under `return`, of its result.
    """

    function: Function
    parameters: tuple[Parameter, ...]
    annotations: Mapping[str, object]


def signature_of(function: Function) -> Signature | None:
    """What a function takes; None where that cannot be known for certain."""
    function = innermost(function)
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except (TypeError, ValueError):
        return None  # some functions written in C do not say
    decorated = hasattr(function, "__wrapped__")
    if decorated and not takes_names(signature):
        return None  # what it does with other arguments is its own affair
    parameters = tuple(
        Parameter(each.name, KINDS[each.kind], each.default is OwnParameter.empty)
        for each in signature.parameters.values()
    )
    # `functools.wraps` writes the annotations of the function behind on the one before.
    return Signature(function, parameters, {} if decorated else annotations_of(function))


def takes_names(signature: inspect.Signature) -> bool:
    """Whether a function names every parameter it takes."""
    variadic = (OwnParameter.VAR_KEYWORD, OwnParameter.VAR_POSITIONAL)
    return all(each.kind not in variadic for each in signature.parameters.values())


def innermost(function: Function) -> Function:
    """The function behind decorators, as far as these are certain to pass their arguments on."""
    seen: set[int] = set()
    while id(function) not in seen:
        seen.add(id(function))
        behind: object = getattr(function, "__wrapped__", None)
        if not callable(behind) or not passes_on(function):
            break
        function = behind
    return function


def annotations_of(function: Function) -> Mapping[str, object]:
    """The types of a function's parameters, resolved; empty where a name in them is unknown."""
    target: object = function
    if not isinstance(function, FunctionType | MethodType | type | partial):
        target = _called_by(function)
    if isinstance(target, partial):
        return {}
    try:
        # Any: annotations may be any expressions; they are looked at as objects.
        found: dict[str, Any] = get_type_hints(cast("Callable[..., Any]", target))
    except Exception:
        return {}  # names for type checkers only, or an expression that fails
    return found


def _called_by(target: object) -> object:
    """The method that runs when an object of a class of somebody's own is called."""
    return next((vars(c)["__call__"] for c in type(target).__mro__ if "__call__" in vars(c)), None)


def plain_function(function: Function) -> FunctionType | None:
    """The function that has the code: of a method, of a partial, of an object that is called."""
    target: object = function
    while True:
        if isinstance(target, partial):
            target = cast("partial[object]", target).func
        elif isinstance(target, MethodType):
            target = target.__func__
        elif isinstance(target, FunctionType):
            return target
        elif isinstance(target, type):
            return None
        else:
            target = _called_by(target)
            if not isinstance(target, FunctionType):
                return None


def place_of(function: Function) -> Place:
    """Where a function, or the one behind its decorators, is defined: its `def`, not what is above.

    The place of a class is the class's first line.
    """
    target = inspect.unwrap(function)
    node = node_of(target)
    plain = plain_function(target)
    if plain is None:
        return _place_of_class(target)
    line = plain.__code__.co_firstlineno
    if node is not None and not isinstance(node, ast.Lambda):
        line += node.lineno - 1
    return Place(plain.__code__.co_filename, line)


def _place_of_class(target: object) -> Place:
    kind: type = target if isinstance(target, type) else type(target)
    try:
        file = inspect.getsourcefile(kind)
        return Place(file, inspect.getsourcelines(kind)[1])
    except (OSError, TypeError):
        return Place()


FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def node_of(function: Function) -> FunctionNode | None:
    """What is written in a function; None where its source cannot be found.

    Lines count from the function's first line, which is that of its first decorator.
    """
    plain = plain_function(function)
    if plain is None:
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(plain.__code__)))
    except (OSError, TypeError, SyntaxError):
        return None
    found = (n for n in ast.walk(tree) if isinstance(n, FunctionNode))
    node = next(found, None)
    if isinstance(node, ast.Lambda) and next(found, None) is not None:
        return None  # several on one line: nobody knows which is meant
    return node


def passes_on(function: Function) -> bool:
    """Whether a decorator's function is certain to hand on what it is given as it came.

    That is so where it takes `*args` and `**kwargs`, or `**kwargs` alone, does nothing with them
    but `anything(*args, **kwargs)`, and calls the function it is put around in this way only.
    """
    node = node_of(function)
    if node is None or node.args.kwarg is None or node.args.posonlyargs or node.args.kwonlyargs:
        return False
    leading = [argument.arg for argument in node.args.args]
    if leading not in ([], ["self"]):
        return False
    starred = [each.arg for each in (node.args.vararg, node.args.kwarg) if each is not None]
    shape = [*leading, *starred]
    watched = {*starred, *_names_of_wrapped(function)}
    # Not the decorators above it, which name the function too: `@wraps(view)`.
    body = ast.Module(node.body if isinstance(node.body, list) else [ast.Expr(node.body)], [])
    calls = [n for n in ast.walk(body) if isinstance(n, ast.Call) and _given(n) == shape]
    harmless = {id(name) for call in calls for name in _names(call)}
    inside = {name.id for call in calls for name in _names(call.func)}
    others = (n for n in _names(body) if n.id in watched and id(n) not in harmless)
    return bool(inside & _names_of_wrapped(function)) and next(others, None) is None


def _names_of_wrapped(function: Function) -> set[str]:
    """What a decorator's function calls the function it is put around."""
    plain = plain_function(function)
    if plain is None:
        return set()
    behind: object = getattr(function, "__wrapped__", None)
    cells = zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=True)
    return {name for name, cell in cells if _content(cell) is behind}


def _content(cell: CellType) -> object:
    try:
        content: object = cell.cell_contents
    except ValueError:
        return None  # not set yet
    return content


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (n for n in ast.walk(node) if isinstance(n, ast.Name))


def _given(call: ast.Call) -> list[str] | None:
    """The names a call is given, if it is `anything(self, *args, **kwargs)` or a part of that."""
    values = [each.value if isinstance(each, ast.Starred) else each for each in call.args]
    values += [keyword.value for keyword in call.keywords if keyword.arg is None]
    if len(values) != len(call.args) + len(call.keywords):
        return None
    names = [value.id for value in values if isinstance(value, ast.Name)]
    return names if len(names) == len(values) else None
