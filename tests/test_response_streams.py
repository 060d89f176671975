"""Generators that are sent: what ends when, whether they were read to their end, begun or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import create_environ

from typedflask import Flask, Response

HOW = ["read to its end", "given up", "not begun"]


class Site:
    """An application with a stream, and what happened."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.response: Response | None = None
        self.app = app = Flask("streams")

        def pieces() -> Iterator[str]:
            try:
                yield "one"
                self.log.append("second piece")
                yield "two"
            finally:
                self.log.append("generator closed")

        @app.get("/")
        def index() -> Response:
            self.response = Response(pieces())
            return self.response

        app.add_url_rule("/plain", "plain", pieces)

    def ask(self, how: str, path: str = "/") -> bytes:
        """Send a request as a server does, and read its answer in one of three ways."""
        statuses: list[str] = []

        # Any: what servers may say of an error.
        def start(status: str, headers: object, info: Any = None, /) -> Callable[[bytes], object]:
            statuses.append(status)
            return bytes

        body: Any = self.app(create_environ(path), start)
        read = b""
        try:
            if how != "not begun":
                for piece in body:
                    read += piece
                    if how == "given up":
                        break
        finally:
            body.close()
        assert statuses == ["200 OK"]
        return read


@pytest.mark.parametrize("path", ["/", "/plain"])
def test_a_generator_is_closed_before_the_server_goes_on(path: str) -> None:
    site = Site()
    assert site.ask("given up", path) == b"one"
    assert site.log == ["generator closed"]


@pytest.mark.parametrize("path", ["/", "/plain"])
def test_one_that_is_read_to_its_end_ends_once(path: str) -> None:
    site = Site()
    assert site.ask("read to its end", path) == b"onetwo"
    assert site.log == ["second piece", "generator closed"]


@pytest.mark.parametrize("how", HOW)
def test_functions_that_wait_for_the_end_are_called_once(how: str) -> None:
    site = Site()

    @site.app.after_request
    def wait(response: Response) -> Response:
        response.call_on_close(lambda: site.log.append("closed"))
        return response

    site.ask(how)
    assert site.log.count("closed") == 1
    assert site.log[-1] == "closed"


@pytest.mark.parametrize("how", ["read to its end", "given up"])
def test_functions_that_are_added_on_the_way_are_called_too(how: str) -> None:
    site = Site()

    def pieces() -> Iterator[str]:
        assert site.response is not None
        site.response.call_on_close(lambda: site.log.append("closed"))
        yield "one"
        yield "two"

    @site.app.get("/adding")
    def adding() -> Response:
        site.response = Response(pieces())
        return site.response

    site.ask(how, "/adding")
    assert site.log == ["closed"]


def test_an_error_on_the_way_reaches_the_server_after_the_end() -> None:
    site = Site()

    def pieces() -> Iterator[str]:
        assert site.response is not None
        site.response.call_on_close(lambda: site.log.append("closed"))
        yield "one"
        raise LookupError("on the way")

    @site.app.get("/failing")
    def failing() -> Response:
        site.response = Response(pieces())
        return site.response

    with pytest.raises(LookupError, match="on the way"):
        site.ask("read to its end", "/failing")
    assert site.log == ["closed"]


def test_a_close_of_ones_own_is_called() -> None:
    site = Site()

    class Own(Response):
        def close(self) -> None:
            site.log.append("own")
            super().close()

    site.app.response_class = Own
    site.ask("given up", "/plain")
    assert sorted(site.log) == ["generator closed", "own"]
