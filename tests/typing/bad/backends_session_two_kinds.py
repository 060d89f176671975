# cat: backend | needs: plain
from typing import Any

from typedflask import Flask, Request, Response
from typedflask.sessions import SessionBackend, SessionMixin


class OwnSession(dict[str, Any], SessionMixin):
    pass


class Mixed:
    def open_session(self, app: Flask, request: Request) -> OwnSession:
        return OwnSession()

    def save_session(self, app: Flask, session: int, response: Response) -> None:
        print(session)


backend: SessionBackend[OwnSession] = Mixed()  # E: saves another kind than it opens
