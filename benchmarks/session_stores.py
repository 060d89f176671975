"""What a session costs in each store, beside Flask-Session: `python -m benchmarks.session_stores`.

All contenders run in one process and take turns, as in the other benchmark. Two clocks are read:
the processor's time that the process used, and the time that passed, which counts the work of the
server too. Redis, PostgreSQL and MariaDB are started for the run where they are installed.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final
from wsgiref.types import WSGIApplication

from benchmarks import report
from benchmarks.asks import Ask, draft, text
from benchmarks.exchange import checked, serve
from tests.servers import MariaDBServer, PostgresServer, RedisServer, ServerProgram

PAGE: Final = Path(__file__).parent.parent / "docs" / "sessions.md"
BEGIN: Final = "<!-- session figures: begin -->"
END: Final = "<!-- session figures: end -->"

PEER: Final = "Flask-Session 0.8, Redis"
OURS_ON_REDIS: Final = "redis"
BATCH: Final = 25
VALUES: Final = {"user_id": 7, "name": "Ada", "roles": ["editor", "admin"], "theme": "dark"}


@dataclass
class Contender:
    """An application with a session that holds `VALUES`, and what its requests took."""

    name: str
    app: WSGIApplication
    cookie: str = ""
    processor: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})
    passed: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})

    def log_in(self) -> None:
        """Fill the session, and check that it is there."""
        self.cookie = checked(self.app, Ask(path="/login", expects=text("in"))).cookie()
        assert self.cookie, f"{self.name} set no cookie"
        for path, answer in (("/read", "7"), ("/write", "1"), ("/write", "2")):
            found = checked(self.app, Ask(path=path, expects=text(answer), cookie=self.cookie))
            self.cookie = found.cookie() or self.cookie

    def sample(self, what: str) -> None:
        """Time a batch of requests."""
        form = draft(Ask(path=f"/{what}", expects=text(""), cookie=self.cookie))
        environs = [form.fresh() for _ in range(BATCH)]
        began, used = perf_counter(), process_time()
        for environ in environs:
            serve(self.app, environ)
        self.processor[what].append((process_time() - used) / BATCH * 1e6)
        self.passed[what].append((perf_counter() - began) / BATCH * 1e6)


def with_views(package: Any) -> Any:  # Any: the application of either framework
    """An application that reads and writes its session."""
    app = package.Flask("benchmark", static_folder=None)
    app.config["SECRET_KEY"] = "a key that is long enough for anybody"
    session = package.session

    def login() -> str:
        session.update(VALUES)
        return "in"

    def read() -> str:
        return str(session["user_id"])

    def write() -> str:
        session["visits"] = session.get("visits", 0) + 1
        # The cookie's session is sent back with every request, and its visits begin anew.
        return str(session["visits"])

    for view in (login, read, write):
        app.add_url_rule(f"/{view.__name__}", view_func=view)
    return app


def ours(name: str, **config: object) -> Contender:
    """Our framework with a session backend."""
    app = with_views(import_module("typedflask"))
    app.config.update(config)
    return Contender(name, app)


def flask_session(url: str) -> Contender:
    """Flask with Flask-Session on Redis."""
    app = with_views(import_module("flask"))
    client = import_module("redis").Redis.from_url(url)
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=client, SESSION_PERMANENT=False)
    import_module("flask_session").Session(app)
    return Contender(PEER, app)


@contextmanager
def running(kind: type[ServerProgram]) -> Generator[str | None]:
    """The URL of a server of this kind; None where it is not installed."""
    if kind.missing():
        yield None
        return
    server = kind()
    try:
        server.prepare()
        server.start()
        yield server.url
    finally:
        server.remove()


def contenders(stack: ExitStack) -> Iterator[Contender]:
    """Every store that can be had here."""
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    yield ours("cookie (no store)")
    yield ours("memory", SESSION_BACKEND="memory")
    yield ours("file", SESSION_BACKEND="file", SESSION_STORE=f"{folder}/files")
    redis_url = stack.enter_context(running(RedisServer))
    if redis_url:
        yield ours(OURS_ON_REDIS, SESSION_BACKEND="redis", SESSION_STORE=redis_url)
        yield ours(
            "redis, encrypted",
            SESSION_BACKEND="redis",
            SESSION_STORE=redis_url,
            SESSION_STORE_PREFIX="sealed:",
            SESSION_ENCRYPT=True,
        )
        yield ours(
            "redis, locking",
            SESSION_BACKEND="redis",
            SESSION_STORE=redis_url,
            SESSION_STORE_PREFIX="locked:",
            SESSION_LOCKING=True,
        )
        yield flask_session(redis_url)
    databases: list[tuple[str, Callable[[], str | None]]] = [
        ("sqlalchemy, SQLite", lambda: f"sqlite:///{folder}/sessions.db"),
        ("sqlalchemy, PostgreSQL", lambda: stack.enter_context(running(PostgresServer))),
        ("sqlalchemy, MariaDB", lambda: stack.enter_context(running(MariaDBServer))),
    ]
    for name, start in databases:
        url = start()
        if url:
            yield ours(name, SESSION_BACKEND="sqlalchemy", SESSION_STORE=url)


def measure(all_of_them: Sequence[Contender], seconds: float) -> None:
    """Let all take turns, in a new order each round."""
    for contender in all_of_them:
        contender.log_in()
        for what in ("read", "write"):
            contender.sample(what)
            contender.processor[what].clear()
            contender.passed[what].clear()
    gc.collect()
    gc.freeze()
    shuffled = Random(7)
    turns = [(contender, what) for contender in all_of_them for what in ("read", "write")]
    end = perf_counter() + seconds
    while perf_counter() < end:
        shuffled.shuffle(turns)
        for contender, what in turns:
            contender.sample(what)


def table(all_of_them: Sequence[Contender]) -> str:
    """The figures as Markdown."""
    head = ["sessions in"]
    for what in ("read", "read and write"):
        head += [f"{what}: processor µs", "latency µs", "requests/s"]
    rows: list[list[str]] = []
    for contender in all_of_them:
        row = [contender.name]
        for what in ("read", "write"):
            used, took = median(contender.processor[what]), median(contender.passed[what])
            row += [f"{used:.0f}", f"{took:.0f}", f"{1e6 / took:,.0f}"]
        rows.append(row)
    return report.table(head, rows)


def compared(all_of_them: Sequence[Contender]) -> str:
    """How many times Flask-Session's processor time is ours, on the same Redis; may be empty."""
    by_name = {contender.name: contender for contender in all_of_them}
    if PEER not in by_name:
        return ""
    mine, theirs = by_name[OURS_ON_REDIS], by_name[PEER]
    read, write = (
        median(theirs.processor[what]) / median(mine.processor[what]) for what in ("read", "write")
    )
    return (
        f"On the same Redis, Flask with Flask-Session 0.8 takes {read:.1f} times our processor time"
        f" for a request that reads its session, and {write:.1f} times for one that reads and"
        " writes it."
    )


def write_page(figures: str) -> None:
    """Put the figures between the marks in the manual."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        sys.exit(f"{PAGE} has no marks {BEGIN} and {END} to write between")
    PAGE.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and with `--write` put the tables into the manual."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.session_stores")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long to measure")
    parser.add_argument("--write", action="store_true", help=f"write into docs/{PAGE.name}")
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    # Servers and applications on one processor: to wake another one costs, on virtual machines,
    # more than all that is compared here, and now and then it is not needed.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with ExitStack() as stack:
        all_of_them = list(contenders(stack))
        measure(all_of_them, options.seconds)
        figures = "\n\n".join([report.circumstances(), table(all_of_them), compared(all_of_them)])
    print(figures)
    if options.write:
        write_page(figures.strip())


if __name__ == "__main__":
    main()
