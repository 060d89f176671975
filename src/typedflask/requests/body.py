"""The body of a request, read at once where it is small and its length was declared.

Most bodies are; all others are streams, see `streamed_body.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import ClientDisconnected, HTTPException

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, WSGIEnvironment


DIGITS: Final = 18
"""How long the number of a body's bytes may be: up to an exabyte."""


def read_some(source: InputStream, size: int) -> bytes:
    """Read from the server; whatever keeps it from reading is the connection's failure, a 400.

    What servers raise over a broken chunk or a lost connection are classes of their own.
    """
    try:
        return source.read(size)
    except HTTPException:
        raise
    except Exception as error:
        raise ClientDisconnected("The request's body could not be read to its end.") from error


SMALL: Final = 64 * 1024
"""Up to how many bytes a body is read at once when somebody asks for all of it."""


def small_body(environ: WSGIEnvironment, limit: int | None) -> bytes | None:
    """A small body of declared length, read to its end; None for any other.

    :param environ: the WSGI environment.
    :param limit: the longest body to accept, in bytes; None accepts any length.
    :raises ClientDisconnected: it ended before the length it declared.
    """
    declared: str = environ.get("CONTENT_LENGTH") or ""
    if not (declared.isdecimal() and declared.isascii()) or len(declared) > DIGITS:
        return None
    length = int(declared)
    if not 0 < length <= SMALL or "HTTP_TRANSFER_ENCODING" in environ:
        return None
    if limit is not None and length > limit:
        return None
    source: InputStream = environ["wsgi.input"]
    data = read_some(source, length)
    while len(data) < length:  # a server may give less than it was asked for
        more = read_some(source, length - len(data))
        if not more:
            raise ClientDisconnected
        data += more
    return data
