"""The table that turns what a view returned into a response.

The first row that accepts a value converts it (Flask's documentation, "About Responses").
Applications add rows in front of these through the same door; the manual's table and the error
for a value that no row accepts are made from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import GeneratorType
from typing import Any, Final, TypeAlias, TypeVar

from typing_extensions import TypeIs
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from ..typing import WSGICallable
from .contract import Kit, ResponseConverter, Rule
from .redirects import redirect

T = TypeVar("T")
Text: TypeAlias = str | bytes | bytearray
# Any: what may stand inside a JSON document is the JSON backend's decision.
Document: TypeAlias = Mapping[str, Any] | list[Any]
Stream: TypeAlias = Iterator[str] | Iterator[bytes]


def is_response(value: object) -> TypeIs[BaseResponse]:
    """A response object, the application's own or Werkzeug's."""
    return isinstance(value, BaseResponse)


def keep(value: BaseResponse, kit: Kit) -> BaseResponse:
    """The response itself, made one of the application's class if it is not."""
    kind = kit.app.response_class
    return value if isinstance(value, kind) else kind.force_type(value, kit.request.environ)


def is_text(value: object) -> TypeIs[Text]:
    """Text or bytes."""
    return isinstance(value, (str, bytes, bytearray))


def from_text(value: Text, kit: Kit) -> BaseResponse:
    """The value is the body."""
    return kit.app.response_class(bytes(value) if isinstance(value, bytearray) else value)


def is_document(value: object) -> TypeIs[Document]:
    """A dict, another mapping or a list."""
    return isinstance(value, (dict, list, Mapping))


def from_document(value: Document, kit: Kit) -> BaseResponse:
    """The value as JSON, by the application's backend."""
    return kit.app.json.response(value if isinstance(value, (dict, list)) else dict(value))


def is_stream(value: object) -> TypeIs[Stream]:
    """A generator or another iterator."""
    return isinstance(value, Iterator)


def from_stream(value: Stream, kit: Kit) -> BaseResponse:
    """The body is sent piece by piece, as the iterator gives it."""
    return kit.app.response_class(value)


def is_http_exception(value: object) -> TypeIs[HTTPException]:
    """An HTTP exception that nobody handled, or that a view returned instead of raising it."""
    return isinstance(value, HTTPException)


def from_http_exception(value: HTTPException, kit: Kit) -> BaseResponse:
    """The page that describes the error, or the response the exception carries."""
    if isinstance(value, RequestRedirect):
        return redirect(value.new_url, value.code or 308, kit.app.response_class)
    return keep(value.get_response(kit.request.environ), kit)


def is_wsgi(value: object) -> TypeIs[WSGICallable]:
    """A callable; only WSGI applications are expected among views' results."""
    return callable(value) and not isinstance(value, type)


def from_wsgi(value: WSGICallable, kit: Kit) -> BaseResponse:
    """What the WSGI application answers to this request."""
    return kit.app.response_class.from_app(value, kit.request.environ)


# Any: the rows differ in the type that check and conversion share; each row was checked alone.
AnyRule: TypeAlias = Rule[Any]

RULES: Final[tuple[AnyRule, ...]] = (
    Rule("a Response object", is_response, keep),
    Rule("text or bytes", is_text, from_text, (str, bytes, bytearray)),
    Rule("a dict or list, sent as JSON", is_document, from_document, (dict, list)),
    Rule("an HTTP exception", is_http_exception, from_http_exception),
    Rule("an iterator or generator of text or bytes", is_stream, from_stream, (GeneratorType,)),
    Rule("a WSGI application", is_wsgi, from_wsgi),
)
"""What every application converts."""


class ResponseRules:
    """The conversion table of one application."""

    __slots__ = ("_by_type", "_converter", "_rows")

    def __init__(
        self,
        rows: tuple[AnyRule, ...] = RULES,
        # Any: what it accepts is known to the type of the application it is given to.
        converter: ResponseConverter[Any] | None = None,
    ) -> None:
        self._rows: tuple[AnyRule, ...] = rows
        self._converter = converter
        self._by_type: dict[type, Callable[[Any, Kit], BaseResponse]] = {}
        self._index()

    def _index(self) -> None:
        self._by_type = {kind: row.convert for row in reversed(self._rows) for kind in row.types}

    def __iter__(self) -> Iterator[AnyRule]:
        return iter(self._rows)

    def add(self, rule: Rule[T]) -> None:
        """Put a row in front of those there are.

        Values of the classes that another row names in its `types` (`str`, `dict`, `list`, ...)
        stay that row's; a rule that wants them names them in its own `types`.
        """
        self._rows = (rule, *self._rows)
        self._index()

    def convert(self, value: object, kit: Kit) -> BaseResponse | None:
        """The response for a value, or None when no row accepts it."""
        known = self._by_type.get(type(value))
        if known is not None:
            return known(value, kit)
        for row in self._rows:
            if row.accepts(value):
                return row.convert(value, kit)
        if self._converter is not None and value is not None:
            return self._converter.to_response(value)
        return None

    def names(self) -> list[str]:
        """What the rows accept, in order."""
        return [row.name for row in self._rows]


def describe() -> str:
    """The table as Markdown, for the manual."""
    lines = ["| a view returns | the response |", "| --- | --- |"]
    lines += [f"| {row.name} | {row.convert.__doc__} |" for row in RULES]
    return "\n".join(lines) + "\n"
