"""Every row of the table of shortcuts changes which code runs, and the table has all of them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import _lru_cache_wrapper
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from wsgiref.util import FileWrapper

import pytest

from tests.shortcut_switches import found, value_at
from tests.shortcuts import SHORTCUTS, Shortcut, every_shortcut_off
from typedflask import (
    Blueprint,
    Flask,
    Response,
    abort,
    json,
    make_response,
    redirect,
    render_template_string,
    request,
    session,
    url_for,
)
from typedflask.sessions import ServerSideSessions
from typedflask.sessions.stores.memory import MemoryStore

# Any, in this file: what is asked for may be any object of the package.

HERE = Path(__file__).parent
Ask = Callable[[], object]


def open_file() -> IO[bytes]:
    return Path(__file__).open("rb")


def write() -> str:
    session.update(user="x" * 200, many=[1])
    return "written"


def hooked() -> Response:
    response = make_response("text")
    response.headers["X-A"] = "1"
    assert "X-B" not in response.headers
    return response


def write_tuple() -> str:
    session["many"] = (1, 2)
    return "written"


def site() -> Flask:
    """An application with a page for each shortcut."""
    app = Flask("shortcuts", static_folder=HERE, static_url_path="/static")
    app.secret_key = "a key for tests"
    app.before_request(lambda: None)
    app.after_request(lambda response: response)
    app.add_url_rule("/text", "text", lambda: "text")
    app.add_url_rule("/hooked", "hooked", hooked)
    app.add_url_rule("/parts", "parts", lambda: ("text", 201, {"X-A": "1"}))
    app.add_url_rule("/elsewhere", "elsewhere", lambda: redirect("/text"))
    app.add_url_rule("/number/<int:number>", "number", lambda number: f"{number}")
    app.add_url_rule("/pair/<int:one>/<int:other>", "pair", lambda one, other: f"{one} {other}")
    app.add_url_rule("/query", "query", lambda: request.args["q"])
    app.add_url_rule("/cookie", "cookie", lambda: request.cookies["c"])
    app.add_url_rule("/form", "form", lambda: request.form["f"], methods=["POST"])
    app.add_url_rule("/url", "url", lambda: url_for("number", number=7))
    app.add_url_rule("/more", "more", lambda: url_for("text", page=2, order="name"))
    app.add_url_rule("/external", "external", lambda: url_for("text", _external=True))
    app.add_url_rule("/gone", "gone", lambda: abort(410))
    app.add_url_rule("/open", "open", open_file)
    app.add_url_rule("/stream", "stream", lambda: (piece for piece in "text"))
    app.add_url_rule("/json", "json", lambda: {"a": 1})
    app.add_url_rule("/page", "page", lambda: render_template_string("{{ a.b }}", a={"b": "<"}))
    app.add_url_rule("/json-body", "json_body", lambda: str(request.json), methods=["POST"])
    app.add_url_rule("/spaced", "spaced", lambda: json.dumps([1, 2]))
    app.add_url_rule("/session", "session", lambda: session.get("user", "nobody"))
    app.add_url_rule("/write", "write", write)
    app.add_url_rule("/write-tuple", "write_tuple", write_tuple)
    inside = Blueprint("inside", __name__)
    inside.before_request(lambda: None)
    inside.add_url_rule("/inside", "page", lambda: "inside")
    app.register_blueprint(inside)
    return app


def handling() -> Flask:
    """The same with an error handler."""
    app = site()
    app.register_error_handler(404, lambda error: "other")
    app.register_error_handler(410, lambda error: "gone")
    return app


def environ_of(path: str, **more: Any) -> dict[str, Any]:
    """The environment of a request."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        **more,
    }


def asking(app: Any, path: str, more: Any = None, body: bytes = b"") -> Ask:
    """Send a request; once before, so that what is remembered is there."""

    def ask() -> None:
        statuses: list[object] = []
        environ = environ_of(path, **(more or {}))
        if body:
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            environ["REQUEST_METHOD"] = "POST"
        answer: Any = app(environ, lambda status, headers, error=None: statuses.append(status))
        for _ in answer:
            pass
        getattr(answer, "close", lambda: None)()
        assert len(statuses) == 1
        assert statuses[0] in {"200 OK", "201 CREATED", "302 FOUND", "410 GONE"}

    ask()
    return ask


def adding_a_rule() -> Ask:
    app = site()
    app.add_url_rule("/other/<name>", "other", str)
    return lambda: app.add_url_rule("/another/<name>", "another", str)


def with_a_session() -> Ask:
    app: Any = site()
    serializer = app.session_interface.get_signing_serializer(app)
    cookie = serializer.dumps({"user": "Ada"})
    return asking(app, "/session", {"HTTP_COOKIE": f"session={cookie}"})


def with_a_kept_session() -> Ask:
    app = site()
    app.session_interface = ServerSideSessions(MemoryStore(), encrypt=True)
    client = app.test_client()
    client.get("/write")
    cookie = client.get_cookie("session")
    assert cookie is not None
    return asking(app, "/session", {"HTTP_COOKIE": f"session={cookie.value}"})


def with_a_forged_session() -> Ask:
    return asking(site(), "/session", {"HTTP_COOKIE": "session=e30.AAAAAA.AAAA"})


def of_a_named_server() -> Ask:
    app = site()
    app.config["SERVER_NAME"] = "example.org"
    return asking(app, "/external")


FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
DOCUMENT = {"CONTENT_TYPE": "application/json"}
REQUESTS: dict[str, Callable[[], Ask]] = {
    "text": lambda: asking(site(), "/text"),
    "hooked": lambda: asking(site(), "/hooked"),
    "parts": lambda: asking(site(), "/parts"),
    "elsewhere": lambda: asking(site(), "/elsewhere"),
    "number": lambda: asking(site(), "/number/7"),
    "pair": lambda: asking(site(), "/pair/7/8"),
    "query": lambda: asking(site(), "/query?q=1"),
    "cookie": lambda: asking(site(), "/cookie", {"HTTP_COOKIE": "c=1"}),
    "form": lambda: asking(site(), "/form", FORM, b"f=1"),
    "url": lambda: asking(site(), "/url"),
    "url with a query": lambda: asking(site(), "/more"),
    "external url": lambda: asking(site(), "/external"),
    "url of a named server": of_a_named_server,
    "gone": lambda: asking(site(), "/gone"),
    "handled": lambda: asking(handling(), "/gone"),
    "blueprint": lambda: asking(site(), "/inside"),
    "file": lambda: asking(site(), f"/static/{Path(__file__).name}"),
    "open file": lambda: asking(site(), "/open", {"wsgi.file_wrapper": FileWrapper}),
    "stream": lambda: asking(site(), "/stream"),
    "json": lambda: asking(site(), "/json"),
    "page": lambda: asking(site(), "/page"),
    "json body": lambda: asking(site(), "/json-body", DOCUMENT, b'{"a":1}'),
    "spaced json": lambda: asking(site(), "/spaced"),
    "session": with_a_session,
    "forged session": with_a_forged_session,
    "kept session": with_a_kept_session,
    "write tuple": lambda: asking(site(), "/write-tuple"),
    "write session": lambda: asking(site(), "/write"),
    "another rule": adding_a_rule,
}
"""Each makes an application and gives what sends it one request more."""


def calls_of(ask: Ask) -> set[object]:
    """The code of every function that runs."""
    ran: set[object] = set()

    def note(frame: Any, event: str, arg: object) -> None:
        if event == "call":
            ran.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        ask()
    finally:
        sys.setprofile(before)
    return ran


def code_of(place: str) -> object:
    """The code of the function in a place: a method, a property, one that remembers."""
    value = value_at(place)
    for inside in ("__func__", "fget", "__wrapped__", "_compute"):
        value = getattr(value, inside, None) or value
    return value.__code__


@pytest.fixture(autouse=True, scope="module")
def _forgotten() -> None:
    """Receivers of applications of before would still be listening."""
    gc.collect()


EACH = pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.name)


@EACH
def test_a_shortcut_skips_the_general_way_until_it_is_switched_off(shortcut: Shortcut) -> None:
    general = code_of(shortcut.general)

    # What is remembered of a second is forgotten with it, perhaps right now.
    asked = (calls_of(REQUESTS[shortcut.request]()) for _ in range(3))
    assert any(general not in ran for ran in asked)
    with shortcut.off():
        assert general in calls_of(REQUESTS[shortcut.request]())
    assert general not in calls_of(REQUESTS[shortcut.request]()), "it was not switched on again"


def test_all_shortcuts_can_be_off_at_once() -> None:
    """Then the general ways are taken, but for those inside of a shortcut that is off."""
    with every_shortcut_off():
        ran = {name: calls_of(make()) for name, make in REQUESTS.items()}
    skipped = [row for row in SHORTCUTS if code_of(row.general) not in ran[row.request]]
    puzzling = [row.name for row in skipped if not remembers(row.general) and not hiding(row)]
    assert puzzling == []
    assert len(skipped) < len(SHORTCUTS) // 2


def hiding(row: Shortcut) -> list[str]:
    """The shortcuts that a shortcut is part of: it is not come to when one of them is off."""
    names: list[str] = []
    for other in SHORTCUTS:
        with row.off(), other.off():
            if code_of(row.general) not in calls_of(REQUESTS[row.request]()):
                names.append(other.name)
    return names


def remembers(place: str) -> bool:
    """Whether a function remembers its results."""
    return isinstance(value_at(place), _lru_cache_wrapper)


def test_rows_have_names_of_their_own_and_name_a_shortcut_they_are_in() -> None:
    names = [row.name for row in SHORTCUTS]
    assert len(set(names)) == len(names)
    assert {row.inside for row in SHORTCUTS} <= {"", *names}


def test_every_function_that_remembers_is_a_row() -> None:
    for make in REQUESTS.values():
        make()  # imports what is imported late
    rows = [value_at(row.general) for row in SHORTCUTS]
    missing = {
        f"{module.__name__}.{name}"
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("typedflask.")
        and module.__name__.split(".")[1] not in NOT_ON_THE_WAY
        for name, value in vars(module).items()
        if isinstance(value, _lru_cache_wrapper)
        and value.__wrapped__.__module__ == module.__name__
        and value not in rows
    }
    assert missing == set()


NOT_ON_THE_WAY = {"checks", "cli", "mypy_plugin"}
"""Rooms that no request enters."""


def test_a_place_there_is_not_is_an_error() -> None:
    for place in ("typedflask.lifecycle.urls.no_such_shortcut", "nowhere.at_all"):
        with pytest.raises(LookupError):
            value_at(place)
    holder, name = found("typedflask.responses.response.Response._made_directly")
    assert (holder.__name__, name) == ("Response", "_made_directly")
