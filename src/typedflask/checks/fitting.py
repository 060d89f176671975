"""Whether a value of one type may be given where another is asked for, as far as that is certain.

Annotations may be any expressions. What is not understood for certain counts as fitting, because a
check that is wrong now and then is a check that people switch off.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    UUIDConverter,
)

BUILT_IN: Final[Mapping[type[BaseConverter], type]] = {
    IntegerConverter: int,
    FloatConverter: float,
    UUIDConverter: UUID,
    BaseConverter: str,
}
"""What Werkzeug's own `to_python` methods give; they are not annotated."""

PROMOTED: Final[Mapping[object, tuple[type, ...]]] = {float: (int,), complex: (int, float)}
"""Types that stand for others too, by the rules of type checkers."""


def type_given(converter: BaseConverter) -> object:
    """The type a converter gives to views, by its class or by what `to_python` is annotated with.

    :returns: `Any` where nothing is said.
    """
    if type(converter).to_python is AnyConverter.to_python and isinstance(converter, AnyConverter):
        items: set[str] = converter.items
        return Literal[tuple(sorted(items))]
    for kind in type(converter).__mro__:
        if kind in BUILT_IN:
            return BUILT_IN[kind]
        if "to_python" in vars(kind):
            return _annotated(kind)
    return Any


def _annotated(kind: type) -> object:
    try:
        return get_type_hints(vars(kind)["to_python"]).get("return", Any)
    except Exception:
        return Any  # a name for type checkers only


def fits(given: object, wanted: object) -> bool:
    """Whether a value of the type `given` may be passed for `wanted`; also where that is unknown."""
    given, wanted = _plain(given), _plain(wanted)
    if given is Any or wanted is Any or wanted is object or given == wanted:
        return True
    if _is_union(given):
        return all(fits(member, wanted) for member in get_args(given))
    if _is_union(wanted):
        return any(fits(given, member) for member in get_args(wanted))
    if get_origin(given) is Literal:
        return all(_literal_fits(value, wanted) for value in get_args(given))
    if get_origin(wanted) is Literal:
        # A whole type never fits a few of its values; bool and enumerations are not asked here.
        return not isinstance(given, type) or given not in (str, int, bytes)
    return _classes_fit(given, wanted)


def _plain(kind: object) -> object:
    """A type without what `Annotated` adds, and None as the class it stands for."""
    if get_origin(kind) is Annotated:
        return get_args(kind)[0]
    return type(None) if kind is None else kind


def _is_union(kind: object) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _literal_fits(value: object, wanted: object) -> bool:
    if get_origin(wanted) is Literal:
        return value in get_args(wanted)
    return fits(type(value), wanted)


def _classes_fit(given: object, wanted: object) -> bool:
    """Whether one class stands for another; what is no class fits."""
    given, wanted = get_origin(given) or given, get_origin(wanted) or wanted
    if not isinstance(given, type) or not isinstance(wanted, type):
        return True
    wanted = cast("type[object]", wanted)
    if getattr(wanted, "_is_protocol", False):
        return True
    try:
        return issubclass(given, (wanted, *PROMOTED.get(wanted, ())))
    except TypeError:
        return True


def name_of(kind: object) -> str:
    """A type as people write it."""
    if kind in (None, type(None)):
        return "None"
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
