"""Tables as Markdown, which also reads well in a terminal, and the words around them."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from benchmarks.contenders import BASE, NAMES, OURS
from benchmarks.measure import Row, Spread
from benchmarks.scenarios import LEVEL, LEVEL_WITH_FALCON, no_requests

NONE: Final = "-"
"""The cell of a contender that does not offer a row."""

PEERS: Final = ("falcon", "bottle")
"""The frameworks, besides Flask, that typedflask is held against."""

PACKAGES: Final = (
    "typedflask",
    "flask",
    "werkzeug",
    "falcon",
    "bottle",
    "jinja2",
    "orjson",
    "gunicorn",
    "granian",
)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns also line up as plain text."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]

    def joined(line: Sequence[str]) -> str:
        first, *rest = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        numbers = (cell.rstrip().rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        return "| " + " | ".join([first, *numbers]) + " |"

    rule = "| " + " | ".join(["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])]) + " |"
    return "\n".join([joined(lines[0]), rule, *map(joined, lines[1:])])


def number(value: float) -> str:
    """Three digits, or all of those before the point."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def took(row: Row, name: str) -> str:
    """Median and minimum of one contender, or a dash."""
    if name not in row.figures:
        return NONE
    figures, per_base = row.figures[name], row.scenario.unit.per_base
    return f"{number(figures.middle * per_base)} ({number(figures.least * per_base)})"


def times(row: Row, name: str, other: str = BASE, *, quartiles: bool = False) -> str:
    """How many times as fast as Flask or another one, or a dash."""
    ratio = row.ratio(name, other)
    if ratio is None:
        return NONE
    return with_quartiles(ratio) if quartiles else f"{ratio.middle:.2f}"


def with_quartiles(ratio: Spread) -> str:
    """A ratio with the middle half of its rounds."""
    return f"{ratio.middle:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"


def taking_part(rows: Sequence[Row]) -> list[str]:
    """The contenders that appear in any row, in the order of the roster."""
    return [name for name in NAMES if any(name in row.figures for row in rows)]


def ratio_table(rows: Sequence[Row]) -> str:
    """How many times as fast as Flask everyone is, and what typedflask has to reach."""
    others = [name for name in taking_part(rows) if name not in (BASE, OURS)]
    head = ["scenario", f"{OURS} (quartiles)", *others, "floor now", "at least", "aim"]
    return table(
        head,
        [
            [
                row.scenario.title,
                times(row, OURS, quartiles=True),
                *(times(row, name) for name in others),
                *(f"{floor:g}" for floor in row.scenario.floors),
            ]
            for row in rows
        ],
    )


def time_table(rows: Sequence[Row]) -> str:
    """What each operation took: median, and minimum in parentheses."""
    names = taking_part(rows)
    return table(
        ["scenario", "unit", *names],
        [
            [row.scenario.title, row.scenario.unit.name, *(took(row, name) for name in names)]
            for row in rows
        ],
    )


def served(rows: Sequence[Row]) -> list[Row]:
    """The rows made of requests that one of the peers serves, too."""
    return [
        row
        for row in rows
        if row.scenario.asks is not no_requests and any(name in row.figures for name in PEERS)
    ]


def peer_table(rows: Sequence[Row]) -> str:
    """How many times as fast as its peers typedflask is, and what it has to reach."""
    head = ["scenario"]
    for name in PEERS:
        head += [f"of {name} (quartiles)", "at least"]
    lines: list[list[str]] = []
    for row in served(rows):
        line = [row.scenario.title]
        for name in PEERS:
            wanted = wanted_of(row, name)
            line += [
                times(row, OURS, name, quartiles=True),
                NONE if wanted is None or name not in row.figures else f"{wanted:g}",
            ]
        lines.append(line)
    return table(head, lines)


def wanted_of(row: Row, peer: str) -> float | None:
    """How many times as fast as a peer typedflask must be in a row; None: that is open."""
    if peer == "bottle":
        return 1.0
    return LEVEL if row.scenario.name in LEVEL_WITH_FALCON else None


def behind_peers(rows: Sequence[Row]) -> list[str]:
    """A sentence for each row in which typedflask is further behind a peer than it may be."""
    missed: list[str] = []
    for row in served(rows):
        for name in PEERS:
            ratio, wanted = row.ratio(OURS, name), wanted_of(row, name)
            if ratio is not None and wanted is not None and ratio.middle < wanted:
                missed.append(
                    f"{row.scenario.name}: {ratio.middle:.2f} times {name}, not {wanted:g}"
                )
    return missed


def below_floor(rows: Sequence[Row], floor: str) -> list[str]:
    """A sentence for each row in which typedflask misses `floor`: `now`, `least` or `aim`.

    The latter two, which the finished project has to reach, include the peers.
    """
    missed = [] if floor == "now" else behind_peers(rows)
    for row in rows:
        ratio = row.ratio(OURS)
        wanted: float = getattr(row.scenario.floors, floor)
        if ratio is not None and ratio.middle < wanted:
            missed.append(f"{row.scenario.name}: {ratio.middle:.2f} times Flask, not {wanted:g}")
    return missed


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def versions() -> dict[str, str]:
    """The versions of everything that was measured."""
    found = {platform.python_implementation(): platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def circumstances() -> str:
    """One paragraph on the machine and the versions."""
    packages = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"{processor()}, {os.cpu_count()} CPUs, {platform.system()}. {packages}."


def as_data(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Everything that was measured, samples included, as values JSON knows."""
    return [
        {
            "name": row.scenario.name,
            "unit": "bytes" if row.scenario.unit.name == "MB" else "seconds",
            "floors": row.scenario.floors._asdict(),
            "contenders": {
                name: {
                    "median": figures.middle,
                    "minimum": figures.least,
                    "times flask": row.ratio(name),
                    "operations in a sample": figures.operations,
                    "samples": figures.samples,
                }
                for name, figures in row.figures.items()
            },
        }
        for row in rows
    ]
