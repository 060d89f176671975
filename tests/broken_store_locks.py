"""A session store that keeps its word about locks, and some that break it in one way each."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any

from tests.broken_stores import Entry, Honest, Place


class HonestLocks(Honest):
    """Has locks, too, and keeps its word about them."""

    def held_by(self, key: str) -> object | None:
        holder, opens = self.place.held.get(key, (None, 0.0))
        return holder if self.now() < opens else None

    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        if self.place.away:
            raise ConnectionError("nobody answers")
        give_up = time.monotonic() + wait
        while True:
            with self.place.mutex:
                if self.held_by(key) is None:
                    self.place.held[key] = (holder, self.now() + hold)
                    return
            if time.monotonic() >= give_up:
                raise TimeoutError("another has it")
            time.sleep(0.001)

    def give_back(self, key: str, holder: object) -> None:
        with self.place.mutex:
            if self.held_by(key) is holder:
                del self.place.held[key]

    def lock(
        self, session_id: str, /, *, wait: float, hold: float
    ) -> AbstractContextManager[object]:
        return self.locking(self.key(session_id), wait, hold)

    @contextmanager
    def locking(self, key: str, wait: float, hold: float) -> Generator[None]:
        holder = object()
        self.take(key, holder, wait, hold)
        try:
            yield
        finally:
            self.give_back(key, holder)


class LocksNothing(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        if self.place.away:
            super().take(key, holder, wait, hold)


class LocksOneProcessOnly(HonestLocks):
    def __init__(self, place: Place, prefix: str = "") -> None:
        super().__init__(place, prefix)
        self.mine = object()

    def lock(
        self, session_id: str, /, *, wait: float, hold: float
    ) -> AbstractContextManager[object]:
        return self.locking(f"{id(self.mine)}{self.key(session_id)}", wait, hold)


class LocksWithoutPrefix(HonestLocks):
    def lock(
        self, session_id: str, /, *, wait: float, hold: float
    ) -> AbstractContextManager[object]:
        return self.locking(session_id, wait, hold)


class HasOneLockForAll(HonestLocks):
    """Of its application."""

    def lock(
        self, session_id: str, /, *, wait: float, hold: float
    ) -> AbstractContextManager[object]:
        return self.locking(self.prefix, wait, hold)


class RaisesItsOwnTimeout(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        try:
            super().take(key, holder, wait, hold)
        except TimeoutError as error:
            raise BlockingIOError(*error.args) from error


class DoesNotWait(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        # Tries long enough for whoever is quick, but not for as long as it was told.
        super().take(key, holder, wait / 10 if wait < 1 else wait, hold)


class WaitsAMoment(HonestLocks):
    """Wants to wait even where it was told not to, and then says nothing was free."""

    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        if not wait:
            raise TimeoutError("no time was given")
        super().take(key, holder, wait, hold)


class GivingUpGivesBack(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        try:
            super().take(key, holder, wait, hold)
        except TimeoutError:
            if not wait:
                self.place.held.pop(key, None)
            raise


class LocksTooEarly(HonestLocks):
    def lock(
        self, session_id: str, /, *, wait: float, hold: float
    ) -> AbstractContextManager[object]:
        manager = super().lock(session_id, wait=wait, hold=hold)
        manager.__enter__()
        return _Entered(manager)


class _Entered:
    def __init__(self, manager: AbstractContextManager[object]) -> None:
        self.manager = manager

    def __enter__(self) -> None:
        """It has been done."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.manager.__exit__(kind, error, where)


class KeepsTheLockOnErrors(HonestLocks):
    @contextmanager
    def locking(self, key: str, wait: float, hold: float) -> Generator[None]:
        holder = object()
        self.take(key, holder, wait, hold)
        yield
        self.give_back(key, holder)


class LocksItselfOut(HonestLocks):
    """Its own methods wait for the lock that the request has."""

    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        with self.lock(session_id, wait=0.05, hold=1):
            return super().save(session_id, payload, **options)


class KeepsLocksAsSessions(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        super().take(key, holder, wait, hold)
        self.place.kept.setdefault(key, Entry(b"locked", 0, self.now() + hold))


class DeletingOpensTheLock(HonestLocks):
    def delete(self, session_id: str, /) -> None:
        super().delete(session_id)
        self.place.held.pop(self.key(session_id), None)


class NeverOpens(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        super().take(key, holder, wait, 10**9)


class OpensAtOnce(HonestLocks):
    """Takes seconds for microseconds."""

    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        super().take(key, holder, wait, hold / 10**6 if hold < 60 else hold)


class GivesBackAnothers(HonestLocks):
    def give_back(self, key: str, holder: object) -> None:
        self.place.held.pop(key, None)


class SaysBusyWhenAway(HonestLocks):
    def take(self, key: str, holder: object, wait: float, hold: float) -> None:
        if self.place.away:
            raise TimeoutError("nobody answers")
        super().take(key, holder, wait, hold)
