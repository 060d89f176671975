"""The short ways of JSON give what the general ways give, and give way where they must.

Random values and texts, from a fixed seed; `TYPEDFLASK_FUZZ` multiplies the cases. Stranger values
are compared in `test_json_differential.py`.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from typedflask import Flask, Response, jsonify, request
from typedflask.json import codec
from typedflask.json.decode import check_utf8, read_by_the_book, read_json
from typedflask.json.encode import default_json
from typedflask.json.provider import DefaultJSONProvider, JSONProvider

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))

# Any, in this module: the values are whatever a view might return or a client send.

LETTERS = 'ab "\\/n\x00\x1f\x7f\x80éÿ\u2028\uffff\U0001f600null'
NUMBERS = (
    0,
    -1,
    10**18,
    2**63,
    2**64,
    2**64 - 1,
    0.5,
    -0.0,
    1e16,
    1e-7,
    float("nan"),
    float("inf"),
)


def any_value(chance: random.Random, depth: int = 0) -> Any:
    """A value as views return them: mostly simple, with a few that are not JSON's own."""
    kind = chance.randrange(9 if depth < 3 else 5)
    if kind < 2:
        return "".join(chance.choices(LETTERS, k=chance.randrange(6)))
    if kind == 2:
        return chance.choice(NUMBERS)
    if kind < 5:
        return chance.choice((None, None, True, 7, Decimal("1.5")))
    size = chance.randrange(4)
    if kind < 7:
        keys = ["".join(chance.choices(LETTERS, k=2)) for _ in range(size)]
        return {key: any_value(chance, depth + 1) for key in keys}
    values = [any_value(chance, depth + 1) for _ in range(size)]
    return values if kind == 7 else tuple(values)


def by_the_book(value: Any, *, sort_keys: bool, ensure_ascii: bool) -> str:
    return json.dumps(
        value,
        default=default_json,
        sort_keys=sort_keys,
        ensure_ascii=ensure_ascii,
        separators=(",", ":"),
    )


def test_every_body_is_the_one_the_standard_library_writes() -> None:
    app, chance = Flask("shop"), random.Random(5)
    quick = 0
    for number in range(CASES):
        provider = app.json
        provider.sort_keys, provider.ensure_ascii = number % 2 == 0, number % 3 != 0
        value = any_value(chance)
        expected = by_the_book(
            value, sort_keys=provider.sort_keys, ensure_ascii=provider.ensure_ascii
        )
        body = provider.quick_body(value)
        quick += body is not None
        text = provider.response(value).get_data() if body is None else body
        # Floats may be spelt in another way; what else there is, is the same to the letter.
        assert text.endswith(b"\n"), value
        if "e" not in expected:
            assert text.decode() == f"{expected}\n", value
        assert repr(json.loads(text)) == repr(json.loads(expected)), value
        if provider.ensure_ascii:
            assert text.isascii(), value
    assert quick > CASES * 0.8 or codec.ORJSON is None


def outcome(read: Callable[[bytes], Any], data: bytes) -> str:
    """What reading gives, as text that tells 1 from 1.0 and NaN from others."""
    try:
        return repr(read(data))
    except ValueError:
        return "ValueError"


def any_bytes(chance: random.Random) -> bytes:
    """JSON as clients send it, and what they should not send."""
    if chance.random() < 0.4:
        parts = (*'[]{}:,"\\ 0123456789.eE+-', "null", "true", "NaN", "é", "\ufeff", "12345678901")
        return "".join(chance.choices(parts, k=chance.randrange(12))).encode()
    text = json.dumps(any_value(chance), default=str, ensure_ascii=chance.random() < 0.5)
    data = text.encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32-be")))
    if data and chance.random() < 0.2:
        place = chance.randrange(len(data))
        data = data[:place] + bytes([chance.choice((0, 0x80, 0xFF, 0x22, 0xED))]) + data[place:]
    return data


@pytest.mark.parametrize("installed", [True, False])
def test_every_body_is_read_as_the_general_way_reads_it(
    installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setattr("typedflask.json.codec.ORJSON", None)
    provider, chance = Flask("shop").json, random.Random(6)

    def generally(data: bytes) -> Any:
        check_utf8(data)
        return read_by_the_book(data)

    for _ in range(CASES):
        data = any_bytes(chance)
        expected = outcome(generally, data)
        assert outcome(provider.loads_sent, data) == expected, data
        # The base class's own asks `loads` after the same check.
        assert outcome(lambda data: JSONProvider.loads_sent(provider, data), data) == expected, data


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b"1234567890123456789", 1234567890123456789),
        (b"[-9223372036854775809]", [-9223372036854775809]),
        (b'{"n": 18446744073709551616, "text": "0000000000000000000"}', 18446744073709551616),
    ],
)
def test_integers_of_any_length_are_read_as_they_are(text: bytes, read: Any) -> None:
    for function in (read_json, Flask("shop").json.loads_sent):
        found = function(text)
        assert (found["n"] if isinstance(found, dict) else found) == read


# --- when the short way gives way -------------------------------------------------------------


@pytest.fixture
def app() -> Flask:
    app = Flask("shop")
    app.add_url_rule("/value", "value", lambda: {"b": "é", "a": [None, 1]})
    app.add_url_rule("/made", "made", lambda: jsonify(b="é", a=[None, 1]))
    app.add_url_rule("/read", "read", lambda: repr(request.get_json()), methods=["POST"])
    return app


def bodies(app: Flask) -> tuple[bytes, bytes]:
    """What a view's dict is sent as, and what `jsonify` sends; both have to be alike."""
    client = app.test_client()
    return client.get("/value").data, client.get("/made").data


@pytest.mark.parametrize(
    ("name", "value", "body"),
    [
        ("sort_keys", False, b'{"b":"\\u00e9","a":[null,1]}\n'),
        ("ensure_ascii", False, '{"a":[null,1],"b":"é"}\n'.encode()),
        ("compact", False, b'{\n  "a": [\n    null,\n    1\n  ],\n  "b": "\\u00e9"\n}\n'),
        ("default", str, b'{"a":[null,1],"b":"\\u00e9"}\n'),
        ("dumps", lambda value, **options: "replaced", b"replaced\n"),
        ("response", lambda *args, **kwargs: Response("replaced"), b"replaced"),
    ],
)
@pytest.mark.parametrize("place", ["object", "class"])
def test_what_is_set_counts_even_after_the_first_answer(
    app: Flask, name: str, value: Any, body: bytes, place: str
) -> None:
    usual = b'{"a":[null,1],"b":"\\u00e9"}\n'
    if place == "class":
        held = staticmethod(value) if callable(value) else value
        app.json = type("Own", (DefaultJSONProvider,), {name: held})
        assert bodies(app) == (body, body)
        return
    assert bodies(app) == (usual, usual)
    setattr(app.json, name, value)
    assert bodies(app) == (body, body)
    delattr(app.json, name)
    assert bodies(app) == (usual, usual)


def test_debug_mode_and_the_media_type_may_change_between_two_answers(app: Flask) -> None:
    client = app.test_client()
    assert b"\n  " not in client.get("/value").data
    app.debug = True
    assert b"\n  " in client.get("/value").data
    app.json.compact = True
    assert b"\n  " not in client.get("/value").data
    app.json.mimetype = "application/problem+json"
    for path in ("/value", "/made"):
        assert client.get(path).mimetype == "application/problem+json"


def test_a_setting_that_is_worked_out_is_worked_out_each_time(app: Flask) -> None:
    answers = iter([True, True, False, False])

    class Own(DefaultJSONProvider):
        sort_keys = property(lambda self: next(answers))

    app.json = Own
    assert [app.test_client().get("/value").data[2:3] for _ in range(4)] == [b"a", b"a", b"b", b"b"]


def test_a_response_class_of_ones_own_is_made_by_the_general_way(app: Flask) -> None:
    class Own(Response):
        default_mimetype = "text/plain"

        def set_data(self, value: bytes | str) -> None:
            super().set_data(b"set")

    app.response_class = Own
    for path in ("/value", "/made"):
        response = app.test_client().get(path)
        assert (response.data, response.mimetype) == (b"set", "application/json")


class Shown(Mapping[str, int]):
    """A mapping that would also be something else to the encoder."""

    def __getitem__(self, key: str) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        return iter("b")

    def __len__(self) -> int:
        return 1

    def __html__(self) -> str:
        return "markup"


@dataclass(frozen=True)
class Fields(Shown):
    field: int = 7


def test_a_mapping_is_sent_as_the_dict_it_shows(app: Flask) -> None:
    with app.test_request_context("/"):
        for value in (Shown(), Fields()):
            assert app.make_response(value).data == b'{"b":1}\n'


@pytest.mark.parametrize("place", ["object", "class"])
def test_a_replaced_loads_reads_what_clients_send(app: Flask, place: str) -> None:
    def loads(text: str | bytes, **options: Any) -> Any:
        return ["replaced"]

    client = app.test_client()
    assert client.post("/read", json={"a": 1}).text == "{'a': 1}"
    if place == "class":
        app.json = type("Own", (DefaultJSONProvider,), {"loads": staticmethod(loads)})
    else:
        setattr(app.json, "loads", loads)
    assert client.post("/read", json={"a": 1}).text == "['replaced']"
    # A backend may read other encodings; a client may not send them.
    sent = client.post("/read", data="{}".encode("utf-16"), content_type="application/json")
    assert sent.status_code == 400
