"""Hooks and signals, each of which writes down that it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typedflask import Flask, Response, current_app, g, request, signals

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNALS = (
    "request_started",
    "request_finished",
    "request_tearing_down",
    "got_request_exception",
    "appcontext_pushed",
    "appcontext_popped",
    "appcontext_tearing_down",
    "before_render_template",
    "template_rendered",
    "message_flashed",
)


def note(event: str) -> None:
    """Write an event down."""
    current_app.extensions["events"].append(event)


def listener(app: Flask, name: str) -> Callable[..., None]:
    """A receiver that writes down which signal came, and what came with it."""

    def heard(sender: Flask, **extra: Any) -> None:  # Any: what a signal brings along
        app.extensions["events"].append(f"{name} {sorted(extra)} {sender is app}")

    return heard


def register(app: Flask) -> None:
    """Add the hooks of the whole application."""
    app.extensions["events"] = []
    app.extensions["listeners"] = [listener(app, name) for name in SIGNALS]
    for name, receiver in zip(SIGNALS, app.extensions["listeners"], strict=True):
        getattr(signals, name).connect(receiver, app)

    @app.url_value_preprocessor
    def first(endpoint: str | None, values: dict[str, Any] | None) -> None:
        note(f"url values {endpoint} {values}")

    @app.before_request
    def second() -> None:
        g.steps = ["before"]
        note(f"before {request.endpoint}")

    @app.before_request
    def third() -> str | None:
        note("before again")
        return "stopped at the door" if "stop" in request.args else None

    @app.after_request
    def last(response: Response) -> Response:
        note(f"after {response.status_code}")
        response.headers["X-Steps"] = " ".join(g.steps)
        return response

    @app.after_request
    def last_but_one(response: Response) -> Response:
        note("after, registered last and run first")
        g.steps.append("after")
        return response

    @app.teardown_request
    def ending(error: BaseException | None) -> None:
        note(f"teardown request {type(error).__name__}")

    @app.teardown_appcontext
    def ended(error: BaseException | None) -> None:
        note(f"teardown context {type(error).__name__} {'steps' in g}")
