"""Sessions in a table of a database that SQLAlchemy knows: `SQLAlchemyStore`.

SQLite for one machine and no server; PostgreSQL and MariaDB or MySQL for many. A session is a row,
and every operation one statement that is a transaction of its own: what must be compared is
compared in its WHERE. `sqlalchemy_tables.py` has the tables and the statements,
`sqlalchemy_engine.py` what concerns connections and their errors.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self, TypeVar

from typedflask.backends import missing_library
from typedflask.sessions.stores.contract import StoredSession, StoreOptions
from typedflask.sessions.stores.polling import ask_until

try:
    import sqlalchemy as sa
    from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

    from typedflask.sessions.stores.sqlalchemy_engine import (
        IN_MEMORY,
        away,
        borrowed,
        engine_of,
        may_be_repeated,
        url_of,
    )
    from typedflask.sessions.stores.sqlalchemy_tables import Tables
except ImportError as _error:
    raise missing_library("SQLAlchemyStore", "sqlalchemy") from _error

T = TypeVar("T")

ATTEMPTS: Final = 4
"""How often a statement is given at most, when the database asks for that or hung up."""
LONGEST: Final = 10**12
"""Seconds that a session may live, so that its end can be counted in a column of 64 bits."""
BATCH: Final = 500
"""How many rows are removed at once when cleaning up, so that nobody waits long for locks."""


class SQLAlchemyStore:
    """Keeps sessions in a table.

    :param location: a URL as SQLAlchemy has it (`sqlite:///sessions.db`,
        `postgresql+psycopg://user:password@host/database`), or an engine, whose pool is
        then used, with a transaction for each statement.
    :param table: the name of the table; the one for locks has `_locks` added.
    :param prefix: sets these sessions apart from another application's in the same table.
    :param schema: where the tables are, if not in the place the database looks first.
    :param create: make the tables when they are first needed and are not there. If False they
        have to be there; `create_table` makes them, and so may a migration.
    :raises ValueError: the URL cannot be used.
    :raises ImportError: the driver that it names is not installed.
    :raises TypeError: an engine of another kind.

    A database that is away is an `OSError` in every method. Statements that lost a deadlock, and
    those whose connection had been closed meanwhile, are given again. Times are those of the
    machines the application runs on, which should agree about the time.
    """

    def __init__(
        self,
        location: str | sa.Engine,
        *,
        table: str = "typedflask_sessions",
        prefix: str = "",
        schema: str | None = None,
        create: bool = True,
    ) -> None:
        self._engine = engine_of(location) if isinstance(location, str) else borrowed(location)
        # Our own engines commit each statement by themselves.
        self._commits = not isinstance(location, str)
        self._tables = Tables(table, schema)
        # The length keeps ("a", "bc") and ("ab", "c") apart.
        self._prefix = f"{len(prefix)}:{prefix}"
        self._create = create
        self._seen = not create
        self._process = os.getpid()
        self._forking = Lock()

    @classmethod
    def configured(cls, options: StoreOptions, /) -> Self:
        """Make the store that the configuration names: `SESSION_STORE` is a URL.

        Without it, it is a SQLite file in the instance folder, `sessions.sqlite3`; a relative path
        of SQLite is relative to the instance folder too.

        :raises ValueError: the URL cannot be used.
        :raises ImportError: the driver that it names is not installed.
        """
        url = url_of("sqlite:///sessions.sqlite3" if options.location is None else options.location)
        if url.get_backend_name() == "sqlite" and url.database not in IN_MEMORY:
            path = Path(options.instance_path, url.database or "")
            path.parent.mkdir(parents=True, exist_ok=True)
            url = url.set(database=str(path))
        return cls(url.render_as_string(hide_password=False), prefix=options.prefix)

    # --- the contract --------------------------------------------------------------------

    def load(self, session_id: str, /) -> StoredSession | None:
        """See `SessionStore.load`."""
        values = {"key": self._key(session_id), "now": _now()}
        row = self._run(lambda connection: connection.execute(self._tables.load, values).first())
        return None if row is None else StoredSession(bytes(row[0]), int(row[1]))

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        """See `SessionStore.save`; a lifetime of 0 or less keeps nothing."""
        now, version = _now(), _random()
        row = {
            "key": self._key(session_id),
            "data": payload,
            "token": version,
            "end": _end(now, lifetime),
        }
        if expected is None:
            saved = self._insert(self._tables.insert, self._tables.replace_expired, row, now)
        else:
            values = {**row, "now": now, "expected": expected}
            saved = self._change(self._tables.update, values) == 1
        return version if saved else None

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """See `SessionStore.touch`; a lifetime of 0 or less ends the session."""
        now = _now()
        values = {"key": self._key(session_id), "end": _end(now, lifetime), "now": now}
        return self._change(self._tables.touch, values) == 1

    def delete(self, session_id: str, /) -> None:
        """See `SessionStore.delete`."""
        self._change(self._tables.delete, {"key": self._key(session_id)})

    def clean_up(self) -> int:
        """See `SessionStore.clean_up`: the expired sessions of all prefixes in the table."""
        self._remove_expired(self._tables.expired_locks, self._tables.delete_locks)
        return self._remove_expired(self._tables.expired, self._tables.delete_expired)

    def lock(self, session_id: str, /, *, wait: float, hold: float) -> TableLock:
        """See `SessionLocks.lock`; the lock is a row, which its holder removes."""
        return TableLock(self, self._key(session_id), wait, hold)

    # --- locks, for TableLock ------------------------------------------------------------

    def get_lock(self, key: str, token: int, hold: float) -> bool:
        """Try to get a lock: make its row, or take over one whose time is over."""
        now = _now()
        row = {"key": key, "token": token, "end": now + int(hold * 1000)}
        return self._insert(self._tables.insert_lock, self._tables.replace_expired_lock, row, now)

    def may_get_lock(self, key: str) -> bool:
        """Whether trying makes sense; a failed attempt costs more than this question."""
        values = {"key": key, "now": _now()}
        held = self._run(lambda connection: connection.execute(self._tables.locked, values).first())
        return held is None

    def give_back_lock(self, key: str, token: int) -> None:
        """Remove the row of a lock, if it is still this holder's."""
        self._change(self._tables.delete_lock, {"key": key, "token": token})

    # --- the tables and the engine -------------------------------------------------------

    def create_table(self) -> None:
        """Make the tables, where they are not there.

        :raises OSError: the database is away, or does not let this user make tables.
        """
        for pause in (0.02, 0.05, 0.1, 0.2, None):
            try:
                self._once(self._tables.metadata.create_all)
            except DBAPIError as error:
                # Somebody else may be making them: then there is less to make the next time.
                if pause is None:
                    raise away(self._engine, error) from error
                time.sleep(pause)
            else:
                self._seen = True
                return

    def close(self) -> None:
        """Close the connections that wait; the store can still be used, and opens others."""
        self._engine.dispose()

    def _run(self, action: Callable[[sa.Connection], T]) -> T:
        """Do something on a connection, again where the database says that this may help.

        :param action: gives one statement, which is a transaction.
        :raises OSError: the database is away.
        :raises IntegrityError: a row is there already.
        """
        if self._process != os.getpid():
            self._start_anew()
        if not self._seen:
            self.create_table()
        attempt = 1
        while True:
            try:
                return self._once(action)
            except IntegrityError:
                raise
            except DBAPIError as error:
                if attempt == ATTEMPTS or not may_be_repeated(error):
                    # Somebody may have dropped the tables: to be looked at next time.
                    self._seen = not self._create
                    raise away(self._engine, error) from error
            time.sleep(0.01 * attempt)
            attempt += 1

    def _once(self, action: Callable[[sa.Connection], T]) -> T:
        """Do something on a connection.

        :raises OSError: there is no connection to be had.
        :raises DBAPIError: the database did not do it.
        """
        try:
            connection = self._engine.connect()
        except (SQLAlchemyError, OSError) as error:
            raise away(self._engine, error) from error
        with connection:
            try:
                result = action(connection)
                if self._commits:
                    connection.commit()
            except OSError as error:
                raise away(self._engine, error) from error
            return result

    # Any: the values of a statement's parameters are of many types.
    def _change(self, statement: sa.Executable, values: Mapping[str, Any]) -> int:
        """Run a statement that changes rows, and say how many it found."""
        return self._run(
            lambda connection: _rowcount(connection.execute(statement, _parameters(values)))
        )

    # Any: as in _change.
    def _insert(
        self, statement: sa.Executable, otherwise: sa.Executable, row: Mapping[str, Any], now: int
    ) -> bool:
        """Insert a row, or else change the one that is there, if that one has ended."""
        try:
            self._change(statement, row)
        except IntegrityError:
            return self._change(otherwise, {**row, "now": now}) == 1
        return True

    def _remove_expired(self, find: sa.Executable, remove: sa.Executable) -> int:
        now = _now()
        removed = 0
        while True:
            keys = self._run(partial(_strings, find, {"now": now, "most": BATCH}))
            if keys:
                removed += self._change(remove, {"now": now, "keys": keys})
            if len(keys) < BATCH:
                return removed

    def _start_anew(self) -> None:
        """In a process that was forked: the pool's connections are the parent's."""
        with self._forking:
            if self._process != os.getpid():
                self._engine.dispose(close=False)
                self._process = os.getpid()

    def _key(self, session_id: str) -> str:
        # Of a known length, and in letters that every collation tells apart.
        return sha256(f"{self._prefix}{session_id}".encode("utf-8", "surrogatepass")).hexdigest()


class TableLock:
    """A session's lock; see `SQLAlchemyStore.lock`."""

    def __init__(self, store: SQLAlchemyStore, key: str, wait: float, hold: float) -> None:
        self._store = store
        self._key = key
        self._wait = wait
        self._hold = hold
        self._token = _random()

    def __enter__(self) -> Self:
        if not self._store.get_lock(self._key, self._token, self._hold):
            ask_until(self._get, self._wait)
        return self

    def __exit__(self, *_: object) -> None:
        self._store.give_back_lock(self._key, self._token)

    def _get(self) -> bool:
        return self._store.may_get_lock(self._key) and self._store.get_lock(
            self._key, self._token, self._hold
        )


# Any: as in SQLAlchemyStore._change.
def _strings(
    statement: sa.Executable, values: Mapping[str, Any], connection: sa.Connection
) -> list[str]:
    return [str(value) for value in connection.execute(statement, values).scalars()]


def _now() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


def _end(now: int, lifetime: int) -> int:
    return now + 1000 * min(lifetime, LONGEST)


def _random() -> int:
    """A version or token that nobody else has: 63 bits, as the column takes them."""
    return int.from_bytes(os.urandom(8)) >> 1


# Any: as in SQLAlchemyStore._change.
def _parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values)


# Any: rows of a result, of which there are none.
def _rowcount(result: sa.Result[Any]) -> int:
    """How many rows a statement changed; SQLAlchemy's types do not know that it was of that kind."""
    assert isinstance(result, sa.CursorResult)
    return result.rowcount


__all__ = ["SQLAlchemyStore"]
