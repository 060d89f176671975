"""The `.env` files, whose variables become those of the process.

Read by both doors that start an application, `app.run()` and the command line, and not by one that
is only served. Nothing in this room knows an application.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

DEFAULT_ENV_FILES: Final = (".env", ".flaskenv")
"""The files looked for when none is named; what an earlier one says wins."""


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
