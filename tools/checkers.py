"""Run type checkers over programs, and compare what they report with what is expected.

usage: checkers.py [NAME...]     print what checkers find
       checkers.py --write       write the table in docs/typing.md anew

The programs are those of `tests/typing`: the ones in `good` are right, and each in `bad` has one bug,
on a line that is marked `# E:`. Printed is how many of the right ones each checker accepts and how
many of the bugs it finds, and which it does not. The tests hold the checkers to that; here one looks.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeAlias

ROOT: Final = Path(__file__).resolve().parent.parent
PROGRAMS: Final = ROOT / "tests" / "typing"

Errors: TypeAlias = dict[str, set[int]]
"""The lines with errors, by the name of the file."""

CANARY: Final = "canary.py"
PLANTED: Final = "mistake: int = 'planted'\n"
"""A mistake that every checker finds: one that says nothing about it did not run."""

BEYOND_ANNOTATIONS: Final = {
    "config_lifetime_type": "a dict whose keys may be anything accepts any value for any key",
    "config_missing_key_typo": "a dict whose keys may be anything; typed_config has attributes",
}
"""Programs whose first line hopes for more than annotations can give, and what stands in the way."""


KINDS: Final = {
    "view-return": "what a view returns",
    "responses": "making responses",
    "route-options": "options of a route",
    "route-params": "variables of a rule",
    "endpoints": "endpoints",
    "class-view": "class-based views",
    "errorhandler": "error handlers",
    "hooks": "hooks and template functions",
    "blueprint": "blueprints",
    "cli": "commands",
    "request": "the request",
    "session": "the session",
    "state": "declared state",
    "config": "configuration",
    "url-for": "URLs",
    "helpers": "helper functions",
    "backend": "backends",
    "client": "the test client",
    "other": "other things",
}
"""The kinds of bugs, as the first line of a program calls them, and as the manual does."""

PREFIXES: Final = {
    "state": "state",
    "urls": "url-for",
    "views": "view-return",
    "routes": "route-options",
    "rules": "route-params",
    "errors": "errorhandler",
    "backends": "backend",
    "conversion": "responses",
}
"""The kinds of programs whose first line says none, by what their names begin with."""

TABLE: Final = ROOT / "docs" / "typing.md"
BEGIN, END = "<!-- checkers -->\n", "<!-- end checkers -->\n"


OUR_OWN: Final = (
    r"(?:state|responses|testing\.conformance|json\.(?:stdlib|orjson|msgspec)"
    r"|sessions\.(?:server_side|stores)|templating\.(?:minijinja|mako|htpy))\b"
)
"""Rooms that Flask does not have, so that nobody imports them under its name."""


class Program(NamedTuple):
    """A program, and what has to be said about it."""

    path: Path
    good: bool

    @property
    def name(self) -> str:
        """Its name among the copies, where good and bad ones lie together."""
        return f"{'good' if self.good else 'bad'}_{self.path.name}"

    @property
    def marked(self) -> set[int]:
        """The lines on one of which the bug has to be reported."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return {number for number, line in enumerate(lines, 1) if "# E:" in line}

    @property
    def kind(self) -> str:
        """What the bug is about; its first line says so, or the beginning of its name."""
        found = re.match(r"# cat: ([\w-]+)", self.path.read_text(encoding="utf-8"))
        return found[1] if found else PREFIXES.get(self.path.stem.partition("_")[0], "other")

    @property
    def needs_plugin(self) -> bool:
        """Whether annotations cannot tell that it is wrong; its first line or the table says so."""
        first = self.path.read_text(encoding="utf-8").partition("\n")[0]
        return "needs: plugin" in first or self.path.stem in BEYOND_ANNOTATIONS

    def found(self, errors: Errors) -> bool:
        """Whether a checker said what has to be said."""
        reported = errors.get(self.name, set())
        return not reported if self.good else bool(reported & self.marked)


def programs() -> list[Program]:
    """All programs of `tests/typing`."""
    good = [Program(path, True) for path in sorted((PROGRAMS / "good").glob("*.py"))]
    return good + [Program(path, False) for path in sorted((PROGRAMS / "bad").glob("*.py"))]


def lay_out(chosen: Sequence[Program], folder: Path, package: str = "typedflask") -> None:
    """Copy programs into a folder, and the planted mistake.

    :param package: the name that they import the framework by.
    """
    for each in chosen:
        text = each.path.read_text(encoding="utf-8")
        text = re.sub(rf"\b(from|import) typedflask\b(?!\.{OUR_OWN})", rf"\1 {package}", text)
        (folder / each.name).write_text(text, encoding="utf-8")
    (folder / CANARY).write_text(PLANTED, encoding="utf-8")


def _run(command: Sequence[str], folder: Path) -> str:
    """What a checker prints. It is one of the environment that this runs in."""
    program = str(Path(sys.executable).parent / command[0])
    return subprocess.run(
        [program, *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        # A checker must not find the settings of whoever runs it.
        env={**os.environ, "NODE_OPTIONS": "", "MYPYPATH": "", "PYTHONPATH": ""},
    ).stdout


def _lines(pattern: str, output: str) -> Errors:
    """The errors in an output of one line for each."""
    found: Errors = {}
    for path, line in re.findall(pattern, output, re.MULTILINE):
        found.setdefault(Path(path).name, set()).add(int(line))
    return found


def mypy(folder: Path, settings: str = "") -> Errors:
    """`mypy --strict`, with more settings if wanted."""
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = true\n{settings}", encoding="utf-8")
    output = _run(["mypy", "--config-file=mypy.ini", "--no-color-output", "."], folder)
    return _lines(r"^(\S+\.py):(\d+): error", output)


def mypy_with_plugin(folder: Path) -> Errors:
    """`mypy --strict` with the plugin of the package."""
    return mypy(folder, "plugins = typedflask.mypy_plugin\n")


def pyright(folder: Path, mode: str = "strict", environment: Path = Path(sys.prefix)) -> Errors:
    """Pyright in its strict mode, which in basedpyright is the same."""
    settings = {
        "typeCheckingMode": mode,
        "pythonVersion": "3.11",
        "venvPath": str(environment.parent),
        "venv": environment.name,
        "enableTypeIgnoreComments": False,
        # A program of the manual may import what only the conversation below it uses.
        "reportUnusedImport": False,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    found: Errors = {}
    for problem in json.loads(_run(["basedpyright", "--outputjson"], folder))["generalDiagnostics"]:
        # What is deprecated is an error in the strict mode and a warning in the one beyond it.
        if problem["severity"] == "error" or problem.get("rule") == "reportDeprecated":
            line = problem["range"]["start"]["line"] + 1
            found.setdefault(Path(problem["file"]).name, set()).add(line)
    return found


def basedpyright(folder: Path) -> Errors:
    """Basedpyright as it comes; what it only warns about is not counted."""
    return pyright(folder, "recommended")


def ty(folder: Path) -> Errors:
    """Ty as it comes."""
    (folder / "ty.toml").touch()
    output = _run(["ty", "check", "--python", sys.prefix, "--output-format", "concise"], folder)
    return _lines(r"^(\S+\.py):(\d+):\d+: error", output)


def pyrefly(folder: Path) -> Errors:
    """Pyrefly as it comes."""
    (folder / "pyrefly.toml").touch()
    output = _run(
        [
            "pyrefly",
            "check",
            f"--python-interpreter-path={sys.executable}",
            "--output-format=min-text",
        ],
        folder,
    )
    return _lines(r"^ERROR (\S+\.py):(\d+):", output)


CHECKERS: Final[dict[str, Callable[[Path], Errors]]] = {
    "mypy": mypy,
    "mypy with the plugin": mypy_with_plugin,
    "pyright": pyright,
    "basedpyright": basedpyright,
    "ty": ty,
    "pyrefly": pyrefly,
}


def has_plugin() -> bool:
    """Whether the plugin is there to be asked."""
    if importlib.util.find_spec("typedflask.mypy_plugin") is None:
        return False
    return hasattr(importlib.import_module("typedflask.mypy_plugin"), "plugin")


def check(name: str, chosen: Sequence[Program]) -> Errors:
    """What one checker says about programs.

    :raises RuntimeError: it did not find the planted mistake, so it did not really run.
    """
    with TemporaryDirectory(prefix="checkers-") as place:
        folder = Path(place).resolve()
        lay_out(chosen, folder)
        errors = CHECKERS[name](folder)
    if errors.get(CANARY) != {1}:
        raise RuntimeError(f"{name} did not find the planted mistake; it found {errors}")
    return errors


def row(name: str, chosen: Sequence[Program]) -> tuple[str, list[Program]]:
    """A line about one checker, and the programs it is wrong about."""
    errors = check(name, chosen)
    good = [each for each in chosen if each.good]
    bad = [each for each in chosen if not each.good]
    wrong = [each for each in chosen if not each.found(errors)]
    passed = len(good) - sum(each.good for each in wrong)
    found = len(bad) - sum(not each.good for each in wrong)
    return f"{name:21} {passed:3} of {len(good)} pass   {found:3} of {len(bad)} found", wrong


def cell(finds: Sequence[bool]) -> str:
    """Whether all, some or none of the bugs of a kind are found; the number grows with the samples."""
    return "all" if all(finds) else "some" if any(finds) else "–"


def table(said: Mapping[str, Errors], chosen: Sequence[Program]) -> str:
    """The manual's table: a row for each kind of bug, a column for each checker."""
    lines = [f"| mistakes in … | {' | '.join(said)} |", "|---" * (len(said) + 1) + "|"]
    for kind, title in KINDS.items():
        bugs = [each for each in chosen if each.kind == kind and not each.good]
        cells = [cell([bug.found(errors) for bug in bugs]) for errors in said.values()]
        if bugs:
            lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def written() -> str:
    """The table as it stands in the manual."""
    return TABLE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def available() -> list[str]:
    """The checkers that can be asked."""
    return [name for name in CHECKERS if name != "mypy with the plugin" or has_plugin()]


def main(arguments: list[str]) -> int:
    """Print a row for each checker, or for those that were named; or write the table."""
    chosen = programs()
    if arguments == ["--write"]:
        new = table({name: check(name, chosen) for name in available()}, chosen)
        page = TABLE.read_text(encoding="utf-8")
        TABLE.write_text(page.replace(BEGIN + written(), BEGIN + new), encoding="utf-8")
        return 0
    for name in arguments or available():
        if name not in CHECKERS:
            raise SystemExit(f"{name!r} is none of {', '.join(CHECKERS)}")
        line, wrong = row(name, chosen)
        print(line)
        print(*(f"    {each.name.removesuffix('.py')}" for each in wrong), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
