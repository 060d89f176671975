"""Where configuration comes from: one row per kind of source, one function that reads it.

Each function here only looks and reports what it found and where; `Config` decides what to keep.
A source of one's own is one more row::

    VAULT = Source("the vault", "the secrets of one path", read_vault)

    app.config.load(VAULT, "shop/production")
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from errno import EISDIR, ENOENT, ENOTDIR
from types import ModuleType
from typing import IO, Any, Final, Generic, Literal, NamedTuple, ParamSpec, TypeAlias, TypeVar

from werkzeug.utils import import_string

from typedflask.backends import missing_library
from typedflask.config.errors import ConfigError, VariableNotSet
from typedflask.config.formats import FORMATS, Load, format_of, loaded
from typedflask.config.found import Found
from typedflask.config.settings import SETTINGS
from typedflask.newer_typing import TypeIs

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)

ABSENT: Final = frozenset({ENOENT, EISDIR, ENOTDIR})
"""The errors that mean "there is no such file", the only ones that `silent=True` passes over."""


# --- files -----------------------------------------------------------------------------------


def opened(path: str, mode: Literal["r", "rb"], silent: bool) -> IO[Any] | None:
    """The open file, or None if there is none and `silent` says not to mind.

    :raises OSError: of the kind that the system reported, with the full path.
    """
    try:
        return open(path, mode, encoding="utf-8" if mode == "r" else None)
    except OSError as error:
        if silent and error.errno in ABSENT:
            return None
        # Made from its number, an OSError becomes FileNotFoundError, PermissionError and so on.
        problem = f"cannot open the configuration file ({error.strerror})"
        raise OSError(error.errno, problem, path) from error


def in_python_file(path: str, silent: bool) -> list[Found] | None:
    """Run a Python file and report the names in capitals that it leaves behind.

    :returns: None if there is no such file and `silent` is true.
    :raises Exception: whatever the file raises, with a note that names it.
    """
    file = opened(path, "rb", silent)
    if file is None:
        return None
    with file:
        source: bytes = file.read()
    names: dict[str, Any] = {"__name__": "config", "__file__": path}
    try:
        # dont_inherit: the file shall not get this module's `from __future__ import annotations`.
        exec(compile(source, path, "exec", dont_inherit=True), names)
    except Exception as error:
        error.add_note(f"This happened while the configuration file {path} was run.")
        raise
    return in_mapping(names, f"the file {path}")


def in_file(path: str, load: Load | None, text: bool, silent: bool) -> list[Found] | None:
    """Let `load`, or the format that fits the suffix, read a file; report its upper-case keys.

    :returns: None if there is no such file and `silent` is true.
    :raises ConfigError: the suffix is unknown, or the file is malformed or not a mapping.
    """
    if load is None:
        row = format_of(path)
        load, text = row.load, row.text
    file = opened(path, "r" if text else "rb", silent)
    if file is None:
        return None
    with file:
        values = loaded(file, load, path)
    if not is_mapping(values):
        raise ConfigError(
            f"the configuration file {path} holds a {type(values).__name__}; it must hold keys and"
            " values at its top level"
        )
    return in_mapping(values, f"the file {path}")


# --- objects and mappings --------------------------------------------------------------------


def in_object(source: object) -> list[Found]:
    """Report the attributes in capitals of a module, class or other object.

    :param source: the object, or a str with the dotted name to import it by.
    :raises ImportError: nothing can be imported by that name.
    :raises ConfigError: the object is a dict, whose keys are not attributes.
    """
    # Any: what a dotted name imports is anything.
    found: Any = import_string(source) if isinstance(source, str) else source
    if type(found) is dict:
        raise ConfigError(
            "from_object() reads attributes, and the keys of a dict are not attributes; use"
            " from_mapping() for a dict"
        )
    where = f"the object {source!r}" if isinstance(source, str) else name_of(found)
    return [Found(key, getattr(found, key), where) for key in dir(found) if key.isupper()]


def name_of(source: object) -> str:
    """Words for an object, which never include its repr: it may show secrets."""
    if isinstance(source, ModuleType):
        return f"the module {source.__name__}"
    if isinstance(source, type):
        return f"the class {source.__qualname__}"
    return f"an object of the class {type(source).__qualname__}"


def in_mapping(mapping: Mapping[str, Any], where: str = "a mapping") -> list[Found]:
    """Report the keys in capitals; the others are not configuration."""
    return [Found(key, value, where) for key, value in mapping.items() if is_key(key)]


# --- the environment -------------------------------------------------------------------------


def path_in_variable(variable: str, silent: bool) -> str | None:
    """The path of a Python file that an environment variable holds.

    :returns: None if the variable is not set, or empty, and `silent` is true.
    :raises VariableNotSet: it is not set, or empty.
    """
    path = os.environ.get(variable)
    if path:
        return path
    if silent:
        return None
    raise VariableNotSet(
        f"the environment variable {variable} is {'not set' if path is None else 'empty'}, so there"
        " is no configuration file to read; set it to the path of a Python file, or pass"
        " silent=True to do without"
    )


# Any: `loads` gives whatever the text stands for.
def in_environment(
    prefix: str, loads: Callable[[str], Any], existing: Mapping[str, Any]
) -> list[Found]:
    """Report the environment variables that start with a prefix and an underscore.

    :param prefix: without the underscore.
    :param loads: reads the text of a variable; text it cannot read stays as it is.
    :param existing: the configuration so far; `A__B` adds to the dict it has under `A`.
    :raises ConfigError: a variable adds to a value that is not a dict.
    """
    start = f"{prefix}_"
    texts = {name: text for name, text in os.environ.items() if name.startswith(start)}
    return in_variables(texts, start, loads, existing, "the environment variable {}")


# Any: as in `in_environment`.
def in_variables(
    texts: Mapping[str, str],
    start: str,
    loads: Callable[[str], Any],
    existing: Mapping[str, Any],
    place: str,
) -> list[Found]:
    """Report variables, whose values are texts, as keys and values.

    :param texts: the variables.
    :param start: what their names start with, and keys do not.
    :param loads: as for `in_environment`, and so is `existing`.
    :param place: where they stand, in words with `{}` for the name of one.
    :raises ConfigError: a variable adds to a value that is not a dict.
    """
    found: dict[str, Found] = {}
    # Sorted, so that FLASK_A comes before FLASK_A__B, which adds to it.
    for variable in sorted(texts):
        key, *inner = variable.removeprefix(start).split("__")
        text = texts[variable]
        value = parsed(text, loads)
        where = place.format(variable)
        if inner:
            base = found[key].value if key in found else existing.get(key, {})
            value = nested(base, inner, value, where)
        else:
            value = fitting(key, value, text)
        found[key] = Found(key, value, where, None if inner else text)
    return list(found.values())


def in_dotenv(
    path: str,
    prefix: str,
    loads: Callable[[str], Any],
    existing: Mapping[str, Any],
    silent: bool,
) -> list[Found] | None:
    """Report the variables of a `.env` file; the environment of the process stays as it is.

    :param prefix: without the underscore; if it is empty, all names in capitals are keys.
    :returns: None if there is no such file and `silent` is true; the rest as `in_environment`.
    :raises ConfigError: the file is malformed; the message shows nothing of it.
    :raises MissingLibrary: python-dotenv is not installed.
    """
    file = opened(path, "rb", silent)
    if file is None:
        return None
    with file:
        source: bytes = file.read()
    try:
        from typedflask.config.dotenv import variables_of
    except ImportError as error:
        raise missing_library("reading a .env file", "dotenv") from error
    start = f"{prefix}_" if prefix else ""
    texts = {
        name: text
        for name, text in variables_of(source, path).items()
        if name.startswith(start) and is_key(name.removeprefix(start).partition("__")[0])
    }
    return in_variables(
        texts, start, loads, existing, f"the variable {{}} in the file {escaped(path)}"
    )


def escaped(text: str) -> str:
    """A text that `str.format` leaves as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def parsed(text: str, loads: Callable[[str], Any]) -> Any:
    """What `loads` makes of a text, or the text where it cannot; Any, as in `in_environment`."""
    try:
        return loads(text)
    except Exception:
        return text


def fitting(key: str, value: object, text: str) -> object:
    """The parsed value, except where only the text is of use.

    `FLASK_SECRET_KEY=12345` is an int as JSON, but nobody who wrote it meant a number.
    """
    setting = SETTINGS.get(key)
    if setting is not None and not setting.accepts(value) and setting.accepts(text):
        return text
    return value


def nested(base: object, names: list[str], value: object, where: str) -> dict[str, Any]:
    """A copy of the dict `base` in which the path `names` leads to the value.

    `where` is what says so, for the message. A copy, so that a dict which several applications were given is not changed for all of them.
    """
    if not is_dict(base):
        raise ConfigError(
            f"{where} adds to a dict, but what it would add to is of type {type(base).__name__}"
        )
    changed = copy(base)
    name, *deeper = names
    changed[name] = nested(base.get(name, {}), deeper, value, where) if deeper else value
    return changed


def is_dict(value: object) -> TypeIs[dict[str, Any]]:
    """Whether this is a dict; environment variables only ever add str keys to it."""
    return isinstance(value, dict)


def is_mapping(value: object) -> TypeIs[Mapping[str, Any]]:
    """Whether this has keys and values; `is_key` picks out the keys that are configuration."""
    return isinstance(value, Mapping)


def is_key(key: object) -> bool:
    """Whether this is a name in capitals, as all configuration keys are."""
    return isinstance(key, str) and key.isupper()


# --- the table -------------------------------------------------------------------------------

# Any: values are checked when they are taken over.
Findings: TypeAlias = Mapping[str, Any] | Iterable[Found] | None
"""What a source holds: keys and values, or what it found with the place of each; None: nothing."""


class Source(NamedTuple, Generic[P, R_co]):
    """One kind of source; `Config.load` reads those of an application's own.

    :param name: what it is called, in words that complete "from …" in messages.
    :param reads: what it reads, in words for the manual.
    :param find: looks and reports; for `Config.load` it returns a mapping, of which keys in
        capitals count, or None where there is nothing.
    :param method: the method of `Config` that reads it.
    """

    name: str
    reads: str
    find: Callable[P, R_co]
    method: str = "load"


OBJECT: Final = Source(
    "an object",
    "the attributes in capitals of a module, class or object",
    in_object,
    "from_object",
)
MAPPING: Final = Source(
    "a mapping",
    "the keys in capitals of a mapping, and keyword arguments",
    in_mapping,
    "from_mapping",
)
PYTHON_FILE: Final = Source(
    "a Python file",
    "the names in capitals that a Python file leaves behind",
    in_python_file,
    "from_pyfile",
)
VARIABLE: Final = Source(
    "a variable",
    "a Python file whose path is in an environment variable",
    path_in_variable,
    "from_envvar",
)
FILE: Final = Source(
    "a data file",
    "the keys in capitals at the top level of a data file",
    in_file,
    "from_file",
)
DOTENV: Final = Source(
    "a .env file",
    "the names in capitals of a `.env` file, all or those with a prefix; values as below",
    in_dotenv,
    "from_dotenv",
)
ENVIRONMENT: Final = Source(
    "the environment",
    "environment variables with a prefix, as JSON or text; `A__B` is the key `B` in the dict `A`",
    in_environment,
    "from_prefixed_env",
)

SOURCES: Final[tuple[Source[..., object], ...]] = (
    OBJECT,
    MAPPING,
    PYTHON_FILE,
    VARIABLE,
    FILE,
    DOTENV,
    ENVIRONMENT,
)
"""Every kind of source that comes with the package."""


def describe_sources() -> str:
    """The sources and the file formats as Markdown tables, for the manual."""
    lines = ["| source | method | reads |", "| --- | --- | --- |"]
    lines += [f"| {row.name} | `{row.method}` | {row.reads} |" for row in SOURCES]
    lines.append("| one of your own | `load` | whatever its row finds |")
    lines += ["", "| suffix | format | needs |", "| --- | --- | --- |"]
    for row in FORMATS.values():
        needs = f"`typedflask[{row.extra}]`" if row.extra else ""
        lines.append(f"| `{row.suffix}` | {row.name} | {needs} |")
    return "\n".join(lines) + "\n"
