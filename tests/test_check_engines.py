"""`typedflask check` on applications whose templates are not Jinja's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checked_programs import assert_reported_where_marked, program, run_check
from tests.cli_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


UNKNOWN_ENGINE = """
    class Engine:
        def find(self, names): raise {error}
        def from_source(self, source): ...
    app.templates = Engine()
    def view(): return render_template("any.html"){mark}
    """


@pytest.mark.parametrize(
    ("error", "mark"),
    [
        ("LookupError", "  # P: template-names"),
        ("ValueError", ""),
        ("NotImplementedError", ""),
    ],
)
def test_another_engine_is_asked_for_names_and_left_alone_otherwise(
    project: Project, error: str, mark: str
) -> None:
    text = UNKNOWN_ENGINE.format(error=error, mark=mark)
    files = {"app.py": program(text), "templates/page.html": "{% if"}
    assert_reported_where_marked(project, files)


def test_what_was_not_looked_for_is_told_once_and_beside_the_report(project: Project) -> None:
    text = UNKNOWN_ENGINE.format(error="ValueError", mark="")
    result = run_check(project, {"app.py": program(text)}, "--format", "json")
    assert result.stdout.strip() == "[]"
    assert result.stderr.splitlines() == [
        "The templates are those of Engine, which template-urls and template-syntax and"
        " template-references cannot read; no mistakes of these kinds were looked for."
    ]


def test_nothing_is_told_of_checks_that_were_not_asked_for(project: Project) -> None:
    text = UNKNOWN_ENGINE.format(error="ValueError", mark="")
    result = run_check(project, {"app.py": program(text)}, "--only", "endpoints")
    assert result.stderr == ""


ENGINE = """
    from typedflask.templating.{module} import {name}
    app.templates = {name}(app)
    def view():
        render_template("page.html")
        render_template("gone.html")  # P: template-names
        render_template("broken.html")
    """


@pytest.mark.parametrize(
    ("module", "name", "pages"),
    [
        (
            "mako",
            "MakoTemplates",
            {"page.html": "${x}", "broken.html": "\n% if x: ## P: template-syntax\n"},
        ),
        (
            "minijinja",
            "MinijinjaTemplates",
            {"page.html": "{{ x }}", "broken.html": "\n{% if %}{# P: template-syntax #}\n"},
        ),
    ],
)
def test_templates_that_do_not_compile_are_found_with_their_line(
    project: Project, module: str, name: str, pages: dict[str, str]
) -> None:
    files = {f"templates/{page}": text for page, text in pages.items()}
    files["app.py"] = program(ENGINE.format(module=module, name=name))
    project.write("templates/picture.png", "{% if ${ % if")
    (project.folder / "templates" / "latin.txt").write_bytes(b"\xff")
    assert_reported_where_marked(project, files)
    told = run_check(project, files).stderr
    assert told.startswith(f"The templates are those of {name}, which template-urls and")
    assert "template-syntax" not in told
