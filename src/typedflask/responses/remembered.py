"""Files that were sent before: their headers are remembered as long as the file stays the same.

Working out a file's headers (its media type, names, dates, `ETag`) takes several times as long as
sending it. For the plain request of a plain file they are Werkzeug's answer to the first request,
kept by path, time of change and size, and sent again with the date of the day. Whatever is out of
the ordinary (a range, a condition, `X-Sendfile`, options, a response class of the application's
own) is Werkzeug's each time.
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, Final

from werkzeug.http import http_date
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import wrap_file

from .headers import Headers, headers_of
from .response import Response, response_of_stream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CONDITIONS: Final = (
    "HTTP_RANGE",
    "HTTP_IF_RANGE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)
"""Headers of a request that make the answer depend on more than the file."""

MOST: Final = 512
"""How many files are remembered; then all are forgotten, which costs each one slow answer."""


class SentFile:
    """What is known of a file since it was sent.

    :param modified: when it changed, in nanoseconds.
    :param size: its length, in bytes.
    :param pairs: the headers it was sent with.
    :param max_age: how long the client may keep it, in seconds.
    """

    __slots__ = ("_dated", "_max_age", "_pairs", "modified", "size")

    def __init__(
        self, modified: int, size: int, pairs: list[tuple[str, str]], max_age: int | None
    ) -> None:
        self.modified: int = modified
        self.size: int = size
        self._pairs, self._max_age = pairs, max_age
        # One value for both, because threads may read while another one writes.
        self._dated: tuple[int, list[tuple[str, str]]] = (0, [])

    def headers_at(self, second: int) -> Headers:
        """The headers with their dates; busy servers ask for the same second again and again.

        :param second: since 1970.
        """
        known, pairs = self._dated
        if known != second:
            pairs = dated(self._pairs, second, second + (self._max_age or 0))
            self._dated = second, pairs
        return headers_of(pairs.copy())


_sent: Final[dict[tuple[str, int | None], SentFile]] = {}


def is_plain(kind: type[BaseResponse], environ: WSGIEnvironment) -> bool:
    """Whether the answer depends on nothing but the file.

    :param kind: the application's response class.
    :param environ: the WSGI environment of the request.
    """
    if kind is not Response or environ["REQUEST_METHOD"] != "GET":
        return False
    return environ.keys().isdisjoint(CONDITIONS)


def send_again(environ: WSGIEnvironment, path: str, max_age: int | None) -> Response | None:
    """The response for a file that was sent before and has not changed since, else None.

    :param environ: the WSGI environment of a plain request.
    :param path: the file.
    :param max_age: how long the client may keep it, in seconds, as it was sent before.
    """
    known = _sent.get((path, max_age))
    if known is None:
        return None
    try:
        facts = os.stat(path)
        if (
            facts.st_mtime_ns != known.modified
            or facts.st_size != known.size
            or not stat.S_ISREG(facts.st_mode)
        ):
            return None
        file = open(path, "rb")  # noqa: SIM115 - the server closes it when it was sent
    except OSError:
        return None  # the general way says what is wrong
    response = response_of_stream(wrap_file(environ, file))
    response.direct_passthrough = True
    response.headers = known.headers_at(int(time.time()))
    return response


def remember(path: str, max_age: int | None, response: BaseResponse) -> None:
    """Keep the headers of a plain answer for the next one.

    :param path: the file.
    :param max_age: how long the client may keep it, in seconds.
    :param response: Werkzeug's answer to a plain request.
    """
    if type(response) is not Response or response.status_code != 200:
        return
    try:
        facts = os.stat(path)
    except OSError:
        return
    # A file that changed while its headers were worked out is sent once more the general way.
    if response.content_length == facts.st_size and stat.S_ISREG(facts.st_mode):
        if len(_sent) >= MOST:
            _sent.clear()
        pairs = list(response.headers)
        _sent[path, max_age] = SentFile(facts.st_mtime_ns, facts.st_size, pairs, max_age)


def dated(pairs: list[tuple[str, str]], second: int, end: int) -> list[tuple[str, str]]:
    """The headers of a file as they are today.

    :param pairs: the headers of another day.
    :param second: when they are sent, in seconds since 1970.
    :param end: when the client is to ask again.
    """
    today = {"Date": http_date(second), "Expires": http_date(end)}
    return [(name, today.get(name, value)) for name, value in pairs]
