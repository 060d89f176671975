"""What a request class of an application's own, or one request, does in its own way is done."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, Final

import pytest
from werkzeug.datastructures import EnvironHeaders

from typedflask import Flask, Request
from typedflask.requests.request import STEPS

# Any, in this file: JSON, and what stands in for a part of a request, may be anything.

Reading = Callable[[Request], object]

FORM: Final = "application/x-www-form-urlencoded"


def environ_of(body: bytes, kind: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "a=1",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }


def args_of(request: Request) -> object:
    return request.args["a"]


def form_of(request: Request) -> object:
    return request.form.get("b")


def json_of(request: Request) -> object:
    return request.get_json(silent=True)


class Upper:
    """A JSON library that reads everything as its text in capitals."""

    def loads(self, data: bytes) -> str:
        return data.decode().upper()


READINGS: dict[str, tuple[object, Reading, object]] = {
    "query_string": (property(lambda self: b"a=2"), args_of, "2"),
    "content_length": (property(lambda self: 3), form_of, "2"),
    "stream": (property(lambda self: BytesIO(b"b=7")), form_of, "7"),
    "_get_stream_for_parsing": (lambda self: BytesIO(b"b=7"), form_of, "7"),
    "mimetype": (property(lambda self: "text/plain"), form_of, None),
    "_parse_content_type": (
        lambda self: setattr(self, "_parsed_content_type", ("text/plain", {})),
        form_of,
        None,
    ),
    "want_form_data_parsed": (property(lambda self: False), form_of, None),
    "headers": (
        property(lambda self: EnvironHeaders({"CONTENT_TYPE": "text/plain"})),
        json_of,
        None,
    ),
    "is_json": (property(lambda self: False), json_of, None),
    "json_module": (Upper(), json_of, "23"),
    "get_data": (lambda self, cache=True: b"42", json_of, 42),
    "endpoint": (property(lambda self: "a.b.c"), lambda request: request.blueprints, ["a.b", "a"]),
    "max_content_length": (property(lambda self: None), json_of, 23),
}
"""What a class may have of its own, and what is then read of it."""


def test_every_step_that_short_ways_pass_over_is_looked_for() -> None:
    assert set(STEPS) - {"make_form_data_parser"} <= set(READINGS)


def derived(base: type[Request], name: str) -> type[Request]:
    """A class with something of its own."""
    kind: type[Request] = type("Own", (base,), {name: property(lambda self: None)})
    return kind


@pytest.mark.parametrize("name", STEPS)
def test_short_ways_are_not_for_classes_with_steps_of_their_own(name: str) -> None:
    assert Request._reads_directly
    assert derived(Request, "other")._reads_directly
    own = derived(Request, name)
    assert not own._reads_directly
    assert not derived(own, "other")._reads_directly


@pytest.mark.parametrize("name", READINGS)
def test_parts_of_a_class_are_used(name: str) -> None:
    own, read, expected = READINGS[name]
    kind: type[Request] = type("Own", (Request,), {name: own})
    body, media = (b"b=2", FORM) if read is form_of else (b"23", "application/json")
    assert read(kind(environ_of(body, media))) == expected


def test_a_parser_of_ones_own_is_made() -> None:
    made: list[str] = []

    class Parsing(Request):
        def make_form_data_parser(self) -> Any:
            made.append("class")
            return super().make_form_data_parser()

    assert form_of(Parsing(environ_of(b"b=2", FORM))) == "2"
    request = Request(environ_of(b"b=3", FORM))
    make = request.make_form_data_parser

    def make_once() -> Any:
        made.append("request")
        return make()

    request.__dict__["make_form_data_parser"] = make_once
    assert form_of(request) == "3"
    assert made == ["class", "request"]


def test_parts_of_one_request_may_be_set() -> None:
    request = Request(environ_of(b"b=2", FORM))
    request.query_string = b"a=3"
    request.__dict__["content_length"] = 2  # which Werkzeug does not ask for, either
    assert args_of(request) == "3"
    assert form_of(request) == "2"
    request = Request(environ_of(b"b=2", "application/json"))
    request.__dict__["get_data"] = lambda cache: b"17"
    assert json_of(request) == 17


def test_what_is_read_as_json_may_be_answered_by_the_request() -> None:
    seen: list[ValueError | None] = []

    class Lenient(Request):
        def on_json_loading_failed(self, e: ValueError | None) -> Any:
            seen.append(e)
            return "nothing"

    assert Lenient(environ_of(b"nul", "application/json")).get_json() == "nothing"
    assert Lenient(environ_of(b"23", "text/plain")).get_json() == "nothing"
    request = Request(environ_of(b"nul", "application/json"))
    request.__dict__["on_json_loading_failed"] = lambda e: "one request's"
    assert request.get_json() == "one request's"
    assert request.get_json() == "one request's"
    assert isinstance(seen[0], ValueError)
    assert seen[1] is None


def test_the_backend_of_the_application_reads() -> None:
    app = Flask("app")
    app.json = Spelled()
    with app.test_request_context(json={"a": 1}) as context:
        assert context.request.get_json() == '{"a": 1}'


class Spelled:
    """A JSON backend that reads nothing."""

    @staticmethod
    def dumps(obj: object) -> str:
        return '{"a": 1}'

    @staticmethod
    def loads(s: str | bytes) -> str:
        return s if isinstance(s, str) else s.decode()


def test_limits_are_asked_of_the_class() -> None:
    class Limited(Request):
        @property
        def max_content_length(self) -> int | None:
            return 2

        @max_content_length.setter
        def max_content_length(self, value: int | None) -> None:
            raise AssertionError("nobody sets it")

    request = Limited(environ_of(b"b=2", FORM))
    with pytest.raises(Exception, match="longer than 2 bytes"):
        form_of(request)


def test_a_stream_that_was_begun_is_gone_on_with() -> None:
    def rest(stream: IO[bytes]) -> bytes:
        return stream.read()

    request = Request(environ_of(b"b=2&b=3", FORM))
    assert request.stream.read(4) == b"b=2&"
    assert form_of(request) == "3"
    assert rest(request.stream) == b""
