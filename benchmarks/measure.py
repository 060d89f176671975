"""Rounds of samples, and what is made of the figures.

In every round each contender gives one sample, in an order shuffled anew, so that whatever the
machine is doing besides meets them all alike; for the same reason all samples last equally long.
A ratio compares two samples of the same round. The clock is the processor's (`thread_time`), which
stands still while another program has the processor.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median, quantiles
from time import perf_counter, thread_time
from typing import NamedTuple, TypeAlias
from wsgiref.types import WSGIApplication

from benchmarks.asks import Ask, draft
from benchmarks.contenders import BASE
from benchmarks.contenders.contract import Contender, Sampler
from benchmarks.exchange import WrongAnswer, checked, serve
from benchmarks.scenarios import Scenario

SAMPLE_SECONDS = 0.01
"""How long one sample should take."""

BATCH = 32
"""How many environs wait at a time: few enough to stay in the processor's cache."""

MOST_OPERATIONS = 20_000
MOST_ROUNDS = 200

Progress: TypeAlias = Callable[[str], None]
"""Gets a short note on what is happening."""


class Pace(NamedTuple):
    """How long a row may take."""

    seconds: float
    """What a row is measured for, once its least number of rounds is done."""

    least_rounds: int

    sample_seconds: float = SAMPLE_SECONDS
    warm_up: bool = True
    """Whether rows of single, long operations do one for nothing first."""


FULL = Pace(4.0, 7)
QUICK = Pace(0.0, 1, 0.001, warm_up=False)


class Spread(NamedTuple):
    """The middle of some figures and the quartiles on either side of it."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One contender's samples in one row, each divided by the operations it held."""

    samples: tuple[float, ...]
    operations: int

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.samples)

    @property
    def least(self) -> float:
        """The minimum, which noise from outside can only raise."""
        return min(self.samples)

    def times_as_fast_as(self, other: Figures) -> Spread:
        """How many times less this one takes than `other`, compared round by round."""
        return spread([b / a for a, b in zip(self.samples, other.samples, strict=True)])


def spread(ratios: Sequence[float]) -> Spread:
    """Quartiles and median of some ratios."""
    if len(ratios) == 1:
        return Spread(ratios[0], ratios[0], ratios[0])
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return Spread(low, middle, high)


@dataclass(frozen=True, slots=True)
class Row:
    """A measured scenario."""

    scenario: Scenario
    figures: Mapping[str, Figures]
    """By the contender's name."""

    def ratio(self, name: str, other: str = BASE) -> Spread | None:
        """How many times as fast as `other` one is; None where one of the two did not run."""
        if name not in self.figures or other not in self.figures:
            return None
        return self.figures[name].times_as_fast_as(self.figures[other])


def requests_sampler(app: WSGIApplication, asks: Sequence[Ask]) -> Sampler:
    """Times `asks` in turn; making the environs is not timed, letting go of them is."""
    drafts = [draft(request) for request in asks]

    def sample(count: int) -> float:
        gc.collect()
        took = 0.0
        for start in range(0, count, BATCH):
            # The collector rests meanwhile, so that what it does is counted to whom it does it for.
            gc.disable()
            places = range(start, min(start + BATCH, count))
            environs = [drafts[place % len(drafts)].fresh() for place in places]
            gc.enable()
            started = thread_time()
            while environs:
                serve(app, environs.pop())
            took += thread_time() - started
        return took

    return sample


def check_app(scenario: Scenario, app: WSGIApplication) -> Sequence[Ask]:
    """The requests of a row, each answered correctly by `app` once.

    :raises WrongAnswer: at the first answer that is not what the scenario wants.
    """
    asks = scenario.asks(app)
    for request in asks:
        checked(app, request)
    scenario.proof(app)
    return asks


def samplers_of(scenario: Scenario, contenders: Sequence[Contender]) -> dict[str, Sampler]:
    """Everyone who offers this row, checked.

    :raises WrongAnswer: if a contender's answer is wrong; the message says whose and where.
    """
    samplers: dict[str, Sampler] = {}
    for contender in contenders:
        try:
            if scenario.name in contender.apps:
                app = contender.apps[scenario.name]()
                samplers[contender.name] = requests_sampler(app, check_app(scenario, app))
            elif scenario.name in contender.samplers:
                samplers[contender.name] = contender.samplers[scenario.name]()
        except WrongAnswer as wrong:
            raise WrongAnswer(f"{contender.name}, {scenario.name}: {wrong}") from wrong
        except Exception as error:
            message = f"{contender.name}, {scenario.name}: raised {error!r}"
            raise WrongAnswer(message) from error
    return samplers


def operations_for(scenario: Scenario, sampler: Sampler, pace: Pace) -> int:
    """How many operations make a sample of the wanted length."""
    if scenario.once:
        return 1
    sampler(20)
    each = sampler(20) / 20
    return max(1, min(MOST_OPERATIONS, round(pace.sample_seconds / each)))


def measure(
    scenario: Scenario,
    contenders: Sequence[Contender],
    *,
    pace: Pace = FULL,
    random: Random,
    progress: Progress,
) -> Row | None:
    """Measure one row; None if nobody offers it.

    :raises WrongAnswer: if a contender's answer is wrong, before anything is timed.
    """
    samplers = samplers_of(scenario, contenders)
    if not samplers:
        return None
    counts = {name: operations_for(scenario, take, pace) for name, take in samplers.items()}
    if pace.warm_up or not scenario.once:
        for name, take in samplers.items():
            take(counts[name])
    gc.collect()
    # What lives until the end is not looked at again by the collector, as in a forked worker.
    gc.freeze()
    samples: dict[str, list[float]] = {name: [] for name in samplers}
    order = list(samplers)
    ends = perf_counter() + pace.seconds
    done = 0
    while done < pace.least_rounds or (done < MOST_ROUNDS and perf_counter() < ends):
        random.shuffle(order)
        for name in order:
            samples[name].append(samplers[name](counts[name]) / counts[name])
        done += 1
        if done % 10 == 0:
            progress(f"{scenario.name}: round {done}")
    gc.unfreeze()
    figures = {name: Figures(tuple(taken), counts[name]) for name, taken in samples.items()}
    return Row(scenario, figures)
