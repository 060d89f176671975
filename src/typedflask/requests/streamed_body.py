"""The body of a request as a stream that never cuts silently and never hands out half a body.

WSGI leaves the end of the input to the application (PEP 3333) unless the server promises
`wsgi.input_terminated`. Three things are mended here against Werkzeug's stream: a declared length
is enforced even when the server ends the stream, so that a body cut short is a 400; a body longer
than the limit is a 413 also when its length was not declared; and a chunked body on a server that
cannot mark its end is a 411 instead of an empty body (RFC 9112, section 6.3).
"""

from __future__ import annotations

from io import BytesIO, RawIOBase
from typing import IO, TYPE_CHECKING, cast

from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream, get_content_length

from ..newer_typing import override
from .body import DIGITS, read_some

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import InputStream, WSGIEnvironment


class Source:
    """The server's stream, read by `read_some` only."""

    def __init__(self, source: InputStream) -> None:
        self._source = source

    def read(self, size: int) -> bytes:
        """Some bytes, at most `size`; none at the end."""
        return read_some(self._source, size)


class EndedBody(RawIOBase):
    """A body whose end the server marks: read to that end, or to a 413 when it exceeds `limit`."""

    def __init__(self, source: InputStream, limit: int | None) -> None:
        self._source = source
        self._limit = limit
        self._count = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        size = len(view)
        if self._limit is not None:
            # One byte past the limit tells a body of exactly that size from a longer one.
            size = min(size, self._limit - self._count + 1)
        data = read_some(self._source, size)
        self._count += len(data)
        if self._limit is not None and self._count > self._limit:
            raise RequestEntityTooLarge(f"The request's body is longer than {self._limit} bytes.")
        view[: len(data)] = data
        return len(data)


def body_stream(environ: WSGIEnvironment, limit: int | None) -> IO[bytes]:
    """The body of a request, safe to read to its end.

    :param environ: the WSGI environment.
    :param limit: the longest body to accept, in bytes; None accepts any length.
    :raises RequestEntityTooLarge: the declared length is over the limit (413).
    :raises BadRequest: the declared length is not a number (400).
    :raises LengthRequired: the length is unknown and the server cannot mark the end (411).
    """
    source: InputStream = environ["wsgi.input"]
    length = get_content_length(environ)
    _check_declared(environ)
    if length is not None:
        if limit is not None and length > limit:
            raise RequestEntityTooLarge(
                f"The request's body of {length} bytes is longer than {limit} bytes."
            )
        return _as_io(LimitedStream(_as_io(Source(source)), length))
    if environ.get("wsgi.input_terminated"):
        return _as_io(EndedBody(source, limit))
    if environ.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired("This server needs a Content-Length to read the request's body.")
    return BytesIO()


def _check_declared(environ: WSGIEnvironment) -> None:
    """Refuse a length that is none (RFC 9112, section 6.3); read as 0, it would hide the body."""
    declared: str = environ.get("CONTENT_LENGTH", "").strip()
    is_number = declared.isdecimal() and declared.isascii() and len(declared) <= DIGITS
    if declared and not is_number:
        raise BadRequest("The request's Content-Length is not a number of bytes.")


def _as_io(stream: RawIOBase | Source) -> IO[bytes]:
    """Readers of a body only read; typeshed has no name for that which Werkzeug takes."""
    return cast("IO[bytes]", stream)
