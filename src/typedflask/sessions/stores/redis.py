"""Sessions in Redis or Valkey: `RedisStore`, for any number of processes and machines.

A session is one string: a header of sixteen bytes, which is its version, and the payload. Reading
is one command, and so is writing: a script of the server compares the version and replaces the
string. Expired sessions are Redis' own affair.

Commands are sent over redis-py's connections and not through its client, whose convenience costs
more time than all the rest of a request's session (decision 039).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha1
from threading import Lock
from typing import Any, Final, Protocol, Self, cast

from typedflask.backends import missing_library
from typedflask.sessions.stores.contract import StoredSession, StoreOptions
from typedflask.sessions.stores.polling import ask_until

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.exceptions import (
        AuthenticationError,
        NoPermissionError,
        NoScriptError,
        ReadOnlyError,
        RedisError,
        ResponseError,
    )
    from redis.exceptions import ConnectionError as Disconnected
    from redis.retry import Retry
except ImportError as _error:
    raise missing_library("RedisStore", "redis") from _error

MARK: Final = b"tfs1"
"""What every session of this store begins with; anything else under its keys is not its own."""
HEADER: Final = 16
"""How long the mark and the random bytes behind it are together."""
LONGEST: Final = 10**12
"""Seconds that a session may live; Redis cannot count many more."""


class Line(Protocol):
    """What is used of a connection of redis-py."""

    def send_packed_command(self, command: tuple[bytes], check_health: bool = ..., /) -> object:
        """Send bytes; connects first if it is not connected."""
        ...

    def read_response(self, disable_decoding: bool = ..., /) -> object:
        """Wait for the answer to a command."""
        ...

    def disconnect(self) -> object:
        """Close it; it can be used again."""
        ...


class Lines(Protocol):
    """What is used of a connection pool of redis-py."""

    # Any: the options that connections are made with are of many types.
    connection_kwargs: Mapping[str, Any]
    # Any: constructors of connections agree on no signature.
    connection_class: Callable[..., Any]

    def get_connection(self) -> Line:
        """Give a connection that is connected."""
        ...

    def release(self, connection: Line, /) -> object:
        """Take a connection back."""
        ...


def _lines(pool: object) -> Lines:
    # redis-py's own annotations leave out most of these methods' types.
    return cast("Lines", pool)


class Script:
    """A program for the server, sent once and then called by its digest."""

    def __init__(self, source: str) -> None:
        self.source: bytes = source.encode()
        self.digest: bytes = sha1(self.source, usedforsecurity=False).hexdigest().encode()


SAVE: Final = Script("""
-- The key holds what is expected: a version, or nothing. Or the new version is there already, and
-- this is the second time because the first answer was lost.
local kept = redis.call('GETRANGE', KEYS[1], 0, 15)
if kept ~= ARGV[1] and kept ~= string.sub(ARGV[2], 1, 16) then return 0 end
if tonumber(ARGV[3]) > 0 then
    redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
else
    redis.call('DEL', KEYS[1])
end
return 1
""")

LOCK: Final = Script("""
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
return 0
""")

UNLOCK: Final = Script("""
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
""")


def packed(*words: bytes) -> bytes:
    """A command in Redis' protocol."""
    parts = [b"$%d\r\n%b\r\n" % (len(word), word) for word in words]
    return b"*%d\r\n%b" % (len(words), b"".join(parts))


class Exchange:
    """Sends commands and reads their answers, one connection for each thread that is at it.

    :param pool: makes the connections, or lends them.
    :param lends: whether others use the pool too; its connections are given back after each
        command then.
    """

    def __init__(self, pool: Lines, *, lends: bool) -> None:
        self._pool = pool
        self._lends = lends
        self._idle: list[Line] = []
        self._process = os.getpid()
        self._forking = Lock()

    def ask(self, command: bytes) -> object:
        """Send a command and give the answer; None also where a value is not a string.

        A command is sent a second time when the server closed a connection that was waiting: all
        commands of this store may be repeated.

        :raises ConnectionError: the server is away, or answers that it cannot.
        :raises NoScriptError: the command calls a script that the server does not know.
        """
        if self._process != os.getpid():
            self._start_anew()
        try:
            waiting = self._idle.pop()
        except IndexError:
            waiting = None
        try:
            if waiting is not None:
                try:
                    return self._ask(waiting, command)
                except Disconnected:
                    self.close()
            return self._ask(self._pool.get_connection(), command)
        except NoScriptError:
            raise
        except (RedisError, OSError) as error:
            if isinstance(error, ResponseError) and "WRONGTYPE" in str(error):
                return None
            raise self._away(error) from error

    def run(self, script: Script, *words: bytes) -> object:
        """Run a script with one key and some arguments; see `ask`."""
        try:
            return self.ask(packed(b"EVALSHA", script.digest, b"1", *words))
        except NoScriptError:
            pass
        return self.ask(packed(b"EVAL", script.source, b"1", *words))

    def close(self) -> None:
        """Close the connections that wait for a command."""
        with suppress(IndexError):
            while True:
                self._drop(self._idle.pop())

    def _ask(self, line: Line, command: bytes) -> object:
        try:
            line.send_packed_command((command,), False)
            answer = line.read_response(True)
        except ReadOnlyError:
            # Behind this address another server may be the one that writes by now.
            self._drop(line)
            raise
        except ResponseError:
            self._keep(line)
            raise
        except BaseException:
            # Half a question or half an answer: nobody must go on where this one stopped.
            self._drop(line)
            raise
        self._keep(line)
        return answer

    def _keep(self, line: Line) -> None:
        if self._lends:
            self._pool.release(line)
        else:
            self._idle.append(line)

    def _drop(self, line: Line) -> None:
        line.disconnect()
        self._pool.release(line)

    def _start_anew(self) -> None:
        """In a process that was forked: the waiting connections are the parent's."""
        with self._forking:
            if self._process != os.getpid():
                self._idle = []
                self._process = os.getpid()

    def _away(self, error: Exception) -> OSError:
        options = self._pool.connection_kwargs
        place = (
            options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
        )
        if isinstance(error, AuthenticationError | NoPermissionError):
            return PermissionError(
                f"Redis at {place} refuses to keep sessions for this user: {error} (look at the"
                " user and password of the URL, and at the server's access list)"
            )
        return ConnectionError(f"Redis at {place} cannot be used for sessions: {error}")


class RedisLock:
    """A session's lock; see `RedisStore.lock`."""

    __slots__ = ("_exchange", "_hold", "_key", "_token", "_wait")

    def __init__(self, exchange: Exchange, key: bytes, wait: float, hold: float) -> None:
        self._exchange = exchange
        self._key = key
        self._wait = wait
        self._hold = b"%d" % max(1, int(hold * 1000))
        self._token = os.urandom(HEADER)

    def __enter__(self) -> Self:
        ask_until(self._get, self._wait)
        return self

    def _get(self) -> bool:
        return self._exchange.run(LOCK, self._key, self._token, self._hold) == 1

    def __exit__(self, *_: object) -> None:
        self._exchange.run(UNLOCK, self._key, self._token)


class RedisStore:
    """Keeps sessions in Redis, version 6 or newer, or in Valkey.

    :param location: a URL, `redis://`, `rediss://` (TLS) or `unix://`, with redis-py's options in
        its query; or a `redis.Redis`, whose connections are then borrowed command by command,
        and whose timeouts and attempts to connect hold.
    :param prefix: what the keys begin with.
    :param timeout: seconds to wait for an answer, after which the server counts as away.
    :param connect_timeout: seconds to wait for a connection.
    :raises ValueError: the URL is none that redis-py understands.
    :raises TypeError: a client of another kind, asynchronous or of a cluster, say.

    A server that is away, is loading, has no memory left or may not be written to is an `OSError`
    in every method, a refused password a `PermissionError`. Every operation tries the server anew.
    """

    def __init__(
        self,
        location: str | redis.Redis,
        *,
        prefix: str = "session:",
        timeout: float = 5.0,
        connect_timeout: float = 2.0,
    ) -> None:
        if isinstance(location, str):
            self._exchange = Exchange(_pool(location, timeout, connect_timeout), lends=False)
        else:
            self._exchange = Exchange(_borrowed(location), lends=True)
        self._prefix = prefix

    @classmethod
    def configured(cls, options: StoreOptions, /) -> Self:
        """Make the store that the configuration names: `SESSION_STORE` is a URL.

        :raises ValueError: it is not set, or no URL of a Redis.
        """
        if options.location is None:
            raise ValueError(
                "SESSION_STORE is not set, and the Redis store wants the URL of a server:"
                " redis://localhost:6379/0, for example"
            )
        return cls(options.location, prefix=options.prefix)

    def load(self, session_id: str, /) -> StoredSession[bytes] | None:
        """See `SessionStore.load`; what this store did not write is no session."""
        kept = self._exchange.ask(packed(b"GET", self._key(session_id)))
        if not isinstance(kept, bytes) or len(kept) < HEADER or not kept.startswith(MARK):
            return None
        return StoredSession(kept[HEADER:], kept[:HEADER])

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: bytes | None
    ) -> bytes | None:
        """See `SessionStore.save`; a lifetime of 0 or less keeps nothing."""
        version = MARK + os.urandom(HEADER - len(MARK))
        saved = self._exchange.run(
            SAVE, self._key(session_id), expected or b"", version + payload, _seconds(lifetime)
        )
        return version if saved == 1 else None

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """See `SessionStore.touch`; a lifetime of 0 or less ends the session."""
        command = packed(b"EXPIRE", self._key(session_id), _seconds(lifetime))
        return self._exchange.ask(command) == 1

    def delete(self, session_id: str, /) -> None:
        """See `SessionStore.delete`."""
        self._exchange.ask(packed(b"DEL", self._key(session_id)))

    def clean_up(self) -> int:
        """Give 0: Redis removes what has expired by itself."""
        return 0

    def lock(self, session_id: str, /, *, wait: float, hold: float) -> RedisLock:
        """See `SessionLocks.lock`; the lock is a key, and on one server, not a quorum of many."""
        return RedisLock(self._exchange, b"lock:" + self._key(session_id), wait, hold)

    def close(self) -> None:
        """Close the connections that this store keeps; it can still be used, and opens others."""
        self._exchange.close()

    def _key(self, session_id: str) -> bytes:
        return f"{self._prefix}{session_id}".encode("utf-8", "surrogatepass")


def _seconds(lifetime: int) -> bytes:
    return b"%d" % min(lifetime, LONGEST)


def _borrowed(client: object) -> Lines:
    if isinstance(client, redis.Redis):
        return _lines(client.connection_pool)
    kind = type(client)
    raise TypeError(
        f"RedisStore wants a URL or a redis.Redis, not a {kind.__name__} of {kind.__module__}"
    )


def _pool(url: str, timeout: float, connect_timeout: float) -> Lines:
    """The pool of a URL, whose mistakes are found now; its text may hold a password."""
    # redis-py annotates only some of its parameters.
    from_url: Callable[..., object] = getattr(redis.ConnectionPool, "from_url")
    try:
        pool = _lines(
            from_url(
                url,
                # The protocol that needs no greeting, and no second attempts: whoever wants the
                # session is told soon that it cannot be had.
                protocol=2,
                retry=Retry(NoBackoff(), 0),
                socket_timeout=timeout,
                socket_connect_timeout=connect_timeout,
            )
        )
        pool.connection_class(**pool.connection_kwargs)
    except (TypeError, ValueError, RedisError) as error:
        raise ValueError(
            f"the URL of the Redis store cannot be used: {error} (it is not shown, because it may"
            " hold a password); it looks like redis://user:password@host:6379/0"
        ) from error
    return pool


__all__ = ["RedisStore"]
