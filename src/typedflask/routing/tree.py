"""A tree of the rules that finds a match where there can be only one.

Werkzeug's matcher weighs rules against each other: by the kinds of their parts, by slashes, by
hosts. This tree weighs nothing. It follows every branch a path could take; where exactly one
place is reached, and nothing but an ordinary rule stands there, no weighing could give another
result, and where none is reached, no rule matches. In every other case it has no opinion and
Werkzeug decides (decision 054). A seeded comparison with Werkzeug's matcher guards the two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing import ValidationError

from .rule import Rule

Match: TypeAlias = tuple[BaseRule, dict[str, Any]]
"""The rule and the values of its variables. Any: converters make any value."""


class Edge:
    """A part of rules with variables: its pattern, and where it leads."""

    __slots__ = ("groups", "node", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern: re.Pattern[str] = re.compile(pattern)
        self.node: Node = Node()
        names = [name for name in self.pattern.groupindex if name.startswith("__werkzeug_")]
        names.sort(key=lambda name: int(name.removeprefix("__werkzeug_")))
        self.groups: tuple[int, ...] = tuple(self.pattern.groupindex[name] for name in names)

    def match(self, text: str) -> tuple[str, ...] | None:
        """The values of the variables in a text, or None if it does not match."""
        matched = self.pattern.match(text)
        if matched is None:
            return None
        return tuple([matched[group] for group in self.groups])


class Node:
    """Where the parts up to here lead: to rules that end here, and to further parts."""

    __slots__ = ("dynamic", "open_ended", "rules", "spanning", "static")

    def __init__(self) -> None:
        self.static: dict[str, Node] = {}
        self.dynamic: dict[str, Edge] = {}
        self.spanning: dict[str, Edge] = {}
        """Parts that take all that is left of the path, slashes included."""
        self.rules: list[Rule] = []
        self.open_ended: bool = False
        """Whether a part begins here whose last slash may or may not belong to it."""

    def walk(
        self, parts: list[str], at: int, values: tuple[str, ...], reached: list[Reached]
    ) -> bool:
        """Collect every place with rules that the parts from `at` on lead to.

        :param parts: the path, split at its slashes.
        :param at: the part that comes next.
        :param values: of the variables on the way here.
        :param reached: the places found, with the values of the variables on the way.
        :returns: False when on the way there is a choice that only Werkzeug makes.
        """
        node, last = self, len(parts)
        while at < last:
            if node.open_ended or (at == last - 1 and not parts[at] and node.rules):
                return False  # the path without the slash at its end may be a rule's
            if node.dynamic or node.spanning:
                return node._branch(parts, at, values, reached)
            following = node.static.get(parts[at])
            if following is None:
                return True
            node, at = following, at + 1
        slashed = node.static.get("")
        if slashed is not None and slashed.rules:
            return False  # the path with a slash at its end is a rule's
        if node.rules:
            reached.append((node, values))
        return True

    def _branch(
        self, parts: list[str], at: int, values: tuple[str, ...], reached: list[Reached]
    ) -> bool:
        """Follow every way the next part may take; as `walk`."""
        part = parts[at]
        static = self.static.get(part)
        if static is not None and not static.walk(parts, at + 1, values, reached):
            return False
        for edge in self.dynamic.values():
            found = edge.match(part)
            if found is not None and not edge.node.walk(parts, at + 1, values + found, reached):
                return False
        for edge in self.spanning.values():
            found = edge.match("/".join(parts[at:]))
            if found is not None and not edge.node.walk(parts, len(parts), values + found, reached):
                return False
        return True


Reached: TypeAlias = tuple[Node, tuple[str, ...]]


class RuleTree:
    """The rules of one map that has no hosts and whose requests are all of one subdomain.

    :param rules: all rules of the map, in any order.
    :param subdomain: the subdomain of the requests, the map's default one.
    """

    __slots__ = ("_defaulted", "_root", "_subdomain", "usable")

    def __init__(self, rules: Iterable[BaseRule], subdomain: str = "") -> None:
        self._root = Node()
        self._subdomain = subdomain
        self.usable: bool = True
        every = list(rules)
        shared = Counter(rule.endpoint for rule in every)
        self._defaulted = {
            rule.endpoint for rule in every if rule.defaults and shared[rule.endpoint] > 1
        }
        for rule in every:
            if not rule.build_only:
                self.usable = self.usable and isinstance(rule, Rule) and self._add(rule)

    def _add(self, rule: Rule) -> bool:
        """Put a rule into the tree; False if its host is a pattern, which no tree of paths knows."""
        domain, *parts = rule.parts
        if not domain.static:
            return False
        if domain.content != self._subdomain:
            return True  # of a subdomain that requests of this map never have
        node = self._root
        for part in parts:
            if part.static:
                node = node.static.setdefault(part.content, Node())
            elif part.suffixed:
                node.open_ended = True
                return True
            else:
                edges = node.spanning if part.final else node.dynamic
                if part.content not in edges:
                    edges[part.content] = Edge(part.content)
                node = edges[part.content].node
        node.rules.append(rule)
        return True

    def find(self, path: str, method: str) -> Match | NotFound | None:
        """The one match of a path, or that there is none, or no opinion.

        :param path: begins with one slash and has no two in a row.
        :param method: in capitals.
        """
        reached: list[Reached] = []
        if not self._root.walk(path.split("/"), 0, (), reached):
            return None
        if not reached:
            return NotFound()
        if len(reached) > 1:
            return None
        node, values = reached[0]
        fitting = [rule for rule in node.rules if rule.methods is None or method in rule.methods]
        # None is a 405, which names the methods of all; of several, the order decides.
        return self._match(fitting[0], values) if len(fitting) == 1 else None

    def _match(self, rule: Rule, values: tuple[str, ...]) -> Match | None:
        if rule.websocket or rule.alias or rule.redirect_to is not None:
            return None
        if rule.endpoint in self._defaulted and rule.map.redirect_defaults:
            return None  # another rule of the endpoint may be the canonical one
        arguments: dict[str, Any] = {}
        try:
            for (name, converter), value in zip(rule.variables.items(), values, strict=True):
                arguments[name] = converter.to_python(value)
        except ValidationError:
            return None
        if rule.defaults:
            arguments.update(rule.defaults)
        return rule, arguments
