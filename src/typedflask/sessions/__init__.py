"""Sessions: what a visitor's requests remember from one to the next.

`contract.py` says what a backend must do, `session.py` what a session is, `interface.py` holds
the documented base class, and `cookie.py` the default backend. `server_side.py` is the backend
that keeps sessions on the server, and `stores` holds what it keeps them in.
"""

from typing import TYPE_CHECKING

from typedflask.sessions.contract import AnySessionBackend as AnySessionBackend
from typedflask.sessions.contract import SessionBackend as SessionBackend
from typedflask.sessions.contract import SessionLike as SessionLike
from typedflask.sessions.contract import SessionSerializer as SessionSerializer
from typedflask.sessions.exchange import vary_on_cookie as vary_on_cookie
from typedflask.sessions.interface import SessionInterface as SessionInterface
from typedflask.sessions.session import NullSession as NullSession
from typedflask.sessions.session import SecureCookieSession as SecureCookieSession
from typedflask.sessions.session import SessionMixin as SessionMixin

if TYPE_CHECKING:
    from typedflask.sessions.cookie import (
        SecureCookieSessionInterface as SecureCookieSessionInterface,
    )
    from typedflask.sessions.cookie import session_json_serializer as session_json_serializer
    from typedflask.sessions.server_side import ServerSideSession as ServerSideSession
    from typedflask.sessions.server_side import ServerSideSessions as ServerSideSessions
    from typedflask.sessions.stores.contract import SessionStore as SessionStore
    from typedflask.sessions.stores.contract import StoredSession as StoredSession
else:

    def __getattr__(name: str) -> object:
        """Backends and stores are imported when first asked for (decisions 055 and 049)."""
        if name in {"SecureCookieSessionInterface", "session_json_serializer"}:
            from typedflask.sessions import cookie

            return getattr(cookie, name)
        if name in {"ServerSideSession", "ServerSideSessions"}:
            from typedflask.sessions import server_side

            return getattr(server_side, name)
        if name in {"SessionStore", "StoredSession"}:
            from typedflask.sessions.stores import contract

            return getattr(contract, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
