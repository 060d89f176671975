"""Sessions on the server: what a view sees of them, and what is asked of the store."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from markupsafe import Markup
from werkzeug.test import TestResponse

from tests.kept_sessions import (
    Shop,
    begin,
    clear,
    cookie_of,
    getting,
    setting,
)
from typedflask import (
    render_template_string,
    session,
)
from typedflask.sessions import ServerSideSessions

VALUES: dict[str, Any] = {
    "text": "Grüße, 世界",
    "number": 42,
    "fraction": 1.5,
    "truth": True,
    "nothing": None,
    "list": [1, [2, "three"]],
    "dict": {"a": {"b": []}},
    "tuple": (1, ("two",)),
    "bytes": b"\x00\xff",
    "markup": Markup("<b>bold</b>"),
    "uuid": UUID("12345678-1234-5678-1234-567812345678"),
    "datetime": datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
    "looks like a tag": {" t": [1]},
}


def vary(response: TestResponse) -> str | None:
    return response.headers.get("Vary")


@pytest.mark.parametrize("encrypt", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_what_one_request_puts_in_the_next_one_finds(value: Any, encrypt: bool) -> None:
    shop = Shop(encrypt=encrypt)
    client = shop.client()
    shop.ask(client, setting("it", value))
    found: list[Any] = []
    shop.ask(client, lambda: found.append(session["it"]))

    assert found == [value]
    assert type(found[0]) is type(value)


def test_each_visitor_has_a_session_of_their_own() -> None:
    shop = Shop()
    ada, bob = shop.client(), shop.client()
    shop.ask(ada, setting("name", "Ada"))
    shop.ask(bob, setting("name", "Bob"))

    assert shop.ask(ada, getting("name")).text == "Ada"
    assert shop.ask(bob, getting("name")).text == "Bob"


def test_the_cookie_holds_an_id_and_nothing_of_the_data() -> None:
    shop = Shop()
    client = shop.client()
    shop.ask(client, setting("name", "Ada Lovelace"))

    assert cookie_of(client).startswith(shop.store.only + ".")
    assert "Ada" not in cookie_of(client)
    assert b"Ada Lovelace" in shop.store.payload


def test_the_payload_is_json_and_no_pickle() -> None:
    shop = Shop()
    shop.ask(shop.client(), setting("day", (1, b"x")))
    head, began, text = shop.store.payload.split(b"\n", 2)

    assert head == b"typedflask-session 1 plain"
    assert int(began) > 1_700_000_000
    assert json.loads(text) == {"day": {" t": [1, {" b": "eA=="}]}}


# --- what the store is asked ----------------------------------------------------------------


def popitem() -> object:
    return session.popitem()


CHANGES: dict[str, Callable[[], object]] = {
    "set": setting("a", 2),
    "new key": setting("b", 1),
    "delete": lambda: session.__delitem__("a"),
    "pop": lambda: session.pop("a"),
    "popitem": popitem,
    "setdefault": lambda: session.setdefault("b", 1),
    "update": lambda: session.update(b=1),
    "or": lambda: session.__ior__({"b": 1}),  # type: ignore[attr-defined]  # every kind we open has it
    "list inside": lambda: session["list"].append(2),
    "list inside, by get": lambda: session.get("list", []).append(2),
    "list inside, by values": lambda: [*session.values()][1].append(2),
    "list inside, by items": lambda: dict(session.items())["list"].append(2),
    "list inside, by setdefault": lambda: session.setdefault("list", []).append(2),
    "list inside, by a copy": lambda: copy.copy(session).get("list", []).append(2),
    "list inside a dict": lambda: session["deep"]["list"].append(2),
    "dict inside a tuple": lambda: session["tuple"][0].update(a=2),
    "1 becomes True, inside": lambda: session["list"].__setitem__(0, True),
}


class TestCommands:
    def test_a_visitor_who_stores_nothing_costs_nothing(self) -> None:
        shop = Shop()
        client = shop.client()

        assert shop.commands(client, getting("a")) == []
        assert shop.commands(client, lambda: "a" in session) == []
        assert shop.commands(client, lambda: session.pop("a", None)) == []
        assert client.get_cookie("session") is None
        assert "Set-Cookie" not in shop.ask(client, getting("a")).headers

    def test_reading_is_one_command(self) -> None:
        shop = Shop()
        client = begin(shop)

        assert shop.commands(client, getting("a")) == ["load"]
        assert shop.commands(client, getting("list")) == ["load"]
        assert shop.commands(client, lambda: [*session.items()]) == ["load"]

    def test_reading_and_writing_are_two(self) -> None:
        shop = Shop()
        client = begin(shop)

        assert shop.commands(client, setting("a", 2)) == ["load", "save"]

    def test_a_first_write_is_one(self) -> None:
        shop = Shop()
        assert shop.commands(shop.client(), setting("a", 2)) == ["save"]

    def test_a_session_that_nobody_touches_is_not_loaded(self) -> None:
        shop = Shop()
        client = begin(shop)
        response = shop.ask(client)
        shop.store.log.clear()

        assert shop.commands(client) == []
        assert client.get("/nowhere").status_code == 404
        assert shop.store.log == []
        assert vary(response) is None
        assert "Set-Cookie" not in response.headers

    def test_rendering_a_template_that_does_not_ask_is_no_touch(self) -> None:
        shop = Shop()
        client = begin(shop)

        assert shop.commands(client, lambda: render_template_string("{{ 1 }}")) == []
        assert shop.commands(client, lambda: render_template_string("{{ session.a }}")) == ["load"]

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_every_change_is_saved(self, change: Callable[[], object]) -> None:
        shop = Shop()
        client = begin(shop)
        assert "save" in shop.commands(client, change)

        after: list[Any] = []
        shop.ask(client, lambda: after.append(dict(session)))
        assert json.dumps(after[0]) != json.dumps(
            {"a": 1, "list": [1], "deep": {"list": [1]}, "tuple": [{"a": 1}]}
        )

    def test_setting_what_is_there_already_is_not_written(self) -> None:
        shop = Shop()
        client = begin(shop)

        assert shop.commands(client, setting("a", 1)) == ["load"]
        assert shop.commands(client, lambda: setattr(session, "modified", True)) == ["load"]

    def test_a_flag_that_is_set_for_nothing_makes_no_session(self) -> None:
        shop = Shop()
        assert shop.commands(shop.client(), lambda: setattr(session, "modified", True)) == []

    def test_emptying_a_session_deletes_it_and_its_cookie(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, setting("a", 1))
        shop.ask(client, lambda: session.pop("a"))

        assert shop.store.kept == {}
        assert client.get_cookie("session") is None

    def test_clearing_is_a_load_and_a_delete(self) -> None:
        shop = Shop()
        client = begin(shop)

        assert shop.commands(client, clear) == ["load", "delete"]
        assert client.get_cookie("session") is None

    def test_a_subclass_may_ask_for_every_request(self) -> None:
        class Eager(ServerSideSessions):
            opens_late = False

        shop = Shop()
        shop.app.session_interface = Eager(shop.store)
        client = begin(shop)

        assert shop.commands(client) == ["load"]
