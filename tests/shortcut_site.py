"""An application with a page for everything a shortcut is about, and requests for all of it.

Its hooks and receivers note that they ran. Tests change one thing about it, and compare.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from werkzeug.exceptions import Conflict, NotFound

from tests.both_ways import Notes
from typedflask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    flash,
    g,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    render_template_string,
    request,
    send_file,
    session,
    signals,
    stream_with_context,
    url_for,
)

# Any, in this file: what hooks take and give is not what is tested here.

FILES = Path(__file__).parent
EDGES = {
    "numbers": [0, -1, 1.5, 1e300, 2**70, True, None],
    "text": ["", "ü", "\u2028", "</script>", "\x7f", "😀", '"\\'],
    "more": [datetime(2026, 1, 2, tzinfo=UTC), Decimal("1.10"), UUID(int=5), (1, 2), {"b": {}}],
}


class OwnError(Exception):
    """An error with a handler."""


def note_hooks(place: Any, name: str, notes: Notes) -> None:
    """Give an application or a blueprint a function for every stage."""

    def before() -> None:
        notes.append(f"before {name} {request.endpoint}")

    def after(response: Any) -> Any:
        notes.append(f"after {name} {response.status_code}")
        return response

    def teardown(error: BaseException | None) -> None:
        notes.append(f"teardown {name} {error!r}")

    def values(endpoint: str | None, values: dict[str, Any] | None) -> None:
        notes.append(f"values {name} {endpoint} {values}")

    def defaults(endpoint: str, values: dict[str, Any]) -> None:
        notes.append(f"defaults {name} {endpoint} {values}")

    def names() -> dict[str, str]:
        notes.append(f"names {name}")
        return {f"from_{name}": name}

    place.before_request(before)
    place.after_request(after)
    place.teardown_request(teardown)
    place.url_value_preprocessor(values)
    place.url_defaults(defaults)
    place.context_processor(names)


def hear_signals(app: Flask, notes: Notes) -> None:
    """Note every signal; the receivers live as long as the application."""
    kept: list[object] = []
    for name in signals.__all__:
        signal = getattr(signals, name)
        if not hasattr(signal, "receivers"):
            continue

        def receive(sender: object, name: str = name, **values: Any) -> None:
            notes.append(f"signal {name} {sorted(values)}")

        signal.connect(receive, app)
        kept.append(receive)
    app.extensions["receivers"] = kept


# --- views --------------------------------------------------------------------------------------


def pieces() -> Iterator[str]:
    """A stream that needs no context."""
    yield from ("one ", "two ", "drei ü")


def with_context() -> Any:
    """A stream that does."""

    def made() -> Iterator[str]:
        yield request.path
        yield url_for("number", number=3)

    return stream_with_context(made())


async def slowly() -> str:
    """An async view."""
    return f"async {request.endpoint}"


async def async_pieces() -> AsyncIterator[str]:
    """An async stream."""
    yield "one "
    yield "two"


def told() -> str:
    """What a client sent, in every form."""
    data = [request.method, request.path, request.full_path, request.url, request.host]
    data += [request.root_path, request.script_root, request.scheme, request.mimetype]
    for values in (request.args, request.cookies, request.form, request.files):
        shown = [(key, str(value)) for key, value in values.items(multi=True) if key != "session"]
        data.append(f"{shown}")
    data.append(f"{request.content_length} {request.is_secure} {request.remote_addr}")
    data.append(f"{request.get_data()!r} {request.endpoint} {request.view_args}")
    return "\n".join(map(str, data))


def body_first() -> str:
    """The body, then the form, which is empty then."""
    return f"{request.get_data()!r} {dict(request.form)} {request.stream.read()!r}"


def read_json() -> Any:
    """The JSON a client sent, sent back."""
    return jsonify(got=request.json, silent=request.get_json(silent=True))


def remember() -> str:
    """Write into the session."""
    session["user"] = request.args.get("user", "Ada")
    session["many"] = [1, (2, b"3"), {"at": datetime(2026, 1, 2, tzinfo=UTC)}]
    session.permanent = "permanent" in request.args
    return "remembered"


def recall() -> str:
    """Read the session."""
    return f"{sorted((key, str(value)) for key, value in session.items())}"


def forget() -> str:
    """Empty the session."""
    session.clear()
    return "forgotten"


def flashing() -> str:
    """Flash, and show what was flashed before."""
    shown = get_flashed_messages(with_categories=True)
    flash("hello", "info")
    flash("again")
    return f"{shown}"


def all_urls() -> str:
    """URLs in all forms."""
    urls = [
        url_for("text"),
        url_for("number", number=3),
        url_for("number", number=-3, q="a b", r=None),
        url_for("word", word="ü/ ?#"),
        url_for("word", word="plain", _anchor="top"),
        url_for("text", _external=True),
        url_for("text", _scheme="https", _external=True),
        url_for("several", a=1),
        url_for("several", a=1, b=2),
        url_for("several", a=1, _method="POST"),
        url_for("shop.page"),
        url_for("shop.admin.page", _external=True),
        url_for("static", filename="typing/good.py"),
        url_for("path", rest="a/b//c"),
    ]
    return "\n".join(urls)


def broken_url() -> str:
    """A URL there is not."""
    return url_for("nowhere", x=1)


def later() -> str:
    """Functions for this request alone."""

    @after_this_request
    def add(response: Any) -> Any:
        response.headers["X-Later"] = "1"
        response.headers.add("X-Later", "2")
        return response

    g.seen = "seen"
    return f"{g.get('seen')} {g.pop('missing', None)}"


def cookies() -> Response:
    """Cookies of the application's own."""
    response = make_response("cookies")
    response.set_cookie("a", "1", max_age=60, samesite="Lax")
    response.set_cookie("b", "x y;ü", httponly=True)
    response.delete_cookie("c")
    return response


def own_error() -> str:
    """An error that has a handler."""
    raise OwnError("own")


def program_error() -> str:
    """An error that has none."""
    raise LookupError("of the program")


def template() -> str:
    """A template from text."""
    return render_template_string(
        "{{ value }} {{ from_app }} {{ url_for('text') }} {{ request.path }} {{ g.x }}",
        value="<b>",
    )


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI application as a result."""
    start_response("203 OTHER", [("Content-Type", "text/plain"), ("X-Wsgi", "yes")])
    return [b"from ", b"wsgi"]


def changed() -> Response:
    """A response whose headers are odd."""
    response = Response(["a", "ü"], status=201, content_type="text/plain")
    response.headers["content-location"] = "/ü"
    response.call_on_close(lambda: None)
    return response


RESULTS: dict[str, Callable[[], Any]] = {
    "text": lambda: "text ü",
    "bytes": lambda: b"bytes \xff",
    "empty": lambda: "",
    "nothing": lambda: None,
    "dict": lambda: EDGES,
    "list": lambda: [1, "zwei", None],
    "status": lambda: ("made", 201),
    "line": lambda: ("made", "202 Taken"),
    "headers": lambda: ("text", {"X-One": "1", "Content-Type": "text/plain"}),
    "all-three": lambda: ({"a": 1}, 203, [("X-Two", "2"), ("X-Two", "3")]),
    "no-content": lambda: ("", 204),
    "not-modified": lambda: ("", 304),
    "bad-status": lambda: ("text", 99),
    "bad-header": lambda: ("text", 200, {"X-Bad": "a\nb"}),
    "bad-value": lambda: 3.5,
    "response": changed,
    "teapot": lambda: Conflict("as a value"),
    "carried": lambda: abort(Response("carried", 299)),
    "stream": pieces,
    "context-stream": with_context,
    "async-stream": async_pieces,
    "wsgi": lambda: wsgi,
    "redirect": lambda: redirect(url_for("text")),
    "relative": lambda: redirect("else where?ü=1", 307),
    "abort": lambda: abort(410),
    "not-found": lambda: abort(404),
    "unauthorized": lambda: abort(401),
    "own-error": own_error,
    "program-error": program_error,
    "bad-key": lambda: request.args["missing"],
    "cookies": cookies,
    "later": later,
    "urls": all_urls,
    "broken-url": broken_url,
    "remember": remember,
    "recall": recall,
    "forget": forget,
    "flash": flashing,
    "template": template,
    "file": lambda: send_file(__file__),
    "open": lambda: open(__file__, "rb"),  # noqa: SIM115 - sending it closes it
}
"""Pages that take no arguments, by their path and endpoint."""


def furnish(app: Flask, notes: Notes, *, heard: bool = True) -> Flask:
    """Give an application the pages.

    :param notes: what hooks and receivers write into.
    :param heard: let every signal have a receiver.
    """
    note_hooks(app, "app", notes)
    app.teardown_appcontext(lambda error: notes.append(f"end {error!r}"))
    app.register_error_handler(404, lambda error: (f"404 {request.path}", 404))
    app.register_error_handler(OwnError, lambda error: {"error": str(error)})
    for name, view in RESULTS.items():
        app.add_url_rule(f"/{name}", name, view)
    app.add_url_rule("/slow", "slow", slowly)
    app.add_url_rule("/told", "told", told, methods=["GET", "POST", "PUT"])
    app.add_url_rule("/body", "body", body_first, methods=["POST"])
    app.add_url_rule("/read-json", "read_json", read_json, methods=["POST"])
    app.add_url_rule("/number/<int:number>", "number", lambda number: f"number {number + 1}")
    app.add_url_rule("/word/<word>/", "word", lambda word: f"word {word}")
    app.add_url_rule("/path/<path:rest>", "path", lambda rest: f"path {rest}")
    app.add_url_rule("/several/<a>", "several", lambda **values: f"{values}", methods=["GET"])
    app.add_url_rule("/several/<a>/<b>", "several", methods=["GET"])
    app.add_url_rule("/other/<a>", "several", methods=["POST"])
    app.add_url_rule("/page", "page", lambda page: f"page {page}", defaults={"page": 1})
    app.add_url_rule("/page/<int:page>", "page")
    app.add_url_rule("/socket", "socket", lambda: "socket", websocket=True)
    app.add_url_rule("/built", "built", build_only=True)
    app.add_url_rule("/moved", "moved", redirect_to="/text")
    app.add_url_rule("/leaf/", "leaf", lambda: "leaf", strict_slashes=False)
    shop: Blueprint[Any] = Blueprint("shop", __name__)
    admin: Blueprint[Any] = Blueprint("admin", __name__)
    for blueprint in (shop, admin):
        note_hooks(blueprint, blueprint.name, notes)
        blueprint.add_url_rule("/", "page", lambda: f"{request.blueprints}")
        blueprint.add_url_rule("/gone", "gone", lambda: abort(410))
        blueprint.add_url_rule("/relative", "relative", lambda: url_for(".page"))
    shop.register_error_handler(410, lambda error: ("gone from the shop", 410))
    admin.register_error_handler(NotFound, lambda error: ("never asked", 404))
    shop.register_blueprint(admin, url_prefix="/admin")
    app.register_blueprint(shop, url_prefix="/shop")
    if heard:
        hear_signals(app, notes)
    return app


def site(notes: Notes) -> Flask:
    """The application as it is."""
    return furnish(Flask("site", static_folder=FILES, static_url_path="/static"), notes)


def unheard_site(notes: Notes) -> Flask:
    """Without receivers."""
    return made(notes)


def made_empty(attributes: dict[str, Any], options: dict[str, Any] | None = None) -> Flask:
    """An application without pages, of a class with these attributes.

    :param options: for the constructor.
    """
    kind: Any = type("Own", (Flask,), attributes)
    app: Flask = kind(
        "site", **{"static_folder": FILES, "static_url_path": "/static"} | (options or {})
    )
    return app


def made(
    notes: Notes,
    options: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    change: Callable[[Any], object] | None = None,
    **attributes: Any,
) -> Flask:
    """The site, of a class with these attributes.

    :param options: for the constructor.
    :param config: settings.
    :param change: what is done to the finished application.
    :param attributes: of the class: steps, classes.
    """
    app = made_empty(attributes, options)
    app.config.update(config or {})
    furnish(app, notes, heard=False)
    if change is not None:
        change(app)
    return app


def own(base: type[Any], **attributes: Any) -> type[Any]:
    """A class with attributes of its own."""
    return type(f"Own{base.__name__}", (base,), attributes)


def noting(notes: Notes, base: type[Any], *names: str) -> type[Any]:
    """A class whose methods note that they were called."""

    def noted(name: str) -> Callable[..., Any]:
        original = getattr(base, name)

        def method(*args: Any, **kwargs: Any) -> Any:
            notes.append(f"{base.__name__}.{name}")
            return original(*args, **kwargs)

        return method

    return own(base, **{name: noted(name) for name in names})
