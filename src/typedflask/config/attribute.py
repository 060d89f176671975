"""Attributes of the application that are configuration keys, such as `app.testing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, Self

from typedflask.config.config import Config
from typedflask.newer_typing import TypeVar, overload

T = TypeVar("T")
S = TypeVar("S", default=T)


class HasConfig(Protocol):
    """Whatever has a configuration; mostly the application."""

    @property
    def config(self) -> Config: ...


class ConfigAttribute(Generic[T, S]):
    """Makes an attribute of the application another way to read and set a configuration key.

    The name and the behaviour are those of Flask's documentation. `T` is what reading gives, `S`
    what may be set; without a converter the two are the same::

        class App:
            config: Config
            testing = ConfigAttribute[bool]("TESTING")
            permanent_session_lifetime = ConfigAttribute[timedelta, timedelta | int](
                "PERMANENT_SESSION_LIFETIME", get_converter=read_lifetime
            )

    :param name: the configuration key.
    :param get_converter: applied to the value on reading, never on setting.
    """

    if not TYPE_CHECKING:  # checkers know that `S` is `T` where only one of them is named

        def __class_getitem__(cls, types: object) -> object:
            """The class with its two types, of which the second may be left out."""
            return super().__class_getitem__(types if isinstance(types, tuple) else (types, types))

    def __init__(self, name: str, get_converter: Callable[[S], T] | None = None) -> None:
        self.name = name
        self.get_converter = get_converter

    @overload
    def __get__(self, instance: None, owner: type | None = None, /) -> Self: ...
    @overload
    def __get__(self, instance: HasConfig, owner: type | None = None, /) -> T: ...
    def __get__(self, instance: HasConfig | None, owner: type | None = None, /) -> T | Self:
        """The value of the key, or this descriptor when read from the class.

        :raises KeyError: the key was deleted from the configuration.
        """
        if instance is None:
            return self
        value = instance.config[self.name]
        return value if self.get_converter is None else self.get_converter(value)

    def __set__(self, instance: HasConfig, value: S, /) -> None:
        """Set the key.

        :raises ConfigError: it is a built-in key and does not accept the value.
        """
        instance.config[self.name] = value
