"""Sessions in memory: the conformance suite, and what this store adds to it."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from typedflask.sessions.stores.contract import StoreOptions
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


def keep(store: MemoryStore, session_id: str, lifetime: int = 60) -> int:
    version = store.save(session_id, b"one", lifetime=lifetime, expected=None)
    assert version is not None
    return version


def queue_of(store: MemoryStore) -> list[tuple[float, str]]:
    return store._queue


class TestRoom:
    """Memory is finite, and visitors are not: how many sessions there are is bounded."""

    def test_a_full_store_lets_go_of_the_session_that_ends_first(self) -> None:
        store = MemoryStore(limit=3)
        for session_id, lifetime in (("mint", 300), ("sage", 100), ("dill", 200)):
            keep(store, session_id, lifetime)
        keep(store, "anise", 50)
        assert store.load("sage") is None
        assert len(store) == 3
        assert all(store.load(session_id) for session_id in ("mint", "dill", "anise"))

    def test_a_touch_saves_a_session_from_that(self) -> None:
        store = MemoryStore(limit=2)
        keep(store, "mint", 100)
        keep(store, "sage", 200)
        assert store.touch("mint", lifetime=300)
        keep(store, "dill", 60)
        assert store.load("mint") is not None
        assert store.load("sage") is None

    def test_a_session_whose_end_came_nearer_goes_first(self) -> None:
        store = MemoryStore(limit=2)
        keep(store, "mint", 300)
        keep(store, "sage", 200)
        assert store.touch("mint", lifetime=10)
        keep(store, "dill", 60)
        assert store.load("mint") is None
        assert store.load("sage") is not None

    def test_saving_again_takes_no_room(self) -> None:
        store = MemoryStore(limit=2)
        version: int | None = keep(store, "mint", 10)
        keep(store, "sage")
        for _ in range(5):
            version = store.save("mint", b"two", lifetime=10, expected=version)
        assert store.load("mint") is not None
        assert store.load("sage") is not None

    def test_without_a_limit_everything_stays(self) -> None:
        store = MemoryStore(limit=None)
        for number in range(1000):
            keep(store, f"visitor-{number}")
        assert len(store) == 1000

    def test_a_limit_of_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="limit is 0"):
            MemoryStore(limit=0)

    def test_expired_sessions_do_not_pile_up_although_nobody_cleans(self) -> None:
        clock = Clock()
        store = MemoryStore(clock=clock)
        for number in range(1000):
            keep(store, f"visitor-{number}", lifetime=10)
            clock.ahead += 1
        assert len(store) <= 12

    def test_visitors_who_log_in_and_out_leave_nothing(self) -> None:
        store = MemoryStore()
        keep(store, "the next to end", lifetime=10)
        for number in range(5000):
            keep(store, f"visitor-{number}", lifetime=10**6)
            store.delete(f"visitor-{number}")
        assert len(store) == 1
        assert len(queue_of(store)) <= 103

    def test_touching_over_and_over_takes_no_room(self) -> None:
        store = MemoryStore()
        keep(store, "mint", lifetime=20_000)
        for number in range(5000):
            store.touch("mint", lifetime=10_000 - number)
            store.touch("mint", lifetime=10_000 + number)
        assert len(queue_of(store)) <= 103

    def test_an_id_that_is_used_again_is_not_ended_by_its_first_life(self) -> None:
        clock = Clock()
        store = MemoryStore(clock=clock)
        keep(store, "mint", lifetime=10)
        store.delete("mint")
        keep(store, "mint", lifetime=100)
        clock.ahead = 50
        assert store.clean_up() == 0
        assert store.load("mint") is not None
        clock.ahead = 101
        assert store.clean_up() == 1

    def test_locks_leave_nothing(self) -> None:
        store = MemoryStore()
        for number in range(100):
            with store.lock(f"visitor-{number}", wait=0, hold=1):
                pass
        with (
            store.lock("mint", wait=0, hold=10),
            pytest.raises(TimeoutError),
            store.lock("mint", wait=0, hold=10),
        ):
            pytest.fail("two have the lock")
        assert store._turns == {}


class TestWhatIsKept:
    def test_a_payload_that_the_caller_goes_on_changing_stays_as_it_was(self) -> None:
        store = MemoryStore()
        payload: Any = bytearray(b"one")
        store.save("mint", payload, lifetime=60, expected=None)
        payload[:] = b"two"
        found = store.load("mint")
        assert found is not None
        assert found.payload == b"one"

    def test_two_stores_have_nothing_in_common(self) -> None:
        store = MemoryStore()
        keep(store, "mint")
        assert MemoryStore().load("mint") is None

    def test_whoever_waits_is_woken_when_the_lock_is_free(self) -> None:
        """And not only when the longest wait is over."""
        store = MemoryStore()
        got = threading.Event()

        def wait() -> None:
            with store.lock("mint", wait=30, hold=30):
                got.set()

        with store.lock("mint", wait=0, hold=30):
            thread = threading.Thread(target=wait)
            thread.start()
            assert not got.wait(0.05)
        assert got.wait(5)
        thread.join()


class TestConfigured:
    def options(self, location: str | None) -> StoreOptions:
        return StoreOptions(location=location, prefix="session:", instance_path="/nowhere")

    def test_it_needs_no_place(self) -> None:
        store = MemoryStore.configured(self.options(None))
        keep(store, "mint")
        assert store.load("mint") is not None

    def test_a_place_is_refused_and_not_shown(self) -> None:
        with pytest.raises(ValueError, match="SESSION_STORE names a place") as caught:
            MemoryStore.configured(self.options("redis://:s3cret@127.0.0.1/0"))
        assert "s3cret" not in str(caught.value)
