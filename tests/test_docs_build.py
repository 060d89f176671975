"""The tool that writes the generated parts of the manual and checks its links."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import build

REGISTERED = dict(build.PARTS)
REPOSITORY = build.ROOT
PAGE = "# A page\n\n<!-- generated: pets -->\nold\n<!-- end generated -->\n\nThe end.\n"


@pytest.fixture(autouse=True)
def _in_a_project_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "PARTS", {"pets": lambda: "- a cat\n- a dog\n"})
    (tmp_path / "docs").mkdir()


def write(tmp_path: Path, text: str, name: str = "page.md") -> Path:
    page = tmp_path / "docs" / name
    page.write_text(text, encoding="utf-8")
    return page


def test_what_stands_between_the_markers_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = write(tmp_path, PAGE)
    assert build.main([]) == 0
    assert page.read_text() == PAGE.replace("old", "- a cat\n- a dog")


def test_a_second_run_changes_nothing_and_the_check_is_content(tmp_path: Path) -> None:
    page = write(tmp_path, PAGE)
    build.main([])
    once = page.read_text()
    assert build.main(["--check"]) == 0
    assert build.main([]) == 0
    assert page.read_text() == once


def test_the_check_fails_on_an_outdated_page_and_leaves_it_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = write(tmp_path, PAGE)
    assert build.main(["--check"]) == 1
    assert "docs/page.md is out of date: run `make docs`" in capsys.readouterr().out
    assert page.read_text() == PAGE


def test_an_unknown_part_is_an_error_that_lists_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, PAGE.replace("pets", "cars"))
    assert build.main([]) == 1
    assert "asks for the generated part 'cars'; known are: pets" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[x](other.md)", None),
        ("[x](other.md#a-heading-of-two-parts)", None),
        ("[x](#here)\n\n## Here\n", None),
        ("[x](https://example.org/nothing)", None),
        ("`[x](nothing.md)`", None),
        ("```\n[x](nothing.md)\n```", None),
        ("[x](nothing.md)", "links to nothing.md, which is not there"),
        ("[x](other.md#gone)", "links to other.md#gone, a heading that is not there"),
        ("[x](#gone)", "links to #gone, a heading that is not there"),
    ],
)
def test_links_lead_to_files_and_headings_that_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str | None
) -> None:
    write(tmp_path, "# Other\n\n## A heading, of `two` parts\n", "other.md")
    write(tmp_path, text)
    assert build.main(["--check"]) == (1 if complaint else 0)
    assert (complaint or "0 complaints") in capsys.readouterr().out


def test_an_unknown_argument_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--chekc"]) == 2
    assert "'--chekc'" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(REGISTERED))
def test_every_part_describes_rows_of_the_framework(name: str) -> None:
    lines = REGISTERED[name]().splitlines()
    assert len([line for line in lines if line.startswith("|")]) > 3


def test_every_part_stands_on_a_page_of_the_manual() -> None:
    asked = {
        block["name"]
        for page in (REPOSITORY / "docs").rglob("*.md")
        for block in build.BLOCK.finditer(page.read_text(encoding="utf-8"))
    }
    assert asked == set(REGISTERED)
