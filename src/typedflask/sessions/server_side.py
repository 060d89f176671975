"""Sessions on the server: the visitor has an id in a signed cookie, the store has the rest.

The store may be any `SessionStore`; those of this package are in `typedflask.sessions.stores`.
Here is what concerns the request and the response; `keeping.py` has the writing,
`server_session.py` the session itself, `ids.py` the cookie's value and `envelope.py` what the
store is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, Protocol
from weakref import WeakSet

from typedflask.sessions.contract import SessionSerializer
from typedflask.sessions.cookie import session_json_serializer
from typedflask.sessions.envelope import Cipher
from typedflask.sessions.exchange import cookie_of, vary_on_cookie
from typedflask.sessions.ids import SignedTicket, Ticket, ticket_signer
from typedflask.sessions.interface import SessionInterface
from typedflask.sessions.keeping import Keeper, Outcome
from typedflask.sessions.server_session import OutageSession, ServerSideSession, store_is_away
from typedflask.sessions.session import NO_SECRET_KEY
from typedflask.sessions.signing import key_ring
from typedflask.sessions.stores.contract import AnySessionStore, SessionLocks

if TYPE_CHECKING:
    # Types only, as in interface.py.
    from typedflask.app import Flask
    from typedflask.requests.request import Request
    from typedflask.responses.response import Response

OnOutage = Literal["unavailable", "read-only"]
"""What a request gets that touches its session while the store is away."""


class ServerSideSessions(SessionInterface[ServerSideSession]):
    """Keeps sessions in a store on the server; the cookie holds a signed id.

    Give it to the application: `Flask(__name__, session=ServerSideSessions(MemoryStore()))`.

    A session that nobody touches is not loaded. Loading is one command to the store, saving a
    change another one; nothing is written where nothing changed. An unused session ends after
    `PERMANENT_SESSION_LIFETIME`, whether or not it is permanent. Two requests that change
    different keys at the same time lose nothing; of the same key the later one counts, unless
    `locking` lets them wait for each other.

    :param store: where sessions are kept.
    :param locking: let one request at a time have a session, from its first touch of it until it
        was saved. The store must have locks.
    :param lock_wait: seconds after which a request gives up waiting, and is answered with 503.
    :param lock_hold: seconds after which a lock opens by itself, should its holder have died.
    :param absolute_lifetime: how long a session lasts however often it is used, as a `timedelta`
        or in seconds; None for no limit.
    :param encrypt: encrypt what the store keeps, with keys derived from `SECRET_KEY`; needs the
        extra `encryption`. Sessions kept without it are not read.
    :param on_outage: what a request gets that touches its session while the store is away:
        `"unavailable"`, a 503; or `"read-only"`, an empty session that refuses changes with a 503.
    :param serializer: writes and reads the data; tagged JSON by default, as in the cookie.
    :raises TypeError: what should be a store lacks a method of one; or it has no locks, and
        `locking` asks for them.
    :raises ValueError: a time is not positive, or `on_outage` is neither of the two.
    :raises MissingLibrary: `encrypt` needs the library cryptography.
    """

    salt: str = "server-side-session"
    """Sets the signatures of ids apart from others made with the same keys."""

    serializer: SessionSerializer = session_json_serializer
    """Turns the data into text and back."""

    session_class: type[ServerSideSession] = ServerSideSession
    """The class of the sessions opened; called with data and record, or nothing."""

    opens_late: bool = True
    """A session that nobody touches is neither loaded nor saved. A subclass whose methods are to
    run for every request sets this to False."""

    def __init__(
        self,
        store: AnySessionStore,
        *,
        locking: bool = False,
        lock_wait: float = 10.0,
        lock_hold: float = 60.0,
        absolute_lifetime: timedelta | float | None = None,
        encrypt: bool = False,
        on_outage: OnOutage = "unavailable",
        serializer: SessionSerializer | None = None,
    ) -> None:
        self.store: AnySessionStore = _checked(store)
        self.lock_wait: float = _positive(lock_wait, "lock_wait", or_zero=True)
        self.lock_hold: float = _positive(lock_hold, "lock_hold")
        self.absolute_lifetime: int | None = None
        if absolute_lifetime is not None:
            self.absolute_lifetime = ceil(_positive(absolute_lifetime, "absolute_lifetime"))
        if on_outage not in {"unavailable", "read-only"}:
            raise ValueError(f"on_outage is 'unavailable' or 'read-only', not {on_outage!r}.")
        self.on_outage: OnOutage = on_outage
        if serializer is not None:
            self.serializer = serializer
        self._locks = _locks_of(store) if locking else None
        self._cipher_of = _encryption() if encrypt else None
        # Requests whose session could not be loaded. The page that tells the visitor so may look at
        # the session too, and is to find an empty one.
        self._without: WeakSet[Request] = WeakSet()

    # --- opening

    def open_session(self, app: Flask, request: Request) -> ServerSideSession | None:
        """The session that the request's cookie leads to; a new one where it leads nowhere.

        :raises ServiceUnavailable: the store is away and `on_outage` says so, or other requests
            have the session's lock for too long.
        """
        keys = self._keys(app)
        if keys is None:
            return None
        if self._without and request in self._without:
            return OutageSession()
        cookie = cookie_of(request, self.get_cookie_name(app))
        signed = ticket_signer(keys, self.salt).read(cookie) if cookie else None
        if signed is None:
            return self.session_class()
        try:
            session = self._load(self._keeper(app, keys), signed)
        except OSError as error:
            return self._without_store(app, request, error)
        return self.session_class() if session is None else session

    def _load(self, keeper: Keeper, signed: SignedTicket) -> ServerSideSession | None:
        """The session of a ticket, with its lock if there are locks."""
        if self._locks is None:
            found = keeper.load(signed)
            return None if found is None else self.session_class(*found)
        with ExitStack() as stack:
            session_id = signed.ticket.session_id
            lock = self._locks.lock(session_id, wait=self.lock_wait, hold=self.lock_hold)
            try:
                stack.enter_context(lock)
            except TimeoutError as error:
                raise StillLocked(str(error)) from error
            found = keeper.load(signed)
            if found is None:
                return None
            data, record = found
            record.hold = stack.pop_all()
            return self.session_class(data, record)

    def _without_store(self, app: Flask, request: Request, error: OSError) -> ServerSideSession:
        """What stands for a session that could not be loaded."""
        app.logger.error(
            "A session could not be loaded from %s: %s", type(self.store).__name__, _name(error)
        )
        self._without.add(request)
        if self.on_outage == "read-only" and not isinstance(error, StillLocked):
            return OutageSession()
        raise store_is_away("loaded") from error

    # --- saving

    def save_session(self, app: Flask, session: ServerSideSession, response: Response) -> None:
        """Keep what was changed, and send the cookie where it is new or to be refreshed.

        `Vary: Cookie` is set whenever the response depends on the session.

        :raises TypeError: the session holds a value that the serializer cannot write; the message
            names the key. Nothing was saved.
        :raises ServiceUnavailable: the store is away.
        """
        depends = session.accessed  # Asked first: all that follows is a look at the session, too.
        if session.is_away:
            sends = False
        else:
            keys = self._keys(app)
            if keys is None:
                raise RuntimeError(NO_SECRET_KEY)
            outcome = self._keep(app, session, keys)
            sends = self._send(app, session, response, outcome, keys)
        if depends or sends:
            vary_on_cookie(response)

    def _keep(self, app: Flask, session: ServerSideSession, keys: tuple[bytes, ...]) -> Outcome:
        refresh: bool = app.config["SESSION_REFRESH_EACH_REQUEST"]
        try:
            return self._keeper(app, keys).keep(session, refresh=refresh or not session.lasts())
        except OSError as error:
            app.logger.error(
                "A session could not be saved in %s: %s", type(self.store).__name__, _name(error)
            )
            raise store_is_away("saved") from error
        finally:
            self.release_session(app, session)

    def _send(
        self,
        app: Flask,
        session: ServerSideSession,
        response: Response,
        outcome: Outcome,
        keys: tuple[bytes, ...],
    ) -> bool:
        """Set the cookie, or take it away, if the response has to."""
        record = session.record
        if outcome is Outcome.GONE:
            return False
        if outcome is Outcome.NONE:
            if session.modified:
                self.remove_cookie(app, response)
            return session.modified
        ticket = Ticket(record.name(), record.stamp)
        sends = ticket != record.ticket or self.should_set_cookie(app, session)
        if sends:
            self.send_cookie(app, session, response, ticket_signer(keys, self.salt).write(ticket))
        return sends

    def should_set_cookie(self, app: Flask, session: ServerSideSession) -> bool:
        """Whether the cookie is sent although its value is the same.

        A permanent session's is, as always, since it has an end to be moved. Any other's is not,
        also when the data was changed: what it says is still true, and a late answer that sent it
        again could replace a newer one.
        """
        moves = session.lasts() or session.record.was_permanent
        return moves and super().should_set_cookie(app, session)

    def get_expiration_time(self, app: Flask, session: ServerSideSession) -> datetime | None:
        """When the cookie ends, in UTC: as always, but not after the session itself."""
        end = super().get_expiration_time(app, session)
        began = session.record.began
        if end is None or began is None or self.absolute_lifetime is None:
            return end
        return min(end, datetime.fromtimestamp(began + self.absolute_lifetime, UTC))

    def release_session(self, app: Flask, session: object) -> None:
        """Give back the session's lock, if it is held; the framework sees to it in any case."""
        if not isinstance(session, ServerSideSession):
            return  # of another backend, or a null session
        try:
            session.record.let_go()
        except OSError as error:
            # It opens by itself in a while.
            app.logger.warning("The lock of a session could not be given back: %s", _name(error))

    def clean_up(self) -> int:
        """Remove expired sessions, where the store does not do so by itself.

        :returns: how many were removed.
        """
        return self.store.clean_up()

    # --- what the configuration says at the moment

    def _keys(self, app: Flask) -> tuple[bytes, ...] | None:
        """The key ring, oldest first; None without a secret key, and then there are no sessions."""
        secret_key = app.secret_key
        if not secret_key:
            return None
        return key_ring(secret_key, app.config.get("SECRET_KEY_FALLBACKS"))

    def _keeper(self, app: Flask, keys: tuple[bytes, ...]) -> Keeper:
        cipher = None if self._cipher_of is None else self._cipher_of(keys)
        idle = max(1, int(app.permanent_session_lifetime.total_seconds()))
        return Keeper(app, self.store, self.serializer, cipher, idle, self.absolute_lifetime)


class StillLocked(OSError):
    """Other requests had a session's lock for the whole time of waiting."""


def _checked(store: AnySessionStore) -> AnySessionStore:
    """What was given as a store, if it is one: a mistake is told here and not by a visitor's 500."""
    methods = ("load", "save", "touch", "delete", "clean_up")
    missing = [name for name in methods if not callable(getattr(store, name, None))]
    if isinstance(store, type):
        raise TypeError(f"the store is the class {store.__name__}; make an object of it first")
    if missing:
        raise TypeError(
            f"{type(store).__name__} cannot be a store of sessions; it has no {', '.join(missing)}"
        )
    return store


def _locks_of(store: AnySessionStore) -> SessionLocks:
    if isinstance(store, SessionLocks):
        return store
    raise TypeError(
        f"locking needs a store with a method `lock`, and {type(store).__name__} has none. Choose"
        " another store, or leave locking off: requests that change different keys of a session"
        " lose nothing either way."
    )


def _encryption() -> Callable[[tuple[bytes, ...]], Cipher]:
    try:
        from typedflask.sessions.encryption import session_cipher
    except ImportError as error:
        from typedflask.backends import missing_library

        raise missing_library("the encryption of sessions", "encryption") from error
    return session_cipher


def _positive(value: timedelta | float, name: str, *, or_zero: bool = False) -> float:
    """A time in seconds.

    :raises ValueError: it is negative, or zero where that means nothing.
    """
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if seconds > 0 or (or_zero and seconds == 0):
        return seconds
    raise ValueError(f"{name} is a time in seconds or a timedelta, above zero; not {value!r}.")


def _name(error: OSError) -> str:
    """An error for the log: its class says what happened where its text does not."""
    return f"{type(error).__name__}: {error}"


class Configured(Protocol):
    """An application, as far as `from_config` asks."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration. Any: its keys hold values of many types."""
        ...


def from_config(app: Configured, store: AnySessionStore) -> ServerSideSessions:
    """The backend that the configuration describes, over a store.

    `SESSION_LOCKING`, `SESSION_LOCK_WAIT`, `SESSION_ABSOLUTE_LIFETIME`, `SESSION_ENCRYPT` and
    `SESSION_OUTAGE` are the parameters of `ServerSideSessions`.

    :raises TypeError: as `ServerSideSessions`.
    :raises ValueError: as `ServerSideSessions`.
    """
    config = app.config
    return ServerSideSessions(
        store,
        locking=config.get("SESSION_LOCKING", False),
        lock_wait=config.get("SESSION_LOCK_WAIT", 10.0),
        absolute_lifetime=config.get("SESSION_ABSOLUTE_LIFETIME"),
        encrypt=config.get("SESSION_ENCRYPT", False),
        on_outage=config.get("SESSION_OUTAGE", "unavailable"),
    )


__all__ = ["OnOutage", "ServerSideSession", "ServerSideSessions", "from_config"]
