"""The store passes the tests for stores, and an installed copy is found by its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sqlite3_sessions.typedflask_sqlite3 import SQLite3Store
from typedflask.testing.conformance.stores import StoreConformance

HERE = Path(__file__).parent.parent

APPLICATION = """
from typedflask import Flask, session

app = Flask(__name__)
app.config.update(SECRET_KEY="k", SESSION_BACKEND="sqlite3", SESSION_STORE="sessions.db")


@app.get("/")
def visits() -> str:
    session["visits"] = session.get("visits", 0) + 1
    return str(session["visits"])


client = app.test_client()
print(type(app.session_interface).__name__, client.get("/").text, client.get("/").text)
"""


class TestSQLite3Store(StoreConformance):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "sessions.db"

    def make_store(self) -> SQLite3Store:
        return SQLite3Store(self.path)

    def make_second(self, store: object) -> SQLite3Store:
        return SQLite3Store(self.path)

    def make_neighbour(self, store: object) -> SQLite3Store:
        return SQLite3Store(self.path, "another application's:")

    def make_unreachable(self) -> SQLite3Store:
        store = SQLite3Store(self.path)
        store.path = self.path / "no such folder"
        return store


def test_a_file_that_cannot_be_opened_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot use the session file"):
        SQLite3Store(tmp_path / "no such folder" / "sessions.db")


@pytest.mark.slow
def test_an_installed_copy_is_found_by_its_name(tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    source = tmp_path / "source"
    source.mkdir()
    for file in HERE.iterdir():
        if file.is_file():
            (source / file.name).write_bytes(file.read_bytes())
    subprocess.run(
        [*install, "--no-build-isolation", "--target", site, source], check=True, timeout=120
    )
    run = subprocess.run(
        [sys.executable, "-c", APPLICATION],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stderr == ""
    assert run.stdout.split() == ["ServerSideSessions", "1", "2"]
    assert (tmp_path / "sessions.db").exists()
