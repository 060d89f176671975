"""What a configuration key is: its name, its type, its default, and how a raw value is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic

from typedflask.config.errors import ConfigError, shown
from typedflask.newer_typing import TypeVar

T_co = TypeVar("T_co", covariant=True)


class Setting(Generic[T_co]):
    """One configuration key; what it says is fixed.

    :param name: the key, in capitals.
    :param default: the value when nobody sets it.
    :param read: gives the typed value of a raw one, or raises a `ValueError` or `TypeError`.
    :param wants: what `read` accepts, in words that complete "it wants …".
    :param about: one line for the manual.
    :param secret: whether the value must never be shown.
    :param as_given: whether the configuration keeps the value as it was set, and only
        `Config.of` gives what `read` made of it; otherwise it keeps what `read` gave.
    """

    __slots__ = ("about", "as_given", "default", "name", "read", "secret", "wants")

    def __init__(
        self,
        name: str,
        default: T_co,
        read: Callable[[object], T_co],
        wants: str = "",
        about: str = "",
        secret: bool = False,
        as_given: bool = False,
    ) -> None:
        self.name: Final = name
        self.default: Final = default
        self.read: Final = read
        self.wants: Final = wants
        self.about: Final = about
        self.secret: Final = secret
        self.as_given: Final = as_given

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def value(self, raw: object, where: str = "") -> T_co:
        """The typed value of a raw one.

        :param raw: what was found under the key.
        :param where: the place it was found in, for the message.
        :raises ConfigError: the row does not accept the value.
        """
        try:
            return self.read(raw)
        except (TypeError, ValueError) as error:
            reason = str(error)
        # Outside the except block: the reader's error may quote a secret and must not be chained.
        raise ConfigError(self._refusal(raw, where, reason))

    def stored(self, raw: object, where: str = "") -> object:
        """What the configuration keeps when the key is set to `raw`; errors as in `value`."""
        value = self.value(raw, where)
        return raw if self.as_given else value

    def accepts(self, raw: object) -> bool:
        """Whether the key may be set to `raw`."""
        try:
            self.read(raw)
        except (TypeError, ValueError):
            return False
        return True

    def _refusal(self, raw: object, where: str, reason: str) -> str:
        source = f", from {where}," if where else ""
        sentence = f"{self.name}{source} cannot be {shown(raw, secret=self.secret)}"
        if reason and not self.secret:
            sentence += f" ({reason})"
        return f"{sentence}; it wants {self.wants}." if self.wants else f"{sentence}."
