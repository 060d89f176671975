"""Attributes that an object keeps aside: seldom read, and out of the way of those read often.

CPython reads attributes and methods of an object quickest as long as the object has fewer than
thirty attributes of its own and nobody asks for its `__dict__`. An application has more, and every
request calls a dozen of its methods. So what requests do not read (names, folders, what set-up
leaves behind) lies in one dictionary beside them; to a program it looks as if it did not.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:

    class Owner(Protocol):
        """Whose attributes are kept aside; the dictionary is made with the object."""

        @property
        def aside(self) -> MutableMapping[str, Any]:
            """The values by attribute. Any: each has the type its attribute is declared with."""
            ...


T = TypeVar("T")


class _Missing:
    """The type of the mark for "no default"."""


MISSING: Final = _Missing()


class Aside(Generic[T]):
    """The descriptor behind `kept_aside`.

    :param default: the value as long as none was set; without it, reading is an AttributeError.
    """

    __slots__ = ("_default", "_name")

    def __init__(self, default: T | _Missing) -> None:
        self._default = default

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = name

    def __get__(self, instance: Owner | None, owner: type[object]) -> T | Aside[T]:
        if instance is None:
            return self
        value: T | _Missing = instance.aside.get(self._name, self._default)
        if isinstance(value, _Missing):
            raise AttributeError(f"{owner.__name__} object has no attribute {self._name!r} yet.")
        return value

    def __set__(self, instance: Owner, value: T) -> None:
        instance.aside[self._name] = value

    def __delete__(self, instance: Owner) -> None:
        if instance.aside.pop(self._name, MISSING) is MISSING:
            raise AttributeError(
                f"{type(instance).__name__} object has no {self._name!r} to delete."
            )


class MadeWhenRead:
    """The descriptor behind `made_when_read`.

    Not a data descriptor: what it made, or what was assigned, takes its place.

    :param room: the module of this package that has the class.
    :param kind: the name of the class, which is called without arguments.
    """

    __slots__ = ("_kind", "_name", "_room")

    def __init__(self, room: str, kind: str) -> None:
        self._room, self._kind = room, kind

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = name

    def __get__(self, instance: Owner | None, owner: type[object]) -> object:
        if instance is None:
            return self
        kind = getattr(import_module(f"{__package__}.{self._room}"), self._kind)
        # Under threads two may be made, of which one is kept.
        made: object = instance.aside.setdefault(self._name, kind())
        setattr(instance, self._name, made)
        return made


# Any: as below.
def made_when_read(room: str, kind: str) -> Any:
    """Declare an attribute that is an object of a class imported when it is first read."""
    return MadeWhenRead(room, kind)


# Any: the attribute is declared as what it holds, so that a subclass may set it on the class.
def kept_aside(default: object = MISSING) -> Any:
    """Declare an attribute whose value lies aside.

    :param default: what it is until it is set.
    """
    return Aside(default)
