"""Werkzeug's matcher, which takes in rules when a path comes that may lead to them.

To take a rule in means to compile it (decision 014). Most requests are answered without this
matcher; of the others each needs the rules that begin as its path does.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.matcher import StateMachineMatcher
from werkzeug.routing.rules import RulePart

from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import MutableMapping


class LateMatcher(StateMachineMatcher):
    """The matcher of a `RuleMap`."""

    def __init__(self, merge_slashes: bool) -> None:
        super().__init__(merge_slashes)
        self._added: list[BaseRule] = []
        """The rules that nobody looked at, in the order they came."""
        self._waiting: dict[str, list[BaseRule]] = {}
        """The other rules not taken in yet, by what their paths begin with, in that order."""
        self._most_segments = 0
        self._lock = Lock()

    def add(self, rule: BaseRule) -> None:
        """Note a rule."""
        self._added.append(rule)

    def update(self) -> None:
        """Sort nothing: rules that are taken in are put in order then."""

    def match(
        self, domain: str, path: str, method: str, websocket: bool
    ) -> tuple[BaseRule, MutableMapping[str, Any]]:  # Any: converters make any value
        """As Werkzeug's, with all rules that were added."""
        if self._added:
            self._look_at_added()
        waiting = self._waiting
        for beginning in beginnings(path, self._most_segments) if waiting else ():
            if beginning in waiting:
                self._take_in(beginning)
        return super().match(domain, path, method, websocket)

    def _look_at_added(self) -> None:
        with self._lock:
            for rule in self._added:
                beginning = beginning_of(rule)
                self._most_segments = max(self._most_segments, beginning.count("/"))
                self._waiting.setdefault(beginning, []).append(rule)
            self._added = []

    def _take_in(self, beginning: str) -> None:
        # Whoever looks for a path that begins like this waits, and nobody else gets to where
        # something is half made. Rules whose order matters to each other begin alike.
        with self._lock:
            rules = self._waiting.get(beginning, [])
            for rule in rules:
                super().add(rule)
            for rule in rules:
                self._sort_along(parts_of(rule))
            self._waiting.pop(beginning, None)

    def _sort_along(self, parts: list[RulePart]) -> None:
        """Put what may follow at each step of a rule in the order in which it is tried."""
        state = self._root
        for part in parts:
            if part.static:
                state = state.static[part.content]
                continue
            # Another list, because sorting empties one for a moment.
            state.dynamic = sorted(state.dynamic, key=lambda branch: branch[0].weight)
            state = next(following for known, following in state.dynamic if known == part)


def parts_of(rule: BaseRule) -> list[RulePart]:
    """The parts of a rule of any class; the first is its host."""
    parts: list[RulePart] = getattr(rule, "_parts")  # where Werkzeug's matcher finds them, too
    return parts


def beginning_of(rule: BaseRule) -> str:
    """What every path of a rule begins with: its segments up to the first variable."""
    if isinstance(rule, Rule):
        steps = rule.steps()
    else:
        steps = iter([part.content if part.static else part for part in parts_of(rule)[2:]])
    beginning = ""
    for step in steps:
        if not isinstance(step, str):
            break
        beginning = f"{beginning}/{step}" if step else beginning
    return beginning


def beginnings(path: str, most: int) -> Iterator[str]:
    """What the rules of a path may begin with, whichever of its slashes count.

    :param most: how many segments there are in any of these.
    """
    beginning = ""
    yield beginning
    for segment in [segment for segment in path.split("/") if segment][:most]:
        beginning = f"{beginning}/{segment}"
        yield beginning
