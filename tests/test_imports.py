"""What importing the package loads, and what it leaves to those who need it (decision 055)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LATE = (
    "jinja2",
    "click",
    "tomllib",
    "asgiref",
    "dotenv",
    "typedflask.testing",
    "typedflask.cli",
    "typedflask.state",
)


def loaded_after(code: str) -> set[str]:
    """Which of the late modules a fresh interpreter has loaded after running some code."""
    program = f"{code}\nimport sys\nprint(*[name for name in {LATE!r} if name in sys.modules])"
    # Measuring coverage would load modules of its own into the interpreter.
    environment = {key: value for key, value in os.environ.items() if "COVERAGE" not in key}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    return set(run.stdout.split())


REQUEST = """
from typedflask import Flask
app = Flask("plain")
app.secret_key = "x"
@app.get("/")
def index(): return {"answer": 42}
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "localhost",
           "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
body = b"".join(app(environ, lambda status, headers: None))
assert body == b'{"answer":42}\\n', body
"""


def test_a_request_without_templates_and_commands_loads_neither() -> None:
    """
    Neither importing the package nor answering a request loads Jinja, click or the test client.
    """
    assert loaded_after(REQUEST) == set()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import typedflask; typedflask.Flask('a').jinja_env", {"jinja2"}),
        ("import typedflask; typedflask.Flask('a').cli", {"click"}),
        ("import typedflask; typedflask.Flask('a').test_client()", {"click", "typedflask.testing"}),
        ("import typedflask; typedflask.cli.main", {"click", "typedflask.cli"}),
        ("import typedflask; typedflask.typed_g", {"typedflask.state"}),
    ],
)
def test_what_is_needed_is_loaded_when_first_touched(code: str, expected: set[str]) -> None:
    """
    Each late room loads what it needs, and nothing besides.
    """
    assert loaded_after(code) == expected
