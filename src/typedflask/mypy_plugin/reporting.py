"""How the plugin reports: its error codes, and what it reads from a call."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.nodes import ARG_POS, CallExpr, Context, Expression, NameExpr, RefExpr, StrExpr, Var
from mypy.plugin import CheckerPluginInterface

ROUTE: Final = ErrorCode("typedflask-route", "A rule and its view do not fit", "typedflask")
ENDPOINT: Final = ErrorCode("typedflask-endpoint", "An endpoint does not exist", "typedflask")
CONFIG: Final = ErrorCode("typedflask-config", "A configuration key is misused", "typedflask")
TEMPLATE: Final = ErrorCode("typedflask-template", "A template does not exist", "typedflask")


def report(api: CheckerPluginInterface, message: str, context: Context, code: ErrorCode) -> None:
    """Add an error, except while mypy only tries a signature out.

    An error then would not be shown, and would make mypy choose another overload.
    """
    if isinstance(api, TypeChecker) and forgets(api.errors):
        return
    api.fail(message, context, code=code)


class WatchedErrors(Protocol):
    """What is asked of mypy's collection of errors."""

    def prefer_simple_messages(self) -> bool:
        """Whether the next error will be shown to nobody, by its innermost watcher."""
        ...

    def get_watchers(self) -> Iterable[object]:
        """All that look at the next error before it is kept, the innermost first."""
        ...


def forgets(errors: WatchedErrors) -> bool:
    """Whether the next error is kept from the user for good, not put aside until mypy has decided.

    mypy tells that of the innermost watcher only. Those around it are asked for attributes of
    their own; one that has them no more counts as one that forgets nothing.
    """
    return errors.prefer_simple_messages() or any(
        getattr(watcher, "_filter", False) is True
        and getattr(watcher, "_filtered", watcher) is None
        for watcher in errors.get_watchers()
    )


def path_of(api: CheckerPluginInterface) -> str:
    """The file that is being checked."""
    return os.path.realpath(api.path) if isinstance(api, TypeChecker) else ""


def argument(call: CallExpr, name: str, position: int | None = None) -> Expression | None:
    """An argument of a call, given by name or by position."""
    by_position = 0
    for expression, kind, own_name in zip(call.args, call.arg_kinds, call.arg_names, strict=True):
        if own_name == name:
            return expression
        if kind == ARG_POS:
            if by_position == position:
                return expression
            by_position += 1
        elif not kind.is_named():  # after *arguments nobody can count
            by_position = -len(call.args)
    return None


def named_arguments(call: CallExpr) -> Iterator[tuple[str, Expression]]:
    """The arguments that are given by name."""
    for expression, name in zip(call.args, call.arg_names, strict=True):
        if name is not None:
            yield name, expression


def spreads(call: CallExpr) -> bool:
    """Whether a call has `*arguments` or `**arguments`."""
    return any(kind.is_star() for kind in call.arg_kinds)


def text_of(expression: Expression | None) -> str | None:
    """The text of a literal, or of a name that is `Final`."""
    if isinstance(expression, StrExpr):
        return expression.value
    if isinstance(expression, RefExpr) and isinstance(expression.node, Var):
        value = expression.node.final_value
        return value if isinstance(value, str) else None
    return None


def is_none(expression: Expression | None) -> bool:
    """Whether an argument is missing or written as `None`."""
    return expression is None or (
        isinstance(expression, NameExpr) and expression.fullname == "builtins.None"
    )
