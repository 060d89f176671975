"""Names and values of query strings and forms (`application/x-www-form-urlencoded`), and of cookies.

What the standard library's `parse_qsl` does as Werkzeug calls it, without the options nobody uses
here; each encoded text is decoded by the standard library. A test compares the two.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from typing import Any, Final, TypeVar, cast
from urllib.parse import unquote, unquote_to_bytes

from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.sansio.http import parse_cookie

# Any: which values a class of an application's own gives is that class's affair.
S = TypeVar("S", bound=MultiDict[str, Any])

# Any: lists are stored in what shows single values, and is typed as what it shows.
DICT: Final[type[dict[Any, Any]]] = dict

USUAL: Final[frozenset[type[object]]] = frozenset({ImmutableMultiDict})
"""The class that requests have unless told otherwise; a set, from which checkers conclude nothing."""

KEEP_ENCODED: Final = "werkzeug.url_quote"
"""Bytes that are no UTF-8 stay percent-encoded; a handler that Werkzeug's request registers."""


def pairs_of(text: str) -> list[tuple[str, str]]:
    """The pairs of names and values, in order; a name without a value has an empty one.

    :param text: what stands after the question mark, or the body of a form.
    """
    pairs: list[tuple[str, str]] = []
    if "+" in text:
        text = text.replace("+", " ")
    encoded = "%" in text
    for item in text.split("&"):
        if item:
            name, _, value = item.partition("=")
            if encoded and "%" in item:
                pairs.append((_decoded(name), _decoded(value)))
            else:
                pairs.append((name, value))
    return pairs


def _decoded(text: str) -> str:
    escapes = text.count("%")
    if not escapes:
        return text
    if not text.isascii():
        return unquote(text, errors=KEEP_ENCODED)
    # Quoted-printable is the same encoding with another sign, and decoded without a loop in
    # Python. It may be used where that sign and the ends of lines, which mean something there, do
    # not occur, and if each escape lost its two digits: of one that is none, it keeps more.
    if "=" not in text and "\n" not in text and "\r" not in text:
        data = a2b_qp(text.replace("%", "="))
        if len(data) == len(text) - 2 * escapes:
            return data.decode("utf-8", KEEP_ENCODED)
    # What `unquote` does with each run of ASCII characters; here there is only one.
    return unquote_to_bytes(text).decode("utf-8", KEEP_ENCODED)


def stored(kind: type[S], pairs: list[tuple[str, str]]) -> S:
    """The pairs in one of Werkzeug's dictionaries.

    Its constructor finds out what it was given; here that is known, and what it would store is
    put there. Any other class, also a derived one, is called.

    :param kind: the class of the request's, `parameter_storage_class` or `dict_storage_class`.
    :param pairs: names and values, in order.
    """
    if kind not in USUAL:
        return kind(pairs)
    storage = kind.__new__(kind)
    if pairs:
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            if name in values:
                values[name].append(value)
            else:
                values[name] = [value]
        DICT.update(storage, values)
    return storage


PLAIN_COOKIE: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+=[!#-+\--:<-\[\]-~]*"
"""A cookie as RFC 6265, section 4.1.1, has servers set it, without quotes around its value."""

PLAIN_COOKIES: Final = re.compile(f"{PLAIN_COOKIE}(?:; {PLAIN_COOKIE})*")
"""Cookies as browsers send them; in these, nothing is to be skipped, stripped or unquoted."""


def cookies_of(header: str | None, kind: type[S]) -> S:
    """The cookies of a `Cookie` header.

    :param header: its value, as WSGI has it.
    :param kind: as for `stored`.
    """
    if header is None or PLAIN_COOKIES.fullmatch(header) is None:
        return made_as(kind, parse_cookie(header, cls=kind))
    pairs: list[tuple[str, str]] = []
    for item in header.split("; "):
        name, _, value = item.partition("=")
        pairs.append((name, value))
    return stored(kind, pairs)


def made_as(kind: type[S], cookies: MultiDict[str, str]) -> S:
    """The cookies as Werkzeug made them; its annotation forgets of which class it was asked to."""
    return cast("S", cookies)
