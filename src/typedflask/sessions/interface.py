"""`SessionInterface`: the documented base class of session backends.

A subclass says how to open and how to save; what the configuration says about the cookie is
answered here, for every backend that sends one. Inheriting is a convenience: the framework
accepts any `typedflask.sessions.contract.SessionBackend`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic

from typedflask.newer_typing import TypeVar
from typedflask.sessions.asking import Imported
from typedflask.sessions.exchange import set_cookie
from typedflask.sessions.session import (
    DICT,
    PERMANENT,
    NullSession,
    SecureCookieSession,
    SessionMixin,
)

if TYPE_CHECKING:
    # Types only, upward and sideways: the documented signatures name these classes, and so do
    # the methods that override them (docs/decisions/030-sessions-contract.md).
    from typedflask.app import Flask
    from typedflask.requests.request import Request
    from typedflask.responses.response import Response
    from typedflask.sessions.contract import SessionLike

S = TypeVar("S", bound="SessionLike", default=SessionMixin)


class SessionInterface(ABC, Generic[S]):
    """Opens the session when a request comes and saves it when its response leaves.

    `SessionInterface[MySession]` says which sessions a subclass deals in; the bare class means
    any `SessionMixin`. Assign an instance to `app.session_interface`, or pass it to `Flask` as
    `session=`. One instance serves all threads, so it keeps nothing that belongs to one request.

    Documented by Flask, "Session Interface".
    """

    null_session_class: type[NullSession] = NullSession
    """The class of the session shown when `open_session` gives None."""

    pickle_based: bool = False
    """Whether sessions are pickled; extensions ask, and no backend of this package does it."""

    @abstractmethod
    def open_session(self, app: Flask, request: Request) -> S | None:
        """The session of a request; a new, empty one when the request brings none that is valid.

        :param app: the application that serves the request.
        :param request: the request; routing has not looked at it yet.
        :returns: the session, or None when there cannot be sessions because the configuration
            lacks something; views then get what `make_null_session` gives.
        """

    @abstractmethod
    def save_session(self, app: Flask, session: S, response: Response) -> None:
        """Save a session at the end of its request. Null sessions are not brought here.

        :param app: the application that serves the request.
        :param session: what `open_session` gave.
        :param response: the response about to be sent; cookies and `Vary` are set on it.
        """

    def make_null_session(self, app: Flask) -> NullSession:
        """The session of an application that cannot have sessions.

        Reading it works and finds nothing; writing raises a `RuntimeError` that says what is
        missing.
        """
        return self.null_session_class()

    def is_null_session(self, obj: object) -> bool:
        """Whether an object came from `make_null_session`; such sessions are not saved."""
        kind: object = type(obj)
        if kind is SecureCookieSession and self.null_session_class is NullSession:
            return False  # the usual session
        # Of an abstract class, as sessions' are, `isinstance` takes a while to say no.
        bases = type(obj).__mro__
        if SessionMixin in bases:
            return self.null_session_class in bases
        return isinstance(obj, self.null_session_class)

    # --- what a backend may offer in addition; see `typedflask.sessions.contract.SessionExtras`

    opens_late: bool = False
    """Whether sessions may wait to be opened until they are touched, and are left alone if they
    never are. A subclass whose two methods need not run for those may set it to True."""

    # --- the cookie, as the configuration wants it

    def get_cookie_name(self, app: Flask) -> str:
        """The cookie's name: `SESSION_COOKIE_NAME`."""
        name: str = app.config["SESSION_COOKIE_NAME"]
        return name

    def get_cookie_domain(self, app: Flask) -> str | None:
        """The cookie's `Domain`: `SESSION_COOKIE_DOMAIN`.

        None, the default, sends no `Domain`: the cookie goes back to the very host that set it
        and not to its subdomains.
        """
        domain: str | None = app.config["SESSION_COOKIE_DOMAIN"]
        return domain

    def get_cookie_path(self, app: Flask) -> str:
        """The cookie's `Path`: `SESSION_COOKIE_PATH`, or `APPLICATION_ROOT` when that is unset."""
        path: str = app.config["SESSION_COOKIE_PATH"] or app.config["APPLICATION_ROOT"]
        return path

    def get_cookie_httponly(self, app: Flask) -> bool:
        """Whether scripts may not read the cookie: `SESSION_COOKIE_HTTPONLY`."""
        httponly: bool = app.config["SESSION_COOKIE_HTTPONLY"]
        return httponly

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie travels over HTTPS only: `SESSION_COOKIE_SECURE`."""
        secure: bool = app.config["SESSION_COOKIE_SECURE"]
        return secure

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """The cookie's `SameSite`, `"Lax"`, `"Strict"` or None: `SESSION_COOKIE_SAMESITE`."""
        samesite: str | None = app.config["SESSION_COOKIE_SAMESITE"]
        return samesite

    def get_cookie_partitioned(self, app: Flask) -> bool:
        """Whether each top-level site gets a cookie of its own: `SESSION_COOKIE_PARTITIONED`."""
        partitioned: bool = app.config["SESSION_COOKIE_PARTITIONED"]
        return partitioned

    def get_expiration_time(self, app: Flask, session: S) -> datetime | None:
        """When the cookie ends, in UTC.

        :returns: `app.permanent_session_lifetime` from now for a permanent session; None for any
            other, whose cookie ends with the browser.
        """
        usual: object = session
        if type(usual) is SecureCookieSession:  # what `permanent` is, by two calls less
            permanent: object = DICT.get(usual, PERMANENT)
        else:
            permanent = session.permanent
        if not permanent:
            return None
        return datetime.now(UTC) + app.permanent_session_lifetime

    def should_set_cookie(self, app: Flask, session: S) -> bool:
        """Whether the response needs the cookie.

        It does when the session was changed, and with `SESSION_REFRESH_EACH_REQUEST`, on by
        default, also whenever the session is permanent, so that its end moves on.
        """
        if session.modified:
            return True
        refresh: bool = app.config["SESSION_REFRESH_EACH_REQUEST"]
        return refresh and session.permanent

    # --- for subclasses: sending it, which Flask leaves to each of them

    def send_cookie(self, app: Flask, session: S, response: Response, value: str) -> None:
        """Send the cookie, with every attribute that the configuration says.

        :param app: the application.
        :param session: says whether the cookie ends with the browser.
        :param response: is about to be sent.
        :param value: what the next request brings back.
        """
        set_cookie(
            response,
            self.get_cookie_name(app),
            value,
            self.get_expiration_time(app, session),
            self.get_cookie_path(app),
            self.get_cookie_domain(app),
            self.get_cookie_secure(app),
            self.get_cookie_httponly(app),
            self.get_cookie_samesite(app),
            self.get_cookie_partitioned(app),
        )

    def remove_cookie(self, app: Flask, response: Response) -> None:
        """Take the cookie away, which works only with the attributes it was sent with."""
        response.delete_cookie(
            self.get_cookie_name(app),
            path=self.get_cookie_path(app),
            domain=self.get_cookie_domain(app),
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
            partitioned=self.get_cookie_partitioned(app),
        )


Imported.base = SessionInterface
