"""The response: how it is made, sent the short way or the general one, and refused."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.watching import Watched, sent
from typedflask import (
    Flask,
    Response,
    after_this_request,
    jsonify,
    make_response,
    redirect,
    request,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class General(Response):
    """Overrides a step without changing it, and so is sent step by step."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        return super().get_wsgi_headers(environ)


class Made(Response):
    """Overrides a step of being made without changing it."""

    def set_data(self, value: bytes | str) -> None:
        super().set_data(value)


Make = Callable[[type[Response]], Response]


def with_headers(kind: type[Response]) -> Response:
    response = kind("x")
    response.headers["X-A"] = "ü"
    response.set_cookie("a", "b")
    response.vary.add("Cookie")
    return response


def lowercase_length(kind: type[Response]) -> Response:
    response = kind("x")
    del response.headers["Content-Length"]
    response.headers["content-length"] = "1"
    return response


def elsewhere(kind: type[Response]) -> Response:
    return kind("x", 201, {"Location": "/ü ö?ä=1", "Content-Location": "/ß"})


def without_length(kind: type[Response]) -> Response:
    response = kind("x")
    response.headers.remove("Content-Length")
    return response


def passed_through(kind: type[Response]) -> Response:
    return kind([b"a", b"b"], direct_passthrough=True)


SHAPES: list[Make] = [
    lambda kind: kind(),
    lambda kind: kind("text ü"),
    lambda kind: kind(b"bytes"),
    lambda kind: kind(""),
    lambda kind: kind(["a", "b"]),
    lambda kind: kind([b"a", b"b"]),
    lambda kind: kind(("a", "b")),
    lambda kind: kind(iter(["a", "b"])),
    lambda kind: kind(iter([b"a"]), headers={"Content-Length": "1"}),
    lambda kind: kind("x", 201),
    lambda kind: kind("x", HTTPStatus.IM_A_TEAPOT),
    lambda kind: kind("x", "299 Odd But Fine"),
    lambda kind: kind("x", 204),
    lambda kind: kind("x", 205),
    lambda kind: kind("x", 304),
    lambda kind: kind("x", 404),
    lambda kind: kind("x", 500),
    lambda kind: kind("x", mimetype="text/plain"),
    lambda kind: kind("x", mimetype="image/png"),
    lambda kind: kind("x", mimetype="application/xml"),
    lambda kind: kind("x", content_type="text/plain; charset=latin-1"),
    lambda kind: kind("x", headers=[("X-A", "1"), ("X-A", "2")]),
    lambda kind: kind("x", headers={"Content-Type": "text/csv"}),
    lambda kind: kind("x", headers={"Content-Length": "1"}),
    with_headers,
    lowercase_length,
    elsewhere,
    without_length,
    passed_through,
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("make", SHAPES)
@pytest.mark.parametrize("kind", [General, Made])
def test_the_short_way_sends_the_same_bytes_as_the_general_one(
    make: Make, method: str, kind: type[Response]
) -> None:
    assert sent(make(Response), method) == sent(make(kind), method)


@given(
    body=st.one_of(st.text(), st.binary(), st.lists(st.text()), st.lists(st.binary())),
    status=st.sampled_from([200, 201, 204, 206, 302, 304, 400, 404, 503]),
    headers=st.dictionaries(
        st.sampled_from(["X-A", "Content-Type", "Vary", "ETag", "Location", "content-length"]),
        st.text("abc/123", min_size=1),
    ),
    method=st.sampled_from(["GET", "HEAD"]),
)
@settings(max_examples=200, deadline=None)
def test_any_response_is_sent_the_same_both_ways(
    body: str | bytes | list[str] | list[bytes], status: int, headers: dict[str, str], method: str
) -> None:
    assert sent(Response(body, status, headers), method) == sent(
        General(body, status, headers), method
    )


def test_every_step_that_a_subclass_overrides_is_taken() -> None:
    taken: list[str] = []

    class Stepwise(Response):
        def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
            taken.append("get_wsgi_headers")
            headers = super().get_wsgi_headers(environ)
            headers["X-Step"] = "1"
            return headers

        def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
            taken.append("get_app_iter")
            return super().get_app_iter(environ)

        def iter_encoded(self) -> Iterator[bytes]:
            taken.append("iter_encoded")
            return super().iter_encoded()

        def close(self) -> None:
            taken.append("close")
            super().close()

        def get_wsgi_response(
            self, environ: WSGIEnvironment
        ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
            taken.append("get_wsgi_response")
            return super().get_wsgi_response(environ)

    _, headers, body = sent(Stepwise("x"))

    assert ("X-Step", "1") in headers
    assert body == b"x"
    assert set(taken) == {
        "get_wsgi_headers",
        "get_app_iter",
        "iter_encoded",
        "close",
        "get_wsgi_response",
    }


@pytest.mark.parametrize("step", ["get_wsgi_headers", "get_app_iter", "iter_encoded", "close"])
def test_overriding_one_step_is_enough(step: str) -> None:
    taken: list[str] = []

    def override(self: Response, *args: Any) -> Any:
        taken.append(step)
        return getattr(super(kind, self), step)(*args)

    kind: type[Response] = type("Own", (Response,), {step: override})
    app = Flask(__name__)
    app.response_class = kind
    app.add_url_rule("/", "index", lambda: "x")

    assert Watched(app).ask().text == "x"
    assert taken == [step]


def test_a_subclass_may_set_its_own_status_and_type() -> None:
    class Odd(Response):
        default_status = 299
        default_mimetype = None

    line, headers, _ = sent(Odd("x"))

    assert line == "299 UNKNOWN"
    assert dict(headers) == {"Content-Length": "1"}


@pytest.mark.parametrize("body", ["x", ["x"], iter(["x"])])
def test_what_is_to_be_called_on_close_is_called_once(
    body: str | list[str] | Iterator[str],
) -> None:
    called: list[str] = []
    response = Response(body)
    response.call_on_close(lambda: called.append("closed"))

    assert sent(response)[2] == b"x"
    assert called == ["closed"]


def test_a_bytearray_is_a_body_and_later_changes_to_it_are_not_sent() -> None:
    body = bytearray(b"x")
    response = Response(body)
    body.extend(b"y")

    assert sent(response)[2] == b"x"


def test_the_pieces_of_a_stream_may_be_taken_one_by_one() -> None:
    pieces: Any = Response(iter(["a", "b"]))(
        EnvironBuilder().get_environ(), lambda *start: bytearray().extend
    )

    assert (next(iter(pieces)), next(pieces)) == (b"a", b"b")


# --- making responses --------------------------------------------------------------------


def test_make_response_takes_what_views_return() -> None:
    app = Flask(__name__)

    with app.test_request_context():
        assert make_response().data == b""
        assert make_response("x").data == b"x"
        assert make_response("x", 201).status == "201 CREATED"
        assert make_response("x", {"X-A": "1"}).headers["X-A"] == "1"
        three = make_response("x", 202, [("X-A", "1")])
        assert (three.status_code, three.headers["X-A"]) == (202, "1")
        assert make_response(("x", 203)).status_code == 203
        assert make_response({"a": 1}).json == {"a": 1}
        assert make_response([1]).json == [1]
        assert make_response(iter("ab")).get_data() == b"ab"
        own = Response("x")
        assert make_response(own) is own
        assert type(make_response(WerkzeugResponse("x"))) is Response
        assert app.make_response(("x", 204)).status_code == 204


def test_make_response_makes_responses_of_the_applications_class() -> None:
    class Own(Response):
        pass

    app = Flask(__name__)
    app.response_class = Own

    with app.test_request_context():
        assert {type(make_response()), type(make_response("x")), type(jsonify(1))} == {Own}
        assert type(redirect("/")) is Own


def test_make_response_refuses_what_views_may_not_return() -> None:
    make: Any = make_response  # a checker refuses both
    with Flask(__name__).test_request_context():
        with pytest.raises(TypeError, match="None"):
            make(None)
        with pytest.raises(TypeError, match="tuple of 4"):
            make("a", 1, {}, 4)


def test_a_redirect_is_this_packages_response_with_or_without_an_application() -> None:
    assert type(redirect("/a")) is Response
    assert (redirect("/a").status_code, redirect("/a").headers["Location"]) == (302, "/a")
    assert redirect("/a", 308).status_code == 308
    assert type(redirect("/a", Response=General)) is General
    with Flask(__name__).test_request_context():
        assert type(redirect("/a", 303, General)) is General


def test_the_body_of_a_response_is_read_as_json_by_the_applications_backend() -> None:
    class Shouting:
        def dumps(self, obj: object, **kwargs: object) -> str:
            return "null"

        def loads(self, s: str | bytes, **kwargs: object) -> object:
            return str(s.decode() if isinstance(s, bytes) else s).upper()

    response = Response('"a"', mimetype="application/json")
    assert response.json == "a"

    with Flask(__name__, json=Shouting()).app_context():
        assert response.get_json(force=True) == '"A"'


def test_the_application_says_how_large_a_cookie_may_be() -> None:
    app = Flask(__name__)
    app.config["MAX_COOKIE_SIZE"] = 50
    response = Response()

    with app.app_context(), pytest.warns(UserWarning, match="too large"):
        response.set_cookie("a", "b" * 60)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Response().set_cookie("a", "b" * 60)


def test_a_response_of_one_request_may_be_finished_by_functions_of_that_request() -> None:
    app = Flask(__name__)

    @app.get("/")
    def index() -> str:
        @after_this_request
        def mark(response: Response) -> Response:
            response.headers["X-Path"] = request.path
            return response

        return "x"

    assert Watched(app).ask().header("X-Path") == "/"
