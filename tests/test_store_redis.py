"""Sessions in a real Redis: what every store must do, and what is Redis' own."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers import HOST, RedisServer, free_port
from typedflask.sessions.stores.contract import StoreOptions
from typedflask.sessions.stores.redis import SAVE, RedisStore
from typedflask.testing.conformance.stores import StoreConformance


class TestRedisStore(StoreConformance):
    cleans_itself = True

    @pytest.fixture(autouse=True)
    def server(self, redis_server: RedisServer) -> None:
        self.url = redis_server.url

    def make_store(self) -> RedisStore:
        return RedisStore(self.url)

    def make_second(self, store: object) -> RedisStore:
        return RedisStore(self.url)

    def make_neighbour(self, store: object) -> RedisStore:
        return RedisStore(self.url, prefix="other:")

    def make_unreachable(self) -> RedisStore:
        return RedisStore(f"redis://{HOST}:{free_port()}")

    def close_store(self, store: object) -> None:
        assert isinstance(store, RedisStore)
        store.close()


@pytest.fixture
def store(redis_server: RedisServer) -> Iterator[RedisStore]:
    store = RedisStore(redis_server.url, timeout=1, connect_timeout=1)
    yield store
    store.close()


def keep(store: RedisStore, payload: bytes = b"kept") -> bytes:
    version = store.save("mint", payload, lifetime=60, expected=None)
    assert version is not None
    return version


def payload_of(store: RedisStore) -> bytes | None:
    found = store.load("mint")
    return None if found is None else found.payload


OPERATIONS: list[Callable[[RedisStore], object]] = [
    lambda store: store.load("mint"),
    lambda store: store.save("mint", b"", lifetime=60, expected=None),
    lambda store: store.touch("mint", lifetime=60),
    lambda store: store.delete("mint"),
    lambda store: store.lock("mint", wait=1, hold=1).__enter__(),
]

each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=["load", "save", "touch", "delete", "lock"]
)


# --- outages -----------------------------------------------------------------------------


@each_operation
def test_a_server_that_dies_is_an_outage_until_it_is_back(
    operation: Callable[[RedisStore], object], store: RedisStore, redis_server: RedisServer
) -> None:
    keep(store)
    redis_server.kill()
    for _ in range(2):
        with pytest.raises(ConnectionError, match=f"^Redis at {HOST}:{redis_server.port} cannot"):
            operation(store)
    redis_server.start()
    operation(store)


@each_operation
def test_a_restart_between_two_requests_is_not_noticed(
    operation: Callable[[RedisStore], object], store: RedisStore, redis_server: RedisServer
) -> None:
    keep(store)
    redis_server.kill()
    redis_server.start()
    operation(store)


def test_a_server_that_hangs_is_an_outage_after_the_timeout(
    store: RedisStore, redis_server: RedisServer
) -> None:
    keep(store)
    with redis_server.frozen():
        start = time.monotonic()
        with pytest.raises(ConnectionError, match="Timeout reading"):
            store.load("mint")
        assert 0.9 < time.monotonic() - start < 3
    assert payload_of(store) == b"kept"


def test_a_server_dies_under_the_hands_of_many_threads(
    store: RedisStore, redis_server: RedisServer
) -> None:
    """Every call gives the session, or None after it is lost, or an OSError; and none a mixture."""
    keep(store)
    over = time.monotonic() + 1.5

    def work(_: int) -> set[object]:
        seen: set[object] = set()
        while time.monotonic() < over:
            try:
                seen.add(payload_of(store))
            except OSError:
                seen.add("away")
        return seen

    with ThreadPoolExecutor(8) as threads:
        work_done = threads.map(work, range(8))
        time.sleep(0.3)
        redis_server.kill()
        time.sleep(0.3)
        redis_server.start()
        assert set().union(*work_done) == {b"kept", "away", None}


def test_a_lock_that_cannot_be_given_back_is_an_outage_and_opens_by_itself(
    store: RedisStore, redis_server: RedisServer
) -> None:
    lock = store.lock("mint", wait=1, hold=1)
    with lock:
        assert 0 < int(redis_server.ask("PTTL", "lock:session:mint")[1:]) <= 1000
        redis_server.kill()
        with pytest.raises(ConnectionError):
            lock.__exit__()
        redis_server.start()


@pytest.mark.parametrize(
    ("setting", "undo", "said"),
    [
        (["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"], "OOM|maxmem"),
        (["REPLICAOF", HOST, "1"], ["REPLICAOF", "NO", "ONE"], "read only"),
    ],
    ids=["no memory", "a replica"],
)
def test_a_server_that_may_not_write_is_an_outage(
    store: RedisStore, redis_server: RedisServer, setting: list[str], undo: list[str], said: str
) -> None:
    keep(store)
    assert redis_server.ask(*setting) == b"+OK\r\n"
    try:
        with pytest.raises(ConnectionError, match=said):
            store.save("sage", b"new", lifetime=60, expected=None)
    finally:
        redis_server.ask(*undo)
    assert store.save("sage", b"new", lifetime=60, expected=None) is not None


def test_a_connection_to_a_server_that_became_a_replica_is_given_up(
    redis_server: RedisServer,
) -> None:
    """A new one may lead to the server that took over."""
    store = RedisStore(f"{redis_server.url}?client_name=shop")
    version = keep(store)
    redis_server.ask("REPLICAOF", HOST, "1")
    try:
        store.save("mint", b"two", lifetime=60, expected=b"another version.")
        assert b"name=shop" in redis_server.ask("CLIENT", "LIST"), "nothing was to be written"
        with pytest.raises(ConnectionError, match="read only"):
            store.save("mint", b"two", lifetime=60, expected=version)
        assert b"name=shop" not in redis_server.ask("CLIENT", "LIST")
    finally:
        redis_server.ask("REPLICAOF", "NO", "ONE")
        store.close()


# --- who may talk to it ------------------------------------------------------------------


def test_a_wrong_password_is_told_from_an_outage_and_not_shown(redis_server: RedisServer) -> None:
    redis_server.ask("CONFIG", "SET", "requirepass", "mellon")
    right = RedisStore(f"redis://:mellon@{HOST}:{redis_server.port}")
    try:
        keep(right)
        wrong = RedisStore(f"redis://:sesame@{HOST}:{redis_server.port}")
        with pytest.raises(PermissionError, match="look at the user and password") as caught:
            wrong.load("mint")
        assert "sesame" not in str(caught.value)
        with pytest.raises(PermissionError, match="required"):
            RedisStore(redis_server.url).load("mint")
    finally:
        redis.Redis(port=redis_server.port, password="mellon").config_set("requirepass", "")
        right.close()


def test_a_user_who_may_only_read_is_told_so(redis_server: RedisServer) -> None:
    redis_server.ask("ACL", "SETUSER", "reader", "on", "nopass", "~*", "+get")
    store = RedisStore(f"redis://reader:any@{HOST}:{redis_server.port}")
    try:
        assert store.load("mint") is None
        with pytest.raises(PermissionError, match="access list"):
            store.delete("mint")
    finally:
        redis_server.ask("ACL", "DELUSER", "reader")
        store.close()


# --- what is stored ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ["SET", "session:mint", "short"],
        ["SET", "session:mint", "\x80\x02}q\x00(written by something else"],
        ["SET", "session:mint", ""],
        ["RPUSH", "session:mint", "a list"],
        ["HSET", "session:mint", "a", "hash"],
    ],
    ids=["short", "another format", "nothing", "list", "hash"],
)
def test_what_the_store_did_not_write_is_no_session(
    store: RedisStore, redis_server: RedisServer, command: list[str]
) -> None:
    redis_server.ask(*command)
    assert store.load("mint") is None
    assert store.save("mint", b"over it", lifetime=60, expected=b"tfs1 another one") is None
    store.delete("mint")
    keep(store)


def test_a_session_ends_by_itself(store: RedisStore, redis_server: RedisServer) -> None:
    keep(store)
    assert redis_server.ask("TTL", "session:mint") in {b":60\r\n", b":59\r\n"}
    store.touch("mint", lifetime=600)
    assert redis_server.ask("TTL", "session:mint") in {b":600\r\n", b":599\r\n"}
    assert store.clean_up() == 0


def test_a_server_that_forgot_the_scripts_is_told_them_again(
    store: RedisStore, redis_server: RedisServer
) -> None:
    version = keep(store)
    redis_server.ask("SCRIPT", "FLUSH")
    assert store.save("mint", b"two", lifetime=60, expected=version) is not None
    redis_server.ask("SCRIPT", "FLUSH")
    with store.lock("mint", wait=0, hold=1):
        redis_server.ask("SCRIPT", "FLUSH")
    with store.lock("mint", wait=0, hold=1):
        pass


def test_each_method_is_one_command(store: RedisStore, redis_server: RedisServer) -> None:
    version = keep(store)

    def calls() -> int:
        answer = redis_server.ask("INFO", "stats")
        found = re.search(rb"total_commands_processed:(\d+)", answer)
        assert found is not None
        return int(found[1])

    # The question itself counts, and so do commands that a script gives.
    first = calls()
    idle = calls() - first
    scripted = {"save": 2}
    actions: dict[str, Callable[[], object]] = {
        "load": lambda: store.load("mint"),
        "save": lambda: store.save("mint", b"two", lifetime=60, expected=version),
        "touch": lambda: store.touch("mint", lifetime=60),
        "delete": lambda: store.delete("mint"),
    }
    for name, action in actions.items():
        before = calls()
        action()
        assert calls() - before - idle == 1 + scripted.get(name, 0), name


# --- connections -------------------------------------------------------------------------


class LosesAnswers:
    """Stands before a server and closes the connection instead of giving some of its answers."""

    def __init__(self, server: RedisServer) -> None:
        self._server = server
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self.lose = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client = self._listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=[client], daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection((HOST, self._server.port)) as server:
            while question := client.recv(65536):
                server.sendall(question)
                answer = server.recv(65536)
                if self.lose:
                    self.lose = False
                    return
                client.sendall(answer)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)


def test_a_write_whose_answer_was_lost_is_not_taken_for_another_writers(
    redis_server: RedisServer,
) -> None:
    """The command is given a second time on a new connection, and finds its own work done."""
    between = LosesAnswers(redis_server)
    store = RedisStore(f"redis://{HOST}:{between.port}")
    try:
        assert store.load("mint") is None
        between.lose = True
        version = keep(store)
        between.lose = True
        assert store.save("mint", b"two", lifetime=60, expected=version) is not None
        assert payload_of(store) == b"two"
        between.lose = True
        with store.lock("mint", wait=0, hold=1):
            between.lose = True
        with store.lock("mint", wait=0, hold=1):
            pass
        assert not between.lose
    finally:
        store.close()
        between.close()


def test_a_forked_process_opens_connections_of_its_own(store: RedisStore) -> None:
    """With those of its parent, one would read the answers of the other."""
    keep(store)
    inside, outside = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        try:
            for _ in range(200):
                assert store.save("child", b"c" * 100, lifetime=60, expected=None)
                assert store.load("child") is not None
                store.delete("child")
            os.write(outside, b"well")
        finally:
            os._exit(0)
    os.close(outside)
    for _ in range(200):
        assert payload_of(store) == b"kept"
    assert os.waitpid(child, 0)[1] == 0
    with os.fdopen(inside, "rb") as said:
        assert said.read() == b"well"


def test_a_socket_in_the_file_system_is_a_place_too(redis_server: RedisServer) -> None:
    path = redis_server.folder / "socket"
    store = RedisStore(f"unix://{path}")
    keep(store)
    assert payload_of(store) == b"kept"
    redis_server.kill()
    with pytest.raises(ConnectionError, match=f"^Redis at {path} cannot"):
        store.load("mint")
    store.close()


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_client_lends_its_connections_whatever_it_decodes(
    redis_server: RedisServer, protocol: int
) -> None:
    client = redis.Redis(
        port=redis_server.port,
        decode_responses=True,
        max_connections=1,
        protocol=protocol,
        retry=Retry(NoBackoff(), 0),
    )
    store = RedisStore(client, prefix="shop:")
    keep(store, b"\xff\x00")
    # The only connection there may be was given back.
    assert client.exists("shop:mint")
    assert payload_of(store) == b"\xff\x00"
    with store.lock("mint", wait=0, hold=1), pytest.raises(TimeoutError, match="0 seconds"):
        store.lock("mint", wait=0, hold=1).__enter__()
    redis_server.kill()
    with pytest.raises(ConnectionError, match="cannot be used for sessions"):
        store.load("mint")
    redis_server.start()
    assert store.load("mint") is None
    client.close()


# --- how it is made ----------------------------------------------------------------------


def options(location: str | None) -> StoreOptions:
    return StoreOptions(location, "shop:", "/nowhere")


def test_the_configuration_gives_url_and_prefix(redis_server: RedisServer) -> None:
    store = RedisStore.configured(options(redis_server.url))
    keep(store)
    assert redis_server.ask("EXISTS", "shop:mint") == b":1\r\n"
    store.close()


def test_a_location_is_asked_for() -> None:
    with pytest.raises(ValueError, match=r"SESSION_STORE is not set.*redis://localhost"):
        RedisStore.configured(options(None))


@pytest.mark.parametrize(
    "url",
    [
        "http://user:hidden@example.com",
        "redis://user:hidden@example.com/?colour=red",
        "redis://user:hidden@example.com/?db=one",
        "hidden",
    ],
)
def test_a_url_that_cannot_be_used_is_an_error_at_once_and_not_shown(url: str) -> None:
    with pytest.raises(ValueError, match="the URL of the Redis store cannot be used") as caught:
        RedisStore.configured(options(url))
    assert "hidden" not in str(caught.value)


def test_a_client_of_another_kind_is_refused() -> None:
    make: Callable[..., object] = RedisStore
    with pytest.raises(TypeError, match=r"a URL or a redis\.Redis, not a Redis of redis\.asyncio"):
        make(redis.asyncio.Redis())


def test_the_digest_is_the_one_the_server_gives(redis_server: RedisServer) -> None:
    answer = redis_server.ask("SCRIPT", "LOAD", SAVE.source.decode())
    assert answer == b"$40\r\n" + SAVE.digest + b"\r\n"
