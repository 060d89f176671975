"""Readers: functions that take a raw configuration value and give the typed one, or refuse it.

A reader refuses by raising a `ValueError` or a `TypeError`; the row it belongs to (`settings.py`)
adds the key, the value and what is wanted. Beside each reader stands the sentence that says what
it accepts, because the manual and the error messages need it.

A bool is an int to Python, but never to these readers: `MAX_COOKIE_SIZE = True` is a mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import inf
from typing import Literal, TypeAlias, TypeVar

from ..newer_typing import TypeIs

T = TypeVar("T")

SameSite: TypeAlias = Literal["Lax", "Strict", "None"]
"""How far a cookie travels with requests from other sites, spelled as the header spells it."""

Hosts: TypeAlias = list[str] | tuple[str, ...]
"""Host names, of which one that starts with a dot stands for its subdomains too."""

SecretKeys: TypeAlias = list[str] | list[bytes] | list[str | bytes] | tuple[str | bytes, ...]
"""Several keys for signing."""

Outage: TypeAlias = Literal["unavailable", "read-only"]
"""What is answered while the session store is away: 503, or an empty session to read."""

SAME_SITE: dict[str, SameSite] = {"lax": "Lax", "strict": "Strict", "none": "None"}

A_FLAG = "True or False"
A_TEXT = "a str"
A_COUNT = "an int that is not negative"
A_KEY = "a str or bytes, or None"
SOME_KEYS = "a list or tuple of str or bytes, or None"
SOME_HOSTS = "a list or tuple of str (one str alone is not a list of hosts), or None"
A_LIFETIME = "a datetime.timedelta, or an int of seconds"
SOME_SECONDS = "an int or float of seconds that is not negative"
AN_OUTAGE = "'unavailable' or 'read-only'"
A_SAME_SITE = "'Lax', 'Strict', 'None' in any case, or None"


def or_none(wants: str) -> str:
    """The sentence of a reader that takes None as well."""
    return f"{wants}, or None"


def optional(read: Callable[[object], T]) -> Callable[[object], T | None]:
    """A reader that also accepts None, which mostly means "decided by the framework"."""

    def read_optional(value: object) -> T | None:
        return None if value is None else read(value)

    return read_optional


def read_flag(value: object) -> bool:
    """A bool; 0 and 1 count as one, because environment variables are written so."""
    if isinstance(value, int) and value in (0, 1):
        return value == 1
    raise ValueError


def read_text(value: object) -> str:
    """A str as it is."""
    if isinstance(value, str):
        return value
    raise TypeError


def read_count(value: object) -> int:
    """An int of zero or more: bytes, or a number of parts."""
    if is_number(value) and value >= 0:
        return value
    raise ValueError


def read_key(value: object) -> str | bytes:
    """A key for signing."""
    if isinstance(value, (str, bytes)):
        return value
    raise TypeError


def read_keys(value: object) -> SecretKeys:
    """Several keys for signing; the order is kept."""
    if are_keys(value):
        return value
    raise TypeError


def read_hosts(value: object) -> Hosts:
    """Several host names; one str is refused, it would be read letter by letter."""
    if are_texts(value):
        return value
    raise TypeError


def read_lifetime(value: object) -> timedelta:
    """A length of time, of which an int gives the seconds."""
    if isinstance(value, timedelta):
        return value
    if is_number(value):
        try:
            return timedelta(seconds=value)
        except OverflowError:
            raise ValueError from None
    raise TypeError


def read_seconds(value: object) -> float:
    """A length of time in seconds, zero or more."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < inf:
        return value
    raise ValueError


def read_outage(value: object) -> Outage:
    """One of the two answers to a session store that is away."""
    if value in ("unavailable", "read-only"):
        return "unavailable" if value == "unavailable" else "read-only"
    raise ValueError


def read_same_site(value: object) -> SameSite:
    """One of three words in any case, as Werkzeug takes it for a cookie."""
    if isinstance(value, str) and value.lower() in SAME_SITE:
        return SAME_SITE[value.lower()]
    raise ValueError


def is_number(value: object) -> TypeIs[int]:
    """Whether this is an int and not a bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_sequence(value: object) -> TypeIs[list[object] | tuple[object, ...]]:
    """Whether this is a list or a tuple, of anything."""
    return isinstance(value, (list, tuple))


def are_texts(value: object) -> TypeIs[Hosts]:
    """Whether this is a list or a tuple in which everything is a str."""
    return is_sequence(value) and all(isinstance(item, str) for item in value)


def are_keys(value: object) -> TypeIs[SecretKeys]:
    """Whether this is a list or a tuple in which everything is a str or bytes."""
    return is_sequence(value) and all(isinstance(item, (str, bytes)) for item in value)
