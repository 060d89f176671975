"""The map of rules, with two shortcuts in front of Werkzeug's matcher.

A rule without variables answers one path with one result: once found, it is found again by a look
into a dictionary. Other paths are looked up in a tree that knows the matches which cannot come out
differently. Both are made anew when the map changes; everything else is Werkzeug's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, RuleFactory

from ..wsgi import canonical_host, server_address, utf8
from .rule import Rule
from .tree import Match, RuleTree

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class RuleMap(Map):
    """The rules of an application; applications subclass it and set `Flask.url_map_class`."""

    # Any: the arguments are Werkzeug's.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.settled: dict[tuple[str, str], Match] = {}
        self.tree: RuleTree | None = None
        super().__init__(*args, **kwargs)

    def add(self, rulefactory: RuleFactory) -> None:
        """Add rules to the map."""
        super().add(rulefactory)
        self._forget()

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name in {"merge_slashes", "strict_slashes", "redirect_defaults", "host_matching"}:
            self._forget()

    def _forget(self) -> None:
        self.settled.clear()
        self.tree = None

    def as_tree(self) -> RuleTree:
        """The tree of the rules, made when first needed after a change."""
        tree = self.tree
        if tree is None:
            tree = self.tree = RuleTree(self.iter_rules())
        return tree


def quick_match(url_map: Map, environ: WSGIEnvironment) -> Match | NotFound | None:
    """The match of a request if a shortcut knows it, a 404 if it knows there is none, else None.

    The caller makes sure that neither hosts nor subdomains have a say in matching.
    """
    if not isinstance(url_map, RuleMap) or "HTTP_UPGRADE" in environ:
        return None
    scheme: str = environ.get("wsgi.url_scheme", "http")
    if canonical_host(scheme, environ.get("HTTP_HOST"), server_address(environ)) is None:
        return None  # to be refused as the bad host it is
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "GET")
    settled = url_map.settled.get((path, method))
    if settled is not None:
        return settled[0], settled[1].copy()
    if path[:1] != "/" or "//" in path or not method.isupper():
        return None
    tree = url_map.as_tree()
    found = tree.find(utf8(path), method) if tree.usable else None
    if isinstance(found, tuple) and isinstance(found[0], Rule) and not found[0].variables:
        # No other path leads to this rule, so there are no more of these than rules and methods.
        url_map.settled[path, method] = found[0], found[1].copy()
    return found
