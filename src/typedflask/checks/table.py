"""The table of checks, and running them.

`typedflask check` and the manual print the rows; a new check is a file and a row.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from ..templating.contract import FindsMistakes
from ..templating.jinja import JinjaTemplates
from . import (
    configuration,
    endpoints,
    error_handlers,
    folders,
    hooks,
    parameters,
    results,
    source_urls,
    template_names,
    template_urls,
    templates,
    unreachable,
)
from .contract import CheckedApp
from .problem import Place, Problem
from .subject import Check, Subject, is_own

CHECKS: Final[tuple[Check, ...]] = (
    parameters.CHECK,
    results.CHECK,
    endpoints.CHECK,
    unreachable.CHECK,
    source_urls.CHECK,
    template_urls.CHECK,
    template_names.CHECK,
    templates.SYNTAX_CHECK,
    templates.REFERENCES_CHECK,
    error_handlers.CHECK,
    hooks.CHECK,
    folders.CHECK,
    configuration.CHECK,
)
"""Every check, in the order in which the manual lists them."""


class UnknownCheck(ValueError):
    """A check was named that is not in the table; the message lists those that are."""


def choose(only: Collection[str] = (), skip: Collection[str] = ()) -> list[Check]:
    """Choose checks by name.

    :param only: the ones to run; none means all.
    :param skip: the ones to leave out.
    :raises UnknownCheck: there is no check of one of these names.
    """
    known = [check.name for check in CHECKS]
    for name in (*only, *skip):
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise UnknownCheck(
                f"There is no check called {name!r}.{hint} The checks are: {', '.join(known)}."
            )
    return [
        check for check in CHECKS if check.name not in skip and (not only or check.name in only)
    ]


def run(app: CheckedApp, checks: Collection[Check] = CHECKS) -> list[Problem]:
    """Check an application.

    :param app: the application, loaded and set up.
    :param checks: the checks to run.
    :returns: every problem once, by file and line. What is wrong inside of installed packages is
        left out, because it is not for the application's authors to mend.
    """
    subject = Subject(app)
    found = [problem for check in checks for problem in check.run(subject)]
    own = [p for p in dict.fromkeys(found) if p.place.file is None or is_own(p.place.file)]
    return sorted(own, key=_by_place)


def left_out(app: CheckedApp, checks: Collection[Check] = CHECKS) -> str | None:
    """Say which of the checks could not look at the templates of an application.

    :param app: the application.
    :param checks: the checks that ran.
    :returns: a sentence; None if every check could do its work.
    """
    engine = app.templates
    if isinstance(engine, JinjaTemplates):
        return None
    blind = {template_urls.NAME, templates.REFERENCES}
    if not isinstance(engine, FindsMistakes):
        blind.add(templates.SYNTAX)
    names = [check.name for check in checks if check.name in blind]
    if not names:
        return None
    return (
        f"The templates are those of {type(engine).__name__}, which"
        f" {' and '.join(names)} cannot read; no mistakes of these kinds were looked for."
    )


def _by_place(problem: Problem) -> tuple[str, int, str, str]:
    file, line = problem.place
    # Templates are named by the loader's path and modules by theirs, which may be a link.
    return (
        "" if file is None else os.path.realpath(file),
        line or 0,
        problem.check,
        problem.message,
    )


def describe() -> str:
    """The table as Markdown, for the manual."""
    lines = ["| check | finds |", "| --- | --- |"]
    lines += [f"| `{check.name}` | {check.finds} |" for check in CHECKS]
    return "\n".join(lines) + "\n"


__all__ = ["CHECKS", "Check", "Place", "Problem", "UnknownCheck", "choose", "describe", "run"]
