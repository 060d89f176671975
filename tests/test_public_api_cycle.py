"""Each documented step of a request is a method that is called; contexts, resources and the rest."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from typedflask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    request,
    session,
)


@pytest.fixture
def app() -> Flask:
    made = Flask("api_example", root_path="/nowhere")
    made.secret_key = "only here"
    return made


class Recording(Flask):
    """Writes down which steps of a request were called."""

    def __init__(self, import_name: str) -> None:
        self.called: list[str] = []
        super().__init__(import_name)

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in STEPS:
            self.called.append(name)
        return value


STEPS = (
    "wsgi_app",
    "request_context",
    "full_dispatch_request",
    "preprocess_request",
    "dispatch_request",
    "finalize_request",
    "make_response",
    "process_response",
    "do_teardown_request",
    "do_teardown_appcontext",
    "create_url_adapter",
    "handle_user_exception",
    "handle_exception",
    "handle_http_exception",
    "log_exception",
    "raise_routing_exception",
    "make_default_options_response",
    "ensure_sync",
    "async_to_sync",
)


class TestTheRequestCycle:
    @pytest.fixture
    def recording(self) -> Recording:
        app = Recording("recording")
        app.add_url_rule("/", "index", lambda: "x")

        @app.get("/async")
        async def later() -> str:
            return "later"

        @app.get("/fail")
        def fail() -> str:
            raise ValueError

        return app

    def test_every_documented_step_is_a_method_that_is_really_called(
        self, recording: Recording, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.CRITICAL)
        client = recording.test_client()
        for path in ("/", "/async", "/fail", "/none"):
            client.get(path)
        client.options("/")
        assert set(STEPS) - set(recording.called) == set()

    def test_a_step_replaced_on_the_instance_is_used(self, app: Flask) -> None:
        app.dispatch_request = lambda: "replaced"  # type: ignore[method-assign]  # as extensions do
        assert app.test_client().get("/").text == "replaced"

    def test_middleware_around_wsgi_app(self, app: Flask) -> None:
        def moved(environ: Any, start_response: Any) -> Any:
            return inner({**environ, "PATH_INFO": "/moved"}, start_response)

        inner = app.wsgi_app
        app.wsgi_app = moved
        app.add_url_rule("/moved", "moved", lambda: "moved")
        assert app.test_client().get("/").text == "moved"

    def test_preprocess_and_teardown_by_hand(self, app: Flask) -> None:
        """The documentation does this at the prompt."""
        ran: list[str] = []
        app.before_request(lambda: ran.append("before"))
        app.teardown_request(lambda error: ran.append("teardown"))
        app.teardown_appcontext(lambda error: ran.append("context"))
        with app.test_request_context():
            assert app.preprocess_request() is None
            app.do_teardown_request()
            app.do_teardown_appcontext()
            response = app.process_response(Response("x"))
        assert response.get_data() == b"x"
        assert ran == ["before", "teardown", "context", "teardown", "context"]

    def test_an_async_hook_that_gives_nothing_lets_the_next_one_run(self, app: Flask) -> None:
        @app.before_request
        async def first() -> None:
            g.first = True

        @app.before_request
        def second() -> tuple[str, int] | None:
            return ("refused", 403) if g.first else None

        assert app.test_client().get("/").text == "refused"


class TestContexts:
    def test_app_context(self, app: Flask) -> None:
        with app.app_context():
            assert current_app._get_current_object() is app

    def test_request_context(self, app: Flask) -> None:
        environ = app.test_request_context("/x?a=1").request.environ
        with app.request_context(environ) as context:
            assert request.path == "/x"
            assert context.app is app
            assert context.g is g._get_current_object()

    def test_sessions_are_opened_by_the_interface(self, app: Flask) -> None:
        with app.test_request_context():
            session["a"] = 1
            assert session["a"] == 1


class TestTheRest:
    def test_resources(self, tmp_path: Path) -> None:
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "a.txt").write_text("text")
        app = Flask("example", root_path=str(tmp_path))
        with app.open_resource("static/a.txt") as file:
            assert file.read() == b"text"
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(minutes=2)
        with app.test_request_context():
            assert app.get_send_file_max_age("a.txt") == 120
            response = app.send_static_file("a.txt")
            assert response.cache_control.max_age == 120
            response.close()

    def test_blueprints(self, app: Flask) -> None:
        part = Blueprint("part", __name__)
        app.register_blueprint(part, url_prefix="/part")
        assert app.blueprints == {"part": part}
        assert list(app.iter_blueprints()) == [part]

    def test_attributes(self, app: Flask) -> None:
        assert app.name == "api_example"
        assert app.root_path == "/nowhere"
        assert app.extensions == {}
        assert app.logger.name == "api_example"
        assert app.secret_key == app.config["SECRET_KEY"] == "only here"
        app.permanent_session_lifetime = 60
        assert app.permanent_session_lifetime == timedelta(minutes=1)
        app.testing = True
        app.debug = True
        assert app.config["TESTING"] is app.config["DEBUG"] is True

    def test_make_response_and_options(self, app: Flask) -> None:
        app.add_url_rule("/", "index", lambda: "x", methods=["GET", "PUT"])
        with app.test_request_context("/", method="OPTIONS"):
            assert app.make_response(("x", 201)).status_code == 201
            allowed = app.make_default_options_response().allow
        assert set(allowed) == {"GET", "HEAD", "OPTIONS", "PUT"}

    def test_async_functions_become_sync_ones(self, app: Flask) -> None:
        async def double(number: int) -> int:
            return number * 2

        def half(number: int) -> float:
            return number / 2

        assert app.ensure_sync(double)(2) == app.async_to_sync(double)(2) == 4
        assert app.ensure_sync(half) is half

    def test_commands(self, app: Flask) -> None:
        @app.cli.command("name")
        def name() -> None:
            click.echo(current_app.name)

        assert app.test_cli_runner().invoke(args=["name"]).output == "api_example\n"

    def test_make_config(self, app: Flask) -> None:
        made = app.make_config()
        assert isinstance(made, Mapping)
        assert made.root_path == app.root_path
        assert app.make_config(instance_relative=True).root_path == app.instance_path

    def test_run_serves_with_werkzeug(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[Any] = []
        monkeypatch.setattr("werkzeug.serving.run_simple", lambda *a, **kw: told.append((a, kw)))
        app.run("127.0.0.1", 5005, debug=False, load_dotenv=False, threaded=False)
        ((arguments, options),) = told
        assert arguments[:3] == ("127.0.0.1", 5005, app)
        assert options["threaded"] is False
