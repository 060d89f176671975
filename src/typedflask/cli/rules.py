"""`typedflask rules`: what the views of the application may return, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from typedflask.cli.check import LOAD_ERROR
from typedflask.cli.routes import lay_out
from typedflask.commands import command_application

if TYPE_CHECKING:
    from typedflask.responses.rules import AnyRule


class Row(NamedTuple):
    """One rule as it is printed."""

    returns: str
    """What it accepts, as error messages call it."""
    types: str
    """The classes whose objects are found without asking a rule."""
    made_by: str
    """The function that makes the response, as `module:name`."""


HEADINGS: Final = Row("A view returns", "Found by type", "Made by")


def read_rows(rules: Iterable[AnyRule]) -> list[Row]:
    """List rules, in the order in which they are asked.

    :param rules: the application's.
    """
    return [
        Row(
            rule.name,
            ", ".join(kind.__qualname__ for kind in rule.types),
            name_of(rule.convert),
        )
        for rule in rules
    ]


def name_of(function: object) -> str:
    """Where a function is defined and what it is called there, as `module:name`."""
    kind = type(function)
    module = getattr(function, "__module__", kind.__module__)
    return f"{module}:{getattr(function, '__qualname__', kind.__qualname__)}"


@click.command("rules", short_help="List what the views of the application may return.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="A table for people, or a JSON list.",
)
@click.pass_context
def rules_command(context: click.Context, output_format: str) -> None:
    """List what the views of the application may return, in the order in which it is tried.

    The first rule that accepts a result makes the response of it. Objects of the classes in the
    second column are found by their class; no other rule is asked about them.
    """
    tried: object = context.meta.get(LOAD_ERROR)
    if isinstance(tried, Exception):
        raise tried
    rows = read_rows(command_application().responses)
    if output_format == "json":
        click.echo(json.dumps([row._asdict() for row in rows], indent=2))
        return
    for line in lay_out(HEADINGS, rows):
        click.echo(line)


__all__ = ["rules_command"]
