# cat: backend | needs: plain
from typedflask.sessions import SessionStore, StoredSession


class Memory:
    def load(self, session_id: str) -> StoredSession[int] | None:
        return None

    def delete(self, session_id: str) -> None:
        return None


store: SessionStore[int] = Memory()  # E: save, touch and clean_up are missing
