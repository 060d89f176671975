"""The default backend: the whole session in a signed cookie.

The visitor can read the cookie but not change it. It is what Flask writes and reads, byte for
byte in meaning: an application can move over, or back, without logging its users out.

A cookie is bad when its signature is wrong or too old, or when it does not hold a dict. Whoever
sends one gets a new, empty session and never an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeGuard

from itsdangerous import BadData, URLSafeTimedSerializer

from typedflask.json.tag import TaggedJSONSerializer
from typedflask.sessions.asking import UNREAD, Imported
from typedflask.sessions.contract import SessionSerializer
from typedflask.sessions.exchange import cookie_of, vary_on_cookie
from typedflask.sessions.interface import SessionInterface
from typedflask.sessions.session import DICT, NO_SECRET_KEY, SecureCookieSession, new_session
from typedflask.sessions.signing import CookieSerializer, DigestMethod, signing_serializer

if TYPE_CHECKING:
    # Types only, as in interface.py.
    from typedflask.app import Flask
    from typedflask.requests.request import Request
    from typedflask.responses.response import Response

session_json_serializer: Final = TaggedJSONSerializer()
"""Compact JSON that also carries tuples, bytes, `Markup`, `UUID` and `datetime`.

`session_json_serializer.register(...)` teaches the sessions of all applications another type.
"""

UNREADABLE: Final = (BadData, ValueError, OverflowError, OSError)
"""What reading a cookie may raise: itsdangerous' own errors; text that is not ASCII; and a time
stamp that is none, for which `datetime` has three errors."""


# Any: what `hashlib` calls a hash has no public name.
def _sha1(data: bytes = b"") -> Any:
    """Look SHA-1 up when it is needed: a build of Python may lack it, and never be asked for it."""
    return hashlib.sha1(data)


# Any: the attribute is declared as what it gives, as a subclass may set it.
def _answer_of(ask: Callable[[Any], bool]) -> Any:
    """An attribute whose value is asked for each time it is read."""
    return property(ask)


class SecureCookieSessionInterface(SessionInterface[SecureCookieSession]):
    """Keeps the session in a cookie signed with `SECRET_KEY`.

    `SECRET_KEY_FALLBACKS` lists older keys, newest first: cookies signed with one of them are
    still read, and written with `SECRET_KEY` when they are next written.

    The attributes are documented by Flask, "Session Interface"; set them in a subclass. Changing
    one of the first four makes the cookies of before unreadable.
    """

    salt: str = "cookie-session"
    """Sets the signatures of sessions apart from others made with the same key."""

    digest_method: DigestMethod = staticmethod(_sha1)
    """The hash below the signature."""

    key_derivation: str = "hmac"
    """How itsdangerous derives the signing key from secret key and salt."""

    serializer: SessionSerializer = session_json_serializer
    """Turns the session into text and back."""

    session_class: type[SecureCookieSession] = SecureCookieSession
    """The class of the sessions opened; called with the dict from the cookie, or nothing."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs, and verifies, the cookies of an application.

        :returns: a serializer, the same one as long as keys and attributes stay the same; None
            without a secret key, and then there are no sessions.
        :raises TypeError: a key is neither `str` nor `bytes`.
        :raises ValueError: a fallback key is empty.
        """
        secret_key = app.secret_key
        if not secret_key:
            return None
        return signing_serializer(
            secret_key,
            app.config.get("SECRET_KEY_FALLBACKS"),
            self.salt,
            self.key_derivation,
            self.digest_method,
            self.serializer,
        )

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session from the request's cookie; a new one when the cookie is bad or missing.

        A cookie counts for `app.permanent_session_lifetime`, whether or not its session is
        permanent: a browser may keep any cookie longer than it was told.
        """
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        cookie = cookie_of(request, self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        lifetime = app.permanent_session_lifetime
        # As `total_seconds`, rounded towards zero, would say.
        seconds = lifetime.days * 86400 + lifetime.seconds
        if seconds < 0 and lifetime.microseconds:
            seconds += 1
        try:
            content: object = (
                serializer.read(cookie, seconds)
                if type(serializer) is CookieSerializer
                else serializer.loads(cookie, max_age=seconds)
            )
        except UNREADABLE:
            return self.session_class()
        if not _is_content(content):
            return self.session_class()
        kind = self.session_class
        if kind is not SecureCookieSession:
            return kind(content)
        # As the class would, without its constructor being called.
        session = new_session(SecureCookieSession)
        DICT.update(session, content)
        return session

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        """Set the cookie if the session was changed or is to be refreshed.

        A session that was emptied takes its cookie away. `Vary: Cookie` is set whenever the
        response depends on the cookie. Werkzeug warns of a cookie larger than browsers keep.

        :raises TypeError: the session holds a value that the serializer cannot write.
        """
        depends = session.accessed  # Asked first: all that follows is a look at the session, too.
        if DICT.__len__(session) if type(session) is SecureCookieSession else session:
            sends = self.should_set_cookie(app, session)
            if sends:
                self.send_cookie(app, session, response, self._written(app, session))
        else:
            sends = session.modified
            if sends:
                self.remove_cookie(app, response)
        if depends or sends:
            vary_on_cookie(response)

    def _written(self, app: Flask, session: SecureCookieSession) -> str:
        """The cookie's value."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise RuntimeError(NO_SECRET_KEY)
        usual = type(session) is SecureCookieSession
        content = DICT(DICT.items(session)) if usual else dict(session)
        try:
            return serializer.dumps(content)
        except (TypeError, ValueError, RecursionError) as error:
            _explain(serializer, content, error)

    # --- opening late

    is_plain: bool = False
    """Whether `may_open_late` was the answer, and none of what decides was replaced here since."""

    def may_open_late(self) -> bool:
        """Whether `opens_late` is the answer, unless a subclass gives its own.

        A yes is remembered: who finds `is_plain` need not ask again. A method that is replaced on
        the class is noticed by those who ask.
        """
        kind = type(self)
        self.is_plain = (
            kind.save_session is _SAVE
            and kind.open_session is _OPEN
            and kind.should_set_cookie is _SHOULD_SET
            and self.session_class is SecureCookieSession
            and not (_DECIDES & self.__dict__.keys())
        )
        return self.is_plain

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name in _NOTICED:
            super().__setattr__("is_plain", False)

    opens_late: bool = _answer_of(may_open_late)
    """Whether a session may wait to be opened until it is touched.

    That shows nowhere as long as the methods that decide what happens at a request's start and
    end are the ones of this file, not replaced in a subclass, on the instance or on the class;
    and the sessions are plain, for others may change themselves when they are made. What signs,
    the name and the attributes of the cookie may all be replaced.
    """

    def must_open_untouched(self, app: Flask, request: Request) -> bool:
        """Whether a session that nobody touched is opened after all, at the end of its request.

        A permanent session is sent again with every response, unless
        `SESSION_REFRESH_EACH_REQUEST` is off; and only a look inside tells whether a session is
        permanent. No look is needed when the request brought no session cookie, which the
        unparsed header tells: it may say yes too often, never no by mistake.
        """
        header: str | None = request.environ.get("HTTP_COOKIE")
        if not header:
            return False
        refresh: bool = app.config["SESSION_REFRESH_EACH_REQUEST"]
        return refresh and self.get_cookie_name(app) in header


Imported.signed_cookies = SecureCookieSessionInterface
UNREAD.is_plain = False
_OPEN: Final = SecureCookieSessionInterface.open_session
_SAVE: Final = SecureCookieSessionInterface.save_session
_SHOULD_SET: Final = SecureCookieSessionInterface.should_set_cookie
_DECIDES: Final = frozenset({"open_session", "save_session", "should_set_cookie"})
_NOTICED: Final = _DECIDES | {"session_class"}


# Any: the content of a session. Its keys are text because JSON knows no others.
def _is_content(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


# Any: the content of a session.
def _explain(
    serializer: URLSafeTimedSerializer, content: dict[str, Any], error: Exception
) -> NoReturn:
    """Name the item that could not be written: its key and its type, not its value."""
    for key, value in content.items():
        try:
            serializer.dump_payload({key: value})
        except (TypeError, ValueError, RecursionError) as reason:
            why = "it is nested too deeply" if isinstance(reason, RecursionError) else reason
            raise TypeError(
                f"session[{key!r}] is a {type(value).__name__} that cannot be written into the "
                f"session cookie: {why}. Keep numbers, text, lists and dicts of these, or another "
                "value that the session's serializer knows."
            ) from reason
    raise error
