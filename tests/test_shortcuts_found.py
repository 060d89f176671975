"""What comparing answers with and without shortcuts has found, once mended."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from typedflask import Flask, Response, request

# Any, in this file: what is put in the place of a step may take and give anything.


def test_asking_for_a_form_does_not_read_what_is_none() -> None:
    """A text that was cut short concerns nobody who asks for fields."""
    app = Flask("app")
    app.add_url_rule("/", "index", lambda: repr(request.form.get("a")), methods=["POST"])
    for length in (4, 999):
        answer = app.test_client().post(
            "/", input_stream=BytesIO(b"text"), content_length=length, content_type="text/plain"
        )
        assert answer.text == "None"


STEPS: dict[str, Any] = {
    "get_app_iter": lambda environ: [b"other"],
    "iter_encoded": lambda: iter([b"other"]),
    "get_wsgi_response": lambda environ: ([b"other"], "200 OK", []),
}


def sent(response: Response) -> bytes:
    """The body as a server gets it."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    return b"".join(response(environ, lambda *args: lambda written: None))


@pytest.mark.parametrize("name", STEPS)
def test_a_step_replaced_on_one_response_is_asked(name: str) -> None:
    response = Response("words")
    setattr(response, name, STEPS[name])
    assert sent(response) == b"other"
    assert sent(Response("words")) == b"words"


def test_a_replaced_step_may_call_the_original_and_be_given_back() -> None:
    class Derived(Response):
        def iter_encoded(self) -> Any:
            return (piece.upper() for piece in super().iter_encoded())

    for kind, expected in ((Response, b"words!"), (Derived, b"WORDS!")):
        response: Any = kind("words")
        original = response.iter_encoded
        response.iter_encoded = lambda original=original: iter([*original(), b"!"])
        assert sent(response) == expected
        del response.iter_encoded
        assert sent(response) == expected[:-1]
        with pytest.raises(AttributeError):
            del response.iter_encoded


def test_a_replaced_close_is_called() -> None:
    closed: list[str] = []
    response: Any = Response(iter(["words"]))
    response.close = lambda: closed.append("closed")
    pieces: Any = response({"REQUEST_METHOD": "GET"}, lambda *args: print)
    assert list(pieces) == [b"words"]
    pieces.close()
    assert closed == ["closed"]


def test_a_server_that_names_no_path_means_the_root() -> None:
    """An empty one is sent on to it."""
    app = Flask("app", static_folder=None)
    app.add_url_rule("/", "index", lambda: "index")
    environ = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    environ["wsgi.url_scheme"] = "http"
    started: list[str] = []

    def ask(environ: Any) -> bytes:
        def start(status: str, *args: Any) -> Any:
            started.append(status)

        return b"".join(app(environ, start))

    assert ask(environ) == b"index"
    ask({**environ, "PATH_INFO": ""})
    assert started == ["200 OK", "308 PERMANENT REDIRECT"]
