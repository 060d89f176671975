"""Sessions in memory: the conformance suite, and what this store adds to it."""

from __future__ import annotations

import time

from typedflask.sessions.stores.memory import MemoryStore
from typedflask.testing.conformance.stores import StoreConformance


class Clock:
    """The time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class TestMemoryStore(StoreConformance):
    def make_store(self) -> MemoryStore:
        self.clock = Clock()
        return MemoryStore(clock=self.clock)

    def wait(self, seconds: float, /) -> None:
        self.clock.ahead += seconds
