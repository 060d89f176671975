"""The benchmark measures right answers only, and everything it promises on its command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

pytest.importorskip("flask", reason="the peers are in requirements/bench.txt")
pytest.importorskip("falcon", reason="the peers are in requirements/bench.txt")
pytest.importorskip("bottle", reason="the peers are in requirements/bench.txt")

from benchmarks import contenders, deeper, report
from benchmarks.__main__ import main
from benchmarks.asks import Ask, draft, json_of, text
from benchmarks.contenders import registering
from benchmarks.contenders.contract import Contender, Sampler
from benchmarks.exchange import WrongAnswer, ask, checked, serve
from benchmarks.measure import QUICK, Figures, Row, check_app, measure, samplers_of
from benchmarks.scenarios import SCENARIOS, Scenario

ROOT = Path(__file__).parent.parent
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def answering(
    body: bytes, status: str = "200 OK", content_type: str = "text/html"
) -> WSGIApplication:
    """An application that answers everything alike."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, [("Content-Type", content_type)])
        return [body]

    return app


def serving(name: str, app: WSGIApplication) -> Contender:
    """A contender that offers one row."""

    def build() -> WSGIApplication:
        return app

    return Contender("impostor", apps={name: build}, samplers={})


def silent(note: str) -> None:
    """Progress nobody reads."""


# --- everyone answers correctly ----------------------------------------------------------


@pytest.mark.parametrize("name", contenders.NAMES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: str(scenario.name))
def test_every_contender_answers_every_row_it_offers(scenario: Scenario, name: str) -> None:
    (contender,) = contenders.load([name])
    if scenario.name in contender.apps:
        assert check_app(scenario, contender.apps[scenario.name]())
    elif scenario.name in contender.samplers and not scenario.once:
        assert contender.samplers[scenario.name]()(3) > 0
    else:
        assert name in ("falcon", "bottle", "bare") or scenario.once


@pytest.mark.parametrize("name", [contenders.BASE, contenders.OURS])
def test_flask_and_typedflask_offer_every_row(name: str) -> None:
    (contender,) = contenders.load([name])
    assert {*contender.apps, *contender.samplers} == set(BY_NAME)


@pytest.mark.parametrize("name", contenders.NAMES)
def test_nobody_offers_a_row_that_does_not_exist(name: str) -> None:
    (contender,) = contenders.load([name])
    assert {*contender.apps, *contender.samplers} <= set(BY_NAME)


def test_registering_is_measured_up_to_a_right_answer() -> None:
    sampler = registering.registering(lambda: answering(b"item 7"))
    assert sampler(2) > 0
    with pytest.raises(WrongAnswer, match="item 8"):
        registering.registering(lambda: answering(b"item 8"))(1)


@pytest.mark.parametrize("measured", ["import", "memory"])
def test_an_import_is_measured_in_a_process_of_its_own(measured: str) -> None:
    (bottle,) = contenders.load(["bottle"])
    assert bottle.samplers[measured]()(1) > 0


def test_an_import_that_fails_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    (bottle,) = contenders.load(["bottle"])
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(WrongAnswer, match="import bottle failed"):
        bottle.samplers["import"]()


# --- wrong answers are caught ------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "complaint"),
    [
        (answering(b"Hello!"), "body b'Hello!' instead of b?'Hello, world!'"),
        (answering(b"Hello, world!", status="201 Created"), "status 201 instead of 200"),
        (answering(b"Hello, world!", content_type="text/plain"), "content type 'text/plain'"),
    ],
)
def test_a_wrong_answer_is_named_before_anything_is_timed(
    app: WSGIApplication, complaint: str
) -> None:
    with pytest.raises(WrongAnswer, match=f"impostor, plain: GET /: {complaint}"):
        samplers_of(BY_NAME["plain"], [serving("plain", app)])


def test_an_application_that_raises_is_a_wrong_answer() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise LookupError("nothing works")

    with pytest.raises(WrongAnswer, match="impostor, plain: raised LookupError"):
        samplers_of(BY_NAME["plain"], [serving("plain", app)])


def test_an_application_that_never_starts_its_response_is_a_wrong_answer() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return [b"Hello, world!"]

    with pytest.raises(WrongAnswer, match="start_response was never called"):
        checked(app, Ask(path="/", expects=text("Hello, world!")))


def test_a_missing_header_is_a_wrong_answer() -> None:
    wanted = text("x", headers={"Set-Cookie": None})
    with pytest.raises(WrongAnswer, match="header Set-Cookie"):
        checked(answering(b"x"), Ask(path="/", expects=wanted))


def test_json_may_be_spaced_as_it_likes_but_must_mean_the_same() -> None:
    request = Ask(path="/", expects=json_of({"a": [1, 2]}))
    checked(answering(b'{ "a":[1,2] }\n', content_type="application/json"), request)
    for wrong in (b'{"a": [2, 1]}', b"{", b""):
        with pytest.raises(WrongAnswer):
            checked(answering(wrong, content_type="application/json"), request)


def test_a_session_that_forgets_is_caught() -> None:
    """Flask's session application, served by one that drops the cookies clients send."""
    (flask,) = contenders.load(["flask"])
    app = flask.apps["session-read"]()

    def forgetful(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_COOKIE", None)
        return app(environ, start_response)

    with pytest.raises(WrongAnswer, match="nobody has seen 0 pages"):
        check_app(BY_NAME["session-read"], forgetful)


def test_a_session_that_trusts_a_forged_cookie_is_caught() -> None:
    """An impostor that keeps its state in the cookie without signing it."""
    with pytest.raises(WrongAnswer, match=r"instead of .nobody"):
        BY_NAME["session-read"].proof(unsigned_sessions)


def unsigned_sessions(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Counts visits in a cookie that anybody may write."""
    visits = environ.get("HTTP_COOKIE", "s=0_sign").partition("=")[2].partition("_")[0]
    path = environ["PATH_INFO"]
    if path == "/login":
        body, visits = "welcome", "0"
    elif path == "/visit":
        visits = str(int(visits) + 1)
        body = visits
    else:
        body = f"ann has seen {visits} pages"
    headers = [("Content-Type", "text/html"), ("Set-Cookie", f"s={visits}_sign; Path=/")]
    start_response("200 OK", headers)
    return [body.encode()]


def test_a_teardown_function_that_does_not_run_is_caught() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        marks = [(f"X-After-{number}", "ran") for number in (1, 2, 3)]
        start_response("200 OK", [("Content-Type", "text/html"), *marks])
        return [b"0 0 0" if environ["PATH_INFO"] == "/teardowns" else b"before 1 2 3"]

    with pytest.raises(WrongAnswer, match="three teardown functions"):
        check_app(BY_NAME["hooks"], app)


# --- one exchange ------------------------------------------------------------------------


class Body:
    """A WSGI body that knows whether it was closed."""

    closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"one"
        raise OSError("the client went away")

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("send", ["serve", "ask"])
def test_a_body_is_closed_even_when_reading_it_fails(send: str) -> None:
    body = Body()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return body

    request = Ask(path="/", expects=text(""))
    with pytest.raises(OSError, match="went away"):
        if send == "serve":
            serve(app, draft(request).fresh())
        else:
            ask(app, request)
    assert body.closed


def test_each_request_gets_an_environ_and_an_input_of_its_own() -> None:
    request = Ask(path="/", method="POST", body=b"a=1", content_type="text/plain", expects=text(""))
    made = draft(request)
    first, second = made.fresh(), made.fresh()
    first["changed"] = True
    assert first["wsgi.input"].read() == b"a=1"
    assert second["wsgi.input"].read() == b"a=1"
    assert "changed" not in second
    assert second["CONTENT_LENGTH"] == "3"


# --- figures -----------------------------------------------------------------------------


def row_of(ours: float) -> Row:
    """A row in which Flask takes ten of something."""
    figures = {
        name: Figures((one, one), 1) for name, one in (("flask", 10.0), ("typedflask", ours))
    }
    return Row(BY_NAME["plain"], figures)


def test_a_ratio_compares_samples_of_the_same_round() -> None:
    """A round in which the machine was busy slows both and leaves the ratio alone."""
    flask, ours = Figures((10.0, 40.0, 10.0), 1), Figures((2.0, 8.0, 2.0), 1)
    assert ours.times_as_fast_as(flask) == (5.0, 5.0, 5.0)
    assert (ours.middle, ours.least) == (2.0, 2.0)


@pytest.mark.parametrize(("ours", "missed"), [(1.5, 0), (2.0, 0), (2.1, 1)])
def test_a_floor_is_missed_below_its_ratio(ours: float, missed: int) -> None:
    assert len(report.below_floor([row_of(ours)], "now")) == missed


def test_the_floors_of_now_are_those_of_the_finished_project_but_for_imports() -> None:
    lenient = {"import", "memory"}
    assert {row.name for row in SCENARIOS if row.floors.now < row.floors.least} == lenient
    assert all(1 <= row.floors.now <= row.floors.aim for row in SCENARIOS)
    assert all(row.floors.least < row.floors.aim for row in SCENARIOS)


@pytest.mark.parametrize(
    ("name", "times", "missed"),
    [
        ("plain", {"falcon": 0.8, "bottle": 0.9}, ["0.80 times falcon", "0.90 times bottle"]),
        ("plain", {"falcon": 0.95, "bottle": 1.1}, []),
        ("static", {"falcon": 0.5, "bottle": 2.0}, []),
        ("register", {"falcon": 0.5, "bottle": 0.5}, []),
        ("plain", {}, []),
    ],
)
def test_the_finished_project_is_held_against_its_peers(
    name: str, times: dict[str, float], missed: list[str]
) -> None:
    """Level with Falcon in some rows, ahead of Bottle in all that are made of requests."""
    figures = {peer: Figures((ratio, ratio), 1) for peer, ratio in times.items()}
    rows = [Row(BY_NAME[name], {**figures, "typedflask": Figures((1.0, 1.0), 1)})]
    found = report.below_floor(rows, "least")
    assert len(found) == len(missed)
    for sentence, part in zip(found, missed, strict=True):
        assert part in sentence
    assert report.below_floor(rows, "now") == []
    shown = report.peer_table(rows)
    assert ("0.80 (0.80 to 0.80)" in shown) == (times.get("falcon") == 0.8)
    assert (BY_NAME[name].title in shown) == (bool(times) and name != "register")


@pytest.mark.parametrize("missing", ["flask", "typedflask"])
def test_a_ratio_needs_both_sides(missing: str) -> None:
    both = row_of(2.0)
    figures = {name: found for name, found in both.figures.items() if name != missing}
    assert Row(both.scenario, figures).ratio("typedflask") is None


def test_a_row_nobody_offers_is_left_out() -> None:
    row = measure(
        BY_NAME["hooks"],
        contenders.load(["bare"]),
        pace=QUICK,
        random=Random(1),
        progress=silent,
    )
    assert row is None


# --- the command -------------------------------------------------------------------------


def test_a_missing_framework_names_the_file_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def not_there() -> Contender:
        raise ModuleNotFoundError("No module named 'falcon'")

    monkeypatch.setattr(contenders, "ROSTER", (contenders.Entrant("falcon", not_there),))
    assert main(["--quick", "--parts", "requests"]) == 2
    assert "requirements/bench.txt" in capsys.readouterr().err
    assert (ROOT / contenders.REQUIREMENTS).is_file()


def test_a_wrong_answer_stops_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def impostor() -> Contender:
        return serving("plain", answering(b"Hello!"))

    monkeypatch.setattr(contenders, "ROSTER", (contenders.Entrant("flask", impostor),))
    assert main(["--quick", "--parts", "requests"]) == 2
    assert "nothing is measured: impostor, plain" in capsys.readouterr().err


def slowed(name: str, times: float) -> Callable[[], Contender]:
    """A contender whose only row takes `times` as long as one second each."""

    def sampler() -> Sampler:
        return lambda count: count * times

    return lambda: Contender(name, apps={}, samplers={"proxies": sampler})


@pytest.mark.parametrize(("ours", "status"), [(0.2, 0), (0.5, 1)])
def test_a_missed_floor_is_the_exit_status(
    monkeypatch: pytest.MonkeyPatch, ours: float, status: int
) -> None:
    roster = (
        contenders.Entrant("flask", slowed("flask", 1.0)),
        contenders.Entrant("typedflask", slowed("typedflask", ours)),
    )
    monkeypatch.setattr(contenders, "ROSTER", roster)
    command = ["--quick", "--parts", "requests"]
    assert main([*command, "--floors"]) == status
    assert main(command) == 0


def test_an_unknown_scenario_is_answered_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--profile", "plane"]) == 2
    assert "session-read" in capsys.readouterr().err


def test_a_profile_names_functions(capsys: pytest.CaptureFixture[str]) -> None:
    deeper.profile("plain", "bare")
    assert "bare.py" in capsys.readouterr().out


@pytest.mark.slow
def test_a_quick_run_prints_every_row_and_writes_every_sample(tmp_path: Path) -> None:
    """All scenarios, with everybody taking part."""
    file = tmp_path / "figures.json"
    wanted = ["--quick", "--parts", "requests"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *wanted, "--json", str(file)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(scenario.title in done.stdout for scenario in SCENARIOS)
    assert f"{len(SCENARIOS)}/{len(SCENARIOS)}" in done.stderr
    rows = json.loads(file.read_text())["parts"]["requests"]
    assert [row["name"] for row in rows] == list(BY_NAME)
    assert all({"flask", "typedflask"} <= set(row["contenders"]) for row in rows)
