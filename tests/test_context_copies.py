"""Copies of a request's context: for threads, for asyncio tasks, and overlapping."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from werkzeug.test import create_environ

from typedflask import (
    Flask,
    Request,
    copy_current_request_context,
    current_app,
    flash,
    g,
    get_flashed_messages,
    has_app_context,
    request,
    session,
    url_for,
)
from typedflask.ctx import RequestContext
from typedflask.globals import request_ctx


@pytest.fixture
def app() -> Flask:
    app = Flask("copies")
    app.secret_key = "a key for tests"
    app.add_url_rule("/<word>", "view", lambda word: word)
    return app


# --- copy() ---------------------------------------------------------------------------------


def test_a_copy_shares_request_session_and_match_and_is_pushed_for_itself(app: Flask) -> None:
    with app.test_request_context("/word") as original:
        session["a"] = 1
        assert url_for("view", word="other") == "/other"
        copy = original.copy()
        assert copy is not original
        assert copy.request is original.request
        assert copy.session is original.session
        assert copy.url_adapter is original.url_adapter
    with copy:
        assert request.view_args == {"word": "word"}
        assert session["a"] == 1
        session["b"] = 2
    assert original.session["b"] == 2
    assert not has_app_context()


def test_a_copy_is_not_matched_again_and_keeps_its_kind(app: Flask) -> None:
    matched: list[str] = []

    class Counting(RequestContext[Any]):
        def match_request(self) -> None:
            matched.append(self.request.path)
            super().match_request()

    with Counting(app, Request(create_environ("/word"))) as original:
        copy = original.copy()
        assert isinstance(copy, Counting)
        with copy:
            assert request.endpoint == "view"
    assert matched == ["/word"]


def test_a_copy_has_the_flashed_messages_the_original_has_shown(app: Flask) -> None:
    with app.test_request_context("/word") as original:
        flash("news")
        assert get_flashed_messages() == ["news"]
        with original.copy():
            assert get_flashed_messages() == ["news"]


def test_each_copy_runs_teardown_and_only_the_original_closes_the_request(app: Flask) -> None:
    log: list[str] = []
    app.teardown_request(lambda error: log.append("request"))

    form = {"file": (BytesIO(b"content"), "name.txt")}
    with app.test_request_context("/word", method="POST", data=form) as original:
        stream = request.files["file"].stream
        with original.copy():
            pass
        assert log == ["request"]
        assert not stream.closed  # the request goes on reading it
    assert log == ["request", "request"]
    assert stream.closed


# --- copy_current_request_context -----------------------------------------------------------


def test_a_thread_has_no_request_unless_it_gets_a_copy(app: Flask) -> None:
    def read() -> str:
        return f"{current_app.name} {request.path} {session['user']}"

    with app.test_request_context("/word"), ThreadPoolExecutor(1) as pool:
        session["user"] = "Ada"
        g.value = "of the request"
        assert pool.submit(copy_current_request_context(read)).result() == "copies /word Ada"
        with pytest.raises(RuntimeError, match="active application"):
            pool.submit(read).result()
        # A thread starts without contexts, so the copy has a `g` of its own.
        own = copy_current_request_context(lambda: "value" in g)
        assert pool.submit(own).result() is False


def test_copies_overlap_in_several_threads(app: Flask) -> None:
    """The one that began first ends first, which a single context could not do."""
    began = [Event(), Event()]

    def read(number: int) -> str:
        if number == 0:
            began[0].set()
            assert began[1].wait(5)
        else:
            assert began[0].wait(5)
            began[1].set()
            assert first.result(5) == "0 /word"
        return f"{number} {request.path}"

    with app.test_request_context("/word"):
        copied = copy_current_request_context(read)
    with ThreadPoolExecutor(2) as pool:  # after the request ended
        first = pool.submit(copied, 0)
        assert pool.submit(copied, 1).result(5) == "1 /word"


def test_a_thread_outlives_the_request_that_started_it(app: Flask) -> None:
    log: list[str] = []
    threads: list[Thread] = []
    ready = Barrier(2)

    @app.get("/start")
    def start() -> str:
        @copy_current_request_context
        def work() -> None:
            ready.wait(5)
            log.append(f"worked for {request.args['name']}")

        threads.append(Thread(target=work))
        threads[0].start()
        return "started"

    app.teardown_request(lambda error: log.append("request"))
    app.teardown_appcontext(lambda error: log.append("context"))
    assert app.test_client().get("/start?name=Ada").text == "started"
    assert log == ["request", "context"]
    ready.wait(5)
    threads[0].join(5)
    assert log == ["request", "context", "worked for Ada", "request", "context"]


def test_an_error_in_a_copy_reaches_its_teardown_and_its_caller(app: Flask) -> None:
    errors: list[BaseException | None] = []
    app.teardown_request(errors.append)
    with app.test_request_context("/word"):
        copied = copy_current_request_context(lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            copied()
        assert len(errors) == 1
        assert isinstance(errors[0], ZeroDivisionError)
        assert request.path == "/word"


def test_tasks_of_an_async_view_share_its_request_and_g(app: Flask) -> None:
    @app.get("/gather")
    async def gather() -> list[str]:
        g.calls = []

        @copy_current_request_context
        async def work(name: str) -> str:
            await asyncio.sleep(0)
            g.calls.append(name)
            return f"{name} {request.path}"

        results = await asyncio.gather(*(work(name) for name in "abc"))
        return [*results, *sorted(g.calls)]

    assert app.test_client().get("/gather").json == ["a /gather", "b /gather", "c /gather", *"abc"]


def test_an_async_function_stays_one_and_may_run_after_the_request(app: Flask) -> None:
    async def work(word: str) -> str:
        """Read the path."""
        return f"{word} {request.path}"

    with app.test_request_context("/word"):
        copied = copy_current_request_context(work)
    assert copied.__name__ == "work"
    assert copied.__doc__ == "Read the path."
    # `asyncio.run` wants a coroutine and gets one.
    assert asyncio.run(run(copied)) == "late /word"
    assert not has_app_context()


async def run(function: Any) -> Any:
    return await function("late")


def test_the_copy_is_of_the_moment_it_was_made_in(app: Flask) -> None:
    with app.test_request_context("/first"):
        copied = copy_current_request_context(lambda: request_ctx.request.path)
    with app.test_request_context("/second"):
        assert copied() == "/first"
        assert request.path == "/second"


def test_without_a_request_there_is_nothing_to_copy(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="active request"):
        copy_current_request_context(lambda: None)
