"""The pieces of `demo.py`; the whole is tested with a browser in the project's own tests."""

from __future__ import annotations

import socket

import click
import pytest

from flaskr import create_app
from flaskr.demo import HOST, fill, listen
from flaskr.tests.visitor import Visitor


def test_the_demo_has_entries_and_a_user_with_the_given_password(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("demo") / "flaskr.sqlite"
    app = create_app({"SECRET_KEY": "for tests only", "DATABASE": str(path)})
    fill(app, "a password")
    visitor = Visitor(app)
    assert visitor.read().count("<article") == 4
    assert visitor.sign_in("ada", "a password").status_code == 303


def test_a_port_that_is_taken_is_an_error_that_names_it() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        with pytest.raises(click.ClickException, match=f"port {port}: Address already in use"):
            listen(port)


def test_port_zero_takes_any_free_port() -> None:
    with listen(0) as first, listen(0) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_without_a_port_there_is_always_one() -> None:
    with listen(None) as first, listen(None) as second:
        assert first.getsockname()[1] != second.getsockname()[1]
