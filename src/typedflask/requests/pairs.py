"""Names and values of query strings and forms (`application/x-www-form-urlencoded`), and of cookies.

In the dictionary requests have by default, they are read here in one pass, with what the standard
library's `parse_qsl` and Werkzeug's `parse_cookie` give; any other dictionary, and cookies that are not
plain, are theirs. Tests compare the two.
"""

from __future__ import annotations

from binascii import a2b_qp
from typing import Any, Final, TypeVar, cast
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.sansio.http import parse_cookie

from .multidict import holding

# Any: which values a class of an application's own gives is that class's affair.
S = TypeVar("S", bound=MultiDict[str, Any])

USUAL: Final[frozenset[type[object]]] = frozenset({ImmutableMultiDict})
"""The class that requests have unless told otherwise; a set, from which checkers conclude nothing."""

KEEP_ENCODED: Final = "werkzeug.url_quote"
"""Bytes that are no UTF-8 stay percent-encoded; a handler that Werkzeug's request registers."""


def fields_of(text: str, kind: type[S]) -> S:
    """The names and values of a query string or a form.

    :param text: what stands after the question mark, or the body of a form.
    :param kind: the class of the request's, `parameter_storage_class`. One of an application's own,
        also a derived one, is called with the pairs.
    """
    if kind in USUAL:
        return made_as(kind, holding(lists_of(text)))
    return kind(parse_qsl(text, keep_blank_values=True, errors=KEEP_ENCODED))


def cookies_of(header: str | None, kind: type[S]) -> S:
    """The cookies of a `Cookie` header.

    :param header: its value, as WSGI has it.
    :param kind: as for `fields_of`; the request's `dict_storage_class`.
    """
    if kind in USUAL:
        lists = {} if header is None else plain_cookies(header)
        if lists is not None:
            return made_as(kind, holding(lists))
    return made_as(kind, parse_cookie(header, cls=kind))


def made_as(kind: type[S], values: MultiDict[str, str]) -> S:
    """The values as the class that was asked for, which annotations on the way forgot."""
    return cast("S", values)


def lists_of(text: str) -> dict[str, list[str]]:
    """The values of each name, in order; a name without a value has an empty one.

    :param text: as for `fields_of`.
    """
    lists: dict[str, list[str]] = {}
    if "+" in text:
        text = text.replace("+", " ")
    encoded = "%" in text
    for item in text.split("&"):
        if item:
            name, _, value = item.partition("=")
            if encoded:
                if "%" in name:
                    name = decoded(name)
                if "%" in value:
                    value = decoded(value)
            if name in lists:
                lists[name].append(value)
            else:
                lists[name] = [value]
    return lists


def decoded(text: str) -> str:
    """Text in which escapes such as `%C3%A9` stand for bytes of UTF-8."""
    if not text.isascii():
        return unquote(text, errors=KEEP_ENCODED)
    # Quoted-printable is the same encoding with another sign, and decoded without a loop in
    # Python. It may be used where that sign and the ends of lines, which mean something there, do
    # not occur, and if each escape lost its two digits: of one that is none, it keeps more.
    if "=" not in text and "\n" not in text and "\r" not in text:
        data = a2b_qp(text.replace("%", "="))
        if len(data) == len(text) - 2 * text.count("%"):
            return data.decode("utf-8", KEEP_ENCODED)
    # What `unquote` does with each run of ASCII characters; here there is only one.
    return unquote_to_bytes(text).decode("utf-8", KEEP_ENCODED)


def plain_cookies(header: str) -> dict[str, list[str]] | None:
    """The values of each cookie, in order, or None for what only Werkzeug can read.

    Browsers put a semicolon and a space between cookies and no space elsewhere. Where that is so
    and nothing is quoted, nothing needs to be stripped, unquoted or searched for its end.
    """
    header = header.replace("; ", ";")
    if '"' in header or " " in header or "\t" in header:
        return None
    lists: dict[str, list[str]] = {}
    for item in header.split(";"):
        name, _, value = item.partition("=")
        if name in lists:
            lists[name].append(value)
        elif name:
            lists[name] = [value]
    return lists
