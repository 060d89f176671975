"""JSON: the functions users call, the providers of an application, and tagged JSON for sessions.

`contract` says what a backend must do, `provider` holds the default one, and `stdlib`, `orjson`
and `msgspec` the others, which are imported when they are chosen. `encode` and `decode` do the
work, `quick` the same sooner; `tag` writes Python types that JSON has no words for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typedflask.json.contract import JSONApp, JSONBackend
    from typedflask.json.encode import default_json, iso_json
    from typedflask.json.functions import dump, dumps, jsonify, load, loads
    from typedflask.json.provider import DefaultJSONProvider, JSONProvider, ProviderOf
else:
    _LATER: Final = {
        "contract": ("JSONApp", "JSONBackend"),
        "encode": ("default_json", "iso_json"),
        "functions": ("dump", "dumps", "jsonify", "load", "loads"),
        "tag": (),
        "provider": ("DefaultJSONProvider", "JSONProvider", "ProviderOf"),
    }
    """Modules that an application without JSON does not need, and their names (decision 049)."""

    def __getattr__(name: str) -> object:
        if name in _LATER:
            return import_module(f"{__name__}.{name}")
        for module, names in _LATER.items():
            if name in names:
                found = getattr(import_module(f"{__name__}.{module}"), name)
                setattr(sys.modules[__name__], name, found)
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DefaultJSONProvider",
    "JSONApp",
    "JSONBackend",
    "JSONProvider",
    "ProviderOf",
    "default_json",
    "dump",
    "dumps",
    "iso_json",
    "jsonify",
    "load",
    "loads",
]
