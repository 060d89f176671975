"""The command `typedflask check`: what it prints, how it ends, and what it is silent about."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.checked_programs import marks, program, reported, run_check
from tests.cli_project import Project
from typedflask import Flask
from typedflask.checks import loading
from typedflask.checks.output import FORMATS, as_github, as_text
from typedflask.checks.problem import Place, Problem
from typedflask.checks.subject import is_own
from typedflask.checks.table import CHECKS, choose, describe, run
from typedflask.cli import FlaskGroup, cli
from typedflask.cli.check import FORMATS as OFFERED

ROOT = Path(__file__).parent.parent
WRONG = """
@app.get("/user/<name>")
def user() -> str:
    return url_for("nobody")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


# --- what is printed ---------------------------------------------------------------------


def test_an_application_without_problems_ends_with_status_0(project: Project) -> None:
    result = run_check(project, {"app.py": program("")})
    assert (result.stdout, result.exit_code) == ("No problems found.\n", 0)


def test_each_problem_is_a_line_with_file_and_line_and_the_status_is_1(project: Project) -> None:
    result = run_check(project, {"app.py": program(WRONG)})
    first, second, count = result.stdout.splitlines()
    assert re.fullmatch(r"app\.py:7: .*'user'.*'name'.*'/user/<name>'.* \[parameters\]", first)
    assert second == "app.py:9: There is no endpoint 'nobody'. [urls]"
    assert count == "2 problems found."
    assert result.exit_code == 1


def test_json_has_every_field(project: Project) -> None:
    result = run_check(project, {"app.py": program(WRONG)}, "--format", "json")
    first, second = json.loads(result.stdout)
    assert first.pop("message").startswith("The view 'user' has no parameter")
    assert first == {
        "check": "parameters",
        "file": "app.py",
        "line": 7,
        "rule": "/user/<name>",
        "function": "user",
    }
    assert second["rule"] is None


def test_json_without_problems_is_an_empty_list(project: Project) -> None:
    result = run_check(project, {"app.py": program("")}, "--format=json")
    assert (json.loads(result.stdout), result.exit_code) == ([], 0)


def test_annotations_for_workflows(project: Project) -> None:
    result = run_check(project, {"app.py": program(WRONG)}, "--format", "github", "--only=urls")
    assert result.stdout == (
        "::error file=app.py,line=9,title=urls::There is no endpoint 'nobody'.\n"
    )
    assert result.exit_code == 1


def test_annotations_escape_what_has_a_meaning_in_them() -> None:
    problem = Problem("x", "100%\nof: a, b", Place("a,b:c.py", 3))
    assert as_github([problem]) == "::error file=a%2Cb%3Ac.py,line=3,title=x::100%25%0Aof: a, b"
    assert as_github([]) == ""


def test_a_problem_without_a_place_has_none_in_front(tmp_path: Path) -> None:
    outside = Problem("x", "Somewhere.", Place(str(tmp_path / "a.py")))
    assert as_text([Problem("x", "Nowhere."), outside]) == (
        f"Nowhere. [x]\n{tmp_path / 'a.py'}: Somewhere. [x]\n2 problems found."
    )
    assert as_github([Problem("x", "Nowhere.")]) == "::error title=x::Nowhere."


def test_the_command_offers_every_format() -> None:
    assert list(OFFERED) == list(FORMATS)


# --- choosing checks ---------------------------------------------------------------------


def test_list_prints_every_check_without_an_application(project: Project) -> None:
    result = CliRunner().invoke(cli, ["check", "--list"])
    assert [line.split()[0] for line in result.stdout.splitlines()] == [c.name for c in CHECKS]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--only", "urls"], {"urls"}),
        (["--only", "urls", "--only", "parameters"], {"urls", "parameters"}),
        (["--skip", "urls"], {"parameters"}),
        (["--skip", "urls", "--skip", "parameters"], set()),
    ],
)
def test_checks_are_chosen_by_name(project: Project, options: list[str], found: set[str]) -> None:
    result = run_check(project, {"app.py": program(WRONG)}, "--format", "json", *options)
    assert {check for _, _, check in reported(result)} == found
    assert result.exit_code == bool(found)


def test_a_check_that_does_not_exist_is_named_with_what_was_perhaps_meant(
    project: Project,
) -> None:
    result = run_check(project, {"app.py": program("")}, "--only", "url")
    assert result.exit_code == 2
    assert "no check called 'url'. Did you mean 'urls'?" in result.stderr


def test_names_are_unique_and_the_manual_lists_them() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    assert choose() == list(CHECKS)
    assert all(f"| `{check.name}` | {check.finds} |" in describe() for check in CHECKS)


# --- applications that do not load -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1 / 0", 6),
        ("\n@app.get('/<itn:number>')\ndef view() -> str: ...", 7),
        ("def (", 6),
        ("import a_module_that_is_missing", 6),
        ("\nimport json\njson.loads('{')", 8),
    ],
    ids=["an error", "a converter", "syntax", "a missing module", "an error in the library"],
)
def test_what_keeps_it_from_loading_is_the_problem(project: Project, text: str, line: int) -> None:
    result = run_check(project, {"app.py": program(text)}, "--format", "json")
    assert reported(result) == {("app.py", line, "loading")}
    assert result.exit_code == 1


def test_a_factory_that_fails_is_a_problem_too(project: Project) -> None:
    text = "from typedflask import Flask\ndef create_app():\n    raise ValueError('no')\n"
    result = run_check(project, {"app.py": text}, "--format", "json")
    assert reported(result) == {("app.py", 3, "loading")}


def test_a_program_whose_own_factory_fails_reports_that(tmp_path: Path) -> None:
    def create_app() -> Flask:
        raise ValueError("no")

    result = CliRunner().invoke(FlaskGroup(create_app=create_app), ["check"])
    assert "ValueError: no [loading]" in result.stdout
    assert f"{Path(__file__).name}:" in result.stdout
    assert result.exit_code == 1


def test_an_application_that_is_not_there_is_a_mistake_in_the_call(project: Project) -> None:
    result = CliRunner().invoke(cli, ["--app", "nowhere", "check"])
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_an_error_of_python_alone_has_no_place() -> None:
    assert loading.problem_of(ValueError("x")).place == Place()


# --- what it is silent about -------------------------------------------------------------


def test_the_example_has_no_problems() -> None:
    environment = {**os.environ, "FLASKR_SECRET_KEY": "for this test"}
    command = [sys.executable, "-m", "typedflask", "--app", "flaskr", "check"]
    run = subprocess.run(
        command,
        cwd=ROOT / "examples",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("No problems found.\n", "", 0)


def test_installed_packages_are_not_for_their_users_to_mend(tmp_path: Path) -> None:
    assert is_own(str(tmp_path / "app.py"))
    assert not is_own(str(tmp_path / "site-packages" / "app.py"))
    assert not is_own(str(ROOT / "src" / "typedflask" / "app.py"))


def test_a_plain_application_is_checked_without_the_command(tmp_path: Path) -> None:
    app = Flask("plain", root_path=str(tmp_path))
    app.add_url_rule("/nowhere", "nowhere")
    (problem,) = run(app)
    assert (problem.check, problem.rule) == ("endpoints", "/nowhere")


def test_a_command_of_the_application_of_the_same_name_wins(project: Project) -> None:
    project.write(
        "app.py", program("import click\n@app.cli.command('check')\ndef own(): click.echo('own')")
    )
    assert CliRunner().invoke(cli, ["--app", "app", "check"]).stdout == "own\n"


def test_the_command_is_loaded_without_the_checks() -> None:
    code = "import sys, typedflask.cli; print('typedflask.checks.table' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_it_stands_among_the_commands_of_every_program() -> None:
    assert isinstance(FlaskGroup().get_command(click.Context(cli), "check"), click.Command)


# --- programs with a bug that plain types cannot see -------------------------------------

BAD = sorted((Path(__file__).parent / "typing" / "bad").glob("*.py"))
PLUGIN = [path for path in BAD if "needs: plugin" in path.read_text(encoding="utf-8")]


def test_there_are_such_programs() -> None:
    assert len(PLUGIN) >= 6


@pytest.mark.parametrize("path", PLUGIN, ids=lambda path: path.stem)
def test_what_only_a_plugin_can_see_is_reported_where_it_is(project: Project, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    project.write("app.py", text)
    result = CliRunner().invoke(cli, ["--app", "app", "check", "--format", "json"])
    marked = {n for n, line in enumerate(text.splitlines(), 1) if "# E:" in line}
    lines = {line for _, line, _ in reported(result)}
    assert lines & marked
    assert result.exit_code == 1


def test_marks_are_read() -> None:
    assert marks({"a": "x\ny  # P: urls"}) == {("a", 2, "urls")}
