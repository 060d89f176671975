"""The map of rules, with two shortcuts in front of Werkzeug's matcher.

A rule without variables answers one path with one result: once found, it is found again by a look
into a dictionary. Other paths are looked up in a tree that knows the matches which cannot come out
differently. Both are made anew when the map changes; everything else is Werkzeug's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, MapAdapter, RuleFactory

from ..wsgi import canonical_host, host_of, utf8
from .rule import Rule
from .tree import Match, RuleTree

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .plan import Plan

DECIDING: Final = frozenset(
    {"merge_slashes", "strict_slashes", "redirect_defaults", "host_matching", "default_subdomain"}
)
"""Settings of a map that decide what matches."""


class RuleMap(Map):
    """The rules of an application; applications subclass it and set `Flask.url_map_class`."""

    # Any: the arguments are Werkzeug's.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.settled: dict[tuple[str, str], Match] = {}
        self.tree: RuleTree | None = None
        self.plans: dict[str, Plan] = {}
        super().__init__(*args, **kwargs)

    def add(self, rulefactory: RuleFactory) -> None:
        """Add rules to the map."""
        super().add(rulefactory)
        self._forget()

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name in DECIDING:
            self._forget()

    def _forget(self) -> None:
        self.settled.clear()
        self.plans.clear()
        self.tree = None

    def as_tree(self) -> RuleTree:
        """The tree of the rules, made when first needed after a change."""
        tree = self.tree
        if tree is None:
            tree = self.tree = RuleTree(self.iter_rules(), self.default_subdomain or "")
        return tree

    def plan(self, endpoint: str) -> Plan | None:
        """How URLs of an endpoint are built, worked out when first needed after a change.

        :returns: None for endpoints there are not, and names that are relative to a blueprint.
        """
        from .plan import plan_for  # only where URLs are built

        if self.host_matching or endpoint[:1] == "." or not self.is_known(endpoint):
            return None  # not kept: anybody may ask for endpoints there are not
        plan = self.plans[endpoint] = plan_for(list(self.iter_rules(endpoint)))
        return plan

    def is_known(self, endpoint: str) -> bool:
        """Whether the endpoint has a rule."""
        return endpoint in self._rules_by_endpoint


def plan_of(adapter: MapAdapter, endpoint: object) -> Plan | None:
    """The plan of an endpoint's URLs, if the adapter and its map are of the usual kinds.

    :param adapter: what would build the URL.
    :param endpoint: the endpoint's full name; anything else has no plan.
    """
    url_map = adapter.map
    if type(adapter) is not MapAdapter or not isinstance(url_map, RuleMap):
        return None
    if type(endpoint) is not str:
        return None
    return url_map.plans.get(endpoint) or url_map.plan(endpoint)


def quick_match(url_map: Map, environ: WSGIEnvironment) -> Match | NotFound | None:
    """The match of a request if a shortcut knows it, a 404 if it knows there is none, else None.

    The caller makes sure that subdomains have no say in matching.
    """
    if not isinstance(url_map, RuleMap) or url_map.host_matching or "HTTP_UPGRADE" in environ:
        return None
    if type(url_map).bind_to_environ is not Map.bind_to_environ:
        return None  # a subclass has its own idea of which request is matched
    scheme: str = environ.get("wsgi.url_scheme", "http")
    header: str | None = environ.get("HTTP_HOST")
    # As `host_of`; nearly every client names a host, and then its call need not be made.
    host = host_of(environ, scheme) if header is None else canonical_host(scheme, header, None)
    if host is None:
        return None  # to be refused as the bad host it is
    path: str = environ.get("PATH_INFO", "")
    method: str = environ.get("REQUEST_METHOD", "GET")
    settled = url_map.settled.get((path, method))
    if settled is not None:
        return settled[0], settled[1].copy()
    if path[:1] != "/" or "//" in path or not method.isupper():
        return None
    tree = url_map.tree or url_map.as_tree()
    if not tree.usable:
        return None
    ascii_only = path.isascii()
    found = tree.find(path if ascii_only else utf8(path), method)
    if type(found) is tuple and ascii_only:
        rule, values = found
        if isinstance(rule, Rule) and not rule.variables and rule.methods is not None:
            # No other path leads to this rule, so there are no more of these than rules and
            # methods; of a rule that takes any method, a client could invent them.
            url_map.settled[path, method] = rule, values.copy()
    return found
