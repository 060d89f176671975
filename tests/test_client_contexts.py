"""The test client's contexts: those that stay in a `with` block, and its sessions."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import NotFound

from typedflask import (
    Flask,
    appcontext_popped,
    current_app,
    g,
    has_app_context,
    has_request_context,
    redirect,
    request,
    session,
    stream_with_context,
)


@pytest.fixture
def app() -> Flask:
    app = Flask("shop")
    app.config.update(TESTING=True, SECRET_KEY="key")

    @app.get("/touch/<value>")
    def touch(value: str) -> str:
        g.value = value
        session["value"] = value
        return value

    @app.get("/fail")
    def fail() -> str:
        g.value = "failed"
        raise LookupError("a view that fails")

    return app


# --- contexts that stay ------------------------------------------------------------------


def test_in_a_block_the_context_of_the_last_request_can_be_looked_at(app: Flask) -> None:
    with app.test_client() as client:
        client.get("/touch/plum?a=1")
        assert (request.path, request.args["a"]) == ("/touch/plum", "1")
        assert (g.value, session["value"]) == ("plum", "plum")
        assert current_app.name == "shop"
        client.get("/touch/pear")
        assert g.value == "pear"

    assert not has_request_context()
    assert not has_app_context()


def test_without_a_block_the_context_ends_with_the_request(app: Flask) -> None:
    app.test_client().get("/touch/plum")

    assert not has_request_context()


def test_teardown_waits_for_the_next_request_or_the_end_of_the_block(app: Flask) -> None:
    events: list[str] = []
    app.teardown_request(lambda error: events.append(f"request {g.value}"))
    app.teardown_appcontext(lambda error: events.append(f"app {g.value}"))
    client = app.test_client()
    with client:
        client.get("/touch/plum")
        assert events == []
        client.get("/touch/pear")
        assert events == ["request plum", "app plum"]

    assert events == ["request plum", "app plum", "request pear", "app pear"]
    client.get("/touch/fig")
    assert events[4:] == ["request fig", "app fig"]


def test_the_last_of_several_redirected_requests_stays(app: Flask) -> None:
    app.add_url_rule("/away", "away", lambda: redirect("/touch/plum"))
    ended: list[Flask] = []
    with (
        appcontext_popped.connected_to(ended.append, app),
        app.test_client() as client,
    ):
        client.get("/away", follow_redirects=True)
        assert request.path == "/touch/plum"
        assert ended == [app]

    assert ended == [app, app]


def test_the_context_of_a_failed_request_stays_like_any_other(app: Flask) -> None:
    told: list[BaseException | None] = []
    app.teardown_request(told.append)
    with app.test_client() as client:
        with pytest.raises(LookupError) as caught:
            client.get("/fail")
        assert (request.path, g.value) == ("/fail", "failed")
        assert told == []

    assert told == [caught.value]
    assert not has_request_context()


def test_the_context_of_an_answered_error_stays_like_any_other(app: Flask) -> None:
    with app.test_client() as client:
        assert client.get("/gone").status_code == 404
        assert isinstance(request.routing_exception, NotFound)


def test_a_stream_read_in_the_block_has_its_context(app: Flask) -> None:
    app.add_url_rule(
        "/stream", "stream", lambda: stream_with_context(request.path for _ in range(2))
    )
    with app.test_client() as client:
        response = client.get("/stream")
        assert response.text == "/stream/stream"
        assert request.path == "/stream"
    assert not has_request_context()


def test_a_request_of_a_block_sent_again_outside_of_it_ends_at_once(app: Flask) -> None:
    ended: list[BaseException | None] = []
    app.teardown_request(ended.append)
    client = app.test_client()
    with client:
        environ = client.get("/touch/plum").request.environ
    client.open(environ)

    assert ended == [None, None]


def test_blocks_do_not_nest_but_clients_do(app: Flask) -> None:
    with app.test_client() as outer, app.test_client() as inner:
        with pytest.raises(RuntimeError, match="blocks do not nest"):
            outer.__enter__()
        outer.get("/touch/outer")
        inner.get("/touch/inner")
        assert g.value == "inner"

    assert not has_request_context()


def test_a_client_may_be_used_for_one_block_after_the_other(app: Flask) -> None:
    client = app.test_client()
    for value in ("plum", "pear"):
        with client:
            client.get(f"/touch/{value}")
            assert g.value == value


def test_a_block_inside_of_a_context_leaves_that_context_active(app: Flask) -> None:
    with app.app_context():
        with app.test_client() as client:
            client.get("/touch/plum")
            assert has_request_context()
        assert current_app.name == "shop"
        assert not has_request_context()


# --- session_transaction -----------------------------------------------------------------


def test_a_session_can_be_prepared_and_looked_at(app: Flask) -> None:
    app.add_url_rule("/value", "value", lambda: session["value"])
    client = app.test_client()
    with client.session_transaction() as opened:
        opened["value"] = "plum"
        assert not has_request_context()
    assert client.get("/value").text == "plum"

    client.get("/touch/pear")
    with client.session_transaction() as opened:
        assert opened["value"] == "pear"


def test_a_transaction_that_fails_saves_nothing(app: Flask) -> None:
    client = app.test_client()
    with pytest.raises(LookupError), client.session_transaction() as opened:
        opened["value"] = "plum"
        raise LookupError

    assert client.get_cookie("session") is None


def test_a_transaction_in_a_block_leaves_the_kept_context_alone(app: Flask) -> None:
    with app.test_client() as client:
        client.get("/touch/plum")
        with client.session_transaction() as opened:
            opened["value"] = "pear"
        assert session["value"] == "plum"
        assert g.value == "plum"


def test_a_transaction_needs_cookies_and_a_secret_key(app: Flask) -> None:
    with (
        pytest.raises(TypeError, match="keeps no cookies"),
        app.test_client(use_cookies=False).session_transaction(),
    ):
        pass
    app.secret_key = None
    with (
        pytest.raises(RuntimeError, match="SECRET_KEY"),
        app.test_client().session_transaction(),
    ):
        pass


def test_the_cookie_belongs_to_the_configured_host(app: Flask) -> None:
    app.config.update(SERVER_NAME="example.org", SESSION_COOKIE_DOMAIN="example.org")
    app.add_url_rule("/value", "value", lambda: session["value"])
    client = app.test_client()
    with client.session_transaction() as opened:
        opened["value"] = "plum"

    assert client.get("/value").text == "plum"
    assert client.get("/value", base_url="http://sub.example.org").text == "plum"


def test_the_request_of_a_transaction_can_be_described(app: Flask) -> None:
    app.config["SESSION_COOKIE_PATH"] = "/inside"
    client = app.test_client()
    with client.session_transaction("/inside/page", base_url="https://example.org") as opened:
        opened["value"] = "plum"

    assert client.get_cookie("session", "example.org", "/inside") is not None
