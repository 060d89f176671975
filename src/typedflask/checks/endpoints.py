"""Endpoints: every rule leads to a view, and every view is led to by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .parameters import function_name
from .problem import Problem
from .rule_reading import place_of_route, routes, rules_of
from .signatures import place_of
from .subject import Check, Subject

NAME: Final = "endpoints"


def check(subject: Subject) -> Iterator[Problem]:
    """Find rules whose endpoint has no view, and views whose endpoint has no rule."""
    for route in routes(subject):
        if route.view is None:
            yield Problem(
                NAME,
                f"The rule {route.rule.rule!r} leads to the endpoint {route.endpoint!r}, which has"
                " no view. Register one: add_url_rule(..., view_func=...) or @app.endpoint(...).",
                place_of_route(subject, route),
                route.rule.rule,
            )
    yield from _views_without_rules(subject)


def _views_without_rules(subject: Subject) -> Iterator[Problem]:
    """A blueprint offers a view under two endpoints; it is enough that one of them has a rule."""
    views = subject.app.view_functions
    reached = {str(rule.endpoint) for rule in rules_of(subject.app.url_map)}
    used = {id(view) for endpoint, view in views.items() if endpoint in reached}
    told: set[int] = set()
    for endpoint, view in views.items():
        if id(view) in used | told:
            continue
        told.add(id(view))
        yield Problem(
            NAME,
            f"The view {function_name(view)!r} is registered for the endpoint {endpoint!r}, to"
            " which no rule leads, so that no request reaches it.",
            place_of(view),
            function=function_name(view),
        )


CHECK: Final = Check(
    NAME,
    "rules whose endpoint has no view, and views whose endpoint has no rule",
    check,
)
"""The row of the table."""
