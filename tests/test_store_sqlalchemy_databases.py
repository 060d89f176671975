"""What is a database's own: outages, conflicts, tables, connections, and how the store is made."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.event import listens_for

from tests.servers import MariaDBServer, PostgresServer, ServerProgram
from typedflask.sessions.stores import sqlalchemy as module
from typedflask.sessions.stores.contract import StoreOptions
from typedflask.sessions.stores.sqlalchemy import SQLAlchemyStore

OPERATIONS: dict[str, Callable[[SQLAlchemyStore], object]] = {
    "load": lambda store: store.load("mint"),
    "save": lambda store: store.save("sage", b"", lifetime=60, expected=None),
    "touch": lambda store: store.touch("mint", lifetime=60),
    "delete": lambda store: store.delete("mint"),
    "lock": lambda store: store.lock("mint", wait=1, hold=1).__enter__(),
    "clean_up": lambda store: store.clean_up(),
}


@pytest.fixture(params=["postgres_server", "mariadb_server"])
def server(request: pytest.FixtureRequest) -> ServerProgram:
    server: ServerProgram = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'sessions.db'}"


def keep(store: SQLAlchemyStore, session_id: str = "mint", lifetime: int = 60) -> int:
    version = store.save(session_id, b"kept", lifetime=lifetime, expected=None)
    assert version is not None
    return version


def payload_of(store: SQLAlchemyStore) -> bytes | None:
    found = store.load("mint")
    return None if found is None else found.payload


# --- outages -----------------------------------------------------------------------------


def test_a_server_that_dies_is_an_outage_until_it_is_back(server: ServerProgram) -> None:
    store = SQLAlchemyStore(server.url)
    keep(store)
    server.kill()
    for operation in OPERATIONS.values():
        with pytest.raises(ConnectionError, match=f"127.0.0.1:{server.port}.* cannot be used"):
            operation(store)
    server.start()
    assert payload_of(store) == b"kept"
    for operation in OPERATIONS.values():
        operation(store)
    store.close()


@pytest.mark.parametrize("own", [True, False])
def test_a_restart_between_two_requests_is_not_noticed(server: ServerProgram, own: bool) -> None:
    engine = sa.create_engine(server.url)
    store = SQLAlchemyStore(server.url if own else engine)
    for name, operation in OPERATIONS.items():
        store.save("mint", b"kept", lifetime=60, expected=None)
        server.kill()
        server.start()
        try:
            operation(store)
        except OSError as error:
            raise AssertionError(f"{name} noticed the restart") from error
    store.close()
    engine.dispose()


def test_a_server_dies_under_the_hands_of_many_threads(server: ServerProgram) -> None:
    store = SQLAlchemyStore(server.url)
    keep(store)
    over = time.monotonic() + 2

    def work(_: int) -> set[object]:
        seen: set[object] = set()
        while time.monotonic() < over:
            try:
                seen.add(payload_of(store))
            except OSError:
                seen.add("away")
        return seen

    with ThreadPoolExecutor(6) as threads:
        work_done = threads.map(work, range(6))
        time.sleep(0.3)
        server.kill()
        time.sleep(0.3)
        server.start()
        assert set().union(*work_done) == {b"kept", "away"}
    assert payload_of(store) == b"kept"
    store.close()


def test_a_server_that_hangs_is_an_outage_after_the_timeout_of_the_url(
    mariadb_server: MariaDBServer,
) -> None:
    store = SQLAlchemyStore(f"{mariadb_server.url}&read_timeout=1&connect_timeout=1")
    keep(store)
    with mariadb_server.frozen():
        start = time.monotonic()
        with pytest.raises(ConnectionError, match=f"{mariadb_server.port}"):
            store.load("mint")
        assert 0.9 < time.monotonic() - start < 6
    assert payload_of(store) == b"kept"
    store.close()


def test_a_pool_without_a_free_connection_is_an_outage(file_url: str) -> None:
    engine = sa.create_engine(file_url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    store = SQLAlchemyStore(engine)
    keep(store)
    with engine.connect(), pytest.raises(ConnectionError, match="QueuePool limit"):
        store.load("mint")
    assert payload_of(store) == b"kept"
    engine.dispose()


def test_the_message_shows_neither_password_nor_payload(file_url: str) -> None:
    store = SQLAlchemyStore("postgresql+psycopg://me:hidden@127.0.0.1:1/data", create=False)
    with pytest.raises(ConnectionError, match=r"at 127\.0\.0\.1:1, database 'data'") as caught:
        store.save("mint", b"payload", lifetime=60, expected=None)
    assert "hidden" not in str(caught.value)
    store = SQLAlchemyStore(file_url, create=False)
    with pytest.raises(ConnectionError, match="no such table") as caught:
        store.save("mint", b"payload", lifetime=60, expected=None)
    assert "payload" not in str(caught.value)
    assert "payload'" not in str(caught.value.__cause__)
    store.close()


# --- conflicts ---------------------------------------------------------------------------


class Trouble:
    """Has the database refuse some statements, after or before it did what they say."""

    def __init__(self, engine: sa.Engine) -> None:
        self.times = 0
        self.after = False
        self.error: Exception = sqlite3.OperationalError("database is locked")

        @listens_for(engine, "do_execute")
        def execute(cursor: sqlite3.Cursor, statement: str, values: tuple[str], _: object) -> bool:
            if self.times:
                self.times -= 1
                if self.after:
                    cursor.execute(statement, values)
                raise self.error
            return False


@pytest.fixture
def troubled(file_url: str) -> Iterator[tuple[SQLAlchemyStore, Trouble]]:
    engine = sa.create_engine(file_url)
    store = SQLAlchemyStore(engine)
    store.create_table()
    yield store, Trouble(engine)
    engine.dispose()


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_may_be_repeated_is(troubled: tuple[SQLAlchemyStore, Trouble], name: str) -> None:
    store, trouble = troubled
    trouble.times = 3
    OPERATIONS[name](store)
    assert not trouble.times


def test_repeating_has_an_end(troubled: tuple[SQLAlchemyStore, Trouble]) -> None:
    store, trouble = troubled
    trouble.times = 4
    with pytest.raises(ConnectionError, match="database is locked"):
        store.load("mint")
    assert not trouble.times


@pytest.mark.parametrize("kind", [sqlite3.OperationalError, OSError, TimeoutError])
def test_what_may_not_be_repeated_is_not(
    troubled: tuple[SQLAlchemyStore, Trouble], kind: type[Exception]
) -> None:
    """A driver's own TimeoutError, too: from a lock it would mean that others were first."""
    store, trouble = troubled
    trouble.times, trouble.error = 1, kind("disk I/O error")
    with pytest.raises(ConnectionError, match="disk I/O error"):
        store.lock("mint", wait=1, hold=1).__enter__()


def test_a_write_whose_answer_was_lost_is_not_taken_for_another_writers(
    troubled: tuple[SQLAlchemyStore, Trouble],
) -> None:
    """The statement is given a second time, and finds its own work done."""
    store, trouble = troubled
    trouble.after = True
    trouble.times = 1
    version = keep(store)
    trouble.times = 1
    assert store.save("mint", b"two", lifetime=60, expected=version) is not None
    assert payload_of(store) == b"two"
    trouble.times = 1
    with store.lock("mint", wait=0, hold=60):
        assert not trouble.times
        trouble.times = 1
    with store.lock("mint", wait=0, hold=60):
        pass
    assert not trouble.times


def test_a_database_that_demands_repetition_gets_it(postgres_server: PostgresServer) -> None:
    """Serializable transactions that meet at a row: all but one are told to try again."""
    options = "-c default_transaction_isolation=serializable"
    engine = sa.create_engine(postgres_server.url, connect_args={"options": options})
    store = SQLAlchemyStore(engine)
    keep(store)

    def touch(_: int) -> bool:
        return all(store.touch("mint", lifetime=60) for _ in range(60))

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(touch, range(2))) == [True, True]
    engine.dispose()


# --- tables ------------------------------------------------------------------------------

OPENS = """
import sys
from typedflask.sessions.stores.sqlalchemy import SQLAlchemyStore
store = SQLAlchemyStore(sys.argv[1])
sys.stdin.readline()
for number in range(20):
    assert store.save(f"{sys.argv[2]}-{number}", b"", lifetime=60, expected=None)
store.close()
"""


@pytest.mark.parametrize("database", ["sqlite", "postgres_server", "mariadb_server"])
def test_processes_that_start_at_once_do_not_trip_over_the_new_tables(
    database: str, request: pytest.FixtureRequest, file_url: str
) -> None:
    url = file_url if database == "sqlite" else request.getfixturevalue(database).url
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENS, url, str(number)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(3)
    ]
    time.sleep(0.5)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        said = process.communicate(timeout=30)[1]
        assert process.returncode == 0, said.decode()
    store = SQLAlchemyStore(url, create=False)
    assert all(store.load(f"{one}-{two}") is not None for one in range(3) for two in range(20))
    store.close()


def test_tables_are_made_when_they_are_needed_or_never(file_url: str) -> None:
    engine = sa.create_engine(file_url)
    SQLAlchemyStore(engine)
    assert sa.inspect(engine).get_table_names() == []
    store = SQLAlchemyStore(engine, table="visits", create=False)
    with pytest.raises(ConnectionError, match="no such table: visits"):
        store.load("mint")
    assert sa.inspect(engine).get_table_names() == []
    store.create_table()
    store.create_table()
    assert sa.inspect(engine).get_table_names() == ["visits", "visits_locks"]
    keep(store)
    engine.dispose()


def test_tables_that_may_not_be_made_are_an_outage_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    path.touch()
    engine = sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(ConnectionError, match="attempt to write a readonly database"):
        SQLAlchemyStore(engine).load("mint")
    engine.dispose()


def test_tables_that_were_dropped_are_made_again(server: ServerProgram) -> None:
    store = SQLAlchemyStore(server.url)
    keep(store)
    server.empty()
    with pytest.raises(ConnectionError, match="typedflask_sessions"):
        store.load("mint")
    assert store.load("mint") is None
    keep(store)
    store.close()


def test_tables_can_be_in_a_schema(postgres_server: PostgresServer) -> None:
    postgres_server.execute("DROP SCHEMA IF EXISTS web CASCADE", "CREATE SCHEMA web")
    store = SQLAlchemyStore(postgres_server.url, schema="web")
    keep(store)
    postgres_server.execute("SELECT payload FROM web.typedflask_sessions")
    store.close()
    postgres_server.execute("DROP SCHEMA web CASCADE")


def test_expired_rows_are_removed_in_batches(
    file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 10)
    store = SQLAlchemyStore(file_url)
    for number in range(35):
        keep(store, f"old-{number}", lifetime=0)
    for number in range(3):
        keep(store, f"new-{number}")
        store.lock(f"old-{number}", wait=0, hold=0).__enter__()
    held = store.lock("mint", wait=0, hold=60)
    held.__enter__()
    assert store.clean_up() == 35
    engine = sa.create_engine(file_url)
    with engine.connect() as connection:
        rows = "SELECT count(*) FROM typedflask_sessions"
        assert connection.exec_driver_sql(rows).scalar() == 3
        assert connection.exec_driver_sql(f"{rows}_locks").scalar() == 1
    engine.dispose()
    store.close()


def test_ids_are_not_in_the_table(file_url: str) -> None:
    """Whoever reads a copy of the database gets payloads, and no way into a session."""
    store = SQLAlchemyStore(file_url)
    keep(store)
    store.close()
    for path in Path(file_url.removeprefix("sqlite:///")).parent.iterdir():
        assert b"mint" not in path.read_bytes()


def test_prefix_and_id_do_not_run_together(file_url: str) -> None:
    one, other = SQLAlchemyStore(file_url, prefix="a"), SQLAlchemyStore(file_url, prefix="ab")
    keep(one, "bc")
    assert other.load("c") is None
    one.close()
    other.close()


# --- connections -------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite", "postgres_server", "mariadb_server"])
def test_a_forked_process_opens_connections_of_its_own(
    database: str, request: pytest.FixtureRequest, file_url: str
) -> None:
    """With those of its parent, one would read the answers of the other."""
    url = file_url if database == "sqlite" else request.getfixturevalue(database).url
    store = SQLAlchemyStore(url)
    keep(store)
    inside, outside = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        try:
            for _ in range(40):
                keep(store, "child")
                assert store.load("child") is not None
                store.delete("child")
            os.write(outside, b"well")
        finally:
            os._exit(0)
    os.close(outside)
    for _ in range(40):
        assert payload_of(store) == b"kept"
    assert os.waitpid(child, 0)[1] == 0
    with os.fdopen(inside, "rb") as said:
        assert said.read() == b"well"
    assert payload_of(store) == b"kept"
    store.close()


def test_an_engine_is_used_without_disturbing_its_transactions(server: ServerProgram) -> None:
    engine = sa.create_engine(server.url)
    store = SQLAlchemyStore(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE ours (number int)")
        connection.commit()
        connection.exec_driver_sql("INSERT INTO ours VALUES (1)")
        keep(store)
        connection.rollback()
        assert connection.exec_driver_sql("SELECT count(*) FROM ours").scalar() == 0
    assert payload_of(store) == b"kept"
    engine.dispose()


def test_sqlite_lets_readers_and_a_writer_work_together(file_url: str) -> None:
    store = SQLAlchemyStore(file_url)
    keep(store)
    with sqlite3.connect(file_url.removeprefix("sqlite:///")) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.execute("BEGIN IMMEDIATE")
        assert payload_of(store) == b"kept"
    other.close()
    store.close()


# --- how it is made ----------------------------------------------------------------------


def configured(location: str | None, folder: Path) -> SQLAlchemyStore:
    return SQLAlchemyStore.configured(StoreOptions(location, "shop:", str(folder)))


@pytest.mark.parametrize(
    ("location", "file"),
    [
        (None, "instance/sessions.sqlite3"),
        ("sqlite:///kept/visits.db", "instance/kept/visits.db"),
        ("sqlite:////{folder}/absolute.db", "absolute.db"),
    ],
)
def test_sqlite_files_are_in_the_instance_folder(
    tmp_path: Path, location: str | None, file: str
) -> None:
    place = location and location.format(folder=str(tmp_path).lstrip("/"))
    store = configured(place, tmp_path / "instance")
    keep(store)
    assert (tmp_path / file).is_file()
    bare = SQLAlchemyStore(f"sqlite:///{tmp_path / file}")
    assert bare.load("mint") is None, "no prefix"
    prefixed = SQLAlchemyStore(f"sqlite:///{tmp_path / file}", prefix="shop:")
    assert prefixed.load("mint") is not None
    for each in (store, bare, prefixed):
        each.close()


def test_a_url_with_a_password_is_handed_on(server: ServerProgram, tmp_path: Path) -> None:
    store = configured(server.url, tmp_path)
    keep(store)
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hidden", "the URL of the database of the sessions cannot be read"),
        ("postgresql://me:hidden@host:port/x", "cannot be read"),
        ("attic://me:hidden@host/x", "the database 'attic' cannot keep the sessions"),
        ("sqlite://", "in memory is a different one for every thread"),
        ("sqlite:///:memory:", "take MemoryStore"),
    ],
)
def test_a_url_that_cannot_be_used_is_an_error_at_once_and_not_shown(
    url: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        configured(url, tmp_path)
    assert "hidden" not in str(caught.value)


def test_a_driver_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match=r"the driver of 'oracle\+oracledb' is not installed"):
        configured("oracle+oracledb://me:hidden@host/x", tmp_path)


def test_what_is_no_engine_is_refused() -> None:
    make: Callable[..., object] = SQLAlchemyStore
    with pytest.raises(TypeError, match=r"a URL or a sqlalchemy\.Engine, not a MetaData"):
        make(sa.MetaData())
