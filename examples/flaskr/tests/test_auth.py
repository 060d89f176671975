"""Signing in and out, and adding users."""

from __future__ import annotations

import pytest

from flaskr.auth import NAME_LIMIT, add_user, check_credentials
from flaskr.db import get_db
from flaskr.tests.visitor import NAME, PASSWORD, Visitor, said
from typedflask import Flask


def test_the_right_password_signs_in(visitor: Visitor) -> None:
    response = visitor.sign_in()
    assert (response.status_code, response.location) == (303, "/")
    page = said(visitor.read())
    assert "Welcome, ada. You are signed in." in page
    assert "Signed in as ada Sign out" in page


def test_the_case_of_a_name_does_not_matter(visitor: Visitor) -> None:
    assert visitor.sign_in(name=" ADA ").status_code == 303
    assert "Signed in as ada" in said(visitor.read())


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (NAME, "difference engine"),
        ("babbage", PASSWORD),
        (NAME, ""),
        ("", ""),
        ("' or 1=1 --", "x"),
    ],
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    visitor: Visitor, name: str, password: str
) -> None:
    response = visitor.sign_in(name, password)
    assert response.status_code == 403
    assert "This name and password do not belong together." in response.text
    assert "Signed in" not in visitor.read()


def test_a_failed_attempt_keeps_the_name_but_never_the_password(visitor: Visitor) -> None:
    page = visitor.sign_in('ad"a', "a wrong secret").text
    assert 'value="ad&#34;a"' in page
    assert "a wrong secret" not in page


def test_who_is_signed_in_needs_no_form_for_it(writer: Visitor) -> None:
    response = writer.client.get("/login")
    assert (response.status_code, response.location) == (302, "/")


def test_signing_out_ends_the_session(writer: Visitor) -> None:
    assert writer.send("/logout").status_code == 303
    page = said(writer.read())
    assert "You are signed out." in page
    assert "Signed in" not in page


def test_a_link_cannot_sign_anybody_out(writer: Visitor) -> None:
    response = writer.client.get("/logout")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert "Signed in as ada" in said(writer.read())


def test_a_session_of_a_user_who_is_gone_is_nobody_s(app: Flask, writer: Visitor) -> None:
    with app.app_context(), get_db() as database:
        database.execute("delete from users")
    assert "Signed in" not in writer.read()


def test_signing_in_gives_the_session_a_new_token(visitor: Visitor) -> None:
    before = visitor.token()
    visitor.sign_in()
    assert visitor.token() != before


def test_a_password_is_stored_only_as_a_hash(app: Flask) -> None:
    with app.app_context():
        rows = get_db().execute("select * from users").fetchall()
        stored = " ".join(str(value) for row in rows for value in row)
        assert NAME in stored
        assert PASSWORD not in stored


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        (" ", "long enough", "1 to 40 characters"),
        ("a" * (NAME_LIMIT + 1), "long enough", "has 41"),
        ("grace", "short", "at least 8 characters"),
        ("ADA", "long enough", "already a user called 'ADA'"),
    ],
)
def test_a_user_who_cannot_be_added_is_told_why(
    app: Flask, name: str, password: str, reason: str
) -> None:
    with app.app_context(), pytest.raises(ValueError, match=reason):
        add_user(name, password)


def test_the_command_adds_a_user_who_can_sign_in(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["add-user", "grace"], input="moth in panel F\nmoth in panel F\n"
    )
    assert (result.exit_code, "grace can sign in now." in result.output) == (0, True)
    assert "moth" not in result.output
    with app.app_context():
        user = check_credentials("grace", "moth in panel F")
        assert user is not None
        assert user.name == "grace"


def test_the_command_says_why_it_refuses(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["add-user", "ada", "--password", "long enough"])
    assert result.exit_code == 1
    assert "There is already a user called 'ada'" in result.output
