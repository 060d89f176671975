"""The connection of a request, and the command that makes the database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from flaskr import create_app
from flaskr.db import DatabaseMissing, get_db
from flaskr.tests.visitor import Visitor
from typedflask import Flask


def test_a_context_has_one_connection_and_closes_it(app: Flask) -> None:
    with app.app_context():
        connection = get_db()
        assert get_db() is connection
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")


def test_each_context_has_a_connection_of_its_own(app: Flask) -> None:
    with app.app_context():
        first = get_db()
        with app.app_context():
            assert get_db() is not first


def test_an_entry_cannot_have_an_author_who_does_not_exist(app: Flask) -> None:
    statement = "insert into entries (author_id, title, text, created) values (99, 't', 't', 0)"
    with app.app_context(), pytest.raises(sqlite3.IntegrityError):
        get_db().execute(statement)


def test_init_db_makes_the_database_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "flaskr.sqlite"
    app = create_app({"SECRET_KEY": "for tests only", "DATABASE": str(path)})
    result = app.test_cli_runner().invoke(args=["init-db"])
    assert (result.exit_code, result.output) == (0, f"The database is ready: {path}\n")
    assert "Nothing has been written yet." in Visitor(app).read()


def test_init_db_again_keeps_every_entry(app: Flask, writer: Visitor) -> None:
    writer.send("/entries", title="A title", text="A text")
    assert app.test_cli_runner().invoke(args=["init-db"]).exit_code == 0
    assert "A title" in writer.read()


def test_a_missing_database_is_an_error_that_says_how_to_make_it(tmp_path: Path) -> None:
    path = tmp_path / "missing.sqlite"
    app = create_app({"SECRET_KEY": "for tests only", "DATABASE": str(path)})
    with app.app_context(), pytest.raises(DatabaseMissing, match="init-db") as caught:
        get_db()
    assert str(path) in str(caught.value)
    assert not path.exists()
