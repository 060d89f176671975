"""From what `--app` says to an application object.

The way has three steps, each a function: make the module importable and import it; evaluate the
name behind the colon, or look around in the module when there is none; call a factory. Whatever
goes wrong ends in a `NoAppException` that names the value at fault and what would help.
"""

from __future__ import annotations

import ast
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from typedflask.app import Flask
from typedflask.commands import NoAppException, application_finder
from typedflask.newer_typing import TypeIs

DEFAULT_FILES: Final = ("wsgi.py", "app.py")
"""What is looked for in the working directory when no application is named."""

APP_NAMES: Final = ("app", "application")
"""Names under which a module's application is recognised, though there may be others."""

FACTORY_NAMES: Final = ("create_app", "make_app")
"""Names of factories that are called when a module holds no application."""

WAYS_TO_NAME: Final = (
    "Name one with `--app NAME` or FLASK_APP, for example `hello`, `hello:application`,"
    ' `hello:create_app("test")` or `folder/hello.py`.'
)


class Reference(NamedTuple):
    """What stands behind the colon, read as Python."""

    name: str
    called: bool = False
    arguments: tuple[object, ...] = ()
    keywords: tuple[tuple[str, object], ...] = ()


# --- the whole way -----------------------------------------------------------------------


def find_application(app_import_path: str | None, /) -> Flask:
    """Find the application that the user means.

    :param app_import_path: `module`, `path/to/file.py`, and either with `:name` or
        `:factory("argument")` behind it, as Flask's documentation describes. With None, the
        variable `FLASK_APP` is asked, and then the files `wsgi.py` and `app.py`.
    :raises NoAppException: if there is no application there, or importing it fails.
    """
    named = app_import_path or os.environ.get("FLASK_APP")
    if not named:
        return _find_by_default()
    path, expression = split_reference(named)
    reference = read_reference(expression) if expression else None
    module = import_module(importable_name(path), meant_by=named)
    return find_in_module(module) if reference is None else find_by_name(module, reference)


def _find_by_default() -> Flask:
    here = Path.cwd()
    for name in DEFAULT_FILES:
        path = here / name
        if path.is_file() or (path.with_suffix("") / "__init__.py").is_file():
            return find_in_module(import_module(importable_name(name), meant_by=name))
    raise NoAppException(
        f"No application was named, and {here} contains neither {' nor '.join(DEFAULT_FILES)}."
        f" {WAYS_TO_NAME}"
    )


def split_reference(named: str) -> tuple[str, str]:
    """Divide `path:expression` at its first colon; one after a drive letter does not count."""
    start = 2 if named[1:3] in {":\\", ":/"} else 0
    path, _, expression = named[start:].partition(":")
    return named[:start] + path, expression.strip()


# --- importing ---------------------------------------------------------------------------


def importable_name(path: str) -> str:
    """Turn a file's path or a dotted name into a module's name, and see that it can be imported.

    The folder that holds the outermost package goes to the front of `sys.path`.
    """
    location = Path(path).resolve()
    if location.suffix == ".py":
        location = location.with_suffix("")
    if location.name == "__init__":
        location = location.parent
    parts = [location.name]
    folder = location.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))
    return ".".join(parts)


def import_module(name: str, /, *, meant_by: str) -> ModuleType:
    """Import a module of the user's.

    :param name: the dotted name.
    :param meant_by: what the user wrote, for messages.
    :raises NoAppException: if there is no such module, or if an exception leaves it while it is
        imported; the message then contains the traceback of the user's part.
    """
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise NoAppException(
                f"{meant_by!r} cannot be imported: there is no module {error.name!r}, neither in"
                f" {sys.path[0]} nor among the installed packages. {WAYS_TO_NAME}"
            ) from error
        raise _failed("Importing", name, error) from error
    except (Exception, SystemExit) as error:
        raise _failed("Importing", name, error) from error
    return sys.modules[name]


def _failed(doing: str, what: str, error: BaseException) -> NoAppException:
    # The first entry of the traceback is this file's; the user looks for his own.
    seen = error.__traceback__ and error.__traceback__.tb_next
    lines = traceback.format_exception(type(error), error, seen)
    return NoAppException(
        f"{doing} {what!r} was ended by {type(error).__name__}:\n\n{''.join(lines).rstrip()}"
    )


# --- looking into a module ---------------------------------------------------------------


def is_application(value: object) -> TypeIs[Flask]:
    """Tell applications from anything else; proxies such as `current_app` are something else."""
    # Not isinstance: a proxy answers that for the object behind it, which may be missing.
    return issubclass(type(value), Flask)


def find_in_module(module: ModuleType) -> Flask:
    """Look for the application of a module when nothing says what it is called.

    In this order, as documented by Flask: `app` or `application`, the only application under any
    name, what `create_app` or `make_app` makes when called without arguments.

    :raises NoAppException: if there is none, or more than one.
    """
    content: dict[str, object] = vars(module)
    for name in APP_NAMES:
        value = content.get(name)
        if is_application(value):
            return value

    found: dict[int, tuple[str, Flask]] = {}
    for name, value in content.items():
        if is_application(value):
            found.setdefault(id(value), (name, value))
    if len(found) > 1:
        choices = _listed(f"{module.__name__}:{name}" for name, _ in found.values())
        raise NoAppException(
            f"The module {module.__name__!r} contains {len(found)} applications, none of them"
            f" called {_listed(APP_NAMES)}. Say which one: {choices}."
        )
    for _, app in found.values():
        return app

    for name in FACTORY_NAMES:
        factory = content.get(name)
        if callable(factory):
            return make(module, Reference(name), factory)
    raise NoAppException(
        f"The module {module.__name__!r} contains no application, and no factory called"
        f" {_listed(FACTORY_NAMES)}. If it is made by a function of another name, say which:"
        f" `--app {module.__name__}:NAME`."
    )


def find_by_name(module: ModuleType, reference: Reference) -> Flask:
    """Give the application that stands behind the colon, or that is made there.

    :param module: where the name is looked up.
    :param reference: a name, or a call of it; a factory is called in both cases.
    :raises NoAppException: if the module has no such name, or if what it stands for is no
        application and makes none.
    """
    content: dict[str, object] = vars(module)
    if reference.name not in content:
        near = get_close_matches(reference.name, content, n=3)
        hint = f" Did you mean {_listed(near)}?" if near else ""
        raise NoAppException(
            f"The module {module.__name__!r} has no attribute {reference.name!r}.{hint}"
        )
    value = content[reference.name]
    if is_application(value) and not reference.called:
        return value
    if callable(value) and not is_application(value):
        return make(module, reference, value)
    wanted = "is an application and cannot be called" if reference.called else "is no application"
    raise NoAppException(
        f"{module.__name__}:{reference.name} {wanted}; it is of type"
        f" {type(value).__name__!r}. {WAYS_TO_NAME}"
    )


def read_reference(expression: str) -> Reference:
    """Read `name` or `name("literal", key=1)`; nothing of it is executed.

    :raises NoAppException: if it is anything else.
    """
    try:
        node = ast.parse(expression, mode="eval").body
        if isinstance(node, ast.Name):
            return Reference(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return Reference(
                node.func.id,
                True,
                tuple(_literal(argument) for argument in node.args),
                tuple(
                    (_keyword_name(keyword), _literal(keyword.value)) for keyword in node.keywords
                ),
            )
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise NoAppException(
            f"{expression!r} cannot be read: {reason}. Behind the colon stands a name, or a call"
            ' with literal arguments such as `create_app("test", debug=True)`.'
        ) from error
    raise NoAppException(
        f"{expression!r} is neither a name nor a call of a name. Behind the colon stands"
        " something like `application` or `create_app()`."
    )


def _literal(node: ast.expr) -> object:
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError) as error:
        raise ValueError(f"the argument `{ast.unparse(node)}` is not a literal") from error
    return value


def _keyword_name(keyword: ast.keyword) -> str:
    if keyword.arg is None:
        raise ValueError("`**` needs names, and only literals are known here")
    return keyword.arg


# --- calling a factory -------------------------------------------------------------------


def make(module: ModuleType, reference: Reference, factory: Callable[..., object]) -> Flask:
    """Call a factory and see that an application comes out.

    :raises NoAppException: if the arguments do not fit, if the call raises (the message contains
        the traceback), or if the result is no application.
    """
    place = f"{module.__name__}:{reference.name}"
    keywords = dict(reference.keywords)
    _check_arguments(place, reference, factory)
    try:
        made = factory(*reference.arguments, **keywords)
    except (Exception, SystemExit) as error:
        raise _failed("Calling", place, error) from error
    if is_application(made):
        return made
    raise NoAppException(
        f"{place} was called and gave {type(made).__name__} instead of an application."
        " A factory returns the application it has made."
    )


def _check_arguments(place: str, reference: Reference, factory: Callable[..., object]) -> None:
    try:
        signature = inspect.signature(factory)
    except Exception:
        return  # Not everything that can be called describes itself; calling it will tell.
    try:
        signature.bind(*reference.arguments, **dict(reference.keywords))
    except TypeError as error:
        raise NoAppException(
            f"{place} takes {signature} and cannot be called this way: {error}."
            f" Arguments are passed like this: `--app '{place}(\"value\")'`."
        ) from error


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


# Lower floors load applications through `ScriptInfo`, and ask here for how to find one.
application_finder.answered_by(lambda: find_application)
