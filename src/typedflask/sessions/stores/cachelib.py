"""Sessions in a cache of cachelib, for an application that has one already.

A cache may forget: most throw entries away when they are full, some when their server starts
anew, and visitors are logged out then. And it cannot compare and write in one step, so writers of
a session take turns through an entry that only one of them can add. `CachelibStore` says what that
guarantees; where it matters more, choose a store that can do it by itself.

cachelib's own serializers are pickle, for which whoever can write into the cache can have any code
run here. This store puts its own in their place, and refuses a cache that has none to replace.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import IO, Self, TypeGuard

from typedflask.backends import import_by_name, missing_library
from typedflask.sessions.stores.contract import StoredSession, StoreOptions
from typedflask.sessions.stores.file_format import Content, Header, join, split
from typedflask.sessions.stores.polling import ask_until

try:
    from cachelib import BaseCache, FileSystemCache, NullCache
except ImportError as _error:
    raise missing_library("CachelibStore", "cachelib") from _error

LONGEST = 5 * 365 * 24 * 3600
"""Seconds after which a cache may forget a session that nobody came back to, whatever its lifetime:
some count to the year 2038."""
WRITERS_WAIT = 10.0
"""Seconds to wait for another writer, and after which one that died is no longer waited for."""
_OVERDUE = 30.0
"""Seconds after which a lock that should have opened is broken open, though the cache still has
it; far more than the clocks of two machines differ."""
_STRIPES = 64
_PREFIX = re.compile(r"[!-~]{0,100}")
_MARK = re.compile(rb"([0-9]{1,18}) [0-9a-f]{32}")
"""A lock's entry: when it should open, and who has it."""


class PlainSerializer:
    """Bytes as they are and whole numbers as digits, each behind a letter; anything else is nothing.

    cachelib's `FileSystemCache` keeps a number of its own beside what it is given.
    """

    def dumps(self, value: object) -> bytes:
        """The bytes of a value.

        :raises TypeError: the value is not bytes or a whole number.
        """
        if isinstance(value, bytes):
            return b"b" + value
        if type(value) is int:
            return b"i%d" % value
        raise TypeError(
            f"this cache was given to CachelibStore and keeps sessions: it takes bytes, and not"
            f" {type(value).__name__}. Give the store a cache of its own"
        )

    def loads(self, data: object) -> bytes | int | None:
        """The value of bytes; None for what `dumps` did not make."""
        if not isinstance(data, bytes | bytearray):
            return None
        letter, rest = bytes(data[:1]), bytes(data[1:])
        if letter == b"b":
            return rest
        if letter == b"i" and re.fullmatch(rb"-?[0-9]{1,18}", rest):
            return int(rest)
        return None

    def dump(self, value: object, file: IO[bytes]) -> None:
        """Write a value into a file."""
        file.write(self.dumps(value))

    def load(self, file: IO[bytes]) -> bytes | int | None:
        """Read a value from the rest of a file."""
        return self.loads(file.read())


class CachelibStore:
    """Keeps sessions in a cache that is the store's alone from then on.

    No update is lost, and a lock has one holder, as long as the cache adds an entry in one step
    and keeps what it was given. `RedisCache`, `ValkeyCache`, `MemcachedCache`, `DynamoDbCache` and
    `UWSGICache` add in one step. `FileSystemCache` and `MongoDbCache` do not, and `SimpleCache` is
    in one process only: with these it is guaranteed among the threads of one process. A cache that
    is full and throws away what ends soon throws away locks first; `SimpleCache` and
    `FileSystemCache` are full at 500 entries, if not told otherwise. A writer that stands still for
    ten seconds may find that another has taken its place.

    :param cache: any cache of cachelib. Its serializer is replaced by `PlainSerializer`.
    :param prefix: begins each key, to set sessions apart from others in the same cache.
    :param plain: says that this cache gives bytes back as they were, without pickle: for one that
        has no serializer (`MemcachedCache` with a client that was told not to pickle), or a
        serializer that is not cachelib's. It is then left as it is.
    :param clock: gives the time in seconds since 1970; for tests.
    :raises TypeError: this is no cache of cachelib.
    :raises ValueError: the cache keeps nothing, or may use pickle, or the prefix has signs that
        not every cache takes in a key.
    """

    def __init__(
        self,
        cache: BaseCache,
        *,
        prefix: str = "",
        plain: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        _forbid_pickle(cache, plain)
        if not _PREFIX.fullmatch(prefix):
            raise ValueError(
                f"the prefix {prefix!r} cannot begin a key of every cache: use up to 100 letters,"
                " digits and signs of ASCII, and no spaces"
            )
        self._cache = cache
        self._prefix = prefix
        self._clock = clock
        # Writers of this process take turns here first, which is quicker, and holds even where
        # the cache is full or adds in two steps.
        self._stripes = [Lock() for _ in range(_STRIPES)]
        self._adding = Lock()

    @classmethod
    def configured(cls, options: StoreOptions, /) -> Self:
        """Make the store that the configuration names.

        `SESSION_STORE` is `"package.module:name"`, the name of a cache or of a function without
        parameters that makes one.

        :raises ValueError: there is no such cache, or it cannot keep sessions.
        """
        wanted = 'the cachelib store wants the name of a cache, "package.module:name"'
        where = options.location
        if where is None or not re.fullmatch(r"[\w.]+:[\w.]+", where):
            # Not shown: it may be a URL with a password.
            raise ValueError(f"SESSION_STORE is missing or something else, but {wanted}")
        try:
            found = import_by_name(where)
        except ImportError as error:
            raise ValueError(f"SESSION_STORE is {where!r}, but {wanted}: {error}") from error
        cache = found() if callable(found) else found
        if not _is_cache(cache):
            raise ValueError(
                f"SESSION_STORE is {where!r}, which gives {type(cache).__name__}, but {wanted}"
            )
        return cls(cache, prefix=options.prefix)

    # --- the contract --------------------------------------------------------------------

    def load(self, session_id: str, /) -> StoredSession[bytes] | None:
        """See `SessionStore.load`; what this store did not write is no session."""
        found = self._living(self._key(session_id))
        return StoredSession(found.payload, found.header.version) if found else None

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: bytes | None
    ) -> bytes | None:
        """See `SessionStore.save`."""
        key = self._key(session_id)
        with self._writing(key):
            present = self._living(key)
            if (present.header.version if present else None) != expected:
                return None
            header = Header(version=os.urandom(16), end=self._clock() + lifetime)
            self._put(key, header, payload, lifetime)
            return header.version

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """See `SessionStore.touch`; a cache cannot, so the payload is written again."""
        key = self._key(session_id)
        with self._writing(key):
            present = self._living(key)
            if present is None:
                return False
            header = present.header.until(self._clock() + lifetime)
            self._put(key, header, present.payload, lifetime)
            return True

    def delete(self, session_id: str, /) -> None:
        """See `SessionStore.delete`.

        :raises OSError: the session is still there; a logout must not seem to have worked.
        """
        key = self._key(session_id)
        with self._writing(key):
            with self._asking():
                self._cache.delete(key)
            if self._living(key) is not None:
                raise OSError(f"the cache {self._name()} did not delete a session")

    def clean_up(self) -> int:
        """See `SessionStore.clean_up`; a cache removes by itself what has expired.

        :returns: 0.
        """
        return 0

    @contextmanager
    def lock(self, session_id: str, /, *, wait: float, hold: float) -> Generator[None]:
        """See `SessionLocks.lock`; it may open a second or two later than after `hold`."""
        with self._turn(f"{self._key(session_id)}:lock", wait, hold):
            yield

    # --- entries of the cache ------------------------------------------------------------

    def _key(self, session_id: str) -> str:
        """The key of a session; a hash, since caches differ in what they take."""
        digest = hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
        return self._prefix + digest

    def _living(self, key: str) -> Content | None:
        """The session under a key, unless it is missing, damaged or expired."""
        value = self._get(key)
        content = split(value) if isinstance(value, bytes) else None
        return content if content and self._clock() < content.header.end else None

    def _get(self, key: str) -> object:
        with self._asking():
            value: object = self._cache.get(key)
            return value

    def _put(self, key: str, header: Header, payload: bytes, lifetime: int) -> None:
        # A timeout of 0 is for ever, and some caches count from the second that has begun: the
        # end that counts is the one in the header.
        timeout = min(max(lifetime, 0) + 1, LONGEST)
        with self._asking():
            done = self._cache.set(key, join(header, payload), timeout)
        if not done:
            raise OSError(f"the cache {self._name()} did not keep a session")

    @contextmanager
    def _asking(self) -> Generator[None]:
        """Turn what a cache's library raises, whichever that is, into an outage."""
        try:
            yield
        except OSError:
            raise
        except Exception as error:
            raise ConnectionError(
                f"the cache {self._name()} cannot answer: {type(error).__name__}"
            ) from error

    def _name(self) -> str:
        return type(self._cache).__name__

    # --- turns ---------------------------------------------------------------------------

    @contextmanager
    def _writing(self, key: str) -> Generator[None]:
        """Be the only one to change a session."""
        with (
            self._stripes[hash(key) % _STRIPES],
            self._turn(f"{key}:writer", WRITERS_WAIT, WRITERS_WAIT),
        ):
            yield

    @contextmanager
    def _turn(self, name: str, wait: float, hold: float) -> Generator[None]:
        """Have an entry that nobody else could add."""
        mark = b"%d %s" % (self._clock() + hold, os.urandom(16).hex().encode())
        self._take(name, mark, wait, hold)
        try:
            yield
        finally:
            # It may have ended meanwhile, and the entry be another's. If the cache is away now,
            # what was done under the lock is done all the same, and the lock opens by itself.
            with suppress(OSError):
                if self._get(name) == mark:
                    with self._asking():
                        self._cache.delete(name)

    def _take(self, name: str, mark: bytes, wait: float, hold: float) -> None:
        """Try until the entry could be added or the time is over."""
        # One second more, as some caches count from the second that has begun.
        timeout = min(max(math.ceil(hold), 1) + 1, LONGEST)
        ask_until(lambda: self._add(name, mark, timeout), wait)

    def _add(self, name: str, mark: bytes, timeout: int) -> bool:
        """Add an entry, in the place of one that is over; whether it was this call that did."""
        with self._adding, self._asking():
            if self._cache.add(name, mark, timeout):
                return True
            if not self._is_over(self._cache.get(name)):
                return False
            self._cache.delete(name)
            return bool(self._cache.add(name, mark, timeout))

    def _is_over(self, mark: object) -> bool:
        """Whether a lock that the cache still has should have opened."""
        if mark is None:
            # Others have just removed it; files only look so, for theirs stay when they expire.
            return isinstance(self._cache, FileSystemCache)
        # cachelib adds to Redis in two steps: one that died between them left it without an end.
        found = _MARK.fullmatch(mark) if isinstance(mark, bytes) else None
        return found is None or int(found[1]) + _OVERDUE < self._clock()


def _is_cache(value: object) -> TypeGuard[BaseCache]:
    return isinstance(value, BaseCache)


def _forbid_pickle(cache: object, plain: bool) -> None:
    """Let a cache keep bytes, or refuse it.

    :raises TypeError: this is no cache.
    :raises ValueError: nothing is kept in it, or it may pickle.
    """
    if not isinstance(cache, BaseCache):
        raise TypeError(f"CachelibStore takes a cache of cachelib, not {type(cache).__name__}")
    name = type(cache).__name__
    if isinstance(cache, NullCache):
        raise ValueError(f"{name} keeps nothing, and so no sessions")
    serializer: object = getattr(cache, "serializer", None)
    if plain or isinstance(serializer, PlainSerializer):
        return
    if serializer is None:
        raise ValueError(
            f"{name} leaves it to its client how values are written, and clients use pickle: give"
            " it a client that does not, and say so with CachelibStore(cache, plain=True)"
        )
    if type(serializer).__module__ != "cachelib.serializers":
        raise ValueError(
            f"{name} has the serializer {type(serializer).__name__}, which may use pickle: leave"
            " it out, or say with CachelibStore(cache, plain=True) that it gives bytes back as"
            " they were, without pickle"
        )
    # On the object only: other caches of the class go on as before.
    setattr(cache, "serializer", PlainSerializer())


__all__ = ["CachelibStore", "PlainSerializer"]
