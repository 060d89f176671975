"""JSON by msgspec: `Flask(__name__, json=MsgspecJSON)`, or as msgspec does it by itself.

`MsgspecJSON` changes no value a client sees; `NativeMsgspecJSON` is the library without a bridge.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from math import isfinite
from types import NoneType
from typing import Any, Final
from uuid import UUID

from werkzeug.wrappers import Response as BaseResponse

from typedflask.backends import missing_library
from typedflask.json import codec
from typedflask.json.decode import read_by_the_book
from typedflask.json.encode import default_json, iso_json
from typedflask.json.models import class_of
from typedflask.json.provider import DefaultJSONProvider, JSONProvider
from typedflask.json.quick import Conversion, Style, by_content, escaped, fast_json

try:
    import msgspec
except ImportError as _error:
    raise missing_library("MsgspecJSON", "msgspec") from _error

# Any, in all of this module: which values can be written and read is the library's decision.

_decode: Final = msgspec.json.Decoder().decode


# --- as the standard library -------------------------------------------------------------


def quick_value(text: str | bytes, /) -> Any:
    """Read JSON text; the result is the one of `json.loads` without options.

    :raises ValueError: the text is malformed, not in UTF-8, UTF-16 or UTF-32, or nested too deeply.
    """
    try:
        return _decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # NaN, infinities, a byte order mark, UTF-16, a lone surrogate, a number beyond all floats;
        # or malformed, and the standard library says so in the words applications know.
        return read_by_the_book(text)


def quick_json(value: Any, style: Style, /) -> bytes | None:
    """The `QuickWriter` through msgspec.

    msgspec is not asked before it writes a date, a set or bytes, so the value is looked through
    afterwards. What it would write otherwise is left to the default provider's way.
    """
    default = style.default
    if default is default_json or default is iso_json:
        text = _same_json(value, default, style.sort_keys)
        if text is not None:
            if style.ensure_ascii and (not text.isascii() or b"\x7f" in text):
                text = escaped(text)
            return text + b"\n" if style.newline else text
    return fast_json(value, style)


def _same_json(value: Any, default: Conversion, sort_keys: bool, /) -> bytes | None:
    converted: list[Any] = []

    def convert(unknown: Any) -> Any:
        known = by_content(unknown, default)
        converted.append((unknown, known))
        return known

    try:
        try:
            text = _ENCODE[sort_keys](value)
        except TypeError:
            text = msgspec.json.encode(
                value, enc_hook=convert, order="sorted" if sort_keys else None
            )
    except Exception:
        # Whatever it is, the standard library meets it too, and words it.
        return None
    # Text was written, so the value is finite and holds no circle. What msgspec asks about once
    # it asks about always.
    harmless = _ALIKE | {class_of(unknown) for unknown, _ in converted}
    looked_at = [value, *(known for _, known in converted)]
    same = _is_plain(looked_at, harmless, b"null" in text, any_keys=sort_keys)
    return text if same else None


_ENCODE: Final = (msgspec.json.Encoder().encode, msgspec.json.Encoder(order="sorted").encode)
"""By whether keys are sorted."""
_LEAVES: Final[frozenset[Any]] = frozenset(
    {str, int, float, bool, NoneType, UUID, Decimal, msgspec.UnsetType}
)
_ALIKE: Final[frozenset[Any]] = _LEAVES | {dict, list, tuple}
"""What msgspec writes as the standard library does, but for NaN and for what is inside."""


def _is_plain(
    level: list[Any], harmless: frozenset[Any], has_null: bool, *, any_keys: bool
) -> bool:
    """Whether msgspec wrote these values as the standard library would have done.

    They are looked through level by level, so that most of it is a loop inside of the interpreter.

    :param harmless: the types whose values are written alike; Structs are looked into, too.
    :param has_null: the text holds a `null`, which may stand for NaN or an infinity.
    :param any_keys: msgspec was asked to sort, and then refuses keys that are no text itself.
    """
    while level:
        kinds: set[Any] = set(map(type, level))
        if not kinds <= harmless and not all(map(_is_plain_struct, kinds - harmless)):
            return False
        if has_null and not all(isfinite(value) for value in level if type(value) is float):
            return False
        if kinds <= _LEAVES:
            return True
        below: list[Any] = []
        for value in level if kinds.isdisjoint(_LEAVES) else _with_parts(level):
            kind = class_of(value)
            if kind is dict:
                if not any_keys and not all(type(key) is str for key in value):
                    return False
                below += value.values()
            elif kind is list or kind is tuple:
                below += value
            elif issubclass(kind, msgspec.Struct):
                below += msgspec.structs.astuple(value)
        level = below
    return True


def _with_parts(level: list[Any], /) -> list[Any]:
    return [value for value in level if type(value) not in _LEAVES]


def _is_plain_struct(kind: Any, /) -> bool:
    return issubclass(kind, msgspec.Struct) and not hasattr(kind, "__html__")


class MsgspecJSON(DefaultJSONProvider):
    """The JSON values of `DefaultJSONProvider`, by msgspec in both directions.

    It pays where views return msgspec Structs. What differs from the default provider is white
    space: `dumps(value)` has none. The default provider's way is taken for what msgspec cannot
    write or would write otherwise, and for every value for which options of `json.dumps` are named.
    """

    _write_quickly = staticmethod(quick_json)
    _read = staticmethod(quick_value)
    _spaced = False


# --- as msgspec --------------------------------------------------------------------------


class NativeMsgspecJSON(JSONProvider):
    """msgspec as it is, plus the types Flask knows; faster still, and other JSON in places.

    ISO dates, `null` for NaN and infinities, text in UTF-8, keys in the dict's own order, sets as
    lists and bytes in base64; reading refuses NaN, byte order marks, UTF-16 and lone surrogates.
    `loads` also takes the options of `msgspec.json.decode`: `app.json.loads(data, type=Order)`.
    """

    sort_keys = False
    ensure_ascii = False
    """Not heeded: msgspec writes UTF-8."""

    default: Callable[[Any], Any] = staticmethod(partial(by_content, default=iso_json))
    """Turns a value msgspec does not know into one it does, or raises `TypeError`."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a value as msgspec does.

        :param kwargs: `enc_hook` and `order` of `msgspec.json.encode`.
        :raises TypeError: msgspec refuses the value or an option.
        :raises ValueError: the value contains itself, is nested too deeply or holds a surrogate.
        """
        return self._encoded(obj, kwargs).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON text as msgspec does.

        :param kwargs: `type`, `strict` and `dec_hook` of `msgspec.json.decode`.
        :raises ValueError: the text is not JSON, or not of the type; the cause is msgspec's error.
        """
        try:
            return msgspec.json.decode(s, **kwargs)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error
        except RecursionError:
            raise ValueError(f"this JSON is {codec.TOO_DEEP} to be read") from None

    def response(self, *args: Any, **kwargs: Any) -> BaseResponse:
        """Make a response of one JSON value and a line feed, indented in debug mode.

        Arguments are those of `JSONProvider.response`.
        """
        app = self._app
        body = self._encoded(self._prepare_response_obj(args, kwargs), {})
        if not (self.compact or (self.compact is None and not app.debug)):
            body = msgspec.json.format(body, indent=2)
        return app.response_class(body + b"\n", mimetype=self.mimetype)

    def _encoded(self, value: Any, options: dict[str, Any], /) -> bytes:
        own: dict[str, Any] = {
            "enc_hook": self.default,
            "order": "sorted" if self.sort_keys else None,
        }
        try:
            return msgspec.json.encode(value, **own | options)
        except RecursionError:
            raise ValueError(f"this value is {codec.TOO_DEEP} to be written as JSON") from None
