"""What each request asks about sessions, for who has imported no session backend yet.

Most of this folder is needed by applications that use sessions; a request that brings no cookie and
touches no session does without (decision 095).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    # Types only, as in interface.py.
    from typedflask.requests.request import Request
    from typedflask.sessions.contract import AnySessionBackend, PlainCookies, SessionLike


class Imported:
    """Classes of this folder that are recognized by who does not import them.

    Any: what they are, their own files alone know. There are no objects of those that are missing.
    """

    base: type[Any] | tuple[()] = ()
    """`SessionInterface`, as `isinstance` takes it."""

    null_session: type[Any] | tuple[()] = ()
    """`NullSession`, as `isinstance` takes it."""

    signed_cookies: type[Any] | None = None
    """`SecureCookieSessionInterface`."""


class UnreadCookies:
    """Stands for the backend that keeps sessions in signed cookies, until it is imported."""

    __slots__ = ("is_plain",)

    def __init__(self) -> None:
        # Not once it is imported: from then on its methods may be replaced.
        self.is_plain: bool = True


UNREAD: Final[PlainCookies] = UnreadCookies()
"""Stands for it in all applications that have no other backend."""


# Any: as in the contract.
def must_open_untouched(backend: AnySessionBackend, app: Any, request: Request) -> bool:
    """Ask a backend that opens late, if it has an answer, about a session nobody touched."""
    ask: Callable[[Any, Request], bool] | None = getattr(backend, "must_open_untouched", None)
    return ask is not None and ask(app, request)


def release_session(backend: AnySessionBackend, app: Any, session: SessionLike) -> None:
    """Let a backend give back what a session holds, if it ever holds anything."""
    release: Callable[[Any, Any], None] | None = getattr(backend, "release_session", None)
    if release is not None:
        release(app, session)
