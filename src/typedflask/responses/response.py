"""The response of an application: Werkzeug's, sent as HTML unless it says otherwise.

Most responses are a few headers and one piece of text. Those leave by a short way; whatever is
special (a status without a body, a redirect, a stream, an overridden step) goes through Werkzeug's
own, general one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, cast

from werkzeug.datastructures import Headers
from werkzeug.http import parse_date
from werkzeug.utils import get_content_type
from werkzeug.wrappers import Request as BaseRequest
from werkzeug.wrappers import Response as BaseResponse

from ..active import Active
from .contract import ResponseApp
from .open_files import FileBody
from .sendable import kept_pairs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

active_app: Final = Active[ResponseApp]()
"""Which application is a response made in? Limits and JSON come from it."""

BUILDING_STEPS: Final = ("set_data", "status", "status_code", "default_status", "data")
"""What making a response of text touches; a class that overrides one is made step by step."""

SENDING_STEPS: Final = (
    "get_wsgi_response",
    "get_wsgi_headers",
    "get_app_iter",
    "iter_encoded",
    "close",
)
"""The documented steps of sending a response; a class that overrides one is sent step by step."""


@lru_cache(maxsize=256)
def typed(mimetype: str) -> tuple[str, str]:
    """The header with the content type of a media type: types of text name their encoding."""
    return "Content-Type", get_content_type(mimetype, "utf-8")


new_headers: Final = Headers.__new__
"""Makes headers whose list is set right after, without the work of making them of something."""


def trusted_headers(pairs: list[tuple[str, str]]) -> Headers:
    """Headers from names and values known to be good, which are not looked at again."""
    headers = new_headers(Headers)
    headers.__dict__["_list"] = pairs
    return headers


def with_possible_dates(environ: WSGIEnvironment) -> WSGIEnvironment:
    """An environment whose conditions can all be worked out.

    Werkzeug fails over dates that no calendar has. An impossible `If-Modified-Since` is left out;
    an impossible `If-Range` becomes a tag that matches nothing, so that the whole is sent.
    """
    changes: dict[str, str] = {}
    for name in ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE"):
        try:
            parse_date(environ.get(name))
        except (OverflowError, ValueError):
            changes[name] = '""' if name == "HTTP_IF_RANGE" else ""
    return {**environ, **changes} if changes else environ


class ActiveJSON:
    """The JSON backend of the active application, unless a response was given one of its own."""

    def __get__(self, instance: BaseResponse | None, owner: type[BaseResponse]) -> object:
        app = active_app()
        return BaseResponse.json_module if app is None else app.json


class Response(BaseResponse):
    """What the application sends; HTML by default (Flask's documentation, "Response Objects").

    Applications subclass it and set `Flask.response_class`.
    """

    default_mimetype: str | None = "text/html"
    autocorrect_location_header = False
    response: Iterable[str] | Iterable[bytes]
    headers: Headers
    _made_directly: ClassVar[bool] = True
    _sent_directly: ClassVar[bool] = True

    # Any: as Werkzeug, whose hook hands class keywords through.
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._made_directly = all(getattr(cls, n) is getattr(Response, n) for n in BUILDING_STEPS)
        cls._sent_directly = all(getattr(cls, n) is getattr(Response, n) for n in SENDING_STEPS)

    def __init__(
        self,
        response: Iterable[bytes] | bytes | bytearray | Iterable[str] | str | None = None,
        status: int | str | HTTPStatus | None = None,
        # Any: values that Werkzeug's Headers turn into text.
        headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | Headers | None = None,
        mimetype: str | None = None,
        content_type: str | None = None,
        direct_passthrough: bool = False,
    ) -> None:
        """Make a response.

        :param response: the body: text, bytes, or an iterable of either.
        :param status: the status, as a number or a line such as `"201 CREATED"`.
        :param headers: the headers.
        :param mimetype: the media type; by default `default_mimetype`.
        :param content_type: the whole content type, instead of a media type.
        :param direct_passthrough: hand the iterable to the server as it is.
        """
        mimetype_wanted = mimetype or self.default_mimetype
        if (
            status is not None
            or headers is not None
            or content_type is not None
            or response is None
            or isinstance(response, bytearray)
            or mimetype_wanted is None
            or not self._made_directly
            or not self.automatically_set_content_length
        ):
            body = bytes(response) if isinstance(response, bytearray) else response
            super().__init__(body, status, headers, mimetype, content_type, direct_passthrough)
            return
        # What Werkzeug's constructor comes to for a body alone, without asking what was not given.
        self._status = "200 OK"
        self._status_code = 200
        self.direct_passthrough = direct_passthrough
        self._on_close = []
        self.headers = headers = new_headers(Headers)
        if isinstance(response, (str, bytes)):
            data = response.encode() if isinstance(response, str) else response
            self.response = [data]
            length = ("Content-Length", str(len(data)))
            headers.__dict__["_list"] = [typed(mimetype_wanted), length]
        else:
            self.response = response
            headers.__dict__["_list"] = [typed(mimetype_wanted)]

    if not TYPE_CHECKING:
        json_module = ActiveJSON()

        @property
        def max_cookie_size(self) -> int:
            app = active_app()
            return BaseResponse.max_cookie_size if app is None else app.config["MAX_COOKIE_SIZE"]

    def make_conditional(
        self,
        request_or_environ: WSGIEnvironment | BaseRequest,
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> Self:
        """Answer a conditional request: with a 304, a 412 or a part, where the headers ask for it.

        A date that cannot be is treated as one that was not sent (RFC 9110, section 13.1.3).

        :param request_or_environ: the request.
        :param accept_ranges: whether parts may be asked for; or the unit to offer.
        :param complete_length: the length of the whole, in bytes; parts need it.
        :raises RequestedRangeNotSatisfiable: the range makes no sense or lies outside (416).
        """
        environ = (
            request_or_environ.environ
            if isinstance(request_or_environ, BaseRequest)
            else request_or_environ
        )
        super().make_conditional(with_possible_dates(environ), accept_ranges, complete_length)
        return self

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers to send; a response without content describes none (RFC 9110, 8.6, 15.3.5).

        :param environ: the WSGI environment of the request.
        """
        headers = super().get_wsgi_headers(environ)
        if self._status_code < 200 or self._status_code == 204:
            for name in ("Content-Type", "Content-Length", "Transfer-Encoding"):
                headers.remove(name)
        return headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the response as a WSGI application (PEP 3333)."""
        code = self._status_code
        if (
            self._sent_directly
            # 204, 304 and 1xx have no body and fewer headers.
            and code >= 200
            and code != 204
            and code != 304
            and environ["REQUEST_METHOD"] != "HEAD"
        ):
            pairs = kept_pairs(self.headers).copy()
            special, counted = _look_through(pairs)
            body = self.response
            if not special and (counted or not isinstance(body, (list, tuple))):
                start_response(self._status, pairs)
                if self.direct_passthrough:
                    return as_sent(self)
                if type(body) is list and not self._on_close:
                    return [p.encode() if isinstance(p, str) else p for p in self.response]
                return SentStream(self) if self._on_close else as_stream(self, environ)
        return super().__call__(environ, start_response)


class SentStream:
    """The pieces of a body on their way to the server, and what happens when it is done."""

    __slots__ = ("_pieces", "_response")

    def __init__(self, response: Response) -> None:
        self._response = response
        self._pieces = map(as_bytes, response.response)

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Close the response; servers call it when all is sent, or the client is gone."""
        self._response.close()


def as_stream(response: Response, environ: WSGIEnvironment) -> Iterable[bytes]:
    """The pieces of a body that nothing but itself has to be closed with."""
    body = response.response
    return body.for_server(environ) if isinstance(body, FileBody) else SentStream(response)


def as_sent(response: BaseResponse) -> Iterable[bytes]:
    """A body that goes to the server as it is; Werkzeug, too, takes its word that it is bytes."""
    return cast("Iterable[bytes]", response.response)


def as_bytes(part: str | bytes) -> bytes:
    """A piece of a body as it is sent."""
    return part.encode() if isinstance(part, str) else part


def _look_through(pairs: list[tuple[str, str]]) -> tuple[bool, bool]:
    """Whether headers need work before they are sent, and whether they tell the body's length."""
    counted = False
    for name, _ in pairs:
        if name in PLAIN_NAMES:
            continue
        if name == "Content-Length":
            counted = True
            continue
        lowered = name.lower()
        if lowered == "content-length":
            counted = True
        elif lowered in {"location", "content-location"}:
            return True, counted
    return False, counted


PLAIN_NAMES: Final = frozenset({"Content-Type", "Vary", "Set-Cookie", "Cache-Control", "ETag"})
"""Names that need no work, as they are mostly spelled; others are looked at without regard to case."""


def as_own_response(response: BaseResponse) -> Response:
    """What was made with the application's `response_class`, which is this package's or derived.

    Hooks may hand back any response of Werkzeug's; sending needs no more than that.
    """
    return cast("Response", response)
