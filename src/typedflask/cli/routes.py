"""`typedflask routes`: the URL map as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import click
from werkzeug.routing import Map

from typedflask.commands import command_application, with_appcontext

AUTOMATIC_METHODS: Final = frozenset({"HEAD", "OPTIONS"})
"""Methods that come with every rule, and are shown when asked for."""


class Row(NamedTuple):
    """One rule as it is printed."""

    endpoint: str
    methods: str
    domain: str
    rule: str


ORDERS: Final[dict[str, Callable[[Row], str]]] = {
    "endpoint": lambda row: row.endpoint,
    "methods": lambda row: row.methods,
    "domain": lambda row: row.domain,
    "rule": lambda row: row.rule,
}
"""What `--sort` sorts by; `match`, the order of the URL map, is the one that needs no sorting."""


def read_rows(url_map: Map, all_methods: bool) -> list[Row]:
    """List the rules of a URL map, in its order.

    :param url_map: the application's.
    :param all_methods: whether the automatic methods are listed too.
    """
    hidden = frozenset[str]() if all_methods else AUTOMATIC_METHODS
    return [
        Row(
            str(rule.endpoint),
            ", ".join(sorted((rule.methods or set()) - hidden)),
            (rule.host if url_map.host_matching else rule.subdomain) or "",
            rule.rule,
        )
        for rule in url_map.iter_rules()
    ]


def lay_out(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Align rows in columns below their headings; a column without any content is left out."""
    rows = list(rows)
    columns = [
        (heading, *cells)
        for heading, cells in zip(headings, zip(*rows, strict=True), strict=True)
        if any(cells)
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = [tuple(column[0] for column in columns), tuple("-" * width for width in widths)]
    lines.extend(zip(*(column[1:] for column in columns), strict=True))
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


@click.command("routes", short_help="List the routes of the application.")
@click.option(
    "--sort",
    "-s",
    type=click.Choice([*ORDERS, "match"]),
    default="endpoint",
    show_default=True,
    help="What to sort by; `match` is the order in which the URL map holds the rules.",
)
@click.option("--all-methods", is_flag=True, help="List HEAD and OPTIONS too.")
@with_appcontext
def routes_command(sort: str, all_methods: bool) -> None:
    """List the routes of the application with their endpoints and methods."""
    url_map = command_application().url_map
    rows = read_rows(url_map, all_methods)
    if not rows:
        click.echo("The application has no routes.")
        return
    if sort in ORDERS:
        rows.sort(key=ORDERS[sort])
    domain = "Host" if url_map.host_matching else "Subdomain"
    for line in lay_out(Row("Endpoint", "Methods", domain, "Rule"), rows):
        click.echo(line)
