"""What the tree of rules is made of: patterns, places with rules, and the branches between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter

from .endings import Ending
from .rule import Rule, part_of

NO_ENDINGS: Final[Mapping[str, Ending]] = MappingProxyType({})
NOTHING: Final[frozenset[str]] = frozenset()


def fits_path(text: str) -> bool:
    """Whether a text is one for `<path:name>`: without a slash in front, or a line's end inside."""
    return text[:1] not in {"", "/"} and "\n" not in text[1:]


FITTING: Final[Mapping[str, Callable[[str], bool]]] = {
    part_of(IntegerConverter).content: str.isdecimal,
    part_of(UnicodeConverter).content: bool,
    part_of(PathConverter).content: fits_path,
}
"""The commonest patterns; and whether a text that is all of a segment, or of a path, is as they say.

There is one variable in each, which takes the whole text.
"""


class Pattern:
    """What a part of a path has to look like, and which of its groups are variables."""

    __slots__ = ("_groups", "fits", "matched")

    def __init__(self, content: str) -> None:
        compiled = re.compile(content)
        self.fits: Callable[[str], bool] | None = FITTING.get(content)
        self.matched: Callable[[str], re.Match[str] | None] = compiled.match
        names = [name for name in compiled.groupindex if name.startswith("__werkzeug_")]
        names.sort(key=lambda name: int(name.removeprefix("__werkzeug_")))
        groups = tuple(compiled.groupindex[name] for name in names)
        # A pattern has groups of its own where a converter's regular expression has.
        every = groups == tuple(range(1, compiled.groups + 1))
        self._groups: tuple[int, ...] | None = None if every else groups
        """Which groups of the pattern are variables; None: all of them, in their order."""

    @staticmethod
    @lru_cache(maxsize=1024)
    def of(content: str) -> Pattern:
        """The pattern, made once for all the rules that have it."""
        return Pattern(content)

    def match(self, text: str) -> tuple[str, ...] | None:
        """The values of the variables in a text, or None if it does not match."""
        fits = self.fits
        if fits is not None:
            return (text,) if fits(text) else None
        return self._by_expression(text)

    def _by_expression(self, text: str) -> tuple[str, ...] | None:
        matched = self.matched(text)
        if matched is None:
            return None
        groups = self._groups
        return matched.groups() if groups is None else tuple([matched[place] for place in groups])


class Place:
    """Where paths end: the rules that stand there."""

    __slots__ = ("endings", "rules")

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.endings: Mapping[str, Ending] = NO_ENDINGS
        """What a method leads to here, once it was asked for; of the methods rules name only."""

    def remember(self, method: str, ending: Ending) -> None:
        """Keep what a method leads to."""
        self.endings = {**self.endings, method: ending}


def place_at(places: dict[str, Place], path: str) -> Place:
    """The place of a path, made if there is none yet."""
    place = places.get(path)
    if place is None:
        place = places[path] = Place()
    return place


Reached: TypeAlias = tuple[Place, tuple[str, ...]]
"""A place, and the values of the variables on the way there."""


class Branch:
    """A last segment with variables: where it leads, and where with a slash after it."""

    __slots__ = ("pattern", "plain", "slashed")

    def __init__(self, pattern: Pattern) -> None:
        self.pattern: Pattern = pattern
        self.plain: Place | None = None
        self.slashed: Place | None = None


class Fork:
    """The branches after a path without variables, for the last segment."""

    __slots__ = ("alone", "branches", "taken")

    def __init__(self) -> None:
        self.branches: tuple[Branch, ...] = ()
        self.taken: frozenset[str] = NOTHING
        """The segments that lead to rules without variables."""
        self.alone: bool | None = None
        """Whether nothing but one variable can come here; None: not worked out yet."""

    def lead(self, pattern: Pattern, *, slashed: bool) -> Place:
        """Where a segment leads, added if it is new here."""
        for branch in self.branches:
            if branch.pattern is pattern:
                break
        else:
            branch = Branch(pattern)
            self.branches += (branch,)
        if slashed:
            branch.slashed = branch.slashed or Place()
            return branch.slashed
        branch.plain = branch.plain or Place()
        return branch.plain

    def follow(self, segment: str, reached: list[Reached], *, slashed: bool) -> bool:
        """Collect the places a segment leads to.

        :param segment: the last one of a path.
        :param reached: the places found, with the values of the variables.
        :param slashed: whether a slash comes after it.
        :returns: False if one of them has rules with and without that slash, or the wrong ones.
        """
        for branch in self.branches:
            values = branch.pattern.match(segment)
            if values is not None:
                place, other = branch.plain, branch.slashed
                if slashed:
                    place, other = other, place
                if place is None or other is not None:
                    return False
                reached.append((place, values))
        return True


class Edge:
    """A part of rules with variables, and where it leads."""

    __slots__ = ("match", "node", "spans")

    def __init__(self, pattern: Pattern, *, spans: bool) -> None:
        self.spans: bool = spans
        """Whether it takes all that is left of the path, slashes included."""
        self.match: Callable[[str], tuple[str, ...] | None] = pattern.match
        self.node: Node = Node()


class Node:
    """Where the parts up to here lead: to rules that end here, and to further parts."""

    __slots__ = ("branches", "edges", "only", "open_ended", "place", "static")

    def __init__(self) -> None:
        self.static: dict[str, Node] = {}
        self.edges: dict[tuple[Pattern, bool], Edge] = {}
        """Parts with variables, and whether they take all that is left of the path."""
        self.branches: bool = False
        """Whether there are any of these."""
        self.only: Edge | None = None
        """The one there is, where there is one and no other."""
        self.place: Place | None = None
        self.open_ended: bool = False
        """Whether a part begins here whose last slash may or may not belong to it."""

    def lead(self, pattern: Pattern, *, spanning: bool) -> Node:
        """Where a part with variables leads, added if it is new here."""
        edge = self.edges.get((pattern, spanning))
        if edge is None:
            edge = self.edges[pattern, spanning] = Edge(pattern, spans=spanning)
            self.only = None if self.branches else edge
            self.branches = True
        return edge.node

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
            if node.open_ended or (not part and at == last - 1 and node.place is not None):
                return False  # the path without the slash at its end may be a rule's
            following = node.static.get(part)
            if node.branches:
                only = node.only
                if only is None or following is not None:
                    return node._branch(parts, at, values, reached)
                # One way on: as `_branch`, without beginning another walk for it.
                if only.spans:
                    part, at = "/".join(parts[at:]), last - 1
                found = only.match(part)
                if found is None:
                    return True
                values = values + found if values else found
                following = only.node
            elif following is None:
                return True
            node, at = following, at + 1
        slashed = node.static.get("")
        if slashed is not None and slashed.place is not None:
            return False  # the path with a slash at its end is a rule's
        if node.place is not None:
            reached.append((node.place, values))
        return True

    def _branch(
        self, parts: list[str], at: int, values: tuple[str, ...], reached: list[Reached]
    ) -> bool:
        """Follow every way the next part may take; as `walk`."""
        part = parts[at]
        static = self.static.get(part)
        if static is not None and not static.walk(parts, at + 1, values, reached):
            return False
        for edge in self.edges.values():
            found = edge.match("/".join(parts[at:]) if edge.spans else part)
            following = len(parts) if edge.spans else at + 1
            if found is not None and not edge.node.walk(parts, following, values + found, reached):
                return False
        return True

    def leads_beyond(self, segments: Sequence[str]) -> bool:
        """Whether a path of these segments and one more may lead anywhere from here."""
        nodes = [self]
        for segment in segments:
            if any(node.is_open() for node in nodes):
                return True
            nodes = [
                *(node.static[segment] for node in nodes if segment in node.static),
                *(
                    edge.node
                    for node in nodes
                    for edge in node.edges.values()
                    if edge.match(segment) is not None
                ),
            ]
        return any(
            node.is_open() or any(each.ends() for each in node.following()) for node in nodes
        )

    def following(self) -> list[Node]:
        """Where the next part may lead."""
        return [*self.static.values(), *(edge.node for edge in self.edges.values())]

    def is_open(self) -> bool:
        """Whether a part may come here of which nobody knows how many segments it takes."""
        return self.open_ended or any(edge.spans for edge in self.edges.values())

    def ends(self) -> bool:
        """Whether rules end here, or after a slash."""
        slashed = self.static.get("")
        return self.place is not None or (slashed is not None and slashed.place is not None)
