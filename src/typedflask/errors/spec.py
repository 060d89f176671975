"""`error_handler_spec`: the error table as the nested dictionaries of Flask's documentation.

Made for who asks for it: most applications register their handlers by decorators.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

from ..typing import ErrorHandlerCallable
from .table import ErrorKey, ErrorTable, error_class


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
        self._table.put(ErrorKey(self._scope, self._code, error_class(kind)), handler)

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
