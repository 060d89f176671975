"""Rules against views: a view gets the values of its rule's variables, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from inspect import getattr_static
from typing import Any, Final

from typing_extensions import TypeIs
from werkzeug.routing import Rule as BaseRule

from ..views import MethodView, View, make_view
from .contract import Function, RoutedApp
from .fitting import fits, name_of, type_given
from .preprocessors import Effects, effects_of, functions_for
from .problem import Problem
from .rule_reading import converters_of, place_of_route, routes, text_of
from .rules import mismatches
from .signatures import Signature, innermost, place_of, plain_function, signature_of
from .subject import Check, Subject

NAME: Final = "parameters"


def check(subject: Subject) -> Iterator[Problem]:
    """Find views that cannot be called with the values of their rules."""
    for route in routes(subject):
        view = route.view
        if view is None:
            continue
        for problem in problems_of(subject.app, route.rule, route.endpoint, view):
            # A method of a class is told by its own line, a function by the line with the rule.
            of_class = view_class_of(view) is not None
            place = problem.place if of_class else place_of_route(subject, route)
            yield replace(problem, place=place)


def problems_of(app: RoutedApp, rule: BaseRule, endpoint: str, view: Function) -> Iterator[Problem]:
    """What does not fit between one rule and its view.

    :param app: the application, for its `url_value_preprocessor` functions.
    :param rule: the rule, as the map keeps it.
    :param endpoint: its endpoint, which says whose preprocessors run.
    :param view: the view.
    """
    effects = effects_of(functions_for(app.url_value_preprocessors, endpoint))
    for signature, name in signatures_of(view, sorted(rule.methods or ())):
        for message in (
            *mismatches(
                text_of(rule),
                name,
                signature.parameters,
                defaults=rule.defaults or (),
                taken_out=None if effects is None else effects.taken_out,
                put_in=effects is None or bool(effects.put_in),
            ),
            *_wrong_types(rule, name, signature, effects),
        ):
            yield Problem(NAME, message, place_of(signature.function), rule.rule, name)


def signatures_of(view: Function, methods: Sequence[str]) -> Iterator[tuple[Signature, str]]:
    """What gets the values of a rule: the view, or the methods of the class it is made of.

    :param methods: the methods the rule answers.
    """
    view_class = view_class_of(view)
    if view_class is None:
        signature = signature_of(view)
        if signature is not None:
            yield signature, function_name(view)
    elif _is_made_of_class(innermost(view)):  # else a decorator whose doings are not known
        for name in _answering(view_class, methods):
            signature = signature_of(getattr(view_class, name))
            if signature is not None:
                yield _bound(signature, view_class, name), f"{view_class.__name__}.{name}"


def function_name(function: Function) -> str:
    """What to call a function in a message."""
    name: object = getattr(function, "__name__", None)
    return name if isinstance(name, str) else type(function).__name__


def _is_made_of_class(view: Function) -> bool:
    plain = plain_function(view)
    return plain is not None and plain.__code__ in make_view.__code__.co_consts


# Any: what the views of an application may return is not asked here.
def is_view_class(kind: object) -> TypeIs[type[View[Any]]]:
    """Whether something is a class of views."""
    return isinstance(kind, type) and issubclass(kind, View)


def view_class_of(view: Function) -> type[View[Any]] | None:
    """The class a view was made of, or None for a view that is a function."""
    kind: object = getattr(view, "view_class", None)
    return kind if is_view_class(kind) else None


def _answering(view_class: type[View[Any]], methods: Sequence[str]) -> list[str]:
    """The names of the methods of a class that answer requests."""
    if view_class.dispatch_request is View.dispatch_request:
        return []
    if view_class.dispatch_request is not MethodView.dispatch_request:
        return ["dispatch_request"]
    return [name for name in map(str.lower, methods) if callable(getattr(view_class, name, None))]


def _bound(signature: Signature, view_class: type[View[Any]], name: str) -> Signature:
    """A method's signature as an instance calls it: without `self`, if it has one."""
    if isinstance(getattr_static(view_class, name), staticmethod | classmethod):
        return signature
    return replace(signature, parameters=signature.parameters[1:])


def _wrong_types(
    rule: BaseRule, name: str, signature: Signature, effects: Effects | None
) -> Iterator[str]:
    """A sentence for each value whose type is not the one that the view's parameter has."""
    if effects is None:
        return
    changed = effects.taken_out | effects.put_in
    given: dict[str, object] = {
        variable: type_given(converter) for variable, converter in converters_of(rule).items()
    }
    defaults: Mapping[str, object] = rule.defaults or {}
    taken = {parameter.name for parameter in signature.parameters if parameter.kind == "by name"}
    for parameter in (*given, *(d for d in defaults if d not in given)):
        if parameter not in taken or parameter in changed:
            continue
        kind = given[parameter] if parameter in given else type(defaults[parameter])
        wanted = signature.annotations.get(parameter, object)
        if not fits(kind, wanted):
            what = "the variable" if parameter in given else "a default"
            yield (
                f"The view {name!r} takes {parameter!r} as {name_of(wanted)}, and {what} of the"
                f" rule {rule.rule!r} gives {name_of(kind)}."
            )


CHECK: Final = Check(
    NAME,
    "views that lack a variable of their rule, need a value it does not give, take one by"
    " position only, or annotate it with another type than its converter gives",
    check,
)
"""The row of the table."""
