"""Whether a server can send a response, asked before the server is.

A status or header that HTTP has no way to write would break the connection in the middle; found
here, it is an error like any other: logged, and answered with a 500.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as BaseResponse

TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""What a header's name is made of (RFC 9110, section 5.6.2)."""

CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header's value may hold (RFC 9110, section 5.5)."""


URLS: Final = frozenset({"location", "content-location"})
"""Headers that hold a URL, whose characters beyond ASCII are encoded when it is sent."""


def kept_pairs(headers: Headers) -> list[tuple[str, str]]:
    """The names and values of headers as Werkzeug keeps them, to be looked at and not changed.

    Iterating over `Headers` gives the same, by two calls more; every response does it twice.
    """
    pairs: list[tuple[str, str]] = headers.__dict__["_list"]
    return pairs


def why_not_sendable(response: BaseResponse) -> str | None:
    """What keeps a response from being sent, or None."""
    code = response.status_code
    if code != 200 or response.status != "200 OK":
        problem = _problem_of_status(response.status, code)
        if problem is not None:
            return problem
    for pair in kept_pairs(response.headers):
        problem = _problem_of(pair)
        if problem is not None:
            return problem
    return None


@lru_cache(maxsize=128)
def _problem_of_status(status: str, code: int) -> str | None:
    if not 100 <= code <= 999:
        return f"its status is {status!r}, and a status has three digits."
    if not _is_line(status):
        return f"its status is {status!r}, which is not one line of text."
    return None


# Remembered, because responses repeat their headers; most of the values are a few words long.
@lru_cache(maxsize=512)
def _problem_of(pair: tuple[str, str]) -> str | None:
    name, value = pair
    if TOKEN.fullmatch(name) is None:
        return f"it has a header named {name!r}, which is not a name HTTP allows."
    if not (_is_url(value) if name.lower() in URLS else _is_line(value)):
        return (
            f"its header {name} is {value!r}. Header values are one line of Latin-1 text;"
            " encode others, for example as RFC 8187 says."
        )
    return None


def _is_url(value: str) -> bool:
    return CONTROL.search(value) is None


def _is_line(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return CONTROL.search(text) is None
