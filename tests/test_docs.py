"""The manual does not lie: its programs run and type-check, its prompts answer as shown.

A comment on the line before a block says what the block is:

* `file: NAME` names the file it is, for the blocks below that use it;
* `continued` hangs it on the program before;
* `excerpt: PATH` says that it is a part of that file, word for word;
* `refused` says that the checkers refuse the lines that end in `# refused`, and no others;
* `refused by the plugin` says the same of mypy with the plugin.

Any other block marked `python` is a program. One marked `pycon` is a conversation that goes on where the
program before it ended. One marked `console` shows commands, those of `typedflask` with their output.
"""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from unittest import mock

import pytest

from docs import build
from tools import checkers

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- (?P<note>[^\n]*?) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
LANGUAGES = {"python", "pycon", "console", "html", "css", "sql", "diff", "ini", "toml", "text"}
REFUSED = {"refused", "refused by the plugin"}
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL


class Block(NamedTuple):
    """One block of code on a page."""

    page: Path
    number: int
    note: str
    language: str
    text: str

    @property
    def name(self) -> str:
        """What the block is called in the names of tests, and as a module."""
        return f"{self.page.stem.replace('-', '_')}_{self.number}"

    @property
    def file(self) -> str | None:
        """The name of the file it is."""
        return self.note.removeprefix("file: ") if self.note.startswith("file: ") else None

    @property
    def excerpt(self) -> str | None:
        """The file it is a part of."""
        return self.note.removeprefix("excerpt: ") if self.note.startswith("excerpt: ") else None

    @property
    def is_program(self) -> bool:
        """Whether it can be run from its first line on."""
        return self.language == "python" and self.excerpt is None and self.note not in REFUSED


def blocks(page: Path) -> Iterator[Block]:
    program = ""
    for number, found in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1):
        block = Block(page, number, found["note"] or "", found["language"], found["text"])
        if block.is_program:
            program = f"{program}\n\n{block.text}" if block.note == "continued" else block.text
            block = block._replace(text=program)
        yield block


BLOCKS = [block for page in PAGES for block in blocks(page)]
PROGRAMS = [block for block in BLOCKS if block.is_program]
PAGES_WITH_CODE = [page for page in PAGES if any(block.page == page for block in PROGRAMS)]


def load(block: Block, folder: Path) -> ModuleType:
    """Run a program as the module it would be."""
    path = folder / (block.file or f"{block.name}.py")
    path.write_text(block.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(block.name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[block.name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[block.name]
    return module


def run_command(command: str, folder: Path) -> str:
    """What a command of the manual prints."""
    program, *arguments = command.split()
    assert program == "typedflask", f"the test does not know how to run {program}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def talk(block: Block, module: ModuleType) -> None:
    """Have a conversation at the prompt go as shown."""
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=OPTIONS)
    test = parser.get_doctest(block.text, vars(module), block.name, str(block.page), 0)
    said: list[str] = []
    runner.run(test, out=said.append, clear_globs=False)
    assert not runner.failures, "".join(said)
    assert test.examples


def make_the_page_true(page: Path, folder: Path) -> None:
    """Go through a page from top to bottom as a reader would."""
    module = ModuleType("nothing")
    for block in blocks(page):
        if block.is_program:
            module = load(block, folder)
        elif block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "pycon":
            talk(block, module)
        elif block.language == "console":
            follow(block, folder)


def follow(block: Block, folder: Path) -> None:
    """Type in the commands that show what they print."""
    for entry in re.split(r"(?m)^\$ ", block.text)[1:]:
        command, _, shown = entry.partition("\n")
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
        elif shown.strip():
            printed = run_command(command, folder)
            assert doctest.OutputChecker().check_output(shown, printed, OPTIONS), printed


@pytest.mark.parametrize("page", PAGES_WITH_CODE, ids=lambda page: page.stem)
def test_what_a_page_shows_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with mock.patch.dict(os.environ):  # what a page sets there is for that page
        make_the_page_true(page, tmp_path)


@pytest.mark.types
@pytest.mark.slow
def test_the_programs_of_the_manual_pass_mypy_strict(tmp_path: Path) -> None:
    for block in PROGRAMS:
        (tmp_path / f"{block.name}.py").write_text(block.text, encoding="utf-8")
    assert mypy(tmp_path) == ""


@pytest.mark.types
@pytest.mark.slow
@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if block.note == "refused"], ids=lambda block: block.name
)
def test_what_the_manual_says_is_refused_is_refused(block: Block, tmp_path: Path) -> None:
    (tmp_path / "refused.py").write_text(block.text, encoding="utf-8")
    complaints = {int(line) for line in re.findall(r"refused\.py:(\d+):.* error:", mypy(tmp_path))}
    assert complaints == marked(block)


@pytest.mark.types
@pytest.mark.slow
@pytest.mark.parametrize(
    "block",
    [block for block in BLOCKS if block.note == "refused by the plugin"],
    ids=lambda block: block.name,
)
def test_what_the_manual_says_the_plugin_refuses_only_the_plugin_refuses(
    block: Block, tmp_path: Path
) -> None:
    for other in blocks(block.page):
        if other.file is not None and not other.is_program:  # templates, for example
            path = tmp_path / other.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(other.text, encoding="utf-8")
    (tmp_path / "refused.py").write_text(block.text, encoding="utf-8")
    assert checkers.mypy_with_plugin(tmp_path) == {"refused.py": marked(block)}
    assert checkers.mypy(tmp_path) == {}


@pytest.mark.types
@pytest.mark.slow
def test_pyright_agrees_with_what_the_manual_says_about_types(tmp_path: Path) -> None:
    """In its strict mode; about programs and about lines that are refused."""
    expected: checkers.Errors = {}
    for block in BLOCKS:
        if block.is_program or block.note == "refused":
            (tmp_path / f"{block.name}.py").write_text(block.text, encoding="utf-8")
        if block.note == "refused":
            expected[f"{block.name}.py"] = marked(block)
    assert checkers.pyright(tmp_path) == expected


def marked(block: Block) -> set[int]:
    """The lines of a block that are to be refused."""
    lines = enumerate(block.text.splitlines(), 1)
    return {number for number, line in lines if line.endswith("# refused")}


def mypy(folder: Path) -> str:
    """What mypy in its strict mode has to say about the files of a folder."""
    # Not the project's own settings: a reader has none.
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    cache = ROOT / ".mypy_cache" / "manual"
    done = subprocess.run(
        [*command, f"--cache-dir={cache}", *sorted(map(str, folder.glob("*.py")))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


EXCERPTS = [block for block in BLOCKS if block.excerpt is not None]


@pytest.mark.parametrize("block", EXCERPTS, ids=lambda block: block.name)
def test_an_excerpt_is_the_examples_real_code(block: Block) -> None:
    source = (ROOT / (block.excerpt or "")).read_text(encoding="utf-8")
    for part in re.split(r"(?m)^ *(?:#|<!--|--) \.\.\.(?: -->)?\n", block.text):
        assert part.strip("\n") in source, f"not in {block.excerpt}:\n{part}"


def test_every_block_says_what_it_is() -> None:
    """A block in an unknown language would be checked by nobody."""
    assert {block.language for block in BLOCKS} <= LANGUAGES
    fences = sum(len(re.findall(r"(?m)^```", page.read_text(encoding="utf-8"))) for page in PAGES)
    assert fences == 2 * len(BLOCKS), "a block has no language, or is not closed"


def test_the_tutorial_shows_code_of_every_module_of_the_example() -> None:
    shown = {block.excerpt for block in EXCERPTS}
    modules = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "examples" / "flaskr").glob("*.py")
        if path.name != "demo.py"
    }
    assert modules - shown == set()


def test_every_page_is_up_to_date_and_its_links_lead_somewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = build.main(["--check"])
    assert status == 0, capsys.readouterr().out


def test_every_page_of_the_manual_is_in_its_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


@pytest.mark.types
def test_the_checks_can_fail(tmp_path: Path) -> None:
    """A program that raises, a wrong answer and a wrong command are noticed."""
    for text in (
        "```python\nraise ValueError\n```\n",
        "```python\nx = 1\n```\n\n```pycon\n>>> x\n2\n```\n",
        "```console\n$ typedflask --version\nnothing of the kind\n```\n",
    ):
        page = tmp_path / "page.md"
        page.write_text(textwrap.dedent(text), encoding="utf-8")
        with pytest.raises((AssertionError, ValueError)):
            make_the_page_true(page, tmp_path)
    (tmp_path / "wrong.py").write_text("x: int = ''\n", encoding="utf-8")
    assert "error" in mypy(tmp_path)
