"""`typedflask sessions clean`: remove expired sessions from the application's store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from typedflask.cli.check import LOAD_ERROR
from typedflask.commands import AppGroup, command_application
from typedflask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from typedflask.app import Flask


@click.group("sessions", cls=AppGroup, short_help="Tidy up sessions kept on the server.")
def sessions_command() -> None:
    """Tidy up the sessions that the application keeps on the server."""


@sessions_command.command("clean", with_appcontext=False)
@click.pass_context
def clean_command(context: click.Context) -> None:
    """Remove expired sessions from the store, and say how many there were.

    Stores that forget expired sessions by themselves, as Redis does, have none to remove. For the
    others, run this now and then, once a day for example.
    """
    app = _application(context)
    with app.app_context():
        backend = app.session_interface
        clean_up: Callable[[], int] | None = getattr(backend, "clean_up", None)
        if clean_up is not None:
            click.echo(_clean(clean_up))
        elif isinstance(backend, SecureCookieSessionInterface):
            click.echo(
                "There is nothing to clean up: the sessions of this application are in its"
                " visitors' cookies."
            )
        else:
            raise click.ClickException(
                f"The session backend {type(backend).__name__} cannot be cleaned up from here: it"
                " has no method `clean_up`."
            )


def _clean(clean_up: Callable[[], int]) -> str:
    try:
        removed = clean_up()
    except OSError as error:
        raise click.ClickException(
            f"The store of the sessions is away: {type(error).__name__}: {error}"
        ) from error
    return f"Removed {removed} expired session{'' if removed == 1 else 's'}."


def _application(context: click.Context) -> Flask:
    """The application, or the error with which it was tried to load it before."""
    tried: object = context.meta.get(LOAD_ERROR)
    if isinstance(tried, Exception):
        raise tried
    return command_application()


__all__ = ["sessions_command"]
