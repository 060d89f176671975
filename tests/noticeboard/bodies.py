"""Views that return everything a view may return, and read everything a request may bring."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from werkzeug.routing import BaseConverter

from typedflask import (
    Flask,
    Response,
    after_this_request,
    g,
    jsonify,
    make_response,
    request,
    stream_with_context,
)
from typedflask.views import MethodView, View

from .hooks import note

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from typedflask.typing import ResponseReturnValue


class Colour(BaseConverter):
    """Three pairs of hexadecimal digits."""

    regex = "[0-9a-f]{6}"

    def to_python(self, value: str) -> tuple[int, int, int]:
        red, green, blue = bytes.fromhex(value)
        return red, green, blue

    def to_url(self, value: tuple[int, int, int]) -> str:
        return bytes(value).hex()


def small_wsgi(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """A WSGI application of its own, with a status and a header."""
    headers = [("Content-Type", "text/x-small"), ("X-Small", environ["PATH_INFO"])]
    start_response("203 Non-Authoritative Information", headers)
    return [b"small"]


def pieces() -> Iterator[str]:
    """A body in three parts."""
    yield from ("one ", "two ", "three")


def refusal() -> ResponseReturnValue:
    """A JSON problem with a status line."""
    return {"problem": "no"}, "409 CONFLICT", [("X-Twice", "1"), ("X-Twice", "2")]


BODIES: dict[str, Callable[[], ResponseReturnValue]] = {
    "text": lambda: "plain <text>",
    "bytes": lambda: b"\x00\xff",
    "bytearray": lambda: bytearray(b"mutable"),
    "dict": lambda: {"b": [1, 2.5, None, True], "a": "ü"},
    "list": lambda: [{"id": uuid.UUID(int=7)}, "two"],
    "generator": pieces,
    "iterator": lambda: iter([b"four ", b"five"]),
    "status": lambda: ("made", 201),
    "status-line": refusal,
    "headers": lambda: ("cream", {"Content-Type": "text/x-cream", "X-Cow": "Berta"}),
    "all": lambda: ("teapot", 418, {"X-Tea": ["green", "black"]}),
    "response": lambda: Response("ready", 202, {"X-Ready": "yes"}, mimetype="text/css"),
    "response-tuple": lambda: (Response("ready", 202), 203, {"X-Later": "yes"}),
    "wsgi": lambda: small_wsgi,
    "no-content": lambda: ("", 204),
    "jsonify": lambda: jsonify(1, "two", [3]),
    "jsonify-words": lambda: jsonify(z=1, a={"y": 2, "x": 3}),
    "empty": make_response,
    "made": lambda: make_response("made", 203, {"X-Made": "1"}),
}


class Counter(View):
    """A class of views that is made once."""

    init_every_request = False
    methods = ["GET", "POST"]  # noqa: RUF012 - as the documentation shows it

    def __init__(self, start: int) -> None:
        self.count = start

    def dispatch_request(self, step: int) -> ResponseReturnValue:
        self.count += step
        return f"{request.method} {self.count}"


def shouting(view: Callable[..., str]) -> Callable[..., str]:
    """A decorator for classes of views."""

    def shout(*args: Any, **kwargs: Any) -> str:
        return view(*args, **kwargs).upper()

    return shout


class Thing(MethodView):
    """A method for each method."""

    decorators = [shouting]  # noqa: RUF012 - as the documentation shows it

    def get(self, name: str) -> str:
        return f"got {name}"

    def put(self, name: str) -> str:
        return f"put {name} {request.get_data(as_text=True)}"


def described() -> ResponseReturnValue:
    """What the request says of itself."""
    found = {
        "method": request.method,
        "path": request.path,
        "full_path": request.full_path,
        "script_root": request.script_root,
        "url": request.url,
        "base_url": request.base_url,
        "root_url": request.root_url,
        "host": request.host,
        "host_url": request.host_url,
        "scheme": request.scheme,
        "secure": request.is_secure,
        "remote": request.remote_addr,
        "agent": str(request.user_agent),
        "args": request.args.to_dict(flat=False),
        "typed": request.args.get("n", -1, type=int),
        "form": request.form.to_dict(flat=False),
        "values": request.values.to_dict(),
        "files": {name: file.read().decode() for name, file in request.files.items()},
        "names": [file.filename for file in request.files.values()],
        "cookies": dict(request.cookies),
        "is_json": request.is_json,
        "mimetype": request.mimetype,
        # A form with files has a boundary of random length.
        "length": bool(request.files) or request.content_length,
        "best": request.accept_mimetypes.best_match(["text/html", "application/json"]),
        "languages": list(request.accept_languages.values()),
        "header": request.headers.get("X-Mine"),
        "endpoint": request.endpoint,
        "blueprint": request.blueprint,
        "blueprints": request.blueprints,
        "view_args": request.view_args,
        "rule": str(request.url_rule),
        "authorization": request.authorization and request.authorization.username,
        "referrer": request.referrer,
        "if_none_match": request.if_none_match.to_header(),
        "limit": request.max_content_length,
    }
    return json.loads(json.dumps(found, default=repr))  # type: ignore[no-any-return]  # a dict


def register(app: Flask) -> None:  # noqa: C901 - a list of views
    """Add the views."""
    app.url_map.converters["colour"] = Colour

    @app.get("/body/<kind>")
    def body(kind: str) -> ResponseReturnValue:
        return BODIES[kind]()

    @app.get("/stream")
    def stream() -> ResponseReturnValue:
        note("the view of the stream")

        @stream_with_context
        def parts() -> Iterator[str]:
            note("the stream begins")
            yield f"{request.args['name']} "
            yield f"{g.steps}"

        return parts(), {"X-Streamed": "yes"}

    @app.route("/request", methods=["GET", "POST", "PUT"])
    def about_request() -> ResponseReturnValue:
        return described()

    @app.post("/json")
    def echo() -> ResponseReturnValue:
        return jsonify(request.get_json())

    @app.post("/json/lenient")
    def lenient() -> ResponseReturnValue:
        return [request.get_json(force=True, silent=True), request.is_json]

    @app.get("/typed/<int:number>/<float(min=0.5):size>/<any(left, right):side>/<uuid:key>")
    def typed(number: int, size: float, side: str, key: uuid.UUID) -> ResponseReturnValue:
        return [number, size, side, key]

    @app.get("/colour/<colour:shade>")
    def colour(shade: tuple[int, int, int]) -> ResponseReturnValue:
        return list(shade)

    @app.get("/deep/<path:rest>/end")
    def deep(rest: str) -> str:
        return rest

    @app.route("/people/", defaults={"page": 1})
    @app.route("/people/page/<int:page>")
    def people(page: int) -> str:
        return f"page {page}"

    @app.get("/leaf")
    def leaf() -> str:
        def mark(response: Response) -> Response:
            note("after this request")
            response.headers["X-Marked"] = "yes"
            return response

        after_this_request(mark)
        return "leaf"

    @app.get("/async/<int:number>")
    async def later(number: int) -> ResponseReturnValue:
        note(f"async {request.endpoint}")
        return {"number": number}

    app.add_url_rule("/count/<int:step>", view_func=Counter.as_view("count", 10))
    app.add_url_rule("/thing/<name>", view_func=Thing.as_view("thing"))
    app.add_url_rule("/named", "named", methods=["get"], provide_automatic_options=False)

    @app.endpoint("named")
    def answer_for_name() -> str:
        return f"the endpoint is {request.endpoint}"
