"""The backends that come with the package, each chosen in one line."""
from datetime import timedelta
from typing import assert_type

from typedflask import Flask
from typedflask.json.msgspec import MsgspecJSON
from typedflask.json.orjson import OrjsonJSON
from typedflask.json.stdlib import StdlibJSON
from typedflask.sessions import StoredSession
from typedflask.sessions.server_side import ServerSideSession, ServerSideSessions
from typedflask.sessions.stores.file import FileStore
from typedflask.sessions.stores.memory import MemoryStore
from typedflask.templating.htpy import HtpyTemplates
from typedflask.templating.mako import MakoTemplates
from typedflask.templating.minijinja import MinijinjaTemplates
from typedflask.testing.conformance.stores import StoreConformance


class Attic:
    def load(self, session_id: str) -> StoredSession[str] | None:
        return None

    def save(
        self, session_id: str, payload: bytes, *, lifetime: int, expected: str | None
    ) -> str | None:
        return "1"

    def touch(self, session_id: str, *, lifetime: int) -> bool:
        return False

    def delete(self, session_id: str) -> None:
        """Nothing is kept."""

    def clean_up(self) -> int:
        return 0


class Visit(ServerSideSession):
    @property
    def visitor(self) -> str:
        return str(self.get("visitor", ""))


class Visits(ServerSideSessions):
    session_class = Visit


class Shop(Flask):
    json_provider_class = StdlibJSON
    session_interface = ServerSideSessions(Attic())


app = Flask(
    __name__,
    json=OrjsonJSON,
    session=Visits(MemoryStore(), locking=True, absolute_lifetime=timedelta(days=30)),
    templates=MakoTemplates,
)
assert_type(app, Flask)
app.json = MsgspecJSON
app.json = MsgspecJSON(app)
app.templates = MinijinjaTemplates(app)
app.session_interface = ServerSideSessions(FileStore("sessions"), on_outage="read-only")
other = Flask(__name__, templates=HtpyTemplates)
shop = Shop(__name__)
shop.config.from_mapping(SESSION_BACKEND="redis", JSON_BACKEND="orjson", TEMPLATE_ENGINE="mako")
assert_type(shop.config["SESSION_BACKEND"], str | None)


class TestAttic(StoreConformance):
    def make_store(self) -> Attic:
        return Attic()
