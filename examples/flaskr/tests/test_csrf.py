"""Forms of other sites are refused; forms of ours that grew old lose nothing."""

from __future__ import annotations

import pytest

from flaskr.tests.visitor import NAME, PASSWORD, Visitor, said
from typedflask import Flask

EXPIRED = "This form had expired."


@pytest.mark.parametrize(
    "token", [{}, {"csrf_token": ""}, {"csrf_token": "guessed"}, {"csrf_token": "ü🙂"}]
)
def test_an_entry_without_the_token_is_not_posted_but_kept_in_the_form(
    writer: Visitor, token: dict[str, str]
) -> None:
    response = writer.client.post("/entries", data={"title": "A title", "text": "A text", **token})
    assert response.status_code == 400
    assert EXPIRED in response.text
    assert 'value="A title"' in response.text
    assert "A text</textarea>" in response.text
    assert "Nothing has been written yet." in writer.read()


def test_the_form_that_comes_back_can_be_sent(writer: Visitor) -> None:
    writer.client.post("/entries", data={"title": "A title", "text": "A text"})
    assert writer.send("/entries", title="A title", text="A text").status_code == 303


def test_the_token_of_somebody_else_does_not_help(app: Flask, writer: Visitor) -> None:
    foreign = Visitor(app).token()
    response = writer.client.post(
        "/entries", data={"csrf_token": foreign, "title": "A title", "text": "A text"}
    )
    assert response.status_code == 400


def test_an_entry_whose_session_is_gone_is_handed_back(visitor: Visitor) -> None:
    response = visitor.client.post("/entries", data={"title": "A title", "text": "A text"})
    assert response.status_code == 403
    assert "A title\n\nA text</textarea>" in response.text


def test_signing_in_needs_the_token_and_keeps_the_name(visitor: Visitor) -> None:
    response = visitor.client.post("/login", data={"name": NAME, "password": PASSWORD})
    assert response.status_code == 400
    assert EXPIRED in response.text
    assert f'value="{NAME}"' in response.text
    assert "Signed in" not in visitor.read()


def test_signing_out_needs_the_token(writer: Visitor) -> None:
    response = writer.client.post("/logout")
    assert response.status_code == 400
    assert EXPIRED in response.text
    assert "Signed in as ada" in said(writer.read())


def test_an_address_that_does_not_exist_is_not_found_with_or_without_a_token(
    visitor: Visitor,
) -> None:
    assert visitor.client.post("/nowhere").status_code == 404
