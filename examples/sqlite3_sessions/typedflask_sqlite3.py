"""Keeps the sessions of typedflask applications in a file of SQLite.

Every call opens the file and closes it again, which costs a tenth of a millisecond and is safe
with any number of threads and processes on one machine.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from secrets import randbits

from typedflask.sessions import StoredSession
from typedflask.sessions.stores.contract import StoreOptions

TABLE = """
CREATE TABLE IF NOT EXISTS sessions (
    id BLOB PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, ends REAL NOT NULL
) WITHOUT ROWID
"""


class SQLite3Store:
    """Sessions in one file.

    :param path: the file; it is made when first needed.
    :param prefix: put in front of every id, so that several applications can share the file.
    """

    def __init__(self, path: str | os.PathLike[str], prefix: str = "") -> None:
        self.path = path
        self.prefix = prefix
        with self._open() as database:
            database.execute(TABLE)

    @classmethod
    def configured(cls, options: StoreOptions) -> SQLite3Store:
        """The store of an application that says `SESSION_BACKEND = "sqlite3"`."""
        if options.location is None:
            os.makedirs(options.instance_path, exist_ok=True)
        path = options.location or os.path.join(options.instance_path, "sessions.db")
        return cls(path, options.prefix)

    def load(self, session_id: str, /) -> StoredSession | None:
        """What is kept under an id."""
        with self._open() as database:
            row = database.execute(
                "SELECT payload, version FROM sessions WHERE id = ? AND ends > ?",
                (self._key(session_id), time.time()),
            ).fetchone()
        return None if row is None else StoredSession(*row)

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        """Keep a payload under an id, unless another write came first."""
        now = time.time()
        key, version = self._key(session_id), randbits(62)
        with self._open() as database:
            if expected is None:
                database.execute("DELETE FROM sessions WHERE id = ? AND ends <= ?", (key, now))
                written = database.execute(
                    "INSERT OR IGNORE INTO sessions VALUES (?, ?, ?, ?)",
                    (key, payload, version, now + lifetime),
                )
            else:
                written = database.execute(
                    "UPDATE sessions SET payload = ?, version = ?, ends = ?"
                    " WHERE id = ? AND version = ? AND ends > ?",
                    (payload, version, now + lifetime, key, expected, now),
                )
            return version if written.rowcount else None

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """Move the end of a session."""
        now = time.time()
        with self._open() as database:
            written = database.execute(
                "UPDATE sessions SET ends = ? WHERE id = ? AND ends > ?",
                (now + lifetime, self._key(session_id), now),
            )
            return bool(written.rowcount)

    def delete(self, session_id: str, /) -> None:
        """Forget a session."""
        with self._open() as database:
            database.execute("DELETE FROM sessions WHERE id = ?", (self._key(session_id),))

    def clean_up(self) -> int:
        """Remove what has expired."""
        with self._open() as database:
            return database.execute("DELETE FROM sessions WHERE ends <= ?", (time.time(),)).rowcount

    def _key(self, session_id: str) -> bytes:
        return (self.prefix + session_id).encode("utf-8", "surrogatepass")

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection, None, None]:
        """The file, locked for this one piece of work; a store that is away is an OSError."""
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=10)) as database:
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise OSError(f"cannot use the session file {self.path}: {error}") from error
