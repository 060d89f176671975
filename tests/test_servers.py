"""The servers that the tests of session stores start: there, empty, and there again after a crash."""

from __future__ import annotations

import pytest

from tests.servers import MariaDBServer, PostgresServer, RedisServer, provide


def test_redis_forgets_between_tests_and_comes_back(redis_server: RedisServer) -> None:
    redis_server.ask("SET", "a", "1")
    redis_server.empty()
    assert redis_server.ask("GET", "a") == b"$-1\r\n"
    redis_server.kill()
    with pytest.raises(OSError, match="refused"):
        redis_server.answers()
    redis_server.start()
    assert redis_server.answers()


def test_postgres_keeps_what_it_has_through_a_crash(postgres_server: PostgresServer) -> None:
    postgres_server.execute("CREATE TABLE a (b int)")
    postgres_server.kill()
    assert not postgres_server.answers()
    postgres_server.start()
    postgres_server.execute("SELECT b FROM a")
    postgres_server.empty()
    postgres_server.execute("CREATE TABLE a (b int)")


def test_mariadb_keeps_what_it_has_through_a_crash(mariadb_server: MariaDBServer) -> None:
    mariadb_server.execute("CREATE TABLE sessions.a (b int)")
    mariadb_server.kill()
    assert not mariadb_server.answers()
    mariadb_server.start()
    mariadb_server.execute("SELECT b FROM sessions.a")
    mariadb_server.empty()
    mariadb_server.execute("CREATE TABLE sessions.a (b int)")


def test_a_missing_program_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(RedisServer, "find", classmethod(lambda cls, program: None))
    monkeypatch.delenv("TYPEDFLASK_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"needs redis-server \(Debian's package redis"):
        next(provide(RedisServer))
    monkeypatch.setenv("TYPEDFLASK_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="TYPEDFLASK_REQUIRE_SERVERS=1, but this test"):
        next(provide(RedisServer))
