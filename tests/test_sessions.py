"""Sessions as an application and its visitors see them: through whole requests.

The room itself is tested in `test_sessions_room.py`, backends of one's own in
`test_session_backends.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.http import parse_cookie, parse_date

from typedflask import Flask, flash, render_template_string, session

KEY = "a key of the tests"


def make_app(**config: Any) -> Flask:
    """An application whose paths read, write, empty or ignore the session."""
    app = Flask("tests.sessions")
    app.config.update({"TESTING": True, "SECRET_KEY": KEY, **config})

    @app.get("/set/<key>/<value>")
    def put(key: str, value: str) -> str:
        session[key] = value
        return "put"

    @app.get("/get/<key>")
    def read(key: str) -> str:
        return str(session.get(key, "nothing"))

    @app.get("/clear")
    def empty() -> str:
        session.clear()
        return "emptied"

    @app.get("/stay")
    def stay() -> str:
        session.permanent = True
        session["since"] = "today"
        return "stays"

    @app.get("/untouched")
    def untouched() -> str:
        return "nobody looked"

    return app


def attributes(header: str) -> dict[str, str]:
    """What a `Set-Cookie` header says beside name and value; flags have an empty value."""
    parts = [part.strip().partition("=") for part in header.split(";")[1:]]
    return {name.lower(): value for name, _, value in parts}


# --- from one request to the next --------------------------------------------------------


def test_what_one_request_writes_the_next_one_reads() -> None:
    client = make_app().test_client()
    client.get("/set/fruit/plum")

    assert client.get("/get/fruit").text == "plum"


def test_each_visitor_has_a_session_of_its_own() -> None:
    app = make_app()
    ada, bob = app.test_client(), app.test_client()
    ada.get("/set/fruit/plum")
    bob.get("/set/fruit/pear")

    assert (ada.get("/get/fruit").text, bob.get("/get/fruit").text) == ("plum", "pear")


def test_a_change_inside_a_value_is_kept_when_the_view_says_so() -> None:
    app = make_app()

    @app.get("/add/<fruit>")
    def add(fruit: str) -> str:
        session.setdefault("basket", []).append(fruit)
        session.modified = True
        return ",".join(session["basket"])

    client = app.test_client()
    client.get("/add/plum")

    assert client.get("/add/pear").text == "plum,pear"


def test_an_emptied_session_takes_the_cookie_away() -> None:
    client = make_app().test_client()
    client.get("/set/fruit/plum")
    assert client.get_cookie("session") is not None

    response = client.get("/clear")

    assert "expires=Thu, 01 Jan 1970" in response.headers["Set-Cookie"].replace("E", "e")
    assert client.get_cookie("session") is None


def test_emptying_a_session_that_was_empty_still_takes_the_cookie_away() -> None:
    """A visitor whose cookie is bad has it, although the session it stands for is empty."""
    client = make_app().test_client()
    client.set_cookie("session", "made up")

    client.get("/clear")

    assert client.get_cookie("session") is None


def test_a_tampered_cookie_is_a_new_session() -> None:
    client = make_app().test_client()
    client.get("/set/fruit/plum")
    cookie = client.get_cookie("session")
    assert cookie is not None
    payload, rest = cookie.value.split(".", 1)
    client.set_cookie("session", f"{payload[:-1]}A.{rest}")

    assert client.get("/get/fruit").text == "nothing"


def test_a_cookie_signed_with_another_key_is_a_new_session() -> None:
    stranger = make_app(SECRET_KEY="another key").test_client()
    stranger.get("/set/fruit/plum")
    cookie = stranger.get_cookie("session")
    assert cookie is not None
    client = make_app().test_client()
    client.set_cookie("session", cookie.value)

    assert client.get("/get/fruit").text == "nothing"


def test_fallback_keys_read_cookies_which_are_then_written_with_the_new_key() -> None:
    app = make_app(SECRET_KEY="old")
    client = app.test_client()
    client.get("/set/fruit/plum")
    app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["older", "old"])
    assert client.get("/get/fruit").text == "plum"

    client.get("/set/nut/hazel")
    app.config["SECRET_KEY_FALLBACKS"] = None

    assert client.get("/get/fruit").text == "plum"


def test_a_key_that_is_gone_reads_no_more_cookies() -> None:
    app = make_app(SECRET_KEY="old")
    client = app.test_client()
    client.get("/set/fruit/plum")
    app.secret_key = "new"

    assert client.get("/get/fruit").text == "nothing"


# --- permanent sessions ------------------------------------------------------------------


def test_a_session_ends_with_the_browser_unless_it_is_permanent() -> None:
    client = make_app().test_client()

    assert "expires" not in attributes(client.get("/set/a/b").headers["Set-Cookie"])
    assert "expires" in attributes(client.get("/stay").headers["Set-Cookie"])


@pytest.mark.parametrize("lifetime", [timedelta(days=3), 3 * 24 * 3600])
def test_a_permanent_session_lasts_as_long_as_configured(lifetime: timedelta | int) -> None:
    app = make_app()
    app.permanent_session_lifetime = lifetime

    header = app.test_client().get("/stay").headers["Set-Cookie"]

    ends = parse_date(attributes(header)["expires"])
    assert ends is not None
    wanted = datetime.now(UTC) + timedelta(days=3)
    assert abs(ends - wanted) < timedelta(seconds=10)


def test_a_permanent_session_is_refreshed_by_requests_that_do_not_touch_it() -> None:
    client = make_app().test_client()
    client.get("/stay")

    response = client.get("/untouched")

    assert "expires" in attributes(response.headers["Set-Cookie"])
    assert response.headers["Vary"] == "Cookie"
    assert client.get("/get/since").text == "today"


def test_refreshing_can_be_switched_off() -> None:
    client = make_app(SESSION_REFRESH_EACH_REQUEST=False).test_client()
    client.get("/stay")

    assert "Set-Cookie" not in client.get("/untouched").headers
    assert "Set-Cookie" not in client.get("/get/since").headers
    assert "Set-Cookie" in client.get("/set/since/now").headers


def test_a_session_that_is_not_permanent_is_not_refreshed() -> None:
    client = make_app().test_client()
    client.get("/set/a/b")

    assert "Set-Cookie" not in client.get("/untouched").headers


def test_an_expired_session_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_app(PERMANENT_SESSION_LIFETIME=60).test_client()
    client.get("/set/fruit/plum")
    later = datetime.now(UTC).timestamp() + 62

    monkeypatch.setattr("time.time", lambda: later)

    assert client.get("/get/fruit").text == "nothing"


def test_permanence_is_remembered_from_request_to_request() -> None:
    app = make_app()

    @app.get("/permanent")
    def permanent() -> str:
        return str(session.permanent)

    client = app.test_client()
    assert client.get("/permanent").text == "False"
    client.get("/stay")

    assert client.get("/permanent").text == "True"


# --- the cookie's attributes -------------------------------------------------------------


def test_the_cookie_is_called_session_and_hidden_from_scripts_by_default() -> None:
    header = make_app().test_client().get("/set/a/b").headers["Set-Cookie"]

    assert header.startswith("session=")
    assert attributes(header) == {"httponly": "", "path": "/"}


@pytest.mark.parametrize(
    ("config", "name", "value"),
    [
        ({"SESSION_COOKIE_DOMAIN": "example.org"}, "domain", "example.org"),
        ({"SESSION_COOKIE_PATH": "/shop"}, "path", "/shop"),
        ({"APPLICATION_ROOT": "/app"}, "path", "/app"),
        ({"APPLICATION_ROOT": "/app", "SESSION_COOKIE_PATH": "/"}, "path", "/"),
        ({"SESSION_COOKIE_SECURE": True}, "secure", ""),
        ({"SESSION_COOKIE_SAMESITE": "Strict"}, "samesite", "Strict"),
        ({"SESSION_COOKIE_SAMESITE": "Lax"}, "samesite", "Lax"),
        ({"SESSION_COOKIE_PARTITIONED": True, "SESSION_COOKIE_SECURE": True}, "partitioned", ""),
    ],
)
def test_each_attribute_of_the_cookie_is_a_setting(
    config: dict[str, Any], name: str, value: str
) -> None:
    response = make_app(**config).test_client(use_cookies=False).get("/set/a/b")

    assert attributes(response.headers["Set-Cookie"])[name] == value


def test_scripts_may_see_the_cookie_when_told_so() -> None:
    response = make_app(SESSION_COOKIE_HTTPONLY=False).test_client().get("/set/a/b")

    assert "httponly" not in attributes(response.headers["Set-Cookie"])


def test_the_cookie_can_have_another_name() -> None:
    client = make_app(SESSION_COOKIE_NAME="basket").test_client()
    client.get("/set/fruit/plum")

    assert client.get_cookie("basket") is not None
    assert client.get_cookie("session") is None
    assert client.get("/get/fruit").text == "plum"


def test_a_cookie_is_taken_away_with_the_attributes_it_was_set_with() -> None:
    app = make_app(
        SESSION_COOKIE_NAME="basket",
        SESSION_COOKIE_DOMAIN="example.org",
        SESSION_COOKIE_PATH="/shop",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PARTITIONED=True,
    )
    client = app.test_client(use_cookies=False)
    was_set = client.get("/set/a/b").headers["Set-Cookie"]
    taken = client.get("/clear").headers["Set-Cookie"]

    gone = attributes(taken)
    assert gone.pop("expires") == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert gone.pop("max-age") == "0"
    assert taken.startswith("basket=;")
    assert gone == attributes(was_set)


# --- what caches are told ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "varies"),
    [
        ("/untouched", False),
        ("/get/a", True),
        ("/set/a/b", True),
        ("/stay", True),
        ("/clear", True),
    ],
)
def test_the_response_varies_on_the_cookie_when_the_session_was_touched(
    path: str, varies: bool
) -> None:
    response = make_app().test_client().get(path)

    assert ("Cookie" in response.vary) is varies


def test_a_template_that_does_not_use_the_session_does_not_touch_it() -> None:
    app = make_app()
    app.add_url_rule("/plain", "plain", lambda: render_template_string("hello"))
    app.add_url_rule("/who", "who", lambda: render_template_string("{{ session.get('fruit') }}"))
    client = app.test_client()
    client.get("/set/fruit/plum")

    assert "Vary" not in client.get("/plain").headers
    looked = client.get("/who")
    assert (looked.text, looked.headers["Vary"]) == ("plum", "Cookie")


def test_vary_keeps_what_the_view_said() -> None:
    app = make_app()

    @app.get("/both")
    def both() -> tuple[str, dict[str, str]]:
        return str(session.get("a")), {"Vary": "Accept-Language, Accept-Encoding"}

    vary = app.test_client().get("/both").vary

    assert {"Accept-Language", "Accept-Encoding", "Cookie"} <= set(vary.as_set(True))


def test_a_session_touched_by_an_after_request_function_is_saved() -> None:
    app = make_app()

    @app.after_request
    def note(response: Any) -> Any:
        session["seen"] = "yes"
        return response

    client = app.test_client()
    client.get("/untouched")

    assert client.get("/get/seen").text == "yes"


def test_a_session_written_before_an_error_is_saved_with_the_answer_to_the_error() -> None:
    app = make_app(TESTING=False)

    @app.get("/fails")
    def fails() -> str:
        session["tried"] = "yes"
        raise LookupError("a view that fails")

    client = app.test_client()
    assert client.get("/fails").status_code == 500

    assert client.get("/get/tried").text == "yes"


# --- without a secret key ----------------------------------------------------------------


def test_without_a_secret_key_a_session_can_be_read_and_leaves_no_trace() -> None:
    response = make_app(SECRET_KEY=None).test_client().get("/get/fruit")

    assert response.text == "nothing"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/set/a/b", "/clear", "/stay"])
def test_without_a_secret_key_writing_says_what_is_missing(path: str) -> None:
    client = make_app(SECRET_KEY=None).test_client()

    with pytest.raises(RuntimeError, match=r"no secret key is set.*SECRET_KEY"):
        client.get(path)


def test_a_value_that_cannot_be_kept_is_named_and_not_shown() -> None:
    app = make_app()

    @app.get("/odd")
    def odd() -> str:
        session["odd"] = {"hidden words"}
        return ""

    with pytest.raises(TypeError, match=r"session\['odd'\] is a set") as caught:
        app.test_client().get("/odd")
    assert "hidden words" not in str(caught.value)


# --- beside the real Flask ---------------------------------------------------------------


def flask_app() -> Any:
    """The same kind of application on the real Flask."""
    flask = pytest.importorskip("flask")
    app = flask.Flask("theirs")
    app.config.update(SECRET_KEY=KEY, TESTING=True)

    def put() -> str:
        flask.session.permanent = True
        flask.session["pair"] = (1, "two")
        flask.flash("hello", "greeting")
        return ""

    app.add_url_rule("/put", view_func=put)
    app.add_url_rule("/show", "show", lambda: repr(sorted(flask.session.items())))
    return app


def our_app() -> Flask:
    """Its twin."""
    app = make_app()

    def put() -> str:
        session.permanent = True
        session["pair"] = (1, "two")
        flash("hello", "greeting")
        return ""

    app.add_url_rule("/put", "put_pair", put)
    app.add_url_rule("/show", "show", lambda: repr(sorted(session.items())))
    return app


@pytest.mark.parametrize("moves", ["to us", "back to Flask"])
def test_visitors_stay_logged_in_when_an_application_moves(moves: str) -> None:
    """A cookie that one of the two wrote says the same to the other."""
    writer: Any = flask_app() if moves == "to us" else our_app()
    reader: Any = our_app() if moves == "to us" else flask_app()
    header = writer.test_client().get("/put").headers["Set-Cookie"]
    value = parse_cookie(header.partition(";")[0])["session"]
    client = reader.test_client()
    client.set_cookie("session", value)

    shown = client.get("/show").text

    assert shown == repr(
        [("_flashes", [("greeting", "hello")]), ("_permanent", True), ("pair", (1, "two"))]
    )
