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
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.converters import NumberConverter

from .rule import Rule

Match: TypeAlias = tuple[BaseRule, dict[str, Any]]
"""The rule and the values of its variables. Any: converters make any value."""


# As they are when this room is imported; a program that puts others in their place is asked.
TEXT_AS_IT_IS: Final = BaseConverter.to_python
NUMBER_WITHIN_LIMITS: Final = NumberConverter.to_python


class Edge:
    """A part of rules with variables: its pattern, and where it leads."""

    __slots__ = ("groups", "matched", "node")

    def __init__(self, pattern: str) -> None:
        compiled = re.compile(pattern)
        self.matched: Callable[[str], re.Match[str] | None] = compiled.match
        self.node: Node = Node()
        names = [name for name in compiled.groupindex if name.startswith("__werkzeug_")]
        names.sort(key=lambda name: int(name.removeprefix("__werkzeug_")))
        groups = tuple(compiled.groupindex[name] for name in names)
        # A pattern has groups of its own where a converter's regular expression has.
        every = groups == tuple(range(1, compiled.groups + 1))
        self.groups: tuple[int, ...] | None = None if every else groups
        """Which groups of the pattern are variables; None: all of them, in their order."""

    def match(self, text: str) -> tuple[str, ...] | None:
        """The values of the variables in a text, or None if it does not match."""
        matched = self.matched(text)
        if matched is None:
            return None
        groups = self.groups
        return matched.groups() if groups is None else tuple([matched[place] for place in groups])


class Node:
    """Where the parts up to here lead: to rules that end here, and to further parts."""

    __slots__ = ("dynamic", "endings", "only", "open_ended", "rules", "spanning", "static")

    def __init__(self) -> None:
        self.static: dict[str, Node] = {}
        self.dynamic: dict[str, Edge] = {}
        self.spanning: dict[str, Edge] = {}
        """Parts that take all that is left of the path, slashes included."""
        self.only: Edge | None = None
        """The one part with variables that may come next, where there is one and no other."""
        self.rules: list[Rule] = []
        self.endings: dict[str, Ending] = {}
        """What a method leads to here, once it was asked for; of the methods rules name only."""
        self.open_ended: bool = False
        """Whether a part begins here whose last slash may or may not belong to it."""

    def lead(self, pattern: str, *, spanning: bool) -> Node:
        """Where a part with variables leads, added if it is new here."""
        edges = self.spanning if spanning else self.dynamic
        if pattern not in edges:
            edges[pattern] = Edge(pattern)
        alone = not self.spanning and len(self.dynamic) == 1
        self.only = next(iter(self.dynamic.values())) if alone else None
        return edges[pattern].node

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
            part = parts[at]
            if node.open_ended or (at == last - 1 and not part and node.rules):
                return False  # the path without the slash at its end may be a rule's
            following = node.static.get(part)
            if node.dynamic or node.spanning:
                only = node.only
                if only is None or following is not None:
                    return node._branch(parts, at, values, reached)
                # One way on: as `_branch`, without beginning another walk for it.
                found = only.match(part)
                if found is None:
                    return True
                values = values + found if values else found
                following = only.node
            elif following is None:
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


class Ending:
    """A rule that is the only one for a method where it stands, and how its values are read."""

    __slots__ = ("_names", "_readers", "_rule")

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._names: tuple[str, ...] = tuple(rule.variables)
        self._readers = quick_readers(rule.variables.values())

    def match(self, values: tuple[str, ...]) -> Match | None:
        """The match with these texts of the variables; None if a converter refuses one."""
        rule, readers = self._rule, self._readers
        arguments: dict[str, Any] = {}
        try:
            if readers is not None and len(readers) == 1:  # most rules that have any
                arguments[self._names[0]] = readers[0](values[0])
            elif readers is not None:
                for name, read, value in zip(self._names, readers, values, strict=True):
                    arguments[name] = read(value)
            else:
                for (name, converter), value in zip(rule.variables.items(), values, strict=True):
                    arguments[name] = converter.to_python(value)
        except ValueError:
            # Of too many digits, or a converter's own; Werkzeug tells the two apart.
            return None
        if rule.defaults:
            arguments.update(rule.defaults)
        return rule, arguments


def quick_readers(converters: Iterable[BaseConverter]) -> tuple[Callable[[str], Any], ...] | None:
    """What the converters come to, if none of them does more than `int` or `str`.

    A number without limits is `int` of its text, and text is what it is; asking Werkzeug's own
    converters to do so takes longer. Those of other classes, or with a method replaced, are asked.
    """
    readers: list[Callable[[str], Any]] = []
    for converter in converters:
        # Of the instance too: looking it up there finds the one that would be called.
        step = getattr(converter.to_python, "__func__", None)
        if step is TEXT_AS_IT_IS:
            readers.append(str)
        elif type(converter) is IntegerConverter and step is NUMBER_WITHIN_LIMITS:
            if converter.fixed_digits or converter.min is not None or converter.max is not None:
                return None
            readers.append(int)
        else:
            return None
    return tuple(readers)


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
                node = node.lead(part.content, spanning=part.final)
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
        ending = node.endings.get(method) or self._ending(node, method)
        return None if ending is None else ending.match(values)

    def _ending(self, node: Node, method: str) -> Ending | None:
        """What a method leads to at a place, if that is certain."""
        fitting = [rule for rule in node.rules if rule.methods is None or method in rule.methods]
        if len(fitting) != 1:
            return None  # a 405, which names the methods of all; of several, the order decides
        rule = fitting[0]
        if rule.websocket or rule.alias or rule.redirect_to is not None:
            return None
        if rule.endpoint in self._defaulted and rule.map.redirect_defaults:
            return None  # another rule of the endpoint may be the canonical one
        ending = Ending(rule)
        if rule.methods is not None:  # else a client could invent any number of methods
            node.endings[method] = ending
        return ending
