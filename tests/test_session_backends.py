"""Session backends of an application's own, and what the framework does with them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.exceptions import ServiceUnavailable

from typedflask import Flask, Request, Response, render_template_string, request, session
from typedflask.sessions import (
    NullSession,
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
)


class Memory:
    """Sessions in a dict, with nothing inherited: the shortest honest backend."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.log: list[str] = []

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        self.log.append(f"open {request.path}")
        return SecureCookieSession(self.kept.get(request.headers.get("X-Visitor", "")))

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        self.log.append("save")
        self.kept[request.headers.get("X-Visitor", "")] = dict(session)


def fill(app: Flask) -> Flask:
    """Add the views of these tests."""
    app.config["TESTING"] = True

    @app.get("/set/<value>")
    def put(value: str) -> str:
        session["value"] = value
        return "put"

    @app.get("/get")
    def read() -> str:
        return str(session.get("value"))

    @app.get("/untouched")
    def untouched() -> str:
        return "nobody looked"

    return app


class TestNothingInherited:
    def test_two_methods_passed_to_the_application_are_enough(self) -> None:
        client = fill(Flask("shop", session=Memory())).test_client()
        client.get("/set/plum", headers={"X-Visitor": "ada"})

        assert client.get("/get", headers={"X-Visitor": "ada"}).text == "plum"
        assert client.get("/get", headers={"X-Visitor": "bob"}).text == "None"

    def test_it_is_asked_once_at_the_start_and_once_at_the_end(self) -> None:
        """A backend may do more than read a cookie, so a session nobody touches is opened too."""
        memory = Memory()
        fill(Flask("shop", session=memory)).test_client().get("/untouched")

        assert memory.log == ["open /untouched", "save"]

    def test_it_opens_before_routing_and_before_the_hooks(self) -> None:
        memory = Memory()
        app = fill(Flask("shop", session=memory))

        @app.url_value_preprocessor
        def look(endpoint: str | None, values: dict[str, Any] | None) -> None:
            memory.log.append("hook")

        app.test_client().get("/untouched")

        assert memory.log == ["open /untouched", "hook", "save"]

    def test_sessions_of_unknown_paths_are_opened_and_saved_too(self) -> None:
        memory = Memory()

        assert fill(Flask("shop", session=memory)).test_client().get("/gone").status_code == 404
        assert memory.log == ["open /gone", "save"]

    def test_it_can_be_assigned_to_the_application(self) -> None:
        memory = Memory()
        app = fill(Flask("shop"))
        app.session_interface = memory
        app.test_client().get("/get")

        assert memory.log == ["open /get", "save"]

    def test_it_can_be_named_by_a_subclass_of_the_application(self) -> None:
        memory = Memory()

        class Shop(Flask):
            session_interface = memory

        fill(Shop("shop")).test_client().get("/get")

        assert memory.log == ["open /get", "save"]

    def test_one_exchanged_later_takes_over(self) -> None:
        app = fill(Flask("shop"))
        app.secret_key = "key"
        app.test_client().get("/get")
        memory = Memory()
        app.session_interface = memory
        app.test_client().get("/get")

        assert memory.log == ["open /get", "save"]

    def test_a_transaction_of_the_test_client_opens_and_saves_once(self) -> None:
        memory = Memory()
        client = fill(Flask("shop", session=memory)).test_client()
        with client.session_transaction("/made/up") as opened:
            assert isinstance(opened, SecureCookieSession)

        assert memory.log == ["open /made/up", "save"]


class NoSessions(SessionInterface):
    """A backend that has no session to give."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        return None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        raise AssertionError("a null session was brought here")


class NoneAtAll:
    """The same, with nothing inherited."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        return None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        raise AssertionError("a null session was brought here")


class TestNoSession:
    @pytest.mark.parametrize("backend", [NoSessions(), NoneAtAll()], ids=["base", "duck"])
    def test_a_null_session_can_be_read_and_is_not_saved(self, backend: Any) -> None:
        assert fill(Flask("shop", session=backend)).test_client().get("/get").text == "None"

    @pytest.mark.parametrize("backend", [NoSessions(), NoneAtAll()], ids=["base", "duck"])
    def test_a_null_session_cannot_be_written(self, backend: Any) -> None:
        client = fill(Flask("shop", session=backend)).test_client()

        with pytest.raises(RuntimeError, match="session is unavailable"):
            client.get("/set/plum")

    def test_the_backend_makes_its_own_null_session(self) -> None:
        class Excuse(NullSession):
            @property
            def reason(self) -> str:
                return "closed on Sundays"

        class Closed(NoSessions):
            null_session_class = Excuse

        app = fill(Flask("shop", session=Closed()))
        app.add_url_rule("/why", "why", lambda: getattr(session, "reason"))

        assert app.test_client().get("/why").text == "closed on Sundays"

    def test_the_client_says_that_there_is_no_session_to_open(self) -> None:
        client = Flask("shop", session=NoneAtAll()).test_client()

        with (
            pytest.raises(RuntimeError, match="opened no session"),
            client.session_transaction(),
        ):
            pass


class Away(Memory):
    """A store that cannot be reached."""

    def __init__(self, on: str, error: Exception) -> None:
        super().__init__()
        self.on = on
        self.error = error

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        if self.on == "open":
            raise self.error
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        if self.on == "save":
            raise self.error


class AwayCookie(SecureCookieSessionInterface):
    """The default backend, whose keys cannot be had: it fails when the session is first touched."""

    def get_signing_serializer(self, app: Flask) -> Any:
        raise ConnectionError("the vault is away")


@pytest.mark.parametrize("on", ["open", "save"])
class TestBackendsThatFail:
    def test_the_visitor_gets_a_logged_500_and_every_teardown_runs(
        self, on: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        app = fill(Flask("shop", session=Away(on, ConnectionError("the store is away"))))
        app.testing = False
        told: list[str] = []

        @app.teardown_request
        def tear_down(error: BaseException | None) -> None:
            told.append(type(error).__name__)

        with caplog.at_level(logging.ERROR):
            response = app.test_client().get("/get")

        assert response.status_code == 500
        assert "the store is away" in caplog.text
        assert told == ["ConnectionError"]

    def test_while_testing_the_error_reaches_the_test(self, on: str) -> None:
        app = fill(Flask("shop", session=Away(on, ConnectionError("the store is away"))))

        with pytest.raises(ConnectionError, match="the store is away"):
            app.test_client().get("/get")

    def test_the_next_request_is_served_once_the_store_is_back(self, on: str) -> None:
        away = Away(on, ConnectionError("the store is away"))
        app = fill(Flask("shop", session=away))
        app.testing = False
        client = app.test_client()
        assert client.get("/get").status_code == 500
        away.on = "never"

        assert client.get("/get").text == "None"

    def test_an_http_exception_is_answered_as_such(self, on: str) -> None:
        app = fill(Flask("shop", session=Away(on, ServiceUnavailable("come back at ten"))))

        response = app.test_client().get("/untouched")

        assert response.status_code == 503
        assert "come back at ten" in response.text


def test_a_cookie_backend_that_fails_when_touched_is_a_500(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = fill(Flask("shop", session=AwayCookie()))
    app.testing = False
    app.add_url_rule("/page", "page", lambda: render_template_string("{{ 1 + 1 }}"))
    client = app.test_client()

    assert client.get("/untouched").status_code == 200
    assert client.get("/page").status_code == 200
    assert client.get("/get").status_code == 500
    assert "the vault is away" in caplog.text


class Noting(SecureCookieSessionInterface):
    """Saves as the default does, and notes for which paths."""

    def __init__(self) -> None:
        self.saved: list[str] = []

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        self.saved.append(request.path)
        super().save_session(app, session, response)


class TestSubclassesOfTheDefault:
    def test_a_replaced_save_is_called_for_sessions_nobody_touched(self) -> None:
        noting = Noting()
        app = fill(Flask("shop", session=noting))
        app.secret_key = "key"
        app.test_client().get("/untouched")

        assert noting.saved == ["/untouched"]

    def test_a_method_replaced_on_the_instance_after_the_first_request_is_heard(self) -> None:
        app = fill(Flask("shop", session=SecureCookieSessionInterface()))
        app.secret_key = "key"
        client = app.test_client()
        client.get("/untouched")
        asked: list[str] = []

        def always(app: Flask, session: SessionMixin) -> bool:
            asked.append("asked")
            return True

        backend: Any = app.session_interface
        backend.should_set_cookie = always
        client.get("/set/plum")
        asked.clear()
        response = client.get("/untouched")

        assert asked == ["asked"]
        assert "Set-Cookie" in response.headers

    def test_a_method_replaced_on_the_class_is_heard_by_applications_to_come(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(Flask("before")).test_client().get("/untouched")
        heard: list[str] = []
        monkeypatch.setattr(
            SecureCookieSessionInterface, "save_session", lambda *_: heard.append("saved")
        )
        app = fill(Flask("shop"))
        app.secret_key = "key"
        app.test_client().get("/untouched")

        assert heard == ["saved"]

    def test_a_method_put_back_lets_sessions_wait_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = fill(Flask("shop", session=SecureCookieSessionInterface()))
        app.secret_key = "key"
        backend = app.session_interface
        opened: list[str] = []
        with monkeypatch.context() as patch:
            patch.setattr(backend, "open_session", lambda *_: opened.append("opened"))
            app.test_client().get("/untouched")
        app.test_client().get("/untouched")

        assert opened == ["opened"]
        assert app.opens_sessions_late()

    def test_a_session_class_of_ones_own_reaches_the_view(self) -> None:
        class Basket(SecureCookieSession):
            def total(self) -> int:
                return sum(self.values())

        class Baskets(SecureCookieSessionInterface):
            session_class = Basket

        app = fill(Flask("shop", session=Baskets()))
        app.secret_key = "key"

        @app.get("/total")
        def total() -> str:
            session.update(plums=2, pears=3)
            return str(getattr(session, "total")())

        assert app.test_client().get("/total").text == "5"

    def test_the_name_of_the_cookie_can_depend_on_the_application(self) -> None:
        class Named(SecureCookieSessionInterface):
            def get_cookie_name(self, app: Flask) -> str:
                return f"{app.name}-session"

        app = fill(Flask("shop", session=Named()))
        app.secret_key = "key"
        client = app.test_client()
        client.get("/set/plum")

        assert client.get_cookie("shop-session") is not None
        assert client.get("/get").text == "plum"


@pytest.mark.parametrize(
    "view",
    [lambda: session.get("a"), lambda: session.__setitem__("a", 1), lambda: "a" in session],
)
def test_outside_of_a_request_the_session_says_that_there_is_none(
    view: Callable[[], object],
) -> None:
    with pytest.raises(RuntimeError, match="needs an active request"):
        view()


@pytest.mark.parametrize(("place", "heard"), [("instance", True), ("class", False)])
def test_a_save_replaced_between_two_requests_is_called_for_sessions_that_are_touched(
    place: str, heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For others too, if it was replaced on the backend itself: there the application is told."""
    backend = SecureCookieSessionInterface()
    app = fill(Flask("shop", session=backend))
    app.secret_key = "key"
    client = app.test_client()
    client.get("/untouched")
    saved: list[str] = []

    def save(*args: object) -> None:
        saved.append(request.path)

    target = backend if place == "instance" else SecureCookieSessionInterface
    monkeypatch.setattr(target, "save_session", save)
    client.get("/set/plum")
    client.get("/untouched")
    monkeypatch.undo()
    client.get("/untouched")

    assert saved == ["/set/plum", *(["/untouched"] if heard else [])]
