"""Hold the number of checker-silencing comments in the package to its budget.

usage: ignores.py [--list]

The house allows fewer than one per 1,000 lines of `src`. Each says which rule it silences and,
beside it or on the line above, why. The exit status is 1 when the budget is spent.
"""

from __future__ import annotations

import re
import sys
import tokenize
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
LINES_PER_IGNORE: Final = 1_000

# Only type checkers: what a linter is told at one line is its own business, and visible there.
SILENCES: Final = re.compile(r"#\s*(type:\s*ignore|pyright:\s*\w|mypy:\s*\w)")


class Ignore(NamedTuple):
    """One comment that silences a type checker."""

    path: Path
    line: int
    comment: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.comment}"


def ignores_in(path: Path) -> list[Ignore]:
    """Find the comments, not the strings that look like them."""
    with path.open("rb") as source:
        return [
            Ignore(path, token.start[0], token.string)
            for token in tokenize.tokenize(source.readline)
            if token.type == tokenize.COMMENT and SILENCES.match(token.string)
        ]


def survey(folder: Path) -> tuple[list[Ignore], int]:
    """Every ignore comment under `folder`, and the number of lines there."""
    found: list[Ignore] = []
    lines = 0
    for path in sorted(folder.rglob("*.py")):
        found += ignores_in(path)
        lines += len(path.read_text(encoding="utf-8").splitlines())
    return found, lines


def within_budget(count: int, lines: int) -> bool:
    """Fewer than one per thousand lines; none is always fine."""
    return count == 0 or count * LINES_PER_IGNORE < lines


def main(arguments: list[str]) -> int:
    """Print the sum, and the comments when asked or when there are too many."""
    found, lines = survey(ROOT / "src")
    fine = within_budget(len(found), lines)
    print(f"{len(found)} ignore comments in {lines} lines of src: {'fine' if fine else 'too many'}")
    if not fine or "--list" in arguments:
        print(*found, sep="\n")
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
