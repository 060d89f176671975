"""How a Python value becomes JSON text: quickly where that changes nothing, else by the book.

`standard_text` is the book: the standard library, told by `default_json` about the types that
Flask's documentation adds. `fast_json` gives the same JSON through orjson or, where orjson cannot,
None. What it has to bridge is listed in docs/decisions/020-json-default-provider.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from math import isfinite
from types import NoneType
from typing import Any, Final
from uuid import UUID

from markupsafe import Markup
from werkzeug.http import http_date

from typedflask.json import codec
from typedflask.json.models import model_conversion

# --- by the book -------------------------------------------------------------------------


# Any: whatever an application tries to write arrives here, and any JSON value may leave.
def default_json(value: Any, /) -> Any:
    """Turn a value the JSON encoder does not know into one it does.

    Dates and datetimes become HTTP dates (RFC 9110, in GMT; a datetime without a zone counts as
    UTC), `Decimal` and `UUID` strings, dataclasses objects, and whatever has an `__html__` method
    the markup it returns, as Flask's documentation says. An `Enum` becomes its value, objects of
    attrs, msgspec Structs and pydantic models what `models` makes of them: additions of ours, asked
    about last.

    :raises TypeError: the value is of no such type.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return http_date(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    markup = getattr(value, "__html__", None)
    if markup is not None:
        return str(markup())
    from_model = model_conversion(value)
    if from_model is not None:
        return from_model(value)
    raise TypeError(
        f"JSON cannot hold an object of type {type(value).__name__!r}; turn it into text, a "
        "number, a list or a dict first, or give app.json a `default` that does"
    )


def standard_text(value: Any, options: Mapping[str, Any]) -> str:
    """Write a value with the standard library; `options` are those of `json.dumps`.

    :raises TypeError: something in the value cannot be written, or keys cannot be sorted.
    :raises ValueError: the value contains itself or is nested too deeply.
    """
    try:
        return json.dumps(value, **options)
    except RecursionError:
        raise _too_deep() from None
    except TypeError as error:
        raise _clearer(error) from None


def default_text(value: Any, *, sort_keys: bool, ensure_ascii: bool) -> str:
    """What `standard_text` writes with `default_json` and these options, by an encoder kept ready.

    :raises TypeError: something in the value cannot be written, or keys cannot be sorted.
    :raises ValueError: the value contains itself or is nested too deeply.
    """
    try:
        return _encoder(sort_keys, ensure_ascii).encode(value)
    except RecursionError:
        raise _too_deep() from None
    except TypeError as error:
        raise _clearer(error) from None


@cache
def _encoder(sort_keys: bool, ensure_ascii: bool, /) -> json.JSONEncoder:
    return json.JSONEncoder(default=default_json, sort_keys=sort_keys, ensure_ascii=ensure_ascii)


def _too_deep() -> ValueError:
    return ValueError(f"this value is {codec.TOO_DEEP} to be written as JSON; flatten it")


def _clearer(error: TypeError, /) -> TypeError:
    """The error itself, or one that explains it better."""
    if "'<' not supported" not in str(error):
        return error
    return TypeError(
        "a dict has keys of several types, which cannot be put in order; use keys of one type "
        f"or set app.json.sort_keys = False ({error})"
    )


# --- through orjson ----------------------------------------------------------------------


def fast_json(
    value: Any, *, sort_keys: bool, ensure_ascii: bool, newline: bool = False
) -> bytes | None:
    """Write a value through orjson as `default_json` and the standard library would.

    The text has no white space between its tokens. Returns it in UTF-8, or None where orjson is
    not installed, refuses the value, or would write other JSON than the standard library; errors
    are left for the standard library to word.

    :param newline: end the text in a line feed.
    """
    orjson = codec.ORJSON
    if orjson is None:
        return None
    options = orjson.strict
    if sort_keys:
        options |= orjson.sort_keys
    if newline:
        options |= orjson.newline
    try:
        text = orjson.dumps(value, _plain, options)
    except TypeError as error:
        # orjson also wraps what must stop the program: Ctrl-C during a conversion, say.
        if error.__cause__ is not None and not isinstance(error.__cause__, Exception):
            raise error.__cause__ from None
        return None
    if b"null" in text and not _all_finite((value,)):
        return None
    # The standard library escapes DEL as well, although it is ASCII.
    if ensure_ascii and (not text.isascii() or b"\x7f" in text):
        return _escaped(text)
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


def _plain(value: Any, /) -> Any:
    """Turn what orjson hands back, in its strict mode, into what the standard library sees."""
    for kind, content in _CONTENT:
        if issubclass(type(value), kind):
            return content(value)
    return default_json(value)


_NEVER_NULL: Final = frozenset({str, Markup, int, bool, NoneType, datetime, date, Decimal, UUID})
"""Types that never turn into a NaN or an infinity on their way to JSON."""


def _all_finite(values: Iterable[Any], /) -> bool:
    """Whether every `null` in the text of these values stands for None.

    orjson writes `null` for NaN and infinities, the standard library their names. Only asked when
    the text holds a `null`, and then of values that orjson has accepted, so the depth is bounded.
    """
    for value in values:
        if type(value) in _NEVER_NULL:
            continue
        if type(value) is float:
            if not isfinite(value):
                return False
        elif not _all_finite(_parts(value)):
            return False
    return True


def _parts(value: object, /) -> Iterable[Any]:
    return _PARTS.get(type(value), _converted)(value)


def _converted(value: Any, /) -> tuple[Any]:
    return (_plain(value),)


_PARTS: Final[Mapping[type[object], Callable[[Any], Iterable[Any]]]] = {
    dict: _DICT.values,
    list: iter,
    tuple: iter,
}
"""How to get at the values inside a value; other types are converted first."""


_BEYOND_16_BITS: Final = re.compile(rb"\\U([0-9a-f]{8})")


def _escaped(text: bytes, /) -> bytes:
    r"""Write every character beyond ASCII, and DEL, as the `\uXXXX` of RFC 8259, section 7.

    Python's own codec does the work; its `\xfc` and `\U0001f600` are not JSON and are rewritten.
    So that they cannot be confused with text, backslashes in the text hide for the moment.
    """
    text = text.replace(rb"\\", rb"\u005c").decode().encode("ascii", "backslashreplace")
    text = text.replace(rb"\x", rb"\u00").replace(b"\x7f", rb"\u007f")
    if rb"\U" in text:
        text = _BEYOND_16_BITS.sub(_surrogates, text)
    return text.replace(rb"\u005c", rb"\\")


def _surrogates(escape: re.Match[bytes], /) -> bytes:
    beyond = int(escape[1], 16) - 0x10000
    return b"\\u%04x\\u%04x" % (0xD800 | beyond >> 10, 0xDC00 | beyond & 0x3FF)
