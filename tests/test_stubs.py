"""The stubs for code that says `import flask`: checkers then see the types of typedflask.

The stubs are installed beside typedflask into an environment of their own, in which the real Flask
lies too: the stubs win.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import checkers, verifytypes

pytestmark = [pytest.mark.types, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
STUBS = ROOT / "stubs" / "flask-stubs"

# What the alias makes of the name `flask`, in the fewest words.
ALIAS = """
import importlib, sys
for room in {rooms!r}:
    sys.modules["flask" + room] = importlib.import_module("typedflask" + room)
"""


def rooms() -> list[str]:
    """The modules that have a stub, as they follow the name of the package."""
    names: list[str] = []
    for path in sorted(STUBS.rglob("*.pyi")):
        parts = path.relative_to(STUBS).with_suffix("").parts
        names.append("".join(f".{part}" for part in parts if part != "__init__"))
    return names


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with typedflask and the stubs installed."""
    place = tmp_path_factory.mktemp("stubs").resolve()
    packages = verifytypes.install([ROOT, ROOT / "stubs"], place)
    assert (packages / "flask-stubs" / "__init__.pyi").is_file()
    return place / "environment"


def told_wrongly(errors: checkers.Errors) -> list[str]:
    """The sample programs that a checker is wrong about though annotations tell."""
    assert errors[checkers.CANARY] == {1}
    told = [each for each in checkers.programs() if not each.needs_plugin]
    return [each.name for each in told if not each.found(errors)]


def test_mypy_is_as_right_about_programs_that_import_flask(
    environment: Path, tmp_path: Path
) -> None:
    checkers.lay_out(checkers.programs(), tmp_path, package="flask")
    python = f"python_executable = {environment / 'bin' / 'python'}\n"
    assert told_wrongly(checkers.mypy(tmp_path, python)) == []


def test_pyright_is_as_right_about_programs_that_import_flask(
    environment: Path, tmp_path: Path
) -> None:
    checkers.lay_out(checkers.programs(), tmp_path, package="flask")
    assert told_wrongly(checkers.pyright(tmp_path, environment=environment)) == []


@pytest.mark.parametrize("check", [checkers.mypy, checkers.pyright])
def test_a_name_of_flask_has_the_type_of_typedflask(
    environment: Path, tmp_path: Path, check: object
) -> None:
    (tmp_path / "program.py").write_text(
        "from typing import assert_type\n"
        "import flask\n"
        "import typedflask\n"
        "import flask.json.provider\n"
        "import typedflask.json.provider\n"
        "from flask.globals import app_ctx\n"
        "from flask.views import MethodView\n"
        "app = flask.Flask(__name__)\n"
        "assert_type(app, typedflask.Flask)\n"
        "assert_type(flask.json.dumps(1), str)\n"
        "provider: flask.json.provider.JSONProvider\n"
        "provider = typedflask.json.provider.DefaultJSONProvider(app)\n"
        "flask.redirect(308.5)\n"
        "flask.no_such_name\n"
    )
    if check is checkers.mypy:
        python = f"python_executable = {environment / 'bin' / 'python'}\n"
        found = checkers.mypy(tmp_path, python)
    else:
        found = checkers.pyright(tmp_path, mode="standard", environment=environment)
    assert found == {"program.py": {13, 14}}


def run_stubtest(folder: Path) -> subprocess.CompletedProcess[str]:
    """Compare the stubs in a folder with what `flask` is at run time under the alias."""
    alias = folder / "alias" / "flask"
    alias.mkdir(parents=True)
    (alias / "__init__.py").write_text(ALIAS.format(rooms=rooms()), encoding="utf-8")
    # Following the alias, stubtest also takes the modules of typedflask for stubs of themselves.
    (folder / "allowed").write_text("typedflask\\..*\n", encoding="utf-8")
    return subprocess.run(
        [
            *(sys.executable, "-m", "mypy.stubtest", "flask", "--concise"),
            *("--allowlist", "allowed", "--ignore-unused-allowlist"),
        ],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(folder / "stubs"), "PYTHONPATH": str(folder / "alias")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_stubtest_agrees_with_the_run_time(tmp_path: Path) -> None:
    shutil.copytree(STUBS, tmp_path / "stubs" / "flask")
    answer = run_stubtest(tmp_path)
    assert (answer.stdout + answer.stderr, answer.returncode) == ("", 0)


def test_stubtest_finds_a_stub_that_lies(tmp_path: Path) -> None:
    shutil.copytree(STUBS, tmp_path / "stubs" / "flask")
    (tmp_path / "stubs" / "flask" / "app.pyi").write_text("from typedflask.helpers import abort\n")
    (tmp_path / "stubs" / "flask" / "views.pyi").write_text(
        "from typedflask.views import *\nnot_there: int\n"
    )
    answer = run_stubtest(tmp_path)
    assert "flask.app.Flask is not present in stub" in answer.stdout
    assert "flask.views.not_there is not present at runtime" in answer.stdout
    assert answer.returncode == 1


def test_the_stubs_are_those_of_this_version() -> None:
    def project(folder: Path) -> dict[str, object]:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        found: dict[str, object] = tomllib.loads(text)["project"]
        return found

    version = project(ROOT)["version"]
    assert project(ROOT / "stubs")["version"] == version
    assert project(ROOT / "stubs")["dependencies"] == [f"typedflask=={version}"]
