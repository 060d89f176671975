"""What the benchmark writes into the manual: tables in their places, and a plot beside them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("flask", reason="the peers are in requirements/bench.txt")

from benchmarks import page
from benchmarks.__main__ import PARTS, REQUESTS
from benchmarks.measure import Figures, Row
from benchmarks.parts import Section
from benchmarks.plot import plot
from benchmarks.scenarios import SCENARIOS

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
SVG = "{http://www.w3.org/2000/svg}"


def row_of(name: str, **took: float) -> Row:
    """A row in which each contender took that long once."""
    figures = {contender: Figures((one,), 1) for contender, one in took.items()}
    return Row(BY_NAME[name], figures)


def section(name: str, text: str) -> Section:
    return Section(name, f"About {name}", text, [text])


def test_a_part_is_written_anew_and_the_others_are_kept(tmp_path: Path) -> None:
    rows = [row_of("plain", flask=10.0, typedflask=4.0)]
    page.write([section("garbage", "none left"), page.requests_section(rows)], rows, tmp_path)
    file = tmp_path / page.PAGE
    file.write_text(file.read_text() + "A word after.\n")
    page.write(
        [section("garbage", "a little left"), section("routes", "lots of them")], [], tmp_path
    )
    written = file.read_text()
    assert written.startswith("# Performance")
    assert written.endswith("A word after.\n")
    assert "2.50 (2.50 to 2.50)" in written
    assert "none left" not in written
    places = [written.index(text) for text in ("2.50", "lots of", "a little left")]
    assert places == sorted(places)
    assert written.count(": begin -->") == written.count(": end -->") == 3


def test_writing_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    page.write([section("counts", "few")], [], tmp_path)
    first = (tmp_path / page.PAGE).read_text()
    page.write([section("counts", "few")], [], tmp_path)
    assert (tmp_path / page.PAGE).read_text() == first


def test_the_page_of_the_manual_names_every_part_it_holds_in_order() -> None:
    assert set(page.ORDER) == {REQUESTS, *PARTS}
    text = (page.FOLDER / page.PAGE).read_text()
    names = [part["name"] for part in page.PART.finditer(text)]
    assert "requests" in names
    assert names == sorted(set(names), key=page.ORDER.index)
    assert (page.FOLDER / page.IMAGE).is_file()


def test_the_plot_is_drawn_with_the_rows(tmp_path: Path) -> None:
    rows = [row_of("plain", flask=10.0, typedflask=4.0)]
    page.write([page.requests_section(rows)], rows, tmp_path)
    ElementTree.fromstring((tmp_path / page.IMAGE).read_text())


def test_a_bar_is_as_long_as_its_figure_and_a_dot_stands_for_each_other() -> None:
    drawn = plot(
        [
            row_of("plain", flask=12.0, typedflask=2.0, falcon=1.0, bare=0.1),
            row_of("route", flask=12.0, typedflask=4.0),
            row_of("form", flask=12.0, falcon=4.0),
        ]
    )
    image = ElementTree.fromstring(drawn)
    bars = [float(part.attrib["width"]) for part in image.iter(f"{SVG}rect")][1:]
    assert bars[0] == pytest.approx(2 * bars[1], abs=0.1)
    # One dot each for the two names of the legend, and the one of Falcon.
    assert len(list(image.iter(f"{SVG}circle"))) == 3
    words = [part.text for part in image.iter(f"{SVG}text")]
    assert "<int:id> among 200 routes" in words
    assert {"6.0", "3.0"} <= set(words)
    assert "form" not in words


def test_a_plot_of_nothing_is_an_image_still() -> None:
    ElementTree.fromstring(plot([]))


def test_the_samples_are_kept_as_json() -> None:
    rows = [row_of("plain", flask=10.0, typedflask=4.0)]
    found = json.loads(page.as_json([page.requests_section(rows), section("routes", "many")]))
    assert found["parts"]["routes"] == ["many"]
    assert found["parts"]["requests"][0]["contenders"]["typedflask"]["samples"] == [4.0]
    assert "flask" in found["versions"]
