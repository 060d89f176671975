"""The page of the manual with all tables, and the plot beside it.

Each part has a place of its own between two markers. A run writes the parts it measured and leaves the
others as they are; what stands before the first part and after the last one is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import report
from benchmarks.measure import Row
from benchmarks.parts import Section
from benchmarks.plot import plot

FOLDER: Final = Path(__file__).parent.parent / "docs" / "performance"
PAGE: Final = "tables.md"
IMAGE: Final = "times-flask.svg"
ORDER: Final = ("requests", "servers", "routes", "attributes", "garbage", "counts")

PART: Final = re.compile(r"<!-- (?P<name>\w+): begin -->.*?<!-- (?P=name): end -->", re.DOTALL)

NEW_PAGE: Final = f"""# Performance: all tables

Written by `python -m benchmarks --write`; what is measured and how is told in
[Performance](../performance.md).

![How many times as fast as Flask]({IMAGE})
"""


def requests_section(rows: Sequence[Row]) -> Section:
    """The tables of the rows."""
    reading = (
        "How many times as fast as Flask (median of the rounds, with quartiles), and the floors "
        "this project has set itself. A dash: the contender does not offer it."
    )
    taken = "What one operation took: median, and the minimum in parentheses."
    parts = [reading, report.ratio_table(rows), taken, report.time_table(rows)]
    if report.served(rows):
        parts += ["How many times as fast as its peers typedflask is.", report.peer_table(rows)]
    return Section("requests", "In one process", "\n\n".join(parts), report.as_data(rows))


def block(section: Section) -> str:
    """A part with its markers, and where it was measured."""
    return "\n\n".join(
        [
            f"<!-- {section.name}: begin -->",
            f"## {section.title}",
            report.circumstances(),
            section.text.strip(),
            f"<!-- {section.name}: end -->",
        ]
    )


def write(sections: Sequence[Section], rows: Sequence[Row], folder: Path = FOLDER) -> None:
    """Put these parts on the page, which is begun if there is none, and draw the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE
    current = page.read_text(encoding="utf-8") if page.exists() else NEW_PAGE
    found = list(PART.finditer(current))
    before = current[: found[0].start()] if found else current
    after = current[found[-1].end() :] if found else "\n"
    blocks = {part["name"]: part[0] for part in found}
    blocks |= {section.name: block(section) for section in sections}
    text = "\n\n".join(blocks[name] for name in sorted(blocks, key=ORDER.index))
    page.write_text(f"{before.rstrip()}\n\n{text}{after}", encoding="utf-8")
    if rows:
        (folder / IMAGE).write_text(plot(rows), encoding="utf-8")


def as_json(sections: Sequence[Section]) -> str:
    """Everything that was measured, samples included."""
    machine = {"processor": report.processor(), "versions": report.versions()}
    parts = {section.name: section.data for section in sections}
    return json.dumps({**machine, "parts": parts}, indent=1)
