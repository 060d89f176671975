"""The door to orjson, which is faster than the standard library and need not be installed.

Everything that depends on orjson being there asks `ORJSON`; None means "use the standard library".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final


class Codec:
    """The two functions of orjson and the options the encoder chooses from.

    :param options: to hand dates, dataclasses and subclasses of built-in types to our conversion;
        after that also to sort keys, to end in a line feed, or both. By `option_place`.
    """

    __slots__ = ("dumps", "loads", "options", "strict")

    # Any: JSON values have no narrower type that orjson and its callers share.
    def __init__(
        self,
        dumps: Callable[[Any, Callable[[Any], Any], int], bytes],
        loads: Callable[[bytes], Any],
        options: tuple[int, int, int, int],
    ) -> None:
        self.dumps: Callable[[Any, Callable[[Any], Any], int], bytes] = dumps
        self.loads: Callable[[bytes], Any] = loads
        self.options: tuple[int, int, int, int] = options
        self.strict: int = options[0]


def option_place(*, sort_keys: bool, newline: bool) -> int:
    """Where in `Codec.options` the options are that do this, besides what they all do."""
    return sort_keys + 2 * newline


def find_orjson() -> Codec | None:
    """Look for orjson; None where it is not installed."""
    try:
        import orjson
    except ImportError:
        return None
    strict = (
        orjson.OPT_PASSTHROUGH_DATETIME
        | orjson.OPT_PASSTHROUGH_DATACLASS
        | orjson.OPT_PASSTHROUGH_SUBCLASS
    )
    in_order, line = orjson.OPT_SORT_KEYS, orjson.OPT_APPEND_NEWLINE
    options = strict, strict | in_order, strict | line, strict | in_order | line
    return Codec(orjson.dumps, orjson.loads, options)


ORJSON: Codec | None = find_orjson()
TOO_DEEP: Final = "nested too deeply"
"""How every error of this folder names a value whose nesting exhausts the interpreter's stack."""
