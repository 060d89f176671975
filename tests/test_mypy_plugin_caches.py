"""What the plugin remembers from one run of mypy to the next, and what makes it look again."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the checkers are installed on the main version only")

from mypy.options import Options
from mypy.plugin import ReportConfigContext

from tests.mypy_projects import MYPY_INI, errors_of_command, lay_out
from typedflask.mypy_plugin import TypedflaskPlugin, folders

pytestmark = pytest.mark.types

SITE = {
    "site/__init__.py": """
        from typedflask import Flask, render_template, url_for

        app = Flask(__name__)


        @app.get("/")
        def index() -> str:
            return render_template("index.html", link=url_for("index"))
    """,
    "site/words.py": "WORDS = 3\n",
    "site/templates/index.html": "",
}


def digest(folder: Path, name: str = "site/__init__.py", *, incremental: bool = True) -> str | None:
    """What a plugin made anew tells mypy about a file."""
    options = Options()
    options.config_file = str(folder / "mypy.ini")
    options.cache_dir = str(folder / "cache")
    options.incremental = incremental
    path = str(folder / name)
    answer = TypedflaskPlugin(options).report_config_data(ReportConfigContext("", path, True))
    assert answer is None or isinstance(answer, str)
    return answer


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A project that the plugin has looked at."""
    lay_out(tmp_path, SITE)
    assert digest(tmp_path) is not None
    return tmp_path


def reads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a new plugin answers without reading the project."""
    with monkeypatch.context() as patch:

        def refuse(self: TypedflaskPlugin) -> None:
            raise AssertionError("the project is read")

        patch.setattr(TypedflaskPlugin, "projects", property(refuse))
        try:
            digest(folder)
        except AssertionError:
            return False
        return True


def test_a_run_that_finds_nothing_changed_reads_no_file(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reads_nothing(site, monkeypatch)


def add_rule(site: Path) -> None:
    text = '\n@app.get("/more")\ndef more() -> str:\n    return ""\n'
    with (site / "site" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a rule is added": add_rule,
    "a template is added": lambda site: (site / "site/templates/more.html").touch(),
    "a template is removed": lambda site: (site / "site/templates/index.html").unlink(),
    "a key is set elsewhere": lambda site: (site / "site/words.py").write_text("PAGE_SIZES = 3\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_decides_about_errors_changes_the_digest(
    change: Callable[[Path], object], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(site)
    change(site)
    assert not reads_nothing(site, monkeypatch)
    assert digest(site) != before


def test_another_edit_is_read_and_leaves_the_digest_as_it_was(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(site)
    (site / "site" / "words.py").write_text("WORDS = 4444\n")
    assert not reads_nothing(site, monkeypatch)
    assert digest(site) == before


def test_a_file_that_asks_for_nothing_has_no_digest(site: Path) -> None:
    assert digest(site, "site/words.py") is None
    assert digest(site, "nowhere.py") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stamps": 1, "packages": 2}', "\ufeff"])
def test_a_damaged_record_is_written_anew(
    text: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(site)
    (record,) = (site / "cache").glob("typedflask-*.json")
    record.write_text(text, encoding="utf-8")
    assert digest(site) == before
    assert reads_nothing(site, monkeypatch)


def test_without_a_cache_nothing_is_written(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    assert digest(tmp_path, incremental=False) is not None
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "cache": "a file, where the folder should be"})
    assert digest(tmp_path) is not None


def test_an_installed_package_that_changes_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that is given the application may register anything, if its package can."""
    package = tmp_path / "installed" / "addition_of_ours"
    lay_out(package, {"__init__.py": "def add(app: object) -> None: ..."})
    monkeypatch.syspath_prepend(package.parent)
    uses = SITE["site/__init__.py"] + (
        "\n        import addition_of_ours\n        addition_of_ours.add(app)\n"
    )
    project = tmp_path / "project"
    lay_out(project, {**SITE, "site/__init__.py": uses})
    before = digest(project)
    assert reads_nothing(project, monkeypatch)
    (package / "__init__.py").write_text("def add(app): app.add_url_rule('/', 'x')", "utf-8")
    assert digest(project) != before


def test_too_many_files_are_nobody_s_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, SITE)
    monkeypatch.setattr(folders, "MOST_FILES", 1)
    assert digest(tmp_path) is None


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """It may lead back up, and then there would be no end."""
    lay_out(tmp_path, SITE)
    os.symlink(tmp_path, tmp_path / "site" / "again")
    found = [path for path, _ in folders.python_files(str(tmp_path))]
    assert found == [str(tmp_path / "site" / name) for name in ("__init__.py", "words.py")]


@pytest.mark.parametrize("name", ["venv", "node_modules", ".hidden", "typedflask"])
def test_folders_of_tools_and_of_this_package_are_passed_over(name: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {f"{name}/mypy_plugin/a.py": "", "b.py": "", "env9/pyvenv.cfg": ""})
    lay_out(tmp_path, {"env9/c.py": ""})
    assert [path for path, _ in folders.python_files(str(tmp_path))] == [str(tmp_path / "b.py")]


def test_a_folder_that_cannot_be_read_has_no_files(tmp_path: Path) -> None:
    assert list(folders.python_files(str(tmp_path / "gone"))) == []
    assert folders.stamp_of(str(tmp_path / "gone")) == (0, -1)


STARTS = """
    import sys
    import mypy.build
    before = set(sys.modules)
    from typedflask.mypy_plugin import TypedflaskPlugin
    from mypy.options import Options
    TypedflaskPlugin(Options())
    print(*sorted(set(sys.modules) - before))
"""


def test_at_its_start_the_plugin_imports_only_itself() -> None:
    """No room of the framework, and none of its libraries."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(STARTS)],
        env={name: value for name, value in os.environ.items() if "COV" not in name},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = ("typedflask", "werkzeug", "jinja2", "click")
    assert [name for name in run.stdout.split() if name.startswith(ours)] == [
        "typedflask",
        "typedflask.mypy_plugin",
        "typedflask.mypy_plugin.digests",
        "typedflask.mypy_plugin.folders",
    ]


@pytest.mark.slow
def test_a_renamed_endpoint_is_noticed_by_worker_processes(tmp_path: Path) -> None:
    """The caches of the unchanged module do not hide that its `url_for` leads nowhere now."""
    links = 'from typedflask import url_for\n\n\ndef link() -> str:\n    return url_for("index")\n'
    lay_out(tmp_path, {"mypy.ini": MYPY_INI, **SITE, "site/links.py": links})
    application = tmp_path / "site" / "__init__.py"
    application.write_text(
        application.read_text("utf-8").replace("app =", "from . import links\n\napp ="), "utf-8"
    )
    assert errors_of_command(tmp_path, "-n", "2", "site") == {}
    application.write_text(application.read_text("utf-8").replace("index()", "home()"), "utf-8")
    found = errors_of_command(tmp_path, "-n", "2", "site")
    assert found["site/links.py"] == {5}
    assert errors_of_command(tmp_path, "-n", "2", "site") == found
