"""Headers that nobody asks for are not made into an object; that shows nowhere."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import Headers as BaseHeaders
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Response as BaseResponse

from typedflask import Flask, Response
from typedflask.responses.headers import Headers
from typedflask.responses.response import response_of_stream, response_of_text

TEXT = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "4")]


def pieces() -> Any:
    yield "te"
    yield "xt"


def sent(response: Response, method: str = "GET") -> tuple[list[tuple[str, str]], bytes]:
    """The headers and the body that a server gets."""
    body, _, headers = run_wsgi_app(response, create_environ(method=method))
    return list(headers), b"".join(body)


MAKERS = {
    "by its class": lambda: Response("text"),
    "of text": lambda: response_of_text("text"),
    "of bytes": lambda: response_of_text(b"text"),
    "of a stream": lambda: response_of_stream(pieces()),
    "by its class of a stream": lambda: Response(pieces()),
}


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Callable[[], Response]:
    return MAKERS[request.param]


def test_what_is_sent_does_not_depend_on_who_looked(make: Callable[[], Response]) -> None:
    looked = make()
    assert type(looked.headers) is Headers
    assert looked.headers is looked.headers
    assert sent(make()) == sent(looked)
    assert sent(make(), "HEAD") == sent(looked, "HEAD")


def test_a_change_is_sent_and_is_nobody_elses(make: Callable[[], Response]) -> None:
    changed = make()
    changed.headers["X-A"] = "1"
    del changed.headers["Content-Type"]
    names = [name for name, _ in sent(changed)[0]]
    assert "X-A" in names
    assert "Content-Type" not in names
    assert ("X-A", "1") not in sent(make())[0]
    assert sent(make())[0][0] == TEXT[0]


def test_headers_that_are_assigned_are_sent(make: Callable[[], Response]) -> None:
    own = BaseHeaders([("Content-Type", "text/plain"), ("X-A", "1")])
    response = make()
    response.headers = own
    assert response.headers is own
    assert set(own) <= set(sent(response)[0])
    assert ("Content-Type", TEXT[0][1]) not in sent(response)[0]


def test_a_response_is_sent_again_as_it_is_then() -> None:
    response = response_of_text("text")
    assert sent(response) == (TEXT, b"text")
    response.headers["X-A"] = "1"
    assert sent(response) == ([*TEXT, ("X-A", "1")], b"text")
    response.set_data("longer")
    assert ("Content-Length", "6") in sent(response)[0]


def test_a_step_that_is_replaced_gets_the_headers() -> None:
    response: Any = response_of_text("text")
    response.get_wsgi_headers = lambda environ: BaseHeaders([*response.headers, ("X-Step", "1")])
    assert sent(response)[0] == [*TEXT, ("X-Step", "1")]


def test_a_class_that_has_its_own_headers_is_asked_for_them() -> None:
    class Own(Response):
        @property
        def headers(self) -> BaseHeaders:
            return BaseHeaders([("X-Own", "1"), *vars(self).get("kept", [])])

        @headers.setter
        def headers(self, headers: BaseHeaders) -> None:
            vars(self)["kept"] = headers

    app = Flask("app")
    app.response_class = Own
    app.add_url_rule("/", "index", lambda: "text")
    body, _, headers = run_wsgi_app(app, create_environ())
    assert b"".join(body) == b"text"
    assert headers["X-Own"] == "1"


def test_a_response_of_werkzeugs_that_becomes_ours_keeps_its_headers() -> None:
    theirs = BaseResponse("text", headers={"X-A": "1"})
    ours = Response.force_type(theirs)
    assert type(ours) is Response
    assert ours.headers["X-A"] == "1"
    assert ("X-A", "1") in sent(ours)[0]
    ours.headers = BaseHeaders([("X-B", "1")])
    assert ("X-B", "1") in sent(ours)[0]
    assert ("X-A", "1") not in sent(ours)[0]


def test_a_response_that_was_pickled_has_them() -> None:
    again: Response = pickle.loads(pickle.dumps(response_of_text("text")))
    assert sent(again) == (TEXT, b"text")
    assert again.headers == response_of_text("text").headers
