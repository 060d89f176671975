"""Connections of `SQLAlchemyStore`: how engines are made, and what their errors mean."""

from __future__ import annotations

import time
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.event import listen
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

IN_MEMORY: Final = {None, "", ":memory:"}
"""What SQLite calls a database that is nowhere."""
REPEATED_STATES: Final = {"40001", "40P01"}
"""SQLSTATE: a serialization failure, a deadlock."""
REPEATED_NUMBERS: Final = {1020, 1213}
"""Numbers of MariaDB and MySQL: a row changed since it was read, a deadlock."""

DRIVER_OPTIONS: Final[dict[str, dict[str, int]]] = {
    "psycopg": {"connect_timeout": 5, "keepalives_idle": 5, "tcp_user_timeout": 10_000},
    "psycopg2": {"connect_timeout": 5, "keepalives_idle": 5, "tcp_user_timeout": 10_000},
    "pymysql": {"connect_timeout": 5, "read_timeout": 5, "write_timeout": 5},
    "mysqldb": {"connect_timeout": 5, "read_timeout": 5, "write_timeout": 5},
    "pysqlite": {"timeout": 5},
}
"""What drivers are told so that they do not wait for ever, where the URL does not say otherwise."""


def may_be_repeated(error: DBAPIError) -> bool:
    """Whether it is worth while to try again; all statements of the store may be given twice.

    So it is after a lost deadlock, and when the connection had been closed while it waited.
    """
    if error.connection_invalidated:
        return True
    cause = error.orig
    arguments: tuple[object, ...] = () if cause is None else cause.args
    return (
        getattr(cause, "sqlstate", None) in REPEATED_STATES
        or (bool(arguments) and arguments[0] in REPEATED_NUMBERS)
        or "database is locked" in str(cause)
    )


def url_of(text: str) -> URL:
    """A URL, whose text may hold a password and is not shown.

    :raises ValueError: it is none.
    """
    try:
        return make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError(
            "the URL of the database of the sessions cannot be read (it is not shown, because it"
            " may hold a password); it looks like postgresql+psycopg://user:password@host/database"
            " or sqlite:///sessions.db"
        ) from error


def engine_of(text: str) -> sa.Engine:
    """Make the engine for a URL.

    :raises ValueError: it names no database that can keep sessions.
    :raises ImportError: the driver that it names is not installed.
    """
    url = url_of(text)
    if url.get_backend_name() == "sqlite" and url.database in IN_MEMORY:
        raise ValueError(
            "a SQLite database in memory is a different one for every thread and process: name a"
            " file (sqlite:///sessions.db), or take MemoryStore"
        )
    try:
        known = DRIVER_OPTIONS.get(url.get_dialect().driver, {})
        engine = sa.create_engine(
            url,
            connect_args={key: known[key] for key in known if key not in url.query},
            isolation_level="AUTOCOMMIT",
            # With nothing begun there is nothing to roll back, which would be a question more.
            pool_reset_on_return=None,
            skip_autocommit_rollback=True,
            pool_timeout=10,
            hide_parameters=True,
        )
    except ImportError as error:
        raise ImportError(
            f"the driver of {url.drivername!r} is not installed: {error}", name=error.name
        ) from error
    except (NoSuchModuleError, ArgumentError) as error:
        raise ValueError(
            f"the database {url.drivername!r} cannot keep the sessions: {error}"
        ) from error
    if engine.dialect.name == "sqlite":
        listen(engine, "connect", _prepare_sqlite)
    return engine


def borrowed(engine: object) -> sa.Engine:
    """An engine of somebody else's.

    :raises TypeError: it is no engine, or an asynchronous one.
    """
    if not isinstance(engine, sa.Engine):
        kind = type(engine)
        raise TypeError(
            f"SQLAlchemyStore wants a URL or a sqlalchemy.Engine, not a {kind.__name__} of"
            f" {kind.__module__}"
        )
    return engine


# Any: the driver's connection.
def _prepare_sqlite(connection: Any, _: object) -> None:
    """Let readers and a writer work at the same time, and do not wait for the disk each time."""
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL").close()


# Any: the driver's connection.
def _write_ahead(connection: Any) -> None:
    """Switch the file over, once in its life.

    SQLite's own waiting for others is not for this statement: of several processes that start with
    a new file at once, all but one are refused at once, and have to wait here.
    """
    deadline = time.monotonic() + DRIVER_OPTIONS["pysqlite"]["timeout"]
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except Exception as error:
            if "database is locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def away(engine: sa.Engine, error: Exception) -> OSError:
    """What an error of the database is for the session backend: the store cannot answer."""
    url = engine.url
    host = f" at {url.host}:{url.port}" if url.port else f" at {url.host}" if url.host else ""
    # SQLAlchemy's own text goes on with the statement and its values.
    reason = error.orig if isinstance(error, DBAPIError) else error
    return ConnectionError(
        f"the database of the sessions ({url.drivername}{host}, database {url.database!r}) cannot"
        f" be used: {' '.join(str(reason).split())}"
    )


__all__ = ["IN_MEMORY", "away", "borrowed", "engine_of", "may_be_repeated", "url_of"]
