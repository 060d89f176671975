"""Sessions: what a visitor's requests remember from one to the next.

`contract.py` says what a backend must do, `session.py` what a session is, `interface.py` holds
the documented base class, and `cookie.py` the default backend. `asking.py` is what every request
needs of all this. `server_side.py` is the backend
that keeps sessions on the server, and `stores` holds what it keeps them in.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typedflask.sessions.contract import AnySessionBackend as AnySessionBackend
    from typedflask.sessions.contract import SessionBackend as SessionBackend
    from typedflask.sessions.contract import SessionLike as SessionLike
    from typedflask.sessions.contract import SessionSerializer as SessionSerializer
    from typedflask.sessions.cookie import (
        SecureCookieSessionInterface as SecureCookieSessionInterface,
    )
    from typedflask.sessions.cookie import session_json_serializer as session_json_serializer
    from typedflask.sessions.exchange import vary_on_cookie as vary_on_cookie
    from typedflask.sessions.interface import SessionInterface as SessionInterface
    from typedflask.sessions.server_side import ServerSideSession as ServerSideSession
    from typedflask.sessions.server_side import ServerSideSessions as ServerSideSessions
    from typedflask.sessions.session import NullSession as NullSession
    from typedflask.sessions.session import SecureCookieSession as SecureCookieSession
    from typedflask.sessions.session import SessionMixin as SessionMixin
    from typedflask.sessions.stores.contract import SessionStore as SessionStore
    from typedflask.sessions.stores.contract import StoredSession as StoredSession
else:
    _LATER: Final = {
        "AnySessionBackend": "contract",
        "NullSession": "session",
        "SecureCookieSession": "session",
        "SecureCookieSessionInterface": "cookie",
        "ServerSideSession": "server_side",
        "ServerSideSessions": "server_side",
        "SessionBackend": "contract",
        "SessionInterface": "interface",
        "SessionLike": "contract",
        "SessionMixin": "session",
        "SessionSerializer": "contract",
        "SessionStore": "stores.contract",
        "StoredSession": "stores.contract",
        "session_json_serializer": "cookie",
        "vary_on_cookie": "exchange",
    }
    """The names and their modules; not every application needs one."""

    def __getattr__(name: str) -> object:
        """Sessions and backends are imported when first asked for (decisions 049, 055 and 095)."""
        if name in _LATER:
            return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
