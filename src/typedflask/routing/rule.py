"""The rule of a route: Werkzeug's, with what the framework remembers about its methods."""

from __future__ import annotations

from werkzeug.routing import Rule as BaseRule


class Rule(BaseRule):
    """A URL rule; applications subclass it and set `Flask.url_rule_class`."""

    provide_automatic_options: bool = False
    """Whether the framework answers `OPTIONS` for the view."""
