"""What views return and what callbacks look like: the words the type checkers speak.

The lowest floor: nothing here imports another room, so every room may import it.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from collections.abc import Set as AbstractSet
from http import HTTPMethod
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    Literal,
    Protocol,
    TypeAlias,
    TypeVar,
    Union,
)

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as BaseResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

T = TypeVar("T")


class WSGICallable(Protocol):
    """Any WSGI application (PEP 3333); a view may return one, and `app.wsgi_app` may become one."""

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse, /
    ) -> Iterable[bytes]: ...


# --- what a view returns -----------------------------------------------------------------


# Each is told by an attribute that its library gives to every class of the kind, so that none of
# the libraries need be there. Any: what the attributes hold is the library's own affair.
class DataclassValue(Protocol):
    """An object of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class AttrsValue(Protocol):
    """An object of any class that attrs made."""

    __attrs_attrs__: ClassVar[Any]


class StructValue(Protocol):
    """Any msgspec Struct."""

    __struct_fields__: ClassVar[tuple[str, ...]]


class ModelValue(Protocol):
    """Any pydantic model."""

    def model_dump(self, *, mode: str = ...) -> Any: ...


class FileValue(Protocol):
    """A file object: anything that is read piece by piece."""

    def read(self, size: int = ..., /) -> str | bytes: ...


RecordValue: TypeAlias = DataclassValue | AttrsValue | StructValue | ModelValue
"""An object whose class declares its fields: what views of an application may return in addition
that added the row `typedflask.responses.RECORDS`; it is sent as JSON."""

HeaderValue: TypeAlias = str | list[str] | tuple[str, ...]
"""One header's value; several values send the header several times."""

HeadersValue: TypeAlias = Headers | Mapping[str, HeaderValue] | Sequence[tuple[str, HeaderValue]]
"""The headers of a `(body, headers)` or `(body, status, headers)` result."""

StatusValue: TypeAlias = int | str
"""A status code, an `http.HTTPStatus`, or a status line such as `"201 CREATED"`."""

# Any: a JSON body's leaves; what a leaf may be is decided by the application's JSON backend.
ResponseValue: TypeAlias = (
    BaseResponse
    | str
    | bytes
    | bytearray
    | list[Any]
    | Mapping[str, Any]
    | Iterator[str]
    | Iterator[bytes]
    | WSGICallable
    | AsyncIterator[str]
    | AsyncIterator[bytes]
    | FileValue
)
"""A response body, or a whole response."""

ResponseReturnValue: TypeAlias = (
    ResponseValue
    | tuple[ResponseValue, HeadersValue]
    | tuple[ResponseValue, StatusValue]
    | tuple[ResponseValue, StatusValue, HeadersValue]
)
"""Everything a view may return without rules of the application's own."""

JSONValue: TypeAlias = Union[
    None, bool, int, float, str, Sequence["JSONValue"], Mapping[str, "JSONValue"]
]
"""What JSON itself knows, checked at every depth: for functions of one's own that want to be sure.

The framework asks for less, because its JSON backends write more (dates, UUIDs, dataclasses, ...).
"""

# --- routing -----------------------------------------------------------------------------

HTTPMethodName: TypeAlias = Literal[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
    "SEARCH",
    "QUERY",
    "PURGE",
    # The framework reads these in small letters too.
    "get",
    "head",
    "post",
    "put",
    "patch",
    "delete",
    "options",
    "trace",
]
"""The methods of HTTP and WebDAV, spelled as a request spells them, or in small letters."""

# Not `Collection`, which mypy does not look for when it reads a tuple.
Methods: TypeAlias = (
    Sequence[HTTPMethodName | HTTPMethod]
    | AbstractSet[HTTPMethodName | HTTPMethod]
    | frozenset[str]
)
"""Several methods, by name or as members of `http.HTTPMethod`.

A single `str` is refused, and so is a name that is not a method's. Methods that only the running
program knows, and those of one's own, come in a `frozenset` (decision 061).
"""

# Any: a view's parameters are its own affair; the checks of rules against parameters are
# made by the plugin and `typedflask check`, not by this alias.
RouteCallable: TypeAlias = Callable[..., ResponseReturnValue | Awaitable[ResponseReturnValue]]
"""A view function."""

# --- callbacks ---------------------------------------------------------------------------

ResponseClass = TypeVar("ResponseClass", bound=BaseResponse)

BeforeRequestCallable: TypeAlias = Callable[
    [], ResponseReturnValue | None | Awaitable[ResponseReturnValue | None]
]
"""Runs before the view; anything but None becomes the response."""

# Any: the function may ask for the application's own response class; `after_request` checks it.
AfterRequestCallable: TypeAlias = Callable[[Any], BaseResponse | Awaitable[BaseResponse]]
"""Gets the response and gives back the one to send."""

TeardownCallable: TypeAlias = (
    Callable[[BaseException | None], None] | Callable[[BaseException | None], Awaitable[None]]
)
"""Runs when a context ends, with the error that ended it or None; its result is not used."""

AppOrBlueprintKey: TypeAlias = str | None
"""Whose hooks: a blueprint's full name, or None for the application's own."""

URLValuePreprocessorCallable: TypeAlias = Callable[[str | None, dict[str, Any] | None], None]
"""Gets the endpoint and the values of the matched rule, before the view does."""

URLDefaultCallable: TypeAlias = Callable[[str, dict[str, Any]], None]
"""Gets the endpoint and the values of a URL that is being built, and adds to them."""

TemplateContextProcessorCallable: TypeAlias = (
    Callable[[], Mapping[str, Any]] | Callable[[], Awaitable[Mapping[str, Any]]]
)
"""Gives names to every template."""

ShellContextProcessorCallable: TypeAlias = Callable[[], Mapping[str, Any]]
"""Gives names to `typedflask shell`."""

# Any: filters, tests and globals take what the templates hand them. A filter and a test are
# called with the value left of them, so one without parameters is refused.
# The second form lets mypy see the parameter of a lambda.
TemplateFilterCallable: TypeAlias = Callable[Concatenate[Any, ...], Any] | Callable[[Any], Any]
TemplateTestCallable: TypeAlias = Callable[Concatenate[Any, ...], bool] | Callable[[Any], bool]
TemplateGlobalCallable: TypeAlias = Callable[..., Any]

# Any: a handler takes the class it is registered for; `errorhandler` ties the two together.
ErrorHandlerCallable: TypeAlias = Callable[
    [Any], ResponseReturnValue | Awaitable[ResponseReturnValue]
]
"""Turns an error into what a view might have returned."""

__all__ = [
    "AfterRequestCallable",
    "AppOrBlueprintKey",
    "AttrsValue",
    "BaseResponse",
    "BeforeRequestCallable",
    "DataclassValue",
    "ErrorHandlerCallable",
    "FileValue",
    "HTTPMethodName",
    "HeaderValue",
    "HeadersValue",
    "JSONValue",
    "Methods",
    "ModelValue",
    "RecordValue",
    "ResponseClass",
    "ResponseReturnValue",
    "ResponseValue",
    "RouteCallable",
    "ShellContextProcessorCallable",
    "StatusValue",
    "StructValue",
    "TeardownCallable",
    "TemplateContextProcessorCallable",
    "TemplateFilterCallable",
    "TemplateGlobalCallable",
    "TemplateTestCallable",
    "URLDefaultCallable",
    "URLValuePreprocessorCallable",
    "WSGICallable",
]
