"""Flashed messages: kept by one request, shown by the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import Markup

from typedflask import (
    Flask,
    flash,
    get_flashed_messages,
    message_flashed,
    redirect,
    render_template_string,
)


@pytest.fixture
def app() -> Flask:
    app = Flask("shop")
    app.config.update(TESTING=True, SECRET_KEY="key")

    @app.get("/say/<message>")
    def say(message: str) -> str:
        flash(message)
        return "said"

    @app.get("/show")
    def show() -> list[str]:
        return get_flashed_messages()

    return app


def given_after(app: Flask, *flashes: tuple[str | Markup, str], ask: Callable[[], Any]) -> Any:
    """What `ask` gives in the request after one that flashed these messages."""
    found: list[Any] = []

    def put() -> str:
        for message, category in flashes:
            flash(message, category)
        return ""

    def take() -> str:
        found.append(ask())
        return ""

    app.add_url_rule("/put", "put", put)
    app.add_url_rule("/take", "take", take)
    client = app.test_client()
    client.get("/put")
    client.get("/take")
    return found[0]


def test_a_message_is_shown_once_by_the_next_request_that_asks(app: Flask) -> None:
    client = app.test_client()
    client.get("/say/hello")

    assert client.get("/show").json == ["hello"]
    assert client.get("/show").json == []


def test_messages_wait_in_order_until_somebody_asks(app: Flask) -> None:
    client = app.test_client()
    for word in ("one", "two", "three"):
        client.get(f"/say/{word}")

    assert client.get("/show").json == ["one", "two", "three"]


def test_a_message_may_be_shown_by_the_request_that_flashed_it(app: Flask) -> None:
    @app.get("/both")
    def both() -> list[str]:
        flash("at once")
        return get_flashed_messages()

    client = app.test_client()

    assert client.get("/both").json == ["at once"]
    assert client.get("/show").json == []


def test_asking_twice_in_a_request_gives_the_same_messages(app: Flask) -> None:
    @app.get("/twice")
    def twice() -> list[list[str]]:
        return [get_flashed_messages(), get_flashed_messages()]

    client = app.test_client()
    client.get("/say/hello")

    assert client.get("/twice").json == [["hello"], ["hello"]]


def test_a_message_flashed_after_asking_is_for_the_next_request(app: Flask) -> None:
    @app.get("/late")
    def late() -> list[list[str]]:
        before = get_flashed_messages()
        flash("late")
        return [before, get_flashed_messages()]

    client = app.test_client()
    client.get("/say/early")

    assert client.get("/late").json == [["early"], ["early"]]
    assert client.get("/show").json == ["late"]


def test_asking_without_messages_leaves_the_session_as_it_is(app: Flask) -> None:
    response = app.test_client().get("/show")

    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Cookie"


FLASHES = (("saved", "message"), ("beware", "warning"), ("lost", "error"), ("again", "warning"))


def test_messages_come_with_their_categories_when_asked_for(app: Flask) -> None:
    found = given_after(app, *FLASHES, ask=lambda: get_flashed_messages(with_categories=True))

    assert found == [(category, message) for message, category in FLASHES]


@pytest.mark.parametrize(
    ("wanted", "messages"),
    [
        (["warning"], ["beware", "again"]),
        (("warning", "error"), ["beware", "lost", "again"]),
        ({"unknown"}, []),
        ([], ["saved", "beware", "lost", "again"]),
        ("warning", ["beware", "again"]),
        ("warn", []),
    ],
)
def test_categories_can_be_asked_for(app: Flask, wanted: Any, messages: list[str]) -> None:
    """A single word is a category, not a list of letters."""
    found = given_after(app, *FLASHES, ask=lambda: get_flashed_messages(category_filter=wanted))

    assert found == messages


def test_what_was_not_asked_for_is_gone_with_the_request_all_the_same(app: Flask) -> None:
    found = given_after(
        app,
        *FLASHES,
        ask=lambda: (
            get_flashed_messages(category_filter=["error"]),
            get_flashed_messages(True, ["warning"]),
        ),
    )

    assert found == (["lost"], [("warning", "beware"), ("warning", "again")])


def test_text_is_escaped_in_a_template_and_markup_is_not(app: Flask) -> None:
    source = "{% for m in get_flashed_messages() %}{{ m }}{% endfor %}"
    found = given_after(
        app,
        ("<b>", "message"),
        (Markup("<i>"), "message"),
        ask=lambda: render_template_string(source),
    )

    assert found == "&lt;b&gt;<i>"


def test_a_template_can_ask_for_categories(app: Flask) -> None:
    source = (
        "{% for c, m in get_flashed_messages(with_categories=true) %}{{ c }}:{{ m }} {% endfor %}"
        "{{ get_flashed_messages(category_filter=['error'])|join }}"
    )
    found = given_after(app, *FLASHES[1:3], ask=lambda: render_template_string(source))

    assert found == "warning:beware error:lost lost"


def test_messages_survive_a_redirect(app: Flask) -> None:
    @app.post("/save")
    def save() -> Any:
        flash("saved")
        return redirect("/show")

    assert app.test_client().post("/save", follow_redirects=True).json == ["saved"]


def test_receivers_hear_of_each_message(app: Flask) -> None:
    heard: list[tuple[Flask, object, str]] = []

    def receive(sender: Flask, message: object, category: str) -> None:
        heard.append((sender, message, category))

    @app.get("/warn")
    def warn() -> str:
        flash("beware", "warning")
        return ""

    with message_flashed.connected_to(receive, app):
        client = app.test_client()
        client.get("/say/hello")
        client.get("/warn")

    assert heard == [(app, "hello", "message"), (app, "beware", "warning")]


def test_flashing_without_a_secret_key_says_what_is_missing(app: Flask) -> None:
    app.secret_key = None

    with pytest.raises(RuntimeError, match="no secret key is set"):
        app.test_client().get("/say/hello")


@pytest.mark.parametrize("use", [lambda: flash("hello"), get_flashed_messages])
def test_outside_of_a_request_there_is_nobody_to_show_messages_to(
    use: Callable[[], object],
) -> None:
    with pytest.raises(RuntimeError, match="needs an active request"):
        use()
