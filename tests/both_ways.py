"""The same requests, to applications made alike, with all shortcuts and with none of them.

`both_ways` compares what a client and the application itself can see: status, headers in their
order, body, what escaped to the server, what was logged, and the order of whatever the application
noted: its hooks, signals and overridden steps.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any, NamedTuple

from itsdangerous import URLSafeTimedSerializer

from tests.shortcuts import every_shortcut_off
from typedflask import Flask
from typedflask.ctx import find_context

# Any, in this file: an environment holds whatever servers and middleware put there.

KEY = "a key for tests"
Notes = list[str]
"""What an application notes while it works."""
Make = Callable[[Notes], Flask]
"""Makes an application, which appends to the notes what it does."""


@dataclass(frozen=True)
class Sent:
    """A request."""

    path: str = "/"
    method: str = "GET"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    host: str | None = "localhost"
    scheme: str = "http"
    root: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    """For the environment."""

    def environ(self, jar: dict[str, str]) -> dict[str, Any]:
        """The environment as a server makes it.

        :param jar: the cookies of the client.
        """
        environ = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": self.root,
            "PATH_INFO": self.path.encode().decode("latin-1"),
            "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": BytesIO(self.body or b""),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if self.host is not None:
            environ["HTTP_HOST"] = self.host
        if self.body is not None:
            environ["CONTENT_LENGTH"] = str(len(self.body))
        if jar:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
        return environ | self.more


class Answer(NamedTuple):
    """What came of a request."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    notes: Notes
    dates: list[datetime]
    """Those of the headers, which say `<date>` where they stood."""
    asked: datetime
    """When the request was sent."""


class Noting(logging.Handler):
    """Notes what is logged."""

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self.notes = notes

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.notes.append(f"logged {record.getMessage()} {error!r}")


DATE = re.compile(r"[A-Z][a-z]{2}, \d\d[ -][A-Z][a-z]{2}[ -]\d{4} \d\d:\d\d:\d\d GMT")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def content_of(cookie: str) -> str:
    """What a session cookie holds, its signature checked; the cookie where there is none."""
    serializer = URLSafeTimedSerializer(
        KEY, salt="cookie-session", signer_kwargs={"key_derivation": "hmac"}
    )
    valid, content = serializer.loads_unsafe(cookie)
    return f"{content}" if valid else cookie


def as_compared(header: tuple[str, str], dates: list[datetime]) -> tuple[str, str]:
    """A header without what may differ: dates of now, and how a session was packed."""
    name, value = header

    def without(found: re.Match[str]) -> str:
        dates.append(parsedate_to_datetime(found[0]))
        return "<date>"

    if name.lower() == "set-cookie" and value.startswith("session="):
        cookie, semicolon, rest = value.removeprefix("session=").partition(";")
        value = f"session={content_of(cookie)}{semicolon}{rest}"
    if name == "Allow":
        value = ", ".join(sorted(value.split(", ")))  # a set, which Werkzeug gives in any order
    return name, DATE.sub(without, value)


def keep_cookies(jar: dict[str, str], headers: Iterable[tuple[str, str]]) -> None:
    """Do what a browser does with `Set-Cookie`, as far as tests need it."""
    for name, value in headers:
        if name.lower() == "set-cookie":
            for morsel in SimpleCookie(value).values():
                if morsel["max-age"] == "0" or "1970" in morsel["expires"]:
                    jar.pop(morsel.key, None)
                else:
                    jar[morsel.key] = morsel.coded_value


def ask(app: Any, sent: Sent, jar: dict[str, str], notes: Notes) -> Answer:
    """Send one request as a server does."""
    notes.clear()
    asked = datetime.now(UTC)
    started: list[tuple[str, list[tuple[str, str]]]] = []
    body = b""

    def start_response(status: str, headers: Any, error: object = None) -> Callable[[bytes], None]:
        started.append((status, list(headers)))
        return lambda written: None

    try:
        pieces = app(sent.environ(jar), start_response)
        try:
            for piece in pieces:
                body += piece
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
    except Exception as error:
        notes.append(f"escaped {error!r}")
    if find_context() is not None:
        notes.append(f"still active: {find_context()!r}")
    status, headers = started[-1] if started else ("nothing", [])
    keep_cookies(jar, headers)
    dates: list[datetime] = []
    compared = [as_compared(header, dates) for header in headers]
    told = [ADDRESS.sub("", note) for note in notes]
    return Answer(status, compared, body, told, dates, asked)


def answers(make: Make, requests: Sequence[Sent]) -> list[Answer]:
    """What comes of the requests, sent in order by one client."""
    notes: Notes = []
    jar: dict[str, str] = {}
    app = make(notes)
    if app.config["SECRET_KEY"] is None:
        app.secret_key = KEY
    app.logger.handlers[:] = [Noting(notes)]
    app.logger.propagate = False
    return [ask(app, sent, jar, notes) for sent in requests]


def are_same(fast: Answer, slow: Answer) -> bool:
    """Whether two answers are the same, but for the time that passed between them."""
    if fast[:4] != slow[:4] or len(fast.dates) != len(slow.dates):
        return False
    passed = slow.asked - fast.asked
    return all(
        min(abs(other - one), abs(other - one - passed)) < timedelta(seconds=5)
        for one, other in zip(fast.dates, slow.dates, strict=True)
    )


def both_ways(make: Make, requests: Sequence[Sent]) -> list[Answer]:
    """Insist that the requests are answered alike with all shortcuts and with none.

    :param make: makes the application, once for each way.
    :param requests: sent in their order.
    :returns: the answers, for a test that wants to know more of them.
    """
    fast = answers(make, requests)
    with every_shortcut_off():
        slow = answers(make, requests)
    for sent, one, other in zip(requests, fast, slow, strict=True):
        if not are_same(one, other):
            raise AssertionError(f"{sent}\nwith shortcuts:    {one}\nwithout shortcuts: {other}")
    return fast
