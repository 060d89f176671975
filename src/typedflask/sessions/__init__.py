"""Sessions: what a visitor's requests remember from one to the next.

`contract.py` says what a backend must do, `session.py` what a session is, `interface.py` holds
the documented base class, and `cookie.py` the default backend.
"""

from typedflask.sessions.contract import AnySessionBackend as AnySessionBackend
from typedflask.sessions.contract import SessionBackend as SessionBackend
from typedflask.sessions.contract import SessionLike as SessionLike
from typedflask.sessions.contract import SessionSerializer as SessionSerializer
from typedflask.sessions.cookie import SecureCookieSessionInterface as SecureCookieSessionInterface
from typedflask.sessions.cookie import session_json_serializer as session_json_serializer
from typedflask.sessions.interface import SessionInterface as SessionInterface
from typedflask.sessions.session import NullSession as NullSession
from typedflask.sessions.session import SecureCookieSession as SecureCookieSession
from typedflask.sessions.session import SessionMixin as SessionMixin
