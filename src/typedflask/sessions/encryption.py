"""Encrypting what a store keeps: Fernet of the library cryptography, with keys made from ours.

The keys are derived from `SECRET_KEY` and `SECRET_KEY_FALLBACKS`, so there is no further secret
to keep and rotating these rotates those: the newest encrypts, all of them decrypt.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from typedflask.sessions.envelope import UnreadablePayload
from typedflask.sessions.signing import REMEMBERED

PURPOSE: Final = b"typedflask session payload 1"
"""Sets the derived keys apart from others made of the same secret."""


class SessionCipher:
    """Fernet (AES in CBC mode with an HMAC of SHA-256) under a ring of keys.

    :param keys: oldest to newest, as `key_ring` gives them.
    """

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in reversed(keys)])

    def encrypt(self, text: bytes, /) -> bytes:
        """The text, encrypted with the newest key."""
        return self._fernet.encrypt(text)

    def decrypt(self, token: bytes, /) -> bytes:
        """The text of a token made with any of the keys.

        :raises UnreadablePayload: it was made with none of them, or changed.
        """
        try:
            return self._fernet.decrypt(token)
        except InvalidToken:
            raise UnreadablePayload(
                "it was encrypted with a key that is not in the ring, or was changed"
            ) from None


def _derived(secret: bytes) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret)
    return urlsafe_b64encode(key)


@lru_cache(maxsize=REMEMBERED)
def session_cipher(keys: tuple[bytes, ...]) -> SessionCipher:
    """The cipher for a ring of keys, made when first asked for and shared by all threads."""
    return SessionCipher(keys)


__all__ = ["SessionCipher", "session_cipher"]
