"""An application with an empty database for each test, and visitors to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flaskr import create_app
from flaskr.auth import add_user
from flaskr.db import init_db
from flaskr.tests.visitor import NAME, PASSWORD, Visitor
from typedflask import Flask


def application(database: Path) -> Flask:
    """The blog over this file."""
    return create_app({"TESTING": True, "SECRET_KEY": "for tests only", "DATABASE": str(database)})


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one user and no entries; made once, because hashing a password takes time."""
    path = tmp_path_factory.mktemp("flaskr") / "first-day.sqlite"
    with application(path).app_context():
        init_db()
        add_user(NAME, PASSWORD)
    return path


@pytest.fixture
def app(first_day: Path, tmp_path: Path) -> Flask:
    """The blog on its first day."""
    return application(shutil.copyfile(first_day, tmp_path / "flaskr.sqlite"))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who only reads."""
    return Visitor(app)


@pytest.fixture
def writer(app: Flask) -> Visitor:
    """Somebody who is signed in and has seen the welcome."""
    somebody = Visitor(app)
    assert somebody.sign_in().status_code == 303
    assert "Welcome, ada." in somebody.read()
    return somebody
