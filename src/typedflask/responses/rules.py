"""The table that turns what a view returned into a response.

The first row that accepts a value converts it. The upper rows are Flask's (its documentation,
"About Responses"), then comes the application's `converter=`, then what this package adds
(decision 065). Applications add rows in front of all these through the same door; the manual's
table and the error for a value that no row accepts are made from the rows. Rows that only some
applications have are in `chosen_rules.py`.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from ..newer_typing import TypeIs
from .open_files import FileBody
from .redirects import redirect
from .response import Response, response_of_stream, response_of_text
from .rule import Rule

if TYPE_CHECKING:
    from ..typing import FileValue, WSGICallable
    from .contract import ConvertingApp, Kit, ResponseConverter

T = TypeVar("T")
Text: TypeAlias = str | bytes | bytearray
# Any: what may stand inside a JSON document is the JSON backend's decision.
Document: TypeAlias = Mapping[str, Any] | list[Any]
Stream: TypeAlias = Iterator[str] | Iterator[bytes]
AsyncStream: TypeAlias = AsyncIterator[str] | AsyncIterator[bytes]


USUAL: Final = Response
"""The class whose responses are made of text and streams without a call of the class."""


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
    kind = kit.app.response_class
    if kind is USUAL:
        return response_of_text(value)
    return kind(bytes(value) if isinstance(value, bytearray) else value)


def is_document(value: object) -> TypeIs[Document]:
    """A dict, another mapping or a list."""
    return isinstance(value, (dict, list, Mapping))


def from_document(value: Document, kit: Kit) -> BaseResponse:
    """The value as JSON, by the application's backend."""
    if type(value) is not dict and not isinstance(value, (dict, list)):
        value = dict(value)
    app = kit.app
    json = app.json
    body = json.quick_body(value) if app.response_class is USUAL else None
    if body is None:
        return json.response(value)
    return response_of_text(body, "application/json")


# Any: what may stand inside a JSON document is the JSON backend's decision.
def quick_document(value: Any, app: ConvertingApp) -> Response | None:
    """What `app.json.response(value)` comes to where that has nothing of its own to do, else None."""
    if app.response_class is not USUAL:
        return None
    body = app.json.quick_body(value)
    return None if body is None else response_of_text(body, "application/json")


def is_open_file(value: object) -> TypeIs[io.IOBase]:
    """A file of Python's own, open for text or for bytes."""
    return isinstance(value, io.IOBase)


def from_file(value: FileValue | io.IOBase, kit: Kit) -> BaseResponse:
    """The rest of the file, read piece by piece while it is sent; then the file is closed."""
    return kit.app.response_class(FileBody(cast("FileValue", value)))


def is_stream(value: object) -> TypeIs[Stream]:
    """A generator or another iterator."""
    return isinstance(value, Iterator)


def from_stream(value: Stream, kit: Kit) -> BaseResponse:
    """The body is sent piece by piece, as the iterator gives it."""
    kind = kit.app.response_class
    return response_of_stream(value) if kind is USUAL else kind(value)


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


def is_async_stream(value: object) -> TypeIs[AsyncStream]:
    """An async generator or another async iterator."""
    return isinstance(value, AsyncIterator)


def from_async_stream(value: AsyncStream, kit: Kit) -> BaseResponse:
    """The body is sent piece by piece, as an event loop of the stream's own gives it."""
    from .async_streams import driven  # asyncio is much to import

    return kit.app.response_class(driven(value))


def is_file_object(value: object) -> TypeIs[FileValue]:
    """An object with a method `read`."""
    return callable(getattr(value, "read", None))


# --- the table -------------------------------------------------------------------------------

if TYPE_CHECKING:
    # Any: the rows differ in the type that check and conversion share; each row was checked alone.
    AnyRule: TypeAlias = Rule[Any]
    Conversion: TypeAlias = Callable[[Any, Kit], BaseResponse]
    # All rows end in the application's `response_class`, for what they make with another class goes
    # through `keep`.
    OwnConversion: TypeAlias = Callable[[Any, Kit], Response]

FILES: Final = (io.BytesIO, io.BufferedReader, io.TextIOWrapper)

DOCUMENTED: Final[tuple[AnyRule, ...]] = (
    Rule("a Response object", is_response, keep),
    Rule("text or bytes", is_text, from_text, (str, bytes, bytearray)),
    Rule("a dict or list, sent as JSON", is_document, from_document, (dict, list)),
    Rule("an HTTP exception", is_http_exception, from_http_exception),
    Rule("an open file", is_open_file, from_file, FILES),
    Rule("an iterator or generator of text or bytes", is_stream, from_stream, (GeneratorType,)),
    Rule("a WSGI application", is_wsgi, from_wsgi),
)
"""What Flask converts, in its order. A value that is two things at once is the upper one."""

ADDED: Final[tuple[AnyRule, ...]] = (
    Rule("an async iterator or generator of text or bytes", is_async_stream, from_async_stream),
    Rule("an object with a read method", is_file_object, from_file),
)
"""What this package adds, asked after the application's converter."""

RULES: Final[tuple[AnyRule, ...]] = (*DOCUMENTED, *ADDED)
"""What every application converts."""


# Any: a value that the row accepts.
def finished(row: AnyRule, value: Any, kit: Kit) -> BaseResponse:
    """What a row makes of a value, as a response of the application's class.

    :raises TypeError: it is no response at all.
    """
    response: object = row.convert(value, kit)
    if is_response(response):
        return keep(response, kit)
    raise TypeError(
        f"The rule {row.name!r} made {type(response).__name__} of {type(value).__name__}, and a rule"
        " makes responses. Make one with kit.app.response_class."
    )


def own_conversions(conversions: Mapping[type, Conversion]) -> Mapping[type, OwnConversion]:
    """The conversions by class, typed as what they make; without tuples, which are results in parts."""
    rest: dict[type, Conversion] = {
        kind: way for kind, way in conversions.items() if not issubclass(kind, tuple)
    }
    return cast("Mapping[type, OwnConversion]", rest)  # one cast for all of them


class ResponseRules:
    """The conversion table of one application."""

    __slots__ = ("_by_type", "_in_order", "_rows", "by_class")

    def __init__(
        self,
        rows: tuple[AnyRule, ...] | None = None,
        # Any: what it accepts is known to the type of the application it is given to.
        converter: ResponseConverter[Any] | None = None,
    ) -> None:
        between: tuple[AnyRule, ...] = ()
        if converter is not None:
            from .converter_row import converter_row  # only for who has one

            between = (converter_row(converter),)
        rows = (*DOCUMENTED, *between, *ADDED) if rows is None else (*rows, *between)
        self._rows: tuple[AnyRule, ...] = rows
        self._in_order: tuple[tuple[Callable[[object], bool], Conversion], ...] = ()
        self._by_type: dict[type, Conversion] = {}
        self.by_class: Mapping[type, OwnConversion] = {}
        """What converts values of exactly these classes; see `own_conversions`."""
        self._index()

    def _index(self) -> None:
        # What the framework's own rows make need not be looked at.
        ways = [(row, row.convert if row in RULES else partial(finished, row)) for row in self]
        self._in_order = tuple((row.accepts, convert) for row, convert in ways)
        self._by_type = {kind: convert for row, convert in reversed(ways) for kind in row.types}
        # A table may look values up in another way.
        usual = type(self).convert is ResponseRules.convert
        self.by_class = own_conversions(self._by_type) if usual else {}

    def __iter__(self) -> Iterator[AnyRule]:
        return iter(self._rows)

    def add(self, rule: Rule[T]) -> None:
        """Put a row in front of those there are; one that is to stand `behind`, after them.

        Behind means: after what Flask converts and the application's converter, and before what
        this package adds.
        Values of the classes that another row names in its `types` (`str`, `dict`, `list`, ...)
        stay that row's; a rule that wants them names them in its own `types`.
        """
        place = 0
        if rule.behind:
            added = [place for place, row in enumerate(self._rows) if row in ADDED]
            place = added[0] if added else len(self._rows)
        self._rows = (*self._rows[:place], rule, *self._rows[place:])
        self._index()

    def convert(self, value: object, kit: Kit) -> BaseResponse | None:
        """The response for a value, or None when no row accepts it."""
        known = self._by_type.get(type(value))
        if known is not None:
            return known(value, kit)
        for accepts, convert in self._in_order:
            if accepts(value):
                return convert(value, kit)
        return None

    def names(self) -> list[str]:
        """What the rows accept, in order."""
        return [row.name for row in self._rows]
