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
from typing import Any, Final, TypeAlias
from uuid import UUID

from markupsafe import Markup

from typedflask.json import codec
from typedflask.json.encode import default_json, iso_json
from typedflask.json.models import class_of

# Any, in all of this module: whatever an application tries to write.

Conversion = Callable[[Any], Any]
"""Turns a value the encoder does not know into one it does: `default_json` or another."""


class Style:
    """How JSON text is to be written; there is no white space between its tokens.

    :param default: which conversion the book uses.
    :param sort_keys: write the keys of objects in order.
    :param ensure_ascii: escape what is not ASCII.
    :param newline: end the text in a line feed.
    """

    __slots__ = ("default", "ensure_ascii", "newline", "place", "plain", "sort_keys")

    def __init__(
        self, default: Conversion, *, sort_keys: bool, ensure_ascii: bool, newline: bool = False
    ) -> None:
        self.default: Conversion = default
        self.sort_keys: bool = sort_keys
        self.ensure_ascii: bool = ensure_ascii
        self.newline: bool = newline
        # Worked out here, because a style is used for many values: what orjson is told.
        self.place: int = codec.option_place(sort_keys=bool(sort_keys), newline=newline)
        self.plain: Conversion | None = _plain_of(default)

    def with_newline(self) -> Style:
        """The same with a line feed at the end."""
        return Style(
            self.default, sort_keys=self.sort_keys, ensure_ascii=self.ensure_ascii, newline=True
        )


QuickWriter: TypeAlias = Callable[[Any, Style], bytes | None]
"""Writes the JSON the standard library would write, in UTF-8, or leaves it to the standard library.

That is what None means: "I cannot". It also stands for every error: the standard library words it.
"""


def no_quick_way(value: Any, style: Style, /) -> None:
    """The `QuickWriter` of who wants the standard library to write everything."""
    return


def fast_json(value: Any, style: Style, /) -> bytes | None:
    """The `QuickWriter` through orjson.

    It cannot where orjson is not installed, refuses the value, or would write other JSON than the
    standard library; nor where an application has a conversion of its own, which orjson would not
    ask about enums and UUIDs.
    """
    orjson, plain = codec.ORJSON, style.plain
    if orjson is None or plain is None:
        return None
    try:
        text = orjson.dumps(value, plain, orjson.options[style.place])
    except TypeError as error:
        # orjson also wraps what must stop the program: Ctrl-C during a conversion, say.
        if error.__cause__ is not None and not isinstance(error.__cause__, Exception):
            raise error.__cause__ from None
        return None
    if text.isascii():
        # `find`, because `in` first tries to read the text searched for as a number.
        if text.find(b"null") >= 0 and not _all_finite(
            value.values() if _kind_of(value) is dict else (value,)
        ):
            return None
        # The standard library escapes DEL as well, although it is ASCII.
        return escaped(text) if style.ensure_ascii and _DEL in text else text
    shown = text.decode()
    if "null" in shown and not _all_finite(value.values() if _kind_of(value) is dict else (value,)):
        return None
    return _escaped(text, shown) if style.ensure_ascii else text


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


def _plain_of(default: Conversion, /) -> Conversion | None:
    """What orjson is to ask about values it does not know; None where that would not do."""
    if default is default_json:
        return _plain
    return _plain_iso if default is iso_json else None


# Not Final, for which pyright would see what `type` gives of Any, and no class it knows.
_kind_of: Callable[[object], type[object]] = type

_NEVER_NULL: Final = frozenset({Markup, datetime, date, Decimal, UUID})
"""Types that never turn into a NaN or an infinity on their way to JSON, besides the commonest."""


def _all_finite(values: Iterable[Any], /) -> bool:
    """Whether every `null` in the text of these values stands for None.

    orjson writes `null` for NaN and infinities, the standard library their names. Only asked when
    the text holds a `null`, and then of values that orjson has accepted, so the depth is bounded.
    """
    # For most small answers this takes longer than orjson. What is commonest is asked first, and
    # without a call; a float minus itself is 0 unless it is a NaN or an infinity.
    for value in values:
        kind = _kind_of(value)
        if kind is str or kind is int or value is None or kind is bool:
            continue
        if kind is float:
            if value - value != 0.0:
                return False
        elif kind is dict:
            if not _all_finite(value.values()):
                return False
        elif kind is list or kind is tuple:
            if not _all_finite(value):
                return False
        # Other types are what orjson sees once they are converted.
        elif kind not in _NEVER_NULL and not _all_finite((_plain(value),)):
            return False
    return True


_BACKSLASH, _SMALL_X, _LARGE_U, _DEL = b"\\xU\x7f"
_BEYOND_16_BITS: Final = re.compile(rb"\\U([0-9a-f]{8})")


def escaped(text: bytes, /) -> bytes:
    r"""Write every character beyond ASCII, and DEL, as the `\uXXXX` of RFC 8259, section 7."""
    return _escaped(text, text.decode())


def _escaped(text: bytes, shown: str, /) -> bytes:
    r"""As `escaped`, of a text that was decoded already.

    Python's own codec does the work; its `\xfc` and `\U0001f600` are not JSON and are rewritten.
    So that they cannot be confused with text, backslashes in the text hide for the moment.
    """
    # A search for one byte is cheap, one for two is not: it is only made where the one is there.
    hides = _BACKSLASH in text
    if hides:
        shown = text.replace(rb"\\", rb"\u005c").decode()
    text = shown.encode("ascii", "backslashreplace")
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
