"""Sessions under parallel requests: gunicorn with processes and threads, a real store, real clients.

What goes wrong only when two requests meet, or when the store dies between two of their steps.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.servers import HOST, ServerProgram

ROOT = Path(__file__).parent.parent
CLIENTS = 8

pytestmark = pytest.mark.slow


class Site:
    """`tests/session_site.py` under gunicorn: two processes of four threads each."""

    def __init__(self, store: ServerProgram, log: Path, settings: dict[str, str]) -> None:
        self._log = log
        with socket.create_server((HOST, 0)) as listening, log.open("wb") as output:
            self.port: int = listening.getsockname()[1]
            descriptor = listening.fileno()
            self._process = subprocess.Popen(
                [
                    *[sys.executable, "-m", "gunicorn", "tests.session_site:app"],
                    *["--bind", f"fd://{descriptor}", "--workers", "2", "--threads", "4"],
                    *["--preload", "--no-control-socket"],
                ],
                cwd=ROOT,
                env={**os.environ, "SESSION_SITE_STORE": store.url, **settings},
                pass_fds=[descriptor],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.cookie: str | None = None

    def ask(self, method: str, path: str) -> tuple[int, str]:
        """Status and text of the answer to a request with this site's cookie."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=90)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if self.cookie is None and (sent := answer.getheader("Set-Cookie")):
            self.cookie = sent.partition(";")[0]
        return answer.status, text

    def data(self) -> dict[str, int]:
        """What the session holds."""
        found: dict[str, int] = json.loads(self.ask("GET", "/all")[1])
        return found

    def nothing_leaked(self) -> bool:
        """Whether each request was torn down and none found another's context."""
        called, torn_down, leaked = json.loads(self.ask("GET", "/counts")[1])
        return bool(called == torn_down > 0 == leaked)

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture(params=["redis_server", "postgres_server"])
def store(request: pytest.FixtureRequest) -> ServerProgram:
    store: ServerProgram = request.getfixturevalue(request.param)
    return store


class Serve(Protocol):
    """The fixture `serve`."""

    def __call__(self, store: ServerProgram, **settings: str) -> AbstractContextManager[Site]: ...


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Serves the site over a store; shows what gunicorn said last when the test fails."""

    @contextmanager
    def serving(store: ServerProgram, **settings: str) -> Iterator[Site]:
        site = Site(store, tmp_path / "log", settings)
        try:
            yield site
        finally:
            site.stop()
            print(site.said()[-4000:])

    return serving


def in_parallel(action: Callable[[int], tuple[int, str]], times: int) -> Counter[tuple[int, str]]:
    """What calls from several threads gave, and how often."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        return Counter(clients.map(action, range(times)))


def test_requests_that_change_different_keys_lose_nothing(
    store: ServerProgram, serve: Serve
) -> None:
    with serve(store) as site:
        site.ask("POST", "/set/first")
        answers = in_parallel(lambda number: site.ask("POST", f"/set/key-{number}"), 200)
        assert answers == {(200, "set"): 200}
        kept = site.data()
        assert set(kept) == {"first", *(f"key-{number}" for number in range(200))}
        # They did meet: some saw as few keys as others.
        assert len(set(kept.values())) < 150
        assert site.nothing_leaked()


def test_a_counter_behind_a_lock_counts_every_request(store: ServerProgram, serve: Serve) -> None:
    with serve(store, SESSION_SITE_LOCKING="yes") as site:
        site.ask("POST", "/set/first")
        answers = in_parallel(lambda _: site.ask("POST", "/count"), 1000)
        assert {status for status, _ in answers} == {200}
        assert len(answers) == 2, "both processes answered"
        assert site.data()["count"] == 1000
        assert site.nothing_leaked()


class Load:
    """Clients that go on asking while things happen to the store, and what they were answered."""

    def __init__(self, site: Site, requests: list[tuple[str, str]], seconds: float) -> None:
        self.site = site
        self.began = time.monotonic()
        self.seconds = seconds
        self.answers: list[tuple[float, str, int, str]] = []
        self._clients = ThreadPoolExecutor(CLIENTS)
        self._work = [
            self._clients.submit(self._ask, *requests[number % len(requests)])
            for number in range(CLIENTS)
        ]

    def _ask(self, method: str, path: str) -> None:
        while (passed := time.monotonic() - self.began) < self.seconds:
            status, text = self.site.ask(method, path)
            self.answers.append((passed, path, status, text))

    def until(self, moment: float) -> None:
        """Wait until so many seconds have passed since the first request."""
        time.sleep(max(0.0, self.began + moment - time.monotonic()))

    def end(self) -> None:
        """Wait for the last answers."""
        self._clients.shutdown()
        for work in self._work:
            work.result()

    def statuses(self, path: str, first: float = 0, last: float = 999) -> set[int]:
        """What requests were answered that were sent between two moments."""
        return {
            status
            for when, asked, status, _ in self.answers
            if asked == path and first < when < last
        }


@pytest.mark.parametrize("locking", [False, True], ids=["optimistic", "locking"])
def test_a_store_that_dies_under_load_costs_503_until_it_is_back(
    store: ServerProgram, serve: Serve, locking: bool
) -> None:
    """Never a 500 and never a request that was not torn down; then all is as before."""
    settings = {"SESSION_SITE_LOCKING": "yes", "SESSION_SITE_HOLD": "1"} if locking else {}
    with serve(store, **settings) as site:
        site.ask("POST", "/set/first")
        load = Load(site, [("POST", "/count"), ("GET", "/all")], 4)
        load.until(0.8)
        store.kill()
        gone = time.monotonic() - load.began
        load.until(2)
        back = time.monotonic() - load.began
        store.start()
        started = time.monotonic() - load.began
        load.end()

        for path in ("/count", "/all"):
            assert load.statuses(path) == {200, 503}
            # A request that was sent at the end of the outage may be answered after it.
            assert load.statuses(path, gone, back - 0.6) == {503}
            assert load.statuses(path, started + 0.2) == {200}
        assert site.nothing_leaked()
        assert "Traceback" not in site.said()


def test_a_store_that_dies_under_load_leaves_an_empty_session_to_read_if_wanted(
    redis_server: ServerProgram, serve: Serve
) -> None:
    with serve(redis_server, SESSION_SITE_OUTAGE="read-only") as site:
        site.ask("POST", "/set/first")
        load = Load(site, [("POST", "/count"), ("GET", "/all")], 3)
        load.until(0.5)
        redis_server.kill()
        gone = time.monotonic() - load.began
        load.until(1.7)
        back = time.monotonic() - load.began
        redis_server.start()
        started = time.monotonic() - load.began
        load.end()

        assert load.statuses("/all") == {200}
        during = {
            text for when, path, _, text in load.answers if path == "/all" and gone < when < back
        }
        assert "{}\n" in during
        assert load.statuses("/count", gone, back - 0.6) == {503}
        assert load.statuses("/count", started + 0.2) == {200}
        assert site.nothing_leaked()
        assert "Traceback" not in site.said()
