"""The quick way to JSON text: through orjson, wherever that gives what the book gives, else None.

What has to be bridged is listed in docs/decisions/020-json-default-provider.md. A `QuickWriter` is
what a backend of this package is made of; `json/msgspec.py` has another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from math import isfinite
from types import NoneType
from typing import Any, Final, Protocol
from uuid import UUID

from markupsafe import Markup

from typedflask.json import codec
from typedflask.json.encode import default_json, iso_json
from typedflask.json.models import class_of

# Any, in all of this module: whatever an application tries to write.

Conversion = Callable[[Any], Any]
"""Turns a value the encoder does not know into one it does: `default_json` or another."""


class QuickWriter(Protocol):
    """Writes the JSON the standard library would write, or leaves it to the standard library."""

    def __call__(
        self,
        value: Any,
        /,
        *,
        default: Conversion,
        sort_keys: bool,
        ensure_ascii: bool,
        newline: bool = False,
    ) -> bytes | None:
        """The text in UTF-8, without white space between its tokens; None: I cannot.

        None also stands for every error: the standard library words it.

        :param default: which conversion the book uses.
        :param sort_keys: write the keys of objects in order.
        :param ensure_ascii: escape what is not ASCII.
        :param newline: end the text in a line feed.
        """
        ...


def no_quick_way(
    value: Any,
    /,
    *,
    default: Conversion,
    sort_keys: bool,
    ensure_ascii: bool,
    newline: bool = False,
) -> None:
    """The `QuickWriter` of who wants the standard library to write everything."""
    return


def fast_json(
    value: Any,
    /,
    *,
    default: Conversion = default_json,
    sort_keys: bool,
    ensure_ascii: bool,
    newline: bool = False,
) -> bytes | None:
    """The `QuickWriter` through orjson.

    It cannot where orjson is not installed, refuses the value, or would write other JSON than the
    standard library; nor where an application has a conversion of its own, which orjson would not
    ask about enums and UUIDs.
    """
    orjson = codec.ORJSON
    if orjson is None:
        return None
    if default is default_json:
        plain = _plain
    elif default is iso_json:
        plain = _plain_iso
    else:
        return None
    options = orjson.strict
    if sort_keys:
        options |= orjson.sort_keys
    if newline:
        options |= orjson.newline
    try:
        text = orjson.dumps(value, plain, options)
    except TypeError as error:
        # orjson also wraps what must stop the program: Ctrl-C during a conversion, say.
        if error.__cause__ is not None and not isinstance(error.__cause__, Exception):
            raise error.__cause__ from None
        return None
    # `find`, because `in` first tries to read the text searched for as a number.
    if text.find(b"null") >= 0 and not _all_finite((value,)):
        return None
    # The standard library escapes DEL as well, although it is ASCII.
    if ensure_ascii and (not text.isascii() or _DEL in text):
        return escaped(text)
    return text


# The built-in classes, with element types for the checkers.
_DICT: Final[type[dict[Any, Any]]] = dict
_LIST: Final[type[list[Any]]] = list
_TUPLE: Final[type[tuple[Any, ...]]] = tuple


def _shown_items(value: dict[Any, Any], /) -> dict[Any, Any]:
    # The standard library asks for the stored length before it asks for the items.
    return dict(value.items()) if _DICT.__len__(value) else {}


def _stored_list(value: list[Any], /) -> list[Any]:
    return _LIST.copy(value)


def _stored_tuple(value: tuple[Any, ...], /) -> list[Any]:
    return [*_TUPLE.__iter__(value)]


_CONTENT: Final[tuple[tuple[type[object], Callable[[Any], object]], ...]] = (
    (str, str.__str__),
    (dict, _shown_items),
    (list, _stored_list),
    (tuple, _stored_tuple),
    (int, int.__int__),
    (float, float.__float__),
)
"""What the standard library sees of an object whose class extends a built-in one.

A dict counts for what its `items()` says: Werkzeug's MultiDict stores lists and shows single
values. The others count for their content, whatever methods the class overrides.
"""


_NO_CONTENT: Final = frozenset({datetime, date, Decimal, UUID})
"""The usual types that extend no built-in one, for which there is nothing to find out."""


def by_content(value: Any, /, default: Conversion) -> Any:
    """Turn what a strict encoder hands back into what the standard library sees.

    That is an object of a class that extends a built-in one, or `default` decides. A built-in
    object itself comes back only as a key that is no key in JSON.
    """
    own = class_of(value)
    if own in _NO_CONTENT:
        return default(value)
    for kind, content in _CONTENT:
        if issubclass(own, kind) and own is not kind:
            return content(value)
    return default(value)


_plain: Final = partial(by_content, default=default_json)
_plain_iso: Final = partial(by_content, default=iso_json)

# Not Final, for which pyright would see what `type` gives of Any, and no class it knows.
_kind_of: Callable[[object], type[object]] = type

_NEVER_NULL: Final = frozenset({str, Markup, int, bool, NoneType, datetime, date, Decimal, UUID})
"""Types that never turn into a NaN or an infinity on their way to JSON."""


def _all_finite(values: Iterable[Any], /) -> bool:
    """Whether every `null` in the text of these values stands for None.

    orjson writes `null` for NaN and infinities, the standard library their names. Only asked when
    the text holds a `null`, and then of values that orjson has accepted, so the depth is bounded.
    """
    for value in values:
        kind = _kind_of(value)
        if kind in _NEVER_NULL:
            continue
        if kind is float:
            if not isfinite(value):
                return False
        elif kind is dict:
            if not _all_finite(value.values()):
                return False
        # Other types are what orjson sees once they are converted.
        elif not _all_finite(value if kind is list or kind is tuple else (_plain(value),)):
            return False
    return True


_BACKSLASH, _SMALL_X, _LARGE_U, _DEL = b"\\xU\x7f"
_BEYOND_16_BITS: Final = re.compile(rb"\\U([0-9a-f]{8})")


def escaped(text: bytes, /) -> bytes:
    r"""Write every character beyond ASCII, and DEL, as the `\uXXXX` of RFC 8259, section 7.

    Python's own codec does the work; its `\xfc` and `\U0001f600` are not JSON and are rewritten.
    So that they cannot be confused with text, backslashes in the text hide for the moment.
    """
    # A search for one byte is cheap, one for two is not: it is only made where the one is there.
    hides = _BACKSLASH in text
    if hides:
        text = text.replace(rb"\\", rb"\u005c")
    text = text.decode().encode("ascii", "backslashreplace")
    if _SMALL_X in text:
        text = text.replace(rb"\x", rb"\u00")
    if _DEL in text:
        text = text.replace(b"\x7f", rb"\u007f")
    if _LARGE_U in text and rb"\U" in text:
        text = _BEYOND_16_BITS.sub(_surrogates, text)
    return text.replace(rb"\u005c", rb"\\") if hides else text


def _surrogates(escape: re.Match[bytes], /) -> bytes:
    beyond = int(escape[1], 16) - 0x10000
    return b"\\u%04x\\u%04x" % (0xD800 | beyond >> 10, 0xDC00 | beyond & 0x3FF)
