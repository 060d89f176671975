"""JSON through an application: the provider it holds, what it answers, what it reads."""

from __future__ import annotations

import json as standard_json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from markupsafe import Markup

import typedflask
from typedflask import Flask, Request, Response, json, jsonify, render_template_string, request
from typedflask.json.contract import JSONBackend
from typedflask.json.provider import DefaultJSONProvider, JSONProvider


@pytest.fixture
def app() -> Flask:
    app = Flask("shop")
    app.testing = True
    return app


def answer(app: Flask, value: Any) -> Response:
    """The response to a view that returns a value."""
    app.add_url_rule("/value", "value", lambda: value() if callable(value) else value)
    response: Any = app.test_client().get("/value")
    assert isinstance(response, Response)
    return response


# --- backends ----------------------------------------------------------------------------


class Shouting:
    """A JSON backend with nothing inherited and no options."""

    def dumps(self, obj: Any) -> str:
        return standard_json.dumps(obj).upper()

    def loads(self, s: str | bytes) -> Any:
        return {"shouted": standard_json.loads(s)}


class Sorted(DefaultJSONProvider):
    """A provider of the documented kind."""

    mimetype = "application/vnd.shop+json"
    sort_keys = False


def make(door: str, backend: JSONBackend | type[JSONProvider]) -> Flask:
    """An application that got its backend by keyword or by assignment."""
    if door == "keyword":
        return Flask("shop", json=backend)
    app = Flask("shop")
    app.json = backend
    return app


def use(app: Flask) -> tuple[str, str, Any]:
    """What the application's JSON answers, writes into a template, and reads."""
    app.add_url_rule("/write", "write", lambda: {"b": 1, "a": "x"})
    app.add_url_rule("/page", "page", lambda: render_template_string("{{ {'k': 1}|tojson }}"))
    app.add_url_rule("/read", "read", lambda: repr(request.get_json()), methods=["POST"])
    client = app.test_client()
    # The client encodes and decodes by the application's backend too; these are given as text.
    read = client.post("/read", data='{"k": 1}', content_type="application/json")
    return client.get("/write").text.strip(), client.get("/page").text, read.text


@pytest.mark.parametrize("door", ["keyword", "assignment"])
def test_any_object_that_writes_and_reads_is_a_backend(door: str) -> None:
    app = make(door, Shouting())

    assert use(app) == ('{"B": 1, "A": "X"}', '{"K": 1}', "{'shouted': {'k': 1}}")


@pytest.mark.parametrize("door", ["keyword", "assignment"])
def test_the_module_json_is_a_backend(door: str) -> None:
    app = make(door, standard_json)

    assert use(app) == ('{"b": 1, "a": "x"}', '{"k": 1}', "{'k': 1}")
    assert isinstance(app.json, JSONProvider)


@pytest.mark.parametrize("door", ["keyword", "assignment", "class attribute", "object"])
def test_a_provider_of_the_documented_kind_enters_by_every_door(door: str) -> None:
    class Shop(Flask):
        json_provider_class = Sorted

    match door:
        case "keyword" | "assignment":
            app = make(door, Sorted)
        case "class attribute":
            app = Shop("shop")
        case _:
            app = Flask("shop")
            app.json = Sorted(app)

    assert isinstance(app.json, Sorted)
    assert use(app)[0] == '{"b":1,"a":"x"}'
    assert app.test_client().get("/write").mimetype == "application/vnd.shop+json"


@pytest.mark.parametrize("door", ["keyword", "assignment"])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (object(), "has no dumps and no loads"),
        (Shouting, "make an object of it first"),
        (7, "has no dumps and no loads"),
    ],
)
def test_what_is_no_backend_is_refused_at_once(door: str, wrong: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make(door, wrong)


def test_a_backend_exchanged_later_takes_over_everywhere(app: Flask) -> None:
    use(app)
    app.json = Shouting()

    client = app.test_client()
    assert client.get("/write").text == '{"B": 1, "A": "X"}\n'
    assert client.get("/page").text == '{"K": 1}'
    with app.app_context():
        assert json.dumps({"a": 1}) == '{"A": 1}'
        assert json.loads("1") == {"shouted": 1}


# --- answers -----------------------------------------------------------------------------


@dataclass
class Fruit:
    name: str
    price: Decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": 1}, '{"a":1}'),
        ([1, "b", None], '[1,"b",null]'),
        ({}, "{}"),
        ([], "[]"),
        (OrderedDict(b=1, a=2), '{"a":2,"b":1}'),
        (MappingProxyType({"a": 1}), '{"a":1}'),
        ({"when": date(2024, 2, 29)}, '{"when":"Thu, 29 Feb 2024 00:00:00 GMT"}'),
        ({"when": datetime(2024, 2, 29, 12, tzinfo=UTC)}, '{"when":"Thu, 29 Feb 2024 12:00:00 GMT"}'),
        ({"id": UUID(int=7)}, '{"id":"00000000-0000-0000-0000-000000000007"}'),
        ([Fruit("plum", Decimal("1.50"))], '[{"name":"plum","price":"1.50"}]'),
        ({"html": Markup("<b>")}, '{"html":"<b>"}'),
        ({"text": "grüße"}, '{"text":"gr\\u00fc\\u00dfe"}'),
    ],
)  # fmt: skip
def test_a_view_may_return_what_json_knows(app: Flask, value: Any, text: str) -> None:
    response = answer(app, value)

    assert response.get_data(as_text=True) == text + "\n"
    assert response.mimetype == "application/json"


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (jsonify, "null"),
        (lambda: jsonify(None), "null"),
        (lambda: jsonify("text"), '"text"'),
        (lambda: jsonify(7), "7"),
        (lambda: jsonify(1, 2), "[1,2]"),
        (lambda: jsonify([1]), "[1]"),
        (lambda: jsonify({"a": 1}), '{"a":1}'),
        (lambda: jsonify(b=2, a=1), '{"a":1,"b":2}'),
    ],
)
def test_jsonify_takes_one_value_several_or_names(app: Flask, make: Any, text: str) -> None:
    response = answer(app, make)

    assert (response.get_data(as_text=True), response.mimetype) == (
        text + "\n",
        "application/json",
    )


def test_jsonify_is_also_found_in_the_package_json(app: Flask) -> None:
    with app.app_context():
        assert json.jsonify(a=1).get_data() == typedflask.jsonify(a=1).get_data() == b'{"a":1}\n'


def test_jsonify_refuses_a_mixture(app: Flask) -> None:
    mixed: Any = jsonify  # checkers refuse it already
    with app.app_context(), pytest.raises(TypeError, match="not from both"):
        mixed(1, a=2)


def test_jsonify_makes_a_response_of_the_applications_class() -> None:
    class Own(Response):
        pass

    class Shop(Flask):
        response_class = Own

    with Shop("shop").app_context():
        assert type(jsonify(1)) is Own


def test_jsonify_needs_an_application() -> None:
    with pytest.raises(RuntimeError, match="none is active"):
        jsonify(1)


def test_status_and_headers_may_be_given_beside_json(app: Flask) -> None:
    response = answer(app, lambda: ({"a": 1}, 201, {"X-Fruit": "plum"}))

    assert (response.status_code, response.json, response.headers["X-Fruit"]) == (
        201,
        {"a": 1},
        "plum",
    )


def test_what_json_cannot_hold_is_an_error_that_names_its_type(app: Flask) -> None:
    with pytest.raises(TypeError, match="set"):
        answer(app, lambda: {"value": {1, 2}})


def test_debug_mode_indents_unless_the_provider_is_compact(app: Flask) -> None:
    app.debug = True
    assert answer(app, {"a": [1]}).get_data(as_text=True) == '{\n  "a": [\n    1\n  ]\n}\n'

    provider = app.json
    assert isinstance(provider, DefaultJSONProvider)
    provider.compact = True
    assert app.test_client().get("/value").text == '{"a":[1]}\n'


def test_the_attributes_of_the_default_provider_change_what_is_written(app: Flask) -> None:
    provider = app.json
    assert isinstance(provider, DefaultJSONProvider)
    provider.sort_keys = False
    provider.ensure_ascii = False
    provider.mimetype = "text/json"
    response = answer(app, {"b": "ü", "a": 1})

    assert response.get_data(as_text=True) == '{"b":"ü","a":1}\n'
    assert response.mimetype == "text/json"


# --- what the client sent ----------------------------------------------------------------


def read_by(app: Flask, view: Any, body: str | bytes, content_type: str) -> Any:
    """The answer to a view that reads the body."""
    app.add_url_rule("/read", "read", view, methods=["POST"])
    return app.test_client().post("/read", data=body, content_type=content_type)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "application/vnd.api+json"],
)
def test_a_json_body_is_read_whatever_kind_of_json_it_is_called(
    app: Flask, content_type: str
) -> None:
    response = read_by(app, lambda: [request.is_json, request.json], '{"a": 1}', content_type)

    assert response.json == [True, {"a": 1}]


@pytest.mark.parametrize("body", ["null", "0", '""', "[]", "false"])
def test_values_that_are_false_are_values(app: Flask, body: str) -> None:
    response = read_by(app, lambda: [request.get_json()], body, "application/json")

    assert response.json == [standard_json.loads(body)]


def test_the_value_is_read_once_and_kept(app: Flask) -> None:
    def view() -> str:
        return str(request.get_json() is request.json)

    assert read_by(app, view, '{"a": 1}', "application/json").text == "True"


def test_a_value_that_is_not_to_be_kept_is_read_anew(app: Flask) -> None:
    def view() -> str:
        first, second = request.get_json(), request.get_json(cache=False)
        return f"{first == second} {first is second}"

    assert read_by(app, view, '{"a": 1}', "application/json").text == "True False"


def test_a_body_that_is_not_called_json_is_415(app: Flask) -> None:
    response = read_by(app, lambda: [request.json], '{"a": 1}', "text/plain")

    assert response.status_code == 415


@pytest.mark.parametrize(
    ("options", "value"),
    [({"force": True}, {"a": 1}), ({"silent": True}, None)],
)
def test_a_body_that_is_not_called_json_can_be_forced_or_passed_over(
    app: Flask, options: dict[str, bool], value: object
) -> None:
    response = read_by(app, lambda: [request.get_json(**options)], '{"a": 1}', "text/plain")

    assert response.json == [value]


MALFORMED = {
    "cut": b'{"a": ',
    "empty": b"",
    "not UTF-8": b'"\xff\xfe\xfd"',
    "deep": b"[" * 100_000,
    "words": b"hello",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("provider", ["default", "module"])
def test_a_malformed_body_is_400(app: Flask, body: bytes, provider: str) -> None:
    app.testing = False
    if provider == "module":
        app.json = standard_json
    response = read_by(app, lambda: [request.json], body, "application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body_can_be_passed_over(app: Flask, body: bytes) -> None:
    response = read_by(app, lambda: [request.get_json(silent=True)], body, "application/json")

    assert response.json == [None]


@pytest.mark.parametrize("debug", [True, False])
def test_only_debug_mode_says_what_is_wrong_with_the_body(app: Flask, debug: bool) -> None:
    app.debug = debug
    app.config["TRAP_BAD_REQUEST_ERRORS"] = False
    response = read_by(app, lambda: [request.json], '{"a": }', "application/json")

    assert response.status_code == 400
    assert ("line 1 column 7" in response.text) is debug


@pytest.mark.parametrize("name", ["on_json_loading_failed", "on_json_loading_failure"])
def test_a_request_class_can_answer_bad_json_itself(name: str) -> None:
    """The documented method has two names, an older and a newer one."""

    def instead(self: Request, error: ValueError | None) -> Any:
        return {"went wrong": type(error).__name__}

    class Own(Request):
        pass

    setattr(Own, name, instead)

    class Shop(Flask):
        request_class = Own

    app = Shop("shop")
    malformed = read_by(app, lambda: request.json, "{", "application/json")
    unlabelled = app.test_client().post("/read", data="{}", content_type="text/plain")

    assert malformed.json == {"went wrong": "JSONDecodeError"}
    assert unlabelled.json == {"went wrong": "NoneType"}


# --- the test client ---------------------------------------------------------------------


def test_the_client_writes_and_reads_as_the_application_does(app: Flask) -> None:
    app.json = Shouting()
    app.add_url_rule("/", "echo", lambda: bytes(request.data), methods=["POST"])

    response = app.test_client().post("/", json={"a": 1})

    assert response.text == '{"A": 1}'
    assert response.request.content_type == "application/json"
    assert response.get_json(force=True) == {"shouted": {"A": 1}}


def test_a_request_made_up_for_a_test_can_carry_json(app: Flask) -> None:
    with app.test_request_context("/", method="POST", json={"when": date(2024, 2, 29)}):
        assert request.json == {"when": "Thu, 29 Feb 2024 00:00:00 GMT"}
