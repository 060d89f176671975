"""JSON: the functions users call, the providers of an application, and tagged JSON for sessions.

`contract` says what a backend must do, `provider` holds the default one, `encode` and `decode` do
its work, and `tag` writes Python types that JSON has no words for.
"""

from __future__ import annotations

from typedflask.json.contract import JSONApp, JSONBackend
from typedflask.json.functions import dump, dumps, jsonify, load, loads
from typedflask.json.provider import DefaultJSONProvider, JSONProvider, ProviderOf

__all__ = [
    "DefaultJSONProvider",
    "JSONApp",
    "JSONBackend",
    "JSONProvider",
    "ProviderOf",
    "dump",
    "dumps",
    "jsonify",
    "load",
    "loads",
]
