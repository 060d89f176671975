"""Reading a WSGI environment (PEP 3333): text, server and host, for every room that needs them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.sansio.utils import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def utf8(text: str) -> str:
    """Text of a WSGI environment as the client meant it; bytes that are no UTF-8 are replaced."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "replace")


def query_bytes(environ: WSGIEnvironment) -> bytes:
    """The query string as it was sent, if it is UTF-8.

    Other bytes have no place in a URL; they are percent-encoded, which means the same (RFC 3986,
    section 2.5) and is what `request.args` shows of bytes that are no text.
    """
    text: str = environ.get("QUERY_STRING") or ""
    query = text.encode("latin-1", "replace")
    if not text.isascii():
        try:
            query.decode()
        except UnicodeDecodeError:
            return b"".join(b"%c" % byte if byte < 0x80 else b"%%%02X" % byte for byte in query)
    return query


def server_address(environ: WSGIEnvironment) -> tuple[str, int | None] | None:
    """Where the server listens: host and port, or the path of a socket and None."""
    name = environ.get("SERVER_NAME")
    if name is None:
        return None
    try:
        return name, int(environ.get("SERVER_PORT", ""))
    except (TypeError, ValueError):
        return name, None


def scheme_of(environ: WSGIEnvironment) -> str:
    """`http` or `https`, or their WebSocket forms when the client asks for an upgrade."""
    scheme: str = environ.get("wsgi.url_scheme", "http")
    if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
        options = environ.get("HTTP_CONNECTION", "").lower().split(",")
        if "upgrade" in (option.strip() for option in options):
            return "wss" if scheme == "https" else "ws"
    return scheme


@lru_cache(maxsize=512)
def canonical_host(
    scheme: str, header: str | None, server: tuple[str, int | None] | None
) -> str | None:
    """The host and port a request was sent to, in lower case and ASCII.

    A port that is the scheme's own is left out; what is not a host name at all gives an empty
    string, as in Werkzeug. Remembered, because a server is asked for few names.

    :returns: None when the name cannot be encoded by the rules of IDNA.
    """
    name, colon, port = get_host(scheme, header, server).lower().partition(":")
    try:
        return name.encode("idna").decode("ascii") + colon + port
    except UnicodeError:
        return None


def host_of(environ: WSGIEnvironment, scheme: str) -> str | None:
    """The host and port a request was sent to; see `canonical_host`."""
    header: str | None = environ.get("HTTP_HOST")
    # Where the client named a host, the server's own address plays no part.
    return canonical_host(scheme, header, server_address(environ) if header is None else None)
