"""Registering a thousand routes, measured together with the first answer.

The first answer belongs to it, because a framework may put off its work until then.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time
from wsgiref.types import WSGIApplication

from benchmarks.asks import Ask, text
from benchmarks.contenders.contract import Sampler
from benchmarks.exchange import checked

LAST = Ask(path="/section999/7", expects=text("item 7"))


def registering(build: Callable[[], WSGIApplication]) -> Sampler:
    """A sampler of `build`, which gives a new application with 1,000 routes."""

    def sample(count: int) -> float:
        took = 0.0
        for _ in range(count):
            started = thread_time()
            app = build()
            checked(app, LAST)
            took += thread_time() - started
        return took

    return sample
