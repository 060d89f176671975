"""The objects one request leaves to the cyclic collector.

Reference counting frees at once what is not part of a cycle. The rest waits for the collector, which
stops every thread of the process while it looks. So the collector is switched off for some requests,
then called once in the mode in which it keeps all it finds.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from wsgiref.types import WSGIApplication

from benchmarks import report
from benchmarks.asks import draft
from benchmarks.contenders import load
from benchmarks.exchange import WrongAnswer, serve
from benchmarks.measure import check_app
from benchmarks.parts import Plan, Section
from benchmarks.scenarios import Scenario

TITLE: Final = "Garbage in cycles"
REQUESTS: Final = 100
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Garbage:
    """What the collector found after some requests."""

    requests: int
    kinds: Mapping[str, int]
    """How many objects of each type, by the type's name."""

    @property
    def each(self) -> float:
        """The objects of one request."""
        return sum(self.kinds.values()) / self.requests

    def described(self) -> str:
        """The objects of one request, and the types most of them have."""
        if not self.kinds:
            return "0"
        most = Counter(self.kinds).most_common(SHOWN)
        named = ", ".join(f"{count / self.requests:g} {name}" for name, count in most)
        return f"{self.each:g} ({named}{', …' if len(self.kinds) > SHOWN else ''})"


def garbage_of(app: WSGIApplication, scenario: Scenario, requests: int = REQUESTS) -> Garbage:
    """What `requests` requests of a row leave behind, once each of them was answered correctly.

    :raises WrongAnswer: if an answer is not what the row wants.
    """
    drafts = [draft(request) for request in check_app(scenario, app)]
    environs = [drafts[number % len(drafts)].fresh() for number in range(requests)]
    was_on, flags, kept = gc.isenabled(), gc.get_debug(), list(gc.garbage)
    gc.collect()
    gc.disable()
    gc.garbage.clear()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        while environs:
            serve(app, environs.pop())
        gc.collect()
        kinds = Counter(type(found).__name__ for found in gc.garbage)
    finally:
        gc.set_debug(flags)
        gc.garbage.clear()
        gc.garbage.extend(kept)
        if was_on:
            gc.enable()
    gc.collect()
    return Garbage(requests, kinds)


def measure_garbage(plan: Plan) -> dict[str, dict[str, Garbage]]:
    """The garbage of every row made of requests, by scenario and contender.

    :raises WrongAnswer: if an answer is not what the row wants.
    """
    found: dict[str, dict[str, Garbage]] = {}
    contenders = load(plan.contenders)
    for scenario in plan.scenarios:
        plan.tell(f"garbage: {scenario.name}")
        for contender in contenders:
            if scenario.name not in contender.apps:
                continue
            try:
                garbage = garbage_of(contender.apps[scenario.name](), scenario)
            except WrongAnswer as wrong:
                raise WrongAnswer(f"{contender.name}, {scenario.name}: {wrong}") from wrong
            found.setdefault(scenario.name, {})[contender.name] = garbage
    return found


def section(plan: Plan) -> Section:
    """What each contender leaves to the collector per request.

    :raises WrongAnswer: if an answer is not what the row wants.
    """
    found = measure_garbage(plan)
    names = [name for name in plan.contenders if any(name in row for row in found.values())]
    titles = {scenario.name: scenario.title for scenario in plan.scenarios}
    rows = [
        [titles[scenario], *(row[n].described() if n in row else report.NONE for n in names)]
        for scenario, row in found.items()
    ]
    reading = (
        "The objects one request leaves to the cyclic collector, with the types most of them have. "
        f"Counted over {REQUESTS} requests with the collector switched off."
    )
    text = f"{reading}\n\n{report.table(['scenario', *names], rows)}"
    data = {
        scenario: {name: {"each": g.each, "kinds": dict(g.kinds)} for name, g in row.items()}
        for scenario, row in found.items()
    }
    return Section("garbage", TITLE, text, data)
