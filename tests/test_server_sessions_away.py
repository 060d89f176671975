"""What visitors get while the store of their sessions is away, and when it is back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from werkzeug.exceptions import ServiceUnavailable

from tests.kept_sessions import (
    PlainStore,
    Shop,
    begin,
    clear,
    cookie_of,
    getting,
    make_permanent,
    regenerate,
    setting,
)
from typedflask import (
    Response,
    flash,
    get_flashed_messages,
    render_template_string,
    session,
    stream_with_context,
)
from typedflask.testing import EnvironBuilder


def away(shop: Shop, *commands: str) -> None:
    """Let the store be away, as a whole or for some commands."""
    shop.store.away = set(commands or ("load", "save", "touch", "delete", "lock", "unlock"))


def show(error: ServiceUnavailable) -> tuple[str, int]:
    """An error page like those of real sites: it wants to know who is logged in."""
    page = "{{ error.name }}: hello {{ session.get('name', 'stranger') }}"
    return render_template_string(page, error=error), 503


class TestUnavailable:
    def test_a_request_that_touches_its_session_is_a_503(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        shop = Shop()
        client = begin(shop)
        away(shop)
        response = shop.ask(client, getting("a"))

        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert "session cannot be loaded" in response.text
        assert "nobody answers" not in response.text, "what the visitor sees tells no details"
        assert "PlainStore: ConnectionError: nobody answers load" in caplog.text

    def test_it_is_raised_by_the_line_that_touches_the_session(self) -> None:
        shop = Shop()
        client = begin(shop)
        away(shop)

        def view() -> str:
            try:
                session.get("a")
            except ServiceUnavailable:
                return "without"
            return "with"

        assert shop.ask(client, view).text == "without"

    def test_a_request_that_does_not_touch_it_is_served(self) -> None:
        shop = Shop()
        client = begin(shop)
        away(shop)

        assert shop.ask(client).status_code == 200

    def test_a_visitor_without_a_session_is_served(self) -> None:
        shop = Shop()
        away(shop)

        assert shop.ask(shop.client(), getting("a")).status_code == 200

    def test_it_recovers_with_everything_still_there(self) -> None:
        shop = Shop()
        client = begin(shop)
        away(shop)
        assert shop.ask(client, setting("a", 2)).status_code == 503
        shop.store.away.clear()

        assert shop.ask(client, getting("a")).text == "1"

    def test_an_error_page_that_looks_at_the_session_is_shown(self) -> None:
        shop = Shop()
        shop.app.register_error_handler(503, show)
        client = begin(shop)
        away(shop)
        response = shop.ask(client, getting("a"))

        assert (response.status_code, response.text) == (503, "Service Unavailable: hello stranger")
        assert shop.store.log[-1] == "load"
        assert shop.store.log.count("load") == 1, "one attempt per request is enough"

    def test_another_request_with_the_same_environment_tries_anew(self) -> None:
        """A middleware may call the application again, or another one that has another store."""
        shop = Shop()
        client = begin(shop)
        away(shop)
        shop.action = getting("a")
        statuses: list[str] = []

        def start(status: str, *_: object) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda _: None

        builder = EnvironBuilder(shop.app, headers={"Cookie": f"session={cookie_of(client)}"})
        environ = builder.get_environ()
        b"".join(shop.app.wsgi_app(environ, start))
        shop.store.away.clear()

        assert b"".join(shop.app.wsgi_app(environ, start)) == b"1"
        assert statuses == ["503 SERVICE UNAVAILABLE", "200 OK"]

    def test_an_error_page_that_shows_messages_is_shown(self) -> None:
        shop = Shop()
        shop.app.register_error_handler(503, lambda _: (str(get_flashed_messages()), 503))
        client = begin(shop)
        away(shop)

        assert shop.ask(client, getting("a")).text == "[]"

    def test_before_request_functions_may_touch_it(self) -> None:
        shop = Shop()
        shop.app.before_request(lambda: session.get("a") and None)
        client = begin(shop)
        away(shop)

        assert shop.ask(client).status_code == 503

    def test_teardown_runs_once_and_no_context_is_left(self) -> None:
        from typedflask import has_app_context

        shop = Shop()
        ends: list[BaseException | None] = []
        shop.app.teardown_request(ends.append)
        client = begin(shop)
        ends.clear()
        away(shop)
        shop.ask(client, getting("a"))

        assert len(ends) == 1
        assert not has_app_context()


class TestSaving:
    @pytest.mark.parametrize(
        ("action", "command"),
        [
            (setting("a", 2), "save"),
            (clear, "delete"),
            (regenerate, "save"),
            (regenerate, "delete"),
            (lambda: session["list"].append(1), "save"),
        ],
    )
    def test_what_cannot_be_saved_is_a_503(
        self,
        action: Callable[[], object],
        command: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        shop = Shop()
        client = begin(shop)
        before = cookie_of(client)
        away(shop, command)
        response = shop.ask(client, action)

        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert "session cannot be saved" in response.text
        assert f"could not be saved in PlainStore: ConnectionError: nobody answers {command}" in (
            caplog.text
        )
        assert "Set-Cookie" not in response.headers
        shop.store.away.clear()
        assert cookie_of(client) == before
        assert shop.ask(client, getting("a")).text == "1", "the visitor can try again"

    def test_a_first_session_that_cannot_be_saved_leaves_no_cookie(self) -> None:
        shop = Shop()
        client = shop.client()
        away(shop)

        assert shop.ask(client, setting("a", 1)).status_code == 503
        assert client.get_cookie("session") is None

    def test_its_error_page_sees_the_session(self) -> None:
        shop = Shop()
        shop.app.register_error_handler(503, show)
        client = begin(shop)
        away(shop, "save")

        assert shop.ask(client, setting("name", "Ada")).text == "Service Unavailable: hello Ada"

    def test_the_answer_that_is_not_sent_is_closed(self) -> None:
        """It may be a stream, with a request's context and a file behind it."""
        shop = Shop()
        ends: list[str] = []

        def pieces() -> Iterator[str]:
            try:
                yield "never seen"
            finally:
                ends.append("closed")

        @shop.app.get("/stream")
        def stream() -> Response:
            session["a"] = 2
            body = pieces()
            next(body)
            return Response(stream_with_context(body))

        @shop.app.teardown_request
        def tear_down(error: BaseException | None) -> None:
            ends.append("torn down")

        client = begin(shop)
        ends.clear()
        away(shop, "save")

        assert client.get("/stream").status_code == 503
        assert ends == ["closed", "torn down"]

    def test_an_end_that_cannot_be_moved_is_logged_and_nothing_more(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tests.kept_sessions import Clock

        clock, shop = Clock(monkeypatch), Shop()
        shop.app.permanent_session_lifetime = 100
        client = begin(shop)
        clock.wait(50)
        away(shop, "touch")
        with caplog.at_level(logging.WARNING):
            response = shop.ask(client, getting("a"))

        assert (response.status_code, response.text) == (200, "1")
        assert "Set-Cookie" not in response.headers
        assert "could not be moved: nobody answers touch" in caplog.text


WRITES: list[Callable[[], object]] = [
    setting("a", 1),
    clear,
    regenerate,
    make_permanent,
    lambda: session.pop("a", None),
    lambda: session.setdefault("a", 1),
    lambda: session.update(a=1),
    lambda: session.__delitem__("a"),
    lambda: flash("hello"),
]


class TestReadOnly:
    @pytest.fixture
    def shop(self) -> Shop:
        return Shop(on_outage="read-only")

    def test_reading_finds_nothing(self, shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
        client = begin(shop)
        away(shop)
        response = shop.ask(client, getting("a"))

        assert (response.status_code, response.text) == (200, "None")
        assert response.headers["Vary"] == "Cookie"
        assert "Set-Cookie" not in response.headers
        assert "nobody answers load" in caplog.text

    @pytest.mark.parametrize("write", WRITES)
    def test_writing_is_a_503(self, shop: Shop, write: Callable[[], object]) -> None:
        client = begin(shop)
        away(shop)
        response = shop.ask(client, write)

        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert "session cannot be changed" in response.text

    def test_it_recovers_with_everything_still_there(self, shop: Shop) -> None:
        client = begin(shop)
        away(shop)
        shop.ask(client, getting("a"))
        shop.store.away.clear()

        assert shop.ask(client, getting("a")).text == "1"

    def test_what_is_no_outage_is_an_error_of_the_store(self, shop: Shop) -> None:
        class Broken(PlainStore):
            def load(self, session_id: str, /) -> None:
                raise LookupError("a mistake in the store")

        client = begin(shop)
        broken = Shop(Broken(), on_outage="read-only")
        twin = broken.client()
        twin.set_cookie("session", cookie_of(client))

        with pytest.raises(LookupError, match="a mistake in the store"):
            broken.ask(twin, getting("a"))
