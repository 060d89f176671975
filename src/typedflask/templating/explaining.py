"""What `EXPLAIN_TEMPLATE_LOADING` logs: who was asked for a template, and who had it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Attempt(NamedTuple):
    """One place where a template was looked for.

    :param who: the application or blueprint that the place belongs to.
    :param where: the place, in words.
    :param found: what was found there, in words; None for nothing.
    """

    who: str
    where: str
    found: str | None

    def __str__(self) -> str:
        answer = "no" if self.found is None else f"yes, {self.found}"
        return f"{self.who}, {self.where}: {answer}"


def explanation(template: str, attempts: Sequence[Attempt], blueprint: str | None) -> str:
    """Tell in words how a template was looked for.

    :param template: its name.
    :param attempts: each place that was asked, in order.
    :param blueprint: the blueprint that handles the active request, if there is one.
    """
    owners = [each.who for each in attempts if each.found is not None]
    lines = [f"Who has the template {template!r}?"]
    lines += [f"  {number}. {each}" for number, each in enumerate(attempts, 1)]
    if not attempts:
        lines.append("  Nobody was asked: no folder of templates is known.")
    if not owners:
        lines.append("Nobody has it.")
    else:
        lines.append(f"It is taken from {owners[0]}.")
    if len(owners) > 1:
        lines.append(f"It hides those of {', '.join(owners[1:])}; a different name would not.")
    if blueprint is not None and len(owners) != 1:
        lines.append(
            f"The request belongs to the blueprint {blueprint!r}, whose templates are found"
            " only in its own template_folder, under names shared with everybody else."
        )
    return "\n".join(lines)


def places(lines: Sequence[str], name: str) -> str:
    """Say in words where templates are looked for; what is told of a missing one.

    :param lines: each owner of templates with its place.
    :param name: the application's name.
    """
    if not lines:
        return (
            f"There is nowhere to look: neither the application {name!r} nor any"
            " of its blueprints has a folder of templates."
        )
    listed = (f"  {line}" for line in lines)
    return "\n".join(("Looked in:", *listed, "EXPLAIN_TEMPLATE_LOADING logs each attempt."))
