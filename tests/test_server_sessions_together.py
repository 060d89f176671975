"""Requests that use one session at the same time: nothing is lost, and nothing comes back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_sessions import (
    PlainStore,
    Shop,
    all_of,
    begin,
    clear,
    cookie_of,
    getting,
    put,
    regenerate,
    setting,
)
from typedflask import session
from typedflask.sessions import session_json_serializer
from typedflask.sessions.keeping import ATTEMPTS
from typedflask.sessions.merge import changes_between
from typedflask.testing import FlaskClient

Action = Callable[[], object]


def while_it_runs(shop: Shop, client: FlaskClient, other: Action, then: Action) -> Action:
    """Touch the session, let another request of the visitor do something, then go on."""

    def act() -> None:
        len(session)
        shop.ask(twin_of(shop, client), other)
        then()

    return act


def twin_of(shop: Shop, client: FlaskClient) -> FlaskClient:
    """The visitor's browser, sending another request at the same time."""
    twin = shop.client()
    put(twin, cookie_of(client))
    return twin


def content(shop: Shop, client: FlaskClient) -> Any:
    return json.loads(shop.ask(client, lambda: json.dumps(dict(session))).text)


class TestDifferentKeys:
    def test_two_requests_that_set_different_keys_lose_nothing(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.ask(client, while_it_runs(shop, client, setting("b", 2), setting("c", 3)))

        assert content(shop, client) == {
            "a": 1,
            "list": [1],
            "deep": {"list": [1]},
            "tuple": [{"a": 1}],
            "b": 2,
            "c": 3,
        }

    def test_one_may_remove_what_the_other_leaves(self) -> None:
        shop = Shop()
        client = begin(shop)
        mine = lambda: [session.pop("a"), session.pop("tuple"), session.pop("deep")]  # noqa: E731
        shop.ask(client, while_it_runs(shop, client, setting("list", [1, 2]), mine))

        assert content(shop, client) == {"list": [1, 2]}

    def test_of_one_key_the_later_write_counts(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.ask(client, while_it_runs(shop, client, setting("a", 2), setting("a", 3)))

        assert content(shop, client)["a"] == 3

    def test_a_key_that_was_set_to_what_it_was_is_no_change(self) -> None:
        shop = Shop()
        client = begin(shop)
        mine = all_of(setting("a", 1), setting("b", 1))
        shop.ask(client, while_it_runs(shop, client, setting("a", 2), mine))

        assert content(shop, client)["a"] == 2

    def test_changes_inside_of_values_are_merged_by_key(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.ask(
            client,
            while_it_runs(
                shop,
                client,
                lambda: session["list"].append(2),
                lambda: session["deep"]["list"].append(3),
            ),
        )
        after = content(shop, client)

        assert (after["list"], after["deep"]) == ([1, 2], {"list": [1, 3]})

    def test_an_id_that_is_new_takes_over_what_the_other_wrote(self) -> None:
        shop = Shop()
        client = begin(shop)
        mine = all_of(regenerate, setting("c", 3))
        shop.ask(client, while_it_runs(shop, client, setting("b", 2), mine))

        assert content(shop, client)["b"] == 2
        assert content(shop, client)["c"] == 3
        assert len(shop.store.kept) == 1

    def test_clearing_takes_nothing_over(self) -> None:
        shop = Shop()
        client = begin(shop)
        mine = all_of(regenerate, clear, setting("c", 3))
        shop.ask(client, while_it_runs(shop, client, setting("b", 2), mine))

        assert content(shop, client) == {"c": 3}
        assert len(shop.store.kept) == 1

    def test_of_several_requests_that_come_first_the_last_one_counts(self) -> None:
        shop = Shop()
        client = begin(shop)
        twin = twin_of(shop, client)

        def first() -> None:
            shop.ask(twin, setting("b", 1))
            shop.store.meanwhile["save"] = lambda: shop.ask(twin, setting("b", 2))

        shop.store.meanwhile["save"] = first
        shop.ask(client, setting("c", 3))

        assert content(shop, client)["b"] == 2
        assert content(shop, client)["c"] == 3

    def test_emptying_leaves_what_the_other_put_in(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, setting("a", 1))
        shop.ask(client, while_it_runs(shop, client, setting("b", 2), lambda: session.pop("a")))

        assert content(shop, client) == {"b": 2}

    def test_both_emptying_ends_it(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, lambda: session.update(a=1, b=2))
        shop.ask(
            client,
            while_it_runs(shop, client, lambda: session.pop("a"), lambda: session.pop("b")),
        )

        assert shop.store.kept == {}

    def test_the_view_may_go_on_with_what_was_merged(self) -> None:
        """A session that is saved twice writes the second time what has changed since."""
        shop = Shop()
        client = begin(shop)
        with client.session_transaction() as opened:
            shop.ask(twin_of(shop, client), setting("b", 2))
            opened["c"] = 3
        assert opened["b"] == 2
        assert content(shop, client)["c"] == 3

    def test_a_session_saved_twice_under_a_new_id_goes_on_merging(self) -> None:
        """As when the first answer is replaced by that of an error."""
        shop = Shop(encrypt=True)
        client = begin(shop)
        backend = shop.app.session_interface
        context = shop.app.test_request_context(headers={"Cookie": f"session={cookie_of(client)}"})
        with context:
            session.regenerate()
            response = shop.app.response_class()
            backend.save_session(shop.app, context.session, response)
        client.set_cookie("session", response.headers["Set-Cookie"].split(";")[0].split("=")[1])
        shop.ask(client, setting("b", 2))
        context.session["c"] = 3
        backend.save_session(shop.app, context.session, shop.app.response_class())

        assert content(shop, client)["b"] == 2
        assert content(shop, client)["c"] == 3

    def test_many_requests_at_once_lose_nothing(self) -> None:
        shop = Shop()
        client = begin(shop)
        ready = Barrier(8, timeout=30)

        def visit(number: int) -> None:
            twin = twin_of(shop, client)
            ready.wait()
            for turn in range(10):
                path = f"/{number}/{turn}"
                assert twin.get("/", query_string={"key": path}).status_code == 200

        def count() -> None:
            from typedflask import request

            session[request.args["key"]] = True

        shop.action = count
        with ThreadPoolExecutor(8) as threads:
            [*threads.map(visit, range(8))]

        assert len(content(shop, client)) == 4 + 80

    def test_one_that_never_gets_its_turn_is_a_503(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)
        shop = Shop()
        client = begin(shop)
        store = shop.store

        def another_comes_first() -> None:
            [(session_id, (stored, end))] = store.kept.items()
            bumped = type(stored)(stored.payload, stored.version + 1000)
            store.kept[session_id] = (bumped, end)
            store.meanwhile["save"] = another_comes_first

        store.meanwhile["save"] = another_comes_first
        store.log.clear()
        response = shop.ask(client, setting("a", 2))

        assert response.status_code == 503
        assert store.log.count("save") == ATTEMPTS


class TestEndedMeanwhile:
    @pytest.mark.parametrize(
        "mine",
        [
            setting("a", 2),
            lambda: session["list"].append(2),
            lambda: [*map(session.pop, [*session])],
            all_of(regenerate, setting("a", 2)),
        ],
        ids=["set", "inside", "emptied", "regenerated"],
    )
    def test_a_session_that_another_request_ended_does_not_come_back(
        self, mine: Action, caplog: pytest.LogCaptureFixture
    ) -> None:
        shop = Shop()
        client = begin(shop)
        old = cookie_of(client)
        with caplog.at_level(logging.INFO):
            shop.action = while_it_runs(shop, client, clear, mine)
            response = client.get("/")

        assert response.status_code == 200
        assert shop.store.kept == {}
        assert "Set-Cookie" not in response.headers, "the visitor may have another cookie by now"
        assert "ended by another request" in caplog.text
        assert cookie_of(client) == old

    def test_reading_it_is_no_harm(self) -> None:
        shop = Shop()
        client = begin(shop)
        response = shop.ask(client, while_it_runs(shop, client, clear, getting("a")))

        assert response.status_code == 200
        assert shop.store.kept == {}

    def test_two_that_end_it_are_one(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.ask(client, while_it_runs(shop, client, clear, clear))

        assert shop.store.kept == {}
        assert client.get_cookie("session") is None

    def test_a_login_in_another_tab_is_not_undone(self) -> None:
        """Its answer may come first: a late one must not take the new cookie away."""
        shop = Shop()
        client = shop.client()
        shop.ask(client, setting("_flashes", []))
        response_headers: list[str] = []

        def other_tab_logs_in() -> None:
            twin = twin_of(shop, client)
            shop.ask(twin, all_of(regenerate, setting("user", 1)))
            response_headers.append(cookie_of(twin))

        def view() -> None:
            len(session)
            other_tab_logs_in()
            session.pop("_flashes")

        late = shop.ask(client, view)

        assert "Set-Cookie" not in late.headers
        put(client, response_headers[0])
        assert shop.ask(client, getting("user")).text == "1"

    def test_garbage_that_comes_between_is_not_written_over(self) -> None:
        shop = Shop()
        client = begin(shop)

        def view() -> None:
            session["a"] = 2
            session_id = shop.store.only
            shop.store.delete(session_id)
            shop.store.save(session_id, b"garbage", lifetime=100, expected=None)

        assert shop.ask(client, view).status_code == 200
        assert shop.store.payload == b"garbage"


write = session_json_serializer.dumps
data = st.dictionaries(
    st.sampled_from("abcdef"),
    st.none() | st.booleans() | st.integers(0, 2) | st.lists(st.booleans() | st.integers(0, 1)),
)


@given(data, data, data)
def test_merging_keeps_their_changes_and_makes_ours(
    before: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = changes_between(before, ours, write).on(theirs)
    for key in {*before, *ours, *theirs}:
        missing = "missing"
        was, mine, other = (write(one.get(key, missing)) for one in (before, ours, theirs))
        assert write(merged.get(key, missing)) == (other if mine == was else mine)


@given(data, data)
def test_merging_without_another_request_gives_ours(
    before: dict[str, Any], ours: dict[str, Any]
) -> None:
    assert write(changes_between(before, ours, write).on(before)) == write(
        {key: ours[key] for key in [*before, *ours] if key in ours}
    )


def test_a_plain_store_is_all_it_takes() -> None:
    """The stand-in for a store has no locks; none of this needs them."""
    assert not hasattr(PlainStore, "lock")
