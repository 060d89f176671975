"""Each documented thing about `Flask` does what its name promises; details are tested by subject."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from werkzeug.exceptions import Aborter, HTTPException, NotFound, default_exceptions
from werkzeug.routing import BuildError, Map

from typedflask import (
    Config,
    Flask,
    Request,
    Response,
    abort,
    g,
    render_template_string,
    request,
)
from typedflask.ctx import AppGlobals
from typedflask.json.provider import DefaultJSONProvider
from typedflask.routing import Rule
from typedflask.sessions import SecureCookieSessionInterface
from typedflask.templating import Environment, JinjaTemplates
from typedflask.testing import FlaskClient, FlaskCliRunner


@pytest.fixture
def app() -> Flask:
    made = Flask("api_example", root_path="/nowhere")
    made.secret_key = "only here"
    return made


class TestConstruction:
    def test_folders_and_static_address(self, tmp_path: Path) -> None:
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets" / "a.txt").write_text("asset")
        (tmp_path / "pages").mkdir()
        (tmp_path / "pages" / "p.html").write_text("page")
        app = Flask(
            "example",
            static_url_path="/s",
            static_folder="assets",
            template_folder="pages",
            root_path=str(tmp_path),
        )
        assert app.static_url_path == "/s"
        assert app.static_folder == str(tmp_path / "assets")
        assert app.has_static_folder
        assert app.template_folder == "pages"
        with app.test_client().get("/s/a.txt") as response:
            assert response.get_data(as_text=True) == "asset"
        assert app.jinja_env.get_template("p.html").render() == "page"
        assert app.import_name == "example"

    def test_hosts(self) -> None:
        app = Flask("example", static_host="files.example", host_matching=True)
        app.add_url_rule("/", host="here.example", view_func=lambda: "here", endpoint="here")
        assert app.test_client().get("/", base_url="http://here.example").text == "here"
        assert app.test_client().get("/", base_url="http://there.example").status_code == 404

    def test_subdomains(self) -> None:
        app = Flask("example", subdomain_matching=True, static_folder=None)
        app.config["SERVER_NAME"] = "example.org"
        app.add_url_rule("/", subdomain="api", view_func=lambda: "api", endpoint="api")
        assert app.test_client().get("/", subdomain="api").text == "api"
        assert app.test_client().get("/").status_code == 404

    def test_instance_folder(self, tmp_path: Path) -> None:
        (tmp_path / "settings.py").write_text("COLOUR = 'teal'")
        app = Flask("example", instance_path=str(tmp_path), instance_relative_config=True)
        app.config.from_pyfile("settings.py")
        assert app.instance_path == str(tmp_path)
        assert app.config["COLOUR"] == "teal"
        with app.open_instance_resource("settings.py", "r") as file:
            assert "teal" in file.read()
        assert Path(app.auto_find_instance_path()).is_absolute()

    def test_backends_are_given_by_keyword(self) -> None:
        class Loud(DefaultJSONProvider):
            def dumps(self, obj: Any, **kwargs: Any) -> str:
                return super().dumps(obj, **kwargs).upper()

        class Money:
            def to_response(self, value: complex, /) -> Response:
                return Response(f"{value.imag} coins")

        sessions = SecureCookieSessionInterface()
        bare = Flask("bare")
        templates = JinjaTemplates(bare)
        app = Flask("example", json=Loud, session=sessions, templates=templates, converter=Money())
        app.add_url_rule("/d", "d", lambda: {"a": "b"})
        app.add_url_rule("/m", "m", lambda: 1j)
        assert app.test_client().get("/d").text == '{"A":"B"}\n'
        assert app.test_client().get("/m").text == "1.0 coins"
        assert app.session_interface is sessions
        assert app.templates is templates


class TestClassLevelHooks:
    def test_each_class_is_the_one_that_is_used(self) -> None:
        class OwnRequest(Request): ...

        class OwnResponse(Response): ...

        class OwnAborter(Aborter): ...

        class OwnProvider(DefaultJSONProvider): ...

        class OwnRule(Rule): ...

        class OwnMap(Map): ...

        class OwnClient(FlaskClient): ...

        class OwnRunner(FlaskCliRunner): ...

        class OwnGlobals(AppGlobals): ...

        class OwnConfig(Config): ...

        class OwnEnvironment(Environment): ...

        class Own(Flask):
            request_class = OwnRequest
            response_class = OwnResponse
            aborter_class = OwnAborter
            json_provider_class = OwnProvider
            session_interface = SecureCookieSessionInterface()
            url_rule_class = OwnRule
            url_map_class = OwnMap
            test_client_class = OwnClient
            test_cli_runner_class = OwnRunner
            app_ctx_globals_class = OwnGlobals
            config_class = OwnConfig
            jinja_environment = OwnEnvironment
            jinja_options = {"block_start_string": "<%", "block_end_string": "%>"}  # noqa: RUF012

        app = Own("own")

        @app.get("/")
        def index() -> str:
            assert type(request._get_current_object()) is OwnRequest
            kept: object = g._get_current_object()
            assert type(kept) is OwnGlobals
            return "x"

        client = app.test_client()
        assert client.get("/").status_code == 200
        assert type(client) is OwnClient
        assert type(app.test_cli_runner()) is OwnRunner
        assert type(app.aborter) is OwnAborter
        assert type(app.json) is OwnProvider
        assert type(app.url_map) is OwnMap
        assert {type(rule) for rule in app.url_map.iter_rules()} == {OwnRule}
        assert type(app.config) is OwnConfig
        assert type(app.jinja_env) is OwnEnvironment
        with app.test_request_context():
            assert type(app.make_response("x")) is OwnResponse
            assert render_template_string("<% if true %>yes<% endif %>") == "yes"


class TestRouting:
    def test_shortcuts_answer_their_method_only(self, app: Flask) -> None:
        for method in ("get", "post", "put", "patch", "delete"):
            getattr(app, method)(f"/{method}", endpoint=method)(lambda: "ok")
        client = app.test_client()
        for method in ("get", "post", "put", "patch", "delete"):
            assert getattr(client, method)(f"/{method}").text == "ok"
            other = client.post if method == "get" else client.get
            assert other(f"/{method}").status_code == 405

    def test_add_url_rule_endpoint_and_view_functions(self, app: Flask) -> None:
        app.add_url_rule("/a", "a", provide_automatic_options=False)

        @app.endpoint("a")
        def view() -> str:
            return "a"

        assert app.view_functions["a"] is view
        assert app.test_client().get("/a").text == "a"
        assert [rule.rule for rule in app.url_map.iter_rules("a")] == ["/a"]

    def test_url_for_redirect_and_build_error_handlers(self, app: Flask) -> None:
        app.add_url_rule("/a/<int:n>", "a", str)
        app.url_build_error_handlers.append(lambda error, endpoint, values: f"/?{endpoint}")
        with app.test_request_context():
            assert app.url_for("a", n=1, q=2, _anchor="x") == "/a/1?q=2#x"
            assert app.url_for("unknown") == "/?unknown"
            response = app.redirect("/a/1", 303)
            assert (response.status_code, response.location) == (303, "/a/1")
            assert isinstance(response, Response)
            app.url_build_error_handlers.clear()
            with pytest.raises(BuildError):
                app.url_for("unknown")

    def test_inject_url_defaults(self, app: Flask) -> None:
        @app.url_defaults
        def add(endpoint: str, values: dict[str, Any]) -> None:
            values["lang"] = endpoint

        values: dict[str, Any] = {}
        app.inject_url_defaults("home", values)
        assert values == {"lang": "home"}

    def test_create_url_adapter(self, app: Flask) -> None:
        with app.test_request_context("/x", base_url="http://h.example"):
            adapter = app.create_url_adapter(request._get_current_object())
        assert adapter is not None
        assert adapter.server_name == "h.example"
        assert app.create_url_adapter(None) is None


class TestHooks:
    def test_every_decorator_fills_its_documented_dictionary(self, app: Flask) -> None:
        def function(*args: Any) -> Any:
            return args

        for decorator, kept in (
            (app.before_request, app.before_request_funcs),
            (app.after_request, app.after_request_funcs),
            (app.teardown_request, app.teardown_request_funcs),
            (app.context_processor, app.template_context_processors),
            (app.url_value_preprocessor, app.url_value_preprocessors),
            (app.url_defaults, app.url_default_functions),
        ):
            assert decorator(function) is function
            assert kept[None][-1] is function
        assert app.teardown_appcontext(function) is function
        assert app.teardown_appcontext_funcs == [function]
        assert app.shell_context_processor(function) is function
        assert app.shell_context_processors == [function]

    def test_a_function_put_into_a_dictionary_runs(self, app: Flask) -> None:
        """Extensions do this."""
        app.before_request_funcs.setdefault(None, []).append(lambda: "from the dictionary")
        assert app.test_client().get("/").text == "from the dictionary"

    def test_make_shell_context(self, app: Flask) -> None:
        app.shell_context_processor(lambda: {"extra": 1})
        names = app.make_shell_context()
        assert names["app"] is app
        assert names["extra"] == 1
        assert "g" in names


class TestErrors:
    def test_three_doors_to_one_table(self, app: Flask) -> None:
        def by_decorator(error: Exception) -> str:
            return "decorator"

        def by_method(error: Exception) -> str:
            return "method"

        def by_dictionary(error: Exception) -> str:
            return "dictionary"

        app.errorhandler(404)(by_decorator)
        app.register_error_handler(ValueError, by_method)
        app.error_handler_spec[None][410][default_exceptions[410]] = by_dictionary
        assert app.error_handler_spec[None][404][NotFound] is by_decorator
        app.add_url_rule("/410", "gone", lambda: abort(410))
        app.add_url_rule("/value", "value", lambda: str(int("x")))
        client = app.test_client()
        texts = [client.get(path).text for path in ("/none", "/410", "/value")]
        assert texts == ["decorator", "dictionary", "method"]

    def test_the_steps_of_an_error_may_be_called(self, app: Flask) -> None:
        app.register_error_handler(KeyError, lambda error: "handled")
        with app.test_request_context():
            assert app.handle_user_exception(KeyError("x")) == "handled"
            missing = NotFound()
            assert app.handle_http_exception(missing) is missing
            assert app.trap_http_exception(missing) is False
            app.config["PROPAGATE_EXCEPTIONS"] = True
            with pytest.raises(ZeroDivisionError):
                app.handle_exception(ZeroDivisionError())
            app.config["TRAP_HTTP_EXCEPTIONS"] = True
            assert app.trap_http_exception(missing) is True

    def test_make_aborter(self, app: Flask) -> None:
        with pytest.raises(HTTPException):
            app.make_aborter()(418)

    def test_log_exception_writes_to_the_logger(
        self, app: Flask, caplog: pytest.LogCaptureFixture
    ) -> None:
        with app.test_request_context("/broken"):
            error = ValueError("reason")
            app.log_exception((ValueError, error, None))
        assert "/broken" in caplog.text


class TestTemplates:
    def test_filters_tests_and_globals_in_each_form(self, app: Flask) -> None:
        @app.template_filter
        def plain(text: str) -> str:
            return f"plain {text}"

        @app.template_filter("named")
        def by_name(text: str) -> str:
            return f"named {text}"

        @app.template_test
        def odd(number: int) -> bool:
            return number % 2 == 1

        @app.template_global()
        def greet() -> str:
            return "hi"

        app.add_template_filter(str.upper, "up")
        app.add_template_test(lambda value: value == 2, "two")
        app.add_template_global(lambda: "bye", "part")
        source = "{{ 'a'|plain }} {{ 'a'|named }} {{ 3 is odd }} {{ greet() }} {{ 'a'|up }} {{ 2 is two }} {{ part() }}"
        with app.app_context():
            found = render_template_string(source)
        assert found == "plain a named a True hi A True bye"

    def test_the_environment_and_its_parts(self, app: Flask) -> None:
        assert isinstance(app.create_jinja_environment(), jinja2.Environment)
        assert isinstance(app.create_global_jinja_loader(), jinja2.BaseLoader)
        assert app.jinja_env is app.jinja_env
        assert [app.select_jinja_autoescape(name) for name in ("a.html", "a.txt", None)] == [
            True,
            False,
            True,
        ]
        app.context_processor(lambda: {"a": 1, "b": 2})
        context: dict[str, Any] = {"b": 3}
        with app.test_request_context():
            app.update_template_context(context)
        assert (context["a"], context["b"]) == (1, 3)
