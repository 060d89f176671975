"""How JSON text becomes Python values: what `json.loads` gives, sooner where orjson gives it too."""

from __future__ import annotations

import json
from typing import Any, Final

from typedflask.json import codec


# Any: JSON holds whatever its writer put there.
def read_json(text: str | bytes, /) -> Any:
    """Read JSON text; the result is the one of `json.loads` without options.

    :raises ValueError: the text is malformed, not in UTF-8, UTF-16 or UTF-32, or nested too deeply.
    """
    orjson = codec.ORJSON
    if orjson is not None:
        try:
            data = text.encode() if isinstance(text, str) else text
            if data.translate(_DIGITS_AS_ZERO).find(_BIG) < 0:
                return orjson.loads(data)
        except ValueError:
            # NaN, a byte order mark, UTF-16, a lone surrogate: read below. Anything else is
            # malformed, and the standard library says so in the words applications know.
            pass
    return standard_value(text, {})


def quick_to_read(text: str, /) -> bytes | None:
    """The text, encoded, if orjson reads it, and gives what the standard library does; else None."""
    if codec.ORJSON is None:
        return None
    try:
        data = text.encode()
        codec.ORJSON.loads(data)
    except ValueError:
        return None
    return data if data.translate(_DIGITS_AS_ZERO).find(_BIG) < 0 else None


def read_sent_json(data: bytes, /) -> Any:
    """Read JSON that came over a network: as `read_json`, and what is not UTF-8 is an error.

    orjson reads nothing but UTF-8, so the data are only looked at where it could not read them.

    :raises ValueError: the data are malformed, not in UTF-8, or nested too deeply.
    """
    orjson = codec.ORJSON
    if orjson is not None and data.translate(_DIGITS_AS_ZERO).find(_BIG) < 0:
        try:
            return orjson.loads(data)
        except ValueError:
            pass
    check_utf8(data)
    return standard_value(data, {})


def check_utf8(data: bytes, /) -> None:
    """Refuse JSON in another encoding, which none may have over a network (RFC 8259, section 8.1).

    :raises ValueError: it is not UTF-8.
    """
    if not data.isascii():
        data.decode()
    if 0 in data:
        raise ValueError("The JSON document holds zero bytes: it is not UTF-8.")


def standard_value(text: str | bytes, options: dict[str, Any]) -> Any:
    """Read JSON text with the standard library; `options` are those of `json.loads`.

    :raises ValueError: the text is malformed or nested too deeply.
    """
    try:
        return json.loads(text, **options)
    except RecursionError:
        raise ValueError(f"this JSON is {codec.TOO_DEEP} to be read") from None


# From 19 digits on orjson may round an integer to a float. To look for that many digits in a row
# among digits that are all alike is an order of magnitude quicker than a regular expression.
_DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")
_BIG: Final = b"0" * 19


def read_by_the_book(text: str | bytes, /) -> Any:
    """Read JSON text with the standard library, whatever else is installed.

    :raises ValueError: the text is malformed or nested too deeply.
    """
    return standard_value(text, {})
