"""An application whose views stream, and which notes when a request of it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkzeug.test import EnvironBuilder

from typedflask import Flask, Response, g, request, stream_with_context

Log = list[str]

ENDED = ["request None", "context None"]
"""What the log says when a request ended without an error."""


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
