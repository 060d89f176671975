"""What importing the package loads, and what it leaves to those who need it.

Decisions 049, 055 and 078 say why.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import typedflask

LATE = (
    "jinja2",
    "click",
    "tomllib",
    "pathlib",
    "typing_extensions",
    "asgiref",
    "dotenv",
    "decimal",
    "itsdangerous",
    "typedflask.blueprints",
    "typedflask.config.sources",
    "typedflask.json.provider",
    "typedflask.logging",
    "typedflask.running",
    "typedflask.templating.contract",
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


APPLICATION = """
from typedflask import Flask
app = Flask("plain")
app.secret_key = "x"
@app.get("/")
def index(): return "answer"
@app.get("/json")
def json(): return {"answer": 42}
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "localhost",
           "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
"""


def test_making_an_application_loads_nothing_of_what_it_may_not_use() -> None:
    assert loaded_after(APPLICATION) == set()


def test_a_request_without_templates_and_commands_loads_neither() -> None:
    """
    Nor what keeps sessions, as long as nobody touches one and no cookie is sent.
    """
    request = f"{APPLICATION}b''.join(app(environ, lambda status, headers: None))"
    assert loaded_after(request) == set()
    as_json = request.replace('"PATH_INFO": "/"', '"PATH_INFO": "/json"')
    assert loaded_after(as_json) == {"decimal", "typedflask.json.provider"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "import typedflask; typedflask.Flask('a').jinja_env",
            {"jinja2", "typedflask.templating.contract"},
        ),
        ("import typedflask; typedflask.Blueprint", {"typedflask.blueprints"}),
        ("import typedflask; typedflask.render_template", {"typedflask.templating.contract"}),
        (
            "import typedflask; typedflask.Flask('a').config.from_mapping(A=1)",
            {"typedflask.config.sources"},
        ),
        ("import typedflask; typedflask.Flask('a').logger", {"typedflask.logging"}),
        (
            "import typedflask; typedflask.json.dumps",
            {"decimal", "typedflask.json.provider"},
        ),
        ("import typedflask; typedflask.Flask('a').cli", {"click"}),
        (
            "import typedflask; typedflask.Flask('a').test_client()",
            {"click", "pathlib", "typedflask.testing"},
        ),
        (
            "import typedflask; typedflask.cli.main",
            {"click", "decimal", "itsdangerous", "pathlib", "typedflask.cli"},
        ),
        (
            "import typedflask; typedflask.typed_g",
            {"pathlib", "typedflask.state", "typing_extensions"},
        ),
    ],
)
def test_what_is_needed_is_loaded_when_first_touched(code: str, expected: set[str]) -> None:
    """
    Each late room loads what it needs, and nothing besides.
    """
    assert loaded_after(code) == expected


def imports_for_checkers() -> dict[str, str]:
    """The public names, each with the room that checkers are told it comes from."""
    found: dict[str, str] = {}
    for block in ast.parse(Path(str(typedflask.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name):
            for node in block.body:
                assert isinstance(node, ast.ImportFrom)
                found |= {alias.name: node.module or alias.name for alias in node.names}
    return found


def test_the_rooms_that_are_imported_are_those_that_checkers_are_told() -> None:
    """Two lists in one file, which must say the same."""
    told = imports_for_checkers()
    rooms: dict[str, str] = vars(typedflask)["_ROOMS"]
    imported = {name: room for room, names in rooms.items() for name in names.split()}
    assert {**imported, "json": "json"} == told
    assert sorted(told) == sorted(typedflask.__all__)


def modules_after(code: str) -> set[str]:
    """The modules of the package that a fresh interpreter has loaded after running some code."""
    program = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name for name in run.stdout.split() if name.partition(".")[0] == "typedflask"}


def test_no_room_is_imported_before_a_name_is_asked_for() -> None:
    assert modules_after("import typedflask; dir(typedflask)") == {"typedflask"}
    unknown = "import typedflask; hasattr(typedflask, '__wrapped__')"
    assert modules_after(unknown) == {"typedflask"}


def test_a_name_brings_its_own_room_and_those_below() -> None:
    loaded = modules_after("import typedflask; typedflask.Flask")
    assert "typedflask.app" in loaded
    assert not loaded & {"typedflask.globals", "typedflask.helpers"}
    assert "typedflask.helpers" in modules_after("import typedflask; typedflask.url_for")
    assert modules_after("import typedflask; typedflask.Response") < loaded


def test_a_room_is_an_attribute_of_the_package_without_an_import_of_its_own() -> None:
    for room in ("app", "helpers", "json", "sessions", "signals", "testing", "views"):
        assert f"typedflask.{room}" in modules_after(f"import typedflask; typedflask.{room}")


NOT_FOR_ALL = {
    "typedflask.backends",
    "typedflask.config.keys",
    "typedflask.env_files",
    "typedflask.errors.collected",
    "typedflask.errors.spec",
    "typedflask.extensions",
    "typedflask.flashing",
    "typedflask.globals",
    "typedflask.helpers",
    "typedflask.json",
    "typedflask.lifecycle.choosing",
    "typedflask.lifecycle.sending",
    "typedflask.proxies",
    "typedflask.registration.handlers",
    "typedflask.registration.hooks",
    "typedflask.registration.options",
    "typedflask.requests.streamed_body",
    "typedflask.responses.chosen_rules",
    "typedflask.responses.files",
    "typedflask.routing.tree",
    "typedflask.sessions.cookie",
    "typedflask.sessions.session",
    "typedflask.signals",
    "typedflask.streaming",
    "typedflask.templating",
    "typedflask.typing",
}
"""Rooms that only checkers, or only some applications, or only requests need (decision 095)."""


def test_an_application_imports_neither_what_checkers_need_nor_what_only_some_use() -> None:
    loaded = modules_after("import typedflask; typedflask.Flask('a').add_url_rule('/', 'index')")
    assert not loaded & NOT_FOR_ALL
    assert not [name for name in loaded if name.endswith(".contract")]


def test_nor_does_a_plain_request_but_for_what_finds_its_rule() -> None:
    """What waits for the first request only would be paid by everybody."""
    twice = f"{APPLICATION}\nfor _ in range(2): list(app(environ, lambda status, headers: None))"
    program = f"{twice}\nassert 'blinker' not in __import__('sys').modules"
    assert modules_after(program) & NOT_FOR_ALL == {"typedflask.routing.tree"}


def test_the_package_lists_its_names_before_any_was_asked_for() -> None:
    program = "import typedflask; assert set(typedflask.__all__) == set(dir(typedflask))"
    subprocess.run([sys.executable, "-c", program], check=True)


ALONE = """
from typedflask.app import Flask
from typedflask.json import dumps

class Plain:
    def dumps(self, obj, /): return "by the application"
    def loads(self, s, /): return s

with Flask("alone", json=Plain()).app_context():
    assert dumps([1]) == "by the application"
assert dumps([1]) == "[1]"
"""


def test_a_room_imported_alone_knows_the_active_application() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", ALONE], check=True)
