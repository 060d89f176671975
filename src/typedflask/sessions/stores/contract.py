"""What a session on the server asks of the place it is kept in.

A store knows nothing of requests, cookies or what a session holds: it keeps bytes under an id,
for a time. Signing ids, encoding values and deciding when to write is the session backend's.
Nothing has to be inherited; a class with these methods is a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol

from typing_extensions import TypeVar

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
    its server is away, raises `OSError` or a subclass.
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
        :param lifetime: seconds from now after which the session is gone.
        :param expected: the version that was loaded; None for a session that is new.
        :returns: the new version, or None when another write came first and nothing was kept.
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


__all__ = ["SessionStore", "StoredSession"]
