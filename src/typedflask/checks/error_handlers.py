"""Error handlers that no error reaches, as far as that is certain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from ..errors.table import ErrorKey
from ..requests.request import scopes_of
from .contract import Function
from .fitting import fits, name_of
from .handler_registrations import Registration, registrations
from .parameters import function_name
from .problem import Problem
from .rule_reading import rules_of
from .signatures import place_of, signature_of
from .subject import Check, Subject

NAME: Final = "error-handlers"


def check(subject: Subject) -> Iterator[Problem]:
    """Find handlers that are never chosen, and handlers annotated for another class."""
    reached = scopes_with_rules(subject)
    for key, handler in subject.app.error_table:
        message = (
            _in_vain(subject, key)
            or never_runs(subject, key.scope, reached)
            or _other_class(key, handler)
        )
        if message is not None:
            name = function_name(handler)
            yield Problem(
                NAME,
                f"The error handler {name!r} for {described(key)} {message}",
                place_of(handler),
                function=name,
            )
    yield from _replaced(subject)


def described(key: ErrorKey) -> str:
    """What a handler is registered for."""
    scope = "" if key.scope is None else f" in the blueprint {key.scope!r}"
    return f"{key.kind.__name__}{scope}"


def scopes_with_rules(subject: Subject) -> set[str]:
    """The blueprints that a request or a URL may belong to."""
    rules = rules_of(subject.app.url_map)
    return {scope for rule in rules for scope in scopes_of(str(rule.endpoint))}


def never_runs(subject: Subject, scope: str | None, reached: set[str]) -> str | None:
    """The end of a sentence about a function of a blueprint that no request belongs to."""
    if scope is None or scope in reached:
        return None
    if scope not in subject.app.blueprints:
        return f"never runs: no blueprint is registered as {scope!r}."
    return f"never runs: the blueprint {scope!r} has no rules, so that no request belongs to it."


def _in_vain(subject: Subject, key: ErrorKey) -> str | None:
    """The end of a sentence about a class whose errors are answered without asking anybody."""
    redirects = issubclass(key.kind, RoutingException) and issubclass(key.kind, HTTPException)
    if redirects and not subject.app.config["TRAP_HTTP_EXCEPTIONS"]:
        return "never runs: redirects of routing are sent as they are."
    return None


def _other_class(key: ErrorKey, handler: Function) -> str | None:
    """The end of a sentence about a handler whose parameter is annotated with another class."""
    signature = signature_of(handler)
    if signature is None or not signature.parameters:
        return None
    wanted = signature.annotations.get(signature.parameters[0].name, object)
    if fits(key.kind, wanted):
        return None
    return f"takes {name_of(wanted)}, which the error is not."


def _replaced(subject: Subject) -> Iterator[Problem]:
    """Handlers in whose place another one was registered."""
    in_use = {place_of(handler) for _, handler in subject.app.error_table}
    groups: dict[object, list[Registration]] = {}
    for registration in registrations(subject):
        groups.setdefault(registration.group, []).append(registration)
    for group in groups.values():
        chosen = [registration for registration in group if registration.function in in_use]
        if not chosen:
            continue  # nobody knows what became of them
        for registration in group:
            if registration.function not in in_use:
                yield Problem(
                    NAME,
                    f"The error handler {registration.name!r} for {registration.target} never runs:"
                    f" {chosen[-1].name!r} was registered for the same later, in line"
                    f" {chosen[-1].place.line}.",
                    registration.place,
                    function=registration.name,
                )


CHECK: Final = Check(
    NAME,
    "error handlers that never run (replaced by another for the same error, of a blueprint without"
    " rules, for redirects of routing) or are annotated with a class that the error is not",
    check,
)
"""The row of the table."""
