"""An application with sessions on the server, for gunicorn to serve from several processes.

The environment says where sessions are kept. It is loaded before gunicorn forks, and the store has
been used by then: what must not be shared by two processes would be.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from multiprocessing import Value
from typing import TYPE_CHECKING

from typedflask import Flask, has_app_context, has_request_context, request, session
from typedflask.sessions.server_side import OnOutage, ServerSideSessions
from typedflask.sessions.stores.contract import AnySessionStore
from typedflask.sessions.stores.redis import RedisStore
from typedflask.sessions.stores.sqlalchemy import SQLAlchemyStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

URL = os.environ["SESSION_SITE_STORE"]
OUTAGES: dict[str, OnOutage] = {"unavailable": "unavailable", "read-only": "read-only"}


def make_store() -> AnySessionStore:
    if URL.startswith("redis:"):
        return RedisStore(URL, timeout=3, connect_timeout=3)
    return SQLAlchemyStore(URL)


store = make_store()
assert store.load("nobody's") is None

app = Flask(
    __name__,
    session=ServerSideSessions(
        store,
        locking=os.environ.get("SESSION_SITE_LOCKING") == "yes",
        lock_wait=60,
        lock_hold=float(os.environ.get("SESSION_SITE_HOLD", "60")),
        on_outage=OUTAGES[os.environ.get("SESSION_SITE_OUTAGE", "unavailable")],
    ),
)
app.config["SECRET_KEY"] = "a key"

called, torn_down, leaked = Value("i"), Value("i"), Value("i")
inner = app.wsgi_app


def watching(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Count a call, and whether the one before it on this thread left anything behind."""
    if environ["PATH_INFO"] != "/counts":
        with called:
            called.value += 1
    if has_app_context() or has_request_context():
        with leaked:
            leaked.value += 1
    return inner(environ, start_response)


app.wsgi_app = watching


@app.teardown_request
def count_teardown(error: BaseException | None) -> None:
    if request.path != "/counts":
        with torn_down:
            torn_down.value += 1


@app.get("/counts")
def counts() -> list[int]:
    """Requests that came, that were torn down, and that found another one's context."""
    return [called.value, torn_down.value, leaked.value]


@app.get("/all")
def everything() -> dict[str, object]:
    return dict(session)


@app.post("/set/<key>")
def set_key(key: str) -> str:
    before = len(session)
    time.sleep(0.01)
    session[key] = before
    return "set"


@app.post("/count")
def count() -> str:
    session["count"] = session.get("count", 0) + 1
    return str(os.getpid())
