"""The plot: how many times as fast as Flask everyone is, as an SVG image drawn by hand.

A bar for typedflask, a dot for each other framework, and a line at 1, which is Flask. Colours and text
stay readable on light and on dark pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from benchmarks.contenders import BASE, OURS
from benchmarks.measure import Row

COLOURS: Final = {OURS: "#2f7fd1", "falcon": "#d9822b", "bottle": "#7a9f35"}
INK: Final = "#808890"
WIDTH: Final = 860
LEFT: Final = 300
TOP: Final = 46
STEP: Final = 24
BAR: Final = 13


def plot(rows: Sequence[Row]) -> str:
    """The image of these rows; those without both Flask and typedflask are left out."""
    shown = [row for row in rows if row.ratio(OURS) is not None]
    ratios = [
        ratio.middle for row in shown for name in COLOURS if (ratio := row.ratio(name)) is not None
    ]
    most = max([2.0, *ratios])
    scale = (WIDTH - LEFT - 60) / most
    height = TOP + STEP * len(shown) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12" aria-labelledby="title">',
        f'<title id="title">How many times as fast as {BASE}</title>',
        *legend(),
        *grid(most, scale, height),
        *(part for place, row in enumerate(shown) for part in bars(row, place, scale)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def legend() -> Iterator[str]:
    """Who is who."""
    at = LEFT
    for name, colour in COLOURS.items():
        if name == OURS:
            yield f'<rect x="{at}" y="8" width="10" height="10" fill="{colour}"/>'
        else:
            yield f'<circle cx="{at + 5}" cy="13" r="4.5" fill="{colour}"/>'
        yield f'<text x="{at + 15}" y="17" fill="{INK}">{name}</text>'
        at += 100


def grid(most: float, scale: float, height: int) -> Iterator[str]:
    """A line at each even number and a stronger one at 1."""
    steps = [1, *range(2, int(most) + 1, 2)]
    for number in steps:
        x = LEFT + number * scale
        stroke = f'stroke="{INK}" stroke-opacity="{1 if number == 1 else 0.3}"'
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - 10}" {stroke}/>'
        yield f'<text x="{x:.1f}" y="{TOP - 10}" fill="{INK}" text-anchor="middle">{number}</text>'


def bars(row: Row, place: int, scale: float) -> Iterator[str]:
    """One row: its title, the bar with its figure, and the dots."""
    middle = TOP + STEP * place + STEP // 2
    title = escape(row.scenario.title.replace("`", ""))
    yield f'<text x="{LEFT - 8}" y="{middle + 4}" fill="{INK}" text-anchor="end">{title}</text>'
    for name, colour in COLOURS.items():
        ratio = row.ratio(name)
        if ratio is None:
            continue
        x = ratio.middle * scale
        if name == OURS:
            yield (
                f'<rect x="{LEFT}" y="{middle - BAR / 2}" width="{x:.1f}" height="{BAR}" '
                f'fill="{colour}"/>'
            )
            yield (
                f'<text x="{LEFT + 5}" y="{middle + 4}" fill="#ffffff" font-size="11">'
                f"{ratio.middle:.1f}</text>"
            )
        else:
            yield f'<circle cx="{LEFT + x:.1f}" cy="{middle}" r="4.5" fill="{colour}"/>'
