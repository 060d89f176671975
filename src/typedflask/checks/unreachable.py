"""Rules that no request reaches, because another one answers first or their host never comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from werkzeug.routing import Rule as BaseRule

from ..routing.rule import Rule
from .parameters import function_name
from .problem import Problem
from .rule_reading import Route, place_of_route, routes
from .subject import Check, Subject

NAME: Final = "unreachable"
AUTOMATIC: Final = frozenset({"HEAD", "OPTIONS"})
"""Methods that come with others, so that it is no mistake when another rule answers them."""

ANY_METHOD: Final = frozenset({"every method"})
"""What a rule without methods answers."""


def check(subject: Subject) -> Iterator[Problem]:
    """Find rules that do not answer some or any of their methods.

    Only rules that match exactly the same paths are compared; of these the first one answers.
    """
    seen: list[Route] = []
    for route in routes(subject):
        hidden = _never_by_subdomain(subject, route.rule)
        message = hidden or _hidden_by(route, seen)
        if message:
            yield Problem(
                NAME,
                message,
                place_of_route(subject, route),
                route.rule.rule,
                None if route.view is None else function_name(route.view),
            )
        if not hidden:
            seen.append(route)


def _hidden_by(route: Route, before: list[Route]) -> str | None:
    """A sentence about the rules that answer before this one, if there are any."""
    hiding: dict[str, Route] = {}
    for other in before:
        if _same_paths(other.rule, route.rule):
            own, taken = answered(route.rule), answered(other.rule)
            for method in own if taken is ANY_METHOD else own & taken:
                hiding.setdefault(method, other)
    if not hiding:
        return None
    which = "any request" if hiding.keys() >= answered(route.rule) else ", ".join(sorted(hiding))
    others = sorted({f"{other.rule.rule!r} ({other.endpoint})" for other in hiding.values()})
    return (
        f"The rule {route.rule.rule!r} of the endpoint {route.endpoint!r} never answers {which}:"
        f" {' and '.join(others)} matches the same paths and was registered before."
    )


def answered(rule: BaseRule) -> frozenset[str]:
    """The methods a rule was registered for; those that come along are not counted."""
    if rule.methods is None:
        return ANY_METHOD
    return frozenset(rule.methods) - AUTOMATIC or frozenset(rule.methods)


def _same_paths(one: BaseRule, other: BaseRule) -> bool:
    """Whether two rules match the same hosts and paths, whatever their variables are called."""
    return (
        isinstance(one, Rule)
        and isinstance(other, Rule)
        and one.parts == other.parts
        and one.websocket == other.websocket
    )


def _never_by_subdomain(subject: Subject, rule: BaseRule) -> str | None:
    """A sentence about a rule for a subdomain in an application that does not look at these."""
    app = subject.app
    if not rule.subdomain or app.url_map.host_matching:
        return None
    if rule.subdomain == app.url_map.default_subdomain:
        return None
    if not app.subdomain_matching:
        why = "subdomain_matching is off; turn it on: Flask(..., subdomain_matching=True)"
    elif app.config["SERVER_NAME"] is None:
        why = "SERVER_NAME is not set, so nobody knows what a subdomain is of"
    else:
        return None
    return (
        f"The rule {rule.rule!r} of the endpoint {str(rule.endpoint)!r} answers the subdomain"
        f" {rule.subdomain!r} only, and never a request: {why}."
    )


CHECK: Final = Check(
    NAME,
    "rules that never answer, because one registered before matches the same paths with the same"
    " methods, or because they are for a subdomain and subdomains are not matched",
    check,
)
"""The row of the table."""
