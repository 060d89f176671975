"""What an annotation accepts when the program runs, and the words for it.

`kind_of` makes a `Kind` of an annotation: `int | None`, `list[str]`, a `TypedDict`, a class. With
`convert=True` a kind also reads what files and environment variables have in place of a value
that they cannot write: an int of seconds for a `timedelta`, a str for a `Path`.

The forms are rows of a table; what stands in none of them cannot be checked, and says so.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
)

from typing_extensions import ReadOnly, TypeAliasType, TypeIs, is_typeddict
from typing_extensions import get_type_hints as hints_of

from ..config.readers import A_FLAG, A_LIFETIME, is_number, read_flag, read_lifetime


class Refused(ValueError):
    """A value is not of a kind; the text says where inside of it, and is empty for itself."""


class Kind(NamedTuple):
    """What is accepted."""

    wants: str
    """In words that complete "it wants …"."""
    read: Callable[[object], object]
    """Gives the value, converted where that was asked for; raises `ValueError` or `TypeError`."""


def kind_of(declared: object, *, convert: bool = False) -> Kind:
    """The kind that an annotation declares.

    :param declared: the annotation, evaluated.
    :param convert: also read what stands for a value in a file.
    :raises TypeError: values cannot be checked against such an annotation.
    """
    form = FORMS.get(get_origin(declared))
    if form is not None:
        return form(get_args(declared), convert)
    if isinstance(declared, NewType):
        return kind_of(declared.__supertype__, convert=convert)
    if isinstance(declared, TypeAliasType):
        return kind_of(declared.__value__, convert=convert)
    if declared is None:
        return kind_of(NoneType)
    if is_typeddict(declared):
        return _record(declared, convert)
    if declared is Any or declared is object:
        return ANYTHING
    if isinstance(declared, type):
        return _class(declared, convert)
    collection = COLLECTIONS.get(get_origin(declared))
    if collection is not None:
        return _collection(collection, get_args(declared), convert)
    raise TypeError(
        f"values cannot be checked against the annotation {declared!r}; declare a class, a union,"
        " a Literal, a list, tuple, set or dict of these, or a TypedDict"
    )


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_given(value: object) -> bool:
    return True


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes)


def _is_none(value: object) -> bool:
    return value is None


def _only(accepts: Callable[[object], bool], wants: str) -> Kind:
    """The kind of what a check accepts, as it is."""

    def read(value: object) -> object:
        if accepts(value):
            return value
        raise Refused

    return Kind(wants, read)


def plain_name(kind: type) -> str:
    """What people call a class."""
    return kind.__qualname__.rpartition("<locals>.")[2]


def of_class(kind: type) -> str:
    """A class in words: "a str", "an Order"."""
    name = plain_name(kind)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


# --- single values -----------------------------------------------------------------------


def _is_float(value: object) -> bool:
    return isinstance(value, float) or is_number(value)


def _read_path(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if isinstance(value, str):
        return Path(value)
    raise Refused


ANYTHING: Final = _only(_is_given, "anything")

SCALARS: Final[Mapping[type, Kind]] = {
    bool: _only(_is_bool, A_FLAG),
    int: _only(is_number, "an int"),  # True is an int to Python, and a mistake here
    float: _only(_is_float, "a float or an int"),
    bytes: _only(_is_bytes, "bytes"),
    NoneType: _only(_is_none, "None"),
}
"""The classes of which the rules of typing decide, or which a sentence calls otherwise."""

CONVERTED: Final[Mapping[type, Kind]] = {
    bool: Kind(A_FLAG, read_flag),
    timedelta: Kind(A_LIFETIME, read_lifetime),
    Path: Kind("a path, or a str with one", _read_path),
}
"""The classes for which files and environment variables hold something else."""


def _class(declared: type, convert: bool) -> Kind:
    if convert and declared in CONVERTED:
        return CONVERTED[declared]
    if declared in SCALARS:
        return SCALARS[declared]
    if convert and issubclass(declared, Enum):
        return _member(declared)
    protocol = getattr(declared, "_is_protocol", False)
    if protocol and not getattr(declared, "_is_runtime_protocol", False):
        raise TypeError(
            f"values cannot be checked against the Protocol {declared.__qualname__}; decorate it"
            " with @runtime_checkable, or declare a class"
        )
    return _only(partial(_is_instance, declared), of_class(declared))


def _is_instance(declared: type, value: object) -> bool:
    return isinstance(value, declared)


def _member(declared: type[Enum]) -> Kind:
    """An enumeration, whose members files know by their values."""
    values: list[object] = [member.value for member in declared]
    wants = f"{of_class(declared)}, or one of {', '.join(map(repr, values))}"
    return Kind(wants, declared)


# --- forms -------------------------------------------------------------------------------


def _union(parts: tuple[object, ...], convert: bool) -> Kind:
    kinds = [kind_of(part, convert=convert) for part in parts]

    def read(value: object) -> object:
        converted: list[object] = []
        for kind in kinds:
            try:
                found = kind.read(value)
            except (TypeError, ValueError):
                continue
            if found is value:  # `Path | str` shall leave a str alone
                return value
            converted.append(found)
        if converted:
            return converted[0]
        raise Refused

    return Kind(", or ".join(kind.wants for kind in kinds), read)


def _literal(parts: tuple[object, ...], convert: bool) -> Kind:
    # Compared with their types, because 1 and True are equal.
    known = {(type(part), part) for part in parts}
    wants = " or ".join(map(repr, parts))
    return _only(lambda value: any((type(value), value) == entry for entry in known), wants)


def _first(parts: tuple[object, ...], convert: bool) -> Kind:
    return kind_of(parts[0], convert=convert)


def _callable(parts: tuple[object, ...], convert: bool) -> Kind:
    return _only(callable, "something that can be called")


def _tuple(parts: tuple[object, ...], convert: bool) -> Kind:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return _collection(Shape((tuple,), tuple), parts[:1], convert)
    kinds = [kind_of(part, convert=convert) for part in parts]
    accepted = (tuple, list) if convert else (tuple,)
    wants = f"a tuple of {len(kinds)}: {'; '.join(kind.wants for kind in kinds)}"

    def read(value: object) -> object:
        if not is_collection(value, accepted) or len(value) != len(kinds):
            raise Refused
        found = tuple(
            _inside(kind, part, f"item {number}")
            for number, (kind, part) in enumerate(zip(kinds, value, strict=True), 1)
        )
        return value if isinstance(value, tuple) and _same(found, value) else found

    return Kind(wants, read)


def _mapping(parts: tuple[object, ...], convert: bool) -> Kind:
    keys, values = (kind_of(part, convert=convert) for part in parts)

    def read(value: object) -> object:
        if not is_mapping(value):
            raise Refused
        found = {
            # By number, because somebody may use secrets as keys.
            _inside(keys, key, f"the key of item {number}"): _inside(
                values, part, f"the value of item {number}"
            )
            for number, (key, part) in enumerate(value.items(), 1)
        }
        return value if _same(found.values(), value.values()) else found

    return Kind(f"a dict in which every value is {values.wants}", read)


class Shape(NamedTuple):
    """How a collection is recognised and made."""

    accepts: tuple[type, ...]
    make: Callable[[list[object]], Collection[object]]


COLLECTIONS: Final[Mapping[object, Shape]] = {
    list: Shape((list,), list),
    set: Shape((set,), set),
    frozenset: Shape((frozenset,), frozenset),
    abc.MutableSequence: Shape((list,), list),
    abc.Sequence: Shape((list, tuple), list),
    abc.Collection: Shape((list, tuple, set, frozenset), list),
    abc.Iterable: Shape((list, tuple, set, frozenset), list),
    abc.Set: Shape((set, frozenset), frozenset),
}
"""The collections of one kind of item. A str is none of them, though Python could walk it."""


def _collection(shape: Shape, parts: tuple[object, ...], convert: bool) -> Kind:
    item = kind_of(parts[0], convert=convert)
    accepted = (list, tuple, set, frozenset) if convert else shape.accepts
    wants = f"{of_class(shape.accepts[0])} in which every item is {item.wants}"

    def read(value: object) -> object:
        if not is_collection(value, accepted):
            raise Refused
        found = [_inside(item, part, f"item {number}") for number, part in enumerate(value, 1)]
        return (
            value if isinstance(value, shape.accepts) and _same(found, value) else shape.make(found)
        )

    return Kind(wants, read)


def _record(declared: Any, convert: bool) -> Kind:  # Any: a TypedDict has no type of its own
    fields: dict[str, Kind] = {}
    required: set[str] = set()

    def read(value: object) -> object:
        if not is_mapping(value):
            raise Refused
        if not fields:  # made when first needed, because a TypedDict may contain itself
            required.update(_required_keys(declared))
            fields.update(fields_of(declared, convert=convert))
        for key in value:
            if key not in fields:
                raise Refused(f"the key {key!r} is not declared by {plain_name(declared)}")
        for key in sorted(required - value.keys()):
            raise Refused(f"the key {key!r} is missing")
        found = {
            key: _inside(fields[str(key)], part, f"the value of {key!r}")
            for key, part in value.items()
        }
        return value if _same(found.values(), value.values()) else found

    return Kind(f"a dict like {plain_name(declared)}", read)


def _required_keys(declared: Any) -> Iterator[str]:  # Any: as `_record`
    """The keys that a TypedDict asks for; its own list knows no qualifiers that are text."""
    listed: frozenset[str] = declared.__required_keys__
    hints: dict[str, object] = hints_of(declared, include_extras=True)
    for key, hint in hints.items():
        qualifiers: list[object] = []
        while get_origin(hint) in (Required, NotRequired, ReadOnly, Annotated):
            qualifiers.append(get_origin(hint))
            hint = get_args(hint)[0]
        if Required in qualifiers or (key in listed and NotRequired not in qualifiers):
            yield key


# Any: a class and a TypedDict have no type in common.
def fields_of(
    declared: Any, names: Collection[str] | None = None, *, convert: bool = False
) -> dict[str, Kind]:
    """The kinds of the annotations of a class or TypedDict.

    :param declared: the class.
    :param names: the annotations that matter; by default all.
    :param convert: as for `kind_of`.
    :raises TypeError: an annotation cannot be checked; the message names it.
    :raises NameError: an annotation uses a name that its module does not have when it runs.
    """
    try:
        hints: dict[str, object] = hints_of(declared)
    except NameError as error:
        error.add_note(
            f"The annotations of {plain_name(declared)} are read when the program runs. Import"
            " the names in them outside of `if TYPE_CHECKING:`, and define them at the level of"
            " the module."
        )
        raise
    fields: dict[str, Kind] = {}
    for name, hint in hints.items():
        if names is not None and name not in names:
            continue
        try:
            fields[name] = kind_of(hint, convert=convert)
        except TypeError as error:
            error.add_note(f"This is the annotation {plain_name(declared)}.{name}.")
            raise
    return fields


FORMS: Final[Mapping[object, Callable[[tuple[object, ...], bool], Kind]]] = {
    Union: _union,
    UnionType: _union,
    Literal: _literal,
    Annotated: _first,
    Final: _first,
    get_origin(Callable[..., object]): _callable,
    tuple: _tuple,
    dict: _mapping,
    abc.Mapping: _mapping,
    abc.MutableMapping: _mapping,
}
"""What to make of an annotation with parameters, by what stands before them."""


# --- inside of values --------------------------------------------------------------------


def _inside(kind: Kind, value: object, place: str) -> object:
    """Read a part of a value, and name the place where it is refused."""
    try:
        return kind.read(value)
    except (TypeError, ValueError) as error:
        inner = str(error) if isinstance(error, Refused) else ""
    raise Refused(f"{place}: {inner}" if inner else f"{place} is {of_class(type(value))}")


def _same(found: Collection[object], given: Collection[object]) -> bool:
    """Whether nothing had to be converted."""
    return all(one is other for one, other in zip(found, given, strict=True))


def is_collection(value: object, kinds: tuple[type, ...]) -> TypeIs[Collection[object]]:
    """Whether this is one of several kinds of collection, of anything."""
    return isinstance(value, kinds)


def is_mapping(value: object) -> TypeIs[Mapping[object, object]]:
    """Whether this is a mapping, from anything to anything."""
    return isinstance(value, abc.Mapping)
