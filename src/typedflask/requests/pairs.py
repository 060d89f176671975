"""Names and values of query strings and forms (`application/x-www-form-urlencoded`).

What the standard library's `parse_qsl` does as Werkzeug calls it, without the options nobody uses
here; each encoded text is decoded by the standard library. A test compares the two.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, unquote_to_bytes

KEEP_ENCODED: Final = "werkzeug.url_quote"
"""Bytes that are no UTF-8 stay percent-encoded; a handler that Werkzeug's request registers."""


def pairs_of(text: str) -> list[tuple[str, str]]:
    """The pairs of names and values, in order; a name without a value has an empty one.

    :param text: what stands after the question mark, or the body of a form.
    """
    pairs: list[tuple[str, str]] = []
    if "%" in text or "+" in text:
        for item in text.split("&"):
            if item:
                name, _, value = item.partition("=")
                pairs.append((_decoded(name), _decoded(value)))
    else:
        for item in text.split("&"):
            if item:
                name, _, value = item.partition("=")
                pairs.append((name, value))
    return pairs


def _decoded(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    if text.isascii():
        # What `unquote` does with each run of ASCII characters; here there is only one.
        return unquote_to_bytes(text).decode("utf-8", KEEP_ENCODED)
    return unquote(text, errors=KEEP_ENCODED)
