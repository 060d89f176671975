"""The same applications under real servers: gunicorn and granian, one worker each.

Each application has a server of its own on a free port of this machine, and all of a row wait while
one is asked. What a server's processes used of the processor is read from the system, where it tells.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic, sleep
from typing import Final, NamedTuple

from benchmarks import report
from benchmarks.asks import Ask
from benchmarks.client import LOOPBACK, Connection, ask_for
from benchmarks.contenders import load
from benchmarks.exchange import WrongAnswer, right
from benchmarks.measure import Spread, spread
from benchmarks.parts import CannotMeasure, Plan, Section
from benchmarks.scenarios import Scenario
from benchmarks.served import WHICH

TITLE: Final = "Under a server"
ROOT: Final = Path(__file__).parent.parent
SCENARIOS: Final = ("plain", "json")
FLOOR: Final = "bare"
"""The contender whose figures are the best any other can have under a server."""

CONNECTIONS: Final = 4
FULL_ROUNDS: Final = 15
SAMPLE_SECONDS: Final = 0.2
START_SECONDS: Final = 20.0


class Server(NamedTuple):
    """A program that serves WSGI applications."""

    name: str
    command: Callable[[int], list[str]]
    """The arguments that make it listen on a port, with one worker."""


def gunicorn(port: int) -> list[str]:
    # The worker with threads is the one that keeps connections open.
    one = ["--workers=1", "--worker-class=gthread", "--threads=1", "--keep-alive=60"]
    quiet = ["--log-level=error", "--no-control-socket"]
    return ["gunicorn", f"--bind={LOOPBACK}:{port}", *one, *quiet, "benchmarks.served:app"]


def granian(port: int) -> list[str]:
    one = ["--interface=wsgi", "--workers=1", "--blocking-threads=1", "--no-ws"]
    where = [f"--host={LOOPBACK}", f"--port={port}"]
    return ["granian", *where, *one, "--log-level=error", "benchmarks.served:app"]


SERVERS: Final = (Server("gunicorn", gunicorn), Server("granian", granian))


class Sample(NamedTuple):
    """Seconds of one request: those that passed, and those of the server's processor."""

    passed: float
    used: float


class Run(NamedTuple):
    """One contender's row under one server."""

    server: str
    scenario: Scenario
    contender: str
    samples: list[Sample]

    def times(self, other: Run) -> Spread:
        """How many times the requests per second of `other`, round by round."""
        pairs = zip(self.samples, other.samples, strict=True)
        return spread([theirs.passed / ours.passed for ours, theirs in pairs])

    def times_by_processor(self, other: Run) -> Spread | None:
        """The same by the time the processor was used; None where the system does not tell."""
        if not all(one.used for one in [*self.samples, *other.samples]):
            return None
        pairs = zip(self.samples, other.samples, strict=True)
        return spread([theirs.used / ours.used for ours, theirs in pairs])


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(server: Server, contender: str, scenario: str) -> Generator[tuple[int, int]]:
    """Start a server for one application; its process id and port.

    :raises CannotMeasure: if the server is not installed.
    """
    if find_spec(server.name) is None:
        raise CannotMeasure(
            f"{server.name} is not installed; `pip install -r requirements/bench.txt` installs it"
        )
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *server.command(port)],
        cwd=ROOT,
        env={**os.environ, WHICH: f"{contender}:{scenario}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid, port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def connected(pid: int, port: int, request: Ask) -> Connection:
    """A connection to a server that has just been started, as soon as it listens.

    :raises WrongAnswer: if it does not start.
    """
    ends = monotonic() + START_SECONDS
    while True:
        try:
            return Connection(port, request)
        except OSError:
            if monotonic() > ends or not processes_of(pid):
                raise WrongAnswer("the server did not start") from None
            sleep(0.05)


def children() -> dict[int, list[int]]:
    """The processes of this machine by their parent, where the system tells; else empty."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(entry.parent.name))
    return found


def processes_of(pid: int) -> list[int]:
    """A process and all that it started; only itself where the system does not tell."""
    by_parent = children()
    found = [pid]
    for one in found:
        found += by_parent.get(one, [])
    return found


def processor_seconds(pid: int) -> float:
    """What a process and all that it started used so far; 0 where the system does not tell."""
    total = 0
    for process in processes_of(pid):
        for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
            try:
                total += int(thread.read_text().split()[0])
            except (OSError, ValueError, IndexError):
                continue
    return total / 1e9


def measure_row(server: Server, scenario: Scenario, names: Sequence[str], plan: Plan) -> list[Run]:
    """All contenders of a row under one server, in turns.

    :raises CannotMeasure: if the server is not installed.
    :raises WrongAnswer: if an answer is wrong, before anything is timed.
    """
    runs: dict[str, Run] = {}
    with ExitStack() as stack:
        live: dict[str, tuple[int, list[Connection]]] = {}
        # The requests of these rows are the same for every application.
        (request,) = scenario.asks(lambda environ, start: [])
        for name in names:
            plan.tell(f"{server.name}: {scenario.name}, {name}")
            pid, port = stack.enter_context(serving(server, name, scenario.name))
            connections: list[Connection] = []
            for _ in range(CONNECTIONS):
                connection = connected(pid, port, request)
                stack.callback(connection.close)
                try:
                    right(connection.first(), request)
                except (WrongAnswer, OSError) as wrong:
                    message = f"{name} under {server.name}, {scenario.name}: {wrong}"
                    raise WrongAnswer(message) from wrong
                connections.append(connection)
            live[name] = pid, connections
            runs[name] = Run(server.name, scenario, name, [])
            ask_for(connections, 0 if plan.quick else SAMPLE_SECONDS)
        order, random = list(live), Random(plan.seed)
        for _ in range(2 if plan.quick else FULL_ROUNDS):
            random.shuffle(order)
            for name in order:
                runs[name].samples.append(sample(*live[name], quick=plan.quick))
    return list(runs.values())


def sample(pid: int, connections: Sequence[Connection], *, quick: bool) -> Sample:
    """Ask one server for a while."""
    used = processor_seconds(pid)
    count, passed = ask_for(connections, 0 if quick else SAMPLE_SECONDS)
    return Sample(passed / count, (processor_seconds(pid) - used) / count)


def measure_all(plan: Plan) -> list[Run]:
    """Every row under every server.

    :raises CannotMeasure: if a server is not installed.
    :raises WrongAnswer: if an answer is wrong.
    """
    contenders = load(plan.contenders)
    runs: list[Run] = []
    for server in SERVERS:
        for scenario in plan.scenarios:
            if scenario.name in SCENARIOS:
                names = [one.name for one in contenders if scenario.name in one.apps]
                runs += measure_row(server, scenario, names, plan)
    return runs


def section(plan: Plan) -> Section:
    """What a server makes of each contender, beside the bare callable.

    :raises CannotMeasure: if a server is not installed.
    :raises WrongAnswer: if an answer is wrong.
    """
    runs = measure_all(plan)
    bare = {(run.server, run.scenario.name): run for run in runs if run.contender == FLOOR}
    rows: list[list[str]] = []
    for run in runs:
        used = median(one.used for one in run.samples) * 1e6
        base = bare.get((run.server, run.scenario.name))
        by_processor = run.times_by_processor(base) if base else None
        rows.append(
            [
                f"{run.server}, {run.scenario.title}",
                run.contender,
                f"{1 / median(one.passed for one in run.samples):,.0f}",
                report.with_quartiles(run.times(base)) if base else report.NONE,
                report.number(used) if used else report.NONE,
                report.with_quartiles(by_processor) if by_processor else report.NONE,
            ]
        )
    reading = (
        f"One worker with one thread, {CONNECTIONS} connections that stay open, client and server "
        "on the same machine. Then the time that the server's processes used for one request. Both "
        "are compared with a callable without a framework, the best there can be; where the "
        "machine has other work, the second comparison is the surer one."
    )
    head = ["server and scenario", "contender", "requests/s", "of bare (quartiles)"]
    head += ["processor µs", "of bare, by processor"]
    data = [
        {
            "server": run.server,
            "scenario": run.scenario.name,
            "contender": run.contender,
            "samples": [one._asdict() for one in run.samples],
        }
        for run in runs
    ]
    return Section("servers", TITLE, f"{reading}\n\n{report.table(head, rows)}", data)
