"""The context: what it shares, what it makes only when touched, how contexts nest and end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import MapAdapter
from werkzeug.test import create_environ

from typedflask import (
    Flask,
    Request,
    current_app,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    url_for,
)
from typedflask.ctx import AppContext, AppGlobals, RequestContext
from typedflask.globals import app_ctx, request_ctx
from typedflask.sessions import SecureCookieSessionInterface, SessionMixin

Log = list[str]


class Watched(Flask):
    """An application that notes what is made for it and what is torn down."""

    def __init__(self, name: str = "watched") -> None:
        super().__init__(name)
        self.secret_key = "a key for tests"
        self.log: Log = []
        log = self.log

        class Globals(AppGlobals):
            def __init__(self) -> None:
                log.append(f"g of {name}")

        class Sessions(SecureCookieSessionInterface):
            def get_signing_serializer(self, app: Flask) -> Any:
                log.append("session")
                return super().get_signing_serializer(app)

        self.app_ctx_globals_class = Globals
        self.session_interface = Sessions()
        self.teardown_request(lambda error: log.append(f"request of {name}"))
        self.teardown_appcontext(lambda error: log.append(f"context of {name}"))

        @self.get("/")
        def index() -> str:
            return "index"

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        self.log.append("adapter" if request is None else "adapter of a request")
        return super().create_url_adapter(request)


@pytest.fixture
def app() -> Watched:
    return Watched()


# --- nothing is made that nobody touched ----------------------------------------------------


def test_a_request_that_touches_nothing_makes_neither_session_nor_g(app: Watched) -> None:
    assert app.test_client().get("/").text == "index"
    assert app.log == ["adapter of a request", "request of watched", "context of watched"]


def test_an_application_context_makes_neither_adapter_nor_g(app: Watched) -> None:
    with app.app_context():
        assert current_app.name == "watched"
    assert app.log == ["context of watched"]


def test_each_is_made_when_first_touched_and_then_kept(app: Watched) -> None:
    with app.test_request_context("/") as context:
        app.log.clear()
        opened = [context.opened_session]
        session["a"] = 1
        assert session["a"] == 1
        opened.append(context.opened_session)
        assert opened == [None, session._get_current_object()]
        g.value = 1
        assert g.value == 1
        assert app.log == ["session", "g of watched"]
    app.log.clear()
    with app.app_context() as outside:
        assert outside.url_adapter is outside.url_adapter is None
        assert app.log == ["adapter"]


def test_a_session_put_into_the_context_is_the_session(app: Watched) -> None:
    mine = SecureCookieSessionInterface.session_class({"from": "a test"})
    with app.test_request_context("/") as context:
        context.session = mine
        assert session["from"] == "a test"
    with RequestContext(app, Request(create_environ("/")), mine):
        assert session["from"] == "a test"
    assert "session" not in app.log


class Opening(SecureCookieSessionInterface):
    """A backend that may do anything when a session is opened, and is told so at once."""

    def __init__(self) -> None:
        self.opened: Log = []

    def open_session(self, app: Flask, request: Request) -> Any:
        self.opened.append(f"{request.path} {request.endpoint}")
        return super().open_session(app, request)


def test_a_session_interface_that_overrides_opening_is_opened_before_matching(
    app: Watched,
) -> None:
    app.session_interface = backend = Opening()
    assert app.test_client().get("/").status_code == 200
    assert backend.opened == ["/ None"]  # once, and no rule had been found


def test_a_session_interface_may_be_replaced_later(app: Watched) -> None:
    app.test_client().get("/")
    app.session_interface = backend = Opening()
    app.test_client().get("/")
    app.session_interface = SecureCookieSessionInterface()
    app.test_client().get("/")
    assert backend.opened == ["/ None"]


# --- g --------------------------------------------------------------------------------------


def test_g_works_like_a_namespace_with_some_ways_of_a_dict(app: Watched) -> None:
    with app.app_context():
        assert "a" not in g
        assert g.get("a") is None
        assert g.get("a", 1) == 1
        with pytest.raises(AttributeError, match="'a'"):
            _ = g.a
        with pytest.raises(KeyError, match="a"):
            g.pop("a")
        assert g.pop("a", 2) == 2
        assert g.setdefault("a", 3) == 3
        assert g.setdefault("a", 4) == 3
        assert "a" in g
        g.b = 5
        assert list(g) == ["a", "b"]
        assert repr(g) == "<g with a, b>"
        del g.b
        assert g.pop("a") == 3
        assert repr(g) == "<g with nothing set>"
        with pytest.raises(AttributeError):
            del g.b


def test_g_lasts_as_long_as_its_context(app: Watched) -> None:
    with app.app_context():
        g.value = 1
    with app.app_context():
        assert "value" not in g


def test_a_request_shares_g_with_the_context_of_its_application_around_it(app: Watched) -> None:
    with app.app_context() as outer:
        g.seen = ["outer"]
        with app.test_request_context("/") as inner:
            assert inner.g is outer.g
            g.seen.append("request")
        assert g.seen == ["outer", "request"]
        # What is shared is torn down by the one it belongs to.
        assert app.log == ["g of watched", "adapter of a request", "request of watched"]
    assert app.log[-1] == "context of watched"


def test_a_request_shares_g_with_a_context_that_touches_it_later(app: Watched) -> None:
    with app.app_context() as outer:
        with app.test_request_context("/"):
            g.value = 1
        assert outer.g.value == 1


def test_a_request_within_a_request_shares_g_too(app: Watched) -> None:
    with app.test_request_context("/") as outer:
        g.value = "outer"
        with app.test_request_context("/inner") as inner:
            assert (g.value, request.path) == ("outer", "/inner")
            assert inner.g is outer.g
        assert request.path == "/"
    assert app.log.count("context of watched") == 1
    assert app.log.count("request of watched") == 2


def test_a_request_pushed_again_elsewhere_no_longer_shares_the_old_g(app: Watched) -> None:
    context = app.test_request_context("/")
    with app.app_context() as outer, context:
        pass
    with context, pytest.raises(RuntimeError, match="already"):
        assert context.g is not outer.g
        raise RuntimeError("already")
    assert app.log.count("context of watched") == 2


def test_an_application_context_has_its_own_g_wherever_it_is_pushed(app: Watched) -> None:
    with app.test_request_context("/") as outer:
        g.value = "of the request"
        with app.app_context() as first:
            assert "value" not in g
            with app.app_context() as second:
                assert len({id(first.g), id(second.g), id(outer.g)}) == 3
        assert g.value == "of the request"
    assert app.log.count("context of watched") == 3


# --- a request stays visible ----------------------------------------------------------------


def test_within_an_application_context_the_request_around_stays_active(app: Watched) -> None:
    with app.test_request_context("/page?q=1"):
        session["user"] = "Ada"
        with app.app_context() as inner:
            assert has_request_context()
            around = [inner.around]
            assert (request.path, request.args["q"], session["user"]) == ("/page", "1", "Ada")
            assert url_for("index") == "/"
            with app.app_context():
                assert request.path == "/page"
            assert around == [request_ctx._get_current_object()]
        around.append(inner.around)
        assert around[1] is None  # it no longer keeps the request alive
    with app.app_context():
        assert not has_request_context()


def test_contexts_of_two_applications_nest_and_share_nothing() -> None:
    first, second = Watched("first"), Watched("second")
    with first.test_request_context("/first"):
        g.value = "first"
        session["value"] = "first"
        with second.test_request_context("/second"):
            assert (current_app.name, request.path) == ("second", "/second")
            assert "value" not in g
            assert "value" not in session
            with first.app_context():
                assert current_app.name == "first"
                assert "value" not in g
                assert request.path == "/second"  # the innermost request
            assert current_app.name == "second"
        assert (current_app.name, request.path, g.value) == ("first", "/first", "first")
    assert second.log[-2:] == ["request of second", "context of second"]
    assert first.log[-2:] == ["request of first", "context of first"]


def test_a_view_may_call_another_application(app: Watched) -> None:
    other = Flask("other")
    other.add_url_rule("/other", view_func=lambda: f"{current_app.name} {request.path}")

    @app.get("/calls")
    def calls() -> str:
        answer = other.test_client().get("/other").text
        return f"{answer}, {current_app.name} {request.path}"

    assert app.test_client().get("/calls").text == "other /other, watched /calls"


# --- pushing and popping --------------------------------------------------------------------


def test_popping_a_context_that_is_not_the_active_one_names_both_and_ends_neither(
    app: Watched,
) -> None:
    outer, inner = app.app_context(), app.test_request_context("/inner")
    outer.push()
    inner.push()
    with pytest.raises(RuntimeError) as raised:
        outer.pop()
    assert repr(outer) in str(raised.value)
    assert repr(inner) in str(raised.value)
    assert "context of watched" not in app.log
    inner.pop()
    outer.pop()
    assert not has_app_context()


def test_popping_where_nothing_is_active_is_refused(app: Watched) -> None:
    with pytest.raises(RuntimeError, match="cannot be popped"):
        app.app_context().pop()
    context = app.test_request_context("/")
    with context:
        pass
    with pytest.raises(RuntimeError, match="cannot be popped"):
        context.pop()


@pytest.mark.parametrize("make", [Flask.app_context, Flask.test_request_context])
def test_a_context_pushed_several_times_ends_with_the_last_pop(
    app: Watched, make: Callable[[Flask], AppContext]
) -> None:
    context = make(app)
    context.push()
    with context, context:
        g.value = 1
    assert g.value == 1
    assert "context of watched" not in app.log
    context.pop()
    assert app.log.count("context of watched") == 1
    assert not has_app_context()


def test_a_context_may_be_pushed_again_after_it_ended(app: Watched) -> None:
    context = app.test_request_context("/")
    with context:
        assert request.endpoint == "index"
    with context:
        assert request.endpoint == "index"
    assert app.log.count("adapter of a request") == 1
    assert app.log.count("request of watched") == 2


def test_contexts_say_what_they_are(app: Watched) -> None:
    assert repr(app.app_context()) == "<AppContext of watched>"
    assert (
        repr(app.test_request_context("/page", method="POST"))
        == "<RequestContext POST http://localhost/page of watched>"
    )


def test_with_gives_the_context_itself(app: Watched) -> None:
    with app.app_context() as context:
        assert app_ctx._get_current_object() is context
    with app.test_request_context("/") as request_context:
        assert request_ctx._get_current_object() is request_context
        assert app_ctx._get_current_object() is request_context


def test_a_with_block_whose_push_fails_leaves_nothing_active(app: Watched) -> None:
    class Failing(RequestContext[Any]):
        def match_request(self) -> None:
            raise LookupError("no rules today")

    context = Failing(app, Request(create_environ("/")))
    with pytest.raises(LookupError, match="no rules"), context:
        raise AssertionError("the block must not be entered")
    assert not has_app_context()
    assert app.log[-2:] == ["request of watched", "context of watched"]


def test_an_own_context_class_may_match_requests_its_own_way(app: Watched) -> None:
    class ByHeader(RequestContext[Any]):
        def match_request(self) -> None:
            if self.request.headers.get("X-Index"):
                self.request.environ["PATH_INFO"] = "/"
            super().match_request()

    class App(Watched):
        def request_context(self, environ: Any) -> RequestContext[Any]:
            return ByHeader(self, self.request_class(environ))

    client = App().test_client()
    assert client.get("/elsewhere").status_code == 404
    assert client.get("/elsewhere", headers={"X-Index": "1"}).text == "index"


def test_a_host_that_is_not_trusted_is_noted_and_answered_with_400(app: Watched) -> None:
    app.config["TRUSTED_HOSTS"] = ["example.org"]
    with app.test_request_context("/", base_url="http://evil.example"):
        assert request.routing_exception is not None
        assert request.routing_exception.code == 400
        assert request.endpoint is None
    assert app.test_client().get("/", base_url="http://evil.example").status_code == 400


def test_what_a_view_returned_wrongly_is_told_with_what_answered(app: Watched) -> None:
    with app.test_request_context("/") as context:
        assert "'index'" in context.answering()
    with app.test_request_context("/missing") as context:
        assert "'/missing'" in context.answering()


def test_session_mixins_of_other_backends_fit(app: Watched) -> None:
    """`session` is whatever the backend opened, here a dict with the documented flags."""

    class Plain(dict[str, Any], SessionMixin):
        pass

    class Backend:
        def open_session(self, app: object, request: object) -> Plain:
            return Plain(kind="plain")

        def save_session(self, app: object, session: object, response: object) -> None:
            """Keeps nothing."""

    app.session_interface = Backend()
    with app.test_request_context("/"):
        assert session["kind"] == "plain"
        assert isinstance(session, Plain)
