"""`typedflask run`: the development server."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import click

from typedflask.cli.certificates import Certificate, CertParamType, join_certificate
from typedflask.cli.options import debug_option
from typedflask.commands import ScriptInfo, pass_script_info, show_server_banner
from typedflask.environment import get_debug_flag
from typedflask.typing import WSGICallable

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


if TYPE_CHECKING:
    PathListType: TypeAlias = click.ParamType[tuple[str, ...]]
else:
    # Newer versions of click know what a type converts to; older ones refuse the brackets.
    PathListType = click.ParamType


class PathList(PathListType):
    """Reads several paths or patterns from one value, divided as `PATH` is divided."""

    name = "path"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Divide the value; empty parts are left out."""
        return tuple(part for part in str(value).split(os.pathsep) if part)


class FailingApplication:
    """Stands in for an application that did not load: every request raises what went wrong.

    Under the reloader the server stays up this way, shows the error in the browser, and loads
    anew when the file has been mended.
    """

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.traceback: TracebackType | None = error.__traceback__

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse, /) -> NoReturn:
        # The traceback as it was: raising the same error again and again would lengthen it.
        raise self.error.with_traceback(self.traceback)


def load_for_server(info: ScriptInfo) -> WSGICallable:
    """Load the application to serve.

    :raises Exception: whatever loading raises, except in a process that the reloader started.
    """
    from werkzeug.serving import is_running_from_reloader

    try:
        return info.load_app()
    except Exception as error:
        if not is_running_from_reloader():
            raise
        traceback.print_exc()
        return FailingApplication(error)


@click.command("run", short_help="Serve the application for development.")
@click.option("--host", "-h", default="127.0.0.1", show_default=True, help="The address to serve.")
@click.option(
    "--port",
    "-p",
    type=click.IntRange(0, 65535),
    default=5000,
    show_default=True,
    help="The port to serve; 0 takes any free one.",
)
@click.option(
    "--cert",
    type=CertParamType(),
    help="Serve HTTPS: a certificate's file, `adhoc`, or the import path of an SSLContext.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True),
    help="The key that belongs to the certificate's file.",
)
@click.option(
    "--reload/--no-reload",
    default=None,
    help="Start anew when a file changes; in debug mode this is the default.",
)
@click.option(
    "--debugger/--no-debugger",
    default=None,
    help="Show errors in an interactive page; in debug mode this is the default.",
)
@click.option(
    "--with-threads/--without-threads",
    default=True,
    show_default=True,
    help="Answer requests at the same time, or one after the other.",
)
@click.option(
    "--extra-files",
    type=PathList(),
    help=f"More files whose change starts anew, divided by {os.pathsep!r}.",
)
@click.option(
    "--exclude-patterns",
    type=PathList(),
    help=f"Files whose change is ignored: fnmatch patterns, divided by {os.pathsep!r}.",
)
@pass_script_info
def run_command(
    info: ScriptInfo,
    *,
    host: str,
    port: int,
    cert: Certificate | None,
    key: str | None,
    reload: bool | None,
    debugger: bool | None,
    with_threads: bool,
    extra_files: tuple[str, ...] | None,
    exclude_patterns: tuple[str, ...] | None,
) -> None:
    """Serve the application for development.

    This server is made for trying things out on your own machine. For visitors, use a production
    server: it is faster, and it is built to be attacked.

    Debug mode turns on the reloader and the debugger.
    """
    from werkzeug.serving import run_simple

    certificate = join_certificate(cert, key)
    application = load_for_server(info)
    debug = get_debug_flag()
    show_server_banner(debug, info.app_import_path)
    run_simple(
        host,
        port,
        application,
        use_reloader=debug if reload is None else reload,
        use_debugger=debug if debugger is None else debugger,
        threaded=with_threads,
        ssl_context=certificate,
        extra_files=extra_files,
        exclude_patterns=exclude_patterns,
    )


run_command.params.insert(0, debug_option)
