"""The signer of session cookies, made once per set of keys instead of once per request.

All signing is done by itsdangerous; what is kept here is kept through the doors it offers: a
signer that remembers the keys it derived, an algorithm that starts from an HMAC already keyed,
and a serializer that remembers its signer. The result on the wire is the same.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from itsdangerous import (
    Signer,
    TimestampSigner,
    URLSafeTimedSerializer,
    base64_encode,
    want_bytes,
)
from itsdangerous.signer import SigningAlgorithm

from typedflask.newer_typing import override
from typedflask.sessions.contract import SessionSerializer

# Any: what `hashlib` calls a hash has no public name.
DigestMethod = Callable[..., Any]
"""Makes a hash object from bytes or from nothing, as `hashlib.sha1` does."""

REMEMBERED: Final = 64
"""How many serializers are kept; a process rarely has more than one per application."""


JUST_AGE: Final = frozenset({"max_age"})
"""The arguments with which a session is read: all but a limit of age is left to its default."""


class KeyedHMAC(SigningAlgorithm):
    """HMAC that keeps, for each key, the state after the key has gone in, and copies that."""

    def __init__(self, digest_method: DigestMethod) -> None:
        self.digest_method = digest_method
        self._keyed: dict[bytes, hmac.HMAC] = {}

    @override
    def get_signature(self, key: bytes, value: bytes) -> bytes:
        keyed = self._keyed.get(key)
        if keyed is None:
            if len(self._keyed) >= REMEMBERED:
                self._keyed.clear()
            keyed = self._keyed[key] = hmac.new(key, digestmod=self.digest_method)
        mac = keyed.copy()
        mac.update(value)
        return mac.digest()


class KeepingSigner(TimestampSigner):
    """A signer that derives each of its keys once."""

    def __init__(
        self,
        secret_key: list[bytes],
        salt: str | bytes,
        *,
        key_derivation: str,
        digest_method: DigestMethod,
    ) -> None:
        super().__init__(
            secret_key,
            salt,
            key_derivation=key_derivation,
            digest_method=digest_method,
            algorithm=KeyedHMAC(digest_method),
        )
        self._derived = {key: super(KeepingSigner, self).derive_key(key) for key in secret_key}

    @override
    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        key = self.secret_keys[-1] if secret_key is None else want_bytes(secret_key)
        return self._derived.get(key) or super().derive_key(key)


class CookieSerializer(URLSafeTimedSerializer):
    """A serializer that keeps its signer, and compresses with a window fit for a cookie.

    :param keys: oldest to newest; the last signs, all verify.
    :param salt: sets these signatures apart from others made with the same keys.
    """

    def __init__(
        self,
        keys: tuple[bytes, ...],
        salt: str | bytes,
        key_derivation: str,
        digest_method: DigestMethod,
        serializer: SessionSerializer,
    ) -> None:
        super().__init__(
            keys,
            salt,
            serializer,
            signer=KeepingSigner,
            signer_kwargs={"key_derivation": key_derivation, "digest_method": digest_method},
        )
        self._signer = KeepingSigner(
            self.secret_keys,
            salt,
            key_derivation=key_derivation,
            digest_method=digest_method,
        )

    @override
    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._signer if salt is None or salt == self.salt else super().make_signer(salt)

    # Any: two classes of itsdangerous disagree on the parameters of `loads`, and this overrides
    # both. Annotated with `URLSafeTimedSerializer`, the object has that class's signature.
    @override
    def loads(self, s: str | bytes, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs.keys() != JUST_AGE:
            return super().loads(s, *args, **kwargs)
        # The general way tries a list of signers, and makes a date of the time stamp.
        return self.load_payload(self._signer.unsign(s, kwargs["max_age"]))

    # Any: as the serializer it overrides.
    @override
    def dump_payload(self, obj: Any) -> bytes:
        text = want_bytes(self.serializer.dumps(obj))
        packed = compress(text)
        # A full stop tells the reader that the payload is compressed, and is itself a byte.
        return b"." + base64_encode(packed) if len(packed) + 1 < len(text) else base64_encode(text)


def compress(text: bytes) -> bytes:
    """Compress for a cookie, which holds 4 KiB at most: the window need not be larger.

    `zlib.compress` clears a quarter of a megabyte first, and that takes eight times as long as
    compressing a session. Any reader of zlib's format reads the result.
    """
    packer = zlib.compressobj(wbits=12, memLevel=5)
    return packer.compress(text) + packer.flush()


# A key is made of everything a signature depends on, so a changed configuration finds a new
# serializer. The serializer of the payload is known by its identity: it need not be hashable, and
# the kept value holds it, so that its identity is not given to another object meanwhile.
_Key = tuple[tuple[bytes, ...], str | bytes, str, DigestMethod, int]
_remembered: Final[dict[_Key, CookieSerializer]] = {}


def signing_serializer(
    keys: tuple[bytes, ...],
    salt: str | bytes,
    key_derivation: str,
    digest_method: DigestMethod,
    serializer: SessionSerializer,
) -> CookieSerializer:
    """The serializer for these keys and settings, made when first asked for.

    It is shared by all threads and must not be changed.
    """
    key = (keys, salt, key_derivation, digest_method, id(serializer))
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        found = CookieSerializer(keys, salt, key_derivation, digest_method, serializer)
        _remembered[key] = found
    return found


def key_ring(secret_key: str | bytes, fallbacks: Sequence[str | bytes] | None) -> tuple[bytes, ...]:
    """The keys in the order itsdangerous wants them: oldest first, the one that signs last.

    :param secret_key: the value of `SECRET_KEY`.
    :param fallbacks: the value of `SECRET_KEY_FALLBACKS`, newest first as documented, or None.
    :raises TypeError: a key is neither `str` nor `bytes`, or the fallbacks are not a sequence of
        keys. A lone string is refused too: each of its letters would become a key.
    :raises ValueError: a fallback is empty, so that anybody could sign with it.
    """
    newest = _key(secret_key, "SECRET_KEY")
    if not fallbacks:
        return (newest,)
    if not isinstance(fallbacks, list | tuple):
        raise TypeError(
            "SECRET_KEY_FALLBACKS must be a list of keys, the newest first; it is a "
            f"{type(fallbacks).__name__}."
        )
    older = [
        _key(fallback, f"SECRET_KEY_FALLBACKS[{place}]") for place, fallback in enumerate(fallbacks)
    ]
    return (*reversed(older), newest)


def _key(value: object, name: str) -> bytes:
    if not isinstance(value, str | bytes):
        raise TypeError(f"{name} must be str or bytes; it is a {type(value).__name__}.")
    if not value:
        raise ValueError(f"{name} is empty, and anybody can sign with an empty key. Remove it.")
    return want_bytes(value)
