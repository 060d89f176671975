"""What a session on the server asks of the place it is kept in.

A store knows nothing of requests, cookies or what a session holds: it keeps bytes under an id,
for a time. Signing ids, encoding values and deciding when to write is the session backend's.
Nothing has to be inherited; a class with these methods is a store.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, runtime_checkable

from ...newer_typing import TypeVar

Version = TypeVar("Version", default=int)


@dataclass(frozen=True, slots=True)
class StoredSession(Generic[Version]):
    """What a store holds under an id."""

    payload: bytes
    """The session as the backend encoded it."""
    version: Version
    """Changes with every write; given back to `save`, so that no update is lost."""


class SessionStore(Protocol[Version]):
    """Keeps sessions by their ids; `Version` is whatever the store tells two writes apart by.

    All methods may be called from several threads at once. A store that cannot answer, because
    its server is away, raises `OSError` or a subclass. Ids are text of any kind: those that
    `ServerSideSessions` issues are plain, but a store must keep apart whatever it is given.
    """

    def load(self, session_id: str, /) -> StoredSession[Version] | None:
        """What is kept under an id, or None: never issued, expired or deleted."""
        ...

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: Version | None
    ) -> Version | None:
        """Keep a payload under an id.

        :param session_id: the id, as the backend issued it.
        :param payload: replaces what is there.
        :param lifetime: seconds from now after which the session is gone; of 0 or less, nothing
            is kept.
        :param expected: the version that was loaded; None for a session that is new.
        :returns: the new version, which this id never had before; or None when another write came
            first and nothing was kept.
        """
        ...

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """Move the end of a session, without writing its payload.

        :param lifetime: seconds from now.
        :returns: whether there was such a session.
        """
        ...

    def delete(self, session_id: str, /) -> None:
        """Forget a session; nothing happens when there is none."""
        ...

    def clean_up(self) -> int:
        """Remove what has expired, where the store does not do so by itself.

        :returns: how many sessions were removed.
        """
        ...


# Any: what tells two writes apart is the affair of the one store that a backend was given.
AnySessionStore: TypeAlias = SessionStore[Any]
"""A store, whatever it tells two writes apart by."""


@runtime_checkable
class SessionLocks(Protocol):
    """What a store offers in addition if one request at a time can have a session to itself."""

    def lock(
        self, session_id: str, /, *, wait: float, hold: float
    ) -> AbstractContextManager[object]:
        """Have a session to oneself, among all threads, processes and machines of the store.

        A session need not be stored to be locked. The lock may be given back in another thread
        than the one that got it: a stream may go on there.

        :param session_id: the id.
        :param wait: seconds after which waiting for another holder is given up.
        :param hold: seconds after which the lock opens by itself, should its holder have died;
            a store whose locks end with their holder may ignore it.
        :returns: a context manager; the lock is got on entering it and given back on leaving it.
            Giving back a lock that has opened by itself, and may be another's now, does nothing.
        :raises TimeoutError: on entering: others held the lock for the whole of `wait`.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """What the configuration says about a store that it names; see `StoreClass`."""

    location: str | None
    """Where the sessions are kept, `SESSION_STORE`: a URL or a folder, as the store has it."""
    prefix: str
    """Sets the keys of this application apart from others in the same place,
    `SESSION_STORE_PREFIX`."""
    instance_path: str
    """The instance folder of the application, for stores that keep files and were told no place."""


class StoreClass(Protocol):
    """What can be named in the configuration: the class of a store that makes itself."""

    def configured(self, options: StoreOptions, /) -> AnySessionStore:
        """The store that the configuration describes; usually a class method.

        :raises ValueError: the location is missing, or none that the store understands; the
            application makes a `ConfigError` of it.
        """
        ...


__all__ = [
    "AnySessionStore",
    "SessionLocks",
    "SessionStore",
    "StoreClass",
    "StoreOptions",
    "StoredSession",
]
