"""An application under watch: what must hold for every answer, whatever the client sent.

`Watched.ask` sends one request and asserts, before it hands out the answer, that

- nothing but a response came out of the WSGI callable;
- teardown functions ran, of the request and of the application's context, once each;
- the answer is one that a server can send: one status line, headers of text on one line, a
  `Content-Length` that is the body's, no content where the status allows none;
- it is a 500 only where the test says that the program, not the client, is at fault, and then the
  error was logged.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from wsgiref.validate import validator

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from typedflask import Flask

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
Headers = list[tuple[str, str]]

STATUS_LINE = re.compile(r"\d{3} [^\x00-\x1f\x7f]*")
HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
BODYLESS = frozenset({204, 304})
CONTENT_HEADERS = frozenset({"content-length", "content-type", "transfer-encoding"})


@dataclass
class Answer:
    """One response as a server would see it."""

    line: str
    headers: Headers
    body: bytes
    method: str = "GET"

    @property
    def status(self) -> int:
        return int(self.line[:3])

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        """The value of a header, which must not be sent more than once."""
        values = self.values(name)
        assert len(values) < 2, f"{name} was sent {len(values)} times: {values}"
        return values[0] if values else None

    def values(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def check(self) -> None:
        """Assert that HTTP has a way to write this."""
        assert STATUS_LINE.fullmatch(self.line), f"the status line is {self.line!r}"
        for name, value in self.headers:
            assert type(name) is str
            assert HEADER_NAME.fullmatch(name), f"a header is named {name!r}"
            assert type(value) is str
            assert HEADER_VALUE.fullmatch(value), f"the header {name} is {value!r}"
        length = self.header("Content-Length")
        if self.status in BODYLESS or self.status < 200:
            assert self.body == b"", f"a {self.status} has a body: {self.body[:80]!r}"
            if self.status != 304:
                described = {name.lower() for name, _ in self.headers} & CONTENT_HEADERS
                assert not described, f"a {self.status} has content headers: {described}"
        elif self.method == "HEAD":
            assert self.body == b"", f"the answer to HEAD has a body: {self.body[:80]!r}"
        elif length is not None:
            assert int(length) == len(self.body), f"{length} bytes announced, {len(self.body)} sent"


class Errors(logging.Handler):
    """Keeps what the application logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def raised(self) -> list[BaseException]:
        """The logged exceptions."""
        found = [record.exc_info[1] for record in self.records if record.exc_info]
        return [error for error in found if error is not None]


@dataclass
class Counts:
    """How often teardown functions ran, and with which errors."""

    request: list[BaseException | None] = field(default_factory=list)
    context: list[BaseException | None] = field(default_factory=list)


class Watched:
    """An application with teardown functions that count, and a way to ask it.

    :param app: an application that has not handled a request yet.
    :param validated: put `wsgiref.validate` around it.
    """

    def __init__(self, app: Flask[Any], *, validated: bool = False) -> None:
        self.app = app
        self.validated = validated
        self.torn_down = Counts()
        self.errors = Errors()
        app.teardown_request(self._count(self.torn_down.request))
        app.teardown_appcontext(self._count(self.torn_down.context))

    @staticmethod
    def _count(into: list[BaseException | None]) -> Callable[[BaseException | None], None]:
        def count(error: BaseException | None) -> None:
            into.append(error)

        return count

    def ask(
        self,
        path: str = "/",
        *,
        environ: Mapping[str, object] | None = None,
        remove: Iterable[str] = (),
        server_fault: bool = False,
        logged: bool = False,
        **options: Any,  # Any: those of Werkzeug's EnvironBuilder
    ) -> Answer:
        """Send a request and assert what must hold for every answer.

        :param path: the path and query string.
        :param environ: put into the WSGI environment as it is: what no builder would build.
        :param remove: taken out of the WSGI environment.
        :param server_fault: the program is at fault: the answer must be a logged 500.
        :param logged: errors are logged, but the answer need not be a 500.
        :param options: `method`, `headers`, `data`, `json`, ...
        """
        builder = EnvironBuilder(path, **options)
        made = builder.get_environ()
        made.update(environ or {})
        for key in remove:
            del made[key]
        self.errors.records.clear()
        # Applications of one name share a logger.
        logger = self.app.logger
        logger.handlers[:], logger.propagate = [self.errors], False
        try:
            answer = self._exchange(made)
        finally:
            builder.close()
        answer.check()
        if server_fault:
            assert answer.status == 500, f"a 500 was due, and {answer.line} came"
            assert self.errors.records, "the 500 was not logged"
        elif not logged:
            assert answer.status != 500, f"{answer.line}: {self.errors.raised!r}"
            assert not self.errors.raised, f"an error was logged: {self.errors.raised!r}"
        return answer

    def _exchange(self, environ: dict[str, Any]) -> Answer:
        """Call the application like a server: one request, the whole body, then close."""
        before = len(self.torn_down.request), len(self.torn_down.context)
        started: list[tuple[str, Headers]] = []
        written = io.BytesIO()

        def start_response(
            status: str, headers: Headers, exc_info: ExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            assert not started or exc_info, "start_response was called twice"
            started[:] = [(status, headers)]
            return written.write

        app = validator(self.app) if self.validated else self.app
        pieces = app(environ, start_response)
        try:
            for piece in pieces:
                assert type(piece) is bytes
                written.write(piece)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        assert started, "start_response was not called"
        ran = len(self.torn_down.request) - before[0], len(self.torn_down.context) - before[1]
        assert ran == (1, 1), f"teardown ran {ran} times (request, context), once each is due"
        (line, headers), method = started[0], str(environ["REQUEST_METHOD"])
        return Answer(line, list(headers), written.getvalue(), method)


def sent(response: Response, method: str = "GET") -> tuple[str, list[tuple[str, str]], bytes]:
    """What a server gets of a response: status line, headers, body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        started.append((status, list(headers)))
        return bytearray().extend

    pieces = response(EnvironBuilder("/here", method=method).get_environ(), start_response)
    body = b"".join(pieces)
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
    return (*started[0], body)
