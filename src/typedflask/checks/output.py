"""Problems as text for people, as JSON for programs, and as annotations for GitHub's workflows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .problem import Problem


def shown_file(problem: Problem) -> str | None:
    """The file as people name it from where they are: relative, if it lies below."""
    file = problem.place.file
    if file is None:
        return None
    here = os.path.realpath(os.getcwd())
    real = os.path.realpath(file)
    return os.path.relpath(real, here) if real.startswith(here + os.sep) else file


def as_text(problems: Sequence[Problem]) -> str:
    """A line for each problem, and one that counts them."""
    lines: list[str] = []
    for problem in problems:
        file, line = shown_file(problem), problem.place.line
        where = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        lines.append(f"{where}{problem.message} [{problem.check}]")
    count = len(problems)
    lines.append(f"{count or 'No'} problem{'' if count == 1 else 's'} found.")
    return "\n".join(lines)


def as_json(problems: Sequence[Problem]) -> str:
    """A list of objects: `check`, `message`, `file`, `line`, `rule`, `function`."""
    rows = [
        {
            "check": problem.check,
            "message": problem.message,
            "file": shown_file(problem),
            "line": problem.place.line,
            "rule": problem.rule,
            "function": problem.function,
        }
        for problem in problems
    ]
    return json.dumps(rows, indent=2)


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands, which GitHub shows at the lines (its documentation, "Workflow commands")."""
    return "\n".join(map(_annotation, problems))


def _annotation(problem: Problem) -> str:
    properties = {"file": shown_file(problem), "line": problem.place.line, "title": problem.check}
    given = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::error {given}::{_escaped(problem.message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


FORMATS: Final[Mapping[str, Callable[[Sequence[Problem]], str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}
"""What `--format` takes."""
