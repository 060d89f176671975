"""JSON by orjson: `Flask(__name__, json=OrjsonJSON)`, or as orjson does it by itself.

`OrjsonJSON` changes no value a client sees; `NativeOrjsonJSON` is the library without a bridge.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.wrappers import Response as BaseResponse

from typedflask.backends import missing_library
from typedflask.json.encode import iso_json
from typedflask.json.provider import DefaultJSONProvider, JSONProvider
from typedflask.json.quick import by_content

try:
    import orjson
except ImportError as _error:
    raise missing_library("OrjsonJSON", "orjson") from _error

# Any, in all of this module: which values can be written and read is the library's decision.


class OrjsonJSON(DefaultJSONProvider):
    """The JSON values of `DefaultJSONProvider`, by orjson in `dumps` too.

    What differs from the default provider is white space: `dumps(value)` has none, and so takes a
    tenth of the time. The standard library still writes what orjson cannot, or would write
    otherwise, and every value for which options of `json.dumps` are named.
    """

    _spaced = False


class NativeOrjsonJSON(JSONProvider):
    """orjson as it is, plus the types Flask knows; faster still, and other JSON in places.

    ISO dates, `null` for NaN and infinities, text in UTF-8, keys in the dict's own order, no
    integer beyond 64 bits, no key that is not a str; reading refuses NaN, byte order marks, UTF-16
    and lone surrogates, and turns big integers into floats. Other keys and numpy arrays are
    options of orjson.
    """

    sort_keys = False
    ensure_ascii = False
    """Not heeded: orjson writes UTF-8."""

    option: int = 0
    """Options of orjson, such as `orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY`."""

    default: Callable[[Any], Any] = staticmethod(partial(by_content, default=iso_json))
    """Turns a value orjson does not know into one it does, or raises `TypeError`."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a value as orjson does.

        :param kwargs: `default` and `option` of `orjson.dumps`.
        :raises TypeError: orjson refuses the value or an option.
        """
        own = {"default": self.default, "option": self._options()}
        return _encoded(obj, own | kwargs).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON text as orjson does, which takes no options.

        :raises ValueError: the text is not JSON.
        """
        return orjson.loads(s, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> BaseResponse:
        """Make a response of one JSON value and a line feed, indented in debug mode.

        Arguments are those of `JSONProvider.response`.
        """
        app = self._app
        options = self._options() | orjson.OPT_APPEND_NEWLINE
        if not (self.compact or (self.compact is None and not app.debug)):
            options |= orjson.OPT_INDENT_2
        value = self._prepare_response_obj(args, kwargs)
        body = _encoded(value, {"default": self.default, "option": options})
        return app.response_class(body, mimetype=self.mimetype)

    def _options(self) -> int:
        return self.option | orjson.OPT_SORT_KEYS if self.sort_keys else self.option


def _encoded(value: Any, options: dict[str, Any], /) -> bytes:
    try:
        return orjson.dumps(value, **options)
    except TypeError as error:
        # orjson wraps whatever a conversion raises, Ctrl-C included.
        if error.__cause__ is not None:
            raise error.__cause__ from None
        raise
