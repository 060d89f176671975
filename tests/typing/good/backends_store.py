"""A session store of one's own."""
from typing import assert_type

from typedflask.sessions import SessionStore, StoredSession


class Memory:
    def __init__(self) -> None:
        self.kept: dict[str, StoredSession[int]] = {}

    def load(self, session_id: str) -> StoredSession[int] | None:
        return self.kept.get(session_id)

    def save(
        self, session_id: str, payload: bytes, *, lifetime: int, expected: int | None
    ) -> int | None:
        version = (expected or 0) + 1
        self.kept[session_id] = StoredSession(payload, version)
        return version

    def touch(self, session_id: str, *, lifetime: int) -> bool:
        return session_id in self.kept

    def delete(self, session_id: str) -> None:
        self.kept.pop(session_id, None)

    def clean_up(self) -> int:
        return 0


store: SessionStore = Memory()
same: SessionStore[int] = Memory()
found = store.load("x")
assert_type(found, StoredSession[int] | None)
assert_type(store.save("x", b"", lifetime=60, expected=None), int | None)
