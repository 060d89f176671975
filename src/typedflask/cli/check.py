"""`typedflask check`: what is wrong with the application, found without a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from typedflask.commands import NoAppException, command_application

if TYPE_CHECKING:
    from typedflask.checks.problem import Problem
    from typedflask.checks.subject import Check

FORMATS: Final = ("text", "json", "github")
"""The names of `typedflask.checks.output.FORMATS`, which is loaded when it is needed."""

LOAD_ERROR: Final = "typedflask.check.load_error"
"""Under which the context keeps why the application did not load, when that was tried before."""


@click.command("check", short_help="Report mistakes in the application.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Lines for people, a JSON list, or annotations for a workflow of GitHub.",
)
@click.option("--only", multiple=True, metavar="NAME", help="Run this check only; may be repeated.")
@click.option("--skip", multiple=True, metavar="NAME", help="Leave this check out; as --only.")
@click.option("--list", "show_list", is_flag=True, help="Print the checks and stop.")
@click.pass_context
def check_command(
    context: click.Context,
    output_format: str,
    only: Sequence[str],
    skip: Sequence[str],
    show_list: bool,
) -> None:
    """Load the application and report mistakes in it, each with its file and line.

    The exit status is 1 when there are any.
    """
    from typedflask.checks.output import FORMATS as WRITERS
    from typedflask.checks.table import CHECKS, UnknownCheck, choose

    if show_list:
        width = max(len(check.name) for check in CHECKS)
        for check in CHECKS:
            click.echo(f"{check.name:{width}}  {check.finds}")
        return
    try:
        chosen = choose(only, skip)
    except UnknownCheck as error:
        raise click.UsageError(str(error)) from None
    problems = _problems(context, chosen)
    text = WRITERS[output_format](problems)
    if text:
        click.echo(text)
    context.exit(1 if problems else 0)


def _problems(context: click.Context, chosen: Sequence[Check]) -> list[Problem]:
    """Load the application and run checks; an application that fails to load is one problem."""
    from typedflask.checks.loading import problem_of
    from typedflask.checks.table import left_out, run

    try:
        tried: object = context.meta.get(LOAD_ERROR)
        if isinstance(tried, Exception):
            raise tried
        app = command_application()
    except NoAppException as error:
        if error.__cause__ is None:
            raise  # there is no application at all
        problem = problem_of(error.__cause__)
        if isinstance(error.__cause__, ModuleNotFoundError) and problem.place.file is None:
            raise  # the module that was named
        return [problem]
    except Exception as error:
        return [problem_of(error)]
    notice = left_out(app, chosen)
    if notice is not None:
        click.echo(notice, err=True)
    return run(app, chosen)
