"""The session backends that `SESSION_BACKEND` can name: where sessions are kept.

A name stands for a store, of which `ServerSideSessions` is made with what the configuration says,
or for a backend of its own: an object with `open_session` and `save_session`, or its class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from typedflask.backends import BackendName, BackendNames
from typedflask.newer_typing import TypeIs
from typedflask.sessions.contract import AnySessionBackend
from typedflask.sessions.stores.contract import StoreClass

SessionChoice: TypeAlias = StoreClass | AnySessionBackend | Callable[[], AnySessionBackend]
"""What a name may stand for."""


def is_store_class(value: object) -> TypeIs[StoreClass]:
    """Whether this is the class of a store that the configuration can describe."""
    return callable(getattr(value, "configured", None))


def is_session_backend(value: object) -> TypeIs[AnySessionBackend]:
    """Whether this opens and saves sessions by itself; a class does not, its objects do."""
    return not isinstance(value, type) and _has_methods(value)


def is_session_choice(value: object) -> TypeIs[SessionChoice]:
    """Whether a name may stand for this."""
    return is_store_class(value) or _has_methods(value)


def _has_methods(value: object) -> bool:
    methods = ("open_session", "save_session")
    return all(callable(getattr(value, name, None)) for name in methods)


SESSION_BACKENDS: Final = BackendNames(
    "session backend",
    "SESSION_BACKEND",
    "typedflask.sessions",
    is_session_choice,
    "a class with `open_session` and `save_session`, an object of one, or the class of a store"
    " with the class method `configured`",
    [
        BackendName(
            "cookie",
            "typedflask.sessions.cookie:SecureCookieSessionInterface",
            "the whole session in a signed cookie",
        ),
        BackendName(
            "memory",
            "typedflask.sessions.stores.memory:MemoryStore",
            "the memory of one process, for development and tests",
        ),
        BackendName(
            "file",
            "typedflask.sessions.stores.file:FileStore",
            "a folder, for one machine with any number of processes",
        ),
        BackendName(
            "redis",
            "typedflask.sessions.stores.redis:RedisStore",
            "a Redis or Valkey server",
            "redis",
        ),
        BackendName(
            "sqlalchemy",
            "typedflask.sessions.stores.sqlalchemy:SQLAlchemyStore",
            "a table of SQLite, PostgreSQL, MariaDB or another database that SQLAlchemy knows",
            "sqlalchemy",
        ),
        BackendName(
            "cachelib",
            "typedflask.sessions.stores.cachelib:CachelibStore",
            "a cache of cachelib",
            "cachelib",
        ),
    ],
)
"""The table; `SESSION_BACKENDS.add(...)` gives another backend a name."""
