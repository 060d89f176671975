# cat: backend | needs: plain
from typedflask.sessions import SessionStore, StoredSession


class Memory:
    def load(self, session_id: str) -> StoredSession[int] | None:
        return None

    def save(
        self, session_id: str, payload: bytes, *, lifetime: int, expected: bytes | None
    ) -> bytes:
        return b""

    def touch(self, session_id: str, *, lifetime: int) -> bool:
        return False

    def delete(self, session_id: str) -> None:
        return None

    def clean_up(self) -> int:
        return 0


store: SessionStore[int] = Memory()  # E: gives one kind of version and takes another
