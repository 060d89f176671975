"""Typed programs: the right ones pass every type checker, the wrong ones fail where they are wrong.

`tests/typing/good` holds programs that must pass. Each program in `tests/typing/bad` has one bug, and
an error must be reported on a line marked `# E:`. Its first line says what finding the bug needs:
`needs: plugin` where annotations cannot say what is wrong, `plain`, `trick` or `typed-api` where
they can. `tools/checkers.py` prints the same as a table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import checkers
from tools.checkers import Errors, Program

pytestmark = pytest.mark.types

PROGRAMS = checkers.programs()
GOOD = [program for program in PROGRAMS if program.good]
BAD = [program for program in PROGRAMS if not program.good]

STRICT = ["mypy", "pyright", "basedpyright"]
"""The checkers that must accept every right program and find every bug that annotations can tell."""

YOUNGER = ["ty", "pyrefly"]
"""The checkers that are heard, and must accept the right programs but for those excused below."""

EXCUSED = {
    "basedpyright": {
        "state_declared": (
            "beyond pyright's strict mode, basedpyright wants each attribute set by its class, also"
            " in one that only declares what others set. A dataclass would please it."
        ),
    },
    "pyrefly": {
        "request_json": (
            "the pattern of a mapping over an `object` is beyond pyrefly 1.4.1, in programs that do"
            " not import typedflask just as well (see the test below)."
        ),
    },
}
"""Right programs that a checker refuses, and why."""

each_good = pytest.mark.parametrize("program", GOOD, ids=lambda program: program.path.stem)


@pytest.fixture(scope="module")
def told() -> dict[str, Errors]:
    """What the checkers said so far."""
    return {}


def ask(told: dict[str, Errors], checker: str) -> Errors:
    """What one checker reports about all programs; `check` makes sure that it really ran."""
    if checker not in told:
        told[checker] = checkers.check(checker, PROGRAMS)
    return told[checker]


@pytest.mark.parametrize("checker", STRICT)
@each_good
def test_a_right_program_passes(told: dict[str, Errors], checker: str, program: Program) -> None:
    """
    What a typed user rightly expects to be accepted is accepted.
    """
    errors = ask(told, checker).get(program.name, set())
    if program.path.stem in EXCUSED.get(checker, {}):
        assert errors, "this program needs no excuse any more"
    else:
        assert errors == set()


@pytest.mark.parametrize("checker", STRICT)
@pytest.mark.parametrize(
    "program",
    [program for program in BAD if not program.needs_plugin],
    ids=lambda program: program.path.stem,
)
def test_a_bug_is_reported_where_it_is(
    told: dict[str, Errors], checker: str, program: Program
) -> None:
    """
    An error stands on a line marked as wrong.
    """
    assert program.marked
    errors = ask(told, checker)
    assert program.found(errors), errors.get(program.name)


@pytest.mark.parametrize("name", sorted(checkers.BEYOND_ANNOTATIONS))
def test_what_annotations_have_learned_to_tell_loses_its_excuse(
    told: dict[str, Errors], name: str
) -> None:
    """
    The table of what only the plugin finds is true.
    """
    (program,) = [program for program in BAD if program.path.stem == name]
    found = [checker for checker in STRICT if program.found(ask(told, checker))]
    assert found == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_with_the_plugin_mypy_finds_every_bug_and_refuses_nothing_right(
    told: dict[str, Errors], program: Program
) -> None:
    """
    The plugin finds what annotations cannot say, and adds no false alarm.
    """
    if not checkers.has_plugin():
        pytest.skip("the plugin is not in the tree yet")
    errors = ask(told, "mypy with the plugin")
    assert program.found(errors), errors.get(program.name)


@pytest.mark.parametrize("checker", YOUNGER)
def test_a_younger_checker_accepts_the_right_programs_but_for_the_excused(
    told: dict[str, Errors], checker: str
) -> None:
    """
    What they refuse is known and has a reason; what they accept again loses its excuse.
    """
    errors = ask(told, checker)
    refused = {program.path.stem for program in GOOD if not program.found(errors)}
    assert refused == set(EXCUSED.get(checker, {}))


@pytest.mark.parametrize("checker", YOUNGER)
def test_a_younger_checker_finds_most_bugs_that_annotations_can_tell(
    told: dict[str, Errors], checker: str
) -> None:
    """
    The number is reported by `tools/checkers.py`; nine in ten is what may not be lost unnoticed.
    """
    errors = ask(told, checker)
    findable = [program for program in BAD if not program.needs_plugin]
    missed = [program.path.stem for program in findable if not program.found(errors)]
    assert len(missed) <= len(findable) / 10, missed


def test_the_manual_says_what_each_checker_finds(told: dict[str, Errors]) -> None:
    """
    After a change: `python tools/checkers.py --write`.
    """
    said = {checker: ask(told, checker) for checker in checkers.available()}
    assert checkers.written() == checkers.table(said, PROGRAMS)


def test_a_program_says_what_its_bug_is_about() -> None:
    """
    Otherwise it would be missing from the table.
    """
    assert {program.path.name for program in BAD if program.kind not in checkers.KINDS} == set()


def test_what_pyrefly_refuses_in_a_pattern_it_refuses_without_the_framework(
    tmp_path: Path,
) -> None:
    """
    So the fault is not in the types of this package.
    """
    (tmp_path / "pattern.py").write_text(
        "def name(data: object) -> str:\n"
        "    match data:\n"
        "        case {'name': str(name)}:\n"
        "            return name\n"
        "        case _:\n"
        "            raise ValueError\n",
        encoding="utf-8",
    )
    assert checkers.pyrefly(tmp_path) == {"pattern.py": {3}}


def test_a_checker_that_did_not_run_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Silence about the planted mistake is no praise of the programs.
    """

    def silent(folder: Path) -> Errors:
        assert (folder / checkers.CANARY).exists()
        return {}

    monkeypatch.setitem(checkers.CHECKERS, "mypy", silent)
    with pytest.raises(RuntimeError, match="mypy did not find the planted mistake"):
        checkers.check("mypy", PROGRAMS)


def test_the_table_of_expectations_names_programs_that_exist() -> None:
    """
    An excuse for a program that is gone would hide the next one of its name.
    """
    assert set(checkers.BEYOND_ANNOTATIONS) <= {program.path.stem for program in BAD}
    for excused in EXCUSED.values():
        assert set(excused) <= {program.path.stem for program in GOOD}


def test_the_comparison_of_a_program_can_fail(tmp_path: Path) -> None:
    """
    An error elsewhere is noise, not a find; and an error in a right program refuses it.
    """
    path = tmp_path / "program.py"
    path.write_text("# cat: any | needs: plain\none = 1\ntwo = 2  # E: not three\n")
    bad, good = Program(path, good=False), Program(path, good=True)
    assert bad.marked == {3}
    assert bad.found({"bad_program.py": {2, 3}})
    assert not bad.found({"bad_program.py": {2}})
    assert not bad.found({})
    assert good.found({"bad_program.py": {3}})
    assert not good.found({"good_program.py": {2}})
    assert not bad.needs_plugin
    path.write_text("# cat: any | needs: plugin\none = 1  # E: not two\n")
    assert bad.needs_plugin
