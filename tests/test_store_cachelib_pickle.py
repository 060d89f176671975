"""Sessions in a cache of cachelib: nothing is pickled, and nothing planted is unpickled."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cachelib import BaseCache, FileSystemCache, RedisCache, SimpleCache

from typedflask.sessions.stores.cachelib import CachelibStore


class Trap:
    """Unpickling one makes a folder: that code ran."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.mkdir, (self.sprung,)


class FakeRedis:
    """What cachelib's RedisCache asks of a client, and a value that somebody has planted."""

    def __init__(self, value: bytes) -> None:
        self.value = value

    def get(self, name: str) -> bytes | None:
        return None if name.endswith((":writer", ":lock")) else self.value

    def set(self, name: str, value: bytes, ex: int | None) -> bool:
        return True

    def setnx(self, name: str, value: bytes) -> bool:
        return True

    def expire(self, name: str, time: int) -> None:
        """Nothing."""

    def delete(self, name: str) -> None:
        """Nothing."""


class TestNoPickle:
    @pytest.fixture
    def trap(self, tmp_path: Path) -> Trap:
        return Trap(tmp_path / "sprung")

    def use(self, store: CachelibStore) -> None:
        """Go through whatever reads the cache."""
        assert store.load("mint") is None
        assert not store.touch("mint", lifetime=60)
        assert store.save("mint", b"one", lifetime=60, expected=b"x" * 16) is None
        with store.lock("mint", wait=0, hold=1):
            pass
        store.delete("mint")

    def test_the_trap_works(self, trap: Trap) -> None:
        pickle.loads(pickle.dumps(trap))
        assert trap.sprung.is_dir()

    def test_a_planted_entry_in_memory_is_not_unpickled(self, trap: Trap) -> None:
        cache = SimpleCache()
        cache.set("", trap, 60)
        store = CachelibStore(cache)
        entries: dict[str, Any] = getattr(cache, "_cache")
        for kind in ("", ":writer", ":lock"):
            entries[store._key("mint") + kind] = entries[""]
        for kind in (":writer", ":lock"):
            assert store._get(store._key("mint") + kind) is None
            del entries[store._key("mint") + kind]
        self.use(store)
        assert not trap.sprung.exists()

    def test_a_planted_file_is_not_unpickled(self, trap: Trap, tmp_path: Path) -> None:
        folder = str(tmp_path / "cache")
        store = CachelibStore(FileSystemCache(folder))
        for kind in ("", ":writer", ":lock"):
            FileSystemCache(folder).set(store._key("mint") + kind, trap, 60)
        FileSystemCache(folder).set("__wz_cache_count", trap, 0)
        self.use(store)
        assert not trap.sprung.exists()

    @pytest.mark.parametrize("sign", [b"!", b"", b"b", b"i"])
    def test_a_planted_key_in_redis_is_not_unpickled(self, trap: Trap, sign: bytes) -> None:
        cache = RedisCache(FakeRedis(sign + pickle.dumps(trap)))
        store = CachelibStore(cache)
        assert store.load("mint") is None
        assert not store.touch("mint", lifetime=60)
        assert store.save("mint", b"one", lifetime=60, expected=None) is not None
        store.delete("mint")
        assert not trap.sprung.exists()

    def test_nothing_is_pickled_either(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def refuse(*_: object) -> None:
            pytest.fail("pickled")

        # FileSystemCache counts what is there when it is made, and notes it in its own way.
        caches: list[BaseCache] = [SimpleCache(), FileSystemCache(str(tmp_path))]
        for name in ("load", "loads", "dump", "dumps"):
            monkeypatch.setattr(pickle, name, refuse)
        for cache in caches:
            store = CachelibStore(cache)
            for number in range(10):
                version = store.save(f"{number}", b"one", lifetime=60, expected=None)
                assert store.load(f"{number}") is not None
                assert store.save(f"{number}", b"two", lifetime=60, expected=version)

    def test_other_caches_of_the_class_keep_their_serializer(self) -> None:
        CachelibStore(SimpleCache())
        cache = SimpleCache()
        cache.set("a", ["a list"])
        assert cache.get("a") == ["a list"]

    def test_a_cache_that_is_used_for_other_things_too_says_so(self) -> None:
        cache = SimpleCache()
        CachelibStore(cache)
        with pytest.raises(TypeError, match="a cache of its own"):
            cache.set("a", ["a list"])
