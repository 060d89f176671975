"""Attributes that are worked out when first read, then plain attributes.

A descriptor without `__set__` steps aside as soon as the instance's dictionary has its name, so
the second read costs what an ordinary attribute costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Self, TypeVar

from ..newer_typing import overload

Owner = TypeVar("Owner")
T = TypeVar("T")


class lazy(Generic[Owner, T]):  # noqa: N801 - used as a decorator, like property
    """Makes a method an attribute that is computed once per instance."""

    def __init__(self, compute: Callable[[Owner], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type[Owner], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[Owner]) -> Self: ...
    @overload
    def __get__(self, instance: Owner, owner: type[Owner]) -> T: ...
    def __get__(self, instance: Owner | None, owner: type[Owner]) -> Self | T:
        if instance is None:
            return self
        value = self._compute(instance)
        instance.__dict__[self._name] = value
        return value
