"""Sessions in a cache of cachelib: the conformance suite, and that nothing is ever unpickled."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from cachelib import BaseCache, FileSystemCache, MemcachedCache, NullCache, RedisCache, SimpleCache
from cachelib.serializers import BaseSerializer
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers import RedisServer, free_port
from typedflask.sessions.stores.cachelib import CachelibStore, PlainSerializer
from typedflask.sessions.stores.contract import AnySessionStore, StoreOptions
from typedflask.testing.conformance.stores import StoreConformance


class CachelibConformance(StoreConformance):
    cleans_itself = True
    ahead = 0.0

    def clock(self) -> float:
        return time.time() + self.ahead

    def wait(self, seconds: float, /) -> None:
        """So long that the locks that the cache still has are overdue."""
        self.ahead += seconds + 32


class TestInSimpleCache(CachelibConformance):
    def make_store(self) -> CachelibStore:
        self.cache = SimpleCache(threshold=10_000)
        return CachelibStore(self.cache, clock=self.clock)

    def make_second(self, store: AnySessionStore, /) -> CachelibStore:
        return CachelibStore(self.cache, clock=self.clock)

    def make_neighbour(self, store: AnySessionStore, /) -> CachelibStore:
        return CachelibStore(self.cache, prefix="other:", clock=self.clock)


class TestInFiles(CachelibConformance):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.folder = str(tmp_path)

    def make_store(self) -> CachelibStore:
        self.cache = FileSystemCache(self.folder, threshold=0)
        return CachelibStore(self.cache, clock=self.clock)

    def make_neighbour(self, store: AnySessionStore, /) -> CachelibStore:
        return CachelibStore(self.cache, prefix="other:", clock=self.clock)


class TestInRedis(CachelibConformance):
    @pytest.fixture(autouse=True)
    def server(self, redis_server: RedisServer) -> None:
        self.port = redis_server.port

    def make_store(self) -> CachelibStore:
        self.cache = RedisCache("127.0.0.1", self.port)
        return CachelibStore(self.cache, clock=self.clock)

    def make_second(self, store: AnySessionStore, /) -> CachelibStore:
        return CachelibStore(RedisCache("127.0.0.1", self.port), clock=self.clock)

    def make_neighbour(self, store: AnySessionStore, /) -> CachelibStore:
        return CachelibStore(self.cache, prefix="other:", clock=self.clock)

    def make_unreachable(self) -> CachelibStore:
        return CachelibStore(RedisCache("127.0.0.1", free_port(), retry=Retry(NoBackoff(), 0)))

    def close_store(self, store: AnySessionStore, /) -> None:
        assert isinstance(store, CachelibStore)
        client: Any = getattr(store._cache, "_write_client")
        client.close()


class Keeping(BaseCache):
    """A cache without a serializer."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, object] = {}

    def get(self, key: str) -> object:
        return self.kept.get(key)

    def set(self, key: str, value: object, timeout: Any = None) -> bool | None:
        self.kept[key] = value
        return True

    def add(self, key: str, value: object, timeout: Any = None) -> bool:
        return self.kept.setdefault(key, value) is value

    def delete(self, key: str) -> bool:
        return self.kept.pop(key, None) is not None


class TestWhichCaches:
    def test_what_is_no_cache_is_refused(self) -> None:
        pretender: Any = {}
        with pytest.raises(TypeError, match="not dict"):
            CachelibStore(pretender)

    def test_a_cache_that_keeps_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="keeps nothing"):
            CachelibStore(NullCache())

    def test_a_client_that_may_pickle_is_refused_until_vouched_for(self) -> None:
        class Client:
            """Not asked for anything."""

        cache = MemcachedCache(Client())
        with pytest.raises(ValueError, match="plain=True"):
            CachelibStore(cache)
        CachelibStore(cache, plain=True)

    def test_an_unknown_serializer_is_refused_until_vouched_for(self) -> None:
        class Own(BaseSerializer):
            """Who knows what it does."""

        cache = SimpleCache()
        own = Own()
        setattr(cache, "serializer", own)
        with pytest.raises(ValueError, match="the serializer Own"):
            CachelibStore(cache)
        CachelibStore(cache, plain=True)
        assert getattr(cache, "serializer") is own

    def test_two_stores_may_share_a_cache(self) -> None:
        cache = SimpleCache()
        CachelibStore(cache)
        serializer = cache.serializer
        CachelibStore(cache)
        assert cache.serializer is serializer

    def test_a_cache_without_a_serializer_works_once_vouched_for(self) -> None:
        store = CachelibStore(Keeping(), plain=True)
        version = store.save("mint", b"one", lifetime=60, expected=None)
        found = store.load("mint")
        assert found is not None
        assert (found.payload, found.version) == (b"one", version)

    @pytest.mark.parametrize("value", ["text", 7, None, ["list"], b"bytes"])
    def test_what_this_store_did_not_write_is_no_session(self, value: object) -> None:
        cache = Keeping()
        store = CachelibStore(cache, plain=True)
        cache.kept[store._key("mint")] = value
        assert store.load("mint") is None
        assert store.save("mint", b"new", lifetime=60, expected=None) is not None

    @pytest.mark.parametrize("prefix", ["a b", "ä", "x" * 101, "a\n"])
    def test_a_prefix_that_a_cache_may_not_take_is_refused(self, prefix: str) -> None:
        with pytest.raises(ValueError, match="prefix"):
            CachelibStore(SimpleCache(), prefix=prefix)


class TestPlainSerializer:
    @pytest.mark.parametrize("value", [b"", b"bytes", b"i5", 0, 7, -7])
    def test_bytes_and_numbers_come_back(self, value: bytes | int) -> None:
        assert PlainSerializer().loads(PlainSerializer().dumps(value)) == value

    @pytest.mark.parametrize("value", [None, True, "text", 1.5, [1], object()])
    def test_everything_else_is_refused(self, value: object) -> None:
        with pytest.raises(TypeError, match="takes bytes"):
            PlainSerializer().dumps(value)

    @pytest.mark.parametrize("data", [None, "text", 7, b"", b"x", b"ifive", b"i" + b"9" * 5000])
    def test_what_it_did_not_write_is_nothing(self, data: object) -> None:
        assert PlainSerializer().loads(data) is None


class TestOutages:
    """cachelib has many libraries below it, each with errors of its own, and some say nothing."""

    def test_a_cache_that_could_not_keep_a_session_is_an_outage(self) -> None:
        class Full(Keeping):
            def set(self, key: str, value: object, timeout: Any = None) -> bool | None:
                return False

        with pytest.raises(OSError, match="Full did not keep"):
            CachelibStore(Full(), plain=True).save("mint", b"one", lifetime=60, expected=None)

    def test_a_session_that_could_not_be_deleted_is_an_outage(self) -> None:
        class Clinging(Keeping):
            def delete(self, key: str) -> bool:
                return super().delete(key) if key.endswith(":writer") else False

        store = CachelibStore(Clinging(), plain=True)
        store.save("mint", b"one", lifetime=60, expected=None)
        with pytest.raises(OSError, match="Clinging did not delete"):
            store.delete("mint")

    def test_an_error_of_the_library_is_an_outage_that_does_not_repeat_it(self) -> None:
        """Its message may hold the URL of the server with a password."""

        class Away(Keeping):
            def get(self, key: str) -> object:
                raise RuntimeError("no answer from s3cret@server")

        with pytest.raises(ConnectionError, match="Away cannot answer: RuntimeError") as caught:
            CachelibStore(Away(), plain=True).load("mint")
        assert "s3cret" not in str(caught.value)

    def test_an_os_error_stays_what_it_is(self) -> None:
        class Away(Keeping):
            def get(self, key: str) -> object:
                raise BrokenPipeError("pipe")

        with pytest.raises(BrokenPipeError):
            CachelibStore(Away(), plain=True).load("mint")

    def test_an_outage_at_the_end_of_a_lock_undoes_nothing(self) -> None:
        class Failing(Keeping):
            away = False

            def get(self, key: str) -> object:
                if self.away:
                    raise RuntimeError
                return super().get(key)

        cache = Failing()
        with CachelibStore(cache, plain=True).lock("mint", wait=0, hold=1):
            cache.away = True

    def test_a_writer_that_died_is_waited_for_and_then_an_outage(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("typedflask.sessions.stores.cachelib.WRITERS_WAIT", 0.05)
        cache = Keeping()
        store = CachelibStore(cache, plain=True)
        cache.kept[store._key("mint") + ":writer"] = b"%d %s" % (time.time() + 10, b"0" * 32)
        with pytest.raises(TimeoutError):
            store.save("mint", b"one", lifetime=60, expected=None)


class TestLocks:
    def test_the_lock_of_whoever_died_opens_as_the_cache_forgets_it(self) -> None:
        store = CachelibStore(SimpleCache())
        manager = store.lock("mint", wait=0, hold=1)
        manager.__enter__()
        start = time.monotonic()
        with store.lock("mint", wait=10, hold=1):
            assert 0.9 < time.monotonic() - start < 5

    def test_an_entry_without_an_end_is_broken_open_when_overdue(self) -> None:
        """cachelib's RedisCache adds in two steps; a process may die between them."""
        now = time.time()
        cache = Keeping()
        store = CachelibStore(cache, plain=True, clock=lambda: now)
        manager = store.lock("mint", wait=0, hold=10)
        manager.__enter__()
        now += 30
        with pytest.raises(TimeoutError), store.lock("mint", wait=0, hold=10):
            pytest.fail("a lock was broken open that was hardly late")
        now += 11
        with store.lock("mint", wait=0, hold=10):
            pass

    def test_an_entry_that_is_no_lock_is_not_in_the_way(self) -> None:
        cache = Keeping()
        store = CachelibStore(cache, plain=True)
        cache.kept[store._key("mint") + ":lock"] = b"nan"
        with store.lock("mint", wait=0, hold=1):
            pass

    def test_a_lock_between_being_given_back_and_being_asked_for_is_tried_again(self) -> None:
        """Another thread may take it in that moment, so it is not broken open."""

        class Quick(Keeping):
            added = 0

            def add(self, key: str, value: object, timeout: Any = None) -> bool:
                self.added += 1
                return self.added > 1 and super().add(key, value)

        cache = Quick()
        with CachelibStore(cache, plain=True).lock("mint", wait=5, hold=1):
            assert cache.added == 2

    def test_a_file_of_a_lock_that_expired_is_not_in_the_way(self, tmp_path: Path) -> None:
        """FileSystemCache does not add where an expired file is."""
        cache = FileSystemCache(str(tmp_path))
        store = CachelibStore(cache)
        cache.set(store._key("mint") + ":lock", b"%d %s" % (time.time(), b"0" * 32), -1)
        with store.lock("mint", wait=0, hold=1):
            pass

    def test_threads_exclude_each_other_although_files_are_added_in_two_steps(
        self, tmp_path: Path
    ) -> None:
        class Slow(FileSystemCache):
            def set(self, *arguments: Any, **options: Any) -> bool:
                time.sleep(0.005)
                return super().set(*arguments, **options)

        store = CachelibStore(Slow(str(tmp_path), threshold=0))
        inside = 0
        most = 0

        def go() -> None:
            nonlocal inside, most
            with store.lock("mint", wait=10, hold=10):
                inside += 1
                most = max(most, inside)
                time.sleep(0.002)
                inside -= 1

        threads = [threading.Thread(target=go) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == 1


def test_the_cache_is_told_when_it_may_forget() -> None:
    """Never 0, which is for ever, and not so long that a count of seconds overflows."""
    timeouts: list[int] = []

    class Noting(Keeping):
        def set(self, key: str, value: object, timeout: Any = None) -> bool | None:
            timeouts.append(timeout)
            return super().set(key, value, timeout)

    store = CachelibStore(Noting(), plain=True)
    for number, lifetime in enumerate((60, 1, 0, -5, 10**10)):
        store.save(f"{number}", b"one", lifetime=lifetime, expected=None)
    assert timeouts == [61, 2, 1, 1, 5 * 365 * 24 * 3600]


# --- by configuration --------------------------------------------------------------------


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A module of an application."""
    (tmp_path / "shop_caches.py").write_text(
        "from cachelib import SimpleCache, NullCache\n"
        "cache = SimpleCache()\n"
        "nothing = NullCache()\n"
        "number = 7\n"
        "class Holder:\n"
        "    cache = cache\n"
        "def make():\n"
        "    return SimpleCache()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)


def options(location: str | None, prefix: str = "session:") -> StoreOptions:
    return StoreOptions(location=location, prefix=prefix, instance_path="/nowhere")


@pytest.mark.usefixtures("shop")
class TestConfigured:
    @pytest.mark.parametrize("name", ["cache", "make", "Holder.cache"])
    def test_the_place_is_the_name_of_a_cache_or_of_what_makes_one(self, name: str) -> None:
        store = CachelibStore.configured(options(f"shop_caches:{name}"))
        store.save("mint", b"one", lifetime=60, expected=None)
        assert store.load("mint") is not None

    def test_the_prefix_begins_the_keys(self) -> None:
        store = CachelibStore.configured(options("shop_caches:make", "shop:"))
        store.save("mint", b"one", lifetime=60, expected=None)
        entries: dict[str, Any] = getattr(store._cache, "_cache")
        assert [key[:5] for key in entries] == ["shop:"]

    @pytest.mark.parametrize(
        ("location", "complaint"),
        [
            (None, "missing"),
            ("redis://:s3cret@127.0.0.1:6379/0", "something else"),
            ("shop_caches", "something else"),
            ("no_such_module_at_all:cache", "No module named"),
            ("shop_caches:other", "has no 'other'"),
            ("shop_caches:number", "which gives int"),
            ("shop_caches:nothing", "keeps nothing"),
        ],
    )
    def test_anything_else_is_refused(self, location: str | None, complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint) as caught:
            CachelibStore.configured(options(location))
        assert "s3cret" not in str(caught.value)
