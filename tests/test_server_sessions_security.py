"""Sessions on the server against those who want somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from itsdangerous import Signer
from werkzeug.test import TestResponse

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
from typedflask import flash, session
from typedflask.sessions import ServerSideSessions
from typedflask.sessions.ids import Ticket, TicketSigner, new_id

KEY = b"the key of the shop"


def signed(session_id: str, key: bytes = KEY, stamp: int = 0) -> str:
    """The cookie's value for an id, as somebody with a key would write it."""
    return TicketSigner((key,), ServerSideSessions.salt).write(Ticket(session_id, stamp))


class TestIds:
    def test_ids_are_of_256_bits_and_never_the_same(self) -> None:
        ids = {new_id() for _ in range(1000)}

        assert len(ids) == 1000
        assert {len(one) for one in ids} == {43}

    def test_an_id_that_was_never_issued_is_not_adopted(self) -> None:
        shop = Shop()
        client = shop.client()
        invented = new_id()
        put(client, signed(invented))
        shop.ask(client, setting("a", 1))

        assert invented not in shop.store.kept
        assert not cookie_of(client).startswith(invented)

    def test_an_id_that_ended_is_not_adopted_again(self) -> None:
        shop = Shop()
        client = begin(shop)
        old = cookie_of(client)
        shop.ask(client, clear)
        put(client, old)
        shop.ask(client, setting("a", 2))

        assert shop.store.only not in old

    def test_an_unsigned_id_does_not_even_reach_the_store(self) -> None:
        shop = Shop()
        begin(shop)
        client = shop.client()
        put(client, shop.store.only)

        assert shop.commands(client, getting("a")) == []

    def test_the_attackers_id_is_worthless_after_the_victims_login(self) -> None:
        """Fixation: the attacker gives the victim a cookie and waits until they log in."""
        shop = Shop()
        attacker = begin(shop)
        fixed = cookie_of(attacker)
        victim = shop.client()
        put(victim, fixed)

        def login() -> None:
            session.regenerate()
            session["user"] = "victim"

        shop.ask(victim, login)

        assert shop.ask(victim, getting("user")).text == "victim"
        assert shop.ask(attacker, getting("user")).text == "None"
        assert cookie_of(victim) != fixed

    def test_clearing_before_login_gives_a_new_id_as_well(self) -> None:
        shop = Shop()
        attacker = begin(shop)
        victim = shop.client()
        put(victim, cookie_of(attacker))

        def login() -> None:
            session.clear()
            session["user"] = "victim"

        shop.ask(victim, login)

        assert shop.ask(victim, getting("user")).text == "victim"
        assert shop.ask(victim, getting("a")).text == "None"
        assert shop.ask(attacker, getting("user")).text == "None"
        assert len(shop.store.kept) == 1


class TestRegenerating:
    def test_the_id_is_new_at_once_and_the_data_stays(self) -> None:
        shop = Shop()
        client = begin(shop)
        before = shop.store.only
        told: list[str] = []

        def look() -> None:
            told.append(session.sid)  # type: ignore[attr-defined]  # the kind we open has it
            session.regenerate()
            told.append(session.sid)  # type: ignore[attr-defined]

        shop.ask(client, look)

        assert told == [before, shop.store.only]
        assert before != shop.store.only
        assert shop.ask(client, getting("a")).text == "1"

    def test_the_old_id_leads_nowhere(self) -> None:
        shop = Shop()
        client = begin(shop)
        old = cookie_of(client)
        shop.ask(client, regenerate)
        thief = shop.client()
        put(thief, old)

        assert shop.ask(thief, getting("a")).text == "None"

    def test_twice_in_a_request_is_as_once(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.ask(client, all_of(regenerate, regenerate, setting("a", 2)))

        assert shop.ask(client, getting("a")).text == "2"
        assert len(shop.store.kept) == 1

    def test_a_view_that_fails_later_leaves_one_session(self) -> None:
        shop = Shop()
        shop.app.testing = False
        client = begin(shop)

        def fail() -> None:
            session.regenerate()
            raise LookupError("later")

        assert shop.ask(client, fail).status_code == 500
        assert shop.ask(client, getting("a")).text == "1"
        assert len(shop.store.kept) == 1

    def test_a_visitor_without_a_session_stays_so(self) -> None:
        shop = Shop()
        shop.ask(shop.client(), regenerate)

        assert shop.store.kept == {}

    def test_emptied_afterwards_it_is_gone(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, setting("a", 1))
        shop.ask(client, all_of(regenerate, lambda: session.pop("a")))

        assert shop.store.kept == {}
        assert client.get_cookie("session") is None

    def test_an_id_that_is_taken_is_given_up_for_another(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop = Shop()
        begin(shop)
        taken = shop.store.only
        ids = [taken, "n" * 43]
        monkeypatch.setattr("typedflask.sessions.server_session.new_id", lambda: ids.pop(0))
        shop.ask(shop.client(), setting("a", "new"))

        assert [*shop.store.kept] == [taken, "n" * 43]

    def test_where_sessions_have_no_id_nothing_happens(self) -> None:
        shop = Shop()
        del shop.app.session_interface
        client = shop.client()
        shop.ask(client, setting("a", 1))
        response = shop.ask(client, regenerate)

        assert "Set-Cookie" not in response.headers


class TestReplay:
    def test_a_cookie_from_before_the_logout_finds_nothing(self) -> None:
        shop = Shop()
        client = begin(shop)
        old = cookie_of(client)
        shop.ask(client, clear)
        put(client, old)

        assert shop.ask(client, getting("a")).text == "None"

    def test_nor_when_the_logout_leaves_a_message(self) -> None:
        shop = Shop()
        client = begin(shop)
        old = cookie_of(client)
        shop.ask(client, all_of(clear, lambda: flash("bye")))
        thief = shop.client()
        put(thief, old)

        assert shop.ask(thief, getting("_flashes")).text == "None"
        assert shop.ask(client, getting("_flashes")).text == "[('message', 'bye')]"

    def test_nor_when_the_last_item_was_removed(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, setting("user", 7))
        old = cookie_of(client)
        shop.ask(client, lambda: session.pop("user"))
        put(client, old)

        assert shop.ask(client, getting("user")).text == "None"


def ask_with(shop: Shop, cookie: str) -> TestResponse:
    """Look something up with a cookie that no client would send."""
    environ = {"HTTP_COOKIE": f"session={cookie}".encode().decode("latin-1")}
    client = shop.app.test_client(use_cookies=False)
    return shop.ask(client, getting("a"), environ_overrides=environ)


def test_a_cookie_that_was_not_tampered_with_is_read() -> None:
    """Otherwise the tests below would prove nothing."""
    shop = Shop()
    assert ask_with(shop, cookie_of(begin(shop))).text == "1"


def changed(value: str) -> dict[str, str]:
    """A cookie's value, tampered with in many ways."""
    session_id, stamp, signature = value.split(".")
    other = next(letter for letter in "ABC" if letter not in {session_id[0], signature[0]})
    return {
        "another id": f"{other}{session_id[1:]}.{stamp}.{signature}",
        "another time": f"{session_id}.{int(stamp) + 1}.{signature}",
        "another signature": f"{session_id}.{stamp}.{other}{signature[1:]}",
        "no signature": f"{session_id}.{stamp}",
        "an empty signature": f"{session_id}.{stamp}.",
        "the id alone": session_id,
        "cut off": value[:-1],
        "longer": value + "A",
        "twice": value * 2,
        "oversized": value + "A" * 100_000,
        "only stops": "..",
        "empty": "",
        "white space": " ",
        "not ASCII": "ä" * 43 + f".{stamp}.{signature}",
        "a NUL": "\0" + value[1:],
        "signed with another key": signed(session_id, b"another key"),
        "signed for another purpose": Signer(KEY, salt="other").sign(f"{session_id}.0").decode(),
    }


@pytest.mark.parametrize("way", changed(signed(new_id())))
def test_a_cookie_that_was_tampered_with_is_a_new_session(way: str) -> None:
    shop = Shop()
    value = changed(cookie_of(begin(shop)))[way]
    shop.store.log.clear()
    response = ask_with(shop, value)

    assert (response.status_code, response.text) == (200, "None")
    assert shop.store.log == [], "the store was asked for an id that nobody signed"


OUTSIDE = Signer(KEY, ServerSideSessions.salt, key_derivation="hmac", digest_method=sha256)

ODD_IDS = {
    "another length": "a" * 42,
    "a path": "../" * 14 + "a",
    "a pattern": "*" * 43,
    "a line end": "a" * 42 + "\n",
    "not ASCII": "é" * 43,
    "nothing": "",
    "a NUL": "\0" * 43,
    "full stops": "." * 43,
}


def test_signatures_are_those_of_itsdangerous() -> None:
    """Another program with the key can tell whose session a cookie is."""
    session_id = new_id()
    value = OUTSIDE.sign(f"{session_id}.7").decode()

    assert value == signed(session_id, stamp=7)
    read = TicketSigner((KEY,), ServerSideSessions.salt).read(value)
    assert read == (Ticket(session_id, 7), True)


@pytest.mark.parametrize("session_id", ODD_IDS.values(), ids=ODD_IDS)
def test_odd_ids_do_not_reach_the_store_even_if_signed(session_id: str) -> None:
    shop = Shop()
    value = OUTSIDE.sign(f"{session_id}.0").decode()

    assert TicketSigner((KEY,), ServerSideSessions.salt).read(value) is None
    response = ask_with(shop, value)
    assert (response.status_code, response.text, shop.store.log) == (200, "None", [])


class TestKeys:
    def test_sessions_signed_with_an_old_key_are_still_read(self) -> None:
        shop = Shop()
        client = begin(shop)
        shop.app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["the key of the shop"])

        assert shop.ask(client, getting("a")).text == "1"

    @pytest.mark.parametrize("action", [getting("a"), setting("b", 2)], ids=["read", "written"])
    def test_and_are_signed_with_the_new_one_when_they_are_used(
        self, action: Callable[[], object]
    ) -> None:
        shop = Shop()
        client = begin(shop)
        shop.app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["the key of the shop"])
        assert "Set-Cookie" in shop.ask(client, action).headers
        assert "Set-Cookie" not in shop.ask(client, action).headers
        assert shop.ask(client, getting("a")).text == "1"
        shop.app.config["SECRET_KEY_FALLBACKS"] = None

        assert shop.ask(client, getting("a")).text == "1"

    @pytest.mark.parametrize("encrypt", [False, True])
    def test_a_key_that_was_removed_reads_nothing(self, encrypt: bool) -> None:
        shop = Shop(encrypt=encrypt)
        client = begin(shop)
        shop.app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["newer"])

        assert shop.ask(client, getting("a")).text == "None"

    def test_encrypted_payloads_follow_the_keys(self) -> None:
        shop = Shop(encrypt=True)
        client = begin(shop)
        shop.app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["the key of the shop"])
        shop.ask(client, setting("a", 2))
        shop.app.config["SECRET_KEY_FALLBACKS"] = None

        assert shop.ask(client, getting("a")).text == "2"

    def test_an_empty_fallback_is_refused(self) -> None:
        shop = Shop()
        shop.app.config["SECRET_KEY_FALLBACKS"] = [""]
        with pytest.raises(ValueError, match="empty"):
            shop.ask(shop.client(), getting("a"))


class TestEncryption:
    def test_the_store_sees_nothing_of_the_data(self) -> None:
        shop = Shop(encrypt=True)
        shop.ask(shop.client(), setting("name", "Ada Lovelace"))

        assert b"Ada" not in shop.store.payload
        assert b"name" not in shop.store.payload

    def test_the_same_data_never_looks_the_same(self) -> None:
        shop = Shop(encrypt=True)
        client = shop.client()
        shop.ask(client, setting("a", 1))
        first = shop.store.payload
        shop.ask(client, setting("a", 2))
        shop.ask(client, setting("a", 1))

        assert shop.store.payload != first

    def test_a_payload_moved_to_another_id_is_not_read(self) -> None:
        """Whoever can write into the store does not become somebody else."""
        shop = Shop(encrypt=True)
        admin, visitor = begin(shop), shop.client()
        [(admins, (stored, end))] = shop.store.kept.items()
        shop.ask(visitor, setting("b", 1))
        [visitors] = [one for one in shop.store.kept if one != admins]
        shop.store.kept[visitors] = (stored, end)

        assert shop.ask(visitor, getting("a")).text == "None"
        assert shop.ask(admin, getting("a")).text == "1"

    @pytest.mark.parametrize("before", [True, False])
    def test_what_was_kept_before_it_was_switched_is_not_read(
        self, before: bool, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = PlainStore()
        client = begin(Shop(store, encrypt=before))
        shop = Shop(store, encrypt=not before)
        visitor = shop.client()
        put(visitor, cookie_of(client))

        assert shop.ask(visitor, getting("a")).text == "None"
        assert f"encryption is {'off' if before else 'on'}" in caplog.text
