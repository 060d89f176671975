"""The short ways of tagged JSON: values and texts in which there is no tag, as in most sessions.

To find that out is several times as quick as to ask each tag about each value, and each value
whether it is a tag. `tag.py` says when these may be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from math import isfinite
from types import NoneType
from typing import Any, Final

from typedflask.json import codec
from typedflask.json.encode import default_json
from typedflask.json.quick import escaped

_PLAIN: Final[frozenset[type[object]]] = frozenset({str, int, bool, NoneType})
"""Types of values that JSON has, and that hold no other values."""

# Not Final, for which pyright would see what `type` gives of Any, and no class it knows.
_kind_of: Callable[[object], type[object]] = type

_DEL: Final = b"\x7f"
"""The one character of ASCII that the standard library escapes and orjson does not."""


# Any: whatever an application keeps.
def plain_text(value: Any, tags: Container[object], /) -> bytes | None:
    """What tagged JSON writes for a value in which nothing needs a tag; None where it may.

    The default tags leave values of JSON's own types alone, but for a dict that looks like a tag.

    :param tags: the keys of the tags.
    """
    orjson = codec.ORJSON
    if orjson is None:
        return None
    try:
        if _may_need_tags((value,), tags):
            return None
        text = orjson.dumps(value, default_json, orjson.strict)
    # A big integer, half a surrogate pair, a key that is no text, great depth.
    except (TypeError, RecursionError):
        return None
    return text if text.isascii() and text.find(_DEL) < 0 else escaped(text)


def _may_need_tags(values: Iterable[Any], tags: Container[object], /) -> bool:
    """Whether some value, or one in it, is perhaps not written as it is."""
    for value in values:
        kind = _kind_of(value)
        if kind in _PLAIN:
            continue
        if kind is dict:
            if len(value) == 1 and next(iter(value)) in tags:
                return True
            inside = value.values()
        elif kind is list:
            inside = value
        elif kind is float and isfinite(value):
            continue
        else:
            return True
        if value and _may_need_tags(inside, tags):
            return True
    return False


def holds_no_tag(text: str | bytes, /) -> bool:
    """Whether there is no tag in this JSON, provided that the keys of all tags begin with a space.

    Then so does what follows the quotation mark of such a key. A backslash could hide it.
    """
    return isinstance(text, str) and text.find('" ') < 0 and text.find("\\") < 0
