"""Each documented room does what it promises: settings, JSON, views, signals, testing, commands."""

from __future__ import annotations

import io
import json as standard_json
from pathlib import Path
from typing import Any

import blinker
import click
import pytest

import typedflask
from typedflask import (
    Config,
    Flask,
    current_app,
    has_request_context,
    json,
    jsonify,
    redirect,
    render_template_string,
    request,
    session,
    signals,
)
from typedflask.cli import (
    AppGroup,
    FlaskGroup,
    ScriptInfo,
    load_dotenv,
    pass_script_info,
    with_appcontext,
)
from typedflask.json.tag import JSONTag, TaggedJSONSerializer
from typedflask.testing import EnvironBuilder
from typedflask.views import MethodView, View, http_method_funcs


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}page {{ word }}"
    )
    (tmp_path / "note.txt").write_text("note")
    made = Flask("rest", root_path=str(tmp_path))
    made.secret_key = "only here"
    return made


class TestConfig:
    def test_every_source(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        class Settings:
            BY_OBJECT = 1

        (tmp_path / "a.py").write_text("BY_FILE = 1")
        (tmp_path / "b.py").write_text("BY_VARIABLE = 1")
        (tmp_path / "c.json").write_text('{"BY_JSON": 1}')
        monkeypatch.setenv("REST_SETTINGS", str(tmp_path / "b.py"))
        monkeypatch.setenv("REST_IMAGE__SIZE", "1")
        config = Config(tmp_path, {"BY_DEFAULT": 1})
        config.from_object(Settings)
        config.from_pyfile("a.py")
        config.from_envvar("REST_SETTINGS")
        config.from_file("c.json", standard_json.load)
        config.from_mapping({"BY_MAPPING": 1}, BY_KEYWORD=1)
        config.from_prefixed_env("REST")
        assert config.pop("SETTINGS")
        assert config.get_namespace("BY_") == dict.fromkeys(
            ("default", "object", "file", "variable", "json", "mapping", "keyword"), 1
        )
        assert config["IMAGE"] == {"SIZE": 1}


class TestJSON:
    def test_functions_use_the_applications_provider(self, app: Flask) -> None:
        with app.app_context():
            assert json.loads(json.dumps({"b": 1, "a": 2})) == {"a": 2, "b": 1}
            written = io.StringIO()
            json.dump([1], written)
            assert json.load(io.StringIO(written.getvalue())) == [1]
            assert jsonify(a=1).get_data(as_text=True) == json.jsonify(a=1).get_data(as_text=True)
            found = render_template_string("{{ {'a': '<'}|tojson }}")
        assert standard_json.loads(found) == {"a": "<"}
        assert "<" not in found

    def test_a_tag_of_ones_own(self) -> None:
        class TagComplex(JSONTag):
            key = " c"

            def check(self, value: Any) -> bool:
                return isinstance(value, complex)

            def to_json(self, value: Any) -> Any:
                return [value.real, value.imag]

            def to_python(self, value: Any) -> Any:
                return complex(*value)

        serializer = TaggedJSONSerializer()
        serializer.register(TagComplex)
        assert serializer.loads(serializer.dumps({"a": (1, 2j)})) == {"a": (1, 2j)}


class TestViews:
    def test_classes_of_views(self, app: Flask) -> None:
        class One(View):
            methods = ["GET", "POST"]  # noqa: RUF012 - as documented

            def dispatch_request(self) -> str:
                return request.method

        class Two(MethodView):
            def get(self) -> str:
                return "got"

            def post(self) -> str:
                return "posted"

        app.add_url_rule("/one", view_func=One.as_view("one"))
        app.add_url_rule("/two", view_func=Two.as_view("two"))
        client = app.test_client()
        answers = [client.get("/one"), client.post("/one"), client.get("/two"), client.post("/two")]
        assert [answer.text for answer in answers] == ["GET", "POST", "got", "posted"]
        assert client.delete("/two").status_code == 405
        assert {"get", "post", "put", "patch", "delete", "head", "options", "trace"} == set(
            http_method_funcs
        )


class TestSignals:
    def test_each_is_a_signal_and_a_namespace_makes_more(self) -> None:
        for name in signals.__all__:
            if name.islower() and name != "signals_available":
                assert isinstance(getattr(signals, name), blinker.NamedSignal)
                assert getattr(typedflask, name) is getattr(signals, name)
        own = signals.Namespace().signal("own")
        heard: list[Any] = []

        def hear(sender: str) -> None:
            heard.append(sender)

        own.connect(hear)
        own.send("sender")
        assert heard == ["sender"]


class TestTestClient:
    def test_blocks_sessions_json_and_redirects(self, app: Flask) -> None:
        app.add_url_rule("/", "index", lambda: redirect("/there"))
        app.add_url_rule("/there", "there", lambda: {"a": session.get("a")})
        client = app.test_client()
        with client.session_transaction() as opened:
            opened["a"] = 1
        with client:
            answer = client.get("/", follow_redirects=True)
            assert answer.json == {"a": 1}
            assert request.path == "/there"
        assert not has_request_context()
        client.set_cookie("name", "value")
        cookie = client.get_cookie("name")
        assert cookie is not None
        assert cookie.value == "value"

    def test_environments(self, app: Flask) -> None:
        app.config["APPLICATION_ROOT"] = "/root"
        builder = EnvironBuilder(app, "/x", method="POST", json={"a": 1})
        environ = builder.get_environ()
        builder.close()
        assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/root", "/x")


class TestCommandLine:
    def test_groups_and_their_parts(self, app: Flask) -> None:
        group = FlaskGroup(create_app=lambda: app)

        @group.command("name")
        @pass_script_info
        def name(info: ScriptInfo) -> None:
            click.echo(info.load_app().name)

        @click.command("bare")
        @with_appcontext
        def bare() -> None:
            click.echo(current_app.name)

        group.add_command(bare)
        runner = app.test_cli_runner()
        assert runner.invoke(group, ["name"]).output == "rest\n"
        assert runner.invoke(group, ["bare"]).output == "rest\n"
        assert isinstance(app.cli, AppGroup)
        assert {"run", "shell", "routes"} <= set(group.list_commands(click.Context(group)))

    def test_load_dotenv(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("dotenv")
        (tmp_path / ".env").write_text("REST_FROM_DOTENV=yes\n")
        monkeypatch.setenv("REST_FROM_DOTENV", "")
        monkeypatch.delenv("REST_FROM_DOTENV")
        assert load_dotenv(tmp_path / ".env") is True


class TestLogging:
    def test_the_loggers_handler_writes_to_the_servers_error_stream(self, app: Flask) -> None:
        from typedflask.logging import default_handler, has_level_handler, wsgi_errors_stream

        stream = io.StringIO()
        with app.test_request_context(errors_stream=stream):
            wsgi_errors_stream.write("told")
        assert stream.getvalue() == "told"
        assert has_level_handler(app.logger)
        assert default_handler.formatter is not None
