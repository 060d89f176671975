"""The door to orjson, which is faster than the standard library and need not be installed.

Everything that depends on orjson being there asks `ORJSON`; None means "use the standard library".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple


class Codec(NamedTuple):
    """The two functions of orjson and the options the encoder combines."""

    # Any: JSON values have no narrower type that orjson and its callers share.
    dumps: Callable[[Any, Callable[[Any], Any], int], bytes]
    loads: Callable[[bytes], Any]
    strict: int
    """Hand dates, dataclasses and subclasses of built-in types to our conversion."""
    sort_keys: int
    indent: int
    newline: int


def find_orjson() -> Codec | None:
    """Look for orjson; None where it is not installed."""
    try:
        import orjson
    except ImportError:
        return None
    return Codec(
        dumps=orjson.dumps,
        loads=orjson.loads,
        strict=orjson.OPT_PASSTHROUGH_DATETIME
        | orjson.OPT_PASSTHROUGH_DATACLASS
        | orjson.OPT_PASSTHROUGH_SUBCLASS,
        sort_keys=orjson.OPT_SORT_KEYS,
        indent=orjson.OPT_INDENT_2,
        newline=orjson.OPT_APPEND_NEWLINE,
    )


ORJSON: Codec | None = find_orjson()
TOO_DEEP: Final = "nested too deeply"
"""How every error of this folder names a value whose nesting exhausts the interpreter's stack."""
