"""The session's cookie in the headers of a request and a response: found, set, and told of.

Werkzeug does all this for cookies and headers of any kind. A session's cookie is of one kind, and so
is found without reading the others, and put together from a name, attributes that stay the same and a
value that needs no quotes. What is of another kind goes to Werkzeug.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from string import ascii_letters, digits
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response as BaseResponse

if TYPE_CHECKING:
    # Types only, as in interface.py.
    from typedflask.requests.request import Request
    from typedflask.responses.response import Response

TOKEN: Final = f"!#$%&'*+-.^_`|~{digits}{ascii_letters}"
"""The characters that the name of a cookie is made of (RFC 6265, section 4.1.1)."""

BARE: Final = re.compile(r"[A-Za-z0-9_.-]*")
"""A value that is written without quotes, as signed ones are."""

SIGNED: Final = [""]
"""The last text that was signed, for who need not look at its letters once more."""


# --- the request


SEEN: Final[dict[str, tuple[str, object, str]]] = {}
"""Headers that were read before: the cookie's name, the class of the request, and the value found.

Visitors send the same cookies until one of them changes (decision 088).
"""

MOST_SEEN: Final = 1024
"""How many headers are kept; then all are forgotten."""

LONGEST_SEEN: Final = 1024
"""How long a header may be, in characters, to be kept."""


def cookie_of(request: Request, name: str) -> str | None:
    """The value of a cookie: `request.cookies.get(name)`, without reading the other cookies."""
    header: str | None = request.environ.get("HTTP_COOKIE")
    if header:
        seen = SEEN.get(header)
        if seen is not None:
            its_name, kind, value = seen
            # What was put in the place of the cookies is theirs to answer.
            if its_name is name and kind is type(request) and "cookies" not in request.__dict__:
                return value
    return found_cookie(request, name)


def found_cookie(request: Request, name: str) -> str | None:
    """As `cookie_of`, of a header that is another one than before; it is kept if it can be."""
    kind: object = type(request)
    if "cookies" not in request.__dict__ and is_found_directly(kind, name):
        header: str | None = request.environ.get("HTTP_COOKIE")
        if not header:
            return None
        # With quotes, values may hold semicolons; what is not ASCII is decoded first.
        if header.isascii() and '"' not in header:
            begin = header.find(name)
            if begin < 0:
                return None
            end = begin + len(name)
            # The first place with these letters: an earlier cookie of this name there is none.
            if header[end : end + 1] == "=" and (not begin or header[begin - 2 : begin] == "; "):
                stop = header.find(";", end)
                value = header[end + 1 :] if stop < 0 else header[end + 1 : stop]
                if " " not in value and "\t" not in value:
                    if len(header) <= LONGEST_SEEN:
                        if len(SEEN) >= MOST_SEEN:
                            SEEN.clear()
                        SEEN[header] = name, kind, value
                    return value
    return request.cookies.get(name)


@lru_cache(maxsize=64)
def is_found_directly(kind: object, name: str) -> bool:
    """Whether a class of requests has the `cookies` of this package, and a cookie a usual name."""
    bases: tuple[type[object], ...] = getattr(kind, "__mro__", ())
    for base in bases:
        if "cookies" in vars(base):
            usual = base.__module__ == "typedflask.requests.request"
            storage: object = getattr(kind, "dict_storage_class", None)
            return usual and storage is ImmutableMultiDict and name != "" and not name.strip(TOKEN)
    return False


# --- the response


# Any: what the methods of a backend say of the cookie, which may be anything true or false.
def set_cookie(
    response: Response,
    name: str,
    value: str,
    expires: datetime | None,
    path: str | None,
    domain: str | None,
    secure: Any,
    httponly: Any,
    samesite: str | None,
    partitioned: Any,
) -> None:
    """Do what the response's own method of this name does, with these attributes."""
    # Any: what an application put in the place of the method need not be one.
    method: Any = response.set_cookie
    if (
        type(method) is MethodType
        and method.__func__ is SET_COOKIE
        and (value is SIGNED[0] or is_bare(value))
    ):
        around = around_value(name, expires, path, domain, secure, httponly, samesite, partitioned)
        if around is not None:
            before, after = around
            text = f"{before}{value}{after}"
            limit = response.max_cookie_size
            if not limit or len(text) <= limit:
                # Werkzeug's own headers, which a response may have, look at what they are given.
                add: Callable[[str], None] | None = getattr(response.headers, "add_cookie", None)
                if add is None:
                    response.headers.add("Set-Cookie", text)
                else:
                    add(text)
                return
    response.set_cookie(
        name,
        value,
        expires=expires,
        path=path,
        domain=domain,
        secure=secure,
        httponly=httponly,
        samesite=samesite,
        partitioned=partitioned,
    )


def is_bare(value: str) -> bool:
    """Whether a value is written without quotes."""
    return BARE.fullmatch(value) is not None


SET_COOKIE: Final = BaseResponse.set_cookie

Around: TypeAlias = tuple[str, str]
"""What is written before and after the value of a cookie."""

Attributes: TypeAlias = tuple[
    str, datetime | None, str | None, str | None, bool, bool, str | None, bool
]
"""Name, end, path, domain, secure, HTTP only, same site and partitioned."""

AROUND: Final[dict[Attributes, Around]] = {}
"""What is written around the value, by name and attributes."""

MOST: Final = 64
"""Of how many names and attributes this is known; a permanent session's end changes."""

LAST: Final[list[tuple[str, object, object, bool, bool, object, bool, Around] | None]] = [None]
"""Name and attributes of the last cookie that ends with the browser, and what is written of them."""


# Any: as `set_cookie`.
def around_value(
    name: str,
    expires: datetime | None,
    path: str | None,
    domain: str | None,
    secure: Any,
    httponly: Any,
    samesite: str | None,
    partitioned: Any,
) -> Around | None:
    """What Werkzeug writes before and after the value of a cookie; None if it is to be asked."""
    last = LAST[0]
    if last is not None and expires is None:
        # Settings rarely change, and are known by their identity sooner than by value.
        its_name, its_path, its_domain, its_secure, its_http, its_site, its_part, its_own = last
        if (
            its_name is name
            and its_path is path
            and its_domain is domain
            and its_secure is secure
            and its_http is httponly
            and its_site is samesite
            and its_part is partitioned
        ):
            return its_own
    attributes = usual_attributes(
        name, expires, path, domain, secure, httponly, samesite, partitioned
    )
    if attributes is None:
        return None
    around = AROUND.get(attributes) or written_around(*attributes)
    if expires is None and around is not None:
        LAST[0] = name, path, domain, secure, httponly, samesite, partitioned, around
    return around


def usual_attributes(
    name: str,
    expires: datetime | None,
    path: str | None,
    domain: str | None,
    secure: Any,
    httponly: Any,
    samesite: str | None,
    partitioned: Any,
) -> Attributes | None:
    """The key for `AROUND`; None where equal attributes may be written otherwise."""
    # An attribute that is 1 is equal to True and written otherwise, and so may be times.
    if not (type(secure) is type(httponly) is type(partitioned) is bool):
        return None
    if expires is not None:
        if type(expires) is not datetime or expires.tzinfo is not UTC:
            return None
        expires = expires.replace(microsecond=0)
    return name, expires, path, domain, secure, httponly, samesite, partitioned


def written_around(
    name: str,
    expires: datetime | None,
    path: str | None,
    domain: str | None,
    secure: bool,
    httponly: bool,
    samesite: str | None,
    partitioned: bool,
) -> Around | None:
    """What Werkzeug writes before and after the value of a cookie; the next time it is known.

    :returns: None if it cannot be sent as it is: a name may be of any characters.
    """
    text = dump_cookie(
        name,
        expires=expires,
        path=path,
        domain=domain,
        secure=secure,
        httponly=httponly,
        samesite=samesite,
        partitioned=partitioned,
        max_size=0,
    )
    if not (text.isascii() and text.isprintable()):
        return None
    begin = len(name) + 1
    if len(AROUND) >= MOST:
        AROUND.clear()
    attributes = (name, expires, path, domain, secure, httponly, samesite, partitioned)
    AROUND[attributes] = around = text[:begin], text[begin:]
    return around


def vary_on_cookie(response: Response) -> None:
    """Tell caches that a response depends on the cookie."""
    if response.headers.setdefault("Vary", "Cookie") != "Cookie":
        response.vary.add("Cookie")
