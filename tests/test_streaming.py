"""Streams that keep their request: one teardown, when the stream ends, however it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.streaming_site import ENDED, Site
from typedflask import (
    Response,
    has_app_context,
    has_request_context,
    request,
    stream_with_context,
)

Log = list[str]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    ("path", "text"), [("/function", "/function: 1"), ("/decorated", "/decorated: 1.")]
)
def test_a_stream_has_its_request_and_ends_it_once_when_it_was_sent(
    site: Site, path: str, text: str
) -> None:
    body = site.start(path)
    assert site.log == []
    assert not has_app_context()
    assert b"".join(body) == text.encode()
    assert site.log == [f"closed with {path}", *ENDED]
    body.close()
    assert site.log == [f"closed with {path}", *ENDED]
    assert not has_app_context()


def test_between_two_pieces_no_context_is_active(site: Site) -> None:
    """A server may send several streams by turns in one thread; they must not mix."""
    one, two = site.start("/function"), site.start("/decorated")
    assert [next(one), next(two)] == [b"/function: ", b"/decorated: "]
    assert not has_request_context()
    assert [next(one), next(two)] == [b"1", b"1"]
    assert list(one) == []
    assert site.log == ["closed with /function", *ENDED]
    two.close()


def test_closing_a_stream_early_closes_the_generator_in_its_context(site: Site) -> None:
    body = site.start("/function")
    assert next(body) == b"/function: "
    body.close()
    assert site.log == ["closed with /function", *ENDED]
    body.close()
    assert len(site.log) == 3
    assert not has_app_context()


def test_a_stream_that_was_never_started_ends_its_request_when_closed(site: Site) -> None:
    body = site.start("/function")
    body.close()
    assert site.log == ENDED


@pytest.mark.parametrize("pieces", [0, 1])
def test_a_stream_nobody_closes_ends_its_request_when_it_is_forgotten(
    site: Site, pieces: int
) -> None:
    body = site.start("/function")
    for _ in range(pieces):
        next(body)
    assert site.log == []
    del body
    gc.collect()
    assert site.log == ["closed with /function"] * pieces + ENDED
    assert not has_app_context()


def test_head_sends_nothing_and_still_ends_the_request(site: Site) -> None:
    body = site.start("/function", "HEAD")
    assert list(body) == []
    body.close()
    assert site.log == ENDED


def test_an_error_of_the_generator_reaches_teardown_and_the_server(site: Site) -> None:
    body = site.start("/breaks")
    assert next(body) == b"one"
    with pytest.raises(LookupError, match="/breaks"):
        next(body)
    body.close()
    assert site.log == ["request LookupError('/breaks')", "context LookupError('/breaks')"]
    assert not has_app_context()


def test_an_error_while_closing_reaches_teardown_and_the_server(site: Site) -> None:
    def generate() -> Iterator[str]:
        try:
            yield "one"
        finally:
            raise LookupError("while closing")

    site.app.add_url_rule("/closing", view_func=lambda: stream_with_context(generate()))
    body = site.start("/closing")
    assert next(body) == b"one"
    with pytest.raises(LookupError, match="while closing"):
        body.close()
    assert site.log == [
        "request LookupError('while closing')",
        "context LookupError('while closing')",
    ]


def test_an_interrupt_in_the_generator_ends_the_request_and_goes_on(site: Site) -> None:
    def generate() -> Iterator[str]:
        yield "one"
        raise KeyboardInterrupt

    site.app.add_url_rule("/interrupt", view_func=lambda: stream_with_context(generate()))
    body = site.start("/interrupt")
    next(body)
    with pytest.raises(KeyboardInterrupt):
        next(body)
    assert site.log == ["request KeyboardInterrupt()", "context KeyboardInterrupt()"]


def test_teardown_errors_after_a_stream_are_logged_and_do_not_reach_the_server(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    @site.app.teardown_request
    def fails(error: BaseException | None) -> None:
        raise LookupError("in teardown")

    assert b"".join(site.start("/function")) == b"/function: 1"
    assert site.log == ["closed with /function", *ENDED]
    assert "in teardown" in caplog.text
    assert not has_app_context()


def test_an_error_after_the_view_ends_the_request_once_and_closes_the_stream(site: Site) -> None:
    @site.app.after_request
    def fails(response: Response) -> Response:
        raise LookupError("after")

    answer = site.app.test_client().get("/function")
    assert answer.status_code == 500
    assert site.log == ["request LookupError('after')", "context LookupError('after')"]


@pytest.mark.parametrize("closing", ["quietly", "with an error"])
def test_a_stream_whose_response_cannot_be_sent_is_closed(
    site: Site, closing: str, caplog: pytest.LogCaptureFixture
) -> None:
    def generate() -> Iterator[str]:
        try:
            yield "never sent"
        finally:
            site.log.append("closed")
            if closing == "with an error":
                raise LookupError("while closing")

    @site.app.get("/unsendable")
    def unsendable() -> Response:
        stream = generate()
        next(stream)
        return Response(stream_with_context(stream), headers={"X-Wrong": "\u20ac"})

    answer = site.app.test_client().get("/unsendable")
    assert answer.status_code == 500
    assert "cannot be sent" in caplog.text
    assert site.log[0] == "closed"
    assert len(site.log) == 3
    assert ("while closing" in caplog.text) == (closing == "with an error")


def test_several_streams_of_one_request_end_it_together(site: Site) -> None:
    @site.app.get("/several")
    def several() -> Iterator[str]:
        first, second = stream_with_context(site.pieces()), stream_with_context(site.pieces())

        def both() -> Iterator[str]:
            yield from first
            assert "request None" not in site.log
            yield from second

        return both()

    assert b"".join(site.start("/several")) == b"/several: 1/several: 2"
    assert site.log == ["closed with /several", "closed with /several", *ENDED]


def test_streams_nest(site: Site) -> None:
    @site.app.get("/nested")
    def nested() -> Iterator[str]:
        def outer() -> Iterator[str]:
            yield from stream_with_context(site.pieces())
            yield f" in {request.path}"

        return stream_with_context(outer())

    assert b"".join(site.start("/nested")) == b"/nested: 1 in /nested"
    assert site.log[1:] == ENDED


def test_a_stream_may_be_sent_from_another_thread(site: Site) -> None:
    body = site.start("/function")
    got: list[bytes] = []
    thread = Thread(target=lambda: got.extend(body))
    thread.start()
    thread.join(5)
    assert got == [b"/function: ", b"1"]
    assert site.log == ["closed with /function", *ENDED]


def test_without_stream_with_context_the_request_ends_before_the_stream(site: Site) -> None:
    @site.app.get("/plain")
    def plain() -> Iterator[str]:
        def generate() -> Iterator[str]:
            yield str(has_request_context())

        return generate()

    body = site.start("/plain")
    assert site.log == ENDED
    assert b"".join(body) == b"False"


# --- what it takes --------------------------------------------------------------------------


def test_any_iterable_can_be_streamed(site: Site) -> None:
    class Pages:
        def __iter__(self) -> Iterator[str]:
            yield request.path

    pages: Any = Pages()  # Any: the documented type is an iterator
    site.app.add_url_rule("/pages", "pages", lambda: stream_with_context(pages))
    site.app.add_url_rule("/list", "list", lambda: stream_with_context(iter(["a", "b"])))
    client = site.app.test_client()
    assert client.get("/pages").text == "/pages"
    assert client.get("/list").text == "ab"


def test_an_iterator_without_close_can_be_given_up(site: Site) -> None:
    site.app.add_url_rule("/map", view_func=lambda: stream_with_context(map(str, range(9))))
    body = site.start("/map")
    assert next(body) == b"0"
    body.close()
    assert site.log == ENDED


@pytest.mark.parametrize("wrong", [None, 7])
def test_what_is_neither_iterable_nor_function_is_refused(site: Site, wrong: Any) -> None:
    with site.app.test_request_context("/"), pytest.raises(TypeError) as raised:
        stream_with_context(wrong)
    assert type(wrong).__name__ in str(raised.value)


def test_without_a_request_there_is_nothing_to_keep(site: Site) -> None:
    with pytest.raises(RuntimeError, match="active request"):
        stream_with_context(iter(["a"]))

    @stream_with_context
    def generate() -> Iterator[str]:
        yield "a"

    with pytest.raises(RuntimeError, match="active request"):
        generate()


def test_a_stream_that_ended_stays_ended(site: Site) -> None:
    with site.app.test_request_context("/"):
        stream = stream_with_context(site.pieces())
        assert list(stream) == ["/: ", "1"]
        assert list(stream) == []
        with pytest.raises(StopIteration):
            next(stream)
    assert site.log == ["closed with /", *ENDED]


def test_a_generator_that_gives_its_own_stream_up_ends_it_once(site: Site) -> None:
    streams: list[Any] = []

    def generate() -> Iterator[str]:
        yield "one"
        with pytest.raises(ValueError, match="already executing"):
            streams[0].close()
        yield "two"
        raise LookupError("later")

    with site.app.test_request_context("/"):
        streams.append(stream_with_context(generate()))
        assert next(streams[0]) == "one"
        assert next(streams[0]) == "two"
        assert list(streams[0]) == []
    assert site.log == ENDED


def test_a_generator_that_fails_after_giving_its_stream_up_raises(site: Site) -> None:
    streams: list[Any] = []

    def generate() -> Iterator[str]:
        yield "one"
        with pytest.raises(ValueError, match="already executing"):
            streams[0].close()
        raise LookupError("at once")

    with site.app.test_request_context("/"):
        streams.append(stream_with_context(generate()))
        next(streams[0])
        with pytest.raises(LookupError, match="at once"):
            next(streams[0])
    assert site.log == ENDED


def test_an_iterator_is_closed_after_its_last_piece_too(site: Site) -> None:
    """What made the pieces hears of the end, whether or not all of them were taken."""
    closed: list[str] = []

    class Pieces:
        def __init__(self) -> None:
            self.left = ["a", "b"]

        def __iter__(self) -> Pieces:
            return self

        def __next__(self) -> str:
            if not self.left:
                raise StopIteration
            return self.left.pop(0)

        def close(self) -> None:
            closed.append("closed")

    site.app.add_url_rule("/pieces", view_func=lambda: stream_with_context(Pieces()))
    assert site.app.test_client().get("/pieces", buffered=True).text == "ab"
    assert closed == ["closed"]
