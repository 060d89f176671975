"""Every bundled template engine passes the published tests, and broken engines do not."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests import broken_engines
from tests.engine_sources import HTPY, JINJA, MAKO
from tests.test_docs import BLOCKS
from typedflask import Flask
from typedflask.templating import JinjaTemplates, TemplateBackend
from typedflask.templating.htpy import HtpyTemplates
from typedflask.templating.mako import MakoTemplates
from typedflask.templating.minijinja import MinijinjaTemplates
from typedflask.testing.conformance.templates import Sample, TemplateConformance


class TestJinja(TemplateConformance):
    def make_engine(self, app: Flask) -> TemplateBackend:
        return JinjaTemplates(app)

    def source(self, sample: Sample) -> str:
        return JINJA[sample]


class TestMinijinja(TemplateConformance):
    streams = False

    def make_engine(self, app: Flask) -> TemplateBackend:
        return MinijinjaTemplates(app)

    def source(self, sample: Sample) -> str:
        return JINJA[sample]


class TestStrictMinijinja(TestMinijinja):
    undefined_is_an_error = True

    def make_engine(self, app: Flask) -> TemplateBackend:
        app.debug = True
        return MinijinjaTemplates(app, strict=True)


class TestMako(TemplateConformance):
    streams = False
    undefined_is_an_error = True

    def make_engine(self, app: Flask) -> TemplateBackend:
        return MakoTemplates(app)

    def source(self, sample: Sample) -> str | None:
        return MAKO.get(sample)


class TestHtpy(TemplateConformance):
    has_files = False
    undefined_is_an_error = True

    def make_engine(self, app: Flask) -> TemplateBackend:
        return HtpyTemplates(app)

    def source(self, sample: Sample) -> object:
        return HTPY.get(sample)

    def put(self, app: Flask, name: str, source: object) -> None:
        assert callable(source)
        HtpyTemplates.of(app).add(name, source)


# --- engines that are wrong --------------------------------------------------------------


@pytest.fixture(scope="module")
def failures() -> dict[str, set[str]]:
    """Which tests fail for each of the broken engines."""
    names = " ".join(broken.__name__ for broken in broken_engines.BROKEN)
    options = ["-q", "--tb=no", "-rf", "-p", "no:cacheprovider", "-p", "no:xdist"]
    settings = ["-o", "addopts=", "-o", f"python_classes={names}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/broken_engines.py", *options, *settings],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found: dict[str, set[str]] = defaultdict(set)
    for name, test in re.findall(r"(?m)^FAILED \S+?::(\w+)::test_(\w+)", done.stdout):
        found[name].add(test)
    assert " passed" in done.stdout, done.stdout + done.stderr
    assert not re.search(r"(?m)^ERROR", done.stdout), done.stdout
    return found


@pytest.mark.parametrize("broken", broken_engines.BROKEN, ids=lambda each: each.__name__)
def test_the_mistake_of_a_broken_engine_is_noticed(
    broken: type[broken_engines.Broken], failures: dict[str, set[str]]
) -> None:
    assert failures[broken.__name__] == broken.fails


def test_every_test_of_the_suite_is_failed_by_some_engine() -> None:
    tests = {name for name in dir(TemplateConformance) if name.startswith("test_")}
    noticed = {f"test_{name}" for broken in broken_engines.BROKEN for name in broken.fails}
    assert tests - noticed == set()


# --- the engine of the manual ------------------------------------------------------------


def test_the_engine_that_the_manual_builds_passes(tmp_path: Path) -> None:
    program = next(
        block.text
        for block in BLOCKS
        if block.page.stem == "templates" and "class TestDollars" in block.text
    )
    (tmp_path / "test_dollars.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_dollars.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
