"""The error table: which handler answers which error.

A flat map from `ErrorKey` to handler. The precedence is the order in which `search_order` names
the keys, and nothing else (Flask's documentation, "Application Errors": an exact status before any
status; a blueprint's handler before the application's; the nearest class before its bases).
`errorhandler`, `register_error_handler` and `error_handler_spec` (`spec.py`) are three doors to this
table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from werkzeug.exceptions import HTTPException, default_exceptions

if TYPE_CHECKING:
    from ..typing import ErrorHandlerCallable


class ErrorKey(NamedTuple):
    """What a handler is registered for."""

    scope: str | None
    """A blueprint's dotted name, or None for the application."""
    code: int | None
    """The HTTP status of `kind`, or None for an exception that has none."""
    kind: type[Exception]


def status_of(kind: type[BaseException]) -> int | None:
    """The HTTP status an exception class stands for, or None."""
    return kind.code if issubclass(kind, HTTPException) else None


def search_order(kind: type[Exception], scopes: Sequence[str]) -> Iterator[ErrorKey]:
    """The keys under which a handler for `kind` may stand, the one that wins first.

    :param kind: the class of the error that was raised.
    :param scopes: the blueprints of the request, innermost first.
    """
    ancestors = [c for c in kind.__mro__ if issubclass(c, Exception)]
    for code in dict.fromkeys((status_of(kind), None)):
        for scope in (*scopes, None):
            for ancestor in ancestors:
                yield ErrorKey(scope, code, ancestor)


def error_key(target: int | type[Exception], scope: str | None = None) -> ErrorKey:
    """The key for what a user names when registering a handler: a status or an exception class.

    :raises ValueError: the status is not one HTTP defines an error for.
    :raises ValueError: or it is a class, but not one of exceptions.
    :raises TypeError: the target is neither a status nor a class.
    """
    if isinstance(target, int):
        kind = default_exceptions.get(target)
        if kind is None:
            raise ValueError(
                f"{target} is not the status of an HTTP error. Register a handler for one of"
                f" {', '.join(map(str, sorted(default_exceptions)))}, or for a class derived from"
                " HTTPException that has this code."
            )
        return ErrorKey(scope, target, kind)
    return ErrorKey(scope, status_of(error_class(target)), target)


def error_class(target: object) -> type[Exception]:
    """`target` if it is an exception class; the error for anything else says what it was."""
    if isinstance(target, type) and issubclass(target, Exception):
        return target
    if isinstance(target, type):
        raise ValueError(
            f"{target.__name__} is not a class of exceptions. Register a handler for a class derived"
            " from Exception, or for a status code."
        )
    hint = f" Register its class, {type(target).__name__}." if isinstance(target, Exception) else ""
    raise TypeError(
        f"An error handler is registered for a status code or an exception class, not for"
        f" {target!r}.{hint}"
    )


Cached: TypeAlias = tuple[type[Exception], tuple[str, ...]]


class ErrorTable:
    """The handlers of one application or blueprint, and the search among them."""

    __slots__ = ("_found", "_rows", "is_empty", "is_scoped", "unscoped")

    def __init__(self) -> None:
        self.is_empty: bool = True
        """Whether there is no handler; a plain attribute, because each error asks it."""
        self.is_scoped: bool = False
        """Whether blueprints have handlers; else it does not matter which a request belongs to."""
        self._rows: dict[ErrorKey, ErrorHandlerCallable] = {}
        self._found: dict[Cached, ErrorHandlerCallable | None] = {}
        self.unscoped: dict[type[Exception], ErrorHandlerCallable] = {}
        """What was found for a class of errors, if blueprints have no handlers."""

    def __iter__(self) -> Iterator[tuple[ErrorKey, ErrorHandlerCallable]]:
        return iter(self._rows.items())

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: ErrorKey, handler: ErrorHandlerCallable) -> None:
        """Register a handler; a handler already there is replaced."""
        self._rows[key] = handler
        self.is_empty = False
        self.is_scoped = self.is_scoped or key.scope is not None
        self._forget()

    def drop(self, key: ErrorKey) -> None:
        """Take a registration back.

        :raises KeyError: there is none under this key.
        """
        del self._rows[key]
        self.is_empty = not self._rows
        self.is_scoped = any(key.scope is not None for key in self._rows)
        self._forget()

    def _forget(self) -> None:
        self._found.clear()
        self.unscoped.clear()

    def find(self, error: Exception, scopes: Sequence[str] = ()) -> ErrorHandlerCallable | None:
        """The handler that answers `error` in a request of these blueprints, or None."""
        if self.is_empty:
            return None
        asked = (type(error), scopes if isinstance(scopes, tuple) else tuple(scopes))
        try:
            return self._found[asked]
        except KeyError:
            pass
        found = next(filter(None, map(self._rows.get, search_order(*asked))), None)
        self._found[asked] = found
        if found is not None and not self.is_scoped:
            self.unscoped[asked[0]] = found
        return found

    def merge(self, other: ErrorTable, name: str) -> None:
        """Add the handlers of a blueprint under the name it is registered with."""
        for (scope, code, kind), handler in other:
            self.put(ErrorKey(name if scope is None else f"{name}.{scope}", code, kind), handler)


def describe() -> str:
    """The precedence as Markdown, for the manual: the search for a 404 in a nested blueprint."""
    kind = default_exceptions[404]
    lines = ["| | scope | status | class |", "| --- | --- | --- | --- |"]
    for number, key in enumerate(search_order(kind, ["shop.admin", "shop"]), 1):
        scope = "the application" if key.scope is None else f"blueprint `{key.scope}`"
        status = "any" if key.code is None else str(key.code)
        lines.append(f"| {number} | {scope} | {status} | `{key.kind.__name__}` |")
    return "\n".join(lines) + "\n"
