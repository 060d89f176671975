"""Falcon's applications: the rows for routes, requests and answers, which is what it offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from wsgiref.types import WSGIApplication

import falcon

from benchmarks.contenders.bare import encoded
from benchmarks.contenders.contract import Contender
from benchmarks.contenders.imports import import_memory, import_time
from benchmarks.contenders.registering import registering
from benchmarks.scenarios import GREETING, MATERIAL, NOT_HERE, PRODUCT


def new_app() -> falcon.App[falcon.Request, falcon.Response]:
    """An application that answers HTML unless told otherwise, as the other contenders do."""
    return falcon.App(media_type=falcon.MEDIA_HTML)


class Greeting:
    """Plain text."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.text = GREETING


class Product:
    """A JSON result."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.content_type = falcon.MEDIA_JSON
        resp.media = PRODUCT


class Orders:
    """JSON in and out."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        # Any: what a client sent as JSON.
        order: Any = req.get_media()
        pieces = sum(line["count"] for line in order["lines"])
        resp.content_type = falcon.MEDIA_JSON
        resp.media = {"customer": order["customer"], "pieces": pieces}


class Section:
    """A route without a parameter."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.text = "section"


class Item:
    """A route with a number in it."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: int) -> None:
        resp.text = f"item {id}"


class Search:
    """A query string and cookies."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        tags = ",".join(req.get_param_as_list("tag") or [])
        page = req.get_param_as_int("page")
        cookies = req.cookies
        resp.text = f"{req.get_param('q')}|{page}|{tags}|{cookies['theme']}|{cookies['user']}"


class Entries:
    """A form."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        # Any: the fields of a form, each a str here.
        entry: Any = req.get_media()
        resp.text = f"{entry['title']}|{entry['text']}|{entry['draft']}"


class Stream:
    """An answer in chunks."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.stream = encoded()


class Hooked:
    """What the hooks before it left behind."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        context = req.context
        resp.text = f"before {context.first} {context.second} {context.third}"


class Mark:
    """Marks the answer.

    :param number: which of the three it is.
    """

    def __init__(self, number: int) -> None:
        self.number = number

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, req_succeeded: bool
    ) -> None:
        resp.set_header(f"X-After-{self.number}", "ran")


class First(Mark):
    """One of the three that come before, and mark the answer as well."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        req.context.first = 1


class Second(Mark):
    """The next one."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        req.context.second = req.context.first + 1


class Third(Mark):
    """The last one."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        req.context.third = req.context.second + 1


class Count:
    """Counts the ends of requests."""

    def __init__(self) -> None:
        self.ended = 0

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, req_succeeded: bool
    ) -> None:
        self.ended += 1


class Teardowns:
    """What was counted at the ends of requests."""

    def __init__(self, counts: Sequence[Count]) -> None:
        self.counts = counts

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.text = " ".join(str(count.ended) for count in self.counts)


def one(path: str, resource: object) -> WSGIApplication:
    """An application with one resource."""
    app = new_app()
    app.add_route(path, resource)
    return app


def routes() -> WSGIApplication:
    app = new_app()
    for number in range(100):
        app.add_route(f"/section{number}", Section())
        app.add_route(f"/section{number}/{{id:int}}", Item())
    return app


def missing() -> WSGIApplication:
    app = new_app()
    app.add_route("/", Greeting())

    def not_here(
        req: falcon.Request, resp: falcon.Response, error: Exception, params: dict[str, Any]
    ) -> None:
        resp.status = falcon.HTTP_404
        resp.text = NOT_HERE

    app.add_error_handler(falcon.HTTPNotFound, not_here)
    return app


def hooks() -> WSGIApplication:
    """Middleware, as Falcon's documentation says to hook into all requests.

    What the first components do after a request is done last, whether it failed or not: the place
    for what other frameworks do in teardown functions, of which the row wants three.
    """
    app = new_app()
    counts = [Count(), Count(), Count()]
    app.add_middleware([*counts, First(1), Second(2), Third(3)])
    app.add_route("/hooked", Hooked())
    app.add_route("/teardowns", Teardowns(counts))
    return app


def static() -> WSGIApplication:
    app = new_app()
    app.add_static_route("/static", str(MATERIAL / "static"))
    return app


def new_routes() -> WSGIApplication:
    """An application with 1,000 routes, just registered."""
    app = new_app()
    for number in range(1000):
        app.add_route(f"/section{number}/{{id:int}}", Item())
    return app


def contender() -> Contender:
    """Falcon; sessions, templates and url building are not among its offers."""
    apps: dict[str, Callable[[], WSGIApplication]] = {
        "plain": partial(one, "/", Greeting()),
        "json": partial(one, "/product", Product()),
        "json-body": partial(one, "/orders", Orders()),
        "route": routes,
        "query": partial(one, "/search", Search()),
        "form": partial(one, "/entries", Entries()),
        "hooks": hooks,
        "missing": missing,
        "stream": partial(one, "/stream", Stream()),
        "static": static,
    }
    return Contender(
        "falcon",
        apps=apps,
        samplers={
            "register": partial(registering, new_routes),
            "import-alone": partial(import_time, "import falcon"),
            "memory-alone": partial(import_memory, "import falcon"),
            "import": partial(import_time, "import falcon"),
            "memory": partial(import_memory, "import falcon"),
        },
    )
