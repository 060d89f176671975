"""The command: `python -m benchmarks`, or `make bench`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from benchmarks import (
    attributes,
    commits,
    counts,
    deeper,
    garbage,
    page,
    report,
    scaled,
    servers,
)
from benchmarks.contenders import BASE, NAMES, OURS, ContenderMissing, load
from benchmarks.exchange import WrongAnswer
from benchmarks.measure import FULL, QUICK, Row, measure
from benchmarks.parts import SEED, CannotMeasure, Plan, Section
from benchmarks.scenarios import SCENARIOS

BELOW_FLOOR: Final = 1
COULD_NOT_RUN: Final = 2

REQUESTS: Final = "requests"
"""The part that measures the rows; the others are in `PARTS`."""

PARTS: Final[Mapping[str, Callable[[Plan], Section]]] = {
    "servers": servers.section,
    "routes": scaled.section,
    "attributes": attributes.section,
    "garbage": garbage.section,
    "counts": counts.section,
}


class Options(argparse.Namespace):
    """What the command line said."""

    quick: bool
    parts: list[str] | None
    only: list[str]
    contenders: list[str] | None
    json: Path | None
    write: bool
    floors: str | None
    seed: int
    profile: str | None
    count: list[str] | None
    compare: list[str] | None


def read_options(arguments: Sequence[str] | None) -> Options:
    """The options of this command, or its help."""
    names = [scenario.name for scenario in SCENARIOS]
    parts = (REQUESTS, *PARTS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="a few seconds a part: figures mean nothing")
    add("--parts", nargs="+", metavar="PART", choices=parts, help=", ".join(parts))
    add("--only", nargs="+", metavar="NAME", default=[], choices=names, help=", ".join(names))
    add("--contenders", nargs="+", metavar="NAME", choices=NAMES, help=", ".join(NAMES))
    add("--json", type=Path, metavar="FILE", help="write every sample to FILE")
    add("--write", action="store_true", help="write the tables and the plot to docs/performance/")
    add(
        "--floors",
        nargs="?",
        const="now",
        choices=("now", "least", "aim"),
        help="exit with 1 if typedflask is below this floor anywhere (now, if none is named)",
    )
    add("--seed", type=int, default=SEED, help="for the order within the rounds")
    add("--profile", metavar="NAME", help="show where the time of one scenario goes")
    add(
        "--count",
        nargs="*",
        metavar="NAME",
        help="count the instructions of these scenarios, or of all, with valgrind",
    )
    add(
        "--compare",
        nargs="+",
        metavar="COMMIT",
        help="how many times as fast the second commit is (the working tree, if none is named)",
    )
    options = parser.parse_args(arguments, namespace=Options())
    if options.compare is not None and len(options.compare) > 2:
        parser.error("--compare takes one commit or two")
    if options.count is not None:
        options.parts, options.only = ["counts"], options.count or options.only
    return options


def tell(note: str) -> None:
    """Show progress: over itself on a terminal, else nothing until a row is done."""
    if sys.stderr.isatty():
        print(f"\r\033[K{note}", end="", file=sys.stderr, flush=True)


def measure_all(plan: Plan) -> list[Row]:
    """Every row somebody offers, in order.

    :raises WrongAnswer: if a contender's answer is wrong.
    """
    contenders, random = load(plan.contenders), Random(plan.seed)
    pace = QUICK if plan.quick else FULL
    rows: list[Row] = []
    for place, scenario in enumerate(plan.scenarios, 1):
        plan.tell(f"{scenario.name}: checking")
        row = measure(scenario, contenders, pace=pace, random=random, progress=plan.tell)
        if row is not None:
            rows.append(row)
            ours = report.times(row, OURS, quartiles=True)
            plan.tell("")
            note = f"{place}/{len(plan.scenarios)} {scenario.name}: {ours}"
            print(note, file=sys.stderr, flush=True)
    return rows


def plan_of(options: Options) -> Plan:
    """What the options ask for.

    :raises NoSuchScenario: if a scenario is asked for that does not exist.
    """
    wanted = [deeper.scenario_of(name).name for name in options.only]
    return Plan(
        scenarios=[row for row in SCENARIOS if not wanted or row.name in wanted],
        contenders=options.contenders or NAMES,
        quick=options.quick,
        seed=options.seed,
        tell=tell,
    )


def measure_parts(options: Options) -> int:
    """Measure what is wanted, print it, and keep what the options want kept.

    :raises CannotMeasure: if a part that was asked for by name cannot run here.
    """
    plan = plan_of(options)
    rows: list[Row] = []
    sections: list[Section] = []
    print(report.circumstances())
    for name in options.parts or (REQUESTS, *PARTS):
        try:
            if name == REQUESTS:
                rows = measure_all(plan)
                section = page.requests_section(rows)
            elif name == "counts" and options.contenders is None:
                # A minute for each: those two are what the figures are for.
                section = PARTS[name](replace(plan, contenders=(BASE, OURS)))
            else:
                section = PARTS[name](plan)
        except CannotMeasure as problem:
            if options.parts is not None:
                raise
            tell("")
            print(f"left out: {problem}", file=sys.stderr)
            continue
        tell("")
        print(f"\n## {section.title}\n\n{section.text}", flush=True)
        sections.append(section)
    if options.json is not None:
        options.json.write_text(page.as_json(sections), encoding="utf-8")
    if options.write:
        page.write(sections, rows)
    missed = [] if options.floors is None else report.below_floor(rows, options.floors)
    for sentence in missed:
        print(f"below the floor: {sentence}", file=sys.stderr)
    return BELOW_FLOOR if missed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status: 1 below a floor, 2 if it could not run."""
    options = read_options(arguments)
    try:
        if options.profile is not None:
            for contender in options.contenders or [OURS]:
                deeper.profile(options.profile, contender)
        elif options.compare is not None:
            old, *new = options.compare
            print(commits.compare(old, new[0] if new else None, plan_of(options)))
        else:
            return measure_parts(options)
    except WrongAnswer as wrong:
        print(f"\na wrong answer, so nothing is measured: {wrong}", file=sys.stderr)
        return COULD_NOT_RUN
    except (ContenderMissing, deeper.NoSuchScenario, CannotMeasure) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return COULD_NOT_RUN
    return 0


if __name__ == "__main__":
    sys.exit(main())
