"""JSON: the functions users call, the providers of an application, and tagged JSON for sessions.

`contract` says what a backend must do, `provider` holds the default one, and `stdlib`, `orjson`
and `msgspec` the others, which are imported when they are chosen. `encode` and `decode` do the
work, `quick` the same sooner; `tag` writes Python types that JSON has no words for.
"""

from __future__ import annotations

from typedflask.json.contract import JSONApp, JSONBackend
from typedflask.json.encode import default_json, iso_json
from typedflask.json.functions import dump, dumps, jsonify, load, loads
from typedflask.json.provider import DefaultJSONProvider, JSONProvider, ProviderOf

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
