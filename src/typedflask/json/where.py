"""Where in a value the thing is that JSON cannot hold, so that its error need not be hunted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from typedflask.json.models import class_of
from typedflask.newer_typing import TypeIs

_DEEPEST: Final = 60
_LONGEST_KEY: Final = 40


# Any, in all of this module: whatever an application tries to write.
def place_of_unwritable(value: Any, default: Callable[[Any], Any], /) -> str | None:
    """How to reach the first part of a value that `default` refuses, or a key that is none.

    :param default: turns what JSON does not know into something it does, or raises.
    :returns: such as `value['cart'][1]`; None where it is the value itself, or lies too deep.
    """
    place = _search(value, default, "value", 0)
    return None if place == "value" else place


def _search(value: Any, default: Callable[[Any], Any], place: str, depth: int) -> str | None:
    if depth > _DEEPEST or value is None or isinstance(value, str | int | float):
        return None
    if not isinstance(value, dict | list | tuple):
        try:
            return _search(default(value), default, place, depth + 1)
        except Exception:
            return place
    for name, part in _parts(value):
        if part is _NO_KEY:
            return f"a key of {place}"
        found = _search(part, default, f"{place}[{_shortened(name)}]", depth + 1)
        if found is not None:
            return found
    return None


_NO_KEY: Final = object()


def _parts(value: Any, /) -> Iterator[tuple[object, object]]:
    if not issubclass(class_of(value), dict):
        yield from enumerate(value)
        return
    for key, part in value.items():
        known = key is None or isinstance(key, str | int | float)
        yield key, part if known else _NO_KEY


def _shortened(key: object, /) -> str:
    name = repr(key)
    return name if len(name) <= _LONGEST_KEY else f"{name[:_LONGEST_KEY]}…"


def parts_of(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value in a value with its path, innermost first, and the value itself at the end."""
    if is_dict(value):
        for key, item in value.items():
            yield from parts_of(item, f"{path}[{key!r}]")
    elif _is_row(value):
        for index, item in enumerate(value):
            yield from parts_of(item, f"{path}[{index}]")
    yield path, value


def is_dict(value: object, /) -> TypeIs[dict[Any, Any]]:
    """Whether a value is a dict, in words that type checkers know."""
    return isinstance(value, dict)


def _is_row(value: object, /) -> TypeIs[list[Any] | tuple[Any, ...]]:
    return isinstance(value, list | tuple)
