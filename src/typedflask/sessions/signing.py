"""The signer of session cookies, made once per set of keys instead of once per request.

All signing is done by itsdangerous; what is kept here is kept through the doors it offers: a
signer that remembers the keys it derived, an algorithm that starts from an HMAC already keyed,
and a serializer that remembers its signer. The result on the wire is the same, but that a small
session is not compressed (decision 028).
"""

from __future__ import annotations

import hmac
import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Sequence
from hmac import compare_digest
from typing import Any, ClassVar, Final

from itsdangerous import (
    Signer,
    TimestampSigner,
    URLSafeTimedSerializer,
    want_bytes,
)
from itsdangerous.encoding import int_to_bytes
from itsdangerous.signer import SigningAlgorithm

from typedflask.newer_typing import override
from typedflask.sessions.contract import PlainText, SessionSerializer, short_ways_of
from typedflask.sessions.exchange import SIGNED

# Any: what `hashlib` calls a hash has no public name.
DigestMethod = Callable[..., Any]
"""Makes a hash object from bytes or from nothing, as `hashlib.sha1` does."""

REMEMBERED: Final = 64
"""How many serializers are kept; a process rarely has more than one per application."""


IN_URLS: Final = bytes.maketrans(b"+/", b"-_")
OUT_OF_URLS: Final = bytes.maketrans(b"-_", b"+/")
"""The last two digits of base 64, which look otherwise in URLs (RFC 4648, section 5)."""

PADDING: Final = (b"", b"===", b"==", b"=")
"""What is left out after text in base 64, by the remainder of its length divided by four."""

STAMP_DIGITS: Final = 6
"""Digits of base 64 in a time stamp, until the year 2106."""

MOST_READ: Final = 1024
"""How many cookies that were found good are kept; then all are forgotten."""

LONGEST: Final = 1024
"""How long a cookie and its payload may be, in characters and bytes, to be kept."""

SMALL: Final = 128
"""Bytes from which on a session is compressed (decision 028)."""


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
        self._signer = signer = KeepingSigner(
            self.secret_keys,
            salt,
            key_derivation=key_derivation,
            digest_method=digest_method,
        )
        self._keys = tuple(signer.derive_key(key) for key in reversed(self.secret_keys))
        self._stamp: tuple[int | None, bytes] = None, b""
        self._good: dict[str, tuple[int, str | bytes]] = {}
        self._short: PlainText | None = short_ways_of(serializer)

    @override
    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._signer if salt is None or salt == self.salt else super().make_signer(salt)

    # Any: the content of the cookie.
    def read(self, cookie: str, seconds: int) -> Any:
        """What `loads` gives for a cookie that is not older than so many seconds.

        A cookie as we write it is taken apart here. Everything else is left to itsdangerous, which
        also says what is wrong; so all that has to be right here is what is accepted.

        :raises Exception: as `loads`.
        """
        try:
            made, text = self._good.get(cookie) or self._signed_text(cookie)
            if 0 <= self._signer.get_timestamp() - made <= seconds:
                if isinstance(text, str):
                    return self.serializer.loads(text)
                if self._short is not None:
                    return self._short.load_plain(text)
        except Exception:  # of decoding, or any that the payload's serializer may raise
            pass
        return self.loads(cookie, max_age=seconds)

    def _signed_text(self, cookie: str) -> tuple[int, str | bytes]:
        """When a cookie was signed, and the payload's text; the next time they are known.

        The text is encoded if it is plain, for `load_plain`.

        Visitors send the same cookie until their session changes (decision 088).

        :raises Exception: it takes itsdangerous to read it.
        """
        value = cookie.encode("ascii")
        payload, stamp, signature = value.translate(OUT_OF_URLS).rsplit(b".", 2)
        if len(stamp) != STAMP_DIGITS or not self.is_text_serializer:
            raise ValueError
        self._verify(value[: -1 - len(signature)], signature)
        data = _decoded(payload.removeprefix(b"."))
        if payload.startswith(b"."):
            data = zlib.decompress(data)
        text = data.decode()
        plain = None if self._short is None else self._short.plain(text)
        found = int.from_bytes(_decoded(stamp), "big"), text if plain is None else plain
        if len(cookie) <= LONGEST and len(data) <= LONGEST:
            if len(self._good) >= MOST_READ:
                self._good.clear()
            self._good[cookie] = found
        return found

    def _verify(self, signed: bytes, signature: bytes) -> None:
        """Find the key something was signed with.

        The signature is compared as it is written, which is stricter than after decoding, where
        several spellings are one.

        :raises ValueError: there is none.
        """
        algorithm = self._signer.algorithm
        for key in self._keys:
            right = b2a_base64(algorithm.get_signature(key, signed), newline=False)
            if compare_digest(right.rstrip(b"="), signature):
                return
        raise ValueError

    # Any: as the serializer it overrides.
    @override
    def dumps(self, obj: Any, salt: str | bytes | None = None) -> str:
        if salt is not None:
            return as_text(super().dumps(obj, salt))
        # What the signer does, with the time stamp written once a second.
        signer = self._signer
        seconds, stamp = self._stamp
        now = signer.get_timestamp()
        if now != seconds:
            stamp = b"." + _encoded(int_to_bytes(now))
            self._stamp = now, stamp
        value = self.dump_payload(obj) + stamp
        signature = signer.algorithm.get_signature(self._keys[0], value)
        SIGNED[0] = text = (value + b"." + _encoded(signature)).decode("ascii")
        return text

    # Any: as the serializer it overrides.
    @override
    def dump_payload(self, obj: Any) -> bytes:
        data = None if self._short is None else self._short.dump_plain(obj)
        if data is None:
            text = self.serializer.dumps(obj)
            data = text.encode() if self.is_text_serializer else want_bytes(text)
        if len(data) >= SMALL:
            packed = compress(data)
            # A full stop tells the reader that the payload is compressed, and is itself a byte.
            if len(packed) + 1 < len(data):
                return b"." + _encoded(packed)
        return _encoded(data)


def _encoded(data: bytes) -> bytes:
    """Data in base 64, as itsdangerous writes it."""
    return b2a_base64(data, newline=False).translate(IN_URLS).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    """The data of such text, whose digits were put back before."""
    return a2b_base64(text + PADDING[len(text) & 3])


def as_text(value: str | bytes) -> str:
    """A signed value, which is text: the serializer of the payload here gives nothing else."""
    return value if isinstance(value, str) else value.decode("ascii")


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


_Use = tuple[str | bytes, str | bytes, str, DigestMethod, SessionSerializer, CookieSerializer]
"""What a serializer was last asked for with, but for fallback keys, which there were none; and it."""


_last_use: Final[list[_Use | None]] = [None]
"""Where all threads find the last use, which is nearly always the next one, too."""


def signing_serializer(
    secret_key: str | bytes,
    fallbacks: Sequence[str | bytes] | None,
    salt: str | bytes,
    key_derivation: str,
    digest_method: DigestMethod,
    serializer: SessionSerializer,
) -> CookieSerializer:
    """The serializer for these keys and settings, made when first asked for.

    It is shared by all threads and must not be changed.

    :raises TypeError: as `key_ring`.
    :raises ValueError: as `key_ring`.
    """
    if not fallbacks:
        # Keys and settings rarely change, and are known by their identity sooner than by value.
        last = _last_use[0]
        if last is not None:
            its_key, its_salt, its_derivation, its_method, its_payload, its_own = last
            if (
                its_key is secret_key
                and its_salt is salt
                and its_derivation is key_derivation
                and its_method is digest_method
                and its_payload is serializer
            ):
                return its_own
    found = _kept_serializer(
        key_ring(secret_key, fallbacks), salt, key_derivation, digest_method, serializer
    )
    if not fallbacks:
        _last_use[0] = secret_key, salt, key_derivation, digest_method, serializer, found
    return found


def _kept_serializer(
    keys: tuple[bytes, ...],
    salt: str | bytes,
    key_derivation: str,
    digest_method: DigestMethod,
    serializer: SessionSerializer,
) -> CookieSerializer:
    key = (keys, salt, key_derivation, digest_method, id(serializer))
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        found = CookieSerializer(keys, salt, key_derivation, digest_method, serializer)
        _remembered[key] = found
    return found


class _LastKey:
    """The key that was asked for last without fallbacks, and its ring; as `_Last`."""

    ring: ClassVar[tuple[str | bytes, tuple[bytes, ...]] | None] = None


def key_ring(secret_key: str | bytes, fallbacks: Sequence[str | bytes] | None) -> tuple[bytes, ...]:
    """The keys in the order itsdangerous wants them: oldest first, the one that signs last.

    :param secret_key: the value of `SECRET_KEY`.
    :param fallbacks: the value of `SECRET_KEY_FALLBACKS`, newest first as documented, or None.
    :raises TypeError: a key is neither `str` nor `bytes`, or the fallbacks are not a sequence of
        keys. A lone string is refused too: each of its letters would become a key.
    :raises ValueError: a fallback is empty, so that anybody could sign with it.
    """
    if not fallbacks:
        last = _LastKey.ring
        if last is not None and last[0] is secret_key:
            return last[1]
        ring = (_key(secret_key, "SECRET_KEY"),)
        _LastKey.ring = secret_key, ring
        return ring
    newest = _key(secret_key, "SECRET_KEY")
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
