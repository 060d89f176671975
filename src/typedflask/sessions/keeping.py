"""Loading sessions from a store and keeping them there, without losing what others write.

One `Keeper` is the store as one application's configuration has it at the moment. It knows
nothing of cookies and responses; what the response has to say is its `Outcome`.

A write names the version it is based on. Where another request wrote first, its data is loaded,
our changes are made on it, and that is written; where another request ended the session, ours
does not bring it back.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from enum import Enum
from logging import Logger
from typing import Any, Final, NoReturn, Protocol

from typedflask.newer_typing import TypeIs
from typedflask.sessions.contract import SessionSerializer
from typedflask.sessions.envelope import Cipher, Content, UnreadablePayload, pack, unpack
from typedflask.sessions.ids import SignedTicket
from typedflask.sessions.merge import changes_between
from typedflask.sessions.server_session import Record, ServerSideSession
from typedflask.sessions.session import PERMANENT
from typedflask.sessions.stores.contract import AnySessionStore, StoredSession

ATTEMPTS: Final = 64
"""How often a write is tried when other requests come first."""

PATIENCE: Final = 3
"""Attempts that follow each other at once; later ones wait a moment, at random."""

REFRESHES: Final = 10
"""The end of a session is moved at most so often within its lifetime, if it is only read."""


class Outcome(Enum):
    """What became of a session."""

    KEPT = "kept"
    """The store has it under its current id."""
    NONE = "none"
    """There is nothing to keep: it is empty and the store has forgotten it."""
    GONE = "gone"
    """Another request ended it. What this one did is dropped, and its cookie is not ours to set:
    the visitor may have got another one."""


class Busy(OSError):
    """Other requests kept writing first."""


class Logs(Protocol):
    """What keeping sessions asks of the application."""

    @property
    def logger(self) -> Logger:
        """Where the application says what went wrong."""
        ...


@dataclass(slots=True)
class Keeper:
    """A store, and how sessions are written into it.

    :param app: the application.
    :param store: the store.
    :param serializer: writes the data.
    :param cipher: encrypts what is written; None to leave it readable.
    :param idle: seconds after which a session that nobody uses ends.
    :param absolute: seconds after which any session ends; None for no limit.
    """

    app: Logs
    store: AnySessionStore
    serializer: SessionSerializer
    cipher: Cipher | None
    idle: int
    absolute: int | None

    # --- loading

    def load(self, signed: SignedTicket) -> tuple[dict[str, Any], Record] | None:
        """The session that a cookie leads to.

        :returns: its data and record; None when the store does not know it, its time is over, or
            what is there cannot be read, which is logged.
        :raises OSError: the store is away.
        """
        session_id, stamp = signed.ticket
        found = self.store.load(session_id)
        if found is None:
            return None
        read = self._read(found, session_id)
        if read is None:
            return None
        content, data = read
        if self._remaining(content.began, now()) <= 0:
            self.store.delete(session_id)
            return None
        record = Record(
            current=session_id,
            stored=True,
            version=found.version,
            text=content.text,
            began=content.began,
            stamp=stamp,
            ticket=signed.ticket if signed.newest_key else None,
            was_permanent=bool(data.get(PERMANENT)),
        )
        return data, record

    def _read(
        self, found: StoredSession[Any], session_id: str
    ) -> tuple[Content, dict[str, Any]] | None:
        """What is in a payload; None, and a warning, when it makes no sense."""
        try:
            content = unpack(found.payload, session_id, self.cipher)
            data: object = self.serializer.loads(content.text)
            if not is_data(data):
                raise UnreadablePayload(f"it holds a {type(data).__name__} instead of a dict")
        # A serializer may raise anything at text that it did not write.
        except Exception as error:
            why = str(error) if isinstance(error, UnreadablePayload) else type(error).__name__
            self.app.logger.warning(
                "A session in %s cannot be read, and its visitor gets a new one: %s",
                type(self.store).__name__,
                why,
            )
            return None
        return content, data

    # --- keeping

    def keep(self, session: ServerSideSession, *, refresh: bool) -> Outcome:
        """Write what has to be written, and nothing when nothing was changed.

        :param session: the session; holds what is in the store afterwards.
        :param refresh: whether a session that was only read lives on for being read.
        :raises OSError: the store is away, or others keep writing first.
        :raises TypeError: the session holds a value that cannot be written; nothing is, then.
        """
        for attempt in range(ATTEMPTS):
            if attempt > PATIENCE:
                time.sleep(random.uniform(0, 0.002 * attempt))
            outcome = self._try_to_keep(session, refresh)
            if outcome is not None:
                return outcome
        raise Busy(f"other requests wrote the same session first, {ATTEMPTS} times")

    def _try_to_keep(self, session: ServerSideSession, refresh: bool) -> Outcome | None:
        """One attempt; None when another request came first and its changes are in now."""
        record = session.record
        if session.is_empty():
            return self._forget(session)
        if record.stored and not (session.modified or session.lent):
            return self._refresh(session, refresh)
        text = self._written(session)
        if not record.stored:
            return self._keep_under_new_id(session, text)
        if text == record.text:
            return self._refresh(session, refresh or session.modified)
        if self._save(session, text, expected=record.version):
            return Outcome.KEPT
        return self._catch_up(session, self.store.load(record.name()))

    def _save(self, session: ServerSideSession, text: str, *, expected: Any) -> bool:
        """Write the data under the current id; False when another write came first."""
        record, moment = session.record, now()
        began = moment if record.began is None else record.began
        version: object = self.store.save(
            record.name(),
            pack(Content(began, text), record.name(), self.cipher),
            lifetime=max(1, self._remaining(began, moment)),
            expected=expected,
        )
        if version is None:
            return False
        record.stored, record.version, record.text = True, version, text
        record.began, record.source = began, None
        if self._is_due(record, moment):
            record.stamp = moment
        return True

    def _keep_under_new_id(self, session: ServerSideSession, text: str) -> Outcome | None:
        record = session.record
        if record.source is not None:
            found = self.store.load(record.source)
            if found is None or found.version != record.version:
                return self._catch_up(session, found)
        if not self._save(session, text, expected=None):
            record.current = None  # somebody has that id, against all odds
            return None
        self._give_up_old_ids(record)
        return Outcome.KEPT

    def _forget(self, session: ServerSideSession) -> Outcome | None:
        """End a session that holds nothing any more, unless another request put something in."""
        record = session.record
        known = record.name() if record.stored else record.source
        if known is not None:
            found = self.store.load(known)
            if found is None or found.version != record.version:
                return self._catch_up(session, found)
        record.begin_anew()
        self._give_up_old_ids(record)
        return Outcome.NONE

    def _give_up_old_ids(self, record: Record) -> None:
        while record.left:
            self.store.delete(record.left[-1])
            record.left.pop()

    def _catch_up(
        self, session: ServerSideSession, found: StoredSession[Any] | None
    ) -> Outcome | None:
        """Make our changes on what another request wrote; then it is tried again."""
        record = session.record
        read = None if found is None else self._read(found, record.source or record.name())
        if found is None or read is None:
            self.app.logger.info(
                "A session was ended by another request; changes to it are dropped"
            )
            return Outcome.GONE
        content, theirs = read
        before = self.serializer.loads(record.text)
        ours = changes_between(before, session.content(), self.serializer.dumps)
        session.replace(ours.on(theirs))
        record.version, record.text, record.began = found.version, content.text, content.began
        return None

    def _refresh(self, session: ServerSideSession, refresh: bool) -> Outcome:
        """Move the end of a session that was not changed, now and then.

        The store being away is no reason to withhold an answer that needs nothing of it.
        """
        record, moment = session.record, now()
        if not refresh or not self._is_due(record, moment):
            return Outcome.KEPT
        began = moment if record.began is None else record.began
        lifetime = max(1, self._remaining(began, moment))
        try:
            if not self.store.touch(record.name(), lifetime=lifetime):
                return Outcome.GONE
        except OSError as error:
            self.app.logger.warning("The end of a session could not be moved: %s", error)
        else:
            record.stamp = moment
        return Outcome.KEPT

    # --- writing and times

    def _written(self, session: ServerSideSession) -> str:
        content = session.content()
        try:
            return self.serializer.dumps(content)
        except (TypeError, ValueError, RecursionError) as error:
            explain(self.serializer, content, error)

    def _is_due(self, record: Record, moment: int) -> bool:
        """Whether it is time to move the session's end, and to say so in the cookie."""
        return not 0 <= (moment - record.stamp) * REFRESHES < self.idle

    def _remaining(self, began: int, moment: int) -> int:
        """For how many seconds from now a session lives if nobody uses it."""
        if self.absolute is None:
            return self.idle
        return min(self.idle, began + self.absolute - moment)


def now() -> int:
    """The time in whole seconds since 1970."""
    return int(time.time())


# Any: the content of a session.
def is_data(value: object) -> TypeIs[dict[str, Any]]:
    """Whether this can be the content of a session."""
    return isinstance(value, dict)


def explain(serializer: SessionSerializer, content: dict[str, Any], error: Exception) -> NoReturn:
    """Name the item that could not be written: its key and its type, not its value.

    :raises TypeError: always, but for an error that shows with no item alone.
    """
    for key, value in content.items():
        try:
            serializer.dumps({key: value})
        except (TypeError, ValueError, RecursionError) as reason:
            why = "it is nested too deeply" if isinstance(reason, RecursionError) else reason
            raise TypeError(
                f"session[{key!r}] is a {type(value).__name__} that cannot be kept: {why}. Keep"
                " numbers, text, lists and dicts of these, or another value that the session's"
                " serializer knows."
            ) from reason
    raise error


__all__ = ["Busy", "Keeper", "Outcome"]
