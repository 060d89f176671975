"""One request and its answer, the way a server does it, and the check that the answer is right.

A benchmark of wrong answers measures nothing, so every answer is looked at before any is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TypeAlias
from wsgiref.types import WSGIApplication, WSGIEnvironment

from benchmarks.asks import Ask, draft

ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)


class WrongAnswer(Exception):
    """A contender's answer is not the one the scenario wants; the message shows both."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of the header `name`, whatever its case."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def media_type(self) -> str:
        """The content type without its parameters; empty when there is none."""
        return ";".join(self.all("Content-Type")).partition(";")[0].strip().lower()

    def cookie(self) -> str:
        """The cookies this answer sets, as the next request would send them."""
        return "; ".join(value.partition(";")[0] for value in self.all("Set-Cookie"))


def consume(body: Iterable[bytes]) -> bytes:
    """Read a WSGI body to its end and close it, even when reading fails."""
    try:
        return b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


def ask(app: WSGIApplication, request: Ask) -> Answer:
    """Send one request and keep everything that comes back."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        started.append((status, list(headers)))
        return written.append

    body = consume(app(draft(request).fresh(), start_response))
    if not started:
        raise WrongAnswer(f"{request.method} {request.path}: start_response was never called")
    status, headers = started[-1]
    return Answer(int(status[:3]), tuple(headers), b"".join(written) + body)


def ignore_data(data: bytes, /) -> None:
    """The `write` that goes with `ignore_start`."""


def ignore_start(
    status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None, /
) -> Callable[[bytes], object]:
    """The start_response of timed requests: the answer was checked, nobody looks at it now."""
    return ignore_data


def serve(app: WSGIApplication, environ: WSGIEnvironment) -> None:
    """What is timed: the call, the iteration of the body, and its close()."""
    body = app(environ, ignore_start)
    try:
        for _ in body:
            pass
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


def checked(app: WSGIApplication, request: Ask) -> Answer:
    """The answer to `request`.

    :raises WrongAnswer: if status, media type, a header or the body is not what is expected.
    """
    return right(ask(app, request), request)


def right(answer: Answer, request: Ask) -> Answer:
    """The answer itself, if it is the one `request` expects, however it got here.

    :raises WrongAnswer: if status, media type, a header or the body is not what is expected.
    """
    wanted = request.expects
    about = f"{request.method} {request.path}"
    if answer.status != wanted.status:
        raise WrongAnswer(
            f"{about}: status {answer.status} instead of {wanted.status}; body {shown(answer.body)}"
        )
    if answer.media_type() != wanted.media_type:
        raise WrongAnswer(
            f"{about}: content type {answer.media_type()!r} instead of {wanted.media_type!r}"
        )
    for name, value in wanted.headers.items():
        found = answer.all(name)
        if not found or (value is not None and value not in found):
            raise WrongAnswer(f"{about}: header {name} is {found} and should hold {value!r}")
    if not wanted.body(answer.body):
        raise WrongAnswer(f"{about}: body {shown(answer.body)} instead of {wanted.wanted}")
    return answer


def shown(body: bytes) -> str:
    """The start of a body, for a message."""
    return repr(body[:200]) + (" …" if len(body) > 200 else "")
