"""The measure of public types: it sees a missing type, and it does not take another copy for ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import verifytypes
from tools.verifytypes import Measure

pytestmark = pytest.mark.types

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "probe"
version = "1"

[tool.hatch.build.targets.wheel]
packages = ["probe"]
"""

MODULE = '''
"""A probe."""

from werkzeug.utils import cached_property


class Probe:
    """It borrows from a dependency, which is found."""

    borrowed: cached_property[int]
    inferred = [1]


def without_type(value):
    """Say nothing."""
'''


@pytest.mark.slow
def test_what_has_no_type_is_counted_and_named(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "probe").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT)
    (project / "probe" / "__init__.py").write_text(MODULE)
    (project / "probe" / "py.typed").touch()
    place = (tmp_path / "place").resolve()
    place.mkdir()

    packages = verifytypes.install([project], place)
    found = verifytypes.verify("probe", packages, place)

    assert not found.complete
    assert (found.ambiguous, found.unknown) == (2, 1)
    named = [reason.split(": ")[1] for reason in found.reasons]
    assert {"probe.Probe.inferred", "probe.without_type"} == set(named)

    with pytest.raises(SystemExit, match=r"pyright looked at .*, not at the copy in"):
        verifytypes.verify("werkzeug", packages, place)


@pytest.mark.parametrize(
    ("measure", "said", "complete"),
    [
        (Measure(1_775, 0, 0, []), "1775 of 1775 public names are known: 100 %", True),
        (Measure(1_999_999, 1, 0, []), "known: 99.9 %, 1 ambiguous, 0 unknown", False),
        (Measure(3, 0, 1, []), "known: 75.0 %, 0 ambiguous, 1 unknown", False),
        (Measure(0, 0, 0, []), "0 of 0 public names are known: 0.0 %", False),
    ],
)
def test_only_everything_is_a_hundred_percent(measure: Measure, said: str, complete: bool) -> None:
    assert said in str(measure)
    assert measure.complete is complete


def test_an_answer_is_kept_for_the_state_it_was_given_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def measure() -> Measure:
        asked.append("once more")
        return Measure(1, 0, 0, [])

    monkeypatch.setattr(verifytypes, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(verifytypes, "measure", measure)
    first = verifytypes.measure_once("as it is")
    again = verifytypes.measure_once("as it is")
    assert (first, len(asked)) == (again, 1)
    verifytypes.measure_once("changed")
    assert len(asked) == 2
    (tmp_path / "kept.json").write_text("not JSON")
    verifytypes.measure_once("changed")
    assert len(asked) == 3
