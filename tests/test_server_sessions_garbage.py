"""What a store gives back that is no session, and values that cannot be kept in one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.kept_sessions import (
    PlainStore,
    Shop,
    begin,
    cookie_of,
    getting,
    setting,
)
from typedflask import session
from typedflask.json.tag import TaggedJSONSerializer
from typedflask.testing import FlaskClient


def encrypted(**options: Any) -> Shop:
    return Shop(encrypt=True, **options)


GARBAGE: dict[str, Callable[[bytes], Any]] = {
    "nothing": lambda payload: b"",
    "cut off": lambda payload: payload[:-1],
    "cut off early": lambda payload: payload[:20],
    "cut off at the head": lambda payload: payload[: payload.index(b"\n") + 1],
    "something before": lambda payload: b" " + payload,
    "somebody else's": lambda payload: b'{"a": 1}',
    "a pickle": lambda payload: (
        b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s."
    ),
    "not UTF-8": lambda payload: payload[:27] + b"\xff\xfe" + payload[27:],
    "another version": lambda payload: payload.replace(b"-session 1", b"-session 9"),
    "no time": lambda payload: b"typedflask-session 1 plain\nsoon\n{}",
    "a time too long": lambda payload: b"typedflask-session 1 plain\n" + b"9" * 5000 + b"\n{}",
    "a list": lambda payload: b"typedflask-session 1 plain\n1795230969\n[1]",
    "a string": lambda payload: b'typedflask-session 1 plain\n1795230969\n"a"',
    "not JSON": lambda payload: b"typedflask-session 1 plain\n1795230969\n{",
    "a bad tag": lambda payload: b'typedflask-session 1 plain\n1795230969\n{" u": "x"}',
    "very deep": lambda payload: b"typedflask-session 1 plain\n1795230969\n" + b"[" * 100_000,
    "text": lambda payload: payload.decode("latin-1"),
    "None": lambda payload: None,
    "a number": lambda payload: 7,
}


@pytest.mark.parametrize("make", [Shop, encrypted], ids=["plain", "encrypted"])
@pytest.mark.parametrize("garble", GARBAGE.values(), ids=GARBAGE)
class TestGarbage:
    def test_it_is_a_new_session_and_one_warning(
        self,
        garble: Callable[[bytes], Any],
        make: Callable[[], Shop],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        shop = make()
        client = begin(shop)
        shop.store.payload = garble(shop.store.payload)
        with caplog.at_level(logging.INFO):
            response = shop.ask(client, lambda: dict(session))

        assert response.status_code == 200
        assert response.text == "{}"
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert "cannot be read" in caplog.text
        assert shop.store.only not in caplog.text

    def test_what_is_put_in_then_goes_under_another_id(
        self, garble: Callable[[bytes], Any], make: Callable[[], Shop]
    ) -> None:
        shop = make()
        client = begin(shop)
        old = shop.store.only
        shop.store.payload = garble(shop.store.payload)
        shop.ask(client, setting("a", 2))

        assert shop.ask(client, getting("a")).text == "2"
        assert not cookie_of(client).startswith(old)


UNWRITABLE: dict[str, Any] = {
    "an object": object(),
    "a set": {1},
    "a class": PlainStore,
    "deep inside": {"list": [1, {"set": {1}}]},
    "a function": len,
    "bytes as a key": {b"k": 1},
}


@pytest.mark.parametrize("value", UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_written_is_an_error_that_names_it_and_saves_nothing(value: Any) -> None:
    shop = Shop()
    client = begin(shop)
    shop.store.log.clear()

    with pytest.raises(TypeError, match=rf"session\['basket'\] is a {type(value).__name__} that"):
        shop.ask(client, lambda: session.update(a=2, basket=value))
    assert shop.store.log == ["load"]
    assert shop.ask(client, getting("a")).text == "1"


def test_what_cannot_be_written_is_found_inside_of_values_too() -> None:
    shop = Shop()
    client = begin(shop)
    with pytest.raises(TypeError, match=r"session\['list'\] is a list that cannot be kept"):
        shop.ask(client, lambda: session["list"].append(object()))


def test_what_cannot_be_written_does_not_show_its_value() -> None:
    class Secret:
        def __repr__(self) -> str:
            return "hunter2"

    shop = Shop()
    with pytest.raises(TypeError) as caught:
        shop.ask(shop.client(), setting("password", Secret()))
    assert "hunter2" not in str(caught.value)


def test_a_value_that_contains_itself_is_too_deep() -> None:
    endless: list[Any] = []
    endless.append(endless)
    shop = Shop()
    with pytest.raises(TypeError, match=r"session\['endless'\].*(contains itself|too deep)"):
        shop.ask(shop.client(), setting("endless", endless))


def test_the_id_is_not_shown_by_the_session() -> None:
    shop = Shop()
    client: FlaskClient = begin(shop)
    shown = shop.ask(client, lambda: f"{session!r} {session!s}").text

    assert shop.store.only not in shown
    assert "'a': 1" in shown


def test_a_serializer_that_refuses_the_whole_says_so_itself() -> None:
    class Small(TaggedJSONSerializer):
        def dumps(self, value: object) -> str:
            text = super().dumps(value)
            if len(text) > 50:
                raise ValueError("a session of more than 50 characters")
            return text

    shop = Shop(serializer=Small())
    with pytest.raises(ValueError, match="more than 50 characters"):
        shop.ask(shop.client(), lambda: session.update(a="x" * 30, b="y" * 30))
    assert shop.store.kept == {}
