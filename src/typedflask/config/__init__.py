"""Configuration: the dict users know, typed rows for its built-in keys, and where it comes from.

`settings.py` has one row per key, `sources.py` one row per kind of source, `config.py` the dict.
"""

from __future__ import annotations

from typedflask.config.attribute import ConfigAttribute, HasConfig
from typedflask.config.config import Config
from typedflask.config.errors import ConfigError, VariableNotSet
from typedflask.config.formats import FORMATS, Format
from typedflask.config.settings import DEFAULTS, SETTINGS, Setting, describe_settings
from typedflask.config.sources import SOURCES, Source, describe_sources

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
