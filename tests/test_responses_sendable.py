"""Responses that carry no content, and responses no server could send."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.watching import Answer, Watched, sent
from typedflask import Flask, Response, make_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class General(Response):
    """Overrides a step without changing it, and so is sent step by step."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        return super().get_wsgi_headers(environ)


# --- responses without content -----------------------------------------------------------

CONTENT = {"content-type", "content-length", "transfer-encoding", "content-encoding"}


@pytest.mark.parametrize("kind", [Response, General])
@pytest.mark.parametrize("status", [100, 101, 103, 204, 304])
def test_a_status_without_content_sends_neither_body_nor_headers_of_it(
    status: int, kind: type[Response]
) -> None:
    for response in (
        kind("body", status),
        kind(iter(["body"]), status),
        kind("body", status, {"Content-Length": "4", "Content-Encoding": "br"}),
    ):
        _, headers, body = sent(response)

        assert body == b""
        names = {name.lower() for name, _ in headers}
        assert not names & (
            CONTENT if status != 204 and status >= 200 else CONTENT - {"content-encoding"}
        )


def test_a_304_keeps_the_headers_that_update_a_cache() -> None:
    _, headers, _ = sent(Response("x", 304, {"ETag": '"a"', "Vary": "Cookie"}))

    assert dict(headers) == {"ETag": '"a"', "Vary": "Cookie"}


def test_a_view_that_answers_204_is_sent_without_content() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: ("", 204))

    shown = Watched(app).ask()

    assert (shown.status, shown.headers) == (204, [])


# --- what no server could send -----------------------------------------------------------


def broken_by(change: Callable[[Response], object]) -> tuple[Answer, Watched]:
    """The answer of an application whose view breaks its response, and the watched application."""
    app = Flask(__name__)

    @app.get("/")
    def index() -> Response:
        response = make_response("secret body")
        change(response)
        return response

    watched = Watched(app)
    return watched.ask(server_fault=True), watched


def set_status(line: str) -> Callable[[Response], object]:
    return lambda response: setattr(response, "status", line)


def set_code(code: int) -> Callable[[Response], object]:
    return lambda response: setattr(response, "status_code", code)


def set_header(name: str, value: str) -> Callable[[Response], object]:
    return lambda response: response.headers.set(name, value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(set_code(0), id="status 0"),
        pytest.param(set_code(-1), id="negative status"),
        pytest.param(set_code(1000), id="four digits"),
        pytest.param(set_status("200 OK\r\nX-Evil: 1"), id="status of two lines"),
        pytest.param(set_status("200 \x00"), id="status with NUL"),
        pytest.param(set_status("200 ☃"), id="status beyond Latin-1"),
        pytest.param(set_status("wow"), id="status without a number"),
        pytest.param(set_header("X-A", "☃"), id="value beyond Latin-1"),
        pytest.param(set_header("X-A", "a\x00b"), id="value with NUL"),
        pytest.param(set_header("X-A", "a\x7f"), id="value with DEL"),
        pytest.param(set_header("X-A", "a\x0bb"), id="value with vertical tab"),
        pytest.param(set_header("X A", "a"), id="name with a space"),
        pytest.param(set_header("X-Ä", "a"), id="name beyond ASCII"),
        pytest.param(set_header("", "a"), id="empty name"),
        pytest.param(set_header("X-A:", "a"), id="name with a colon"),
        pytest.param(set_header("X-A\r\nX-Evil", "a"), id="name of two lines"),
        pytest.param(set_header("Location", "/a\x00"), id="location with NUL"),
        pytest.param(set_header("Location", "http://["), id="location that is no URL"),
        pytest.param(set_header("Content-Location", "//a:b"), id="content location that is no URL"),
        pytest.param(lambda response: setattr(response, "mimetype", "a\x00"), id="type with NUL"),
    ],
)
def test_a_response_that_cannot_be_sent_is_a_logged_500(
    change: Callable[[Response], object],
) -> None:
    answer, watched = broken_by(change)

    assert "secret body" not in answer.text
    assert not [name for name, _ in answer.headers if "evil" in name.lower()]
    assert len(watched.errors.raised) == 1


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "\r"])
def test_a_line_break_in_a_header_is_refused_where_it_is_set(value: str) -> None:
    with pytest.raises(ValueError, match="newline"):
        Response("x").headers["X-A"] = value
    with pytest.raises(ValueError, match="newline"):
        Response("x", headers={"X-A": value})
    assert broken_by(set_header("X-A", value))[0].status == 500


def test_the_error_names_the_header_and_its_value() -> None:
    _, watched = broken_by(set_header("X-Name", "☃"))

    assert "X-Name" in str(watched.errors.raised[0])
    assert "'☃'" in str(watched.errors.raised[0])


def test_headers_of_latin_1_text_and_tabs_are_sent() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: ("x", {"X-A": "grün\tist"}))

    assert Watched(app).ask().header("X-A") == "grün\tist"


def test_urls_of_a_response_may_hold_any_character() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: ("x", 201, {"Location": "/☃", "Content-Location": "/ß"}))

    shown = Watched(app).ask()

    assert shown.header("Location") == "/%E2%98%83"
    assert shown.header("Content-Location") == "/%C3%9F"


def test_an_after_request_function_that_breaks_every_response_gets_a_plain_500() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "x")

    @app.after_request
    def break_it(response: Response) -> Response:
        response.headers["X-A"] = "☃"
        return response

    answer = Watched(app).ask(server_fault=True)

    assert answer.header("X-A") is None
    assert answer.text == "Internal Server Error"


def test_the_handler_of_500_answers_for_a_response_that_cannot_be_sent() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: ("x", {"X-A": "☃"}))
    app.register_error_handler(500, lambda error: (f"sorry: {error.original_exception}", 500))

    assert Watched(app).ask(server_fault=True).text.startswith("sorry: The response cannot be sent")


class Failing(Response):
    """A response class one of whose steps fails."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        raise ZeroDivisionError


def test_a_step_of_the_response_class_that_raises_is_a_logged_500() -> None:
    app = Flask(__name__)
    app.response_class = Failing
    app.add_url_rule("/", "index", lambda: "x")
    watched = Watched(app)

    assert watched.ask(server_fault=True).text == "Internal Server Error"
    assert [type(error) for error in watched.errors.raised] == [ZeroDivisionError] * 2


def test_text_that_cannot_be_encoded_is_a_logged_500() -> None:
    bodies: list[Callable[[], Any]] = [lambda: "\ud800", lambda: Response(["a", "\ud800"])]
    for body in bodies:
        app = Flask(__name__)
        app.add_url_rule("/", "index", body)
        Watched(app).ask(server_fault=True)


def test_a_response_that_will_not_be_sent_is_closed_and_may_fail_over_it() -> None:
    closed: list[str] = []

    def close() -> None:
        closed.append("closed")
        raise ZeroDivisionError

    app = Flask(__name__)

    @app.get("/")
    def index() -> Response:
        response = Response("x", headers={"X-A": "☃"})
        response.call_on_close(close)
        return response

    watched = Watched(app)
    watched.ask(server_fault=True)

    assert closed == ["closed"]
    assert ZeroDivisionError in {type(error) for error in watched.errors.raised}


def test_a_response_that_fails_after_it_began_is_replaced() -> None:
    class Late(WerkzeugResponse):
        def __call__(
            self, environ: WSGIEnvironment, start_response: StartResponse
        ) -> Iterable[bytes]:
            start_response("200 OK", [("X-Late", "1")])
            raise ZeroDivisionError

    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "x")

    @app.after_request
    def replace(response: Response) -> WerkzeugResponse:
        return Late("x") if response.status_code == 200 else response

    answer = Watched(app).ask(server_fault=True)

    assert answer.header("X-Late") is None
    assert "Internal Server Error" in answer.text


@pytest.mark.parametrize("change", [set_code(0), set_header("X-A", "☃")])
def test_while_testing_a_response_that_cannot_be_sent_is_raised(
    change: Callable[[Response], object],
) -> None:
    app = Flask(__name__)
    app.testing = True

    @app.get("/")
    def index() -> Response:
        change(response := make_response("x"))
        return response

    with pytest.raises(ValueError, match="cannot be sent"):
        app.test_client().get("/")
