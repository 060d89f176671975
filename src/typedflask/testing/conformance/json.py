"""What every JSON backend must do, as a pytest class to subclass: `JSONConformance`.

A backend that passes can stand for any other one: clients see the same JSON values, the same
errors and the same statuses. The values and texts are in `json_values.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from werkzeug.test import TestResponse

from typedflask import Flask, Response, request
from typedflask.json.contract import JSONBackend
from typedflask.json.provider import JSONProvider
from typedflask.testing.conformance.json_values import (
    HTTP_DATES,
    ISO_DATES,
    MALFORMED,
    READ,
    REFUSED,
    WRITTEN,
    Item,
    Sample,
    as_parameters,
    meaning,
)

# Any, in all of this module: values are whatever a view might return.

REFUSALS = (TypeError, ValueError)


class JSONMaking:
    """How the tests come by a backend, and what they should know of it."""

    iso_dates: ClassVar[bool] = False
    """Whether the backend was told to write ISO dates; HTTP dates are the default."""
    otherwise: ClassVar[Mapping[str, str]] = {}
    """What the backend does otherwise on purpose: a test's name, or `name[id]`, to the reason.

    These tests are expected to fail, and one that passes after all is reported.
    """

    def make_backend(self, app: Flask) -> JSONBackend | type[JSONProvider]:
        """Give the backend of an application: an object, or a class that takes the application.

        :param app: a new application, to which the backend will belong.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define make_backend(self, app), which gives the backend"
        )

    @pytest.fixture
    def app(self) -> Flask:
        """An application with the backend: `/read` says what it got, `/value` sends a value."""
        app = Flask("conformance")
        app.json = self.make_backend(app)
        app.add_url_rule("/value", "value", lambda: app.json.response(app.config["VALUE"]))
        app.add_url_rule("/read", "read", lambda: repr(request.get_json()), methods=["POST"])
        return app

    @pytest.fixture(autouse=True)
    def _expect_what_is_meant(self, request: pytest.FixtureRequest) -> None:
        self.check_otherwise()
        name: str = request.node.name
        reason = self.otherwise.get(name, self.otherwise.get(name.partition("[")[0]))
        if reason is not None:
            request.applymarker(pytest.mark.xfail(reason=reason, strict=True))

    def check_otherwise(self) -> None:
        """Fail if `otherwise` names a test that does not exist."""
        unknown = {name for name in self.otherwise if not hasattr(self, name.partition("[")[0])}
        assert not unknown, f"`otherwise` names tests that do not exist: {sorted(unknown)}"


def answer(app: Flask, value: Any) -> TestResponse:
    """The response to a request whose view returns a value as JSON."""
    app.config["VALUE"] = value
    return app.test_client().get("/value")


def send(app: Flask, body: str | bytes) -> TestResponse:
    """The response to a request that carries a body called JSON."""
    return app.test_client().post("/read", data=body, content_type="application/json")


def options_of(app: Flask, **options: object) -> JSONProvider:
    """The provider, with options of the documented provider set on it."""
    for name, value in options.items():
        setattr(app.json, name, value)
    return app.json


class JSONConformance(JSONMaking):
    """The tests of a JSON backend: subclass, name it `Test…`, and define `make_backend`.

    ::

        class TestOrjson(JSONConformance):
            def make_backend(self, app: Flask) -> JSONBackend:
                return OrjsonJSON(app)
    """

    # --- what is written -----------------------------------------------------------------

    @pytest.mark.parametrize("sample", as_parameters(WRITTEN))
    def test_a_value_is_written_as_the_documentation_says(self, app: Flask, sample: Sample) -> None:
        """By `dumps`, by `jsonify` and with white space: the same JSON value each time."""
        self._check_written(app, sample.value, sample.text)

    @pytest.mark.parametrize("name", HTTP_DATES)
    def test_dates_are_written_in_the_form_that_was_chosen(self, app: Flask, name: str) -> None:
        """HTTP dates (RFC 9110) by default; ISO dates where the backend was told so."""
        sample = HTTP_DATES[name]
        self._check_written(app, sample.value, ISO_DATES[name] if self.iso_dates else sample.text)

    def _check_written(self, app: Flask, value: Any, expected: str) -> None:
        told = "expected the JSON value of the standard library with Flask's types"
        written = app.json.dumps(value)
        assert meaning(written) == meaning(expected), f"dumps: {told}"
        assert meaning(answer(app, value).data) == meaning(expected), f"a response's body: {told}"
        app.debug = True
        assert meaning(answer(app, value).data) == meaning(expected), f"in debug mode: {told}"

    @pytest.mark.parametrize("value", as_parameters(REFUSED))
    def test_what_json_has_no_form_for_is_a_type_error(self, app: Flask, value: Any) -> None:
        """Libraries that write sets, bytes or times would disagree on how."""
        for call in (app.json.dumps, app.json.response):
            with pytest.raises(TypeError):
                call([value])

    def test_the_error_names_the_type(self, app: Flask) -> None:
        """Somewhere in a large value is one that cannot be written: which kind is it?"""
        with pytest.raises(TypeError, match="set"):
            app.json.dumps({"a": [{"b": {1, 2}}]})

    @pytest.mark.parametrize("depth", [100_000, None], ids=["deep", "endless"])
    def test_nesting_without_end_is_an_error_and_no_crash(
        self, app: Flask, depth: int | None
    ) -> None:
        """A `ValueError` or `TypeError`, not a `RecursionError`: nobody handles that."""
        value: list[Any] = []
        if depth is None:
            value.append(value)
        for _ in range(depth or 0):
            value = [value]
        for call in (app.json.dumps, app.json.response):
            with pytest.raises(REFUSALS):
                call(value)

    def test_an_error_inside_the_value_comes_through(self, app: Flask) -> None:
        """What `__html__` raises says what is wrong; a `TypeError` about JSON would hide it."""

        class Broken:
            def __html__(self) -> str:
                raise LookupError("no such template")

        for call in (app.json.dumps, app.json.response):
            with pytest.raises(LookupError, match="no such template"):
                call([Broken()])

    def test_what_must_stop_the_program_stops_it(self, app: Flask) -> None:
        """A `KeyboardInterrupt` during a conversion is no refusal of the value."""
        times = iter(range(9))

        class Interrupted:
            def __html__(self) -> str:
                if next(times) == 0:
                    raise KeyboardInterrupt
                return "went on"

        with pytest.raises(KeyboardInterrupt):
            app.json.response([Interrupted()])

    def test_writing_leaves_the_value_as_it_was(self, app: Flask) -> None:
        """A view may go on with what it has sent."""
        value = {"b": [Item("plum", (1, 2))], "a": {"d": Decimal(1), "c": None}}
        before = repr(value)
        app.json.dumps(value)
        app.json.response(value)
        assert repr(value) == before, "the value was changed by writing it"

    def test_threads_do_not_disturb_each_other(self, app: Flask) -> None:
        """One backend serves all requests of an application at once."""
        values: list[Any] = [{"key": number, "list": [number] * 50} for number in range(8)] * 8

        def there_and_back(value: Any) -> Any:
            return app.json.loads(app.json.dumps(value))

        with ThreadPoolExecutor(8) as threads:
            read = list(threads.map(there_and_back, values))
        assert read == values, "values got mixed up between threads"

    # --- options -------------------------------------------------------------------------

    def test_keys_are_sorted(self, app: Flask) -> None:
        """Equal values give equal text, whatever order they were put together in."""
        value = {"b": 1, "a": {"d": 2, "c": 3}, "é": 4, "Z": 5}
        expected = json.dumps(value, sort_keys=True)
        assert list(json.loads(app.json.dumps(value))) == list(json.loads(expected))
        assert list(json.loads(answer(app, value).data)["a"]) == ["c", "d"]

    def test_sorting_can_be_switched_off(self, app: Flask) -> None:
        """`sort_keys = False`; keys of several types are then no error."""
        options_of(app, sort_keys=False)
        assert list(json.loads(app.json.dumps({"b": 1, "a": 2}))) == ["b", "a"]
        assert list(json.loads(answer(app, {"b": 1, 10: 2, 9: 3}).data)) == ["b", "10", "9"]

    def test_keys_that_cannot_be_put_in_order_are_a_type_error(self, app: Flask) -> None:
        """Text beside numbers; the same with every library, before it reaches a client."""
        for call in (app.json.dumps, app.json.response):
            with pytest.raises(TypeError):
                call({"b": 1, 2: "a"})

    @pytest.mark.parametrize("text", ["ü", "\U0001f600", "\x7f", "\\ü", "\u2028"])
    def test_what_is_not_ascii_is_escaped(self, app: Flask, text: str) -> None:
        """So that no reader can take it for another encoding."""
        written = json.dumps([{text: text}]).replace(": ", ":")
        assert app.json.dumps([{text: text}]).replace(": ", ":") == written
        assert answer(app, [{text: text}]).data == written.encode() + b"\n"

    def test_escaping_can_be_switched_off(self, app: Flask) -> None:
        """`ensure_ascii = False` writes UTF-8."""
        options_of(app, ensure_ascii=False)
        assert app.json.dumps("ü") == '"ü"'
        assert answer(app, "ü").data == '"ü"\n'.encode()

    def test_options_of_one_call_are_those_of_the_standard_library(self, app: Flask) -> None:
        """`tojson(indent=2)` in a template, `dumps(value, sort_keys=False)` in a view."""
        value = {"b": "ü", "a": [1]}
        for options in (
            {"indent": 2},
            {"separators": (",", ":")},
            {"sort_keys": False, "ensure_ascii": False},
        ):
            merged: dict[str, Any] = {"sort_keys": True} | options
            assert app.json.dumps(value, **options) == json.dumps(value, **merged), options
        assert app.json.dumps({1}, default=list) == "[1]"
        assert app.json.loads("[1.10]", parse_float=Decimal) == [Decimal("1.10")]

    # --- responses -----------------------------------------------------------------------

    def test_a_body_is_compact_and_ends_in_one_line_feed(self, app: Flask) -> None:
        """Text tools want the line feed, and clients no white space."""
        assert answer(app, {"a": None, "b": [1, "x"]}).data == b'{"a":null,"b":[1,"x"]}\n'

    def test_debug_mode_lays_bodies_out(self, app: Flask) -> None:
        """Two spaces for each level, for human eyes."""
        app.debug = True
        assert answer(app, {"a": [1]}).data == b'{\n  "a": [\n    1\n  ]\n}\n'

    @pytest.mark.parametrize("compact", [True, False])
    def test_layout_can_be_chosen(self, app: Flask, compact: bool) -> None:
        """`compact` wins over debug mode."""
        app.debug = compact
        options_of(app, compact=compact)
        expected = b'{"a":[1]}\n' if compact else b'{\n  "a": [\n    1\n  ]\n}\n'
        assert answer(app, {"a": [1]}).data == expected

    def test_a_response_is_called_json(self, app: Flask) -> None:
        """Or what `mimetype` says."""
        assert answer(app, 1).headers["Content-Type"] == "application/json"
        options_of(app, mimetype="application/vnd.shop+json")
        assert app.json.response(1).mimetype == "application/vnd.shop+json"

    def test_a_response_is_of_the_applications_class(self, app: Flask) -> None:
        """Whatever `response_class` is when the response is made."""

        class Own(Response):
            pass

        app.response_class = Own
        assert type(app.json.response(1)) is Own

    def test_a_response_is_made_of_one_value_several_or_names(self, app: Flask) -> None:
        """None is null, several arguments are a list, keywords an object; never both."""
        bodies = [app.json.response(), app.json.response(None), app.json.response([1])]
        bodies += [app.json.response(1, "b"), app.json.response(b=1, a=2)]
        assert [json.loads(body.get_data()) for body in bodies] == [
            None,
            None,
            [1],
            [1, "b"],
            {"a": 2, "b": 1},
        ]
        with pytest.raises(TypeError):
            app.json.response(1, a=2)

    # --- what is read --------------------------------------------------------------------

    @pytest.mark.parametrize("name", READ)
    def test_a_text_is_read_as_the_standard_library_reads_it(self, app: Flask, name: str) -> None:
        """Numbers keep their type and every digit."""
        text, expected = READ[name]
        assert repr(app.json.loads(text)) == expected

    @pytest.mark.parametrize("name", WRITTEN)
    def test_what_was_written_can_be_read(self, app: Flask, name: str) -> None:
        """The backend understands itself as the standard library does."""
        text = app.json.dumps(WRITTEN[name].value)
        assert repr(app.json.loads(text)) == meaning(text)

    @pytest.mark.parametrize("body", as_parameters(MALFORMED))
    def test_what_is_malformed_is_a_value_error(self, app: Flask, body: bytes) -> None:
        """Of bytes and of text; any other error would be the application's fault, a 500."""
        with pytest.raises(ValueError):
            app.json.loads(body)
        with pytest.raises(ValueError):
            app.json.loads(body.decode())

    @pytest.mark.parametrize("body", as_parameters(MALFORMED))
    def test_a_client_that_sends_it_is_answered_400(self, app: Flask, body: bytes) -> None:
        """It is the client's mistake, and nothing of the library's words gets out."""
        response = send(app, body)
        assert response.status_code == 400
        assert "body is not a JSON document." in response.text

    @pytest.mark.parametrize("name", ["every type", "an integer of 30 digits", "escapes"])
    def test_a_body_is_read_by_the_backend(self, app: Flask, name: str) -> None:
        """`request.get_json()` gives what `loads` gives."""
        text, expected = READ[name]
        response = send(app, text)
        assert (response.status_code, response.text) == (200, expected)

    def test_the_test_client_writes_and_reads_with_it(self, app: Flask) -> None:
        """What a test sends and sees is what a client would."""
        response = app.test_client().post("/read", json={"a": [Decimal("1.10"), None]})
        assert response.text == "{'a': ['1.10', None]}"
        assert answer(app, {"a": Decimal("1.10")}).json == {"a": "1.10"}
