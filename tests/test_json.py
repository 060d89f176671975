"""JSON by itself: the providers of an application, the functions, and bad input."""

from __future__ import annotations

import dataclasses
import enum
import gc
import io
import json
import re
import sys
import weakref
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from markupsafe import Markup
from werkzeug.wrappers import Response

import typedflask.json as public
from typedflask.json import DefaultJSONProvider, JSONBackend, JSONProvider, ProviderOf, codec
from typedflask.json.functions import active_json
from typedflask.json.provider import provider_for

# Any, in this module: overridden methods repeat the documented signatures.


class OwnResponse(Response):
    pass


class App:
    def __init__(self, *, debug: bool = False) -> None:
        self.debug = debug
        self.response_class: type[Response] = OwnResponse


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture(params=["orjson", "standard library"])
def provider(request: pytest.FixtureRequest, app: App) -> Iterator[DefaultJSONProvider]:
    found = codec.ORJSON
    if request.param == "standard library":
        codec.ORJSON = None
    elif found is None:
        pytest.skip("orjson is not installed")
    yield DefaultJSONProvider(app)
    codec.ORJSON = found


@pytest.fixture
def active(app: App, monkeypatch: pytest.MonkeyPatch) -> DefaultJSONProvider:
    """The provider of an application that is active."""
    provider = DefaultJSONProvider(app)
    monkeypatch.setattr(active_json, "find", lambda: provider)
    return provider


@pytest.fixture(autouse=True)
def _no_application_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active_json, "find", lambda: None)


@dataclasses.dataclass
class Item:
    name: str
    parts: list[Item]


def odd_item() -> Item:
    name: Any = 1j
    return Item(name, [])


class Html:
    def __html__(self) -> str:
        return "<i>"


class Shade(enum.Enum):
    DARK = "dark"


def nested(depth: int, inside: object = None) -> list[Any]:
    value: list[Any] = [] if inside is None else [inside]
    for _ in range(depth):
        value = [value]
    return value


class TestWhatIsWritten:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ({"b": [1, 2], "a": None}, '{"a": null, "b": [1, 2]}'),
            ("ü€\U0001f600\x7f", r'"\u00fc\u20ac\ud83d\ude00\u007f"'),
            ("\ud800", r'"\ud800"'),
            (Markup("<b>"), '"<b>"'),
            (Html(), '"<i>"'),
            (Decimal("1.10"), '"1.10"'),
            (UUID(int=5), '"00000000-0000-0000-0000-000000000005"'),
            (date(2020, 1, 2), '"Thu, 02 Jan 2020 00:00:00 GMT"'),
            (datetime(2020, 1, 2, 3, 4, 5, 6), '"Thu, 02 Jan 2020 03:04:05 GMT"'),  # noqa: DTZ001
            (
                datetime(2020, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=2))),
                '"Thu, 02 Jan 2020 01:04:00 GMT"',
            ),
            (Item("a", [Item("b", [])]), '{"name": "a", "parts": [{"name": "b", "parts": []}]}'),
            (Shade.DARK, '"dark"'),
            (2**70, "1180591620717411303424"),
            ([float("nan"), float("inf"), -float("inf"), None], "[NaN, Infinity, -Infinity, null]"),
            ({1: 2}, '{"1": 2}'),
            ({True: 1}, '{"true": 1}'),
            ({None: 1}, '{"null": 1}'),
        ],
    )
    def test_the_documented_types_have_their_documented_form(
        self, provider: DefaultJSONProvider, value: object, text: str
    ) -> None:
        body = provider.response(value).get_data(as_text=True)

        assert provider.dumps(value) == text
        assert json.dumps(json.loads(body), sort_keys=True) == json.dumps(json.loads(text))

    def test_sorting_and_escaping_can_be_switched_off(self, provider: DefaultJSONProvider) -> None:
        provider.sort_keys = False
        provider.ensure_ascii = False

        assert provider.dumps({"b": "ü", "a": 1}) == '{"b": "ü", "a": 1}'
        assert provider.response({"b": "ü", "a": 1}).get_data() == '{"b":"ü","a":1}\n'.encode()

    def test_options_of_the_call_win(self, provider: DefaultJSONProvider) -> None:
        value = {"b": "ü", "a": {1}}

        assert provider.dumps(
            value, sort_keys=False, ensure_ascii=False, default=list, indent=1
        ) == ('{\n "b": "ü",\n "a": [\n  1\n ]\n}')

    def test_what_json_cannot_hold_is_a_type_error_that_names_the_type(
        self, provider: DefaultJSONProvider
    ) -> None:
        for call in (provider.dumps, provider.response):
            with pytest.raises(TypeError, match=r"'set'; turn it into text.*app\.json a `default`"):
                call({"a": [{1}]})

    @pytest.mark.parametrize(
        ("value", "place"),
        [
            ({"a": [1, {2}]}, r" \(it is value\['a'\]\[1\]\)$"),
            (
                [{"b": Item("c", [Item("d", []), odd_item()])}],
                r"value\[0\]\['b'\]\['parts'\]\[1\]\['name'\]",
            ),
            ({"a": ({1: {2}},)}, r"value\['a'\]\[0\]\[1\]"),
            ({"k" * 99: {2}}, r"value\['k{39}…\]"),
            ([{"a": {(1, 2): 3}}], r"^keys must be .* \(it is a key of value\[0\]\['a'\]\)$"),
            ({1}, r"that does$"),
            ({(1, 2): 3}, r"\(it is a key of value\)$"),
            (nested(100, {1}), r"that does$"),
        ],
    )
    def test_the_error_says_where_it_is(
        self, provider: DefaultJSONProvider, value: object, place: str
    ) -> None:
        for call in (provider.dumps, provider.response):
            with pytest.raises(TypeError, match=place):
                call(value)

    def test_keys_that_cannot_be_sorted_are_explained(self, provider: DefaultJSONProvider) -> None:
        with pytest.raises(TypeError, match=r"keys of several types.*sort_keys = False"):
            provider.dumps({1: 1, "a": 2})
        provider.sort_keys = False
        assert provider.dumps({1: 1, "a": 2}) == '{"1": 1, "a": 2}'

    @pytest.mark.parametrize("options", [{}, {"indent": 2}, {"separators": (",", ":")}])
    def test_nesting_without_end_is_a_value_error(
        self, provider: DefaultJSONProvider, options: dict[str, Any]
    ) -> None:
        endless: list[Any] = []
        endless.append(endless)

        with pytest.raises(ValueError, match="nested too deeply to be written as JSON"):
            provider.dumps(nested(100_000), **options)
        with pytest.raises(ValueError, match="Circular reference"):
            provider.dumps(endless, **options)

    def test_nesting_that_only_orjson_refuses_is_written(
        self, provider: DefaultJSONProvider
    ) -> None:
        assert provider.response(nested(400)).get_data() == b"[" * 401 + b"]" * 401 + b"\n"

    def test_an_error_of_the_value_itself_is_not_hidden(
        self, provider: DefaultJSONProvider
    ) -> None:
        class Broken:
            def __html__(self) -> str:
                raise LookupError("no template")

        with pytest.raises(LookupError, match="no template"):
            provider.response([Broken()])

    def test_what_must_stop_the_program_stops_it(self, provider: DefaultJSONProvider) -> None:
        calls = 0

        class Interrupted:
            def __html__(self) -> str:
                nonlocal calls
                calls += 1
                if calls == 1:
                    raise KeyboardInterrupt
                return "went on"

        with pytest.raises(KeyboardInterrupt):
            provider.response([Interrupted()])


class TestWhatIsRead:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (b'{"a": [1, 2.5, "\xc3\xbc"]}', {"a": [1, 2.5, "ü"]}),
            ('"ü"', "ü"),
            ("123456789012345678901234567890", 123456789012345678901234567890),
            (b"[-9223372036854775809]", [-9223372036854775809]),
            ("\ufeff[1]".encode(), [1]),
            ("[1]".encode("utf-16"), [1]),
            ("[1]".encode("utf-32"), [1]),
            (r'"\ud800"', "\ud800"),
            ("[Infinity]", [float("inf")]),
        ],
    )
    def test_text_and_bytes_are_read_exactly(
        self, provider: DefaultJSONProvider, text: str | bytes, value: object
    ) -> None:
        assert provider.loads(text) == value

    @pytest.mark.parametrize(
        "text", ["", b"", "{", b'"\xff"', "[1,]", "{'a': 1}", b"\x00", "nul", "1 2", '"\n"']
    )
    def test_malformed_text_is_a_value_error(
        self, provider: DefaultJSONProvider, text: str | bytes
    ) -> None:
        with pytest.raises(ValueError):
            provider.loads(text)

    @pytest.mark.parametrize("text", ["[" * 100_000, b"[" * 100_000, '{"a":' * 100_000])
    def test_nesting_too_deep_is_a_value_error(
        self, provider: DefaultJSONProvider, text: str | bytes
    ) -> None:
        with pytest.raises(ValueError, match="nested too deeply to be read"):
            provider.loads(text)

    def test_options_reach_the_standard_library(self, provider: DefaultJSONProvider) -> None:
        assert provider.loads("1.10", parse_float=Decimal) == Decimal("1.10")


class TestResponses:
    @pytest.mark.parametrize(
        ("args", "kwargs", "body"),
        [
            ((), {}, b"null\n"),
            (({"b": 1, "a": [1, 2]},), {}, b'{"a":[1,2],"b":1}\n'),
            ((1, "ü"), {}, b'[1,"\\u00fc"]\n'),
            ((), {"b": 1, "a": 2}, b'{"a":2,"b":1}\n'),
            ((None,), {}, b"null\n"),
        ],
    )
    def test_arguments_become_the_body(
        self,
        provider: DefaultJSONProvider,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        body: bytes,
    ) -> None:
        response = provider.response(*args, **kwargs)

        assert response.get_data() == body
        assert response.mimetype == "application/json"
        assert type(response) is OwnResponse

    def test_positional_and_keyword_arguments_do_not_mix(
        self, provider: DefaultJSONProvider
    ) -> None:
        with pytest.raises(TypeError, match="1 positional and the keywords a, b"):
            provider.response(1, a=1, b=2)

    @pytest.mark.parametrize(
        ("debug", "compact", "indented"),
        [
            (False, None, False),
            (True, None, True),
            (True, True, False),
            (False, False, True),
        ],
    )
    def test_debug_mode_indents_unless_told_otherwise(
        self, debug: bool, compact: bool | None, indented: bool
    ) -> None:
        app = App(debug=debug)
        provider = DefaultJSONProvider(app)
        provider.compact = compact

        expected = b'{\n  "a": [\n    1\n  ]\n}\n' if indented else b'{"a":[1]}\n'
        assert provider.response({"a": [1]}).get_data() == expected

    def test_the_media_type_can_be_another(self, provider: DefaultJSONProvider) -> None:
        provider.mimetype = "application/vnd.api+json"

        assert provider.response(1).headers["Content-Type"] == "application/vnd.api+json"


class TestReplacingParts:
    def test_a_subclass_decides_about_types_the_fast_library_knows_too(self, app: App) -> None:
        class Own(DefaultJSONProvider):
            @staticmethod
            def default(o: Any) -> Any:
                if isinstance(o, UUID):
                    return o.hex
                if isinstance(o, enum.Enum):
                    return o.name
                return DefaultJSONProvider.default(o)

        value = [UUID(int=5), Shade.DARK, Decimal(1)]

        assert Own(app).dumps(value) == '["00000000000000000000000000000005", "DARK", "1"]'
        assert Own(app).response(value).get_data() == (
            b'["00000000000000000000000000000005","DARK","1"]\n'
        )

    def test_default_can_be_a_method_or_set_on_the_object(self, app: App) -> None:
        class Own(DefaultJSONProvider):
            def default(self, o: Any) -> Any:
                return super().default(o) if isinstance(o, Decimal) else "own"

        assert Own(app).response([Decimal(1), UUID(int=1)]).get_data() == b'["1","own"]\n'

        provider = DefaultJSONProvider(app)
        provider.default = repr
        assert provider.response(Shade.DARK).get_json() == repr(Shade.DARK)

    def test_a_subclass_that_replaces_dumps_writes_the_responses_too(self, app: App) -> None:
        class Wrapped(DefaultJSONProvider):
            def dumps(self, obj: Any, **kwargs: Any) -> str:
                return super().dumps({"data": obj}, **kwargs)

        assert Wrapped(app).response(1).get_data() == b'{"data":1}\n'

    def test_dumps_replaced_on_the_object_writes_the_responses_too(
        self, provider: DefaultJSONProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(provider, "dumps", lambda obj, **kwargs: "patched")

        assert provider.response(1).get_data() == b"patched\n"

    def test_a_provider_needs_only_dumps_and_loads(self, app: App) -> None:
        class Own(JSONProvider):
            def dumps(self, obj: Any, **kwargs: Any) -> str:
                return f"{obj!r} {kwargs}"

            def loads(self, s: str | bytes, **kwargs: Any) -> Any:
                return s, kwargs

        own = Own(app)
        file = io.StringIO()
        own.dump(1, file, indent=2)

        assert file.getvalue() == "1 {'indent': 2}"
        assert own.load(io.BytesIO(b"[]"), strict=True) == (b"[]", {"strict": True})
        assert own.load(io.StringIO("[]")) == ("[]", {})
        assert own.response(1, 2).get_data() == b"(1, 2) {}"
        assert own.response().mimetype == "application/json"

    def test_a_provider_without_loads_cannot_be_made(self, app: App) -> None:
        class Half(JSONProvider):
            def dumps(self, obj: Any, **kwargs: Any) -> str:
                return ""

        anyhow: Any = Half  # The checkers refuse the next line, too.
        with pytest.raises(TypeError, match="loads"):
            anyhow(app)


class Small:
    """The smallest honest backend."""

    def dumps(self, obj: object) -> str:
        return f"<{obj}>"

    def loads(self, s: str | bytes) -> object:
        return {"read": s}


class TestOtherBackends:
    @pytest.mark.parametrize("backend", [json, Small()])
    def test_a_module_or_a_class_of_ones_own_becomes_a_provider(
        self, app: App, backend: JSONBackend
    ) -> None:
        provider = provider_for(app, backend)

        assert provider.dumps([1]) == backend.dumps([1])
        assert provider.loads(b"[1]") == backend.loads(b"[1]")
        response = provider.response([1])
        assert response.get_data(as_text=True) == backend.dumps([1]) + "\n"
        assert response.mimetype == "application/json"
        assert type(response) is OwnResponse

    def test_options_are_the_backends_to_take_or_refuse(self, app: App) -> None:
        assert provider_for(app, json).dumps([1], indent=1) == "[\n 1\n]"
        with pytest.raises(TypeError, match="indent"):
            provider_for(app, Small()).dumps([1], indent=1)

    def test_a_provider_is_kept_as_it_is(self, provider: DefaultJSONProvider, app: App) -> None:
        assert provider_for(app, provider) is provider

    def test_bytes_instead_of_text_are_refused_with_the_backends_name(self, app: App) -> None:
        class InBytes(Small):
            def dumps(self, obj: object) -> Any:
                return b"1"

        with pytest.raises(TypeError, match=r"InBytes\.dumps\(\) returned bytes"):
            ProviderOf(app, InBytes()).response(1)

    def test_what_is_no_backend_is_refused_when_it_is_assigned(self, app: App) -> None:
        wrong: Any
        for wrong, message in (
            (None, "NoneType has no dumps and no loads"),
            (re, "module has no dumps and no loads"),
            (App, "got the class App; make an object of it first"),
        ):
            with pytest.raises(TypeError, match=message):
                provider_for(app, wrong)


class TestBelongingToAnApplication:
    def test_no_cycle_keeps_the_application_alive(self) -> None:
        class Holder(App):
            json: JSONProvider

        app = Holder()
        app.json = DefaultJSONProvider(app)
        gone = weakref.ref(app)
        gc.disable()
        try:
            del app
            assert gone() is None
        finally:
            gc.enable()

    def test_a_provider_whose_application_is_gone_says_so(self) -> None:
        provider = DefaultJSONProvider(App())

        assert provider.dumps(1) == "1"
        with pytest.raises(RuntimeError, match="application of this DefaultJSONProvider no longer"):
            provider.response(1)


class TestFunctions:
    def test_with_an_application_they_are_those_of_its_provider(
        self, active: DefaultJSONProvider
    ) -> None:
        active.ensure_ascii = False
        file = io.StringIO()
        public.dump({"b": "ü", "a": 1}, file)

        assert public.dumps({"b": "ü", "a": 1}) == '{"a": 1, "b": "ü"}' == file.getvalue()
        assert public.loads(b"[1]") == [1]
        assert public.load(io.StringIO("[1.5]"), parse_float=str) == ["1.5"]
        response = public.jsonify(a=1)
        assert (response.get_data(), type(response)) == (b'{"a":1}\n', OwnResponse)

    def test_without_one_they_know_the_documented_types(self) -> None:
        file = io.StringIO()
        public.dump([Decimal(1)], file, indent=0)

        assert public.dumps({"b": UUID(int=0), "a": "ü"}) == (
            r'{"b": "00000000-0000-0000-0000-000000000000", "a": "\u00fc"}'
        )
        assert file.getvalue() == '[\n"1"\n]'
        assert public.loads(b"[1]") == [1]
        assert public.load(io.BytesIO(b"[1.5]"), parse_float=str) == ["1.5"]

    def test_jsonify_without_one_says_how_to_make_a_context(self) -> None:
        with pytest.raises(RuntimeError, match=r"with app\.app_context\(\)"):
            public.jsonify(1)

    def test_positional_and_keyword_arguments_do_not_mix(self, active: DefaultJSONProvider) -> None:
        anyhow: Any = public.jsonify  # The checkers refuse the next lines, too.
        with pytest.raises(TypeError, match="not from both"):
            anyhow(1, a=1)


def test_orjson_need_not_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)

    assert codec.find_orjson() is None
