"""The proxies: they behave as what they stand for, and say what to do when there is nothing."""

from __future__ import annotations

import contextlib
import copy
import operator
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.local import LocalProxy

import typedflask
from typedflask import Flask, Request, current_app, g, proxies, request, session
from typedflask.ctx import AppContext, AppGlobals, RequestContext, active
from typedflask.globals import app_ctx, request_ctx
from typedflask.proxies import proxy_to
from typedflask.sessions import SessionMixin

PROXIES: dict[str, Any] = {
    "current_app": current_app,
    "app_ctx": app_ctx,
    "g": g,
    "request_ctx": request_ctx,
    "request": request,
    "session": session,
}
OF_A_REQUEST = {"request_ctx", "request", "session"}
KINDS = {
    "current_app": Flask,
    "app_ctx": AppContext,
    "g": AppGlobals,
    "request_ctx": RequestContext,
    "request": Request,
    "session": SessionMixin,
}
EACH = pytest.mark.parametrize("name", PROXIES)


@pytest.fixture
def app() -> Flask:
    app = Flask("proxies")
    app.secret_key = "a key for tests"
    return app


# --- unbound --------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize(
    "use",
    [
        lambda proxy: proxy.anything,
        lambda proxy: setattr(proxy, "anything", 1),
        lambda proxy: delattr(proxy, "anything"),
        lambda proxy: proxy["key"],
        lambda proxy: "key" in proxy,
        list,
        len,
        lambda proxy: proxy(),
        lambda proxy: proxy._get_current_object(),
    ],
    ids=["get", "set", "del", "item", "in", "iter", "len", "call", "object"],
)
def test_an_unbound_proxy_says_what_is_missing_and_what_to_do(
    name: str, use: Callable[[Any], object]
) -> None:
    with pytest.raises(RuntimeError) as raised:
        use(PROXIES[name])
    message = str(raised.value)
    if name in OF_A_REQUEST:
        assert "needs an active request" in message
        assert "app.test_request_context()" in message
    else:
        assert "needs an active application" in message
        assert "app.app_context()" in message


@EACH
def test_an_unbound_proxy_is_false_and_can_be_shown(name: str) -> None:
    proxy = PROXIES[name]
    assert not proxy
    assert repr(proxy) == "<LocalProxy unbound>"
    assert isinstance(proxy, LocalProxy)
    assert not isinstance(proxy, KINDS[name])
    assert not hasattr(type(proxy), "anything")


@EACH
def test_in_an_application_context_what_needs_a_request_is_still_unbound(
    app: Flask, name: str
) -> None:
    with app.app_context():
        if name in OF_A_REQUEST:
            with pytest.raises(RuntimeError, match="active request"):
                _ = PROXIES[name].anything
            assert not PROXIES[name]
        else:
            assert PROXIES[name]._get_current_object() is not None


# --- bound ----------------------------------------------------------------------------------


@EACH
def test_a_bound_proxy_passes_for_its_object(app: Flask, name: str) -> None:
    proxy, kind = PROXIES[name], KINDS[name]
    with app.test_request_context("/page"):
        real = proxy._get_current_object()
        assert type(real) is not type(proxy)
        assert isinstance(real, kind)
        assert isinstance(proxy, kind)
        assert isinstance(proxy, LocalProxy)
        assert proxy.__class__ is type(real)
        assert repr(proxy) == repr(real)
        assert str(proxy) == str(real)
        assert proxy == real
        assert proxy.__dict__ is real.__dict__ if hasattr(real, "__dict__") else True
        assert set(dir(real)) <= set(dir(proxy))
        assert proxy._get_current_object() is real


def test_attributes_are_read_set_and_deleted_on_the_object(app: Flask) -> None:
    with app.app_context() as context:
        g.value = 1
        assert context.g.value == 1
        assert g.value == 1
        del g.value
        assert "value" not in context.g
        with pytest.raises(AttributeError, match="value"):
            _ = g.value
        with pytest.raises(AttributeError, match="value"):
            del g.value
        assert getattr(g, "value", "missing") == "missing"
        current_app.testing = True
        assert app.testing is True


def test_operators_work_on_the_object(app: Flask) -> None:
    with app.test_request_context("/"):
        session["a"] = 1
        assert session["a"] == 1
        assert "a" in session
        assert len(session) == 1
        assert bool(session) is True
        assert list(session) == ["a"]
        assert session == {"a": 1}
        assert session != {}
        assert PROXIES["session"] | {"c": 3} == {"a": 1, "c": 3}
        extended = PROXIES["session"]
        extended |= {"b": 2}
        assert dict(session) == {"a": 1, "b": 2}
        del session["a"]
        session.clear()
        assert bool(session) is False
        assert copy.copy(session) == {}


def test_a_proxy_of_numbers_calculates_like_one() -> None:
    """Werkzeug's machinery answers operators; the shortcut for attributes leaves them alone."""
    number = proxy_to(lambda: 7, "never unbound")
    assert number + 1 == 8
    assert 1 - number == -6
    assert divmod(number, 2) == (3, 1)
    assert operator.index(number) == 7
    assert number.bit_length() == 3
    assert hash(number) == hash(7)
    assert f"{number:03d}" == "007"
    assert number < 8 <= number + 1
    assert (number and "true") == "true"


def test_a_proxy_follows_the_active_context(app: Flask) -> None:
    other = Flask("other")
    with app.test_request_context("/one"):
        assert (current_app.name, request.path) == ("proxies", "/one")
        with other.test_request_context("/two"):
            assert (current_app.name, request.path) == ("other", "/two")
            assert current_app == other
        assert (current_app.name, request.path) == ("proxies", "/one")
    assert not current_app


def test_the_object_can_be_kept_after_its_context_ended(app: Flask) -> None:
    with app.test_request_context("/kept"):
        kept = request._get_current_object()
    assert kept.path == "/kept"
    assert not request


def test_a_proxy_whose_object_is_false_is_false(app: Flask) -> None:
    with app.test_request_context("/"):
        assert session._get_current_object() is not None
        assert not session


def test_an_error_of_the_objects_own_attribute_is_not_hidden(app: Flask) -> None:
    class Failing(Request):
        @property
        def user(self) -> str:
            raise LookupError("no such user")

    app.request_class = Failing
    with app.test_request_context("/"), pytest.raises(LookupError, match="no such user"):
        _ = PROXIES["request"].user


def test_the_same_proxies_are_found_wherever_flask_documents_them() -> None:
    for name in ("current_app", "g", "request", "session"):
        assert getattr(typedflask, name) is getattr(typedflask.globals, name) is PROXIES[name]


# --- the shortcut and Werkzeug's machinery ----------------------------------------------------

FINDS: dict[str, Callable[[], Any]] = {
    "current_app": proxies.active_app,
    "g": proxies.active_globals,
    "request": proxies.active_request,
    "session": proxies.active_session,
}


def found(proxy: Any, name: str) -> object:
    """What an attribute holds, or the kind of error it ends in."""
    try:
        value: object = getattr(proxy, name)
    except Exception as error:
        return type(error)
    # Werkzeug wraps special methods and properties give new objects: their kind is compared.
    return value if isinstance(value, (str, int, bool, bytes, dict)) else callable(value)


@pytest.mark.parametrize("state", ["nothing", "application", "request", "opened", "inside"])
@pytest.mark.parametrize("name", FINDS)
def test_every_attribute_is_what_werkzeugs_own_proxy_gives(
    app: Flask, name: str, state: str
) -> None:
    general: Any = LocalProxy(FINDS[name], unbound_message="nothing there")
    with contextlib.ExitStack() as stack:
        if state in {"request", "opened", "inside"}:
            stack.enter_context(app.test_request_context("/page?a=b"))
        if state == "opened":
            session["a"] = g.a = 1
        if state in {"application", "inside"}:
            stack.enter_context(app.app_context())
        names = {*dir(PROXIES[name]), *dir(KINDS[name]), "a", "missing"}
        # Special methods are Python's to call; these are read by name.
        names = {each for each in names if not each.startswith("_")}
        for attribute in sorted(names | {"__class__", "__dict__", "__doc__", proxies.CURRENT}):
            expected = found(general, attribute)
            assert found(PROXIES[name], attribute) == expected, attribute


def test_without_the_shortcut_the_proxies_answer_all_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each shortcut is one entry of a class, which a comparison may take away."""
    for name in FINDS:
        monkeypatch.delattr(type(PROXIES[name]), "__getattribute__")
    assert repr(request) == "<LocalProxy unbound>"
    with app.test_request_context("/page"):
        g.first = 1
        session["user"] = "ann"
        assert (request.path, g.first, session.modified) == ("/page", 1, True)
        assert current_app._get_current_object() is app
        assert isinstance(session, SessionMixin)


def test_a_session_is_opened_by_the_first_attribute_read_of_it(app: Flask) -> None:
    with app.test_request_context("/") as context:
        assert context.opened_session is None
        assert session.modified is False
        assert context.opened_session is session._get_current_object()


def test_a_class_of_contexts_with_properties_of_its_own_is_asked(app: Flask) -> None:
    class Tenant(RequestContext[Any]):
        @property
        def request(self) -> Any:
            return Request({"PATH_INFO": "/tenant", "REQUEST_METHOD": "PUT"})

        @request.setter
        def request(self, request: Request) -> None: ...

    with active(Tenant(app, Request({}))):
        assert (request.path, request.method) == ("/tenant", "PUT")
