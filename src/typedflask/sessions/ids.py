"""Ids of sessions on the server: made at random, and signed into the value of a cookie.

The cookie holds the id and when the end of its session was last moved, so that this need not be
moved, nor noted in the store, with every request. The signature keeps invented ids away from the
store; that an id is signed says only that it was issued once, so the store has the last word.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from functools import lru_cache
from typing import Final, NamedTuple

from itsdangerous import BadData

from typedflask.sessions.signing import REMEMBERED, PlainKeepingSigner

LONGEST_COOKIE: Final = 512
"""Characters; what is longer was not written here, and its signature need not be computed."""

_WRITTEN: Final = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9]{1,12})")


class Ticket(NamedTuple):
    """What the cookie says."""

    session_id: str
    stamp: int
    """When the session's end was last moved, in seconds since 1970."""


def new_id() -> str:
    """A new id: 256 bits that nobody can guess, as 43 characters for URLs and file names."""
    return secrets.token_urlsafe(32)


class TicketSigner:
    """Writes tickets into cookies and reads those it wrote.

    :param keys: oldest to newest; the last signs, all verify.
    :param salt: sets these signatures apart from others made with the same keys.
    """

    def __init__(self, keys: tuple[bytes, ...], salt: str | bytes) -> None:
        self._signer = PlainKeepingSigner(
            [*keys], salt, key_derivation="hmac", digest_method=hashlib.sha256
        )

    def write(self, ticket: Ticket) -> str:
        """The value of the cookie."""
        return self._signer.sign(f"{ticket.session_id}.{ticket.stamp}").decode("ascii")

    def read(self, cookie: str) -> Ticket | None:
        """The ticket in a cookie; None when we did not write it."""
        if len(cookie) > LONGEST_COOKIE:
            return None
        try:
            text = self._signer.unsign(cookie).decode("ascii")
        except (BadData, ValueError):
            return None
        found = _WRITTEN.fullmatch(text)
        return Ticket(found[1], int(found[2])) if found else None


@lru_cache(maxsize=REMEMBERED)
def ticket_signer(keys: tuple[bytes, ...], salt: str | bytes) -> TicketSigner:
    """The signer for these keys, made when first asked for and shared by all threads."""
    return TicketSigner(keys, salt)


__all__ = ["Ticket", "TicketSigner", "new_id", "ticket_signer"]
