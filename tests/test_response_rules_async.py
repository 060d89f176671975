"""Async generators as results, in a server that knows of no event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

import pytest
from werkzeug.test import EnvironBuilder

from tests.streaming_site import ENDED, Site
from tests.test_response_rules import HTML, answer
from typedflask import Flask, has_request_context, request, stream_with_context
from typedflask.responses.async_streams import DrivenStream
from typedflask.views import MethodView, View

Result: TypeAlias = Any

Log: TypeAlias = list[str]


async def words(log: Log) -> AsyncIterator[str]:
    """Pieces with something in between that needs one loop for all of them."""
    log.append("begun")
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, "two")
    try:
        yield "one "
        yield await future
        await asyncio.sleep(0)
        yield " drei ß"
    finally:
        await asyncio.sleep(0)
        log.append("ended")


def test_an_async_generator_is_sent_as_a_stream() -> None:
    log: Log = []

    shown = answer(lambda: words(log))

    assert shown.text == "one two drei ß"
    assert (shown.header("Content-Type"), shown.header("Content-Length")) == (HTML, None)
    assert log == ["begun", "ended"]


def test_a_view_may_be_an_async_generator_itself_or_give_one_with_a_status() -> None:
    app = Flask(__name__)

    @app.get("/itself")
    async def itself() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    @app.get("/given")
    async def given() -> tuple[AsyncIterator[bytes], int, dict[str, str]]:
        return itself(), 202, {"X-A": "1"}

    client = app.test_client()

    assert client.get("/itself").data == b"ab"
    response = client.get("/given")
    assert (response.data, response.status_code, response.headers["X-A"]) == (b"ab", 202, "1")


def test_classes_and_error_handlers_may_be_async_generators() -> None:
    class Items(MethodView):
        async def get(self) -> AsyncIterator[str]:
            yield "items"

    class One(View):
        async def dispatch_request(self) -> AsyncIterator[str]:
            yield "one"

    app = Flask(__name__)
    app.add_url_rule("/items", view_func=Items.as_view("items"))
    app.add_url_rule("/one", view_func=One.as_view("one"))

    @app.errorhandler(404)
    async def missing(error: Exception) -> AsyncIterator[str]:
        yield "missing"

    client = app.test_client()

    assert [client.get(path).text for path in ("/items", "/one", "/no")] == [
        "items",
        "one",
        "missing",
    ]


def test_an_object_that_is_iterated_asynchronously_is_sent_and_closed() -> None:
    class Countdown:
        def __init__(self) -> None:
            self.left, self.closed = 3, 0

        def __aiter__(self) -> Countdown:
            return self

        async def __anext__(self) -> str:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return str(self.left)

        async def aclose(self) -> None:
            self.closed += 1

    whole, unsent = Countdown(), Countdown()

    assert answer(lambda: whole).body == b"210"
    assert whole.closed == 1
    assert answer(lambda: unsent, method="HEAD").body == b""
    assert (unsent.left, unsent.closed) == (3, 1)


def test_an_iterator_without_aclose_is_sent_too() -> None:
    class Once:
        def __init__(self) -> None:
            self.pieces = ["once"]

        def __aiter__(self) -> Once:
            return self

        async def __anext__(self) -> str:
            if not self.pieces:
                raise StopAsyncIteration
            return self.pieces.pop()

    assert answer(Once).body == b"once"


def stream_of(make: Callable[[], Result]) -> Any:
    """The body as a server iterates over it."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=make)
    environ = EnvironBuilder("/").get_environ()
    return app(environ, lambda status, headers, info=None: lambda data: None)


def test_pieces_are_made_when_they_are_asked_for() -> None:
    log: Log = []
    body = stream_of(lambda: words(log))

    assert log == []
    assert next(body) == b"one "
    assert log == ["begun"]
    body.close()


def test_closing_runs_what_the_generator_promised_to_do_last() -> None:
    log: Log = []

    @asynccontextmanager
    async def connection() -> AsyncIterator[str]:
        try:
            yield "connected"
        finally:
            await asyncio.sleep(0)
            log.append("disconnected")

    async def pieces() -> AsyncIterator[str]:
        async with connection() as state:
            while True:
                yield state

    body = stream_of(pieces)
    assert next(body) == b"connected"
    body.close()
    body.close()

    assert log == ["disconnected"]
    assert list(body) == []


def test_a_generator_that_never_began_has_nothing_to_end() -> None:
    log: Log = []

    assert answer(lambda: words(log), method="HEAD").body == b""
    assert log == []


def test_a_stream_that_is_forgotten_ends_its_generator() -> None:
    log: Log = []
    pieces = DrivenStream(words(log))
    assert next(pieces) == "one "

    del pieces
    gc.collect()

    assert log == ["begun", "ended"]


def test_tasks_left_behind_are_cancelled_with_the_stream() -> None:
    log: Log = []

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    async def pieces() -> AsyncIterator[str]:
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        yield "piece"
        assert not task.done()

    assert answer(pieces).body == b"piece"
    assert log == ["cancelled"]


def test_an_error_reaches_the_server_and_ends_the_stream() -> None:
    log: Log = []

    async def pieces() -> AsyncIterator[str]:
        try:
            yield "one"
            raise LookupError("two")
        finally:
            log.append("ended")

    body = stream_of(pieces)
    assert next(body) == b"one"
    with pytest.raises(LookupError, match="two"):
        next(body)
    assert log == ["ended"]
    assert list(body) == []
    body.close()


def test_a_variable_set_by_the_generator_is_there_in_the_next_piece() -> None:
    variable: ContextVar[int] = ContextVar("variable", default=0)

    async def pieces() -> AsyncIterator[str]:
        for _ in range(3):
            variable.set(variable.get() + 1)
            yield str(variable.get())

    assert answer(pieces).body == b"123"
    assert variable.get() == 0


def test_a_stream_works_where_an_event_loop_runs_already() -> None:
    """As in an async test that calls the test client."""
    log: Log = []

    async def client() -> bytes:
        assert "".join(DrivenStream(words(log))) == "one two drei ß"
        half = DrivenStream(words(log))
        next(half)
        del half
        return answer(lambda: words(log)).body

    assert asyncio.run(client()).decode() == "one two drei ß"
    assert log == ["begun", "ended"] * 3
    assert threading.active_count() == 1


# --- with its request ----------------------------------------------------------------------


async def paths(log: Log) -> AsyncIterator[str]:
    try:
        yield f"{request.path} "
        await asyncio.sleep(0)
        yield request.method
    finally:
        log.append(f"closed with {request.path}")


@pytest.fixture
def site() -> Site:
    """An application whose teardown functions write a log."""
    site = Site()

    @stream_with_context
    def asynchronous() -> AsyncIterator[str]:
        return paths(site.log)

    site.app.add_url_rule("/called", view_func=lambda: stream_with_context(paths(site.log)))
    site.app.add_url_rule("/asynchronous", view_func=asynchronous)
    return site


@pytest.mark.parametrize("path", ["/called", "/asynchronous"])
def test_a_stream_with_its_context_has_the_request_and_ends_it_once(site: Site, path: str) -> None:
    body = site.start(path)
    assert next(body) == f"{path} ".encode()
    assert not has_request_context()
    assert site.log == []
    assert list(body) == [b"GET"]
    body.close()

    assert site.log == [f"closed with {path}", *ENDED]


def test_a_stream_with_its_context_has_it_while_it_is_closed(site: Site) -> None:
    body = site.start("/called")
    next(body)
    body.close()

    assert site.log == ["closed with /called", *ENDED]


def test_without_its_context_a_stream_has_no_request() -> None:
    log: Log = []

    async def plain() -> AsyncIterator[str]:
        log.append(str(has_request_context()))
        yield "x"

    assert list(stream_of(plain)) == [b"x"]
    assert log == ["False"]


def test_sync_generators_stay_what_they_were() -> None:
    log: Log = []

    def pieces() -> Iterator[str]:
        try:
            yield "one"
            yield "two"
        finally:
            log.append("ended")

    body = stream_of(pieces)
    assert next(body) == b"one"
    body.close()
    assert log == ["ended"]
