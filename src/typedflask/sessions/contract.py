"""What the framework asks of a session backend, and of the sessions it opens.

A backend is any object with `open_session` and `save_session`; nothing has to be inherited. The
signed cookie (`typedflask.sessions.cookie`) is one backend, a store on the server is another: the
contract only says that a session is opened from a request and saved into its response. A backend
that cannot do either, because its store is away, raises; an HTTP exception such as
`ServiceUnavailable` goes the way of every other HTTP exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


class SessionExtras(Protocol):
    """What a backend may offer in addition: each of these may be left out.

    Any: as in `AnySessionBackend`.
    """

    @property
    def opens_late(self) -> bool:
        """Whether a session may wait to be opened until it is touched; False when left out.

        One that nobody touched is neither opened nor saved then. Otherwise the session is opened
        when its request begins, before routing, and always saved. An attribute will do.
        """
        ...

    def must_open_untouched(self, app: Any, request: Request, /) -> bool:
        """Whether a session that opens late and was not touched is opened and saved after all.

        Asked at the end of a request that brought any cookie; False when left out.
        """
        ...

    def release_session(self, app: Any, session: Any, /) -> None:
        """Give back what an opened session holds, such as a lock.

        Called when the request's context ends, for whatever reason and after all teardown
        functions, whether or not the session was saved; perhaps in another thread, where a
        stream went on. What it raises is logged.
        """
        ...

    def clean_up(self) -> int:
        """Remove expired sessions; how many there were. The command `sessions clean` calls it."""
        ...


class PlainCookies(Protocol):
    """A backend that keeps sessions in signed cookies, as it is asked by each request."""

    is_plain: bool
    """Whether its sessions open when touched, and nothing was put in the place of its methods since
    it was asked `may_open_late`."""


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


class PlainText(Protocol):
    """What a serializer may offer in addition, for text that it need not look at twice.

    Any: as in `SessionSerializer`.
    """

    def dump_plain(self, value: Any, /) -> bytes | None:
        """What `dumps` writes, encoded, if it takes no more than the quick way; else None."""

    def plain(self, text: str, /) -> bytes | None:
        """Text for `load_plain`, if `loads` has no more to do than read its JSON; else None."""

    def load_plain(self, plain: bytes, /) -> Any:
        """What `loads` gives for the text that `plain` gave this for."""


def short_ways_of(serializer: SessionSerializer) -> PlainText | None:
    """The short ways of a serializer, if it has any."""
    ask: Callable[[], PlainText | None] | None = getattr(serializer, "short_ways", None)
    return None if ask is None else ask()


__all__ = [
    "AnySessionBackend",
    "PlainText",
    "SessionBackend",
    "SessionExtras",
    "SessionLike",
    "SessionSerializer",
    "short_ways_of",
]
