"""Show the blog: a new database with a user and a few entries, served at an address it prints.

Run `python examples/flaskr/demo.py` (or `make demo`) and stop it with Ctrl-C.
"""

from __future__ import annotations

import secrets
import signal
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
from waitress.server import create_server

if __name__ == "__main__":
    # Python looks for modules beside the script it runs; the package is one folder higher.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flaskr import create_app
from flaskr.auth import add_user
from flaskr.blog import Draft, add_entry
from flaskr.db import init_db
from typedflask import Flask

HOST: Final = "127.0.0.1"
FAVOURITE_PORT: Final = 5000

DEMO_USER: Final = "ada"

ENTRIES: Final = (
    (
        timedelta(days=2, hours=5),
        "grace",
        "A moth in the relay",
        "Found the fault at last: a moth, in panel F. Taped it into the logbook, with the time.\n"
        "If only every bug could be held up to the light like that.",
    ),
    (
        timedelta(days=1, hours=3),
        "ada",
        "Notes longer than the text",
        "I was asked to translate a short paper about an engine. My notes are now three times as "
        "long as the paper, and one of them is a program.",
    ),
    (
        timedelta(hours=20),
        "grace",
        "if a < b & b < c: celebrate()",
        "Angle brackets, ampersands, even <b>tags</b> are just text here. "
        "Write code in your entries; it stays code.",
    ),
    (
        timedelta(minutes=40),
        "ada",
        "Hello, typed world",
        "This little blog knows the type of everything it holds, from the form that came in to the "
        "row that was stored. Sign in, write something, and see it appear on top.",
    ),
)


def fill(app: Flask, password: str) -> None:
    """Make the database, two people, and what they wrote in the last days."""
    now = datetime.now(UTC)
    with app.app_context():
        init_db()
        authors = {
            DEMO_USER: add_user(DEMO_USER, password),
            # Nobody is told this one: grace has written, but does not sign in.
            "grace": add_user("grace", secrets.token_urlsafe()),
        }
        for age, author, title, text in ENTRIES:
            add_entry(authors[author], Draft(title, text), now - age)


def listen(port: int | None) -> socket.socket:
    """Take this port; when none was asked for, the usual one or else any that is free."""
    if port is None:
        try:
            return socket.create_server((HOST, FAVOURITE_PORT))
        except OSError:
            port = 0
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise click.ClickException(
            f"Cannot serve on port {port}: {error.strerror}. "
            "Give another PORT, or none to take a free one."
        ) from None


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    envvar="PORT",
    show_envvar=True,
    help=f"Port to serve on; {FAVOURITE_PORT} when it is free, else any free one.",
)
def main(port: int | None) -> None:
    """Serve the blog with a few entries in a database that is thrown away in the end."""
    # Waitress stops in good order on Ctrl-C; being asked to terminate means the same here.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory(prefix="flaskr-") as folder, listen(port) as listener:
        password = secrets.token_hex(4)
        app = create_app(
            {"DATABASE": str(Path(folder) / "flaskr.sqlite"), "SECRET_KEY": secrets.token_hex()}
        )
        fill(app, password)
        server = create_server(app, sockets=[listener], ident=None)
        click.echo(f"Flaskr is at http://{HOST}:{listener.getsockname()[1]}/")
        click.echo(f"Sign in as {DEMO_USER} with the password {password}")
        click.echo("Stop it with Ctrl-C; what was written is thrown away then.")
        try:
            server.run()
        finally:
            server.close()
    click.echo("Stopped.")


if __name__ == "__main__":
    main()
