"""What a request leaves behind: nothing that only the cyclic garbage collector could free.

Cycles make memory grow until the collector runs, and its runs stop every thread. An error is the
usual cause: it knows its traceback, that knows the frames, and one of these knows the error.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from weakref import ref

import pytest
from werkzeug.test import EnvironBuilder

from typedflask import (
    Flask,
    Response,
    abort,
    g,
    render_template,
    request,
    session,
    stream_with_context,
    url_for,
)


class Handled(Exception):
    """An error with a handler."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text("{{ request.path }} {{ session.user }} {{ g.user }}")
    app = Flask("memory", template_folder=str(folder))
    app.secret_key = "a key for tests"
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.disabled = True  # whoever keeps log records keeps their errors
    app.before_request(before)
    app.after_request(after)
    app.teardown_request(lambda error: None)
    app.teardown_appcontext(lambda error: None)
    app.register_error_handler(Handled, lambda error: ("handled", 400))
    app.register_error_handler(410, lambda error: ("gone", 410))
    app.add_url_rule("/view/<int:number>", "view", lambda number: {"number": number})
    app.add_url_rule("/template", view_func=template)
    app.add_url_rule("/url", "url", lambda: url_for("view", number=1))
    app.add_url_rule("/stream", view_func=stream)
    app.add_url_rule("/missing-thing", "missing_thing", lambda: abort(404))
    app.add_url_rule("/gone", "gone", lambda: abort(410))
    app.add_url_rule("/handled", "handled", partial(fail, Handled))
    app.add_url_rule("/breaks", "breaks", partial(fail, LookupError))
    return app


def before() -> str | None:
    g.user = "Ada"
    return "stopped" if request.path == "/stopped" else None


def after(response: Response) -> Response:
    if request.path.startswith("/after"):
        raise LookupError
    return response


def template() -> str:
    session["user"] = "Ada"
    return render_template("page.html")


def stream() -> Iterator[str]:
    def generate() -> Iterator[str]:
        yield request.path

    return stream_with_context(generate())


def fail(kind: type[Exception]) -> str:
    raise kind


PATHS = {
    "/view/1": 200,
    "/template": 200,
    "/url": 200,
    "/stream": 200,
    "/stopped": 200,
    "/missing-thing": 404,
    "/no-rule": 404,
    "/gone": 410,
    "/handled": 400,
    "/breaks": 500,
    "/after-no-rule": 500,
}


def serve(app: Flask, path: str) -> str:
    """Handle a request as a server does, to the end."""
    started: list[str] = []

    def start_response(status: str, headers: object, info: object = None) -> Callable[..., object]:
        started.append(status)
        return print

    body = app(EnvironBuilder(path).get_environ(), start_response)
    try:
        for _ in body:
            pass
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return started[0]


def left_behind(app: Flask, path: str) -> int:
    """How many objects five requests leave; several measures tell them from another thread's."""
    gc.collect()
    for _ in range(5):
        serve(app, path)
    return gc.collect()


@pytest.fixture
def no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=PATHS)
def test_a_request_leaves_nothing_for_the_garbage_collector(
    app: Flask, path: str, status: int
) -> None:
    for _ in range(3):  # what is worked out once
        assert serve(app, path).startswith(str(status))
    assert min(left_behind(app, path) for _ in range(3)) == 0


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("path", PATHS)
def test_the_request_is_freed_as_soon_as_it_was_answered(app: Flask, path: str) -> None:
    seen: list[ref[object]] = []

    def note(error: BaseException | None) -> None:
        seen.append(ref(request._get_current_object()))

    app.teardown_request_funcs[None].append(note)
    try:
        serve(app, path)
    finally:
        app.teardown_request_funcs[None].remove(note)
    assert [each() for each in seen] == [None]


@pytest.mark.usefixtures("no_collection")
def test_the_measure_finds_a_cycle(app: Flask) -> None:
    """The tests above could not fail if it did not."""

    @app.teardown_request_funcs[None].append
    def knot(error: BaseException | None) -> None:
        cycle: list[object] = [request._get_current_object()]
        cycle.append(cycle)

    try:
        serve(app, "/url")
    finally:
        app.teardown_request_funcs[None].pop()
    assert gc.collect() > 0


def test_an_application_is_freed_with_its_last_reference() -> None:
    app = Flask("short-lived", static_folder=None)
    app.add_url_rule("/", view_func=lambda: "index")
    assert serve(app, "/") == "200 OK"
    gone = ref(app)
    del app
    gc.collect()
    assert gone() is None
