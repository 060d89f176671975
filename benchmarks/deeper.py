"""Where the time of one scenario goes: a profile, and a count of instructions.

The count is free of noise, as it does not depend on what else the machine does; it is made by
valgrind's callgrind, from the difference between a short and a long run.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks.contenders import OURS, load
from benchmarks.contenders.contract import Sampler
from benchmarks.measure import samplers_of
from benchmarks.scenarios import SCENARIOS, Scenario

PROFILED_OPERATIONS: Final = 3000
COUNTED_OPERATIONS: Final = 100
LINES: Final = 35


class NoSuchScenario(Exception):
    """There is no row of that name; the message lists those there are."""


class CannotCount(Exception):
    """Instructions cannot be counted here; the message says why."""


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


def instructions(name: str, contender: str, count: int) -> int:
    """The instructions of a whole process that does `count` operations.

    :raises CannotCount: if valgrind is not installed or fails.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise CannotCount("counting needs valgrind, which is not installed on this machine")
    command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    command += [sys.executable, "-m", "benchmarks", "--run", name, contender, str(count)]
    # Hashes that change from run to run change the way through every dict.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    found = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    if done.returncode != 0 or found is None:
        raise CannotCount(f"valgrind failed: {done.stderr.strip()[-500:]}")
    return int(found[1])


def count_instructions(name: str, contenders: Sequence[str]) -> None:
    """Print the instructions of one operation, for each contender."""
    scenario = scenario_of(name)
    for contender in contenders:
        print(f"counting {contender}, about a minute", file=sys.stderr)
        short = instructions(scenario.name, contender, COUNTED_OPERATIONS)
        long = instructions(scenario.name, contender, 2 * COUNTED_OPERATIONS)
        each = (long - short) / COUNTED_OPERATIONS
        print(f"{contender}, {scenario.name}: {each:,.0f} instructions per operation")


def run(name: str, contender: str, count: int) -> None:
    """Do `count` operations and nothing else, for `instructions`."""
    sampler_of(scenario_of(name), contender)(count)
