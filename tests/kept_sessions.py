"""A store that tells what it was asked, and a site whose one view does what a test wants."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import pytest
from werkzeug.test import TestResponse

from typedflask import Flask, session
from typedflask.sessions import ServerSideSessions
from typedflask.sessions.stores.contract import StoredSession
from typedflask.testing import FlaskClient


class PlainStore:
    """Sessions in a dict, without locks; notes every command.

    A command named in `away` raises `ConnectionError`. What is in `meanwhile` under the name of a
    command happens right before it, once: what another request does in between.
    """

    def __init__(self) -> None:
        self.kept: dict[str, tuple[StoredSession[int], float]] = {}
        self.log: list[str] = []
        self.away: set[str] = set()
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self._versions = itertools.count(1)
        self._mutex = Lock()

    def command(self, name: str) -> None:
        self.log.append(name)
        if name in self.away:
            raise ConnectionError(f"nobody answers {name}")
        happens = self.meanwhile.pop(name, None)
        if happens is not None:
            happens()

    def _living(self, session_id: str) -> StoredSession[int] | None:
        stored, end = self.kept.get(session_id, (None, 0.0))
        return stored if time.time() < end else None

    def load(self, session_id: str, /) -> StoredSession[int] | None:
        self.command("load")
        return self._living(session_id)

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        self.command("save")
        assert lifetime > 0, "some stores take this for ever"
        with self._mutex:
            there = self._living(session_id)
            if (there.version if there else None) != expected:
                return None
            stored = StoredSession(payload, next(self._versions))
            self.kept[session_id] = (stored, time.time() + lifetime)
            return stored.version

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        self.command("touch")
        assert lifetime > 0, "some stores take this for ever"
        there = self._living(session_id)
        if there is None:
            return False
        self.kept[session_id] = (there, time.time() + lifetime)
        return True

    def delete(self, session_id: str, /) -> None:
        self.command("delete")
        self.kept.pop(session_id, None)

    def clean_up(self) -> int:
        self.command("clean_up")
        over = [known for known, (_, end) in self.kept.items() if end <= time.time()]
        for session_id in over:
            del self.kept[session_id]
        return len(over)

    # --- what tests ask

    @property
    def only(self) -> str:
        """The id of the one session there is."""
        [session_id] = self.kept
        return session_id

    @property
    def payload(self) -> bytes:
        """The payload of the one session there is."""
        return self.kept[self.only][0].payload

    @payload.setter
    def payload(self, payload: Any) -> None:  # Any: stores may return garbage, and tests do
        stored, end = self.kept[self.only]
        self.kept[self.only] = (StoredSession(payload, stored.version), end)

    def seconds_left(self) -> float:
        """For how long the one session there is lives."""
        return self.kept[self.only][1] - time.time()


class LockingStore(PlainStore):
    """The same with locks; `held` are the ids whose lock somebody has now."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[str] = []
        self.asked: list[tuple[float, float]] = []
        self._freed = Lock()

    def lock(self, session_id: str, /, *, wait: float, hold: float) -> Turn:
        self.asked.append((wait, hold))
        return Turn(self, session_id, wait)

    def take(self, session_id: str) -> bool:
        with self._freed:
            if session_id in self.held:
                return False
            self.held.append(session_id)
            return True


class Turn:
    """A lock that only leaving gives back: to be forgotten by everybody is not enough."""

    def __init__(self, store: LockingStore, session_id: str, wait: float) -> None:
        self.store = store
        self.session_id = session_id
        self.wait = wait

    def __enter__(self) -> None:
        self.store.command("lock")
        give_up = time.monotonic() + self.wait
        while not self.store.take(self.session_id):
            if time.monotonic() >= give_up:
                raise TimeoutError("somebody else has it")
            time.sleep(0.001)

    def __exit__(self, *_: object) -> None:
        self.store.held.remove(self.session_id)
        self.store.command("unlock")


class Shop:
    """An application with server-side sessions, whose view at `/` runs what it is given."""

    def __init__(self, store: PlainStore | None = None, **options: Any) -> None:
        self.store = PlainStore() if store is None else store
        self.app = Flask("shop", session=ServerSideSessions(self.store, **options))
        self.app.config.update(SECRET_KEY="the key of the shop", TESTING=True)
        self.action: Callable[[], object] = lambda: None

        @self.app.route("/", methods=["GET", "POST"])
        def view() -> str:
            return str(self.action())

    def client(self) -> FlaskClient:
        """A visitor."""
        return self.app.test_client()

    def ask(
        self, client: FlaskClient, action: Callable[[], object] = lambda: None, **options: Any
    ) -> TestResponse:
        """Have the view do something in a request of a visitor; the text is what it returned."""
        # A request may be sent while another one's view is running.
        before, self.action = self.action, action
        try:
            return client.get("/", **options)
        finally:
            self.action = before

    def commands(
        self, client: FlaskClient, action: Callable[[], object] = lambda: None
    ) -> list[str]:
        """What the store is asked during a request that does something."""
        self.store.log.clear()
        self.ask(client, action)
        return self.store.log


class Clock:
    """The time, for tests that cannot wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = time.time()
        monkeypatch.setattr(time, "time", lambda: self.moment)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += seconds


def cookie_of(client: FlaskClient) -> str:
    """The value of a visitor's session cookie."""
    cookie = client.get_cookie("session")
    assert cookie is not None, "the visitor has no session cookie"
    return cookie.value


def put(client: FlaskClient, value: str) -> None:
    """Give a visitor another session cookie."""
    client.set_cookie("session", value)


# What views do; the proxy `session` is none of a request's outside of one, so these are functions.


def setting(key: str, value: Any) -> Callable[[], None]:
    """Put something into the session."""
    return lambda: session.__setitem__(key, value)


def getting(key: str) -> Callable[[], Any]:
    """Look something up in the session."""
    return lambda: session.get(key)


def clear() -> None:
    """Log out."""
    session.clear()


def regenerate() -> None:
    """Go on under a new id."""
    session.regenerate()


def make_permanent() -> None:
    """Have the session outlive the browser."""
    session.permanent = True


def all_of(*actions: Callable[[], object]) -> Callable[[], None]:
    """Do several things, one after the other."""

    def act() -> None:
        for action in actions:
            action()

    return act


def begin(shop: Shop) -> FlaskClient:
    """A visitor with a session that has something in it."""
    client = shop.client()
    shop.ask(client, lambda: session.update(a=1, list=[1], deep={"list": [1]}, tuple=({"a": 1},)))
    return client
