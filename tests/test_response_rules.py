"""What a view may return, and what becomes of it: the table of response rules."""

from __future__ import annotations

from collections import OrderedDict, UserDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.watching import Answer, Watched
from typedflask import Flask, Response
from typedflask.responses import ResponseRules

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Any: these tests return what no checker would let a view return, too.
Result: TypeAlias = Any
NOTHING: Result = None


def answer(
    result: Callable[[], Result], *, app: Flask[Any] | None = None, **options: Any
) -> Answer:
    """The answer of an application whose only view returns the result."""
    app = app if app is not None else Flask(__name__)
    app.add_url_rule("/", "shown", result)
    return Watched(app).ask(**options)


def refusal(result: Callable[[], Result], *, app: Flask[Any] | None = None) -> BaseException:
    """The error that is logged for a result nobody can send."""
    app = app if app is not None else Flask(__name__)
    app.add_url_rule("/", "shown", result)
    watched = Watched(app)
    watched.ask(server_fault=True)
    return watched.errors.raised[0]


def sent_by(app: Flask) -> list[Response]:
    """The responses an application sends, as its `after_request` functions see them."""
    seen: list[Response] = []

    @app.after_request
    def look(response: Response) -> Response:
        seen.append(response)
        return response

    return seen


def wsgi_application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("418 I'M A TEAPOT", [("Content-Type", "text/plain"), ("X-Path", "/")])
    return [environ["REQUEST_METHOD"].encode(), b" tea"]


class Callable418:
    """A WSGI application that is an object."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return wsgi_application(environ, start_response)


class Words:
    """An iterator that is not a generator."""

    def __init__(self) -> None:
        self.left = ["one ", "two"]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.left:
            raise StopIteration
        return self.left.pop(0)


class Text(str):
    __slots__ = ()


HTML, JSON = "text/html; charset=utf-8", "application/json"

CONVERTED: list[tuple[str, Callable[[], Result], bytes, str]] = [
    ("str", lambda: "grüße", "grüße".encode(), HTML),
    ("empty str", lambda: "", b"", HTML),
    ("subclass of str", lambda: Text("text"), b"text", HTML),
    ("bytes", lambda: b"\x00\xff", b"\x00\xff", HTML),
    ("bytearray", lambda: bytearray(b"\x01"), b"\x01", HTML),
    ("dict", lambda: {"a": 1}, b'{"a":1}\n', JSON),
    ("empty dict", dict, b"{}\n", JSON),
    ("list", lambda: [1, None], b"[1,null]\n", JSON),
    ("OrderedDict", lambda: OrderedDict(a=1), b'{"a":1}\n', JSON),
    ("UserDict", lambda: UserDict(a=1), b'{"a":1}\n', JSON),
    ("mapping proxy", lambda: MappingProxyType({"a": 1}), b'{"a":1}\n', JSON),
    ("generator of str", lambda: (word for word in ("a", "ß")), "aß".encode(), HTML),
    ("generator of bytes", lambda: (word for word in (b"a", b"b")), b"ab", HTML),
    ("iterator", Words, b"one two", HTML),
    ("list iterator", lambda: iter(["a", "b"]), b"ab", HTML),
    (
        "response",
        lambda: Response(b"own", mimetype="text/plain"),
        b"own",
        "text/plain; charset=utf-8",
    ),
    (
        "werkzeug response",
        lambda: WerkzeugResponse("theirs"),
        b"theirs",
        "text/plain; charset=utf-8",
    ),
    ("wsgi function", lambda: wsgi_application, b"GET tea", "text/plain"),
    ("wsgi object", Callable418, b"GET tea", "text/plain"),
]


@pytest.mark.parametrize(
    ("result", "body", "content_type"),
    [pytest.param(*row[1:], id=row[0]) for row in CONVERTED],
)
def test_every_row_of_the_table_converts_its_values(
    result: Callable[[], Result], body: bytes, content_type: str
) -> None:
    shown = answer(result)

    assert shown.body == body
    assert shown.header("Content-Type") == content_type


def test_text_and_json_are_sent_with_their_length_and_streams_without() -> None:
    assert answer(lambda: "grüße").header("Content-Length") == "7"
    assert answer(lambda: {"a": 1}).header("Content-Length") == "8"
    assert answer(lambda: iter(["a"])).header("Content-Length") is None


def test_a_werkzeug_response_becomes_one_of_the_applications_class() -> None:
    class Own(Response):
        pass

    app = Flask(__name__)
    app.response_class = Own
    seen = sent_by(app)

    assert answer(lambda: WerkzeugResponse("x", 201), app=app).status == 201
    assert type(seen[0]) is Own


def test_a_response_of_the_applications_class_is_passed_on_itself() -> None:
    app, response = Flask(__name__), Response("x")
    seen = sent_by(app)

    answer(lambda: response, app=app)

    assert seen[0] is response


def test_a_custom_response_class_makes_every_kind_of_response() -> None:
    class Plain(Response):
        default_mimetype = "text/x-own"

    def plain() -> Flask:
        app = Flask(__name__)
        app.response_class = Plain
        return app

    assert answer(lambda: "x", app=plain()).header("Content-Type") == "text/x-own; charset=utf-8"
    assert answer(lambda: iter("x"), app=plain()).header("Content-Type") == (
        "text/x-own; charset=utf-8"
    )
    assert answer(dict, app=plain()).header("Content-Type") == JSON


def test_an_http_exception_may_be_returned_instead_of_raised() -> None:
    assert answer(lambda: Forbidden("not you")).status == 403
    assert "not you" in answer(lambda: Forbidden("not you")).text


def test_an_http_exception_that_carries_a_response_is_that_response() -> None:
    carried = answer(lambda: HTTPException(response=WerkzeugResponse("carried", 299)))

    assert (carried.status, carried.body) == (299, b"carried")


# --- tuples ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "line"),
    [
        pytest.param(201, "201 CREATED", id="int"),
        pytest.param(HTTPStatus.CREATED, "201 CREATED", id="HTTPStatus"),
        pytest.param("201 Made Just Now", "201 Made Just Now", id="line"),
        pytest.param("202", "202 ACCEPTED", id="number as text"),
        pytest.param(299, "299 UNKNOWN", id="number without a name"),
        pytest.param(999, "999 UNKNOWN", id="largest"),
        pytest.param(404, "404 NOT FOUND", id="error status"),
    ],
)
def test_a_status_is_a_number_or_a_line(status: object, line: str) -> None:
    assert answer(lambda: ("body", status)).line == line
    assert answer(lambda: ("body", status, {})).line == line
    assert answer(lambda: (WerkzeugResponse("body", 200), status)).line == line


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-A": "1", "X-B": ["2", "3"]}, id="dict"),
        pytest.param({"X-A": "1", "X-B": ("2", "3")}, id="dict with a tuple"),
        pytest.param([("X-A", "1"), ("X-B", "2"), ("X-B", "3")], id="list of pairs"),
        pytest.param([("X-A", "1"), ("X-B", ["2", "3"])], id="list with several values"),
        pytest.param((("X-A", "1"), ("X-B", "2"), ("X-B", "3")), id="tuple of pairs"),
        pytest.param(Headers([("X-A", "1"), ("X-B", "2"), ("X-B", "3")]), id="Headers"),
        pytest.param(MappingProxyType({"X-A": "1", "X-B": ["2", "3"]}), id="mapping"),
    ],
)
def test_headers_come_in_every_documented_form_and_with_several_values(headers: object) -> None:
    for result in (lambda: ("body", headers), lambda: ("body", 201, headers)):
        shown = answer(result)

        assert shown.values("X-A") == ["1"]
        assert shown.values("X-B") == ["2", "3"]
        assert shown.header("Content-Type") == HTML


def test_headers_of_a_tuple_replace_those_of_the_response() -> None:
    def result() -> Result:
        response = Response("x", headers={"X-Kept": "1", "X-Replaced": "1"})
        return response, {"x-replaced": "2", "content-type": "text/plain"}

    shown = answer(result)

    assert shown.values("X-Kept") == ["1"]
    assert shown.values("X-Replaced") == ["2"]
    assert shown.header("Content-Type") == "text/plain"


def test_numbers_among_header_values_are_written_as_text() -> None:
    assert answer(lambda: ("x", {"X-Count": 3})).header("X-Count") == "3"


def test_a_tuple_may_hold_any_body_that_stands_alone() -> None:
    assert answer(lambda: ({"a": 1}, 201)).body == b'{"a":1}\n'
    assert answer(lambda: (iter(["a", "b"]), 201, {"X-A": "1"})).body == b"ab"
    assert answer(lambda: (wsgi_application, {"X-Path": "/other"})).header("X-Path") == "/other"
    assert answer(lambda: (wsgi_application, 200)).status == 200
    assert answer(lambda: (Forbidden(), 404)).status == 404


def test_none_as_status_or_headers_leaves_them_alone() -> None:
    assert answer(lambda: ("x", None, None)).status == 200
    assert answer(lambda: (Response("x", 202), None, {"X-A": "1"})).status == 202
    assert answer(lambda: ("x", 201, None)).status == 201


# --- what cannot be sent -----------------------------------------------------------------


@dataclass
class Money:
    cents: int


class Plain:
    """No rule is for this: what of it should be sent?"""

    def __repr__(self) -> str:
        return "Plain()"


class Side(Enum):
    LEFT = 1


class Unreadable:
    def __repr__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("result", "words"),
    [
        pytest.param(lambda: None, ["None", "without a return statement"], id="None"),
        pytest.param(lambda: 200, ["int: 200"], id="int"),
        pytest.param(lambda: 1.5, ["float: 1.5"], id="float"),
        pytest.param(lambda: True, ["bool: True"], id="bool"),
        pytest.param(Plain, ["Plain: Plain()"], id="plain object"),
        pytest.param(lambda: Money, ["type", "Money"], id="dataclass itself"),
        pytest.param(lambda: Side.LEFT, ["Side: <Side.LEFT: 1>"], id="enum"),
        pytest.param(lambda: {1, 2}, ["set: {1, 2}"], id="set"),
        pytest.param(lambda: Response, ["type", "Response"], id="class"),
        pytest.param(Unreadable, ["<Unreadable whose repr fails>"], id="broken repr"),
        pytest.param(lambda: ("a", 1, {}, 4), ["tuple of 4", "('a', 1, {}, 4)"], id="four"),
        pytest.param(lambda: ("a",), ["tuple of 1"], id="one"),
        pytest.param(lambda: (), ["tuple of 0"], id="none at all"),
        pytest.param(lambda: (None, 200), ["None"], id="None in a tuple"),
        pytest.param(lambda: (("a", 1), 200), ["tuple: ('a', 1)"], id="tuple in a tuple"),
        pytest.param(object, ["object"], id="object"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_view_value_and_what_is_allowed(
    result: Callable[[], Result], words: list[str]
) -> None:
    error = refusal(result)

    assert isinstance(error, TypeError)
    for word in ["'shown'", *words, "(body, status, headers)"]:
        assert word in str(error)


def test_the_error_lists_the_rows_of_the_table_and_cuts_long_values() -> None:
    error = str(refusal(lambda: {"a" * 5000}))

    assert all(rule.name in error for rule in ResponseRules())
    assert len(error) < 700


def test_an_error_before_any_rule_matched_names_the_path() -> None:
    app = Flask(__name__)
    app.register_error_handler(404, lambda error: NOTHING)
    watched = Watched(app)

    watched.ask("/nowhere", server_fault=True)

    assert "'/nowhere'" in str(watched.errors.raised[0])


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (99, ValueError),
        (0, ValueError),
        (-200, ValueError),
        (1000, ValueError),
        (10**30, ValueError),
        ("", ValueError),
        ("OK", ValueError),
        ("2000 OK", ValueError),
        ("200OK", ValueError),
        ("200 OK\r\nX-Evil: 1", ValueError),
        ("٢٠٠", ValueError),
        (True, TypeError),
        (2.5, TypeError),
        (b"200 OK", TypeError),
        (object(), TypeError),
    ],
)
def test_an_impossible_status_is_a_logged_500_that_names_the_view(
    status: object, kind: type[Exception]
) -> None:
    error = refusal(lambda: ("body", status, {}))

    assert type(error) is kind
    assert "'shown'" in str(error)
    assert "status" in str(error)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("X-A: 1", id="text"),
        pytest.param(5, id="number"),
        pytest.param(["X-A"], id="name without value"),
        pytest.param([("X-A", "1", "2")], id="three"),
        pytest.param({1: "a"}, id="name that is no text"),
        pytest.param({"X-A": "1\r\nX-Evil: 1"}, id="two lines"),
        pytest.param({"X-A": ["1", "2\n"]}, id="two lines among several"),
    ],
)
def test_wrong_headers_are_an_error_that_names_the_view(headers: object) -> None:
    error = refusal(lambda: ("body", 200, headers))

    assert isinstance(error, TypeError)
    assert "'shown'" in str(error)
    assert "headers" in str(error)
