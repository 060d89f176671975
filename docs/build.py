"""Write the generated parts of the manual anew, and check its links.

usage: build.py            rewrite what is out of date
       build.py --check    change nothing; fail if something is out of date or a link is broken

A page asks for a generated part with two marker lines; what stands between them is replaced:

    <!-- generated: settings -->
    <!-- end generated -->

Every part is a function registered below that returns Markdown. It asks the package to describe
its own rows, so the manual cannot say anything else than what the framework does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parent.parent

Part: TypeAlias = Callable[[], str]
PARTS: Final[dict[str, Part]] = {}
"""What a page may ask for, by name."""

BLOCK: Final = re.compile(
    r"^<!-- generated: (?P<name>[\w-]+) -->\n(?P<old>.*?)^<!-- end generated -->$",
    re.MULTILINE | re.DOTALL,
)
FENCE: Final = re.compile(r"^(?P<mark>```+|~~~+).*?^(?P=mark)\s*?$", re.MULTILINE | re.DOTALL)
CODE: Final = re.compile(r"`[^`\n]*`")
LINK: Final = re.compile(r"\[[^\]]*\]\(<?(?P<target>[^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING: Final = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$", re.MULTILINE)


def part(name: str) -> Callable[[Part], Part]:
    """Register a function under the name that pages ask for."""

    def register(function: Part) -> Part:
        PARTS[name] = function
        return function

    return register


# --- parts, each from the rows it describes ----------------------------------------------
# Imported when asked for: a mistake in one room still lets the other pages be written.


@part("settings")
def settings() -> str:
    """Every key the framework reads."""
    from typedflask.config.settings import describe_settings

    return describe_settings()


@part("configuration-sources")
def configuration_sources() -> str:
    """Every place settings come from."""
    from typedflask.config.sources import describe_sources

    return describe_sources()


@part("response-rules")
def response_rules() -> str:
    """What a view may return and what becomes of it."""
    from typedflask.responses import describe

    return describe()


@part("error-precedence")
def error_precedence() -> str:
    """Which handler an error reaches."""
    from typedflask.errors.table import describe

    return describe()


@part("stages")
def stages() -> str:
    """Every hook, and in which order the functions of one hook run."""
    from typedflask.stages.table import describe

    return describe()


@part("checks")
def checks() -> str:
    """Every check of `typedflask check`, and what it finds."""
    from typedflask.checks.table import describe

    return describe()


# --- pages -------------------------------------------------------------------------------


class Trouble(Exception):
    """Something about a page that its author must repair."""


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    folders = ("docs", "changes", "requirements", "stubs", "examples", "benchmarks")
    found = [page for folder in folders for page in (ROOT / folder).rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *found])


def renewed(text: str) -> str:
    """Give a page's text with each generated part made anew."""

    def replace(block: re.Match[str]) -> str:
        name = block["name"]
        if name not in PARTS:
            known = ", ".join(sorted(PARTS)) or "none"
            raise Trouble(f"asks for the generated part {name!r}; known are: {known}")
        body = PARTS[name]().strip("\n")
        return f"<!-- generated: {name} -->\n{body}\n<!-- end generated -->"

    return BLOCK.sub(replace, text)


def anchor(title: str) -> str:
    """Give the anchor that renderers make of a heading."""
    plain = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower())
    return plain.replace(" ", "-")


def prose(text: str) -> str:
    """Take code away: what looks like a link or a heading there is none."""
    return CODE.sub("", FENCE.sub("", text))


def anchors(page: Path) -> set[str]:
    """Every heading of a page, as links name it."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {anchor(heading["title"]) for heading in HEADING.finditer(text)}


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Links to files and headings of this project that are not there; the web is not asked."""
    for link in LINK.finditer(prose(text)):
        target, _, fragment = link["target"].partition("#")
        if re.match(r"[a-z][a-z+.-]*:", target):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists():
            yield f"links to {target}, which is not there"
        elif fragment and file.suffix == ".md" and fragment not in anchors(file):
            yield f"links to {link['target']}, a heading that is not there"


def visit(page: Path, *, check: bool) -> Iterator[str]:
    """Renew one page, or say that it is out of date; then say what is wrong with its links."""
    text = page.read_text(encoding="utf-8")
    try:
        new = renewed(text)
    except Trouble as trouble:
        yield str(trouble)
        return
    if new != text:
        if check:
            yield "is out of date: run `make docs`"
        else:
            page.write_text(new, encoding="utf-8")
            print(f"wrote {page.relative_to(ROOT)}")
    yield from broken_links(page, new)


def main(arguments: Sequence[str]) -> int:
    """Visit every page; the exit status is 1 when something must be repaired."""
    if unknown := set(arguments) - {"--check"}:
        print(f"unknown argument {min(unknown)!r}; the only one is --check", file=sys.stderr)
        return 2
    visited = pages()
    complaints = [
        f"{page.relative_to(ROOT)} {complaint}"
        for page in visited
        for complaint in visit(page, check="--check" in arguments)
    ]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    print(f"{len(visited)} pages, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
