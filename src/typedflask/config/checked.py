"""The dict of the configuration: every way of writing to it checks the built-in keys.

Reading is dict's own and as fast; a method such as `__getitem__` written here would slow down
each look at the configuration in each request. Keys that no row knows belong to the application
and take anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from typedflask.config.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from _typeshed import SupportsKeysAndGetItem

    from typedflask.config.found import Found
    from typedflask.config.keys import (
        TypedKeys,
    )
else:
    TypedKeys = dict

T = TypeVar("T")

set_in_dict: Callable[[dict[str, Any], str, Any], None] = dict[str, Any].__setitem__
"""What `super().__setitem__` would find, found once: setting a key takes half the time."""


class CheckedDict(TypedKeys):
    """A dict that refuses wrong values for built-in keys and can be read through typed rows."""

    # A read-only mapping, because all share it until a source is read.
    _origins: Mapping[str, Found] = MappingProxyType({})

    def of(self, setting: Setting[T], /) -> T:
        """The typed value of a row, built-in or the application's own.

        :param setting: the row, such as `settings.PERMANENT_SESSION_LIFETIME`.
        :returns: what the row's reader makes of the value; the row's default if the key is not set.
        :raises ConfigError: the value is one that the row does not accept, which happens to keys
            of the application's own and to lists changed after they were set.
        """
        if setting.name in self:
            return setting.value(self[setting.name])
        return setting.default

    def _store(self, found: Iterable[Found], /) -> None:
        """Take over what a source holds: everything, or nothing if a built-in key is wrong.

        :raises ConfigError: names every wrong value and where it came from, one line each.
        """
        from typedflask.config.found import checked

        found = list(found)
        accepted = checked(found)
        for key, value in accepted.items():  # one by one, for subclasses with a __setitem__
            self[key] = value
        told = {item.key: item for item in found if item.where}
        if told:
            self._origins = {**self._origins, **told}

    def origin(self, key: str, /) -> Found | None:
        """What a source said about a key, if the key still has the value that came from there.

        :param key: the key.
        :returns: the place, and the text that stands there; None for what a program set.
        """
        found = self._origins.get(key)
        if found is None or key not in self:
            return None
        value: object = self[key]
        # The row of a built-in key may have read the value, which is then equal and not the same.
        return found if value is found.value or (key in SETTINGS and value == found.value) else None

    if not TYPE_CHECKING:  # who are told by `TypedKeys` what each key takes

        def __setitem__(self, key: str, value: Any, /) -> None:
            if key in SETTINGS:
                value = SETTINGS[key].stored(value)
            set_in_dict(self, key, value)

    def setdefault(self, key: str, default: Any = None, /) -> Any:
        """The value of a key, which is first set to `default` if it is missing."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(
        self,
        other: SupportsKeysAndGetItem[str, Any] | Iterable[tuple[str, Any]] = (),
        /,
        **values: Any,
    ) -> None:
        """Set several keys, or none of them if a built-in key gets a wrong value."""
        from typedflask.config.found import checked_values

        super().update(checked_values(dict(other, **values)))

    def _updated(
        self, other: SupportsKeysAndGetItem[str, Any] | Iterable[tuple[str, Any]], /
    ) -> Self:
        self.update(other)
        return self

    # dict's own `|=` writes past `update`; what it says of the types stays true.
    if not TYPE_CHECKING:  # pragma: no branch
        __ior__ = _updated

    def copy(self) -> Self:
        """A copy of the same class, which shares the values."""
        return copy(self)

    def __repr__(self) -> str:
        from typedflask.config.found import guarded

        items = ", ".join(f"{key!r}: {guarded(key, value)}" for key, value in self.items())
        return f"<{type(self).__name__} {{{items}}}>"
