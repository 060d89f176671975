"""The session that a view sees when sessions are kept on the server, and what is known beside it.

To a view it is what the cookie's session is, with an id besides. What the backend has to know
(under which id and version the store has it, what was loaded) is in its `record`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from types import NoneType
from typing import Any, ClassVar, Concatenate, Final, NoReturn, ParamSpec, TypeVar
from uuid import UUID

from markupsafe import Markup
from werkzeug.exceptions import ServiceUnavailable

from typedflask.newer_typing import override
from typedflask.sessions.ids import Ticket, new_id
from typedflask.sessions.session import DICT, PERMANENT, WRITERS, SecureCookieSession

P = ParamSpec("P")
T = TypeVar("T")

RETRY_AFTER: Final = 5
"""Seconds after which a client may try again when the store was away (the header Retry-After)."""

SETTLED: Final = frozenset({str, int, float, bool, NoneType, bytes, datetime, UUID, Markup})
"""Types of values that nobody can change from inside."""


@dataclass(slots=True)
class Record:
    """What the backend knows of one session; views have no business here."""

    current: str | None = None
    """The id; None until one is needed."""
    stored: bool = False
    """Whether the store has the session under that id, as far as we know."""
    # Any: what tells two writes apart is the store's affair.
    version: Any = None
    """The version that was loaded or saved last."""
    text: str = ""
    """The data that was loaded or saved last, in writing."""
    began: int | None = None
    """When the session began, in seconds since 1970; None for one that is not saved yet."""
    stamp: int = 0
    """When its end was last moved, or up to a tenth of its lifetime earlier; what the cookie is
    to say, in seconds since 1970."""
    ticket: Ticket | None = None
    """What the request's cookie said, if it led to this session and need not be signed anew."""
    was_permanent: bool = False
    """Whether the session was permanent when it was loaded."""
    source: str | None = None
    """The id whose session goes on under the current one, which the store does not have yet."""
    left: list[str] = field(default_factory=list[str])
    """Ids that are given up when the session is saved."""
    hold: ExitStack | None = None
    """The lock, while it is held."""

    def name(self) -> str:
        """The id, chosen now if there was none."""
        if self.current is None:
            self.current = new_id()
        return self.current

    def move(self) -> None:
        """Go on under a new id; the old one is given up."""
        if self.stored and self.current is not None:
            self.source = self.current
            self.left.append(self.current)
            self.stored = False
        self.current = new_id()

    def begin_anew(self) -> None:
        """Have nothing to do any more with what the store has."""
        if self.stored and self.current is not None:
            self.left.append(self.current)
        self.stored = False
        self.current = self.version = self.began = self.source = None
        self.text = ""

    def let_go(self) -> None:
        """Give back the lock, if it is held."""
        hold, self.hold = self.hold, None
        if hold is not None:
            hold.close()


class ServerSideSession(SecureCookieSession):
    """The session of a visitor, kept on the server: a dict that notes reads and changes.

    `modified` tells of changes to the session's own items. Changes inside of a value, such as
    `session["cart"].append(...)`, are noticed when the session is saved.

    Any: values are whatever the serializer can carry; see `typedflask.json.tag`.

    :param initial: what the session holds to begin with; this counts neither as read nor as
        changed.
    :param record: what the backend knows of it; nothing, for a new one.
    """

    modified: bool
    accessed: bool
    is_away: ClassVar[bool] = False
    """Whether it only stands for the session, because the store is away."""

    def __init__(
        self, initial: Mapping[str, Any] | None = None, record: Record | None = None
    ) -> None:
        super().__init__(initial)
        self.record: Record = Record() if record is None else record
        self.new: bool = not self.record.stored
        self.lent: bool = False
        """Whether a value that can be changed from inside was given out."""

    @property
    def sid(self) -> str:
        """The id. Whoever has it, signed, has the session: do not log or show it.

        A new session's is kept in the store only if something is put into the session.
        """
        self.accessed = True
        return self.record.name()

    def regenerate(self) -> None:
        """Go on under a new id; the old one leads nowhere once this request has been answered.

        Call it when what the visitor may do changes, above all at a login: an id that somebody
        else has seen, or put there, is worthless then. The data stays.
        """
        self.accessed = self.modified = True
        self.record.move()

    @override
    def clear(self) -> None:
        """Empty the session and end it, as a logout does.

        Store and cookie forget it. What is put in afterwards begins a new session, under a new
        id.
        """
        super().clear()
        self.accessed = self.modified = True
        self.record.begin_anew()

    # --- giving out what can be changed from inside

    def __getitem__(self, key: str, /) -> Any:
        self.accessed = True
        value: object = DICT.__getitem__(self, key)
        if type(value) not in SETTLED:
            self.lent = True
        return value

    @override
    def get(self, key: str, default: Any = None, /) -> Any:
        self.accessed = True
        value: object = DICT.get(self, key, default)
        if type(value) not in SETTLED:
            self.lent = True
        return value

    @override
    def setdefault(self, key: str, default: Any = None, /) -> Any:
        self.lent = True
        return super().setdefault(key, default)

    # --- for the backend: looks and changes that are none of the view's

    def content(self) -> dict[str, Any]:
        """The data, without noting that anybody looked."""
        return DICT(DICT.items(self))

    def is_empty(self) -> bool:
        """Whether there is no data, without noting that anybody looked."""
        return not DICT.__len__(self)

    def lasts(self) -> bool:
        """Whether it is permanent, without noting that anybody looked."""
        return bool(DICT.get(self, PERMANENT, False))

    def replace(self, content: Mapping[str, Any]) -> None:
        """Hold other data, without noting a change."""
        DICT.clear(self)
        DICT.update(self, content)


Method = Callable[Concatenate[ServerSideSession, P], T]


def _lending(method: Method[P, T]) -> Method[P, T]:
    """The method, made to note that values were given out."""

    @wraps(method)
    def lend(session: ServerSideSession, /, *args: P.args, **kwargs: P.kwargs) -> T:
        session.lent = True
        return method(session, *args, **kwargs)

    return lend


LENDERS: Final = ("__or__", "__ror__", "copy", "items", "values")
"""Methods that give out all values."""

for _name in LENDERS:
    setattr(ServerSideSession, _name, _lending(getattr(SecureCookieSession, _name)))


class OutageSession(ServerSideSession):
    """Stands for the session while the store is away: reading finds nothing, writing is a 503."""

    is_away = True


def store_is_away(doing: str) -> ServiceUnavailable:
    """The answer to a request that needs its session when the store is away.

    :param doing: what could not be done, to complete "The session cannot be …".
    """
    return ServiceUnavailable(
        f"The session cannot be {doing} at the moment. Please try again in a few seconds.",
        retry_after=RETRY_AFTER,
    )


def _refuse(session: OutageSession, /, *args: object, **kwargs: object) -> NoReturn:
    raise store_is_away("changed")


for _name in (*WRITERS, "__setitem__", "__delitem__", "pop", "setdefault", "regenerate"):
    setattr(OutageSession, _name, _refuse)

__all__ = ["OutageSession", "Record", "ServerSideSession", "store_is_away"]
