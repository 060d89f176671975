"""What the framework asks of a JSON backend, and what JSON asks of the application."""

from __future__ import annotations

from typing import Any, Protocol

from werkzeug.wrappers import Response as BaseResponse


class JSONBackend(Protocol):
    """Anything that writes and reads JSON: the module `json`, a class of one's own, a provider.

    Options are no part of the contract, so the smallest honest backend is two methods of one
    parameter each. Options a caller names (`app.json.dumps(value, indent=2)`) reach the backend
    as keywords; one that takes none refuses them with its own `TypeError`.
    """

    # Any: which values can be written, and what reading gives, is the backend's own affair.
    def dumps(self, obj: Any, /) -> str:
        """Write a value as JSON text; `TypeError` or `ValueError` if that is impossible."""
        ...

    def loads(self, s: str | bytes, /) -> Any:
        """Read JSON text; `ValueError` if it is malformed."""
        ...


class JSONReader(JSONBackend, Protocol):
    """A JSON backend as requests know it: it also reads what clients send."""

    # Any: JSON is whatever the client sent.
    def loads_sent(self, data: bytes, /) -> Any:
        """Read JSON in UTF-8; `ValueError` if it is in another encoding, malformed or too deep."""
        ...


class JSONResponder(JSONReader, Protocol):
    """A JSON backend as an application has it: it also makes whole responses."""

    # Any: a JSON document may hold anything the backend can encode.
    def quick_body(self, value: Any, /) -> bytes | None:
        """The body of `response(value)` where that only sends it as JSON; None elsewhere."""
        ...

    def response(self, *args: Any, **kwargs: Any) -> BaseResponse:
        """A response whose body is the value as JSON."""
        ...


class JSONApp(Protocol):
    """What a JSON provider asks of the application it belongs to."""

    @property
    def debug(self) -> bool:
        """Whether responses are laid out for human eyes."""
        ...

    @property
    def response_class(self) -> type[BaseResponse]:
        """The class of the responses that carry JSON."""
        ...
