"""Blueprints, requests, sessions and the functions that views call do what is documented."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from werkzeug.exceptions import BadRequest, Forbidden

from typedflask import (
    Blueprint,
    Flask,
    Request,
    Response,
    abort,
    after_this_request,
    copy_current_request_context,
    flash,
    g,
    get_flashed_messages,
    get_template_attribute,
    has_app_context,
    has_request_context,
    make_response,
    redirect,
    render_template,
    render_template_string,
    request,
    send_file,
    send_from_directory,
    session,
    stream_template,
    stream_template_string,
    stream_with_context,
    url_for,
)
from typedflask.blueprints import BlueprintSetupState
from typedflask.sessions import (
    NullSession,
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
)


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


class TestBlueprint:
    def test_registration_in_all_its_forms(self, app: Flask) -> None:
        states: list[BlueprintSetupState] = []
        outer = Blueprint("outer", __name__, url_prefix="/outer", cli_group="commands")
        inner = Blueprint("inner", __name__, url_defaults={"n": 1})
        outer.record(states.append)
        outer.record_once(states.append)
        inner.add_url_rule("/view", "view", lambda **values: str(values))
        outer.register_blueprint(inner, url_prefix="/inner")

        @outer.cli.command("hello")
        def hello() -> None:
            click.echo("hello")

        app.register_blueprint(outer)
        app.register_blueprint(outer, name="again", url_prefix="/again")
        client = app.test_client()
        assert client.get("/outer/inner/view").text == "{'n': 1}"
        assert client.get("/again/inner/view").text == "{'n': 1}"
        assert [state.first_registration for state in states] == [True, True, False]
        assert states[0].app is app
        assert states[0].url_prefix == "/outer"
        runner = app.test_cli_runner()
        assert runner.invoke(args=["commands", "hello"]).output == "hello\n"

    def test_every_form_for_the_whole_application(self, app: Flask) -> None:
        part = Blueprint("part", __name__)

        def function(*args: Any) -> Any:
            return None

        for decorator in (
            part.before_app_request,
            part.after_app_request,
            part.teardown_app_request,
            part.app_context_processor,
            part.app_url_value_preprocessor,
            part.app_url_defaults,
        ):
            assert decorator(function) is function
        part.app_errorhandler(410)(lambda error: "gone")
        part.register_app_error_handler(411, lambda error: "length")
        part.app_template_filter("f")(str.upper)
        part.app_template_test("t")(bool)
        part.app_template_global("g1")(str)
        part.add_app_template_filter(str.lower, "f2")
        part.add_app_template_test(bool, "t2")
        part.add_app_template_global(str, "g2")
        app.register_blueprint(part)
        for kept in (
            app.before_request_funcs,
            app.after_request_funcs,
            app.teardown_request_funcs,
            app.template_context_processors,
            app.url_value_preprocessors,
            app.url_default_functions,
        ):
            assert function in list(kept[None])
        assert {410, 411} <= set(app.error_handler_spec[None])
        assert {"f", "f2"} <= set(app.jinja_env.filters)
        assert {"t", "t2"} <= set(app.jinja_env.tests)
        assert {"g1", "g2"} <= set(app.jinja_env.globals)

    def test_folders_and_a_setup_state_of_ones_own(self, app: Flask, tmp_path: Path) -> None:
        class OwnState(BlueprintSetupState): ...

        class Own(Blueprint):
            def make_setup_state(
                self, app: Any, options: Any, first_registration: bool = False
            ) -> BlueprintSetupState:
                return OwnState(self, app, options, first_registration)

        (tmp_path / "part" / "pages").mkdir(parents=True)
        (tmp_path / "part" / "pages" / "part.html").write_text("part")
        (tmp_path / "part" / "files").mkdir()
        (tmp_path / "part" / "files" / "a.txt").write_text("a")
        part = Own(
            "part",
            "part",
            static_folder="files",
            static_url_path="/f",
            template_folder="pages",
            url_prefix="/part",
            root_path=str(tmp_path / "part"),
        )
        kinds: list[type] = []
        part.record(lambda state: kinds.append(type(state)))
        part.add_url_rule("/", "index", lambda: render_template("part.html"))
        app.register_blueprint(part)
        client = app.test_client()
        assert client.get("/part/").text == "part"
        with client.get("/part/f/a.txt") as response:
            assert response.get_data(as_text=True) == "a"
        assert kinds == [OwnState]

    def test_subdomain(self) -> None:
        app = Flask("example", subdomain_matching=True)
        app.config["SERVER_NAME"] = "example.org"
        part = Blueprint("part", __name__, subdomain="api")
        part.add_url_rule("/", "index", lambda: "api")
        app.register_blueprint(part)
        assert app.test_client().get("/", subdomain="api").text == "api"


class TestRequest:
    def test_what_it_knows_of_its_rule(self, app: Flask) -> None:
        part = Blueprint("part", __name__)

        @part.get("/<int:n>")
        def view(n: int) -> dict[str, Any]:
            return {
                "endpoint": request.endpoint,
                "view_args": request.view_args,
                "rule": str(request.url_rule),
                "blueprint": request.blueprint,
                "blueprints": request.blueprints,
                "exception": request.routing_exception,
            }

        app.register_blueprint(part)
        assert app.test_client().get("/3").json == {
            "endpoint": "part.view",
            "view_args": {"n": 3},
            "rule": "/<int:n>",
            "blueprint": "part",
            "blueprints": ["part"],
            "exception": None,
        }
        with app.test_request_context("/none"):
            assert request.routing_exception is not None

    def test_limits_come_from_the_settings_and_may_be_set_per_request(self, app: Flask) -> None:
        app.config.update(MAX_CONTENT_LENGTH=1, MAX_FORM_MEMORY_SIZE=2, MAX_FORM_PARTS=3)
        with app.test_request_context():
            assert request.max_content_length == 1
            assert request.max_form_memory_size == 2
            assert request.max_form_parts == 3
            request.max_content_length = 10
            assert request.max_content_length == 10

    def test_json(self, app: Flask) -> None:
        class Forgiving(Request):
            def on_json_loading_failure(self, e: ValueError | None) -> Any:
                return {"forgiven": e is not None}

        with app.test_request_context(json={"a": 1}):
            assert request.is_json
            assert request.json == request.get_json() == {"a": 1}
        with app.test_request_context(data="{", content_type="application/json"):
            with pytest.raises(BadRequest):
                request.get_json()
            assert request.get_json(silent=True) is None
        app.request_class = Forgiving
        with app.test_request_context(data="{", content_type="application/json"):
            assert request.get_json() == {"forgiven": True}


class TestResponse:
    def test_its_defaults_and_json(self, app: Flask) -> None:
        with app.test_request_context():
            response = Response('{"a": 1}', mimetype="application/json")
            assert response.json == response.get_json() == {"a": 1}
            assert Response("x").mimetype == "text/html"
            app.config["MAX_COOKIE_SIZE"] = 5
            assert response.max_cookie_size == 5


class TestSessionsAndGlobals:
    def test_what_a_session_says_of_itself(self, app: Flask) -> None:
        with app.test_request_context():
            assert (session.new, session.modified, session.permanent) == (False, False, False)
            assert session.get("a") is None
            assert session.accessed
            session["a"] = 1
            session.permanent = True
            assert (session.modified, session.permanent) == (True, True)

    def test_g(self, app: Flask) -> None:
        with app.app_context():
            g.a = 1
            assert g.get("a") == 1
            assert g.get("b", 2) == 2
            assert g.setdefault("c", 3) == 3
            assert "a" in g
            assert sorted(g) == ["a", "c"]
            assert g.pop("a") == 1
            assert g.pop("a", None) is None
            with pytest.raises(AttributeError):
                _ = g.a

    def test_the_classes_of_sessions(self, app: Flask) -> None:
        assert issubclass(SecureCookieSession, SessionMixin)
        assert issubclass(NullSession, SecureCookieSession)
        assert issubclass(SecureCookieSessionInterface, SessionInterface)
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)
        assert interface.get_cookie_name(app) == "session"
        assert interface.get_cookie_domain(app) is None
        assert interface.get_cookie_path(app) == "/"
        assert interface.get_cookie_httponly(app) is True
        assert interface.get_cookie_secure(app) is False
        assert interface.get_cookie_samesite(app) is None
        assert interface.get_cookie_partitioned(app) is False
        assert interface.get_expiration_time(app, SecureCookieSession()) is None
        assert interface.should_set_cookie(app, SecureCookieSession()) is False
        assert interface.is_null_session(interface.make_null_session(app))
        assert interface.get_signing_serializer(app) is not None
        with pytest.raises(RuntimeError, match=r"(?i)secret"):
            NullSession()["a"] = 1


class TestFunctions:
    def test_abort_redirect_and_make_response(self, app: Flask) -> None:
        with app.test_request_context():
            with pytest.raises(Forbidden):
                abort(403)
            response = redirect("/x")
            assert (response.status_code, response.location, type(response)) == (
                302,
                "/x",
                Response,
            )
            assert make_response("x", 201, {"A": "b"}).headers["A"] == "b"
            assert make_response().status_code == 200

    def test_url_for(self, app: Flask) -> None:
        app.add_url_rule("/x", "x", lambda: "x")
        with app.test_request_context():
            assert url_for("x", _external=True, _scheme="https") == "https://localhost/x"

    def test_after_this_request(self, app: Flask) -> None:
        def mark(response: Response) -> Response:
            response.headers["X-Mark"] = "1"
            return response

        @app.get("/")
        def index() -> str:
            assert after_this_request(mark) is mark
            return "x"

        assert app.test_client().get("/").headers["X-Mark"] == "1"

    def test_files(self, app: Flask) -> None:
        with app.test_request_context():
            for response in (send_file("note.txt"), send_from_directory(".", "note.txt")):
                response.direct_passthrough = False
                assert response.get_data() == b"note"
                response.close()
            sent = send_file(io.BytesIO(b"x"), as_attachment=True, download_name="a.bin")
            assert "attachment" in sent.headers["Content-Disposition"]
            sent.close()

    def test_messages(self, app: Flask) -> None:
        with app.test_request_context():
            flash("a", "warning")
            assert get_flashed_messages(with_categories=True) == [("warning", "a")]

    def test_templates(self, app: Flask) -> None:
        with app.test_request_context():
            assert render_template("page.html", word="a") == "page a"
            assert render_template_string("{{ word }}", word="<") == "&lt;"
            assert "".join(stream_template("page.html", word="b")) == "page b"
            assert "".join(stream_template_string("{{ 1 }}{{ 2 }}")) == "12"
            assert get_template_attribute("page.html", "twice")("x") == "xx"

    def test_streams_keep_the_context(self, app: Flask) -> None:
        @app.get("/")
        def index() -> Iterator[str]:
            def parts() -> Iterator[str]:
                yield request.args["a"]

            return stream_with_context(parts())

        assert app.test_client().get("/?a=kept").text == "kept"

    def test_another_thread_may_use_a_copy_of_the_context(self, app: Flask) -> None:
        found: list[str] = []
        with app.test_request_context("/there"):

            @copy_current_request_context
            def work() -> None:
                found.append(request.path)

            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        assert found == ["/there"]

    def test_whether_a_context_is_active(self, app: Flask) -> None:
        assert (has_app_context(), has_request_context()) == (False, False)
        with app.app_context():
            assert (has_app_context(), has_request_context()) == (True, False)
        with app.test_request_context():
            assert (has_app_context(), has_request_context()) == (True, True)
