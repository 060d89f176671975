"""The command: `python -m benchmarks`, or `make bench`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from benchmarks import deeper, report
from benchmarks.contenders import BASE, NAMES, OURS, ContenderMissing, load
from benchmarks.contenders.contract import Contender
from benchmarks.exchange import WrongAnswer
from benchmarks.measure import FULL, QUICK, Pace, Row, measure
from benchmarks.scenarios import SCENARIOS, Scenario

SEED: Final = 20_250
BELOW_FLOOR: Final = 1
COULD_NOT_RUN: Final = 2


class Options(argparse.Namespace):
    """What the command line said."""

    quick: bool
    only: list[str]
    contenders: list[str] | None
    json: Path | None
    write: bool
    floors: str | None
    seed: int
    profile: str | None
    count: str | None
    run: tuple[str, str, str] | None


def read_options(arguments: Sequence[str] | None) -> Options:
    """The options of this command, or its help."""
    names = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="a few seconds: figures mean nothing")
    add("--only", nargs="+", metavar="NAME", default=[], choices=names, help=", ".join(names))
    add("--contenders", nargs="+", metavar="NAME", choices=NAMES, help=", ".join(NAMES))
    add("--json", type=Path, metavar="FILE", help="write every sample to FILE")
    add("--write", action="store_true", help=f"write the tables to docs/{report.PAGE.name}")
    add(
        "--floors",
        nargs="?",
        const="now",
        choices=("now", "least", "aim"),
        help="exit with 1 if typedflask is below this floor anywhere (now, if none is named)",
    )
    add("--seed", type=int, default=SEED, help="for the order within the rounds")
    add("--profile", metavar="NAME", help="show where the time of one scenario goes")
    add("--count", metavar="NAME", help="count the instructions of one scenario, with valgrind")
    add("--run", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args(arguments, namespace=Options())


def tell(note: str) -> None:
    """Show progress: over itself on a terminal, else nothing until a row is done."""
    if sys.stderr.isatty():
        print(f"\r\033[K{note}", end="", file=sys.stderr, flush=True)


def measure_all(
    scenarios: Sequence[Scenario], contenders: Sequence[Contender], *, pace: Pace, seed: int
) -> list[Row]:
    """Every row somebody offers, in order.

    :raises WrongAnswer: if a contender's answer is wrong.
    """
    random = Random(seed)
    rows: list[Row] = []
    for place, scenario in enumerate(scenarios, 1):
        tell(f"{scenario.name}: checking")
        row = measure(scenario, contenders, pace=pace, random=random, progress=tell)
        if row is not None:
            rows.append(row)
            ours = report.times(row, OURS, quartiles=True)
            tell("")
            print(f"{place}/{len(scenarios)} {scenario.name}: {ours}", file=sys.stderr, flush=True)
    return rows


def compare(options: Options) -> int:
    """Measure, print, and keep what the options want kept."""
    wanted = [row for row in SCENARIOS if not options.only or row.name in options.only]
    contenders = load(options.contenders or NAMES)
    pace = QUICK if options.quick else FULL
    rows = measure_all(wanted, contenders, pace=pace, seed=options.seed)
    print(report.circumstances(), end="\n\n")
    print(f"Times as fast as {BASE}:", end="\n\n")
    print(report.ratio_table(rows), end="\n\n")
    print("Median (minimum) of one operation:", end="\n\n")
    print(report.time_table(rows))
    if options.json is not None:
        options.json.write_text(report.as_json(rows), encoding="utf-8")
    if options.write:
        report.write_page(rows)
    if options.floors is None:
        return 0
    missed = report.below_floor(rows, options.floors)
    for sentence in missed:
        print(f"below the floor: {sentence}", file=sys.stderr)
    return BELOW_FLOOR if missed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status: 1 below a floor, 2 if it could not run."""
    options = read_options(arguments)
    try:
        if options.run is not None:
            name, contender, count = options.run
            deeper.run(name, contender, int(count))
        elif options.profile is not None:
            for contender in options.contenders or [OURS]:
                deeper.profile(options.profile, contender)
        elif options.count is not None:
            deeper.count_instructions(options.count, options.contenders or [BASE, OURS])
        else:
            return compare(options)
    except WrongAnswer as wrong:
        print(f"\na wrong answer, so nothing is measured: {wrong}", file=sys.stderr)
        return COULD_NOT_RUN
    except (ContenderMissing, deeper.NoSuchScenario, deeper.CannotCount) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return COULD_NOT_RUN
    return 0


if __name__ == "__main__":
    sys.exit(main())
