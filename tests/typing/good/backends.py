"""Backends need no base class: what has the methods fits."""
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from typedflask import Flask, Request, Response
from typedflask.json.provider import DefaultJSONProvider, JSONProvider
from typedflask.sessions import SessionBackend, SessionInterface, SessionMixin
from typedflask.templating import Template, TemplateBackend


class OwnSession(dict[str, Any], SessionMixin):
    sid: str = ""


class Duck:
    def open_session(self, app: Flask, request: Request) -> OwnSession | None:
        return None

    def save_session(self, app: Flask, session: OwnSession, response: Response) -> None:
        response.headers["X-Session"] = session.sid


class Store(SessionInterface[OwnSession]):
    def open_session(self, app: Flask, request: Request) -> OwnSession:
        return OwnSession()

    def save_session(self, app: Flask, session: OwnSession, response: Response) -> None:
        response.headers["X-Session"] = session.sid


class Words:
    def dumps(self, value: object) -> str:
        return json.dumps(value)

    def loads(self, text: str | bytes) -> object:
        return json.loads(text)


class Compact(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return json.dumps(obj, separators=(",", ":"))

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return json.loads(s)


class Text:
    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def name(self) -> str | None:
        return None

    def render(self, context: Mapping[str, Any]) -> str:
        return self.text.format_map(context)

    def generate(self, context: Mapping[str, Any]) -> Iterator[str]:
        yield self.render(context)


class Texts:
    def find(self, names: str | Sequence[str]) -> Text:
        return Text("found")

    def from_source(self, source: str) -> Template:
        return Text(source)

    def attribute(self, template_name: str, attribute: str) -> object:
        raise LookupError(template_name)


class Squares:
    def to_response(self, value: complex) -> Response:
        return Response(str(value))


app = Flask(__name__, session=Duck(), json=Words(), templates=Texts(), converter=Squares())
app.session_interface = Store()
app.json = json
app.json = Compact(app)
app.json = DefaultJSONProvider
app.templates = Texts()
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
sessions: SessionBackend[OwnSession] = Store()
ducks: SessionBackend[OwnSession] = Duck()
engine: TemplateBackend = Texts()
