"""`typed_config`: the configuration with the keys that a class declares, checked all at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, NoReturn, TypeVar
from weakref import WeakKeyDictionary

from ..config import SETTINGS, Config, ConfigError
from ..config.errors import shown
from ..ctx.contract import ContextApp
from ..proxies import active_app
from .declared import NOTHING, Attribute, Slot, attributes_of, stand_in_for
from .kinds import Kind, Refused, fields_of, plain_name

T = TypeVar("T")


class Filled(NamedTuple):
    """A key that was read: what the configuration holds, and what the declaration makes of it."""

    raw: object
    value: object


class Declaration:
    """The keys that a class declares, and how each is read."""

    def __init__(self, declared: type) -> None:
        self.declared = declared
        self.name: str = plain_name(declared)
        if issubclass(declared, dict):
            raise TypeError(
                f"{self.name} is a dict. What declares the keys of a configuration is a"
                " plain class with annotations; `app.config` stays the dict that has them."
            )
        self.attributes: dict[str, Attribute] = attributes_of(self.declared)
        unread = [name for name in self.attributes if not name.isupper()]
        if unread:
            raise TypeError(
                f"{self.name} declares {', '.join(unread)}. The keys of a configuration are in"
                " capitals; the sources pass over others."
            )
        self._kinds: dict[str, Kind] = {}

    def kind(self, key: str) -> Kind:
        """How a key is read; made when first needed, when the names in annotations are defined."""
        if not self._kinds:
            self._kinds = fields_of(self.declared, self.attributes, convert=True)
        return self._kinds[key]

    # Any: what the keys hold is what is found out here.
    def read_all(self, config: Mapping[str, Any]) -> dict[str, Filled]:
        """Read every key.

        :raises ConfigError: names every key with a wrong value or without one, one line each.
        """
        filled: dict[str, Filled] = {}
        problems: list[str] = []
        for key in self.attributes:
            try:
                filled[key] = self.read(key, config)
            except ConfigError as error:
                problems.append(str(error))
        if problems:
            raise ConfigError("\n".join(problems))
        return filled

    def read(self, key: str, config: Mapping[str, Any]) -> Filled:
        """Read one key.

        :raises ConfigError: the value is not what is declared, or there is none and no default.
        """
        raw: object = config.get(key, NOTHING)
        if raw is NOTHING:
            return Filled(raw, self._default(self.attributes[key]))
        found = config.origin(key) if isinstance(config, Config) else None
        if found is None:
            return Filled(raw, self.checked(key, raw))
        value = raw
        if found.text is not None and not self._accepts(key, raw):
            # What looks like a number in the environment is a text where a text is declared.
            value = found.text if self._accepts(key, found.text) else raw
        return Filled(raw, self.checked(key, value, found.where))

    def _accepts(self, key: str, value: object) -> bool:
        kind = self.kind(key)
        try:
            kind.read(value)
        except (TypeError, ValueError):
            return False
        return True

    def checked(self, key: str, value: object, where: str = "") -> object:
        """A value as the declaration has it.

        :param where: the place it comes from, for the message.
        :raises ConfigError: it is not what is declared.
        """
        kind = self.kind(key)
        try:
            return kind.read(value)
        except (TypeError, ValueError) as error:
            reason = str(error) if isinstance(error, Refused) else ""
        # Outside the except block: the reader's error may quote a secret and must not be chained.
        raise ConfigError(self._refusal(key, value, reason, where))

    def _default(self, attribute: Attribute) -> object:
        if attribute.fresh is not None:
            return attribute.fresh()
        if attribute.default is not NOTHING:
            return attribute.default
        wants = self.kind(attribute.name).wants
        raise ConfigError(
            f"{attribute.name} is not set; it wants {wants}. Set it in one of the sources of the"
            f" configuration, or give it a default in {self.name}."
        )

    def _refusal(self, key: str, value: object, reason: str, where: str) -> str:
        setting = SETTINGS.get(key)
        # Nobody told which keys of the application's own are secret, so none of them is shown.
        secret = value is not None and (setting is None or setting.secret)
        source = f", from {where}," if where else ""
        inside = f": {reason}" if reason else ""
        return (
            f"{key}{source} cannot be {shown(value, secret=secret)}{inside}; {self.name} wants"
            f" {self.kind(key).wants}."
        )


class Applications:
    """What a declaration made of the configurations of the applications that asked."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration: Final = declaration
        self._filled: WeakKeyDictionary[ContextApp, dict[str, Filled]] = WeakKeyDictionary()

    def read(self, key: str) -> object:
        """The value of a key for the active application.

        The first look checks all keys. Later ones check again what has been set since.
        """
        app = active_app()
        filled = self._filled.get(app)
        if filled is None:
            filled = self._filled[app] = self.declaration.read_all(app.config)
        known = filled[key]
        if app.config.get(key, NOTHING) is not known.raw:
            known = filled[key] = self.declaration.read(key, app.config)
        return known.value

    def write(self, key: str, value: object) -> None:
        """Set a key of the active application's configuration to a value that fits."""
        config = active_app().config
        kept = self.declaration.checked(key, value)
        if not isinstance(config, Config):
            raise TypeError(
                f"{key} cannot be set, because app.config is a {type(config).__qualname__} and no"
                " Config."
            )
        config[key] = kept


class ConfigSlot(Slot):
    """An attribute that is a key of the active application's configuration."""

    def __init__(self, attribute: Attribute, applications: Applications) -> None:
        super().__init__(attribute)
        self.applications = applications

    def read(self) -> object:
        """The value, checked."""
        return self.applications.read(self.attribute.name)

    def write(self, value: object, /) -> None:
        """Set the key in `app.config`, after checking the value."""
        self.applications.write(self.attribute.name, value)

    def remove(self) -> NoReturn:
        """Refuse: a key that is declared is there."""
        raise AttributeError(
            f"{self.attribute} cannot be deleted: what is declared is there, for all that read it."
        )


def typed_config(declared: type[T], /) -> T:
    """A stand-in for the active application's configuration, with the keys a class declares.

    The sources are those of `app.config`: `from_mapping`, `from_object`, `from_file`,
    `from_pyfile`, `from_envvar`, `from_dotenv`, `from_prefixed_env` and `load`. The first look at any
    attribute checks all of them, so that every mistake is reported at once::

        class Settings:
            DATABASE: Path
            PAGE_SIZE: int = 20
            SECRET_KEY: str | bytes

        config = typed_config(Settings)

        config.PAGE_SIZE  # an int, in a view or anywhere else with an active application

    Files and environment variables cannot hold every type, so a str is read where a `Path` is
    declared, an int of seconds for a `timedelta`, a value for a member of an `Enum`, a list for a
    tuple or set, and 0 and 1 for a bool. (Decision 072.)

    :param declared: a class with annotated attributes in capitals, and defaults for those that
        need not be set. Built-in keys may be among them, to ask for more than the framework does.
    :returns: the stand-in. Reading raises a `ConfigError` that names every key with a wrong value
        or without one, with its source where that is known; setting an attribute checks the value
        and sets the key in `app.config`; undeclared attributes raise an `AttributeError`.
    :raises TypeError: an attribute is not in capitals, or a default cannot be copied.
    """
    applications = Applications(Declaration(declared))
    slots = {
        name: ConfigSlot(attribute, applications)
        for name, attribute in applications.declaration.attributes.items()
    }
    return stand_in_for(declared, slots, {"__repr__": _described})


def _described(stand_in: object) -> str:
    return f"<typed_config({type(stand_in).__qualname__})>"


# Any: as the values of `Config`.
def load_config(declared: type[T], config: Mapping[str, Any], /) -> T:
    """An instance of a declared class with the values of a configuration, checked all at once.

    For a factory that shall refuse a wrong configuration when the application starts, and for
    tests, which need no application for it::

        load_config(Settings, app.config)
        load_config(Settings, {"DATABASE": "test.sqlite", "SECRET_KEY": "x"})

    :param declared: the class, as for `typed_config`.
    :param config: `app.config`, or any mapping.
    :returns: a plain instance, which later changes of the configuration do not change.
    :raises ConfigError: names every key with a wrong value or without one.
    """
    filled = Declaration(declared).read_all(config)
    values: dict[str, Any] = {key: found.value for key, found in filled.items()}
    if dataclasses.is_dataclass(declared):
        return declared(**values)
    instance = declared.__new__(declared)
    for key, value in values.items():
        setattr(instance, key, value)
    return instance
