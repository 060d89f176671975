"""The formats of data files: one row each, found by the suffix of the file's name.

Another format is one more row: `FORMATS[".ini"] = Format(".ini", "INI", load_ini)`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import IO, Any, Final, NamedTuple, TypeAlias

from typedflask.backends import missing_library
from typedflask.config.errors import ConfigError

# Any: a parser of JSON, TOML or YAML gives whatever the file holds.
Load: TypeAlias = Callable[[IO[Any]], Mapping[str, Any]]
"""Reads an open file, as `json.load` and `tomllib.load` do."""


class Format(NamedTuple):
    """A kind of file that `Config.from_file` reads without being told how.

    :param suffix: how names of such files end, in lower case, with the dot.
    :param name: what people call the format.
    :param load: reads the open file.
    :param text: whether the file is opened as text (UTF-8) or as bytes.
    :param extra: the extra of this package that brings the parser, or nothing.
    """

    suffix: str
    name: str
    load: Load
    text: bool = True
    extra: str = ""


def load_toml(file: IO[bytes]) -> dict[str, Any]:  # Any: TOML holds values of several types
    """Read an open TOML file; its parser is imported by those who have one."""
    import tomllib

    return tomllib.load(file)


def load_yaml(file: IO[bytes]) -> Mapping[str, Any]:  # Any: as TOML
    """Read an open YAML file, of which only plain data is accepted; an empty one has no keys.

    :raises ValueError: it is malformed; the message has the place and shows nothing of the file.
    :raises MissingLibrary: PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError as error:
        raise missing_library("reading a YAML file", "yaml") from error
    try:
        # Any: whatever the file holds; `in_file` asks whether it is a mapping.
        values: Any = yaml.safe_load(file)
        return {} if values is None else values
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f": line {mark.line + 1} column {mark.column + 1}" if mark else ""
        problem = f"{error.problem}{where}"
    except yaml.YAMLError as error:
        problem = f"{type(error).__name__}"
    # Outside the except block: the parser's error quotes the line, which may hold a secret.
    raise ValueError(problem)


# Bytes for all: TOML asks for them, and the others then may be UTF-16 or carry a byte order mark.
FORMATS: Final = {
    ".json": Format(".json", "JSON", json.load, text=False),
    ".toml": Format(".toml", "TOML", load_toml, text=False),
    ".yaml": Format(".yaml", "YAML", load_yaml, text=False, extra="yaml"),
    ".yml": Format(".yml", "YAML", load_yaml, text=False, extra="yaml"),
}
"""The formats by suffix; applications may add rows."""


def format_of(path: str) -> Format:
    """The row for a file's suffix.

    :raises ConfigError: no row has it; the message lists the suffixes there are.
    """
    suffix = os.path.splitext(path)[1].lower()
    row = FORMATS.get(suffix)
    if row is None:
        raise ConfigError(
            f"cannot tell how to read the configuration file {path}: known suffixes are"
            f" {', '.join(FORMATS)}; for another format pass load=, a function that reads it"
        )
    return row


def loaded(file: IO[Any], load: Load, path: str) -> object:
    """What `load` makes of a file; it is not yet known to be a mapping.

    :raises ConfigError: the file is malformed (a `ValueError`, as from JSON, TOML or UTF-8) or
        nested too deep.
    :raises Exception: whatever else `load` raises, with a note that names the file.
    """
    try:
        return load(file)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"the configuration file {path} cannot be read: {error}") from error
    except Exception as error:
        error.add_note(f"This happened while the configuration file {path} was read.")
        raise
