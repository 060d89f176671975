"""Where the time of one scenario goes: a profile."""

from __future__ import annotations

import cProfile
import pstats
from typing import Final

from benchmarks.contenders import OURS, load
from benchmarks.contenders.contract import Sampler
from benchmarks.measure import samplers_of
from benchmarks.scenarios import SCENARIOS, Scenario

PROFILED_OPERATIONS: Final = 3000
LINES: Final = 35


class NoSuchScenario(Exception):
    """There is no row of that name; the message lists those there are."""


def scenario_of(name: str) -> Scenario:
    """The row called `name`.

    :raises NoSuchScenario: if there is none.
    """
    for scenario in SCENARIOS:
        if scenario.name == name:
            return scenario
    known = ", ".join(scenario.name for scenario in SCENARIOS)
    raise NoSuchScenario(f"there is no scenario {name!r}; there are: {known}")


def sampler_of(scenario: Scenario, contender: str) -> Sampler:
    """The checked sampler of one contender.

    :raises NoSuchScenario: if the contender does not offer the row.
    """
    samplers = samplers_of(scenario, load([contender]))
    if contender not in samplers:
        raise NoSuchScenario(f"{contender} does not offer {scenario.name!r}")
    return samplers[contender]


def profile(name: str, contender: str = OURS) -> None:
    """Print where the time of a row goes: with what each function calls, then in itself alone."""
    scenario = scenario_of(name)
    count = 1 if scenario.once else PROFILED_OPERATIONS
    sampler = sampler_of(scenario, contender)
    sampler(count)
    profiler = cProfile.Profile()
    profiler.enable()
    sampler(count)
    profiler.disable()
    print(f"{contender}, {scenario.name}, {count} operations")
    found = pstats.Stats(profiler).strip_dirs()
    for order in ("cumulative", "tottime"):
        found.sort_stats(order).print_stats(LINES)
