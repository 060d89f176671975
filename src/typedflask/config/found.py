"""Values on their way into a configuration: what sources hold, checked all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from typedflask.config.errors import ConfigError
from typedflask.config.settings import SETTINGS


class Found:
    """One value that a source holds.

    :param key: the key.
    :param value: the value. Any: what a source holds is known once a row has read it.
    :param where: the place, in words that complete "from …"; empty when a program set the key itself.
    :param text: what the place literally says, where the value was made of a text.
    """

    __slots__ = ("key", "text", "value", "where")

    def __init__(self, key: str, value: Any, where: str = "", text: str | None = None) -> None:
        self.key: Final = key
        self.value: Final = value
        self.where: Final = where
        self.text: Final = text


def checked(found: Iterable[Found], /) -> dict[str, Any]:
    """The values as the configuration keeps them.

    :raises ConfigError: names every wrong value and where it came from, one line each.
    """
    accepted: dict[str, Any] = {}
    problems: list[str] = []
    for item in found:
        setting = SETTINGS.get(item.key)
        if setting is None:
            accepted[item.key] = item.value
            continue
        try:
            accepted[item.key] = setting.stored(item.value, item.where)
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return accepted


def checked_values(values: dict[str, Any], /) -> dict[str, Any]:
    """The values that a program sets itself, as the configuration keeps them."""
    return checked(Found(key, value) for key, value in values.items())


def guarded(key: str, value: object) -> str:
    """How a repr shows a value: in full only where it cannot be a secret.

    Nobody told us which of the application's own keys are secret, so of these, as of the secret
    built-in ones, only the type is shown; flags and None give nothing away.
    """
    setting = SETTINGS.get(key)
    if value is None or isinstance(value, bool) or (setting is not None and not setting.secret):
        return repr(value)
    return f"<{type(value).__name__}>"
