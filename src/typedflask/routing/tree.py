"""A tree of the rules that finds a match where there can be only one.

Werkzeug's matcher weighs rules against each other: by the kinds of their parts, by slashes, by
hosts. This tree weighs nothing. It follows every branch a path could take; where exactly one
place is reached, and nothing but an ordinary rule stands there, no weighing could give another
result, and where none is reached, no rule matches. In every other case it has no opinion and
Werkzeug decides (decision 054). A seeded comparison with Werkzeug's matcher guards the two.

Most rules do not need the tree: those without variables are looked up by their path, and those
whose last segment has the only variables by what comes before it (decision 015).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.rules import RulePart

from ..wsgi import utf8
from .branches import Fork, Node, Pattern, Place, Reached, place_at
from .endings import Ending, Known, Match
from .rule import Rule


class RuleTree:
    """The rules of one map that has no hosts and whose requests are all of one subdomain.

    :param rules: all rules of the map, in any order.
    :param subdomain: the subdomain of the requests, the map's default one.
    """

    __slots__ = (
        "_beginnings",
        "_defaulted",
        "_forks",
        "_has_grown",
        "_root",
        "_plain",
        "_slashed",
        "_subdomain",
        "known",
        "usable",
    )

    def __init__(self, rules: Iterable[BaseRule], subdomain: str = "") -> None:
        self._plain: dict[str, Place] = {}
        """Where paths without variables lead."""
        self._slashed: dict[str, Place] = {}
        """Where those with a slash at the end lead, by what is in front of it."""
        self._forks: dict[str, Fork] = {}
        """What can follow a path without variables when only one segment is missing."""
        self._root = Node()
        """All other rules."""
        self._has_grown = False
        self._subdomain = subdomain
        self.known: dict[str, Known] = {}
        """What was found before, by method."""
        self.usable: bool = True
        every = list(rules)
        shared = Counter([rule.endpoint for rule in every])
        self._defaulted = {
            rule.endpoint for rule in every if rule.defaults and shared[rule.endpoint] > 1
        }
        for rule in every:
            if not rule.build_only:
                self.usable = self.usable and isinstance(rule, Rule) and self._add(rule)
        for path in (*self._plain, *self._slashed) if self._forks else ():
            head, _, last = path.rpartition("/")
            fork = self._forks.get(head)
            if fork is not None:
                fork.taken |= {last}
        self._beginnings = self._all_beginnings()
        """What the first segment of a path is where it leads anywhere; None: it may be anything."""

    def _all_beginnings(self) -> frozenset[str] | None:
        root = self._root
        if "" in self._forks or root.branches or root.open_ended or root.place is not None:
            return None
        paths = (*self._plain, *self._slashed, *self._forks)
        return frozenset(
            (*root.static, *(path.partition("/")[2].partition("/")[0] for path in paths))
        )

    def _add(self, rule: Rule) -> bool:
        """Put a rule into the tree; False if its host is a pattern, which no tree of paths knows."""
        if rule.read is None:
            domain = rule.parts[0]
            if not domain.static:
                return False
            if domain.content != self._subdomain:
                return True  # of a subdomain that requests of this map never have
        elif not rule.read:
            self._keep_path(rule.rule, rule)
            return True
        if not self._keep_flat(list(rule.steps()), rule):
            self._grow(rule)
        return True

    def _keep_flat(self, steps: Sequence[str | RulePart], rule: Rule) -> bool:
        """Add a rule that has variables in its last segment only, or none, and no odd slashes."""
        slashed = steps[-1] == ""
        segments = list(steps[:-1] if slashed else steps)
        last = segments.pop() if segments else None
        fixed = [step for step in segments if isinstance(step, str)]
        if len(fixed) < len(segments) or "" in fixed or last == "":
            return False
        head = "".join([f"/{step}" for step in fixed])
        if last is None or isinstance(last, str):
            path = head if last is None else f"{head}/{last}"
            self._keep_path(f"{path}/" if slashed else path, rule)
            return True
        pattern = Pattern.of(last.content)
        if last.final or last.suffixed or pattern.matched("") is not None:
            return False
        fork = self._forks.get(head)
        if fork is None:
            fork = self._forks[head] = Fork()
        fork.lead(pattern, slashed=slashed).rules.append(rule)
        return True

    def _keep_path(self, path: str, rule: Rule) -> None:
        """Add a rule without variables."""
        bare = path.removesuffix("/")
        place_at(self._plain if bare == path else self._slashed, bare).rules.append(rule)

    def _grow(self, rule: Rule) -> None:
        """Add any other rule."""
        self._has_grown = True
        node = self._root
        for step in rule.steps():
            if isinstance(step, str):
                node = node.static.get(step) or node.static.setdefault(step, Node())
            elif step.suffixed:
                node.open_ended = True
                return
            else:
                node = node.lead(Pattern.of(step.content), spanning=step.final)
        if node.place is None:
            node.place = Place()
        node.place.rules.append(rule)

    def find(self, path: str, method: str) -> Match | HTTPException | None:
        """The one match of a path, or why there is none, or no opinion.

        :param path: as servers give it.
        :param method: as the client gave it.
        """
        if not path.isascii():
            path = utf8(path)
        parts, beginnings = path.split("/"), self._beginnings
        if not self.usable or parts[0] or not path or "//" in path or not method.isupper():
            return None
        if beginnings is not None and parts[1] not in beginnings:
            # Without looking for the rest of the path; and as `not_found`, by a call less.
            error = new_not_found(NotFound)
            error.response = None
            return error
        slashed = not parts[-1]
        bare = path[:-1] if slashed else path
        place, other = self._plain.get(bare), self._slashed.get(bare)
        if slashed:
            place, other = other, place
        if place is not None:
            ending = place.endings.get(method) or self._ending(place, method)
            if isinstance(ending, Ending):
                # Whatever else there is, Werkzeug tries this first.
                return self._settle(path, method, ending)
        if other is not None:
            return None  # the path with or without a slash at its end is a rule's
        return self._search(parts, bare, method, [] if place is None else [(place, ())])

    def _search(
        self, parts: list[str], bare: str, method: str, reached: list[Reached]
    ) -> Match | HTTPException | None:
        """As `find`, once rules without variables were looked at, which may have been reached."""
        head, _, last = bare.rpartition("/")
        slashed, fork = not parts[-1], self._forks.get(head)
        if fork is not None and not fork.follow(last, reached, slashed=slashed):
            return None
        if self._has_grown and not self._root.walk(parts, 1, (), reached):
            return None
        if not reached:
            return not_found()
        if len(reached) > 1:
            return None
        place, values = reached[0]
        ending = place.endings.get(method) or self._ending(place, method)
        if not isinstance(ending, Ending):
            return ending
        if fork is not None and fork.alone is not False and not slashed:
            self._remember(head, fork, method, ending)
        return ending.match(values)

    def _ending(self, place: Place, method: str) -> Ending | MethodNotAllowed | None:
        """What a method leads to at a place, if that is certain."""
        rules = place.rules
        fitting = [rule for rule in rules if rule.methods is None or method in rule.methods]
        if not fitting:
            allowed = {name for rule in rules for name in rule.methods or ()}
            return MethodNotAllowed(valid_methods=list(allowed)) if allowed else None
        rule = fitting[0]
        if len(fitting) > 1 or rule.websocket or rule.alias or rule.redirect_to is not None:
            return None  # of several, the order decides
        if rule.endpoint in self._defaulted and rule.map.redirect_defaults:
            return None  # another rule of the endpoint may be the canonical one
        ending = Ending(rule)
        if rule.methods is not None:  # else a client could invent any number of methods
            place.remember(method, ending)
        return ending

    def _remember(self, head: str, fork: Fork, method: str, ending: Ending) -> None:
        """Note that a path needs no walk if nothing but this variable can come after it."""
        if fork.alone is None:
            alone = not self._root.leads_beyond(head.split("/")[1:])
            fork.alone = alone and len(fork.branches) == 1 and fork.branches[0].slashed is None
        rule, readers = ending.rule, ending.readers
        if not fork.alone or readers is None or rule.defaults or rule.methods is None:
            return
        fits = fork.branches[0].pattern.fits
        if fits is not None and len(readers) == 1:
            lone = fits, fork.taken, rule, ending.names[0], readers[0]
            self._known(method).lone[head] = lone

    def _settle(self, path: str, method: str, ending: Ending) -> Match | None:
        """The match of a rule without variables, remembered where no other path leads to it."""
        match = ending.match(())
        if match is not None and path.isascii() and ending.rule.methods is not None:
            # Others come in many spellings; and of a rule that takes any method, a client could
            # invent methods.
            self._known(method).settled[path] = match[0], match[1].copy()
        return match

    def _known(self, method: str) -> Known:
        known = self.known.get(method)
        if known is None:
            known = self.known.setdefault(method, Known())
        return known


new_not_found: Final[Callable[[type[NotFound]], NotFound]] = NotFound.__new__


def not_found() -> NotFound:
    """What `NotFound()` makes, without a call of its constructor."""
    error = new_not_found(NotFound)
    error.response = None
    return error
