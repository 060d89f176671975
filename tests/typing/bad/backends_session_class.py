# cat: backend | needs: plain
from typing import Any

from typedflask import Flask, Request, Response
from typedflask.sessions import SessionMixin


class OwnSession(dict[str, Any], SessionMixin):
    pass


class Right:
    def open_session(self, app: Flask, request: Request) -> OwnSession:
        return OwnSession()

    def save_session(self, app: Flask, session: OwnSession, response: Response) -> None:
        print(session)


app = Flask(__name__, session=Right)  # E: an instance, not the class
