"""Redis, PostgreSQL and MariaDB for tests, for real: started on a free loopback port when asked for.

A test that takes the fixture `redis_server`, `postgres_server` or `mariadb_server` gets a running,
empty server; each process of pytest starts its own, once. What a test stopped is running again for
the next one. Where the programs are missing such tests are skipped, or fail if
TYPEDFLASK_REQUIRE_SERVERS=1 says that they must run.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

VARIABLE = "TYPEDFLASK_REQUIRE_SERVERS"
HOST = "127.0.0.1"
PATIENCE = 90.0
"""Seconds that a server may take to start or to stop."""


def free_port() -> int:
    """A port of this machine that nobody listens on, below those that outgoing connections take."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                attempt.bind((HOST, port))
                return port


class ServerProgram(ABC):
    """A server in a process and a folder of its own, which can be taken away and brought back."""

    programs: ClassVar[tuple[str, ...]]
    """What must be installed."""
    package: ClassVar[str]
    """The Debian package that installs it."""
    crash: ClassVar[signal.Signals] = signal.SIGKILL
    """Ends the server without a farewell to its clients."""

    def __init__(self) -> None:
        self.port = free_port()
        self.user: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        # Not pytest's folder for temporary files: only its owner may enter that.
        self.folder = Path(tempfile.mkdtemp(prefix="typedflask-"))
        self._log = self.folder / "log"

    @classmethod
    def missing(cls) -> list[str]:
        """The programs that are not installed here."""
        return [program for program in cls.programs if cls.find(program) is None]

    @classmethod
    def find(cls, program: str) -> str | None:
        """Where a program is, or None."""
        return shutil.which(program) or shutil.which(program, path="/usr/sbin")

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients reach it, as redis-py or SQLAlchemy has it."""

    @abstractmethod
    def command(self) -> list[str]:
        """What starts it in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it is ready for clients; may raise any `OSError` instead of saying no."""

    def prepare(self) -> None:
        """Fill the folder before the first start."""
        self._log.touch()

    @abstractmethod
    def empty(self) -> None:
        """Forget all that clients brought."""

    def start(self) -> None:
        """Start it, on the same port as before, and wait until it answers; running ones stay."""
        if self.running():
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._dies_with_us(), *self.command()],
                cwd=self.folder,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.end(signal.SIGKILL)
                raise RuntimeError(f"{self.programs[0]} does not start:\n{self.said()}")
            time.sleep(0.02)

    def running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self.end(signal.SIGTERM)

    def kill(self) -> None:
        """Take it away in the middle of what it does."""
        self.end(self.crash)

    def end(self, how: signal.Signals) -> None:
        """Send a signal that ends it, and wait for that."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.send_signal(signal.SIGCONT)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE)
        self._process = None

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Have it take connections and answer none, as a machine does that hangs."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        # Its threads stop one after the other; now all have.
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        """Stop it for good."""
        self.end(self.crash)
        shutil.rmtree(self.folder, ignore_errors=True)

    def said(self) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])

    def run(self, *command: str) -> None:
        """Run a program that prepares the folder."""
        answer = subprocess.run(
            command,
            cwd=self.folder,
            user=self.user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if answer.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{answer.stdout.decode(errors='replace')}")

    def located(self, program: str) -> str:
        """Where a program is that must be there."""
        path = self.find(program)
        assert path is not None, program
        return path

    def _ready(self) -> bool:
        try:
            return self.answers()
        except OSError:
            return False

    def _dies_with_us(self) -> list[str]:
        """A run of the tests that is killed leaves no server behind, where Linux can see to it."""
        setpriv = shutil.which("setpriv")
        return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


class RedisServer(ServerProgram):
    """Keeps everything in memory: what was there is lost when it is stopped."""

    programs = ("redis-server",)
    package = "redis-server"

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def command(self) -> list[str]:
        options = {
            "port": self.port,
            "bind": HOST,
            "unixsocket": self.folder / "socket",
            "save": "",
            "appendonly": "no",
            "dir": self.folder,
            "daemonize": "no",
        }
        return [
            self.located("redis-server"),
            *(part for name, value in options.items() for part in (f"--{name}", str(value))),
        ]

    def answers(self) -> bool:
        return self.ask("PING") == b"+PONG\r\n"

    def empty(self) -> None:
        assert self.ask("FLUSHALL") == b"+OK\r\n"

    def ask(self, *words: str) -> bytes:
        """Send one command by hand, and give the first piece of what is answered."""
        with socket.create_connection((HOST, self.port), timeout=5) as connection:
            parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
            connection.sendall(f"*{len(words)}\r\n{''.join(parts)}".encode())
            return connection.recv(65536)


class PostgresServer(ServerProgram):
    """Refuses to run as root, so root runs it as somebody else."""

    programs = ("initdb", "postgres")
    package = "postgresql"
    # At once, and its helpers with it: after SIGKILL they linger and are in the next start's way.
    crash = signal.SIGQUIT

    def __init__(self) -> None:
        super().__init__()
        if os.geteuid() == 0:
            self.user = somebody_else(("postgres", "nobody"))
            shutil.chown(self.folder, self.user)

    @classmethod
    def find(cls, program: str) -> str | None:
        """Debian keeps each version's programs in a folder of its own, not on the PATH."""
        folders = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name
        )
        where = os.pathsep.join([*map(str, reversed(folders)), os.environ.get("PATH", "")])
        return shutil.which(program, path=where)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/postgres"

    def prepare(self) -> None:
        self.run(
            self.located("initdb"),
            *["--pgdata", "data", "--username", "postgres", "--auth", "trust"],
            *["--encoding", "UTF8", "--locale", "C", "--no-sync"],
            *["--wal-segsize", "1"],
        )

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "16MB",
            "min_wal_size": "2MB",
            "max_connections": 60,
        }
        return [
            *[self.located("postgres"), "-D", "data"],
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ]

    def answers(self) -> bool:
        import psycopg

        try:
            self.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def empty(self) -> None:
        self.execute(
            "SET lock_timeout = '10s'", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"
        )

    def stop(self) -> None:
        """Without waiting for its clients to go."""
        self.end(signal.SIGINT)

    def execute(self, *statements: str) -> None:
        """Run statements on a connection of their own."""
        import psycopg

        with psycopg.connect(
            host=HOST, port=self.port, user="postgres", dbname="postgres", connect_timeout=5
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())


class MariaDBServer(ServerProgram):
    """As small as InnoDB can be."""

    programs = ("mariadbd", "mariadb-install-db")
    package = "mariadb-server"
    SMALL = (
        "--innodb-buffer-pool-size=16M",
        "--innodb-log-file-size=8M",
        "--aria-log-file-size=8M",
        "--innodb-flush-method=nosync",
    )

    @property
    def url(self) -> str:
        return f"mysql+pymysql://root@{HOST}:{self.port}/sessions?charset=utf8mb4"

    def prepare(self) -> None:
        self.run(
            self.located("mariadb-install-db"),
            *["--no-defaults", f"--datadir={self.folder / 'data'}", *self._account()],
            *self._temporary(),
            *["--auth-root-authentication-method=normal", "--skip-test-db", *self.SMALL],
        )
        (self.folder / "init.sql").write_text("CREATE DATABASE IF NOT EXISTS sessions;\n")

    def command(self) -> list[str]:
        return [
            self.located("mariadbd"),
            *["--no-defaults", *self._account(), *self._temporary()],
            *[f"--datadir={self.folder / 'data'}", f"--init-file={self.folder / 'init.sql'}"],
            *[f"--port={self.port}", f"--bind-address={HOST}", "--skip-name-resolve"],
            *[f"--socket={self.folder / 'socket'}", f"--pid-file={self.folder / 'pid'}"],
            *["--innodb-flush-log-at-trx-commit=2", *self.SMALL],
            *["--character-set-server=utf8mb4", "--max-connections=60", "--skip-log-bin"],
        ]

    def answers(self) -> bool:
        import pymysql

        try:
            self.execute("USE sessions")
        except pymysql.Error:
            return False
        return True

    def empty(self) -> None:
        self.execute(
            "SET lock_wait_timeout = 10", "DROP DATABASE sessions", "CREATE DATABASE sessions"
        )

    def execute(self, *statements: str) -> None:
        """Run statements on a connection of their own."""
        import pymysql

        with (
            pymysql.connect(
                host=HOST, port=self.port, user="root", connect_timeout=5, read_timeout=20
            ) as connection,
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)

    def _temporary(self) -> list[str]:
        """A folder of its own: a MariaDB that starts takes away what others have in a shared one."""
        return [f"--tmpdir={self.folder}"]

    def _account(self) -> list[str]:
        """MariaDB wants to hear that root means it."""
        return ["--user=root"] if os.geteuid() == 0 else []


def somebody_else(names: Iterable[str]) -> str:
    """The first of some accounts that this machine has."""
    for name in names:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("this machine has no account that PostgreSQL could run as")


def provide(program: type[ServerProgram]) -> Iterator[ServerProgram]:
    """Start a server for as long as a process of pytest wants it; skip or fail where it is missing."""
    if missing := program.missing():
        reason = f"needs {' and '.join(missing)} (Debian's package {program.package})"
        if os.environ.get(VARIABLE) == "1":
            pytest.fail(f"{VARIABLE}=1, but this test {reason}")
        pytest.skip(reason)
    server = program()
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis_process() -> Iterator[ServerProgram]:
    """The one Redis of this process of pytest."""
    yield from provide(RedisServer)


@pytest.fixture(scope="session")
def postgres_process() -> Iterator[ServerProgram]:
    """The one PostgreSQL of this process of pytest."""
    yield from provide(PostgresServer)


@pytest.fixture(scope="session")
def mariadb_process() -> Iterator[ServerProgram]:
    """The one MariaDB of this process of pytest."""
    yield from provide(MariaDBServer)


def running_and_empty(server: ServerProgram) -> ServerProgram:
    """As a test expects a server, whatever the test before did to it."""
    server.start()
    server.empty()
    return server


@pytest.fixture
def redis_server(redis_process: ServerProgram) -> ServerProgram:
    """An empty Redis that runs; see `ServerProgram` for taking it away."""
    return running_and_empty(redis_process)


@pytest.fixture
def postgres_server(postgres_process: ServerProgram) -> ServerProgram:
    """An empty PostgreSQL that runs."""
    return running_and_empty(postgres_process)


@pytest.fixture
def mariadb_server(mariadb_process: ServerProgram) -> ServerProgram:
    """An empty MariaDB that runs."""
    return running_and_empty(mariadb_process)


FIXTURES = frozenset({"redis_server", "postgres_server", "mariadb_server"})


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that need a server, so that a run may ask whether they ran."""
    if isinstance(item, pytest.Function) and FIXTURES.intersection(item.fixturenames):
        item.add_marker("servers")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "servers: needs Redis, PostgreSQL or MariaDB on the machine")
