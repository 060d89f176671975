"""`JSONConformance`: every bundled backend passes, and backends that are wrong in one way do not."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from tests import broken_json_backends, native_json_backends
from tests.broken_json_backends import BROKEN
from tests.test_docs import ROOT, blocks
from typedflask import Flask
from typedflask.json import DefaultJSONProvider, JSONBackend, iso_json
from typedflask.json.msgspec import MsgspecJSON
from typedflask.json.orjson import OrjsonJSON
from typedflask.json.stdlib import StdlibJSON
from typedflask.testing.conformance.json import JSONConformance


class TestDefault(JSONConformance):
    def make_backend(self, app: Flask) -> JSONBackend:
        return DefaultJSONProvider(app)


class TestStdlib(JSONConformance):
    def make_backend(self, app: Flask) -> JSONBackend:
        return StdlibJSON(app)


class TestOrjson(JSONConformance):
    def make_backend(self, app: Flask) -> JSONBackend:
        return OrjsonJSON(app)


class TestMsgspec(JSONConformance):
    def make_backend(self, app: Flask) -> JSONBackend:
        return MsgspecJSON(app)


class TestMsgspecWithISODates(JSONConformance):
    iso_dates = True

    def make_backend(self, app: Flask) -> type[MsgspecJSON]:
        class ISO(MsgspecJSON):
            default = staticmethod(iso_json)

        return ISO


# --- the backends of the manual ----------------------------------------------------------


@pytest.fixture(scope="module")
def of_the_manual(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest prints about the last program of the manual's page."""
    (*_, block) = (block for block in blocks(ROOT / "docs" / "json.md") if block.is_program)
    path = tmp_path_factory.mktemp("manual") / "test_of_the_manual.py"
    path.write_text(block.text, encoding="utf-8")
    return outcome_of(path)


def test_the_backends_of_the_manual_pass_as_the_manual_says(of_the_manual: str) -> None:
    assert re.findall(r"(?m)^(?:FAILED|ERROR).*", of_the_manual) == []
    assert re.search(r"\d{3} passed, 7 xfailed", of_the_manual)


# --- the suite itself --------------------------------------------------------------------


def outcome_of(path: str | Path) -> str:
    """What pytest prints about the tests of a file, in a process of its own."""
    options = ("-q", "-rfX", "--tb=no", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def failed() -> dict[str, set[str]]:
    """Which tests failed of each class of broken backends."""
    found: dict[str, set[str]] = {name: set() for name in BROKEN}
    printed = outcome_of(broken_json_backends.__file__)
    for name, test in re.findall(r"(?m)^FAILED \S+?::(\w+)::(\w+)", printed):
        found[name].add(test)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_backend_that_is_wrong_in_one_way_fails_the_tests_of_that(
    failed: dict[str, set[str]], name: str
) -> None:
    assert failed[name] == BROKEN[name]


def test_every_test_of_the_suite_fails_for_some_backend() -> None:
    tests = {name for name in dir(JSONConformance) if name.startswith("test_")}
    assert tests - set[str]().union(*BROKEN.values()) == set()


@pytest.mark.slow
def test_native_backends_differ_where_they_say_so_and_nowhere_else() -> None:
    """What is declared in `otherwise` fails, every other test passes."""
    printed = outcome_of(native_json_backends.__file__)

    assert re.findall(r"(?m)^FAILED.*", printed) == []
    assert "xfailed" in printed.splitlines()[-1]


def test_a_difference_is_declared_by_the_name_of_a_test() -> None:
    class Misspelt(JSONConformance):
        otherwise: ClassVar[Mapping[str, str]] = {"test_of_nothing[at all]": "no reason"}

    with pytest.raises(AssertionError, match=r"do not exist: \['test_of_nothing\[at all\]'\]"):
        Misspelt().check_otherwise()


def test_a_class_that_makes_no_backend_says_what_is_missing() -> None:
    class Empty(JSONConformance):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty must define make_backend\(self, app\)"):
        Empty().make_backend(Flask("shop"))
