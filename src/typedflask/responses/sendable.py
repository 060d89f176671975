"""Whether a server can send a response, asked before the server is.

A status or header that HTTP has no way to write would break the connection in the middle; found
here, it is an error like any other: logged, and answered with a 500.

What is known of a header is kept for the next response with the same one, for responses repeat
their headers: then a look at it is a look into one table.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import Final

from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as BaseResponse

TOKEN: Final = f"!#$%&'*+-.^_`|~{digits}{ascii_letters}"
"""The characters that a header's name is made of (RFC 9110, section 5.6.2)."""

CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header's value may hold (RFC 9110, section 5.5)."""

URLS: Final = frozenset({"location", "content-location"})
"""Headers that hold a URL, whose characters beyond ASCII are encoded when it is sent."""

PLAIN: Final = 0
"""A header that is sent as it is."""

LENGTH: Final = 1
"""The header that tells the length of the body."""

ADDRESS: Final = 2
"""A URL that needs no encoding, and is sent as it is unless it is to be made absolute."""

SPECIAL: Final = 4
"""A header that needs work before it is sent, or cannot be sent."""

KNOWN: Final[dict[tuple[str, str], int]] = {}
"""What headers are, by name and value: one of the kinds above."""

MOST: Final = 4096
"""How many headers are known; then all are forgotten, which costs each one slow look."""

LONGEST: Final = 128
"""How long a header's value may be, in characters, to be known."""

WITH_BODY: Final[set[str]] = set()
"""Status lines that can be sent, of responses that have a body."""


class Unsendable(ValueError):
    """A status or header of a response cannot be written in HTTP; the server knows nothing of it.

    :param problem: what cannot be written.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(f"The response cannot be sent: {problem}")


def checked(response: BaseResponse) -> BaseResponse:
    """The response, which a server can send.

    :raises Unsendable: a server could not send it.
    """
    problem = why_not_sendable(response)
    if problem is not None:
        raise Unsendable(problem)
    return response


def why_not_sendable(response: BaseResponse) -> str | None:
    """What keeps a response from being sent, or None."""
    problem = _problem_of_status(response.status, response.status_code)
    if problem is not None:
        return problem
    for pair in response.headers:
        if pair not in KNOWN:
            problem = _problem_of(*pair)
            if problem is not None:
                return problem
    return None


def has_body(status: str, code: int) -> bool:
    """Whether a status can be sent, and with a body; the next time it is known.

    :param status: the status line.
    :param code: its number.
    """
    if code < 200 or code in {204, 304} or _problem_of_status(status, code) is not None:
        return False
    if len(WITH_BODY) >= MOST:
        WITH_BODY.clear()
    WITH_BODY.add(status)
    return True


def kinds_among(pairs: list[tuple[str, str]]) -> int:
    """What kinds of headers are among some.

    :param pairs: their names and values.
    """
    seen = 0
    for pair in pairs:
        kind = KNOWN.get(pair)
        seen |= look_at(pair) if kind is None else kind
    return seen


def is_complete(response: BaseResponse, pairs: list[tuple[str, str]], seen: int) -> bool:
    """Whether Werkzeug would send headers as they are, too.

    :param response: the response they belong to.
    :param pairs: their names and values.
    :param seen: the kinds among them.
    """
    if seen >= SPECIAL or not (seen & LENGTH or not isinstance(response.response, (list, tuple))):
        return False
    if seen & ADDRESS:
        names = [name for name, _ in pairs if name in {"Location", "Content-Location"}]
        return not response.autocorrect_location_header and len(set(names)) == len(names)
    return True


def look_at(pair: tuple[str, str]) -> int:
    """What kind a header is; the next time it is known.

    :param pair: its name and value.
    """
    name, value = pair
    if name == "Set-Cookie" and value.isascii() and value.isprintable():
        return PLAIN  # as it is another one each time, to keep it would be of no use
    if _problem_of(name, value) is not None:
        return SPECIAL
    kind = _kind_of(name, value)
    if len(value) <= LONGEST:
        if len(KNOWN) >= MOST:
            KNOWN.clear()
        KNOWN[pair] = kind
    return kind


def _kind_of(name: str, value: str) -> int:
    lowered = name.lower()
    if lowered not in URLS:
        return LENGTH if lowered == "content-length" else PLAIN
    try:
        as_it_is = name.istitle() and iri_to_uri(value) == value
    except ValueError:  # no URL at all
        return SPECIAL
    return ADDRESS if as_it_is else SPECIAL


def _problem_of_status(status: str, code: int) -> str | None:
    if not 100 <= code <= 999:
        return f"its status is {status!r}, and a status has three digits."
    if not _is_line(status):
        return f"its status is {status!r}, which is not one line of text."
    return None


def _problem_of(name: str, value: str) -> str | None:
    if not name or name.strip(TOKEN):
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
