"""What a session store with locks must do: the part of `StoreConformance` about `lock`.

Locks are an addition (`SessionLocks`); for a store without them these tests are skipped.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, ExitStack

import pytest

from typedflask.sessions.stores.contract import AnySessionStore, SessionLocks
from typedflask.testing.conformance.store_making import HOUR, StoreMaking, locks_of, together

SOON = 10.0
"""Seconds a test waits for a lock that it should get."""
LONG = 60.0
"""Seconds after which a lock opens, long after its test."""


def held(locks: SessionLocks, session_id: str) -> bool:
    """Whether somebody has the lock of an id at this moment."""
    try:
        with locks.lock(session_id, wait=0, hold=LONG):
            return False
    except TimeoutError:
        return True


class StoreLockConformance(StoreMaking):
    """The tests of `SessionLocks`."""

    def test_a_lock_is_held_by_one_thread_at_a_time(self, locks: SessionLocks) -> None:
        """Reading, thinking and writing under a lock loses nothing."""
        self.count_together([locks] * 4)

    def test_a_lock_holds_for_other_processes_too(
        self, locks: SessionLocks, second: AnySessionStore
    ) -> None:
        """Two stores for the same sessions share their locks."""
        self.count_together([locks, locks_of(second)] * 2)

    def count_together(self, places: list[SessionLocks]) -> None:
        """Count in one thread per place, with a pause that any other thread would spoil."""
        count = 0

        def add(number: int) -> None:
            nonlocal count
            for _ in range(5):
                with places[number].lock("counter", wait=SOON, hold=LONG):
                    before = count
                    time.sleep(0.002)
                    count = before + 1

        together(len(places), add)
        expected = 5 * len(places)
        assert count == expected, (
            f"{expected} threads added one under the lock and the sum is {count}:"
            " two had the lock of one id at the same time"
        )

    def test_a_lock_that_others_keep_is_given_up_after_the_wait(self, locks: SessionLocks) -> None:
        """Waiting ends with TimeoutError, and neither much too early nor much too late."""

        def try_it(_: int) -> float:
            start = time.monotonic()
            with (
                pytest.raises(TimeoutError),
                locks.lock("mint", wait=0.3, hold=LONG),
            ):
                pytest.fail("a lock that another holds was given out a second time")
            return time.monotonic() - start

        with locks.lock("mint", wait=0, hold=LONG):
            [waited] = together(1, try_it)
        assert 0.25 <= waited <= 5, f"the wait was 0.3 seconds, but it took {waited:.2f}"

    def test_a_wait_of_nothing_gives_up_at_once(self, locks: SessionLocks) -> None:
        """`wait=0` asks once: it gets a free lock and does not wait for another's."""

        def try_it(_: int) -> bool:
            return held(locks, "mint")

        assert together(1, try_it) == [False], "a free lock must be got with wait=0"
        with locks.lock("mint", wait=0, hold=LONG):
            assert together(1, try_it) == [True], "another's lock must not be got with wait=0"

    def test_whoever_gave_up_waiting_leaves_the_lock_in_order(self, locks: SessionLocks) -> None:
        """A TimeoutError takes nothing from the holder and keeps nothing from the next."""

        def try_it(_: int) -> bool:
            return held(locks, "mint")

        with locks.lock("mint", wait=0, hold=LONG):
            together(3, try_it)
            assert together(1, try_it) == [True], "giving up took the lock from its holder"
        assert together(1, try_it) == [False], "the lock was not free after its holder left"

    def test_a_lock_is_got_on_entering_and_not_before(self, locks: SessionLocks) -> None:
        """Making the context manager takes nothing."""
        manager = locks.lock("mint", wait=0, hold=LONG)
        assert not held(locks, "mint"), "lock() took the lock before it was entered"
        with manager:
            assert together(1, lambda _: held(locks, "mint")) == [True], (
                "entering did not take the lock"
            )

    def test_a_lock_is_given_back_when_its_block_ends_in_an_error(
        self, locks: SessionLocks
    ) -> None:
        """The error goes on as it is, and the next request gets the lock."""
        with (
            pytest.raises(ZeroDivisionError),
            locks.lock("mint", wait=0, hold=LONG),
        ):
            raise ZeroDivisionError
        assert not held(locks, "mint"), "an error inside the block left the lock closed"

    def test_locks_of_different_sessions_are_different(self, locks: SessionLocks) -> None:
        """Nobody waits for another visitor's request."""
        ids = [f"visitor-{number}" for number in range(40)] + ["Visitor-1", "visitor-1 ", "*"]
        with ExitStack() as stack:
            for session_id in ids:
                try:
                    stack.enter_context(locks.lock(session_id, wait=2, hold=LONG))
                except TimeoutError:
                    pytest.fail(f"the lock of {session_id!r} waits for the lock of another id")

    def test_a_session_can_be_used_under_its_own_lock(
        self, store: AnySessionStore, locks: SessionLocks
    ) -> None:
        """The lock is between requests: it is not in the way of the store's own methods."""
        with locks.lock("mint", wait=0, hold=LONG):
            assert store.load("mint") is None, "a lock must not look like a session"
            version = store.save("mint", b"one", lifetime=HOUR, expected=None)
            assert version is not None, "a new session could not be saved under its lock"
            assert store.save("mint", b"two", lifetime=HOUR, expected=version) is not None, (
                "a session could not be saved again under its lock"
            )
            assert store.touch("mint", lifetime=HOUR), "no touch under the lock"
            store.delete("mint")
            assert store.load("mint") is None, "no delete under the lock"
            assert together(1, lambda _: held(locks, "mint")) == [True], (
                "deleting a session must leave its lock to the holder"
            )

    def test_locks_leave_no_sessions_behind(
        self, store: AnySessionStore, locks: SessionLocks
    ) -> None:
        """An id that was locked and never stored is still free."""
        with locks.lock("mint", wait=0, hold=LONG):
            pass
        assert store.load("mint") is None, "a lock was left behind as a session"
        assert store.save("mint", b"one", lifetime=HOUR, expected=None) is not None, (
            "an id that was only locked was not free for a new session"
        )

    def test_a_lock_whose_holder_died_opens(self, locks: SessionLocks) -> None:
        """After `hold` seconds the next request gets it."""
        if not self.locks_open_by_themselves:
            pytest.skip("the locks of this store end with their holder")
        with ExitStack() as stack:
            stack.enter_context(locks.lock("mint", wait=0, hold=1))
            assert together(1, lambda _: held(locks, "mint")) == [True], (
                "the lock opened before its hold was over"
            )
            self.wait(1 + self.slack)
            assert together(1, lambda _: held(locks, "mint")) == [False], (
                "the lock did not open by itself when its hold was over"
            )

    def test_giving_back_late_does_not_open_anothers_lock(self, locks: SessionLocks) -> None:
        """What a slow request gives back is its own lock, not that of whoever came after it."""
        if not self.locks_open_by_themselves:
            pytest.skip("the locks of this store end with their holder")
        slow: AbstractContextManager[object] = locks.lock("mint", wait=0, hold=1)
        with ExitStack() as stack:
            stack.enter_context(slow)
            self.wait(1 + self.slack)
            with locks.lock("mint", wait=2, hold=LONG):
                stack.close()
                assert together(1, lambda _: held(locks, "mint")) == [True], (
                    "a request that was too slow gave back the lock of another"
                )
        assert not held(locks, "mint"), "the lock stayed closed after its last holder left"

    def test_locks_of_neighbours_are_apart(
        self, locks: SessionLocks, neighbour: AnySessionStore
    ) -> None:
        """Another application's session of the same id has a lock of its own."""
        with locks.lock("mint", wait=0, hold=LONG):
            others = locks_of(neighbour)
            assert together(1, lambda _: held(others, "mint")) == [False], (
                "the prefix must be part of what is locked"
            )


__all__ = ["StoreLockConformance"]
