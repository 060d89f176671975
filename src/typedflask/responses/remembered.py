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
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from werkzeug.http import http_date
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import wrap_file

from .headers import headers_of
from .response import Response

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


class SentFile(NamedTuple):
    """What is known of a file since it was sent."""

    modified: int
    """When it changed, in nanoseconds."""
    size: int
    """Its length, in bytes."""
    pairs: list[tuple[str, str]]
    """The headers it was sent with."""


_sent: Final[dict[tuple[str, int | None], SentFile]] = {}


def is_plain(kind: type[BaseResponse], environ: WSGIEnvironment) -> bool:
    """Whether the answer depends on nothing but the file.

    :param kind: the application's response class.
    :param environ: the WSGI environment of the request.
    """
    if kind is not Response or environ["REQUEST_METHOD"] != "GET":
        return False
    return not any(condition in environ for condition in CONDITIONS)


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
        if (facts.st_mtime_ns, facts.st_size) != known[:2] or not stat.S_ISREG(facts.st_mode):
            return None
        file = open(path, "rb")  # noqa: SIM115 - the server closes it when it was sent
    except OSError:
        return None  # the general way says what is wrong
    now = int(time.time())
    today = {"Date": date_of(now), "Expires": date_of(now + (max_age or 0))}
    response = Response(wrap_file(environ, file), direct_passthrough=True)
    response.headers = headers_of([(name, today.get(name, value)) for name, value in known.pairs])
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
        _sent[path, max_age] = SentFile(facts.st_mtime_ns, facts.st_size, pairs)


@lru_cache(maxsize=8)
def date_of(second: int) -> str:
    """A second since 1970 as a date of HTTP; busy servers ask for the same one again and again."""
    return http_date(second)
