"""Instructions per operation, counted by valgrind's callgrind.

What else the machine does has no part in these figures: two runs differ by less than a percent. One
process per contender goes through all rows. Around what is counted it calls a function of the C
library that nobody else calls, and callgrind writes down its count each time that function is entered.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from benchmarks import report
from benchmarks.asks import draft
from benchmarks.contenders import BASE, OURS, load
from benchmarks.contenders.contract import Contender
from benchmarks.exchange import serve
from benchmarks.measure import check_app, samplers_of
from benchmarks.parts import CannotMeasure, Plan, Section
from benchmarks.scenarios import Scenario

TITLE: Final = "Instructions"
MARK: Final = "getpriority"
"""A function of the C library; Python shows it as `os.getpriority`."""

WARM_UP: Final = 40
OPERATIONS: Final = 200
QUICK_OPERATIONS: Final = 10
ROOT: Final = Path(__file__).parent.parent

Counts: TypeAlias = Mapping[str, float]
"""Instructions of one operation, by scenario."""


def offered(scenario: Scenario, contender: Contender) -> bool:
    """Whether the row can be counted: a request, or something short in this process."""
    return scenario.name in contender.apps or (
        scenario.name in contender.samplers and not scenario.once
    )


def mark() -> None:
    """Have callgrind write down its count up to here."""
    os.getpriority(os.PRIO_PROCESS, 0)


def counted(scenario: Scenario, contender: Contender, operations: int) -> Callable[[int], None]:
    """What does that many operations and nothing else that grows with them.

    :raises WrongAnswer: if the contender's answer is wrong.
    """
    if scenario.name not in contender.apps:
        sampler = samplers_of(scenario, [contender])[contender.name]

        def take(count: int) -> None:
            sampler(count)

        return take
    app = contender.apps[scenario.name]()
    drafts = [draft(request) for request in check_app(scenario, app)]
    most = max(WARM_UP, 2 * operations)
    environs = [drafts[number % len(drafts)].fresh() for number in range(WARM_UP + 3 * most)]

    def ask(count: int) -> None:
        for _ in range(count):
            serve(app, environs.pop())

    return ask


def run(name: str, operations: int, names: Sequence[str]) -> None:
    """What runs under callgrind: some operations of each row, then twice as many.

    :raises WrongAnswer: if the contender's answer is wrong.
    """
    (contender,) = load([name])
    # What the collector does depends on all that was before; the part on garbage is about it.
    gc.disable()
    for scenario in Plan().scenarios:
        if scenario.name in names:
            work = counted(scenario, contender, operations)
            work(WARM_UP)
            gc.collect()
            mark()
            work(operations)
            mark()
            work(2 * operations)
            mark()


def count(contender: str, scenarios: Sequence[Scenario], operations: int) -> Counts:
    """The instructions of one contender.

    :raises CannotMeasure: if valgrind is not installed or fails.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise CannotMeasure(
            "Counting instructions needs valgrind, which is not installed on this machine: "
            "install the package `valgrind` of your system, or leave the part `counts` out."
        )
    names = [scenario.name for scenario in scenarios]
    with TemporaryDirectory(prefix="benchmark-counts-") as folder:
        file = Path(folder) / "counts"
        command = [valgrind, "--tool=callgrind", f"--dump-before={MARK}"]
        command += [f"--callgrind-out-file={file}", sys.executable, "-m", "benchmarks.counts"]
        command += [contender, str(operations), *names]
        # Hashes that change from run to run change the way through every dict.
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False
        )
        if done.returncode != 0:
            raise CannotMeasure(f"valgrind failed: {done.stderr.strip()[-500:]}")
        found = [total_of(Path(f"{file}.{place + 1}")) for place in range(3 * len(names))]
    # Of each row's three counts the first is what led up to it.
    return {
        name: (found[3 * place + 2] - found[3 * place + 1]) / operations
        for place, name in enumerate(names)
    }


def total_of(file: Path) -> int:
    """The count in a file of callgrind's.

    :raises CannotMeasure: if it holds none, because the mark was never met.
    """
    text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    found = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    if found is None:
        raise CannotMeasure(f"valgrind counted nothing: it did not see the calls of {MARK}")
    return int(found[1])


def measure_counts(plan: Plan) -> dict[str, Counts]:
    """The instructions of all rows, by the contender's name.

    :raises CannotMeasure: if valgrind is not installed or fails.
    """
    found: dict[str, Counts] = {}
    for contender in load(plan.contenders):
        plan.tell(f"instructions: {contender.name}, about a minute")
        rows = [scenario for scenario in plan.scenarios if offered(scenario, contender)]
        if rows:
            operations = QUICK_OPERATIONS if plan.quick else OPERATIONS
            found[contender.name] = count(contender.name, rows, operations)
    return found


def section(plan: Plan) -> Section:
    """The instructions of one operation, and how many times fewer than Flask's ours are.

    :raises CannotMeasure: if valgrind is not installed or fails.
    """
    found = measure_counts(plan)
    both = BASE in found and OURS in found
    rows: list[list[str]] = []
    for scenario in plan.scenarios:
        counts = {name: by_row.get(scenario.name) for name, by_row in found.items()}
        if not any(counts.values()):
            continue
        cells = [report.NONE if each is None else f"{each:,.0f}" for each in counts.values()]
        if both:
            flask, ours = counts[BASE], counts[OURS]
            cells.append(f"{flask / ours:.2f}" if flask and ours else report.NONE)
        rows.append([scenario.title, *cells])
    reading = (
        "Instructions of the processor for one operation, counted by callgrind with the cyclic "
        "collector off. The clock of the machine and its other work have no part in them."
    )
    head = ["scenario", *found, *([f"{BASE} / {OURS}"] if both else [])]
    return Section("counts", TITLE, f"{reading}\n\n{report.table(head, rows)}", found)


def main(arguments: Sequence[str]) -> None:
    """Do what is counted: `CONTENDER OPERATIONS SCENARIO...`."""
    name, operations, *names = arguments
    run(name, int(operations), names)


if __name__ == "__main__":
    main(sys.argv[1:])
