"""What the framework asks of a session backend, and of the sessions it opens.

A backend is any object with `open_session` and `save_session`; nothing has to be inherited. The
signed cookie (`typedflask.sessions.cookie`) is one backend, a store on the server is another: the
contract only says that a session is opened from a request and saved into its response. A backend
that cannot do either, because its store is away, raises; an HTTP exception such as
`ServiceUnavailable` goes the way of every other HTTP exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    # Types only, and sideways: a backend annotates its methods with these classes, and a wider
    # type here would refuse every backend that does (docs/decisions/030-sessions-contract.md).
    from typedflask.requests.request import Request
    from typedflask.responses.response import Response


class SessionLike(Protocol):
    """What the framework and its helpers use of a session: a few doors of a dict and two flags.

    Any: a session's values are whatever its backend can carry; the keys are always text.
    """

    modified: bool
    """Whether there is something to save."""

    # A property and not an attribute, because that is what both kinds of session fit into.
    @property
    def permanent(self) -> bool:
        """Whether the session outlives the browser, for `PERMANENT_SESSION_LIFETIME` at most."""
        ...

    @permanent.setter
    def permanent(self, value: bool, /) -> None: ...

    def __getitem__(self, key: str, /) -> Any: ...
    def __setitem__(self, key: str, value: Any, /) -> None: ...
    def __delitem__(self, key: str, /) -> None: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __iter__(self, /) -> Iterator[str]: ...
    def __len__(self, /) -> int: ...
    def get(self, key: str, default: Any, /) -> Any: ...
    def pop(self, key: str, default: Any, /) -> Any: ...


S = TypeVar("S", bound=SessionLike)


class SessionBackend(Protocol[S]):
    """Opens sessions of one kind and saves them: what to annotate a backend variable with.

    Any: `app` is a `Flask` with whatever response kinds it was made for. The application lies
    floors above this contract, and a backend may ask for a subclass of it.
    """

    def open_session(self, app: Any, request: Request, /) -> S | None:
        """The session of a request, empty for a new visitor.

        None means that there cannot be sessions (no secret key, say); the framework then shows
        a `NullSession`, which can be read but not written, and saves nothing.
        """

    def save_session(self, app: Any, session: S, response: Response, /) -> None:
        """Write into the response, or the store, what the next request needs to find."""


class AnySessionBackend(Protocol):
    """The application's slot for a backend: which kind of session it opens is forgotten.

    Any: `app` as in `SessionBackend`. `session` is the object that the same backend's
    `open_session` gave, which no annotation of a slot for all backends can say; the result of
    `open_session` keeps the bound, so a backend of plain dicts is refused.
    """

    def open_session(self, app: Any, request: Request, /) -> SessionLike | None:
        """See `SessionBackend.open_session`."""

    def save_session(self, app: Any, session: Any, response: Response, /) -> None:
        """See `SessionBackend.save_session`."""


class SessionSerializer(Protocol):
    """Turns the content of a session into text and back.

    Any: as the values of a session, see `SessionLike`.
    """

    def dumps(self, value: Any, /) -> str:
        """The text of a value.

        :raises TypeError: the value holds something that cannot be written.
        """
        ...

    def loads(self, value: str, /) -> Any:
        """The value of a text that `dumps` made."""


__all__ = [
    "AnySessionBackend",
    "SessionBackend",
    "SessionLike",
    "SessionSerializer",
]
