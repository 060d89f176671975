"""Errors, and the handlers of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError, NotFound

from typedflask import Flask, Response, abort, request

from .hooks import note

if TYPE_CHECKING:
    from typedflask.typing import ResponseReturnValue


class BoardError(Exception):
    """Something about the board."""


class FullError(BoardError):
    """No room left."""


FAILURES: dict[str, Exception] = {
    "full": FullError("all pins are taken"),
    "forbidden": Forbidden("not yours"),
    "http": HTTPException("bare", Response("carried", 499)),
}


def register(app: Flask) -> None:
    """Add views that fail, and handlers."""

    @app.errorhandler(404)
    def lost(error: NotFound) -> ResponseReturnValue:
        note("handler of 404")
        return f"lost: {request.path} {error.code}", 404

    @app.errorhandler(BoardError)
    async def board(error: BoardError) -> ResponseReturnValue:
        return {"board": type(error).__name__, "why": str(error)}, 507

    @app.errorhandler(500)
    def broken(error: InternalServerError) -> ResponseReturnValue:
        return f"broken by {type(error.original_exception).__name__}", 500

    @app.get("/fail/<kind>")
    def fail(kind: str) -> ResponseReturnValue:
        if kind in FAILURES:
            raise FAILURES[kind]
        if kind == "key":
            return request.form["missing"]
        if kind == "divide":
            return str(1 // 0)
        if kind == "response":
            abort(Response("as it is", 402, {"X-Abort": "1"}))
        return abort(int(kind), description=f"described {kind}")

    @app.get("/fail/none")
    def nothing() -> ResponseReturnValue:
        return None  # type: ignore[return-value]  # what happens then is the question
