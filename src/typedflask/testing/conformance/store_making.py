"""What the tests of session stores are told about a store: how it is made, and what it can do.

`StoreMaking` is the part of `StoreConformance` that an author fills in; only `make_store` has to
be. The other methods make more of the tests run, those that need a second process, say.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ClassVar, TypeVar

import pytest

from typedflask.sessions.stores.contract import AnySessionStore, SessionLocks

T = TypeVar("T")

HOUR = 3600
"""A lifetime, in seconds, that no test outlives."""


def together(count: int, action: Callable[[int], T]) -> list[T]:
    """Call a function in as many threads at once, with the numbers from 0; what each returned.

    :raises Exception: what one of the calls raised.
    """
    ready = Barrier(count, timeout=30)

    def start(number: int) -> T:
        ready.wait()
        return action(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(start, range(count)))


class StoreMaking:
    """How the tests come by stores, and what they should know of them."""

    slack: ClassVar[float] = 0.3
    """Seconds by which the store may be late in noticing that a session is over."""
    cleans_itself: ClassVar[bool] = False
    """Whether the place removes what has expired; `clean_up` then has nothing to do and says 0."""
    locks_open_by_themselves: ClassVar[bool] = True
    """Whether a lock opens after its `hold`; False where locks end with their holder."""

    def make_store(self) -> AnySessionStore:
        """Give a store that is empty, each time.

        To be defined by the subclass, unless it has a pytest fixture called `store` instead.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define make_store(self), which gives a new, empty store,"
            " or a fixture named store"
        )

    def make_second(self, store: AnySessionStore, /) -> AnySessionStore | None:
        """Give another object for the same sessions, as another process would have it.

        :returns: None, the default, if there cannot be one: the tests with two are skipped.
        """
        return None

    def make_neighbour(self, store: AnySessionStore, /) -> AnySessionStore | None:
        """Give the store of another application in the same place: the same but for its prefix.

        :returns: None, the default, if places are not shared: the tests with two are skipped.
        """
        return None

    def make_unreachable(self) -> AnySessionStore | None:
        """Give a store whose place is away: a port where nobody listens, a folder that is gone.

        :returns: None, the default, if its place cannot be away: the test is skipped.
        """
        return None

    def close_store(self, store: AnySessionStore, /) -> None:
        """Close what one of the methods above opened; by default nothing."""

    def wait(self, seconds: float, /) -> None:
        """Let time pass: by default really; a store that is told the time can be told another."""
        time.sleep(seconds)

    # --- fixtures ------------------------------------------------------------------------

    @pytest.fixture
    def store(self) -> Iterator[AnySessionStore]:
        """The store of a test."""
        store = self.make_store()
        yield store
        self.close_store(store)

    @pytest.fixture
    def second(self, store: AnySessionStore) -> Iterator[AnySessionStore]:
        """The store of a test as another process would have it."""
        second = self.make_second(store)
        if second is None:
            pytest.skip("make_second gives none: this store belongs to one process")
        yield second
        self.close_store(second)

    @pytest.fixture
    def neighbour(self, store: AnySessionStore) -> Iterator[AnySessionStore]:
        """Another application's store in the same place."""
        neighbour = self.make_neighbour(store)
        if neighbour is None:
            pytest.skip("make_neighbour gives none: this store shares its place with nobody")
        yield neighbour
        self.close_store(neighbour)

    @pytest.fixture
    def unreachable(self) -> Iterator[AnySessionStore]:
        """A store that cannot answer."""
        unreachable = self.make_unreachable()
        if unreachable is None:
            pytest.skip("make_unreachable gives none: this store cannot be away")
        yield unreachable
        self.close_store(unreachable)

    @pytest.fixture
    def locks(self, store: AnySessionStore) -> SessionLocks:
        """The store of a test, if it has locks."""
        return locks_of(store)


def locks_of(store: AnySessionStore) -> SessionLocks:
    """The store, if it has locks; otherwise the test that asks is skipped."""
    if not isinstance(store, SessionLocks):
        pytest.skip("this store has no method lock: it offers no locks")
    return store


__all__ = ["HOUR", "StoreMaking", "locks_of", "together"]
