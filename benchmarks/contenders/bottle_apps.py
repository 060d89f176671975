"""Bottle's applications. Bottle has no types, so the few names used here are given some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from benchmarks.contenders.contract import Contender
from benchmarks.contenders.imports import import_memory, import_time
from benchmarks.contenders.registering import registering
from benchmarks.scenarios import CHUNKS, GREETING, MATERIAL, NOT_HERE, PRODUCT, ROWS

ViewT = TypeVar("ViewT", bound=Callable[..., object])


class Slot(Protocol):
    """A decorator that gives back the view it was given."""

    def __call__(self, view: ViewT, /) -> ViewT: ...


class Values(Protocol):
    """Query parameters or form fields."""

    def getunicode(self, key: str, /) -> str: ...
    def getall(self, key: str, /) -> list[str]: ...


class RequestWords(Protocol):
    """The attributes of Bottle's request that the applications read."""

    @property
    def query(self) -> Values: ...
    @property
    def forms(self) -> Values: ...

    # Any: what a client sent as JSON.
    @property
    def json(self) -> Any: ...
    def get_cookie(self, key: str, /) -> str: ...

    # Any attribute may be set; these the hooks keep there.
    first: int
    second: int
    third: int


class ResponseWords(Protocol):
    """What the applications use of Bottle's response."""

    def set_header(self, name: str, value: str, /) -> None: ...


class Application(Protocol):
    """An application object of Bottle."""

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]: ...
    def get(self, path: str, *, name: str = ...) -> Slot: ...
    def post(self, path: str) -> Slot: ...
    def error(self, code: int) -> Slot: ...
    def hook(self, name: str) -> Slot: ...
    def add_hook(self, name: str, function: Callable[[], None]) -> None: ...
    def get_url(self, name: str, /, **values: object) -> str: ...


class RenderPage(Protocol):
    """Renders a template by name."""

    def __call__(
        self,
        name: str,
        *,
        template_lookup: list[str],
        template_settings: Mapping[str, object],
        **values: object,
    ) -> str: ...


class Words(Protocol):
    """The names used of the module `bottle`."""

    @property
    def Bottle(self) -> Callable[[], Application]: ...
    @property
    def request(self) -> RequestWords: ...
    @property
    def response(self) -> ResponseWords: ...
    @property
    def static_file(self) -> Callable[..., object]: ...
    @property
    def jinja2_template(self) -> RenderPage: ...


def words() -> Words:
    """The module `bottle`.

    :raises ImportError: if it is not installed.
    """
    # The cast describes an untyped module; the checks of every answer hold it to the description.
    return cast(Words, import_module("bottle"))


def plain(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()

    @app.get("/")
    def index() -> str:
        return GREETING

    return app


def json_result(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()

    @app.get("/product")
    def product() -> dict[str, object]:
        return PRODUCT

    return app


def json_body(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    request = bottle.request

    @app.post("/orders")
    def take_order() -> dict[str, object]:
        order = request.json
        pieces = sum(line["count"] for line in order["lines"])
        return {"customer": order["customer"], "pieces": pieces}

    return app


def routes(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()

    def section() -> str:
        return "section"

    def item(id: int) -> str:
        return f"item {id}"

    for number in range(100):
        app.get(f"/section{number}")(section)
        app.get(f"/section{number}/<id:int>")(item)
    return app


def query(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    request = bottle.request

    @app.get("/search")
    def search() -> str:
        values = request.query
        tags = ",".join(values.getall("tag"))
        theme, user = request.get_cookie("theme"), request.get_cookie("user")
        return f"{values.getunicode('q')}|{int(values.getunicode('page'))}|{tags}|{theme}|{user}"

    return app


def form(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    request = bottle.request

    @app.post("/entries")
    def add_entry() -> str:
        entry = request.forms
        return "|".join(entry.getunicode(name) for name in ("title", "text", "draft"))

    return app


def hooks(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    request, response = bottle.request, bottle.response
    ended = [0, 0, 0]

    @app.hook("before_request")
    def first() -> None:
        request.first = 1

    @app.hook("before_request")
    def second() -> None:
        request.second = request.first + 1

    @app.hook("before_request")
    def third() -> None:
        request.third = request.second + 1

    def mark(number: int) -> None:
        response.set_header(f"X-After-{number}", "ran")

    def count(place: int) -> None:
        ended[place] += 1

    # Bottle has no other hooks for the end of a request; the one added last runs first.
    for number in (1, 2, 3):
        app.add_hook("after_request", partial(count, number - 1))
    for number in (1, 2, 3):
        app.add_hook("after_request", partial(mark, number))

    @app.get("/hooked")
    def hooked() -> str:
        return f"before {request.first} {request.second} {request.third}"

    @app.get("/teardowns")
    def teardowns() -> str:
        return " ".join(map(str, ended))

    return app


def missing(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()

    @app.error(404)
    def not_here(error: object) -> str:
        return NOT_HERE

    return app


def stream(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()

    @app.get("/stream")
    def entries() -> Iterator[str]:
        yield from CHUNKS

    return app


def links(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    url = app.get_url

    def nothing(**values: object) -> str:
        return ""

    app.get("/", name="index")(nothing)
    app.get("/about", name="about")(nothing)
    app.get("/static/<filename:path>", name="static")(nothing)
    app.get("/items/<id:int>", name="item")(nothing)
    app.get("/items/<id:int>/edit", name="edit")(nothing)
    app.get("/users/<name>/posts/<page:int>", name="posts")(nothing)

    @app.get("/links/<first:int>")
    def page(first: int) -> str:
        urls = [url("index"), url("about"), url("static", filename="style.css")]
        urls += [url("item", id=item) for item in range(first, first + 5)]
        urls += [url("edit", id=7), url("posts", name="ann", page=3)]
        return "\n".join(urls)

    return app


def static(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    static_file = bottle.static_file
    folder = str(MATERIAL / "static")

    @app.get("/static/<filename:path>")
    def serve_file(filename: str) -> object:
        return static_file(filename, root=folder)

    return app


def template(bottle: Words) -> WSGIApplication:
    app = bottle.Bottle()
    render = bottle.jinja2_template
    lookup = [str(MATERIAL / "templates")]
    # Without the second setting Bottle compiles the layout anew for every page.
    settings = {"autoescape": True, "auto_reload": False}

    @app.get("/page")
    def page() -> str:
        return render(
            "page.html", template_lookup=lookup, template_settings=settings, user="<ann>", rows=ROWS
        )

    return app


def new_routes(bottle: Words) -> WSGIApplication:
    """An application with 1,000 routes, just registered."""
    app = bottle.Bottle()

    def item(id: int) -> str:
        return f"item {id}"

    for number in range(1000):
        app.get(f"/section{number}/<id:int>")(item)
    return app


def contender() -> Contender:
    """Bottle; it has signed cookies but no sessions.

    :raises ImportError: if it is not installed.
    """
    bottle = words()
    builders: dict[str, Callable[[Words], WSGIApplication]] = {
        "plain": plain,
        "json": json_result,
        "json-body": json_body,
        "route": routes,
        "query": query,
        "form": form,
        "hooks": hooks,
        "missing": missing,
        "stream": stream,
        "links": links,
        "static": static,
        "template": template,
    }
    return Contender(
        "bottle",
        apps={name: partial(build, bottle) for name, build in builders.items()},
        samplers={
            "register": partial(registering, partial(new_routes, bottle)),
            "import-alone": partial(import_time, "import bottle"),
            "memory-alone": partial(import_memory, "import bottle"),
            "import": partial(import_time, "import bottle"),
            "memory": partial(import_memory, "import bottle"),
        },
    )
