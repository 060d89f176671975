"""The error table: which handler answers which error.

A flat map from `ErrorKey` to handler. The precedence is the order in which `search_order` names
the keys, and nothing else (Flask's documentation, "Application Errors": an exact status before any
status; a blueprint's handler before the application's; the nearest class before its bases).
`errorhandler`, `register_error_handler` and `error_handler_spec` are three doors to this table.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from typing import NamedTuple, TypeAlias

from werkzeug.exceptions import HTTPException, default_exceptions

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
    return ErrorKey(scope, status_of(_error_class(target)), target)


def _error_class(target: object) -> type[Exception]:
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
        """What was found for a class of errors in a request of no blueprint."""

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
        if found is not None and not asked[1]:
            self.unscoped[asked[0]] = found
        return found

    def merge(self, other: ErrorTable, name: str) -> None:
        """Add the handlers of a blueprint under the name it is registered with."""
        for (scope, code, kind), handler in other:
            self.put(ErrorKey(name if scope is None else f"{name}.{scope}", code, kind), handler)


class _ByKind(MutableMapping[type[Exception], ErrorHandlerCallable]):
    """`error_handler_spec[scope][code]`: handlers by exception class."""

    def __init__(self, table: ErrorTable, scope: str | None, code: int | None) -> None:
        self._table, self._scope, self._code = table, scope, code

    def _rows(self) -> dict[type[Exception], ErrorHandlerCallable]:
        here = (self._scope, self._code)
        return {key.kind: handler for key, handler in self._table if (key.scope, key.code) == here}

    def __getitem__(self, kind: type[Exception]) -> ErrorHandlerCallable:
        return self._rows()[kind]

    def __setitem__(self, kind: type[Exception], handler: ErrorHandlerCallable) -> None:
        self._table.put(ErrorKey(self._scope, self._code, _error_class(kind)), handler)

    def __delitem__(self, kind: type[Exception]) -> None:
        self._table.drop(ErrorKey(self._scope, self._code, kind))

    def __iter__(self) -> Iterator[type[Exception]]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())

    def __repr__(self) -> str:
        return repr(self._rows())


class _ByCode(MutableMapping[int | None, MutableMapping[type[Exception], ErrorHandlerCallable]]):
    """`error_handler_spec[scope]`: handlers by status, then by exception class."""

    def __init__(self, table: ErrorTable, scope: str | None) -> None:
        self._table, self._scope = table, scope

    def _codes(self) -> dict[int | None, None]:
        return {key.code: None for key, _ in self._table if key.scope == self._scope}

    def __getitem__(self, code: int | None) -> _ByKind:
        return _ByKind(self._table, self._scope, code)

    def __setitem__(
        self, code: int | None, handlers: MutableMapping[type[Exception], ErrorHandlerCallable]
    ) -> None:
        here = self[code]
        here.clear()
        here.update(handlers)

    def __delitem__(self, code: int | None) -> None:
        self[code].clear()

    def __iter__(self) -> Iterator[int | None]:
        return iter(self._codes())

    def __len__(self) -> int:
        return len(self._codes())

    def __contains__(self, code: object) -> bool:
        return code in self._codes()

    def __repr__(self) -> str:
        return repr({code: self[code] for code in self})


class ErrorHandlerSpec(MutableMapping[str | None, _ByCode]):
    """The documented `error_handler_spec[scope][code][class]`, a live view of an error table.

    Reading shows what is registered; writing registers, so a handler put here is found like one
    registered with `errorhandler`.
    """

    def __init__(self, table: ErrorTable) -> None:
        self._table = table

    def _scopes(self) -> dict[str | None, None]:
        return {key.scope: None for key, _ in self._table}

    def __getitem__(self, scope: str | None) -> _ByCode:
        return _ByCode(self._table, scope)

    def __setitem__(self, scope: str | None, handlers: _ByCode) -> None:
        here = self[scope]
        for code in {*here, *handlers}:
            here[code] = dict(handlers[code])

    def __delitem__(self, scope: str | None) -> None:
        self[scope].clear()

    def __iter__(self) -> Iterator[str | None]:
        return iter(self._scopes())

    def __len__(self) -> int:
        return len(self._scopes())

    def __contains__(self, scope: object) -> bool:
        return scope in self._scopes()

    def __repr__(self) -> str:
        return repr({scope: self[scope] for scope in self})


def describe() -> str:
    """The precedence as Markdown, for the manual: the search for a 404 in a nested blueprint."""
    kind = default_exceptions[404]
    lines = ["| | scope | status | class |", "| --- | --- | --- | --- |"]
    for number, key in enumerate(search_order(kind, ["shop.admin", "shop"]), 1):
        scope = "the application" if key.scope is None else f"blueprint `{key.scope}`"
        status = "any" if key.code is None else str(key.code)
        lines.append(f"| {number} | {scope} | {status} | `{key.kind.__name__}` |")
    return "\n".join(lines) + "\n"
