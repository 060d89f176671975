"""An application for real servers to serve to badly behaved clients.

It counts the requests it was called for and those it tore down, and tells both at `/counts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from typedflask import Flask, Response, redirect, request, session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LIMIT = 1000

app = Flask(__name__)
app.config.update(SECRET_KEY="a key", MAX_CONTENT_LENGTH=LIMIT)


class Tally:
    """Both counters."""

    called = 0
    torn_down = 0


inner = app.wsgi_app


def counting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Count a call, then answer it."""
    Tally.called += 1
    return inner(environ, start_response)


app.wsgi_app = counting


@app.teardown_appcontext
def count_teardown(error: BaseException | None) -> None:
    Tally.torn_down += 1


@app.get("/counts")
def counts() -> list[int]:
    """The calls before this one, and the teardowns."""
    return [Tally.called - 1, Tally.torn_down]


app.add_url_rule("/", "index", lambda: "hello")
app.add_url_rule("/echo", "echo", lambda: request.data, methods=["POST"])
app.add_url_rule("/form", "form", lambda: {"form": request.form}, methods=["POST"])
app.add_url_rule("/posted", "posted", lambda: {"got": request.json}, methods=["POST"])
app.add_url_rule("/go", "go", lambda: redirect(request.args["to"]))
app.add_url_rule("/path/<path:path>", "path", lambda path: [path, request.url, request.args])
app.add_url_rule("/slash/", "slash", lambda: "x")
app.add_url_rule("/none", "none", lambda: ("never sent", 204))
app.add_url_rule("/unmodified", "unmodified", lambda: ("never sent", 304))
app.add_url_rule("/unsendable", "unsendable", lambda: ("x", {"X-A": "☃"}))
app.add_url_rule("/session", "session", lambda: str(session.get("visits", 0)))


@app.get("/stream")
def stream() -> Iterator[str]:
    yield "one "
    yield "two"


@app.get("/header")
def header() -> Response:
    return Response("x", headers={"X-Copy": request.args["value"]})
