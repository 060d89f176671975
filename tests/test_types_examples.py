"""Typed programs: the right ones pass both type checkers, the wrong ones fail where they are wrong.

`tests/typing/good` holds programs that must pass `mypy --strict` and pyright strict without an error.
Each program in `tests/typing/bad` has one bug, and an error must be reported on a line marked `# E:`.
A planted mistake proves that a checker really ran.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "typing"
GOOD = sorted((FOLDER / "good").glob("*.py"))
BAD = sorted((FOLDER / "bad").glob("*.py"))
CANARY = "mistake: int = 'planted'\n"

pytestmark = pytest.mark.types

Errors = dict[str, set[int]]
"""The lines with errors, by name of the program."""


def program(name: str) -> str:
    """A command of the environment the tests run in."""
    return str(Path(sys.executable).parent / name)


def with_canary(folder: Path) -> Path:
    """A copy of all programs in one folder, with the canary among them."""
    for source in (*GOOD, *BAD):
        name = f"{source.parent.name}_{source.name}"
        (folder / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "canary.py").write_text(CANARY, encoding="utf-8")
    return folder


def run_mypy(folder: Path) -> Errors:
    """What `mypy --strict` reports."""
    command = [program("mypy"), "--strict", "--config-file=", "--no-color-output", str(folder)]
    output = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout
    found: Errors = {}
    for path, line in re.findall(r"^(\S+\.py):(\d+): error", output, re.MULTILINE):
        found.setdefault(Path(path).name, set()).add(int(line))
    return found


def run_pyright(folder: Path) -> Errors:
    """What pyright reports in strict mode; basedpyright in that mode is the same."""
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "venvPath": str(Path(sys.prefix).parent),
        "venv": Path(sys.prefix).name,
        "enableTypeIgnoreComments": False,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [program("basedpyright"), "--outputjson", str(folder)]
    environment = {**os.environ, "NODE_OPTIONS": ""}
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    found: Errors = {}
    for problem in json.loads(run.stdout)["generalDiagnostics"]:
        if problem["severity"] == "error":
            line: int = problem["range"]["start"]["line"] + 1
            found.setdefault(Path(problem["file"]).name, set()).add(line)
    return found


@pytest.fixture(scope="module", params=["mypy", "pyright"])
def errors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Errors:
    """What one checker reports about all programs."""
    checkers = {"mypy": run_mypy, "pyright": run_pyright}
    return checkers[request.param](with_canary(tmp_path_factory.mktemp("programs")))


def test_the_checker_ran(errors: Errors) -> None:
    """
    The planted mistake is found, so silence about the other programs means something.
    """
    assert errors["canary.py"] == {1}


@pytest.mark.parametrize("source", GOOD, ids=lambda path: path.stem)
def test_a_right_program_passes(errors: Errors, source: Path) -> None:
    """
    What a typed user rightly expects to be accepted is accepted.
    """
    assert errors.get(f"good_{source.name}", set()) == set()


@pytest.mark.parametrize("source", BAD, ids=lambda path: path.stem)
def test_a_bug_is_reported_where_it_is(errors: Errors, source: Path) -> None:
    """
    An error stands on a line marked as wrong.
    """
    lines = source.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# E:" in line}
    assert marked
    assert errors.get(f"bad_{source.name}", set()) & marked
