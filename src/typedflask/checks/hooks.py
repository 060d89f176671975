"""Hooks: each takes what it is called with, and has requests to run for."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .contract import CheckedApp, Function, ScopedHooks
from .error_handlers import never_runs, scopes_with_rules
from .parameters import function_name
from .problem import Problem
from .signatures import place_of
from .subject import Check, Subject

NAME: Final = "hooks"


@dataclass(frozen=True, slots=True)
class Called:
    """How the functions of a hook are called.

    :param hook: the decorator's name.
    :param given: what they are called with, in words; its length is how many arguments.
    """

    hook: str
    given: tuple[str, ...] = ()


def scoped(app: CheckedApp) -> Iterator[tuple[Called, ScopedHooks]]:
    """The hooks that blueprints have too."""
    values = ("the endpoint", "the values")
    yield Called("before_request"), app.before_request_funcs
    yield Called("after_request", ("the response",)), app.after_request_funcs
    yield Called("teardown_request", ("the error or None",)), app.teardown_request_funcs
    yield Called("context_processor"), app.template_context_processors
    yield Called("url_value_preprocessor", values), app.url_value_preprocessors
    yield Called("url_defaults", values), app.url_default_functions


def of_the_application(app: CheckedApp) -> Iterator[tuple[Called, Sequence[Function]]]:
    """The hooks that only applications have, error handlers among them."""
    context = ("the error or None",)
    building = ("the error", "the endpoint", "the values")
    yield Called("teardown_appcontext", context), app.teardown_appcontext_funcs
    yield Called("url_build_error_handlers", building), app.url_build_error_handlers
    yield Called("shell_context_processor"), app.shell_context_processors
    yield Called("errorhandler", ("the error",)), [handler for _, handler in app.error_table]


def check(subject: Subject) -> Iterator[Problem]:
    """Find hooks that cannot be called, and hooks that never run."""
    reached = scopes_with_rules(subject)
    for called, by_scope in scoped(subject.app):
        for scope, functions in by_scope.items():
            for function in functions:
                end = wrong_parameters(function, called) or never_runs(subject, scope, reached)
                yield from _problem(called, function, end)
    for called, functions in of_the_application(subject.app):
        for function in functions:
            yield from _problem(called, function, wrong_parameters(function, called))


def _problem(called: Called, function: Function, end: str | None) -> Iterator[Problem]:
    if end is not None:
        name = function_name(function)
        message = f"The {called.hook} function {name!r} {end}"
        yield Problem(NAME, message, place_of(function), function=name)


def wrong_parameters(function: Function, called: Called) -> str | None:
    """The end of a sentence about a function that cannot be called as its hook is."""
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*called.given)
    except TypeError:
        given = " and ".join(called.given) or "nothing"
        return f"takes {signature}, and is called with {given}."
    return None


CHECK: Final = Check(
    NAME,
    "hooks and error handlers that cannot take what they are called with, and hooks of a blueprint"
    " without rules, which never run",
    check,
)
"""The row of the table."""
