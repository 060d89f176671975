"""What the surroundings of the process say: `FLASK_*` switches and `.env` files.

Both doors that start an application, `app.run()` and the command line, ask here, so that they
answer alike. Nothing in this room knows an application.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

NO_WORDS: Final = frozenset({"0", "false", "no", "off"})
"""How a switch in the environment says no, in any mixture of upper and lower case."""

DEFAULT_ENV_FILES: Final = (".env", ".flaskenv")
"""The files looked for when none is named; what an earlier one says wins."""


def switch(name: str, default: bool) -> bool:
    """Read a yes-or-no variable of the environment.

    :param name: the variable, such as `FLASK_DEBUG`.
    :param default: the answer when the variable is unset or empty.
    """
    value = os.environ.get(name, "").strip()
    return value.lower() not in NO_WORDS if value else default


def get_debug_flag() -> bool:
    """Say whether `FLASK_DEBUG` asks for debug mode; without it, it is off.

    Flask's documentation names the variable. The words `0`, `false`, `no` and `off` mean no.
    """
    return switch("FLASK_DEBUG", default=False)


def get_load_dotenv(default: bool = True) -> bool:
    """Say whether `.env` files shall be read; `FLASK_SKIP_DOTENV=1` forbids it.

    :param default: the answer when `FLASK_SKIP_DOTENV` is unset or empty.
    """
    return not switch("FLASK_SKIP_DOTENV", default=not default)


def load_dotenv(path: str | os.PathLike[str] | None = None, load_defaults: bool = True) -> bool:
    """Put the variables of `.env` files into the environment of this process.

    As Flask documents it, the environment wins over the named file, which wins over `.env`, which
    wins over `.flaskenv`. The two default files are looked for in the working directory and the
    ones above it. Without python-dotenv nothing is read; if there was something to read, a line
    on standard error says so.

    :param path: a file to read besides the default ones.
    :param load_defaults: whether `.env` and `.flaskenv` are looked for.
    :returns: whether a file was found and contained at least one variable.
    """
    found = [os.fspath(path)] if path is not None and os.path.isfile(path) else []
    if load_defaults:
        found.extend(_default_files())
    if not found:
        return False
    try:
        import dotenv
    except ImportError:
        import click  # not needed by an application that is only served

        names = ", ".join(os.path.basename(file) for file in found)
        click.secho(
            f" * {names} is not read because python-dotenv is missing;"
            " `pip install python-dotenv` adds it.",
            fg="yellow",
            err=True,
        )
        return False

    variables: dict[str, str] = {}
    for file in found:
        for name, value in dotenv.dotenv_values(file, encoding="utf-8").items():
            if value is not None:
                variables.setdefault(name, value)
    for name, value in variables.items():
        os.environ.setdefault(name, value)
    return bool(variables)


def _default_files() -> Iterator[str]:
    """Find the nearest file of each default name, from the working directory upwards."""
    for name in DEFAULT_ENV_FILES:
        folder, below = os.getcwd(), ""
        while folder != below:
            file = os.path.join(folder, name)
            if os.path.isfile(file):
                yield file
                break
            folder, below = os.path.dirname(folder), folder


__all__ = ["get_debug_flag", "get_load_dotenv", "load_dotenv"]
