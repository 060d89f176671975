"""The tables of the tests of session backends: values, changes, looks, and bad cookies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from markupsafe import Markup

from typedflask.proxies import session
from typedflask.testing.conformance.session_making import Action

PLAIN: Final[dict[str, Any]] = {
    "text": "Grüße, 世界 😀",
    "an empty text": "",
    "a number": 42,
    "a large number": 2**53 - 1,
    "a fraction": 1.5,
    "true": True,
    "false": False,
    "nothing": None,
    "a list": [1, ["two", None]],
    "a dict": {"a": {"b": [1]}},
    "an empty list": [],
    "odd keys": {"": 1, " t": [1], "a.b": 2, "ä": 3},
}
"""Values that every backend carries: those of JSON."""

TAGGED: Final[dict[str, Any]] = {
    "a tuple": (1, ("two",)),
    "bytes": b"\x00\xff",
    "markup": Markup("<b>bold</b>"),
    "a UUID": UUID("12345678-1234-5678-1234-567812345678"),
    "a moment": datetime(2026, 11, 21, 3, 0, 5, tzinfo=UTC),
}
"""Values that tagged JSON carries besides."""


def pop_any() -> object:
    """Take out any item; a function, as outside of a request there is no session to look at."""
    return session.popitem()


CHANGES: Final[dict[str, Action]] = {
    "setting a key": lambda: session.__setitem__("a", 2),
    "a new key": lambda: session.__setitem__("c", 3),
    "deleting": lambda: session.__delitem__("a"),
    "pop": lambda: session.pop("a"),
    "setdefault": lambda: session.setdefault("c", 3),
    "update": lambda: session.update(a=2, c=3),
    "popitem": pop_any,
}
"""The ways to change a session that holds `a` and `b`."""

LOOKS: Final[dict[str, Action]] = {
    "a key": lambda: session["a"],
    "get": lambda: session.get("a"),
    "in": lambda: "a" in session,
    "iterating": lambda: [*session],
    "len": lambda: len(session),
    "items": lambda: [*session.items()],
}
"""The ways to look at it."""

TAMPERED: Final[dict[str, Callable[[str], str]]] = {
    "another first character": lambda value: ("B" if value[:1] == "A" else "A") + value[1:],
    "another last character": lambda value: value[:-2] + ("B" if value[-2] == "A" else "A"),
    "cut off": lambda value: value[: len(value) // 2],
    "something before": lambda value: "A" + value,
    "empty": lambda value: "",
    "something else": lambda value: "x" * 40,
    "full stops": lambda value: "...",
    "another alphabet": lambda value: "日本語",
    "three thousand characters": lambda value: "A" * 3000,
}
"""What may be done to a cookie."""
