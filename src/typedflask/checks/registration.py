"""What debug mode says while routes are registered: a view that its rule cannot call."""

from __future__ import annotations

import warnings

from werkzeug.routing import Rule as BaseRule

from .contract import Function, RoutedApp
from .parameters import problems_of
from .problem import RouteMismatchWarning
from .rule_reading import Route, place_of_route


def warn_about_mismatch(app: RoutedApp, rule: BaseRule, view: Function) -> None:
    """Warn, at the line of the view, about what does not fit between it and its rule.

    Preprocessors of URL values are known when they were registered before the route.

    :param app: the application.
    :param rule: the rule, added to the map.
    :param view: its view.
    """
    endpoint = str(rule.endpoint)
    for problem in problems_of(app, rule, endpoint, view):
        place = place_of_route(None, Route(rule, endpoint, view))
        warnings.warn_explicit(
            problem.message, RouteMismatchWarning, place.file or "<unknown>", place.line or 0
        )
