"""Streams that keep their request: one teardown, when the stream ends, however it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from threading import Thread
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from typedflask import (
    Flask,
    Response,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    stream_template,
    stream_template_string,
    stream_with_context,
    template_rendered,
)
from typedflask.ctx import RequestContext

Log = list[str]


class Site:
    """An application that notes its teardown, and views that stream in all the ways there are."""

    def __init__(self) -> None:
        self.log: Log = []
        self.app = app = Flask("streaming")
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.secret_key = "a key for tests"
        app.teardown_request(lambda error: self.log.append(f"request {error!r}"))
        app.teardown_appcontext(lambda error: self.log.append(f"context {error!r}"))
        app.add_url_rule("/function", view_func=self.function)
        app.add_url_rule("/decorated", view_func=self.decorated)
        app.add_url_rule("/breaks", view_func=self.breaks)

    def pieces(self) -> Iterator[str]:
        try:
            yield f"{request.path}: "
            g.count = g.get("count", 0) + 1
            yield f"{g.count}"
        finally:
            self.log.append(f"closed with {request.path}")

    def function(self) -> Iterator[str]:
        return stream_with_context(self.pieces())

    def decorated(self) -> Response:
        @stream_with_context
        def generate(end: str) -> Iterator[str]:
            """Pieces."""
            yield from self.pieces()
            yield end

        assert generate.__doc__ == "Pieces."
        return Response(generate("."))

    def breaks(self) -> Iterator[str]:
        def generate() -> Iterator[str]:
            yield "one"
            raise LookupError(request.path)

        return stream_with_context(generate())

    def start(self, path: str, method: str = "GET") -> Any:
        """What the WSGI callable gives back, none of it read."""
        environ = EnvironBuilder(path, method=method).get_environ()
        return self.app(environ, lambda status, headers, info=None: lambda data: None)


@pytest.fixture
def site() -> Site:
    return Site()


ENDED = ["request None", "context None"]


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


# --- streaming templates --------------------------------------------------------------------


@pytest.mark.parametrize("by_name", [True, False])
def test_a_streamed_template_has_its_request_until_the_last_piece(
    tmp_path: Any, by_name: bool
) -> None:
    site = Site()
    source = "{% for n in range(3) %}{{ request.path }}{{ n }} {% endfor %}{{ session.user }}"
    (tmp_path / "page.txt").write_text(source)
    site.app.template_folder = str(tmp_path)

    @site.app.get("/template")
    def template() -> Iterator[str]:
        session["user"] = "Ada"
        return stream_template("page.txt") if by_name else stream_template_string(source)

    def rendered(sender: Flask, **extra: object) -> None:
        site.log.append(f"rendered with {request.path}")

    with template_rendered.connected_to(rendered, site.app):
        body = site.start("/template")
        assert site.log == []
        assert b"".join(body) == b"/template0 /template1 /template2 Ada"
    assert site.log == ["rendered with /template", *ENDED]


def test_a_streamed_template_outside_of_a_request_needs_none(site: Site) -> None:
    with site.app.app_context():
        assert "".join(stream_template_string("{{ 1 + 1 }}")) == "2"
    assert site.log == ["context None"]


# --- keeping the context by other means -----------------------------------------------------


def test_the_key_in_the_environment_keeps_the_context_for_whoever_asks(site: Site) -> None:
    kept: list[RequestContext] = []
    builder = EnvironBuilder(
        "/decorated", environ_overrides={"typedflask.preserve_context": kept.append}
    )
    body: Iterable[bytes]
    body, _, _ = run_wsgi_app(site.app, builder.get_environ(), buffered=True)
    assert b"".join(body) == b"/decorated: 1."
    assert site.log == ["closed with /decorated"]
    (context,) = kept
    with context.resumed():
        assert request.path == "/decorated"
        assert g.count == 1
        assert "request None" not in site.log
    assert site.log[1:] == ENDED
    assert not has_app_context()


def test_a_kept_context_that_was_never_resumed_can_be_released(site: Site) -> None:
    kept: list[RequestContext] = []
    builder = EnvironBuilder(
        "/missing", environ_overrides={"typedflask.preserve_context": kept.append}
    )
    run_wsgi_app(site.app, builder.get_environ())
    assert site.log == []
    kept[0].release(LookupError("given up"))
    assert site.log == ["request LookupError('given up')", "context LookupError('given up')"]


def test_a_kept_context_remembers_the_error_that_ended_it(site: Site) -> None:
    kept: list[RequestContext] = []

    @site.app.get("/fails")
    def fails() -> str:
        raise LookupError("of the view")

    builder = EnvironBuilder(
        "/fails", environ_overrides={"typedflask.preserve_context": kept.append}
    )
    run_wsgi_app(site.app, builder.get_environ())
    kept[0].release()
    assert site.log == ["request LookupError('of the view')", "context LookupError('of the view')"]


def test_werkzeugs_debugger_gets_the_context_and_can_enter_it_again(site: Site) -> None:
    kept: list[RequestContext] = []
    builder = EnvironBuilder(
        "/missing", environ_overrides={"werkzeug.debug.preserve_context": kept.append}
    )
    run_wsgi_app(site.app, builder.get_environ())
    assert site.log == ENDED
    with kept[0]:
        assert request.path == "/missing"
    assert not has_app_context()
