"""`app.run()`: Werkzeug's development server, with Flask's documented defaults."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from werkzeug import serving

from .env_files import load_dotenv as read_dotenv
from .environment import get_debug_flag, get_load_dotenv

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class RunnableApp(Protocol):
    """What the development server asks of the application."""

    @property
    def debug(self) -> bool: ...
    @debug.setter
    def debug(self, value: bool) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def config(self) -> Any: ...  # Any: only SERVER_NAME is read

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse, /
    ) -> Iterable[bytes]: ...


def serve(
    app: RunnableApp,
    host: str | None,
    port: int | None,
    debug: bool | None,
    load_dotenv: bool,
    options: dict[str, Any],  # Any: those of run_simple, which checks them
) -> None:
    """Serve until interrupted; `Flask.run` describes the parameters.

    Under the command line, which serves the application itself, this does nothing, so that a
    module may call `app.run()` without a guard.
    """
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        if not serving.is_running_from_reloader():
            import click  # not needed by an application that a production server runs

            click.secho(
                " * app.run() is ignored: the command line serves the application.", fg="yellow"
            )
        return
    if get_load_dotenv(load_dotenv):
        read_dotenv()
        if "FLASK_DEBUG" in os.environ:
            app.debug = get_debug_flag()
    if debug is not None:
        app.debug = debug
    own_host, own_port = _address(app.config["SERVER_NAME"])
    options.setdefault("use_reloader", app.debug)
    options.setdefault("use_debugger", app.debug)
    options.setdefault("threaded", True)
    from .commands import show_server_banner  # not needed before, and it imports click

    show_server_banner(app.debug, app.name)
    # Looked up now, so that a test that replaces Werkzeug's function is heard.
    serving.run_simple(
        host or own_host or "127.0.0.1",
        next(given for given in (port, own_port, 5000) if given is not None),
        app,
        **options,
    )


def _address(server_name: str | None) -> tuple[str, int | None]:
    """Host and port of a `SERVER_NAME`, which may be an IPv6 address in brackets."""
    parts = urlsplit(f"//{server_name or ''}")
    return parts.hostname or "", parts.port
