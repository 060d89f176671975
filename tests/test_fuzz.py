"""Every comparison that `TYPEDFLASK_FUZZ` multiplies is a row of `tools/fuzz.py`, with enough cases."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tools import fuzz

TESTS = Path(__file__).parent
KNOWN = {kind.address for kind in fuzz.KINDS}


def comparisons() -> Iterator[str]:
    """The tests that say how many cases they have, by themselves or by a function they call."""
    for path in sorted(TESTS.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "TYPEDFLASK_FUZZ" not in text or path == Path(__file__):
            continue
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        counting = {"CASES", "SITES_PER_PART"}
        counting |= {function.name for function in functions if names_in(function) & counting}
        for function in functions:
            if function.name.startswith("test_") and names_in(function) & counting:
                yield f"tests/{path.name}::{function.name}"


def names_in(function: ast.FunctionDef) -> set[str]:
    """The names a function uses."""
    return {part.id for part in ast.walk(function) if isinstance(part, ast.Name)}


def test_the_table_has_every_comparison() -> None:
    assert set(comparisons()) == KNOWN


@pytest.mark.parametrize("kind", fuzz.KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_as_many_cases_as_its_row_says(kind: fuzz.Kind) -> None:
    module = import_module(f"tests.test_{kind.file}")
    factor = int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
    assert kind.cases * factor == vars(module)["CASES"]
    assert kind.cases >= fuzz.LEAST


def test_the_tool_runs_a_kind_and_tells_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    kind = next(kind for kind in fuzz.KINDS if kind.name == "JSON read")
    assert fuzz.run(kind, 1)
    assert "20,000 cases" in capsys.readouterr().out
    assert not fuzz.run(kind._replace(test="there_is_not"), 1)
    assert "DIFFERENT" in capsys.readouterr().out


def test_a_difference_is_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def run(kind: fuzz.Kind, wanted: int) -> bool:
        asked.append(wanted)
        return kind.name != "URLs"

    monkeypatch.setattr(fuzz, "run", run)
    assert fuzz.main(["300000"]) == 1
    monkeypatch.setattr(fuzz, "KINDS", fuzz.KINDS[:1])
    assert fuzz.main([]) == 0
    assert asked[0] == 300_000
    assert asked[-1] == fuzz.MANY
