"""Ids of sessions on the server: made at random, and signed into the value of a cookie.

The cookie holds the id and when the end of its session was last moved, so that this need not be
moved, nor noted in the store, with every request. The signature keeps invented ids away from the
store; that an id is signed says only that it was issued once, so the store has the last word.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache
from hmac import compare_digest
from typing import Final, NamedTuple

from itsdangerous import Signer

from typedflask.sessions.signing import MOST_READ, REMEMBERED

# The value that is signed, and in it id and stamp; then the signature, 256 bits as well.
_WRITTEN: Final = re.compile(r"(([A-Za-z0-9_-]{43})\.([0-9]{1,12}))\.([A-Za-z0-9_-]{43})")


class Ticket(NamedTuple):
    """What the cookie says."""

    session_id: str
    stamp: int
    """When the session's end was last moved, or earlier, in seconds since 1970."""


class SignedTicket(NamedTuple):
    """A ticket, as it was read."""

    ticket: Ticket
    newest_key: bool
    """Whether it was signed with the newest key, and not with one that is on its way out."""


def new_id() -> str:
    """A new id: 256 bits that nobody can guess, as 43 characters for URLs and file names."""
    return secrets.token_urlsafe(32)


class TicketSigner:
    """Writes tickets into cookies and reads those it wrote.

    The signatures are those of itsdangerous' `Signer` with `hmac` and SHA-256. Its keys are
    derived by it, once; the rest is one call for each signature, which matters as every request
    with a session has one or two.

    :param keys: oldest to newest; the last signs, all verify.
    :param salt: sets these signatures apart from others made with the same keys.
    """

    def __init__(self, keys: tuple[bytes, ...], salt: str | bytes) -> None:
        signer = Signer([*keys], salt, key_derivation="hmac", digest_method=hashlib.sha256)
        self._keys = tuple(signer.derive_key(key) for key in reversed(keys))
        self._good: dict[str, SignedTicket] = {}

    def write(self, ticket: Ticket) -> str:
        """The value of the cookie."""
        value = f"{ticket.session_id}.{ticket.stamp}"
        return f"{value}.{_signature(self._keys[0], value)}"

    def read(self, cookie: str) -> SignedTicket | None:
        """The ticket in a cookie; None when we did not write it."""
        return self._good.get(cookie) or self._verified(cookie)

    def _verified(self, cookie: str) -> SignedTicket | None:
        """As `read`, which knows the next time what was found good (decision 088)."""
        found = _WRITTEN.fullmatch(cookie)
        if found is None:
            return None
        value, session_id, stamp, signature = found.groups()
        for key in self._keys:
            if compare_digest(_signature(key, value), signature):
                if len(self._good) >= MOST_READ:
                    self._good.clear()
                newest = key is self._keys[0]
                self._good[cookie] = signed = SignedTicket(Ticket(session_id, int(stamp)), newest)
                return signed
        return None


def _signature(key: bytes, value: str) -> str:
    signature = hmac.digest(key, value.encode("ascii"), "sha256")
    return urlsafe_b64encode(signature).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=REMEMBERED)
def ticket_signer(keys: tuple[bytes, ...], salt: str | bytes) -> TicketSigner:
    """The signer for these keys, made when first asked for and shared by all threads."""
    return TicketSigner(keys, salt)


__all__ = ["SignedTicket", "Ticket", "TicketSigner", "new_id", "ticket_signer"]
