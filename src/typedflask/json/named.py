"""The JSON backends that `JSON_BACKEND` can name."""

from __future__ import annotations

from typing import Final, TypeAlias

from typedflask.backends import BackendName, BackendNames
from typedflask.json.contract import JSONBackend
from typedflask.json.provider import JSONProvider
from typedflask.newer_typing import TypeIs

JSONChoice: TypeAlias = JSONBackend | type[JSONProvider]
"""What an application takes as its JSON backend: an object, or a class of providers."""


def is_json_choice(value: object) -> TypeIs[JSONChoice]:
    """Whether an application takes this as its JSON backend."""
    if isinstance(value, type):
        return issubclass(value, JSONProvider)
    return callable(getattr(value, "dumps", None)) and callable(getattr(value, "loads", None))


JSON_BACKENDS: Final = BackendNames(
    "JSON backend",
    "JSON_BACKEND",
    "typedflask.json",
    is_json_choice,
    "a subclass of JSONProvider, or an object with `dumps` and `loads`",
    [
        BackendName(
            "default",
            "typedflask.json.provider:DefaultJSONProvider",
            "Flask's JSON, by orjson where that gives the same value",
        ),
        BackendName(
            "stdlib", "typedflask.json.stdlib:StdlibJSON", "the standard library and nothing else"
        ),
        BackendName("orjson", "typedflask.json.orjson:OrjsonJSON", "orjson", "orjson"),
        BackendName("msgspec", "typedflask.json.msgspec:MsgspecJSON", "msgspec", "msgspec"),
    ],
)
"""The table; `JSON_BACKENDS.add(...)` gives another backend a name."""
