"""Configuration: the dict users know, typed rows for its built-in keys, and where it comes from.

`settings.py` has one row per key, `sources.py` one row per kind of source, `config.py` the dict.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from typedflask.config.attribute import ConfigAttribute, HasConfig
from typedflask.config.config import Config
from typedflask.config.errors import ConfigError, VariableNotSet
from typedflask.config.settings import DEFAULTS, SETTINGS, Setting, describe_settings

if TYPE_CHECKING:
    from typedflask.config.formats import FORMATS, Format
    from typedflask.config.sources import SOURCES, Source, describe_sources
else:
    _LATER: Final = {
        "FORMATS": "formats",
        "Format": "formats",
        "SOURCES": "sources",
        "Source": "sources",
        "describe_sources": "sources",
    }
    """Names that who reads no configuration does not need, and their modules (decision 049)."""

    def __getattr__(name: str) -> object:
        if name in _LATER:
            return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DEFAULTS",
    "FORMATS",
    "SETTINGS",
    "SOURCES",
    "Config",
    "ConfigAttribute",
    "ConfigError",
    "Format",
    "HasConfig",
    "Setting",
    "Source",
    "VariableNotSet",
    "describe_settings",
    "describe_sources",
]
