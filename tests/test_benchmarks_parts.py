"""The parts of the benchmark, each in its quick form: real servers, processes and counts."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

pytest.importorskip("flask", reason="the peers are in requirements/bench.txt")
pytest.importorskip("falcon", reason="the peers are in requirements/bench.txt")
pytest.importorskip("bottle", reason="the peers are in requirements/bench.txt")

from benchmarks import attributes, client, commits, counts, garbage, scaled, servers
from benchmarks.__main__ import main
from benchmarks.asks import Ask, text
from benchmarks.contenders import flask_apps
from benchmarks.exchange import WrongAnswer
from benchmarks.parts import CannotMeasure, Plan
from benchmarks.scenarios import GREETING, SCENARIOS

ROOT = Path(__file__).parent.parent
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def plan(*scenarios: str, contenders: tuple[str, ...] = ("flask", "typedflask")) -> Plan:
    """A quick run of some rows."""
    return Plan(scenarios=[BY_NAME[name] for name in scenarios], contenders=contenders, quick=True)


# --- under servers -----------------------------------------------------------------------


@pytest.mark.slow
def test_servers_are_asked_over_connections_that_stay_open_and_stopped_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []
    serving = servers.serving

    @contextmanager
    def noted(server: servers.Server, contender: str, scenario: str) -> Iterator[tuple[int, int]]:
        with serving(server, contender, scenario) as (pid, port):
            started.append(pid)
            yield pid, port

    monkeypatch.setattr(servers, "serving", noted)
    found = servers.section(plan("plain", "route", contenders=("typedflask", "bare")))
    assert len(started) == 4
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    rows = [line.split("|")[1:3] for line in found.text.splitlines() if "plain text" in line]
    names = [(where.strip().split(",")[0], who.strip()) for where, who in rows]
    assert names == [
        (server, name) for server in ("gunicorn", "granian") for name in ("typedflask", "bare")
    ]
    assert found.text.count("1.00 (1.00 to 1.00)") >= 2


def test_a_server_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "SERVERS", (servers.Server("no_such_server", servers.gunicorn),))
    with pytest.raises(CannotMeasure, match=r"no_such_server is not installed.*bench\.txt"):
        servers.section(plan("plain", contenders=("bare",)))


def test_a_server_that_does_not_start_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = servers.Server("gunicorn", lambda port: ["gunicorn", "--no-such-option"])
    monkeypatch.setattr(servers, "SERVERS", (broken,))
    monkeypatch.setattr(servers, "START_SECONDS", 1.0)
    with pytest.raises(WrongAnswer, match="did not start"):
        servers.section(plan("plain", contenders=("bare",)))


@contextmanager
def talking(*answers: bytes) -> Iterator[int]:
    """A port where one client gets these answers, one for each time it sends something."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    connection.recv(65536)
                    for place in range(0, len(answer), 40):
                        connection.sendall(answer[place : place + 40])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def http(body: str, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "", body]).encode()


PLAIN = Ask(path="/", expects=text(GREETING))


def test_the_client_reads_answers_that_come_in_pieces() -> None:
    with talking(*[http("x" * 500)] * 11) as port:
        connection = client.Connection(port, PLAIN)
        assert connection.first().body == b"x" * 500
        count, seconds = client.ask_for([connection], 0)
        connection.close()
    assert count == 10
    assert seconds > 0


@pytest.mark.parametrize("second", [http("xyx"), http("xxxx"), b""])
def test_the_client_notices_an_answer_that_differs_from_the_first(second: bytes) -> None:
    with talking(http("xxx"), second) as port:
        connection = client.Connection(port, PLAIN)
        connection.first()
        with pytest.raises(WrongAnswer, match="differs from the first"):
            client.ask_for([connection], 0)
        connection.close()


@pytest.mark.parametrize(
    "answer", [http("x", "Connection: close"), b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"]
)
def test_the_client_wants_connections_that_stay_open(answer: bytes) -> None:
    with talking(answer) as port:
        connection = client.Connection(port, PLAIN)
        with pytest.raises(WrongAnswer, match="connections that stay open"):
            connection.first()
        connection.close()


# --- routes ------------------------------------------------------------------------------


@pytest.mark.slow
def test_routes_are_measured_for_everyone_who_takes_part() -> None:
    found = scaled.measure_all(plan(contenders=("flask", "typedflask", "falcon", "bare")))
    assert list(found) == ["flask", "typedflask", "falcon"]
    for name, scales in found.items():
        assert list(scales) == [10, 50]
        assert scales[50].memory > scales[10].memory > 0
        assert (scales[10].building is None) == (name == "falcon")
        assert min(scales[10].registering, scales[10].matching, scales[10].missing) > 0


def test_what_routes_cost_is_said_in_a_sentence() -> None:
    scales = {
        10: scaled.Scale(1.0, 0.010, 0.01, None, 10_000),
        110: scaled.Scale(1.0, 0.011, 0.01, None, 60_000),
    }
    said = scaled.growth({"typedflask": scales})
    assert "1.10 times as long among 110 routes as among 10" in said
    assert "a route takes 500 bytes" in said
    assert scaled.growth({"flask": scales}) == ""


def test_who_would_need_minutes_stays_out_of_the_largest_application() -> None:
    everyone = plan(contenders=("flask", "typedflask", "falcon", "bottle"))
    assert scaled.taking_part(everyone, 1_000) == ["flask", "typedflask", "falcon"]
    assert scaled.taking_part(everyone, 10_000) == ["flask", "typedflask"]


# --- proxies -----------------------------------------------------------------------------


def test_each_proxy_is_measured_beside_the_object_behind_it() -> None:
    found = attributes.section(plan())
    for title in ("request.method", "session.modified", "session['user']", "g.first"):
        assert f"| `{title}`" in found.text
    assert "flask, direct" in found.text
    assert "times as fast" not in attributes.section(plan(contenders=("typedflask",))).text


# --- garbage -----------------------------------------------------------------------------


def test_objects_left_in_cycles_are_counted_by_their_types() -> None:
    def wasteful(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ring: list[object] = []
        ring.append({"ring": ring})
        start_response("200 OK", [("Content-Type", "text/html")])
        return [GREETING.encode()]

    found = garbage.garbage_of(wasteful, BY_NAME["plain"], requests=10)
    assert found.kinds == {"list": 10, "dict": 10}
    assert found.described() == "2 (1 list, 1 dict)"


@pytest.mark.parametrize("scenario", ["plain-key", "json", "route", "hooks", "missing", "stream"])
def test_typedflask_leaves_nothing_to_the_collector(scenario: str) -> None:
    (app,) = apps("typedflask", scenario)
    assert garbage.garbage_of(app, BY_NAME[scenario]).kinds == {}


def apps(package: str, *scenarios: str) -> list[WSGIApplication]:
    contender = flask_apps.contender(package)
    return [contender.apps[name]() for name in scenarios]


def test_garbage_is_shown_for_rows_made_of_requests() -> None:
    found = garbage.section(plan("missing", "proxies"))
    assert "404 with a handler" in found.text
    assert "frame" in found.text
    assert "through `request`" not in found.text


# --- instructions ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_instructions_are_counted_row_by_row() -> None:
    found = counts.measure_counts(plan("plain", "json", "register", contenders=("bare",)))
    assert list(found["bare"]) == ["plain", "json"]
    assert 100 < found["bare"]["plain"] < found["bare"]["json"]


def test_without_valgrind_the_part_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert main(["--quick", "--count", "plain"]) == 2
    assert "needs valgrind, which is not installed" in capsys.readouterr().err


# --- commits -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone of the repository")
def test_two_commits_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--quick", "--only", "plain", "proxies", "--compare", "HEAD"]
    assert main(command) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "How many times as fast the working tree is as HEAD" in said
    assert said.count("\n| ") == 4


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone of the repository")
def test_a_commit_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--only", "plain", "--compare", "no-such-commit"]) == 2
    assert "'no-such-commit'" in capsys.readouterr().err


def test_a_comparison_takes_at_most_two_commits(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--compare", "a", "b", "c"])
    assert "one commit or two" in capsys.readouterr().err


def test_a_measurement_of_other_sources_than_those_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongAnswer, match="was imported from"):
        commits.measure_here(tmp_path, ["plain"], quick=True)


def test_the_ratio_of_commits_compares_processes_of_the_same_round() -> None:
    rounds = [
        {"old": {"plain": 4e-6, "json": 1.0}, "new": {"plain": 2e-6}},
        {"old": {"plain": 8e-6, "json": 1.0}, "new": {"plain": 4e-6}},
    ]
    table = commits.comparison(SCENARIOS, rounds)
    assert "2.00 (2.00 to 2.00)" in table
    assert "JSON" not in table


# --- the command -------------------------------------------------------------------------


def test_a_part_is_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--parts", "garbage", "--only", "plain"]) == 0
    said = capsys.readouterr().out
    assert f"## {garbage.TITLE}" in said
    assert servers.TITLE not in said


def test_a_part_that_cannot_run_here_is_left_out_of_a_whole_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr("benchmarks.__main__.PARTS", {"counts": counts.section})
    command = ["--quick", "--only", "plain", "--contenders", "flask", "typedflask"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert "left out: Counting instructions needs valgrind" in said.err
    assert "plain text" in said.out
