"""The map of rules, and the matches it remembers because they cannot come out differently.

A rule without variables answers one path with one result. Once Werkzeug's matcher has found it
for a path and a method, the same path and method find it again by a look into a dictionary;
everything else (variables, redirects, subdomains, hosts, WebSockets, errors) is matched each time.
What is remembered is forgotten when the map changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from werkzeug.routing import Map, MapAdapter, Rule, RuleFactory

from ..wsgi import canonical_host, server_address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Match: TypeAlias = tuple[Rule, dict[str, Any]]
"""The rule and the values of its variables. Any: converters make any value."""


class RuleMap(Map):
    """The rules of an application; applications subclass it and set `Flask.url_map_class`."""

    # Any: the arguments are Werkzeug's.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.settled: dict[tuple[str, str], Match] = {}
        super().__init__(*args, **kwargs)

    def add(self, rulefactory: RuleFactory) -> None:
        """Add rules to the map."""
        self.settled.clear()
        super().add(rulefactory)

    def __setattr__(self, name: str, value: object) -> None:
        # Settings such as `merge_slashes` decide what matches.
        super().__setattr__(name, value)
        self.settled.clear()


def settled_match(url_map: Map, environ: WSGIEnvironment) -> Match | None:
    """The match of a request if it is settled, else None.

    The caller makes sure that subdomains have no say in matching.
    """
    if not isinstance(url_map, RuleMap) or url_map.host_matching:
        return None
    if type(url_map).bind_to_environ is not Map.bind_to_environ:
        return None  # a subclass has its own idea of which request is matched
    found = url_map.settled.get((environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")))
    if found is None or "HTTP_UPGRADE" in environ:
        return None
    scheme: str = environ.get("wsgi.url_scheme", "http")
    if canonical_host(scheme, environ.get("HTTP_HOST"), server_address(environ)) is None:
        return None  # to be refused as the bad host it is
    rule, values = found
    return rule, values.copy()


def settle(adapter: MapAdapter, match: Match) -> None:
    """Remember a match if the same path and method cannot come out differently."""
    url_map, path, method = adapter.map, adapter.path_info, adapter.default_method
    rule, values = match
    if (
        isinstance(url_map, RuleMap)
        and not adapter.websocket
        # One spelling for each path and method, so that a client cannot fill the memory: a
        # variable may have many that mean its default, a rule of any method any of them.
        and "<" not in rule.rule
        and rule.methods is not None
        and method in rule.methods
        and path.isascii()
        and path[:1] == "/"
        and path[1:2] != "/"
    ):
        url_map.settled[path, method] = rule, dict(values)
