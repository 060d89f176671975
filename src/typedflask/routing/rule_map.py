"""The map of rules, with shortcuts in front of Werkzeug's matcher and builder.

A rule without variables answers one path with one result: once found, it is found again by a look
into a dictionary. Other paths are looked up in a tree that knows the matches which cannot come out
differently. Both are made anew when the map changes; everything else is Werkzeug's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RuleFactory

from ..wsgi import canonical_host, host_of
from .late_matcher import LateMatcher

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .endings import Match
    from .plan import Plan
    from .tree import RuleTree

DECIDING: Final = frozenset(
    {
        *("merge_slashes", "strict_slashes", "redirect_defaults", "host_matching"),
        *("default_subdomain", "bind_to_environ"),
    }
)
"""Attributes of a map that decide what matches."""


class RuleMap(Map):
    """The rules of an application; applications subclass it and set `Flask.url_map_class`."""

    # Any: the arguments are Werkzeug's.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.tree: RuleTree | None = None
        self.plans: dict[str, Plan] = {}
        super().__init__(*args, **kwargs)
        self._matcher = LateMatcher(self.merge_slashes)
        for rule in self._rules:
            if not rule.build_only:
                self._matcher.add(rule)

    def add(self, rulefactory: RuleFactory) -> None:
        """Add rules to the map."""
        super().add(rulefactory)
        self._forget()

    def update(self) -> None:
        """Put the rules in order after a change; those of an endpoint that has several."""
        if self._remap:
            with self._remap_lock:
                self._sort()

    def _sort(self) -> None:
        if self._remap:  # unless another thread was quicker
            self._matcher.update()
            for rules in self._rules_by_endpoint.values():
                if len(rules) > 1:
                    rules.sort(key=lambda rule: rule.build_compare_key())
            self._remap = False

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name in DECIDING:
            self._forget()

    def _forget(self) -> None:
        self.tree = None
        if self.plans:
            self.plans.clear()

    def as_tree(self) -> RuleTree:
        """The tree of the rules, made when first needed after a change."""
        tree = self.tree
        if tree is None:
            from .tree import RuleTree  # only where requests are answered: commands need none

            tree = RuleTree(self.iter_rules(), self.default_subdomain or "")
            bind = getattr(self.bind_to_environ, "__func__", None)
            if self.host_matching or bind is not Map.bind_to_environ:
                tree.usable = False  # a subclass may have its own idea of which request is matched
            self.tree = tree
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


# Any: what a converter takes is the converter's affair.
def planned(adapter: MapAdapter, endpoint: object, values: dict[str, Any]) -> str | None:
    """A URL without scheme and host, if a plan knows it.

    :param adapter: what would build the URL; says where the application is.
    :param endpoint: the endpoint's full name.
    :param values: the values of the rule's variables and of the query string.
    """
    plan = plan_of(adapter, endpoint)
    if plan is None:
        return None
    root = f"{adapter.script_name.rstrip('/')}/"
    return plan.url(values, root, adapter.subdomain, adapter.default_method)


def quick_match(url_map: RuleMap, environ: WSGIEnvironment) -> Match | HTTPException | None:
    """The match of a request if a shortcut knows it, the error if it knows that, else None.

    The caller makes sure that subdomains have no say in matching.
    """
    if "HTTP_UPGRADE" in environ:
        return None
    header: str | None = environ.get("HTTP_HOST")
    if header not in GOOD_HOSTS and not is_good_host(header, environ):
        return None  # to be refused as the bad host it is
    tree = url_map.tree or url_map.as_tree()
    path: str = environ.get("PATH_INFO", "")
    method: str = environ["REQUEST_METHOD"]
    if method in tree.known:
        known = tree.known[method]
        settled = known.settled.get(path)
        if settled is not None:
            rule, values = settled
            return rule, values.copy() if values else {}
        head, _, last = path.rpartition("/")
        lone = known.lone.get(head)
        if lone is not None and last.isascii():
            fits, taken, rule, name, read = lone
            if fits(last) and last not in taken:
                try:
                    return rule, {name: read(last)}
                except ValueError:
                    pass  # of too many digits: Werkzeug knows what that means
    return tree.find(path, method)


GOOD_HOSTS: Final = set[str | None]()
"""Values of the header `Host` that name a host; a few hundred at most."""


def is_good_host(header: str | None, environ: WSGIEnvironment) -> bool:
    """Whether a request was sent to a host at all; see `canonical_host`.

    The port decides nothing about this, and so the scheme does not.
    """
    if header is None:
        return host_of(environ, environ.get("wsgi.url_scheme", "http")) is not None
    good = all(canonical_host(scheme, header, None) is not None for scheme in ("http", "https"))
    if good:
        if len(GOOD_HOSTS) >= 512:
            GOOD_HOSTS.clear()
        GOOD_HOSTS.add(header)
    return good
