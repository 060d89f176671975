"""Sessions in the memory of this process: for development, for tests, for a single process.

Nothing is shared: with several worker processes each has sessions of its own, and a visitor is
logged in or not as chance sends the request. Everything is gone when the process ends.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Lock
from typing import Self

from typedflask.sessions.stores.contract import StoredSession, StoreOptions

_REMOVED_PER_SAVE = 2
"""How many expired sessions a save clears away: more than it adds, so that they cannot pile up."""


@dataclass(slots=True)
class _Kept:
    """A session, and when it ends."""

    stored: StoredSession[int]
    end: float
    queued: float
    """The earliest end under which the queue has it; never later than `end`."""


@dataclass(slots=True)
class _Turn:
    """Who has a session to itself, and how many wait for it."""

    freed: Condition
    holder: object | None = None
    opens: float = 0.0
    waiting: int = 0


class MemoryStore:
    """Keeps sessions in a dict of this process, safe for its threads.

    Expired sessions are cleared away by later saves, a few at a time; no thread runs for it. With
    `limit` sessions in the store a new one takes the place of the one that would end first.

    :param limit: how many sessions there may be, so that visitors cannot fill the memory; None
        for any number.
    :param clock: gives the time in seconds; for tests.
    :raises ValueError: the limit is less than one.
    """

    def __init__(
        self, *, limit: int | None = 100_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if limit is not None and limit < 1:
            raise ValueError(f"limit is {limit}; a store needs room for one session at least")
        self._limit = limit
        self._clock = clock
        self._mutex = Lock()
        self._sessions: dict[str, _Kept] = {}
        # By end, the earliest first. What was deleted or prolonged meanwhile is noticed when its
        # turn comes, so that a touch costs nothing here.
        self._queue: list[tuple[float, str]] = []
        # One count for all ids: a version never comes back, not even after a deletion.
        self._versions = itertools.count(1)
        self._turns: dict[str, _Turn] = {}

    @classmethod
    def configured(cls, options: StoreOptions, /) -> Self:
        """Make the store that the configuration names.

        :raises ValueError: `SESSION_STORE` says a place, and this store has none.
        """
        if options.location is not None:
            raise ValueError(
                "SESSION_STORE names a place, but the memory store keeps sessions in this process"
                " only: remove the setting, or choose another SESSION_BACKEND"
            )
        return cls()

    def __len__(self) -> int:
        """How many sessions are kept, expired ones that nobody cleared away included."""
        return len(self._sessions)

    # --- the contract --------------------------------------------------------------------

    def load(self, session_id: str, /) -> StoredSession[int] | None:
        """See `SessionStore.load`."""
        with self._mutex:
            kept = self._living(session_id)
            return kept.stored if kept else None

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        """See `SessionStore.save`."""
        with self._mutex:
            kept = self._living(session_id)
            if (kept.stored.version if kept else None) != expected:
                return None
            version = next(self._versions)
            end = self._clock() + lifetime
            # bytes(): a payload that the caller goes on changing would change here too.
            stored = StoredSession(bytes(payload), version)
            if kept is None:
                self._make_room()
                self._sessions[session_id] = kept = _Kept(stored, end, end)
                self._enqueue(end, session_id)
            else:
                kept.stored = stored
                self._move_end(session_id, kept, end)
            return version

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """See `SessionStore.touch`."""
        with self._mutex:
            kept = self._living(session_id)
            if kept is None:
                return False
            self._move_end(session_id, kept, self._clock() + lifetime)
            return True

    def delete(self, session_id: str, /) -> None:
        """See `SessionStore.delete`."""
        with self._mutex:
            self._sessions.pop(session_id, None)

    def clean_up(self) -> int:
        """See `SessionStore.clean_up`."""
        with self._mutex:
            return self._remove_expired(len(self._sessions))

    # --- what is kept; only with the mutex ------------------------------------------------

    def _living(self, session_id: str) -> _Kept | None:
        """The session of an id, unless it has expired."""
        kept = self._sessions.get(session_id)
        return kept if kept is not None and self._clock() < kept.end else None

    def _move_end(self, session_id: str, kept: _Kept, end: float) -> None:
        """Note a new end; the queue need only know when it is nearer than it thinks."""
        kept.end = end
        if end < kept.queued:
            kept.queued = end
            self._enqueue(end, session_id)

    def _enqueue(self, end: float, session_id: str) -> None:
        """Put a session into the queue, and make that anew where most of it is out of date."""
        heapq.heappush(self._queue, (end, session_id))
        if len(self._queue) > 2 * len(self._sessions) + 100:
            for kept in self._sessions.values():
                kept.queued = kept.end
            self._queue = [(kept.end, known) for known, kept in self._sessions.items()]
            heapq.heapify(self._queue)

    def _make_room(self) -> None:
        """Clear away a few expired sessions, and where that is not enough the next to end."""
        self._remove_expired(_REMOVED_PER_SAVE)
        while self._limit is not None and len(self._sessions) >= self._limit:
            first = self._first_to_end()
            if first is None:  # pragma: no cover - every session is in the queue
                break
            del self._sessions[first]

    def _remove_expired(self, at_most: int) -> int:
        """Remove expired sessions; how many there were."""
        now = self._clock()
        for removed in range(at_most):
            first = self._first_to_end()
            if first is None or self._sessions[first].end > now:
                return removed
            del self._sessions[first]
        return at_most

    def _first_to_end(self) -> str | None:
        """The session that ends first; brings the front of the queue up to date."""
        while self._queue:
            queued, session_id = self._queue[0]
            kept = self._sessions.get(session_id)
            if kept is None or kept.queued != queued:
                heapq.heappop(self._queue)
            elif kept.end != queued:
                kept.queued = kept.end
                heapq.heapreplace(self._queue, (kept.end, session_id))
            else:
                return session_id
        return None

    # --- locks ---------------------------------------------------------------------------

    @contextmanager
    def lock(self, session_id: str, /, *, wait: float, hold: float) -> Generator[None]:
        """See `SessionLocks.lock`."""
        holder = object()
        self._take(session_id, holder, wait, hold)
        try:
            yield
        finally:
            self._give_back(session_id, holder)

    def _take(self, session_id: str, holder: object, wait: float, hold: float) -> None:
        """Wait for a lock and note its holder."""
        give_up = self._clock() + wait
        with self._mutex:
            turn = self._turns.setdefault(session_id, _Turn(Condition(self._mutex)))
            turn.waiting += 1
            try:
                while turn.holder is not None and (now := self._clock()) < turn.opens:
                    if now >= give_up:
                        raise TimeoutError(
                            f"another request had this session for the {wait} seconds of waiting"
                        )
                    turn.freed.wait(min(give_up, turn.opens) - now)
                turn.holder = holder
                turn.opens = self._clock() + hold
            finally:
                turn.waiting -= 1

    def _give_back(self, session_id: str, holder: object) -> None:
        """Let the next have the lock, and forget one that nobody has or wants."""
        with self._mutex:
            turn = self._turns.get(session_id)
            if turn is None or turn.holder is not holder:
                return
            turn.holder = None
            if turn.waiting:
                turn.freed.notify()
            else:
                del self._turns[session_id]


__all__ = ["MemoryStore"]
