"""The database: one SQLite connection for each context, opened when a view first asks for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from typedflask import Flask, current_app, typed_g
from typedflask.cli import with_appcontext

LARGEST_ID = 2**63 - 1
"""The largest number SQLite keeps as an integer; a larger one cannot be the id of anything."""


class DatabaseMissing(RuntimeError):
    """The file with the entries has not been made yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no database at {path}. Make it with: typedflask --app flaskr init-db"
        )


def database_path() -> Path:
    """Where the configuration says the database is."""
    return Path(str(current_app.config["DATABASE"]))


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, with columns read by name and references between tables enforced."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma foreign_keys = on")
    return connection


class Globals:
    """What this module keeps in `g`."""

    database: sqlite3.Connection | None = None


g = typed_g(Globals)


def get_db() -> sqlite3.Connection:
    """The connection of this request or command; the same one each time it is asked for."""
    if g.database is None:
        path = database_path()
        if not path.is_file():
            # SQLite would make an empty file here and complain about missing tables later.
            raise DatabaseMissing(path)
        g.database = connect(path)
    return g.database


def close_db(error: BaseException | None = None) -> None:
    """Close the connection if there is one; what was not committed is rolled back."""
    if g.database is not None:
        g.database.close()
        del g.database


def init_db() -> Path:
    """Make the database and its tables where they are missing; gives back where it is."""
    path = database_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with current_app.open_resource("schema.sql", "r", encoding="utf-8") as schema:
        statements = str(schema.read())
    with closing(connect(path)) as connection:
        connection.executescript(statements)
    return path


@click.command("init-db")
@with_appcontext
def init_db_command() -> None:
    """Make the database; entries that are already there are kept."""
    click.echo(f"The database is ready: {init_db()}")


def register(app: Flask) -> None:
    """Close connections after each request and add the command."""
    app.teardown_appcontext(close_db)
    app.cli.add_command(init_db_command)
