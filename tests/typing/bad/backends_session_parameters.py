# cat: backend | needs: plain
from typing import Any

from typedflask import Flask, Request, Response
from typedflask.sessions import SessionMixin


class OwnSession(dict[str, Any], SessionMixin):
    pass


class Wrong:
    def open_session(self, request: Request) -> OwnSession:
        return OwnSession()

    def save_session(self, app: Flask, session: OwnSession, response: Response) -> None:
        print(session)


app = Flask(__name__)
app.session_interface = Wrong()  # E: open_session(app, request)
