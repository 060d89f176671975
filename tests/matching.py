"""What the tests of matching share."""

from __future__ import annotations

from typedflask import Flask
from typedflask.routing.rule_map import RuleMap


def map_of(app: Flask) -> RuleMap:
    """The map of an application, which is of the usual class."""
    assert isinstance(app.url_map, RuleMap)
    return app.url_map
