"""`app.run()`: what it asks of the development server, and that it really serves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from typedflask import Flask

PATIENCE = 20.0
"""How long, in seconds, a server may take for what it does at once on an idle machine."""

# --- what the development server is asked for --------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What `run` asked of the development server, which is not started."""
    calls: list[dict[str, Any]] = []

    def run_simple(host: str, port: int, app: Flask, **options: Any) -> None:
        app.test_client().get("/")
        calls.append({"host": host, "port": port, "debug": app.debug, **options})

    monkeypatch.setattr("werkzeug.serving.run_simple", run_simple)
    for name in ("FLASK_DEBUG", "FLASK_RUN_FROM_CLI", "FLASK_SKIP_DOTENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return calls


def test_by_default_it_serves_this_machine_only_without_debugger(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    Flask("shop").run()

    assert asked == [
        {
            "host": "127.0.0.1",
            "port": 5000,
            "debug": False,
            "use_reloader": False,
            "use_debugger": False,
            "threaded": True,
        }
    ]
    assert "Serving application 'shop'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("server_name", "arguments", "address"),
    [
        ("shop.example:8080", {}, ("shop.example", 8080)),
        ("shop.example", {}, ("shop.example", 5000)),
        ("[::1]:8080", {}, ("::1", 8080)),
        ("shop.example:8080", {"host": "0.0.0.0"}, ("0.0.0.0", 8080)),
        ("shop.example:8080", {"port": 80}, ("shop.example", 80)),
        (None, {"port": 0}, ("127.0.0.1", 0)),
        ("shop.example:8080", {"port": 0}, ("shop.example", 0)),
    ],
)
def test_the_address_is_that_of_the_server_name_unless_it_is_given(
    asked: list[dict[str, Any]],
    server_name: str | None,
    arguments: dict[str, Any],
    address: tuple[str, int],
) -> None:
    app = Flask("shop")
    app.config["SERVER_NAME"] = server_name
    app.run(**arguments)

    assert (asked[0]["host"], asked[0]["port"]) == address


def test_debug_mode_turns_debugger_and_reloader_on(asked: list[dict[str, Any]]) -> None:
    app = Flask("shop")
    app.run(debug=True)

    assert asked[0]["debug"] is asked[0]["use_reloader"] is asked[0]["use_debugger"] is True


def test_the_argument_wins_over_the_application(asked: list[dict[str, Any]]) -> None:
    app = Flask("shop")
    app.debug = True
    app.run(debug=False)

    assert asked[0]["debug"] is asked[0]["use_reloader"] is asked[0]["use_debugger"] is False


def test_options_of_the_server_are_handed_on_and_win(asked: list[dict[str, Any]]) -> None:
    Flask("shop").run(debug=True, use_reloader=False, threaded=False, processes=2)

    assert asked[0]["use_reloader"] is False
    assert asked[0]["use_debugger"] is True
    assert (asked[0]["threaded"], asked[0]["processes"]) == (False, 2)


def test_the_environment_turns_debug_mode_on(
    asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Flask("shop")
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app.run()

    assert asked[0]["debug"] is True


@pytest.mark.parametrize(("load", "debug"), [(True, True), (False, False)])
def test_files_of_variables_are_read_first_unless_told_not_to(
    asked: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    load: bool,
    debug: bool,
) -> None:
    pytest.importorskip("dotenv")
    (tmp_path / ".env").write_text("FLASK_DEBUG=1\n", encoding="utf-8")
    monkeypatch.setattr(os, "environ", os.environ.copy())
    Flask("shop").run(load_dotenv=load)

    assert asked[0]["debug"] is debug


def test_under_the_command_line_it_does_nothing_and_says_so(
    asked: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    Flask("shop").run()
    told = capsys.readouterr().out
    monkeypatch.setenv("WERKZEUG_RUN_MAIN", "true")
    Flask("shop").run()

    assert asked == []
    assert "app.run() is ignored" in told
    assert capsys.readouterr().out == ""


def test_once_the_server_stopped_set_up_may_go_on(asked: list[dict[str, Any]]) -> None:
    app = Flask("shop")
    app.run()

    app.add_url_rule("/later", "later", lambda: "later")
    assert app.test_client().get("/later").text == "later"


# --- a real server -----------------------------------------------------------------------

PROGRAM = """
import os
from typedflask import Flask
from fruit import NAME

app = Flask(__name__)

@app.get("/")
def index() -> str:
    return f"{app.name} {NAME} {app.debug} {os.getpid()}"

@app.get("/fails")
def fails() -> str:
    raise LookupError("a view that fails")

app.run(port=0, debug=DEBUG, reloader_type="stat", reloader_interval=0.1)
"""


class Server:
    """A program that serves, in processes of its own."""

    def __init__(self, folder: Path, debug: bool) -> None:
        self.stopped = False
        self.folder = folder
        self.output = folder / "output.txt"
        self.write_fruit("plum")
        (folder / "serve.py").write_text(PROGRAM.replace("DEBUG", str(debug)), encoding="utf-8")
        environ = {
            **{name: os.environ[name] for name in os.environ if not name.startswith("WERKZEUG_")},
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "FLASK_SKIP_DOTENV": "1",
        }
        with self.output.open("wb") as output:
            # A session of its own: the reloader starts a second process, and both are to end.
            self.process = subprocess.Popen(
                [sys.executable, "serve.py"],
                cwd=folder,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        found = self.wait_for(
            lambda: re.search(r"Running on http://127\.0\.0\.1:(\d+)", self.printed())
        )
        self.address = f"http://127.0.0.1:{found[1]}"

    def write_fruit(self, name: str) -> None:
        (self.folder / "fruit.py").write_text(f"NAME = {name!r}\n", encoding="utf-8")

    def printed(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of an answer; 0 while nobody listens."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, look: Callable[[], Any]) -> Any:
        """What `look` finds, once it finds something."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"gave up waiting; the server said:\n{self.printed()}")
            time.sleep(0.05)
        return found

    def stop(self) -> int:
        """End the processes of this server; the exit status of the first."""
        if not self.stopped:
            self.stopped = True
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
        return self.process.wait(PATIENCE)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[bool], Server]]:
    servers: list[Server] = []

    def start_one(debug: bool) -> Server:
        servers.append(Server(tmp_path, debug))
        return servers[-1]

    yield start_one
    for server in servers:
        server.stop()


def test_a_program_serves_until_it_is_stopped(start: Callable[[bool], Server]) -> None:
    server = start(False)
    status, text = server.ask("/")

    assert (status, text) == (200, f"serve plum False {server.process.pid}")
    status, text = server.ask("/fails")
    assert status == 500
    assert "LookupError" not in text
    assert "LookupError: a view that fails" in server.printed()
    assert server.stop() == -signal.SIGTERM
    assert server.ask("/") == (0, "")


def test_in_debug_mode_errors_get_a_debugger_and_changed_files_a_new_process(
    start: Callable[[bool], Server],
) -> None:
    server = start(True)
    status, before = server.wait_for(lambda: (answer := server.ask("/"))[0] and answer)
    assert (status, before.rpartition(" ")[0]) == (200, "serve plum True")

    status, page = server.ask("/fails")
    assert status == 500
    assert "<title>LookupError: a view that fails" in page
    assert "__debugger__" in page

    server.write_fruit("blackberry")
    after = server.wait_for(lambda: "blackberry" in (answer := server.ask("/"))[1] and answer[1])
    assert after.rpartition(" ")[0] == "serve blackberry True"
    assert after.rpartition(" ")[2] != before.rpartition(" ")[2]


def test_a_replaced_run_simple_of_werkzeug_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of applications put a recorder in the place of `werkzeug.serving.run_simple`."""
    calls: list[tuple[object, ...]] = []

    def record(*args: object, **options: object) -> None:
        calls.append((*args, options["use_reloader"]))

    monkeypatch.setattr("werkzeug.serving.run_simple", record)
    app = Flask("recorded")
    app.run(port=5001, debug=False, load_dotenv=False)
    assert calls == [("127.0.0.1", 5001, app, False)]
