"""The application as a whole: its factory, its headers, its pages for errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from flaskr import LARGEST_FORM, create_app
from flaskr.tests.visitor import Visitor, said
from typedflask import Flask


def test_the_factory_refuses_to_start_without_a_secret_key() -> None:
    with pytest.raises(RuntimeError, match="FLASKR_SECRET_KEY"):
        create_app({})


def test_settings_come_from_the_environment_when_none_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASKR_SECRET_KEY", "from the environment")
    monkeypatch.setenv("FLASKR_DATABASE", str(tmp_path / "elsewhere.sqlite"))
    app = create_app()
    assert app.secret_key == "from the environment"
    assert app.config["DATABASE"] == str(tmp_path / "elsewhere.sqlite")


def test_a_missing_page_is_answered_in_the_look_of_the_blog(visitor: Visitor) -> None:
    response = visitor.client.get("/nowhere")
    assert response.status_code == 404
    assert "404 Nothing here" in said(response.text)
    assert "style.css" in response.text


def test_an_error_keeps_the_headers_that_belong_to_it(visitor: Visitor) -> None:
    response = visitor.client.get("/entries")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.content_type == "text/html; charset=utf-8"


def test_a_form_that_is_too_large_is_refused(writer: Visitor) -> None:
    response = writer.client.post("/entries", data={"title": "t", "text": "t" * (LARGEST_FORM + 1)})
    assert response.status_code == 413
    assert "413" in said(response.text)


def test_a_failing_database_is_a_page_not_a_crash(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.sqlite")
    app = create_app({"SECRET_KEY": "for tests only", "DATABASE": missing})
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "500 Internal Server Error" in said(response.text)
    assert missing not in response.text


@pytest.mark.parametrize("address", ["/", "/login", "/nowhere", "/static/style.css"])
def test_every_answer_asks_the_browser_to_be_careful(visitor: Visitor, address: str) -> None:
    with visitor.client.get(address) as response:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_session_cookie_stays_away_from_scripts_and_other_sites(app: Flask) -> None:
    cookie = Visitor(app).client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
