"""Options of the program itself: which application, which environment, debug mode, version."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Callable
from typing import Final

import click
from click.core import ParameterSource

from typedflask.commands import ScriptInfo
from typedflask.env_files import load_dotenv


def set_variable(context: click.Context, name: str, value: str) -> None:
    """Set a variable of the environment until the command has ended.

    The reloader's process inherits it; a test that runs a command does not keep it.
    """
    context.find_root().call_on_close(remember_variables(name))
    os.environ[name] = value


def remember_variables(*names: str) -> Callable[[], None]:
    """Make a function that gives variables of the environment the values they have now."""
    before = [(name, os.environ.get(name)) for name in names]

    # Not a context manager: click leaves some contexts unclosed, and the end of a generator that
    # is thrown away would change the environment whenever the memory happens to be tidied.
    def restore() -> None:
        for name, value in before:
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    return restore


def _choose_app(context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        context.ensure_object(ScriptInfo).app_import_path = value
    return value


def _read_env_file(
    context: click.Context, _option: click.Parameter, value: str | None
) -> str | None:
    if value is not None:
        _require_dotenv(context)
    defaults = context.ensure_object(ScriptInfo).load_dotenv_defaults
    if value is not None or defaults:
        load_dotenv(value, load_defaults=defaults)
    return value


def _require_dotenv(context: click.Context) -> None:
    if importlib.util.find_spec("dotenv") is None:
        raise click.BadParameter(
            "reading the file needs python-dotenv, which is not installed;"
            " `pip install python-dotenv` adds it.",
            ctx=context,
            param_hint="'--env-file'",
        )


def _set_debug(context: click.Context, _option: click.Parameter, value: bool) -> None:
    # Where nothing is said about it, the variable stays as it is.
    if context.get_parameter_source("debug") is not ParameterSource.DEFAULT:
        set_variable(context, "FLASK_DEBUG", "1" if value else "0")


def _print_version(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    click.echo(f"Python {platform.python_version()}")
    for name in ("typedflask", "werkzeug"):
        click.echo(f"{name} {importlib.metadata.version(name)}")
    context.exit()


app_option: Final = click.Option(
    ["-A", "--app"],
    metavar="IMPORT",
    help=(
        "Where the application is: a module (`hello`, `package.module`) or a file"
        " (`src/hello.py`), and, after a colon, the name of the application or of its factory"
        ' (`hello:app2`, `hello:create_app("test")`). The name may be left out if it is app,'
        " application, create_app or make_app."
    ),
    is_eager=True,
    expose_value=False,
    callback=_choose_app,
)

env_file_option: Final = click.Option(
    ["-e", "--env-file"],
    type=click.Path(exists=True, dir_okay=False),
    help=(
        "A file of environment variables to read besides .env and .flaskenv, which it overrides."
        " Variables that are set already keep their values. Needs python-dotenv."
    ),
    is_eager=True,
    expose_value=False,
    callback=_read_env_file,
)

debug_option: Final = click.Option(
    ["--debug/--no-debug"],
    help="Turn debug mode on or off.",
    expose_value=False,
    callback=_set_debug,
)

version_option: Final = click.Option(
    ["--version"],
    help="Print the versions of Python, typedflask and Werkzeug.",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
)
