"""What views say that they return: something that becomes a response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..responses.rules import ResponseRules
from .fitting import name_of
from .parameters import signatures_of, view_class_of
from .problem import Problem
from .rule_reading import place_of_route, routes
from .signatures import place_of
from .subject import Check, Subject

NAME: Final = "results"

SAMPLES: Final[Mapping[object, object]] = {
    int: 0,
    float: 0.0,
    bool: False,
    complex: 0j,
    set: set[object](),
    frozenset: frozenset[object](),
    type(None): None,
}
"""Types that no rule of the framework accepts, each with a value to ask an application's rules."""


def check(subject: Subject) -> Iterator[Problem]:
    """Find views annotated with a result that no rule of the application accepts."""
    app = subject.app
    if getattr(type(app), "make_response").__module__.split(".")[0] != __name__.split(".")[0]:
        return  # its own idea of what becomes a response
    refused = {kind for kind, sample in SAMPLES.items() if not accepts(app.responses, sample)}
    for route in routes(subject):
        view = route.view
        # What a decorator makes of the result is not known.
        if view is None or hasattr(view, "__wrapped__"):
            continue
        for signature, name in signatures_of(view, sorted(route.rule.methods or ())):
            result = signature.annotations.get("return", object)
            if result in refused and not hasattr(signature.function, "__wrapped__"):
                of_class = view_class_of(view) is not None
                yield Problem(
                    NAME,
                    f"The view {name!r} of the rule {route.rule.rule!r} returns {name_of(result)},"
                    " of which no response can be made.",
                    place_of(signature.function) if of_class else place_of_route(subject, route),
                    route.rule.rule,
                    name,
                )


def accepts(rules: ResponseRules, value: object) -> bool:
    """Whether an application makes a response of a value."""
    return any(row.accepts(value) for row in rules)


CHECK: Final = Check(
    NAME,
    "views annotated with a result that is no response and that no rule converts, such as `int`",
    check,
)
"""The row of the table."""
