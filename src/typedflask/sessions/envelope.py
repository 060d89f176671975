"""What a store keeps of a session: its data and when it began, in a form that can be told apart.

Whatever comes back from a store is read with suspicion: it may be cut off, somebody else's, or
written with keys that are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

PLAIN: Final = b"typedflask-session 1 plain\n"
SEALED: Final = b"typedflask-session 1 sealed\n"
"""How payloads begin; another form of them would count on from 1."""


class UnreadablePayload(ValueError):
    """A payload was not written here, or not with these keys; the message says what is wrong."""


class Cipher(Protocol):
    """Encrypts what a store keeps, and notices when it was changed."""

    def encrypt(self, text: bytes, /) -> bytes:
        """The text, unreadable without the key."""
        ...

    def decrypt(self, token: bytes, /) -> bytes:
        """The text of a token.

        :raises UnreadablePayload: it was not encrypted with one of these keys, or was changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a payload."""

    began: int
    """When the session began, in seconds since 1970."""
    text: str
    """The session's data, as the serializer wrote it."""


def pack(content: Content, session_id: str, cipher: Cipher | None) -> bytes:
    """The payload of a session.

    With a cipher its id goes into it too: whoever can write into the store could otherwise give
    one visitor's payload to another.
    """
    inner = f"{content.began}\n{content.text}"
    if cipher is None:
        return PLAIN + inner.encode()
    return SEALED + cipher.encrypt(f"{session_id}\n{inner}".encode())


def unpack(payload: object, session_id: str, cipher: Cipher | None) -> Content:
    """Read a payload that `pack` made.

    :param payload: what the store gave back.
    :raises UnreadablePayload: it is anything else.
    """
    if not isinstance(payload, bytes):
        raise UnreadablePayload(f"the store gave a {type(payload).__name__} instead of bytes")
    try:
        inner = _inner(payload, session_id, cipher)
        began, newline, text = inner.partition("\n")
        if newline:
            return Content(int(began), text)
    except UnreadablePayload:
        raise
    except ValueError:  # not UTF-8, or no number
        pass
    raise UnreadablePayload("it is damaged")


def _inner(payload: bytes, session_id: str, cipher: Cipher | None) -> str:
    if cipher is None:
        if payload.startswith(PLAIN):
            return payload[len(PLAIN) :].decode()
        if payload.startswith(SEALED):
            raise UnreadablePayload("it is encrypted, and encryption is off")
    elif payload.startswith(SEALED):
        owner, _, inner = cipher.decrypt(payload[len(SEALED) :]).decode().partition("\n")
        if owner != session_id:
            raise UnreadablePayload("it belongs to another session")
        return inner
    elif payload.startswith(PLAIN):
        # Accepted, it would let whoever can write into the store log in as anybody.
        raise UnreadablePayload("it is not encrypted, and encryption is on")
    raise UnreadablePayload("it is not a session of this framework, or was cut off")


__all__ = ["Cipher", "Content", "UnreadablePayload", "pack", "unpack"]
