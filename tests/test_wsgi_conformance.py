"""PEP 3333: one pass over a representative application with `wsgiref.validate` around it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.validate import validator

import pytest
from werkzeug.test import EnvironBuilder

from tests.watching import Headers, Watched
from typedflask import (
    Blueprint,
    Flask,
    Response,
    abort,
    flash,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    render_template_string,
    request,
    send_file,
    send_from_directory,
    session,
    stream_template_string,
    stream_with_context,
    url_for,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# What no checker would let a view return.
NOTHING: Any = None


def wsgi_application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"another application"]


def texts(app: Flask, folder: Path) -> None:
    """Views that return text, JSON and streams."""
    app.add_url_rule("/", "index", lambda: "grüße")
    app.add_url_rule("/bytes", "bytes", lambda: (b"\x00\xff", {"Content-Type": "image/x-own"}))
    app.add_url_rule("/json", "json", lambda: {"a": [1, None]})
    app.add_url_rule("/jsonify", "jsonify", lambda: jsonify(a=1))
    app.add_url_rule("/empty", "empty", lambda: "")
    app.add_url_rule("/created", "created", lambda: ("x", 201, {"Location": "/grüße"}))
    app.add_url_rule("/none", "none", lambda: ("", 204))
    app.add_url_rule("/wsgi", "wsgi", lambda: wsgi_application)
    app.add_url_rule("/template", "template", lambda: render_template_string("{{ 1 + 1 }}"))
    app.add_url_rule("/streamed", "streamed", lambda: stream_template_string("{{ request.path }}"))

    @app.get("/stream")
    def stream() -> Iterator[str]:
        yield "one "
        yield ""
        yield "two"

    @app.get("/context")
    def context() -> Iterator[str]:
        def pieces() -> Iterator[str]:
            yield request.path
            yield "!"

        return stream_with_context(pieces())

    @app.get("/etag")
    def etag() -> Response:
        response = make_response("tagged")
        response.add_etag()
        return response.make_conditional(request)

    app.add_url_rule("/file", "file", lambda: send_file(folder / "file.txt"))
    app.add_url_rule("/memory", "memory", lambda: send_file(io.BytesIO(b"x"), "text/plain"))
    app.add_url_rule("/below/<path:path>", "below", lambda path: send_from_directory(folder, path))


def conversations(app: Flask) -> None:
    """Views that read what was sent, keep sessions, and send the client elsewhere."""

    @app.route("/session", methods=["GET", "POST"])
    def keep() -> str:
        session["visits"] = session.get("visits", 0) + 1
        flash("seen")
        return str(get_flashed_messages())

    @app.get("/logout")
    def logout() -> Response:
        session.clear()
        response = redirect(url_for("index"))
        response.delete_cookie("other")
        return response

    @app.post("/form")
    def form() -> dict[str, Any]:
        return {"form": request.form, "files": [f.filename for f in request.files.values()]}

    app.add_url_rule("/echo", "echo", lambda: request.data, methods=["POST", "PUT"])
    app.add_url_rule("/posted", "posted", lambda: request.json, methods=["POST"])
    app.add_url_rule("/slash/", "slash", lambda: "x")


def mistakes(app: Flask) -> None:
    """Views that fail, with and without a handler."""
    shop = Blueprint("shop", __name__, url_prefix="/shop")

    def fail() -> str:
        raise ZeroDivisionError

    for scaffold in (app, shop):
        scaffold.add_url_rule("/fail", "fail", fail)
    shop.register_error_handler(ZeroDivisionError, lambda error: ("handled", 409))
    app.register_blueprint(shop)
    app.add_url_rule("/teapot", "teapot", lambda: abort(418))
    app.add_url_rule("/unsendable", "unsendable", lambda: ("x", {"X-A": "☃"}))
    app.add_url_rule("/nothing", "nothing", lambda: NOTHING)

    @app.before_request
    def stop() -> tuple[str, int] | None:
        return ("stopped", 403) if request.args.get("stop") else None

    @app.after_request
    def mark(response: Response) -> Response:
        response.headers["X-Marked"] = "yes"
        return response


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "file.txt").write_text("0123456789")
    app = Flask(__name__, static_folder=str(folder))
    app.secret_key = "a key"
    texts(app, folder)
    conversations(app)
    mistakes(app)
    return Watched(app, validated=True)


class Ask(NamedTuple):
    path: str
    status: int
    body: bytes | None = None
    """What must be part of the answer's body."""
    options: Mapping[str, Any] = MappingProxyType({})


def head(path: str, status: int = 200) -> Ask:
    return Ask(path, status, b"", {"method": "HEAD"})


def headed(path: str, status: int, body: bytes | None = None, **headers: str) -> Ask:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Ask(path, status, body, {"headers": named})


PART = b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n1\r\n--x--\r\n'

PASS: list[Ask] = [
    Ask("/", 200, "grüße".encode()),
    Ask("/bytes", 200, b"\x00\xff"),
    Ask("/json", 200, b'{"a":[1,null]}\n'),
    Ask("/jsonify", 200, b'{"a":1}\n'),
    Ask("/empty", 200, b""),
    Ask("/created", 201, b"x"),
    Ask("/none", 204, b""),
    Ask("/wsgi", 200, b"another application"),
    Ask("/template", 200, b"2"),
    Ask("/streamed", 200, b"/streamed"),
    Ask("/stream", 200, b"one two"),
    Ask("/context", 200, b"/context!"),
    Ask("/etag", 200, b"tagged"),
    headed("/etag", 304, b"", If_None_Match="*"),
    Ask("/file", 200, b"0123456789"),
    Ask("/memory", 200, b"x"),
    Ask("/static/file.txt", 200, b"0123456789"),
    Ask("/below/file.txt", 200, b"0123456789"),
    Ask("/below/nowhere", 404),
    headed("/file", 206, b"123", Range="bytes=1-3"),
    headed("/file", 416, None, Range="bytes=50-"),
    headed("/file", 304, b"", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT"),
    Ask("/session", 200, b"seen"),
    headed("/session", 200, b"seen", Cookie="session=tampered"),
    Ask("/logout", 302, None),
    Ask("/form", 200, b'"a":"1"', {"method": "POST", "data": {"a": "1"}}),
    Ask(
        "/form",
        200,
        b'"f"',
        {
            "method": "POST",
            "data": PART,
            "environ": {"CONTENT_TYPE": "multipart/form-data; boundary=x"},
        },
    ),
    Ask("/echo", 200, b"sent", {"method": "PUT", "data": b"sent"}),
    Ask("/echo", 200, b"", {"method": "POST"}),
    Ask("/posted", 200, b"[1]", {"method": "POST", "json": [1]}),
    Ask("/posted", 400, None, {"method": "POST", "data": "{", "content_type": "application/json"}),
    Ask("/posted", 415, None, {"method": "POST", "data": "{"}),
    Ask("/slash", 308),
    Ask("/nowhere", 404),
    Ask("/form", 405),
    Ask("/teapot", 418),
    Ask("/?stop=1", 403, b"stopped"),
    Ask("/shop/fail", 409, b"handled"),
    Ask("/fail", 500),
    Ask("/unsendable", 500),
    Ask("/nothing", 500),
    Ask("/", 200, b"", {"method": "OPTIONS"}),
    Ask("/", 200, None, {"base_url": "https://example.com:8443/mounted"}),
    *map(head, ["/", "/json", "/stream", "/context", "/file", "/wsgi", "/session", "/empty"]),
    head("/none", 204),
    head("/slash", 308),
    head("/nowhere", 404),
    head("/form", 405),
    head("/fail", 500),
]


@pytest.mark.parametrize(
    "ask", PASS, ids=lambda ask: f"{ask.options.get('method', 'GET')} {ask.path} {ask.status}"
)
def test_every_kind_of_answer_conforms(watched: Watched, ask: Ask) -> None:
    answer = watched.ask(ask.path, server_fault=ask.status == 500, **ask.options)

    assert answer.status == ask.status
    assert ask.body is None or (ask.body in answer.body if ask.body else answer.body == b"")
    if ask.path != "/unsendable":
        assert answer.header("X-Marked") == "yes"


def test_one_application_answers_all_of_them_one_after_another(watched: Watched) -> None:
    for ask in PASS:
        watched.ask(ask.path, server_fault=ask.status == 500, **ask.options)

    assert len(watched.torn_down.request) == len(PASS)


def test_a_head_request_is_answered_with_the_headers_of_get(watched: Watched) -> None:
    for path in ("/", "/json", "/created", "/file", "/static/file.txt", "/nowhere"):
        get, answer = watched.ask(path), watched.ask(path, method="HEAD")
        kept = [header for header in get.headers if header[0] != "Date"]
        assert [header for header in answer.headers if header[0] != "Date"] == kept


def test_a_stream_that_is_given_up_is_closed_and_torn_down_once(watched: Watched) -> None:
    environ = EnvironBuilder("/context").get_environ()
    ran = watched.torn_down.request

    pieces = validator(watched.app)(environ, ignore_start)
    assert next(iter(pieces)) == b"/context"
    assert ran == []
    close: Callable[[], None] = pieces.close  # type: ignore[attr-defined]
    close()

    assert len(ran) == 1


def ignore_start(
    status: str, headers: Headers, exc_info: object = None, /
) -> Callable[[bytes], object]:
    return bytearray().extend


def test_the_checker_itself_notices_what_must_not_be(watched: Watched) -> None:
    # A checker that cannot fail would prove nothing.
    with pytest.raises(AssertionError, match="500"):
        watched.ask("/fail")
    with pytest.raises(AssertionError, match="500 was due"):
        watched.ask("/", server_fault=True)

    def escaping(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    def unannounced(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"x"]

    app = Flask(__name__)
    replaced = Watched(app)
    for broken, error in ((escaping, ZeroDivisionError), (unannounced, AssertionError)):
        app.wsgi_app = broken
        with pytest.raises(error):
            replaced.ask("/")
