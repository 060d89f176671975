# cat: backend | needs: plain
"""A store for sessions on the server that cannot put their end off."""
from typedflask import Flask
from typedflask.sessions import StoredSession
from typedflask.sessions.server_side import ServerSideSessions


class Attic:
    def load(self, session_id: str) -> StoredSession[int] | None:
        return None

    def save(
        self, session_id: str, payload: bytes, *, lifetime: int, expected: int | None
    ) -> int | None:
        return 1

    def delete(self, session_id: str) -> None:
        """Nothing is kept."""

    def clean_up(self) -> int:
        return 0


app = Flask(__name__, session=ServerSideSessions(Attic()))  # E: touch
