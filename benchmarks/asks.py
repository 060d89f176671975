"""One request as data, the answer it must get, and the environ a server builds from it.

The keys of the environ are those gunicorn sets, because frameworks treat some of them specially
(`wsgi.input_terminated`, `wsgi.file_wrapper`) and because copying a small dict would flatter
whoever copies it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TypeAlias
from wsgiref.types import WSGIEnvironment
from wsgiref.util import FileWrapper

HOST = "shop.example"

BodyCheck: TypeAlias = Callable[[bytes], bool]
"""Says whether a body is the one the scenario wants."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must be: status, media type, body, and headers that must be among its own.

    A header's value of None means that any value will do, but the header must be there.
    """

    body: BodyCheck
    wanted: str
    media_type: str = "text/html"
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request; `query` is percent-encoded already, `cookie` is the value of the header."""

    path: str
    expects: Expected
    method: str = "GET"
    query: str = ""
    body: bytes = b""
    content_type: str | None = None
    cookie: str | None = None


def text(
    wanted: str, status: int = 200, headers: Mapping[str, str | None] | None = None
) -> Expected:
    """Expect exactly this text, sent as HTML."""
    return Expected(wanted.encode().__eq__, repr(wanted), status=status, headers=headers or {})


def json_of(wanted: object) -> Expected:
    """Expect JSON that reads as `wanted`; how it is spaced is the framework's choice."""

    def reads_so(body: bytes) -> bool:
        try:
            found: object = json.loads(body)
        except ValueError:
            return False
        return found == wanted

    return Expected(reads_so, json.dumps(wanted), media_type="application/json")


@dataclass(frozen=True, slots=True)
class Draft:
    """An environ without its input stream, from which each request gets a copy of its own."""

    keys: WSGIEnvironment
    body: bytes

    def fresh(self) -> WSGIEnvironment:
        """A new environ, as a server hands it over once and never again."""
        environ = self.keys.copy()
        environ["wsgi.input"] = BytesIO(self.body)
        return environ


def draft(ask: Ask) -> Draft:
    """The environ of `ask` as gunicorn would fill it."""
    keys: WSGIEnvironment = {
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.input_terminated": True,
        "wsgi.url_scheme": "http",
        "SERVER_SOFTWARE": "gunicorn",
        "REQUEST_METHOD": ask.method,
        "QUERY_STRING": ask.query,
        "RAW_URI": f"{ask.path}?{ask.query}" if ask.query else ask.path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "HTTP_CONNECTION": "keep-alive",
        "HTTP_X_FORWARDED_FOR": "192.0.2.7",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50312",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "PATH_INFO": ask.path,
        "SCRIPT_NAME": "",
    }
    if ask.cookie is not None:
        keys["HTTP_COOKIE"] = ask.cookie
    if ask.content_type is not None:
        keys["CONTENT_TYPE"] = ask.content_type
        keys["CONTENT_LENGTH"] = str(len(ask.body))
    return Draft(keys, ask.body)
