"""Sessions, messages and cookies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from markupsafe import Markup

from typedflask import Flask, flash, get_flashed_messages, make_response, request, session

if TYPE_CHECKING:
    from typedflask.typing import ResponseReturnValue


def register(app: Flask) -> None:
    """Add the views."""

    @app.get("/session/set/<name>/<value>")
    def put(name: str, value: str) -> ResponseReturnValue:
        session[name] = value
        return [session.new, session.modified, session.permanent]

    @app.get("/session/rich")
    def rich() -> str:
        session["kept"] = {
            "tuple": (1, "two"),
            "markup": Markup("<b>"),
            "bytes": b"\x00",
            "uuid": UUID(int=5),
            "time": datetime(2024, 2, 29, 12, tzinfo=UTC),
        }
        return "kept"

    @app.get("/session/show")
    def show() -> ResponseReturnValue:
        kept = session.get("kept", {})
        return [
            repr(session.get("name")),
            {name: repr(kept[name]) for name in sorted(kept)},
            sorted(session),
        ]

    @app.get("/session/permanent")
    def keep() -> str:
        session.permanent = True
        return "permanent"

    @app.get("/session/clear")
    def clear() -> str:
        session.clear()
        return "cleared"

    @app.get("/flash")
    def say() -> str:
        flash("first")
        flash("second <b>", "warning")
        flash("third", category="note")
        return "said"

    @app.get("/flashed")
    def said() -> ResponseReturnValue:
        return [
            get_flashed_messages(category_filter=["warning"]),
            get_flashed_messages(with_categories=True, category_filter=("message", "note")),
            get_flashed_messages(),
        ]

    @app.get("/cookies")
    def cookies() -> ResponseReturnValue:
        response = make_response(dict(request.cookies))
        response.set_cookie("flavour", "oat & raisin", max_age=60, httponly=True, samesite="Lax")
        response.delete_cookie("stale", path="/old")
        return response
