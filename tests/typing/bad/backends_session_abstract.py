# cat: backend | needs: plain
from typing import Any

from typedflask import Flask, Request
from typedflask.sessions import SessionInterface, SessionMixin


class OwnSession(dict[str, Any], SessionMixin):
    pass


class Half(SessionInterface[OwnSession]):
    def open_session(self, app: Flask, request: Request) -> OwnSession:
        return OwnSession()


app = Flask(__name__, session=Half())  # E: save_session is missing
