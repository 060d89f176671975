"""What a declared class says, and the stand-in that behaves like an instance of it.

A stand-in is of a subclass of the declared class, so methods and properties that the class defines
work with it. Each annotated attribute is a descriptor that looks at the active context when it is
used; no other attribute can be read or set.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, TypeVar

from ..ctx import AppGlobals
from .kinds import plain_name

T = TypeVar("T")


class _Nothing:
    """The type of the mark for "there is no value"."""


NOTHING: Final = _Nothing()


class Attribute(NamedTuple):
    """One annotated attribute of a declared class."""

    owner: type
    name: str
    default: object = NOTHING
    """What it is when nobody set it; shared, unless it is `fresh`."""
    fresh: Callable[[], object] | None = None
    """Makes a default that may be changed, one for each context or application."""

    def __str__(self) -> str:
        return f"{plain_name(self.owner)}.{self.name}"


def attributes_of(declared: type) -> dict[str, Attribute]:
    """The annotated attributes of a class and its bases, with their defaults.

    Class variables (`ClassVar`) and the bases of this package are left out.

    :raises TypeError: a default cannot be copied, though it may have to be.
    """
    found: dict[str, Attribute] = {}
    for kind in reversed(declared.__mro__):
        if kind in (object, AppGlobals):
            continue
        for name, annotation in inspect.get_annotations(kind).items():
            if not _is_class_variable(annotation):
                found[name] = _attribute(declared, name)
    return found


def _is_class_variable(annotation: object) -> bool:
    # As text, for only this one form matters and the names in it may not be defined yet.
    text = annotation if isinstance(annotation, str) else str(annotation)
    return text.partition("[")[0].endswith("ClassVar")


def _attribute(declared: type, name: str) -> Attribute:
    # Any: the fields of a dataclass hold defaults of any type.
    fields: Mapping[str, dataclasses.Field[Any]] = getattr(declared, "__dataclass_fields__", {})
    if name in fields:
        default: object = fields[name].default
        fresh = fields[name].default_factory
        if fresh is not dataclasses.MISSING:
            return Attribute(declared, name, fresh=fresh)
        if default is dataclasses.MISSING:
            return Attribute(declared, name)
    else:
        default = getattr(declared, name, NOTHING)
        if isinstance(default, types.MemberDescriptorType):  # a slot is no default
            default = NOTHING
    attribute = Attribute(declared, name, default)
    if default is NOTHING:
        return attribute
    try:
        copied = deepcopy(default)
    except Exception as error:
        raise TypeError(
            f"The default of {attribute} is a {type(default).__qualname__}, which cannot be copied,"
            " and would be shared by all that read it. Set it where it is needed, or say that it"
            " is shared with ClassVar."
        ) from error
    if copied is default:
        return attribute
    return Attribute(declared, name, fresh=lambda: deepcopy(default))


class Slot(ABC):
    """An attribute of a stand-in; a subclass says where it is kept."""

    def __init__(self, attribute: Attribute) -> None:
        self.attribute = attribute

    def __get__(self, stand_in: object, owner: type | None = None, /) -> object:
        return self if stand_in is None else self.read()

    def __set__(self, stand_in: object, value: object, /) -> None:
        self.write(value)

    def __delete__(self, stand_in: object, /) -> None:
        self.remove()

    @abstractmethod
    def read(self) -> object:
        """The value for the active context.

        :raises AttributeError: there is none.
        """

    @abstractmethod
    def write(self, value: object, /) -> None:
        """Keep a value for the active context."""

    @abstractmethod
    def remove(self) -> None:
        """Forget the value."""


# Any: the members of a class.
def stand_in_for(
    declared: type[T], slots: Mapping[str, Any], members: Mapping[str, Any] | None = None
) -> T:
    """Something that behaves like an instance of a class whose attributes are kept elsewhere.

    :param declared: the class.
    :param slots: a descriptor for each attribute.
    :param members: more members, which win over those of the class.
    """
    name = plain_name(declared)
    own_setters = {
        found
        for kind in declared.__mro__[:-1]
        for found, member in vars(kind).items()
        if isinstance(member, property)
    }
    settable = own_setters | slots.keys()

    def undeclared(attribute: str) -> AttributeError:
        close = get_close_matches(attribute, slots, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        return AttributeError(
            f"{name} declares no attribute {attribute!r}.{hint} It declares"
            f" {', '.join(slots) or 'nothing'}.",
            name=attribute,
        )

    def look_again(self: object, attribute: str) -> object:
        if hasattr(type(self), attribute):
            # Only looked for here after a slot or property raised: let that be heard.
            return object.__getattribute__(self, attribute)
        raise undeclared(attribute)

    def set_declared(self: object, attribute: str, value: object) -> None:
        if attribute not in settable:
            raise undeclared(attribute)
        object.__setattr__(self, attribute, value)

    def delete_declared(self: object, attribute: str) -> None:
        if attribute not in settable:
            raise undeclared(attribute)
        object.__delattr__(self, attribute)

    body: dict[str, Any] = {
        **slots,
        "__slots__": (),
        "__module__": declared.__module__,
        "__doc__": declared.__doc__,
        "__getattr__": look_again,
        "__setattr__": set_declared,
        "__delattr__": delete_declared,
        **(members or {}),
    }
    made: type[T] = types.new_class(name, (declared,), exec_body=lambda space: space.update(body))
    return made.__new__(made)
