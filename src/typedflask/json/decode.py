"""How JSON text becomes Python values: what `json.loads` gives, sooner where orjson gives it too."""

from __future__ import annotations

import json
import re
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
            if not _may_hold_big_integer(data):
                return orjson.loads(data)
        except ValueError:
            # NaN, a byte order mark, UTF-16, a lone surrogate: read below. Anything else is
            # malformed, and the standard library says so in the words applications know.
            pass
    return standard_value(text, {})


def standard_value(text: str | bytes, options: dict[str, Any]) -> Any:
    """Read JSON text with the standard library; `options` are those of `json.loads`.

    :raises ValueError: the text is malformed or nested too deeply.
    """
    try:
        return json.loads(text, **options)
    except RecursionError:
        raise ValueError(f"this JSON is {codec.TOO_DEEP} to be read") from None


_BIG: Final = re.compile(rb"[0-9]{19}")
_DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")


def _may_hold_big_integer(data: bytes, /) -> bool:
    """Whether some number has the 19 digits from which orjson may round it to a float.

    Nineteen digits in a row put at least four neighbours into every fourth byte, which is cheap to
    look at; only if that finds something is all of the text searched.
    """
    # `find`, because `in` first tries to read the text searched for as a number.
    return data[::4].translate(_DIGITS_AS_ZERO).find(b"0000") >= 0 and bool(_BIG.search(data))


def read_by_the_book(text: str | bytes, /) -> Any:
    """Read JSON text with the standard library, whatever else is installed.

    :raises ValueError: the text is malformed or nested too deeply.
    """
    return standard_value(text, {})
