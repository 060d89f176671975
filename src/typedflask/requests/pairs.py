"""Names and values of query strings and forms (`application/x-www-form-urlencoded`), and of cookies.

In the dictionary requests have by default, they are read here in one pass, with what the standard
library's `parse_qsl` and Werkzeug's `parse_cookie` give; any other dictionary, and cookies that are not
plain, are theirs. Tests compare the two.
"""

from __future__ import annotations

from binascii import a2b_qp
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.sansio.http import parse_cookie

from .multidict import holding

Values: TypeAlias = MultiDict[str, str]

USUAL: Final[frozenset[type[object]]] = frozenset({ImmutableMultiDict})
"""The class that requests have unless told otherwise; a set, from which checkers conclude nothing."""

KEEP_ENCODED: Final = "werkzeug.url_quote"
"""Bytes that are no UTF-8 stay percent-encoded; a handler that Werkzeug's request registers."""


def fields_of(text: str, kind: type[Values]) -> Values:
    """The names and values of a query string or a form, in order; a value may be empty.

    :param text: what stands after the question mark, or the body of a form.
    :param kind: the class of the request's, `parameter_storage_class`. One of an application's own,
        also a derived one, is called with the pairs.
    """
    if kind not in USUAL:
        return kind(parse_qsl(text, keep_blank_values=True, errors=KEEP_ENCODED))
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
    return holding(lists)


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


def cookies_of(header: str, kind: type[Values]) -> Values:
    """The cookies of a `Cookie` header.

    :param header: its value, as WSGI has it.
    :param kind: as for `fields_of`; the request's `dict_storage_class`.
    """
    # Browsers put a semicolon and a space between cookies and no space elsewhere. Where that is so
    # and nothing is quoted, nothing needs to be stripped, unquoted or searched for its end.
    plain = header.replace("; ", ";")
    if kind not in USUAL or '"' in plain or " " in plain or "\t" in plain:
        return parse_cookie(header, cls=kind)
    lists: dict[str, list[str]] = {}
    for item in plain.split(";"):
        name, _, value = item.partition("=")
        if name in lists:
            lists[name].append(value)
        elif name:
            lists[name] = [value]
    return holding(lists)
