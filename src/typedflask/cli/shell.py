"""`typedflask shell`: Python's prompt inside the application's context."""

from __future__ import annotations

import code
import os
import platform
import sys
import traceback
from pathlib import Path
from typing import Any

import click

from typedflask.commands import command_application, with_appcontext


@click.command("shell", short_help="Open a Python prompt for the application.")
@with_appcontext
def shell_command() -> None:
    """Open a Python prompt inside the application's context.

    The names it starts with are `app`, `g` and what the functions registered with
    `shell_context_processor` add. The file that PYTHONSTARTUP names is run first, as by Python.
    """
    app = command_application()
    banner = (
        f"Python {platform.python_version()} on {sys.platform}\n"
        f"Application: {app.import_name}{' in debug mode' if app.debug else ''}\n"
        f"Instance folder: {app.instance_path}"
    )
    # Any: the names of a Python session.
    names: dict[str, Any] = {}
    run_startup_file(names)
    names.update(app.make_shell_context())
    complete_from(names)
    code.interact(banner=banner, local=names)


def run_startup_file(names: dict[str, Any]) -> None:
    """Run the file that PYTHONSTARTUP names; as in Python, its errors do not end the session."""
    file = Path(os.environ.get("PYTHONSTARTUP") or os.devnull)
    if not file.is_file():
        return
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), names)
    except Exception:
        traceback.print_exc()


def complete_from(names: dict[str, Any]) -> None:
    """Let the tabulator key complete the names of this session, where readline exists."""
    # Python sets this up for its own prompt only; a startup file may have put another one there.
    prepare = getattr(sys, "__interactivehook__", None)
    try:
        import readline
        from rlcompleter import Completer
    except ImportError:
        pass
    else:
        readline.set_completer(Completer(names).complete)
    if callable(prepare):
        prepare()
