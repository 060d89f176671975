"""Small applications for the tests of `typedflask check`, with marks where a problem must be reported.

A comment `# P: NAME` (in a template `{# P: NAME #}`) stands on each line where the check of that name
must report something; nothing else may be reported. A program without marks is a near miss.
"""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

from click.testing import CliRunner, Result

from tests.cli_project import Project
from typedflask.cli import cli

HEAD = """\
from functools import wraps
from typedflask import Blueprint, Flask, current_app, flash, render_template, session, url_for
from typedflask.views import MethodView, View

app = Flask(__name__)
"""

MARK = re.compile(r"\bP: ([\w-]+)")

Report = set[tuple[str, int, str]]
"""File, line and check of each problem."""


def program(text: str) -> str:
    """A module with an application, which the text goes on with."""
    return HEAD + textwrap.dedent(text)


def marks(files: dict[str, str]) -> Report:
    """Where something must be reported."""
    return {
        (file, number, name)
        for file, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for name in MARK.findall(line)
    }


def run_check(project: Project, files: dict[str, str], *options: str) -> Result:
    """Run the command on an application whose module is `app`."""
    for path, text in files.items():
        project.write(path, text)
    return CliRunner().invoke(cli, ["--app", "app", "check", *options])


def reported(result: Result) -> Report:
    """What the command reported as JSON."""
    rows = json.loads(result.stdout)
    return {(row["file"], row["line"], row["check"]) for row in rows}


def assert_reported_where_marked(project: Project, files: dict[str, str] | str) -> None:
    """What is marked is reported, and nothing else; the exit status says whether there was any."""
    given = {"app.py": program(files)} if isinstance(files, str) else files
    result = run_check(project, given, "--format", "json")
    assert reported(result) == marks(given), result.output
    assert result.exit_code == (1 if marks(given) else 0)


def relative(path: Path, folder: Path) -> str:
    """A path as the command shows it."""
    return str(path.relative_to(folder))
