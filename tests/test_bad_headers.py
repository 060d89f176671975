"""Bad input in headers: no attribute of a request, and no conditional answer, fails over it."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from tests.watching import Watched
from typedflask import Flask, Request, Response, jsonify, request, send_file

KEYS = [
    "CONTENT_LENGTH",
    "CONTENT_TYPE",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_CHARSET",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS",
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD",
    "HTTP_AUTHORIZATION",
    "HTTP_CACHE_CONTROL",
    "HTTP_CONNECTION",
    "HTTP_CONTENT_ENCODING",
    "HTTP_CONTENT_MD5",
    "HTTP_COOKIE",
    "HTTP_DATE",
    "HTTP_HOST",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_MAX_FORWARDS",
    "HTTP_ORIGIN",
    "HTTP_PRAGMA",
    "HTTP_RANGE",
    "HTTP_REFERER",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_UPGRADE",
    "HTTP_USER_AGENT",
    "HTTP_X_FORWARDED_FOR",
    "PATH_INFO",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "REMOTE_USER",
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
]

IMPOSSIBLE = [
    *["", " ", "\x00", "\xff", "\xc3\xbc", "\x7f", "%", "%00", "%ff", "%zz", "\t", "x" * 5000],
    *["=", "==", ",", ";", ";;=", '"', '"\\', '"\\777', "a=b", "a=", "=b", 'a="b', "a; b*=x'y'z"],
    *["a; b*0*=x'y'%FF", "a; b*1=c; b*0=d", "a; b*=utf-8''%ff", "'", "[", "]", "{", "<>"],
    *["-1", "+5", " 5 ", "1.5", "1e400", "0x10", "1_000", "nan", "inf", "\xb2", "9" * 30],
    *["9" * 5000, "-" + "9" * 5000, "0", "00", "-0"],
    *["/", "//", "a/", "/b", "a/b/c", "*/*", "*", "text/*", "*/html", "a/b;q=", "a/b;q=nan"],
    *["a/b;q=1e999", "a/b;q=-1", "a/b;q=0.0.0", "en;q=a,*", "gzip;q=0.x", "text/html;charset=\xff"],
    *[
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=0-0",
        "bytes=5-1",
        "bytes=a-b",
        "bytes=0-1,2-",
        "bytes=-0",
    ],
    *["bytes=--1", "bytes=1--2", "lines=0-1", "bytes=" + "9" * 5000 + "-", "bytes=0-" + "9" * 5000],
    *["bytes=\xb2-\xb3", "bytes=0-0,0-0," * 200],
    *["Basic", "Basic ", "Basic !!!!", "Basic \xff", "Basic YWJj", "Basic //8=", "Basic Og=="],
    *[
        "Digest ",
        "Digest x",
        'Digest username="',
        "Digest a=\xff",
        "Bearer",
        "Bearer a=",
        "\xff \xff",
    ],
    *['W/"', "W/", '"a", W/"b', '"a"b"', '""', "W/*", '"\\"', '"\xff"'],
    *["Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 32 Foo 99999 99:99:99 GMT"],
    *["Thu, 01 Jan 0000 00:00:00 GMT", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"],
    *["Thu, 01 Jan 1970 00:00:00 +9999", "Thu, 01 Jan 1970 00:00:00 +99999999999"],
    *[
        "Mon, 31 Dec 9999 23:59:59 -2359",
        "Fri, 01 Jan 0001 00:00:00 +2359",
        "01 Jan",
        "1 2 3 4 5 6",
    ],
    *["Mon, 01 Jan -1 00:00:00 GMT", "Mon, 01 Jan 2024 00:00:60 GMT", "Mon, 01 Jan 2024 24:00 GMT"],
    *[
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xff",
    ],
    *["multipart/form-data; boundary=a b", "multipart/form-data; boundary*=bogus''x"],
    *["application/x-www-form-urlencoded; charset=bogus", "application/json; charset=utf-7"],
    *["max-age=x", "max-age=" + "9" * 5000, "no-cache, , =", "private=\xff", "max-age"],
    *["a.b:c:d", "[::1]", "[::1", "[::1]:99999", "host:-1", "a..b", "xn--", "xn--\xff", "a" * 300],
    *["http://[", "http://a:99999999/", "//a", "1.2.3.4, 5.6.7.8", ", ,", "chunked", "a, chunked"],
    *["websocket", "upgrade", "keep-alive, Upgrade", "../..", "/..", "/%00", "javascript", "https"],
]

# What is called with arguments, or is no part of one request.
NO_ATTRIBUTES = {
    "application",
    "close",
    "from_values",
    "make_form_data_parser",
    "on_json_loading_failed",
    "on_json_loading_failure",
    "user_agent_class",
}
ATTRIBUTES = [name for name in dir(Request) if name[0] != "_" and name not in NO_ATTRIBUTES]


def environ_with(values: dict[str, str], body: bytes = b"a=b\xff&%ff") -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        **values,
    }


def touch(made: Request) -> None:
    """Read every attribute, and write what was read as text; a client's mistake may be a 4xx."""
    for name in ATTRIBUTES:
        try:
            value = getattr(made, name)
            if name in {"get_data", "get_json"}:
                value = value()
            str(value)
            repr(value)
            if hasattr(value, "to_header"):
                value.to_header()
        except HTTPException as error:
            if error.code is None or not 400 <= error.code < 500:
                raise
        except Exception as error:
            error.add_note(f"request.{name} of {made.environ}")
            raise
    repr(made)
    made.close()


def test_the_attributes_that_are_touched_are_those_of_a_request() -> None:
    assert len(ATTRIBUTES) > 70
    assert {"authorization", "url", "args", "form", "range", "if_range", "json"} <= set(ATTRIBUTES)


@pytest.mark.parametrize("key", KEYS)
def test_no_attribute_fails_over_one_impossible_value(key: str) -> None:
    for value in IMPOSSIBLE:
        touch(Request(environ_with({key: value})))


def test_no_attribute_fails_over_impossible_values_together() -> None:
    chance = random.Random(20240229)
    for _ in range(400):
        values = {
            key: chance.choice(["", ", ", "; "]).join(
                chance.sample(IMPOSSIBLE, chance.randint(1, 3))
            )
            for key in chance.sample(KEYS, chance.randint(2, 8))
        }
        touch(Request(environ_with(values, chance.randbytes(chance.randint(0, 40)))))


@given(
    values=st.dictionaries(
        st.sampled_from(KEYS), st.text(st.characters(max_codepoint=255), max_size=40), max_size=5
    )
)
@settings(max_examples=150, deadline=None)
def test_no_attribute_fails_over_any_text(values: dict[str, str]) -> None:
    touch(Request(environ_with(values)))


@given(
    prefix=st.sampled_from(
        ["Basic ", "Digest ", "bytes=", 'W/"', "Mon, 01 Jan ", "text/html;", "a="]
    ),
    rest=st.text(st.characters(max_codepoint=255), max_size=30),
    key=st.sampled_from(KEYS),
)
@settings(max_examples=200, deadline=None)
def test_no_attribute_fails_over_a_value_that_begins_well(prefix: str, rest: str, key: str) -> None:
    touch(Request(environ_with({key: prefix + rest})))


# The server, not the client, is responsible for these.
OF_CLIENTS = [key for key in KEYS if key not in {"SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme"}]


def test_an_application_answers_impossible_values_without_a_500() -> None:
    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path: str) -> Response:
        response = jsonify(
            [request.url, request.args, request.accept_mimetypes.best, str(request.range)]
        )
        response.add_etag()
        return response.make_conditional(request, accept_ranges=True, complete_length=10)

    watched = Watched(app)
    for place, key in enumerate(OF_CLIENTS):
        # Each header gets a third of the values, and its neighbours the others.
        for value in IMPOSSIBLE[place % 3 :: 3]:
            watched.ask(environ=environ_with({"REQUEST_METHOD": "GET", key: value}))


# --- conditions --------------------------------------------------------------------------

CONDITIONS = [
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
]
CONTENT = b"0123456789"


def serving() -> Watched:
    """An application that sends a file whose parts may be asked for."""
    app = Flask(__name__)

    @app.get("/")
    def serve() -> Response:
        return send_file(
            io.BytesIO(CONTENT),
            mimetype="text/plain",
            last_modified=1_000_000,
            etag="tag",
        )

    return Watched(app)


def test_possible_conditions_and_ranges_are_answered() -> None:
    watched, after = serving(), "Tue, 13 Jan 1970 00:00:00 GMT"

    assert watched.ask().body == CONTENT
    part = watched.ask(environ={"HTTP_RANGE": "bytes=2-4"})
    assert (part.status, part.body, part.header("Content-Range")) == (206, b"234", "bytes 2-4/10")
    assert watched.ask(environ={"HTTP_IF_NONE_MATCH": '"tag"'}).status == 304
    assert watched.ask(environ={"HTTP_IF_MODIFIED_SINCE": after}).status == 304
    assert watched.ask(environ={"HTTP_IF_MATCH": '"other"'}).status == 412
    for condition, status in (('"tag"', 206), ('"other"', 200), (after, 206)):
        answer = watched.ask(environ={"HTTP_RANGE": "bytes=2-4", "HTTP_IF_RANGE": condition})
        assert answer.status == status


@pytest.mark.parametrize("key", CONDITIONS)
def test_an_impossible_condition_is_no_condition(key: str) -> None:
    watched = serving()
    for value in IMPOSSIBLE:
        answer = watched.ask(environ={key: value})
        assert answer.status in ({200, 412} if key == "HTTP_IF_MATCH" else {200, 304})
        if answer.status == 200:
            assert answer.body == CONTENT
        with_range = watched.ask(environ={key: value, "HTTP_RANGE": "bytes=2-4"})
        assert with_range.status in {200, 206, 304, 412}


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Thu, 32 Foo 99999 99:99:99 GMT",
        '"a"b"',
        "nonsense",
    ],
)
def test_an_impossible_if_range_gets_the_whole(value: str) -> None:
    answer = serving().ask(environ={"HTTP_RANGE": "bytes=2-4", "HTTP_IF_RANGE": value})

    assert (answer.status, answer.body) == (200, CONTENT)


def test_an_impossible_if_range_does_not_outrank_another_condition() -> None:
    answer = serving().ask(
        environ={
            "HTTP_RANGE": "bytes=2-4",
            "HTTP_IF_RANGE": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
            "HTTP_IF_NONE_MATCH": '"tag"',
        }
    )

    assert answer.status == 304


def test_an_impossible_range_is_416_or_the_whole() -> None:
    watched = serving()
    for value in IMPOSSIBLE:
        answer = watched.ask(environ={"HTTP_RANGE": value})
        assert answer.status in {200, 206, 416}
        if answer.status == 416:
            assert answer.header("Content-Range") == "bytes */10"


def test_a_conditional_response_takes_a_request_or_an_environment() -> None:
    app = Flask(__name__)
    with app.test_request_context(headers={"If-None-Match": '"tag"'}):
        for given_request in (request, request.environ):
            response = Response("x")
            response.set_etag("tag")
            assert response.make_conditional(given_request) is response
            assert response.status_code == 304
