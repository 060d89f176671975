"""The JSON backends of this package in an application: how they are chosen, and what each is for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typedflask import Flask, render_template_string, request
from typedflask.backends import MissingLibrary
from typedflask.json import DefaultJSONProvider, JSONProvider, iso_json
from typedflask.json import msgspec as by_msgspec
from typedflask.json.dates import http_date_of
from typedflask.json.msgspec import MsgspecJSON, NativeMsgspecJSON
from typedflask.json.orjson import NativeOrjsonJSON, OrjsonJSON
from typedflask.json.stdlib import StdlibJSON

# Any, in this module: values are whatever a view might return.

BACKENDS: dict[str, type[DefaultJSONProvider]] = {
    "default": DefaultJSONProvider,
    "stdlib": StdlibJSON,
    "orjson": OrjsonJSON,
    "msgspec": MsgspecJSON,
}
NATIVE: list[type[JSONProvider]] = [NativeOrjsonJSON, NativeMsgspecJSON]


PLAIN = Flask("shop")


def provider_of(kind: type[JSONProvider]) -> JSONProvider:
    return kind(PLAIN)


# --- how one is chosen -------------------------------------------------------------------


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("door", ["keyword", "class attribute", "assignment", "configuration"])
def test_a_backend_is_chosen_in_one_line(door: str, name: str) -> None:
    kind = BACKENDS[name]

    class Shop(Flask):
        json_provider_class = kind if door == "class attribute" else DefaultJSONProvider

    app = Shop("shop", json=kind) if door == "keyword" else Shop("shop")
    if door == "assignment":
        app.json = kind
    if door == "configuration":
        app.config["JSON_BACKEND"] = name
    app.add_url_rule("/", "value", lambda: {"when": date(2024, 2, 29), "id": UUID(int=7)})

    assert type(app.json) is kind
    assert app.test_client().get("/").text == (
        '{"id":"00000000-0000-0000-0000-000000000007","when":"Thu, 29 Feb 2024 00:00:00 GMT"}\n'
    )


# --- one application, every backend ------------------------------------------------------


@dataclass
class Order:
    id: UUID
    total: Decimal
    placed: datetime


ORDER = Order(UUID(int=7), Decimal("9.90"), datetime(2024, 2, 29, 12, tzinfo=UTC))


def made_alike(kind: type[JSONProvider]) -> Flask:
    app = Flask("shop", json=kind)
    app.add_url_rule("/order", "order", lambda: {"order": ORDER, "b": float("nan"), "a": 10**30})
    app.add_url_rule("/echo", "echo", lambda: [request.get_json()], methods=["POST"])
    app.add_url_rule("/type", "type", lambda: [{1, 2}])
    app.add_url_rule(
        "/page", "page", lambda: render_template_string("{{ {'b': '<i>', 'a': [1]} | tojson }}")
    )
    return app


APPS = {name: made_alike(kind) for name, kind in BACKENDS.items()}


def answers(method: str, path: str, body: bytes | None = None) -> dict[str, tuple[int, str, str]]:
    """Status, type and body of every application's response."""
    given: dict[str, tuple[int, str, str]] = {}
    for name, app in APPS.items():
        response = app.test_client().open(
            path, method=method, data=body, content_type="application/json"
        )
        text = response.text
        if response.is_json:
            assert text.endswith("\n")
            text = repr(json.loads(text))
        given[name] = (response.status_code, response.headers["Content-Type"], text)
    return given


def assert_alike(given: dict[str, tuple[int, str, str]]) -> tuple[int, str, str]:
    assert set(given.values()) == {given["default"]}, given
    return given["default"]


def test_a_client_cannot_tell_which_backend_answers() -> None:
    status, content_type, text = assert_alike(answers("GET", "/order"))

    assert (status, content_type) == (200, "application/json")
    assert "'placed': 'Thu, 29 Feb 2024 12:00:00 GMT', 'total': '9.90'" in text


def test_a_page_holds_the_same_value() -> None:
    for app in APPS.values():
        text = app.test_client().get("/page").text
        assert "<" not in text
        assert json.loads(text) == {"a": [1], "b": "<i>"}


def test_what_cannot_be_written_is_the_same_500() -> None:
    assert assert_alike(answers("GET", "/type"))[0] == 500


PIECES = (
    *("[", "]", "{", "}", ":", ",", '"', "\\", "u", "d8", "00", "1", "-", ".", "e", "E5"),
    *("true", "nul", "null", "NaN", "Infinity", " ", "\n", "\x00", "é", "\ufeff", "'a'", '"a":'),
    *("9" * 20, "/*"),
)
pieces = st.sampled_from(PIECES)
bodies = st.lists(pieces, max_size=12).map("".join).map(str.encode) | st.binary(max_size=12)


@settings(max_examples=300)
@given(bodies)
def test_a_client_gets_the_same_answer_to_whatever_it_sends(body: bytes) -> None:
    status, _, _ = assert_alike(answers("POST", "/echo", body))

    try:
        body.decode()
        expected = 400 if b"\x00" in body else 200 if json.loads(body) is not Ellipsis else 0
    except ValueError:
        expected = 400
    assert status == expected


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5_000, b'"\xed\xa0\x80"', b"\xef\xbb\xbf[1", b"\xff"],
)  # fmt: skip
def test_a_body_that_is_too_much_is_the_same_400(body: bytes) -> None:
    assert assert_alike(answers("POST", "/echo", body))[0] == 400


@pytest.mark.parametrize("body", [b'"\\ud800"', b"\xef\xbb\xbf[1]", b"[NaN]", b"1" * 30])
def test_a_body_that_is_odd_is_read_by_all(body: bytes) -> None:
    assert assert_alike(answers("POST", "/echo", body))[0] == 200


# --- ISO dates ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BACKENDS.values(), ids=BACKENDS)
def test_iso_dates_are_chosen_once_for_bodies_and_dumps(kind: type[DefaultJSONProvider]) -> None:
    provider = kind(PLAIN)
    provider.default = iso_json
    expected = {
        "id": "00000000-0000-0000-0000-000000000007",
        "total": "9.90",
        "placed": "2024-02-29T12:00:00+00:00",
    }
    assert json.loads(provider.dumps(ORDER)) == expected
    assert json.loads(provider.response(ORDER).get_data()) == expected


@given(st.datetimes(timezones=st.none() | st.timezones()) | st.dates())
def test_an_http_date_is_what_werkzeug_makes_of_it(value: date) -> None:
    from werkzeug.http import http_date

    try:
        expected = http_date(value)
    except OverflowError:
        with pytest.raises(OverflowError):
            http_date_of(value)
    else:
        assert http_date_of(value) == expected


# --- which library does the work ---------------------------------------------------------


class Point(msgspec.Struct):
    x: Any
    y: Any = None


@pytest.fixture
def only_msgspec(monkeypatch: pytest.MonkeyPatch) -> MsgspecJSON:
    """A provider that fails where msgspec does not do the work."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("another way was taken")

    monkeypatch.setattr(by_msgspec, "fast_json", refuse)
    monkeypatch.setattr(by_msgspec, "read_by_the_book", refuse)
    return MsgspecJSON(PLAIN)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, "ü", None, True, 10**30], "b": (1, {"c": []})},
        [Point(1, [Point("x")]), UUID(int=1), Decimal("1.10"), None],
        [ORDER.id, type("Name", (str,), {})("plum")],
    ],
)
@pytest.mark.parametrize("sort_keys", [True, False])
def test_msgspec_writes_what_it_writes_alike(
    only_msgspec: MsgspecJSON, value: Any, sort_keys: bool
) -> None:
    only_msgspec.sort_keys = sort_keys
    assert json.loads(only_msgspec.dumps(value)) == json.loads(
        StdlibJSON.dumps(only_msgspec, value)
    )
    assert only_msgspec.loads('{"a": [1, 2.5]}') == {"a": [1, 2.5]}


@pytest.mark.parametrize(
    "value",
    [float("nan"), ORDER, {"when": date(2024, 2, 29)}, {1: 2}, [Point({1, 2})], timedelta(1), b"x"],
)
def test_msgspec_does_not_write_what_it_writes_otherwise(
    only_msgspec: MsgspecJSON, value: Any
) -> None:
    only_msgspec.sort_keys = False
    with pytest.raises(AssertionError, match="another way"):
        only_msgspec.dumps(value)


@pytest.mark.parametrize("kind", BACKENDS.values(), ids=BACKENDS)
def test_an_application_converts_as_it_likes_with_every_backend(
    kind: type[DefaultJSONProvider],
) -> None:
    def own(o: Any) -> Any:
        return o.hex if isinstance(o, UUID) else DefaultJSONProvider.default(o)

    provider = kind(PLAIN)
    provider.default = own
    value = {"id": UUID(int=7), "total": Decimal("9.90")}
    expected = {"id": "00000000000000000000000000000007", "total": "9.90"}
    assert json.loads(provider.dumps(value)) == expected
    assert json.loads(provider.response(value).get_data()) == expected


def test_what_must_stop_the_program_stops_it_in_msgspec_too() -> None:
    class Interrupted:
        def __html__(self) -> str:
            raise KeyboardInterrupt

    kinds: list[type[JSONProvider]] = [MsgspecJSON, *NATIVE]
    for kind in kinds:
        with pytest.raises(KeyboardInterrupt):
            provider_of(kind).response([Interrupted()])


# --- the libraries as they are -----------------------------------------------------------


@pytest.mark.parametrize("kind", NATIVE)
def test_a_native_backend_writes_as_its_library_does(kind: type[JSONProvider]) -> None:
    provider = provider_of(kind)

    assert provider.dumps({"b": "ü", "a": float("nan")}) == '{"b":"ü","a":null}'
    assert provider.dumps(date(2024, 2, 29)) == '"2024-02-29"'
    assert provider.response({"b": 1, "a": Decimal("1.5")}).get_data() == b'{"b":1,"a":"1.5"}\n'
    provider.sort_keys = True
    assert provider.dumps({"b": 1, "a": 2}) == '{"a":2,"b":1}'
    provider.compact = False
    assert provider.response([1]).get_data() == b"[\n  1\n]\n"


@pytest.mark.parametrize("kind", NATIVE)
def test_a_native_backend_answers_400_to_what_its_library_refuses(
    kind: type[JSONProvider],
) -> None:
    client = made_alike(kind).test_client()

    for body in (b"[NaN]", b'"\\ud800"', b"[1", b"[" * 100_000):
        assert client.post("/echo", data=body, content_type="application/json").status_code == 400


def test_options_of_a_native_backend_are_its_librarys() -> None:
    class Keys(NativeOrjsonJSON):
        option = orjson.OPT_NON_STR_KEYS

    provider = provider_of(Keys)
    assert provider.dumps({1: 2}) == '{"1":2}'
    assert provider.dumps({"a": {1}}, default=list) == '{"a":[1]}'
    with pytest.raises(TypeError):
        provider.dumps(1, indent=2)

    provider = provider_of(NativeMsgspecJSON)
    assert provider.dumps({"b": 1, "a": 2}, order="sorted") == '{"a":2,"b":1}'
    assert provider.loads('{"x": 1}', type=Point) == Point(1)
    with pytest.raises(ValueError, match=r"missing required field `x`") as raised:
        provider.loads("{}", type=Point)
    assert isinstance(raised.value.__cause__, msgspec.ValidationError)


def test_a_native_backend_names_what_it_cannot_write() -> None:
    endless: list[Any] = []
    endless.append(endless)

    for kind in NATIVE:
        provider = provider_of(kind)
        with pytest.raises(TypeError, match="complex"):
            provider.dumps([1j])
        with pytest.raises((TypeError, ValueError)):
            provider.dumps(endless)
    with pytest.raises(TypeError, match="64-bit"):
        provider_of(NativeOrjsonJSON).dumps(2**70)


# --- libraries that are not there --------------------------------------------------------


@pytest.mark.parametrize(
    ("library", "backend"), [("orjson", "OrjsonJSON"), ("msgspec", "MsgspecJSON")]
)
def test_a_library_that_is_missing_is_named(
    library: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"typedflask.json.{library}"
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, name)
    load: Callable[[str], object] = __import__

    with pytest.raises(MissingLibrary) as raised:
        load(name)
    assert str(raised.value) == (
        f'{backend} needs a library that is not installed: pip install "typedflask[{library}]"'
    )


def test_backends_are_imported_when_they_are_chosen() -> None:
    program = (
        "import sys, typedflask\n"
        "loaded = {f'typedflask.json.{n}' for n in ('stdlib', 'orjson', 'msgspec')} | {'msgspec'}\n"
        "sys.exit(len(loaded & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
