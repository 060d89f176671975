"""Two commits of typedflask against each other, by this one benchmark.

Both sources are unpacked into a temporary folder; the present benchmark measures them, each in
processes of its own that take turns. A ratio compares two processes of the same round, so what the
machine does besides meets both alike. Without a second commit the working tree is compared.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks import report
from benchmarks.contenders import OURS, load
from benchmarks.exchange import WrongAnswer
from benchmarks.measure import QUICK, Pace, measure, spread
from benchmarks.parts import CannotMeasure, Plan, silent
from benchmarks.scenarios import SCENARIOS, Scenario

ROOT: Final = Path(__file__).parent.parent
ROUNDS: Final = 7
PACE: Final = Pace(0.15, 5)
WORKING_TREE: Final = "the working tree"


class Tree(NamedTuple):
    """A state of the sources to measure."""

    name: str
    source: Path
    """The folder to import from."""


def unpacked(commit: str, folder: Path) -> Tree:
    """The sources of a commit, in `folder`.

    :raises CannotMeasure: if git does not know the commit, or is not there.
    """
    try:
        done = subprocess.run(
            ["git", "archive", "--format=tar", commit, "src"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CannotMeasure("comparing commits needs git, which is not installed") from error
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip()
        raise CannotMeasure(f"git has no sources of {commit!r}: {why}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return Tree(commit, folder / "src")


def seconds_per_operation(tree: Tree, names: Sequence[str], *, quick: bool) -> dict[str, float]:
    """One round of one tree, measured in a process that imports it.

    :raises WrongAnswer: if it answers wrongly; the message is that of the process.
    """
    command = [sys.executable, "-m", "benchmarks.commits", str(tree.source), str(int(quick))]
    environment = {**os.environ, "PYTHONPATH": str(tree.source)}
    done = subprocess.run(
        [*command, *names], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise WrongAnswer(f"{tree.name}: {done.stderr.strip()[-800:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compare(old: str, new: str | None, plan: Plan) -> str:
    """The table of how many times as fast the new commit is as the old one.

    :raises CannotMeasure: if git does not know a commit.
    :raises WrongAnswer: if one of them answers wrongly.
    """
    names = [scenario.name for scenario in plan.scenarios]
    with TemporaryDirectory(prefix="benchmark-commits-") as folder:
        trees = [unpacked(old, Path(folder) / "old")]
        if new is None:
            trees.append(Tree(WORKING_TREE, ROOT / "src"))
        else:
            trees.append(unpacked(new, Path(folder) / "new"))
        rounds: list[dict[str, dict[str, float]]] = []
        random = Random(plan.seed)
        for number in range(1 if plan.quick else ROUNDS):
            plan.tell(f"round {number + 1} of {1 if plan.quick else ROUNDS}")
            places = [0, 1]
            random.shuffle(places)
            taken = {
                place: seconds_per_operation(trees[place], names, quick=plan.quick)
                for place in places
            }
            rounds.append({"old": taken[0], "new": taken[1]})
    reading = f"How many times as fast {trees[1].name} is as {trees[0].name}, round by round."
    return f"{reading}\n\n{comparison(plan.scenarios, rounds)}"


def comparison(scenarios: Sequence[Scenario], rounds: Sequence[dict[str, dict[str, float]]]) -> str:
    """The figures of both sides and their ratio; a row only where both have it."""
    rows: list[list[str]] = []
    for scenario in scenarios:
        sides = [
            [one[side][scenario.name] for one in rounds if scenario.name in one[side]]
            for side in ("old", "new")
        ]
        if not all(sides):
            continue
        old, new = sides
        ratio = spread([before / after for before, after in zip(old, new, strict=True)])
        figures = [report.number(median(side) * scenario.unit.per_base) for side in sides]
        rows.append([scenario.title, scenario.unit.name, *figures, report.with_quartiles(ratio)])
    return report.table(["scenario", "unit", "old", "new", "times as fast (quartiles)"], rows)


def measure_here(source: Path, names: Sequence[str], *, quick: bool) -> dict[str, float]:
    """The median of each row for the typedflask this process imports.

    :raises WrongAnswer: if it is not the one in `source`, or answers wrongly.
    """
    contenders = load([OURS])
    module = sys.modules[OURS].__file__
    if module is None or not Path(module).is_relative_to(source):
        raise WrongAnswer(f"typedflask was imported from {module}, and not from {source}")
    found: dict[str, float] = {}
    for scenario in SCENARIOS:
        if scenario.name in names:
            pace = QUICK if quick else PACE
            row = measure(scenario, contenders, pace=pace, random=Random(1), progress=silent)
            if row is not None:
                found[scenario.name] = row.figures[OURS].middle
    return found


def main(arguments: Sequence[str]) -> None:
    """Print one round of one tree as JSON: `SOURCE QUICK SCENARIO...`."""
    source, quick, *names = arguments
    print(json.dumps(measure_here(Path(source), names, quick=quick == "1")))


if __name__ == "__main__":
    main(sys.argv[1:])
