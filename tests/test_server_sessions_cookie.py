"""The cookie and the headers of sessions on the server, and how long they last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.kept_sessions import (
    Clock,
    Shop,
    begin,
    clear,
    getting,
    make_permanent,
    regenerate,
    setting,
)
from typedflask import (
    session,
)


def vary(response: TestResponse) -> str | None:
    return response.headers.get("Vary")


def clear_and_begin() -> None:
    session.clear()
    session["a"] = 1


def cookie_expires(client: Any) -> datetime | None:
    expires: datetime | None = client.get_cookie("session").expires
    return expires


# --- headers ------------------------------------------------------------------------------


class TestHeaders:
    @pytest.mark.parametrize(
        "look",
        [
            getting("a"),
            lambda: "a" in session,
            lambda: len(session),
            lambda: bool(session),
            setting("a", 2),
            lambda: session.permanent,
            lambda: session.pop("b", None),
            lambda: session.sid,  # type: ignore[attr-defined]  # the kind we open has it
        ],
    )
    def test_the_response_varies_once_the_session_was_looked_at(
        self, look: Callable[[], object]
    ) -> None:
        shop = Shop()
        client = begin(shop)

        assert vary(shop.ask(client, look)) == "Cookie"
        assert vary(shop.ask(shop.client(), look)) == "Cookie"

    def test_a_session_that_was_only_read_sends_no_cookie(self) -> None:
        shop = Shop()
        client = begin(shop)

        assert "Set-Cookie" not in shop.ask(client, getting("a")).headers

    def test_a_change_of_the_data_sends_none_while_its_cookie_is_young(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So that a late answer does not replace a cookie that another one brought."""
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.permanent_session_lifetime = timedelta(seconds=1000)
        client = begin(shop)
        for wait, sends in ((99, False), (2, True), (99, False), (1, True)):
            clock.wait(wait)
            response = shop.ask(client, setting("a", clock.moment))
            assert ("Set-Cookie" in response.headers) is sends, wait

    def test_one_that_is_permanent_no_more_ends_with_the_browser(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.ask(client, make_permanent)
        assert cookie_expires(client) is not None
        shop.ask(client, setting("_permanent", False))

        assert cookie_expires(client) is None

    def test_every_attribute_of_the_cookie_is_as_configured(self) -> None:
        shop = Shop()
        shop.app.config.update(
            SESSION_COOKIE_NAME="sid",
            SESSION_COOKIE_DOMAIN="localhost.test",
            SESSION_COOKIE_PATH="/",
            SESSION_COOKIE_HTTPONLY=False,
            SESSION_COOKIE_SECURE=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_PARTITIONED=True,
        )
        client = shop.client()
        options = {"base_url": "https://www.localhost.test"}
        sent = shop.ask(client, setting("a", 1), **options).headers["Set-Cookie"]
        taken = shop.ask(client, clear, **options).headers["Set-Cookie"]

        name, *attributes = sent.split("; ")
        assert name.startswith("sid=")
        assert sorted(attributes) == [
            "Domain=localhost.test",
            "Partitioned",
            "Path=/",
            "SameSite=Strict",
            "Secure",
        ]
        assert taken.startswith("sid=; ")
        assert set(attributes) < set(taken.split("; "))

    def test_the_cookie_of_a_permanent_session_ends_with_it(self) -> None:
        shop = Shop()
        shop.app.permanent_session_lifetime = timedelta(hours=1)
        client = shop.client()
        shop.ask(client, setting("a", 1))
        assert cookie_expires(client) is None
        shop.ask(client, make_permanent)

        expires = cookie_expires(client)
        assert expires is not None
        assert abs(expires - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)

    def test_the_cookie_of_a_permanent_session_is_sent_again_if_it_was_touched(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, make_permanent)

        assert "Set-Cookie" in shop.ask(client, getting("a")).headers
        assert "Set-Cookie" not in shop.ask(client).headers
        shop.app.config["SESSION_REFRESH_EACH_REQUEST"] = False
        assert "Set-Cookie" not in shop.ask(client, getting("a")).headers


# --- how long it lasts ------------------------------------------------------------------------


class TestLifetimes:
    def test_an_unused_session_ends_after_the_lifetime(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.permanent_session_lifetime = timedelta(minutes=30)
        client = begin(shop)
        clock.wait(1799)
        assert shop.ask(client, getting("a")).text == "1"
        clock.wait(1801)

        assert shop.ask(client, getting("a")).text == "None"

    def test_reading_keeps_it_alive_at_one_write_per_tenth_of_the_lifetime(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.permanent_session_lifetime = timedelta(seconds=1000)
        client = begin(shop)
        shop.store.log.clear()
        for _ in range(40):
            clock.wait(50)
            assert shop.ask(client, getting("a")).text == "1"

        assert shop.store.log.count("load") == 40
        assert shop.store.log.count("touch") == 20
        assert shop.store.log.count("save") == 0

    def test_the_same_holds_for_a_permanent_one_whose_cookie_is_sent_each_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.permanent_session_lifetime = timedelta(seconds=1000)
        client = begin(shop)
        shop.ask(client, make_permanent)
        shop.store.log.clear()
        for _ in range(40):
            clock.wait(50)
            assert shop.ask(client, getting("a")).text == "1"

        assert shop.store.log.count("touch") == 20

    def test_a_permanent_one_is_not_kept_alive_by_reading_when_told_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.config.update(PERMANENT_SESSION_LIFETIME=1000, SESSION_REFRESH_EACH_REQUEST=False)
        client = begin(shop)
        shop.ask(client, make_permanent)
        clock.wait(600)
        assert shop.ask(client, getting("a")).text == "1"
        clock.wait(600)

        assert shop.ask(client, getting("a")).text == "None"

    def test_a_clock_that_was_set_back_does_not_keep_it_from_being_moved(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        client = begin(shop)
        clock.wait(-1_000_000)

        assert shop.commands(client, getting("a")) == ["load", "touch"]
        assert shop.commands(client, getting("a")) == ["load"]

    def test_others_are_kept_alive_by_reading_even_then(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.config.update(PERMANENT_SESSION_LIFETIME=1000, SESSION_REFRESH_EACH_REQUEST=False)
        client = begin(shop)
        for _ in range(4):
            clock.wait(600)
            assert shop.ask(client, getting("a")).text == "1"

    def test_one_whose_time_runs_out_during_a_request_is_saved_for_a_moment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop(absolute_lifetime=100)
        client = begin(shop)

        def view() -> None:
            session["a"] = 2
            clock.wait(150)

        shop.store.kept = {key: (kept, float("inf")) for key, (kept, _) in shop.store.kept.items()}
        assert shop.ask(client, view).status_code == 200
        assert shop.store.seconds_left() == 1
        assert shop.ask(client, getting("a")).text == "None"

    def test_setting_something_keeps_it_alive_even_if_nothing_changes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        shop.app.config.update(PERMANENT_SESSION_LIFETIME=1000, SESSION_REFRESH_EACH_REQUEST=False)
        client = begin(shop)
        shop.ask(client, make_permanent)
        clock.wait(600)

        assert shop.commands(client, setting("a", 1)) == ["load", "touch"]

    def test_no_use_prolongs_it_beyond_the_absolute_lifetime(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop(absolute_lifetime=timedelta(hours=8))
        shop.app.permanent_session_lifetime = timedelta(hours=1)
        client = begin(shop)
        shop.ask(client, make_permanent)
        for _ in range(15):
            clock.wait(1800)
            assert shop.ask(client, setting("a", clock.moment)).status_code == 200
        assert shop.store.seconds_left() <= 1800
        clock.wait(1799)
        assert shop.ask(client, getting("list")).text == "[1]"
        clock.wait(2)

        assert shop.ask(client, getting("list")).text == "None"

    def test_the_absolute_lifetime_holds_in_a_store_that_forgets_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop(absolute_lifetime=100)
        client = begin(shop)
        [(session_id, (stored, _))] = shop.store.kept.items()
        shop.store.kept[session_id] = (stored, float("inf"))
        clock.wait(101)

        assert shop.ask(client, getting("a")).text == "None"
        assert shop.store.kept == {}

    def test_a_permanent_cookie_ends_with_the_absolute_lifetime(self) -> None:
        shop = Shop(absolute_lifetime=600)
        client = begin(shop)
        shop.ask(client, make_permanent)
        expires = cookie_expires(client)

        assert expires is not None
        assert expires - datetime.now(UTC) <= timedelta(seconds=600)

    def test_a_new_id_does_not_prolong_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock, shop = Clock(monkeypatch), Shop(absolute_lifetime=100)
        client = begin(shop)
        clock.wait(90)
        shop.ask(client, regenerate)
        assert shop.store.seconds_left() <= 10
        shop.ask(client, clear_and_begin)

        assert shop.store.seconds_left() > 90

    def test_a_session_that_ended_while_it_was_read_is_left_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock, shop = Clock(monkeypatch), Shop()
        client = begin(shop)
        clock.wait(shop.app.permanent_session_lifetime.total_seconds() / 5)
        shop.store.meanwhile["touch"] = shop.store.kept.clear

        assert "Set-Cookie" not in shop.ask(client, getting("a")).headers
