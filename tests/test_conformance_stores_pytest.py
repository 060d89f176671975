"""The conformance suite of session stores under pytest, as whoever wrote a store would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
A_USERS_TESTS = '''
"""How somebody who wrote a store would try it."""

import pytest
from tests.broken_stores import Honest, IgnoresCase, Place
from typedflask.testing.conformance.stores import StoreConformance

closed = []


class TestByMethods(StoreConformance):
    def make_store(self):
        self.place = Place()
        return Honest(self.place)

    def make_second(self, store, /):
        return Honest(self.place)

    def make_neighbour(self, store, /):
        return Honest(self.place, "other:")

    def make_unreachable(self):
        return Honest(Place(away=True))

    def wait(self, seconds, /):
        self.place.ahead += seconds

    def close_store(self, store, /):
        closed.append(store)


class TestByAFixture(StoreConformance):
    @pytest.fixture
    def store(self):
        self.place = Place()
        return IgnoresCase(self.place)

    def wait(self, seconds, /):
        self.place.ahead += seconds


def test_every_store_was_closed():
    checks = [name for name in dir(StoreConformance) if name.startswith("test_")]
    assert len(closed) > len(checks)
'''


def test_pytest_runs_the_suite_of_a_user(tmp_path: Path) -> None:
    """The whole suite where everything is given; what a store cannot have is skipped and said."""
    (tmp_path / "test_mine.py").write_text(A_USERS_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider"]
    answer = subprocess.run(
        [*command, "--rootdir", tmp_path, "-c", os.devnull, "test_mine.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    lines = answer.stdout.splitlines()
    failed = [line for line in lines if line.startswith("FAILED")]
    assert len(failed) == 1, answer.stdout
    assert "TestByAFixture::test_ids_that_differ_a_little_are_different_sessions" in failed[0]
    assert any("'A' is taken for an earlier id" in line for line in lines)
    skipped = " ".join(line for line in lines if line.startswith("SKIPPED"))
    for reason in ("no method lock", "make_second", "make_neighbour", "make_unreachable"):
        assert reason in skipped
