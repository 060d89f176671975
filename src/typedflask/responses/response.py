"""The response of an application: Werkzeug's, sent as HTML unless it says otherwise.

Most responses are a few headers and one piece of text. Those leave by a short way; whatever is
special (a status without a body, a redirect, a stream, an overridden step) goes through Werkzeug's
own, general one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from types import GeneratorType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, cast

from werkzeug.datastructures import Headers as BaseHeaders
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.utils import get_content_type
from werkzeug.wrappers import Request as BaseRequest
from werkzeug.wrappers import Response as BaseResponse

from ..active import Active
from .conditions import with_possible_dates
from .headers import Headers, are_looked_at, headers_as_made, headers_of
from .open_files import FileBody
from .sendable import LENGTH, PLAIN, WITH_BODY, checked, has_body, is_complete, kinds_among, look_at
from .steps import SendingStep

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from .contract import ResponseApp

active_app: Final[Active[ResponseApp]] = Active("find_application")
"""Which application is a response made in? Limits and JSON come from it."""

BUILDING_STEPS: Final = (
    *("headers", "set_data", "data"),
    *("status", "status_code", "_clean_status", "default_status"),
)
"""What making a response of text touches; a class that overrides one is made step by step."""

SENDING_STEPS: Final = (
    *("headers", "status", "status_code", "close"),
    *("get_wsgi_response", "get_wsgi_headers", "get_app_iter", "iter_encoded"),
)
"""The documented steps of sending a response; a class that overrides one is sent step by step."""


USUAL_HEADERS: Final[dict[str, dict[int | None, list[tuple[str, str]]]]] = {}
"""The headers of responses, by media type and length of the body; None for one of unknown length.

Most are like those of one before. The lists are copied, and never changed.
"""

MOST: Final = 1024
"""How many lengths of a media type are kept; then all are made anew."""

MOST_TYPES: Final = 32
"""How many media types are kept."""

NONE: Final[dict[int | None, list[tuple[str, str]]]] = {}

LINES: Final[dict[int, str]] = {}
"""The usual status lines, by their number."""


def usual_headers(mimetype: str, length: int | None) -> list[tuple[str, str]] | None:
    """The headers of a response; types of text name their encoding. They are kept for the next one.

    :param mimetype: the media type.
    :param length: the length of the body, in bytes; None if it is not known.
    :returns: None if HTTP cannot write the media type.
    """
    pairs = [("Content-Type", get_content_type(mimetype, "utf-8"))]
    if length is not None:
        pairs.append(("Content-Length", str(length)))
    if look_at(pairs[0]) != PLAIN:
        return None
    kept = USUAL_HEADERS.get(mimetype)
    if kept is None:
        if len(USUAL_HEADERS) >= MOST_TYPES:
            USUAL_HEADERS.clear()
        kept = USUAL_HEADERS[mimetype] = {}
    if len(kept) >= MOST:
        kept.clear()
    kept[length] = pairs
    return pairs


def line_of(code: int) -> str | None:
    """The status line of a number; None if it is not one that HTTP defines."""
    phrase = HTTP_STATUS_CODES.get(code)
    if phrase is None:
        return None
    line = LINES[code] = f"{code} {phrase.upper()}"
    return line


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
    headers: BaseHeaders
    _headers: BaseHeaders | None = None
    _pairs_as_made: list[tuple[str, str]] | None = None
    """The headers the response was made with, until somebody asks for them: most are just sent.

    The type of the content, and the length of what is no stream; both can be sent as they are.
    """
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
        headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | BaseHeaders | None = None,
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
        kind = self.default_mimetype if mimetype is None else mimetype
        if (
            headers is not None
            or content_type is not None
            or kind is None
            or not self._made_directly
            or not self.automatically_set_content_length
            or not (status is None or isinstance(status, int))
        ):
            self._make(response, status, headers, mimetype, content_type, direct_passthrough)
            return
        # What Werkzeug's constructor comes to for these, without asking what was not given.
        if isinstance(response, str):
            response = response.encode()
        pairs: list[tuple[str, str]] | None = None
        if isinstance(response, bytes):
            length = len(response)
            pairs = USUAL_HEADERS.get(kind, NONE).get(length) or usual_headers(kind, length)
            self.response = [response]
        elif response is not None and not isinstance(response, bytearray):
            pairs = USUAL_HEADERS.get(kind, NONE).get(None) or usual_headers(kind, None)
            self.response = response
        if pairs is None:
            self._make(response, status, headers, mimetype, content_type, direct_passthrough)
            return
        self._pairs_as_made = pairs
        self._status = "200 OK"
        self._status_code = 200
        self.direct_passthrough = direct_passthrough
        self._on_close = []
        if status is not None:
            self.status_code = status

    def _make(
        self,
        response: Iterable[bytes] | bytes | bytearray | Iterable[str] | str | None,
        status: int | str | HTTPStatus | None,
        headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | BaseHeaders | None,
        mimetype: str | None,
        content_type: str | None,
        direct_passthrough: bool,
    ) -> None:
        """Make the response in the general way."""
        body = bytes(response) if isinstance(response, bytearray) else response
        own = headers if isinstance(headers, BaseHeaders) else Headers(headers)
        super().__init__(body, status, own, mimetype, content_type, direct_passthrough)

    @staticmethod
    def of_text(text: str | bytes | bytearray, mimetype: str | None = None) -> Response:
        """What `Response(text, mimetype=...)` makes, without asking what was not given."""
        kind = mimetype or Response.default_mimetype
        if isinstance(text, str):
            data = text.encode()
        else:
            data = text if type(text) is bytes else bytes(text)
        if kind is None:
            return Response(data)
        length = len(data)
        pairs = USUAL_HEADERS.get(kind, NONE).get(length) or usual_headers(kind, length)
        if pairs is None:
            return Response(data, mimetype=mimetype)
        response = new_response(Response)
        response.response = [data]
        response._pairs_as_made = pairs
        response._status = "200 OK"
        response._status_code = 200
        response.direct_passthrough = False
        response._on_close = []
        return response

    @staticmethod
    def of_stream(pieces: Iterable[str] | Iterable[bytes]) -> Response:
        """What `Response(pieces)` makes, without asking what was not given."""
        kind = Response.default_mimetype
        if kind is None:
            return Response(pieces)
        pairs = USUAL_HEADERS.get(kind, NONE).get(None) or usual_headers(kind, None)
        if pairs is None:
            return Response(pieces)
        response = new_response(Response)
        response.response = pieces
        response._pairs_as_made = pairs
        response._status = "200 OK"
        response._status_code = 200
        response.direct_passthrough = False
        response._on_close = []
        return response

    @staticmethod
    def put_code(response: Response, code: int) -> None:
        """What `response.status_code = code` does, of a response of this very class."""
        line = LINES.get(code)
        if line is None:
            response.status_code = code
        else:
            response._status, response._status_code = line, code

    if not TYPE_CHECKING:
        json_module = ActiveJSON()

        @property
        def headers(self) -> BaseHeaders:
            """The headers, made when first asked for."""
            headers = self._headers
            if headers is not None:
                return headers
            made = self._pairs_as_made
            if made is None:
                return self.__dict__["headers"]  # of a response that was Werkzeug's own
            self._pairs_as_made = None
            self._headers = headers_as_made(made) if len(made) > 1 else headers_of(made.copy())
            return self._headers

        @headers.setter
        def headers(self, headers: BaseHeaders) -> None:
            self._pairs_as_made, self._headers = None, headers

        @property
        def max_cookie_size(self) -> int:
            app = active_app.find()
            return BaseResponse.max_cookie_size if app is None else app.config["MAX_COOKIE_SIZE"]

    @property
    def status_code(self) -> int:
        """The number of the status; setting it sets the line that HTTP has for it, too."""
        return self._status_code

    @status_code.setter
    def status_code(self, code: int) -> None:
        line = (LINES.get(code) or line_of(code)) if type(code) is int else None
        if line is not None and self._made_directly:
            self._status, self._status_code = line, code
        else:
            self.status = code

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

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> BaseHeaders:
        """The headers to send; a response without content describes none (RFC 9110, 8.6, 15.3.5).

        :param environ: the WSGI environment of the request.
        """
        headers = super().get_wsgi_headers(environ)
        if self._status_code < 200 or self._status_code == 204:
            for name in ("Content-Type", "Content-Length", "Transfer-Encoding"):
                headers.remove(name)
        return headers

    def closes_more(self) -> bool:
        """Whether functions wait for the end of the response (`call_on_close`)."""
        return bool(self._on_close)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the response as a WSGI application (PEP 3333).

        :raises Unsendable: HTTP has no way to write its status or a header.
        """
        made = self._pairs_as_made
        if (
            ((made is not None and type(self) is Response) or self._sent_directly)
            and (self._status in WITH_BODY or has_body(self._status, self._status_code))
            and environ["REQUEST_METHOD"] != "HEAD"
        ):
            if made is not None:  # nobody asked for them
                pairs = made.copy()
                seen = LENGTH if len(pairs) > 1 else 0
            else:
                headers = self.headers if self._headers is None else self._headers
                pairs = headers.to_wsgi_list()
                seen = LENGTH if are_looked_at(headers, pairs) else kinds_among(pairs)
            body = self.response
            if not seen and type(body) is GeneratorType and not self.direct_passthrough:
                start_response(self._status, pairs)
                return SentStream(self) if self._on_close else streamed(self)
            if seen == LENGTH or is_complete(self, pairs, seen):
                start_response(self._status, pairs)
                if isinstance(body, list) and len(body) == 1:  # as most bodies are
                    part = body[0]
                    if type(part) is bytes and not self._on_close and not self.direct_passthrough:
                        return [part]
                return pieces_of(self, environ)
        checked(self)
        return super().__call__(environ, start_response)


for _name in ("get_wsgi_response", "get_wsgi_headers", "get_app_iter", "iter_encoded", "close"):
    setattr(Response, _name, SendingStep(getattr(Response, _name)))


def pieces_of(response: Response, environ: WSGIEnvironment) -> Iterable[bytes]:
    """The body of a response as the server takes it.

    :param response: the response.
    :param environ: the WSGI environment of its request.
    """
    body = response.response
    if response.direct_passthrough:
        return cast("Iterable[bytes]", body)  # Werkzeug, too, takes its word that it is bytes
    if response.closes_more():
        return SentStream(response)
    if isinstance(body, list):
        return [as_bytes(part) for part in body]
    return body.for_server(environ) if isinstance(body, FileBody) else SentStream(response)


new_response: Final[Callable[[type[Response]], Response]] = Response.__new__
response_of_text: Final = Response.of_text
response_of_stream: Final = Response.of_stream
put_code: Final = Response.put_code


class SentStream:
    """The pieces of a body on their way to the server, and what happens when it is done."""

    __slots__ = ("_pieces", "_response")

    def __init__(self, response: Response) -> None:
        self._response = response
        self._pieces = encoded(response.response)

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Close the response; servers call it when all is sent, or the client is gone."""
        self._response.close()


def streamed(response: Response) -> Iterator[bytes]:
    """What a generator yields as it is sent; then its response is closed, or when the server gives up.

    Of a generator that was not begun there is nothing to close.
    """
    try:
        # As `encoded`, by a generator less.
        for piece in response.response:
            yield piece.encode() if isinstance(piece, str) else piece
    except BaseException:
        response.close()
        raise
    if response.closes_more():  # a generator at its end is closed
        response.close()


def encoded(pieces: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a body as they are sent; in a loop of its own, which takes least per piece."""
    for piece in pieces:
        yield piece.encode() if isinstance(piece, str) else piece


def as_bytes(part: str | bytes) -> bytes:
    """A piece of a body as it is sent."""
    return part.encode() if isinstance(part, str) else part


def as_own_response(response: BaseResponse) -> Response:
    """What was made with the application's `response_class`, which is this package's or derived.

    Hooks may hand back any response of Werkzeug's; sending needs no more than that.
    """
    # Any: `cast` would be a call for each response.
    same: Any = response
    own: Response = same
    return own
