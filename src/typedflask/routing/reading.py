"""The texts of rules, read without Werkzeug where nothing about them is unusual.

Most rules are made of fixed segments and of variables that fill a segment each and have one of
Werkzeug's converters, without arguments: `/users/<name>/posts/<int:number>`. Nothing can be wrong
with such a rule, so what Werkzeug makes of it can wait until somebody needs it (decision 014).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from werkzeug.routing import (
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)

WELL_KNOWN: Final = frozenset(
    {UnicodeConverter, IntegerConverter, FloatConverter, PathConverter, UUIDConverter}
)
"""The converters that can be made without arguments, which never fails."""

Variable: TypeAlias = tuple[str, type[BaseConverter]]
"""A variable that fills a segment of a path: its name, and the class of its converter."""

Variables: TypeAlias = tuple[Variable, ...]


def variables_in(text: str, converters: Mapping[str, type[BaseConverter]]) -> Variables | None:
    """The variables of a rule, in their order.

    :param text: the rule's text, which begins with a slash.
    :param converters: those of the map, by name.
    :returns: None where something is unusual, be it allowed or an error.
    """
    if "//" in text:
        return None
    if "<" not in text:
        return ()
    segments = text.split("/")
    found: list[Variable] = []
    for segment in segments:
        if "<" in segment:
            names = names_in(segment)
            kind = None if names is None else converters.get(names[0])
            if names is None or kind is None or kind not in WELL_KNOWN:
                return None
            if kind is PathConverter and segment is not segments[-1]:
                return None  # Werkzeug reads it and what follows as one
            found.append((names[1], kind))
    if len(found) > 1 and len(dict(found)) < len(found):
        return None
    return shared(*found)


@lru_cache(maxsize=1024)
def names_in(segment: str) -> tuple[str, str] | None:
    """The names of the converter and the variable that fill a segment, if they do."""
    if segment[0] != "<" or segment[-1] != ">":
        return None
    converter, colon, name = segment[1:-1].rpartition(":")
    names = (converter if colon else "default", name)
    return names if all(each.isascii() and each.isidentifier() for each in names) else None


@lru_cache(maxsize=1024)
def shared(*variables: Variable) -> Variables:
    """Variables, kept once for all the rules that have the same."""
    return variables
