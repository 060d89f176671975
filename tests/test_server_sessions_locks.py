"""Locks: one request at a time has a session, and whatever happens the next one gets it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.kept_sessions import (
    LockingStore,
    PlainStore,
    Shop,
    begin,
    clear,
    cookie_of,
    getting,
    put,
    regenerate,
    setting,
)
from typedflask import (
    Response,
    copy_current_request_context,
    session,
    stream_with_context,
)
from typedflask.sessions import ServerSideSessions
from typedflask.sessions.stores.memory import MemoryStore


@pytest.fixture
def store() -> LockingStore:
    return LockingStore()


@pytest.fixture
def shop(store: LockingStore) -> Shop:
    shop = Shop(store, locking=True, lock_wait=0.02)
    shop.app.testing = False
    return shop


def test_it_is_held_from_the_first_touch_until_the_session_was_saved(
    shop: Shop, store: LockingStore
) -> None:
    client = begin(shop)
    before: list[object] = []

    def view() -> None:
        before.append([*store.held])
        session["a"] = 2
        before.append([*store.held])

    assert shop.commands(client, view) == ["lock", "load", "save", "unlock"]
    assert before == [[], [store.only]]


def test_reading_holds_it_as_well(shop: Shop) -> None:
    client = begin(shop)
    assert shop.commands(client, getting("a")) == ["lock", "load", "unlock"]


def test_it_is_not_asked_for_where_there_is_no_session(shop: Shop, store: LockingStore) -> None:
    client = begin(shop)

    assert shop.commands(client) == []
    assert shop.commands(shop.client(), setting("a", 1)) == ["save"]
    shop.store.kept.clear()
    assert shop.commands(client, getting("a")) == ["lock", "load", "unlock"]
    assert store.held == []


def test_times_are_those_that_were_given(store: LockingStore) -> None:
    shop = Shop(store, locking=True, lock_wait=3, lock_hold=7)
    shop.ask(begin(shop), getting("a"))

    assert store.asked == [(3, 7)]


@pytest.mark.parametrize("action", [clear, regenerate, lambda: session.pop("a")])
def test_it_is_given_back_when_the_session_ends_or_moves(
    shop: Shop, store: LockingStore, action: Any
) -> None:
    shop.ask(begin(shop), action)
    assert store.held == []


def test_a_counter_that_many_requests_increase_loses_nothing() -> None:
    shop = Shop(locking=True, store=LockingStore())
    client = begin(shop)
    shop.action = lambda: session.update(a=session["a"] + 1)

    def visit(_: int) -> int:
        twin = shop.client()
        put(twin, cookie_of(client))
        return sum(twin.get("/").status_code == 200 for _ in range(25))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(visit, range(8))) == 200

    assert shop.ask(client, getting("a")).text == "201"


class TestGivenBack:
    """Whatever goes wrong."""

    def fail(self) -> None:
        session["a"] = 2
        raise LookupError("gone wrong")

    def test_when_the_view_raises(self, shop: Shop, store: LockingStore) -> None:
        assert shop.ask(begin(shop), self.fail).status_code == 500
        assert store.held == []

    def test_when_the_view_raises_through_the_client(self, shop: Shop, store: LockingStore) -> None:
        client = begin(shop)
        shop.app.testing = True
        with pytest.raises(LookupError):
            shop.ask(client, self.fail)
        assert store.held == []

    def test_when_the_process_is_interrupted(self, shop: Shop, store: LockingStore) -> None:
        client = begin(shop)

        def interrupt() -> None:
            session["a"] = 2
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            shop.ask(client, interrupt)
        assert store.held == []

    def test_when_the_request_is_one_within_another(self, shop: Shop, store: LockingStore) -> None:
        client = begin(shop)

        def interrupt() -> None:
            session["a"] = 2
            raise KeyboardInterrupt

        with shop.app.app_context(), pytest.raises(KeyboardInterrupt):
            shop.ask(client, interrupt)
        assert store.held == []

    def test_when_an_after_request_function_raises(self, shop: Shop, store: LockingStore) -> None:
        @shop.app.after_request
        def break_it(response: Response) -> Response:
            if "broken" in session:
                raise LookupError("gone wrong")
            return response

        client = begin(shop)
        assert shop.ask(client, setting("broken", True)).status_code == 500
        assert store.held == []

    def test_when_the_session_cannot_be_saved(self, shop: Shop, store: LockingStore) -> None:
        assert shop.ask(begin(shop), setting("a", object())).status_code == 500
        assert store.held == []

    @pytest.mark.parametrize("command", ["load", "save", "unlock"])
    def test_when_the_store_goes_away(self, shop: Shop, store: LockingStore, command: str) -> None:
        client = begin(shop)
        store.away = {command}
        shop.ask(client, setting("a", 2))
        store.away.clear()

        assert store.held == []
        assert shop.ask(client, setting("a", 2)).status_code == 200

    def test_when_a_teardown_function_is_the_first_to_touch_the_session(
        self, shop: Shop, store: LockingStore
    ) -> None:
        seen: list[object] = []

        @shop.app.teardown_appcontext
        def look(error: BaseException | None) -> None:
            seen.append((session.get("a"), len(store.held)))

        shop.ask(begin(shop))
        assert seen[-1] == (1, 1)
        assert store.held == []

    def test_when_a_stream_touched_it_and_ends(self, shop: Shop, store: LockingStore) -> None:
        held: list[int] = []

        def pieces() -> Iterator[str]:
            yield str(session["a"])
            held.append(len(store.held))
            yield "end"

        shop.app.add_url_rule("/stream", "stream", lambda: Response(stream_with_context(pieces())))
        client = begin(shop)

        assert client.get("/stream").text == "1end"
        assert held == [1]
        assert store.held == []

    def test_when_a_stream_touched_it_and_the_client_is_gone(
        self, shop: Shop, store: LockingStore
    ) -> None:
        def endless() -> Iterator[str]:
            while True:
                yield str(session["a"])

        shop.app.add_url_rule("/stream", "stream", lambda: Response(stream_with_context(endless())))
        client = begin(shop)
        response = client.get("/stream", buffered=False)
        assert next(response.iter_encoded()) == b"1"
        assert len(store.held) == 1
        response.close()

        assert store.held == []

    def test_before_the_answer_is_streamed_if_the_view_touched_it(
        self, shop: Shop, store: LockingStore
    ) -> None:
        @shop.app.get("/stream")
        def stream() -> Response:
            session["a"] = 2
            return Response(stream_with_context(str(len(store.held)) for _ in range(2)))

        assert begin(shop).get("/stream").text == "00"

    def test_when_the_test_client_keeps_the_request(self, shop: Shop, store: LockingStore) -> None:
        with begin(shop) as client:
            shop.ask(client, setting("a", 2))
            assert store.held == []
        with client.session_transaction() as opened:
            opened["a"] = 3
        assert store.held == []

    def test_not_by_a_copy_of_the_context_that_ends_earlier(
        self, shop: Shop, store: LockingStore
    ) -> None:
        held: list[int] = []

        def view() -> None:
            session["a"] = 2
            copy_current_request_context(lambda: session.get("a"))()
            held.append(len(store.held))

        shop.ask(begin(shop), view)
        assert held == [1]
        assert store.held == []


class TestWaiting:
    def test_a_request_that_waits_in_vain_is_a_503(
        self, shop: Shop, store: LockingStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        client = begin(shop)
        store.held.append(store.only)
        response = shop.ask(client, setting("a", 2))

        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert "somebody else has it" in caplog.text
        store.held.clear()
        assert shop.ask(client, getting("a")).text == "1"

    def test_it_is_so_even_where_an_outage_shows_an_empty_session(
        self, store: LockingStore
    ) -> None:
        """The store is there; a visitor who is logged in must not seem logged out."""
        shop = Shop(store, locking=True, lock_wait=0.01, on_outage="read-only")
        client = begin(shop)
        store.held.append(store.only)

        assert shop.ask(client, getting("a")).status_code == 503

    def test_one_that_has_the_lock_makes_the_next_one_wait(self, store: LockingStore) -> None:
        shop = Shop(store, locking=True, lock_wait=30)
        client = begin(shop)
        twin = shop.client()
        put(twin, cookie_of(client))
        shop.action = lambda: session.update(a=session["a"] + 1)
        store.held.append(store.only)
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(twin.get, "/")
            while "lock" not in store.log:
                pass
            assert not waiting.done()
            store.held.clear()
            assert waiting.result(timeout=30).status_code == 200


def test_a_lock_that_cannot_be_given_back_is_logged(
    shop: Shop, store: LockingStore, caplog: pytest.LogCaptureFixture
) -> None:
    client = begin(shop)
    store.away = {"unlock"}
    with caplog.at_level(logging.WARNING):
        assert shop.ask(client, setting("a", 2)).status_code == 200

    assert "could not be given back: ConnectionError: nobody answers unlock" in caplog.text


def test_a_store_without_locks_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="PlainStore has none"):
        ServerSideSessions(PlainStore(), locking=True)
    ServerSideSessions(MemoryStore(), locking=True)


def test_a_session_replaced_by_another_object_does_no_harm(shop: Shop, store: LockingStore) -> None:
    client = begin(shop)
    shop.app.session_interface = ServerSideSessions(PlainStore())
    assert shop.ask(client, getting("a")).text == "None"
    assert store.held == []
