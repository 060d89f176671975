"""Backends written from the manual pass what the manual says to test them with.

The classes of tests that pages derive from the conformance suites are collected and run by pytest as
they stand on the page, in a folder and a process of their own, as somebody would who had copied
them. That the same text passes `mypy --strict` and pyright is seen by tests/test_docs.py, with all
programs of the manual.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_docs import PROGRAMS, ROOT, Block

DERIVED = re.compile(r"^class (\w+)\((\w+Conformance)\):", re.MULTILINE)
WANTED = {
    "ConverterConformance",
    "JSONConformance",
    "SessionConformance",
    "StoreConformance",
    "TemplateConformance",
}
SUITES = [block for block in PROGRAMS if DERIVED.search(block.text)]


def derived(block: Block) -> list[str]:
    """The classes of tests in a program that pytest would collect."""
    return [name for name, _ in DERIVED.findall(block.text)]


def try_out(text: str, folder: Path) -> tuple[int, str]:
    """Run a program of the manual as a file of tests; warnings are errors."""
    (folder / "test_page.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-v", "-W", "error"),
            *("-p", "no:cacheprovider", "-p", "no:cov", "-c", "/dev/null", "--rootdir=."),
            *("--tb=short", "test_page.py"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_there_is_a_backend_for_every_suite() -> None:
    """A page that lost its example would be tried out by nobody."""
    shown = {suite for block in SUITES for _, suite in DERIVED.findall(block.text)}
    assert shown == WANTED


@pytest.mark.slow
@pytest.mark.parametrize("block", SUITES, ids=lambda block: block.name)
def test_the_backend_on_the_page_passes_its_suite(block: Block, tmp_path: Path) -> None:
    status, said = try_out(block.text, tmp_path)
    assert status == 0, said
    for name in derived(block):
        assert re.search(rf"::{name}::.* PASSED", said), f"no test of {name} was run:\n{said}"


def test_a_backend_that_is_wrong_would_be_noticed(tmp_path: Path) -> None:
    """The first suite of the page on JSON, with keys that nobody sorts."""
    block = next(block for block in SUITES if block.page.stem == "json")
    wrong = block.text.replace('"sort_keys": self.sort_keys,', '"sort_keys": False,')
    assert wrong != block.text
    status, said = try_out(wrong, tmp_path)
    assert status == 1
    assert "FAILED" in said


def test_the_front_page_leads_to_every_page_of_the_manual() -> None:
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert {page for page in pages if f"(docs/{page})" not in front} == set()
