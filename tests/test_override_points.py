"""Every documented step of an application can be replaced, and the replacement is called.

Each row of the table names a step, what makes an application take it, and a replacement that shows
in the answer. A step is replaced in a subclass and, as many extensions do, on the instance.
"""

from __future__ import annotations

import code
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import Aborter, ImATeapot
from werkzeug.test import create_environ

from typedflask import (
    Blueprint,
    Flask,
    Response,
    abort,
    has_app_context,
    redirect,
    render_template,
    send_from_directory,
    session,
    url_for,
)
from typedflask.cli import FlaskGroup, with_appcontext
from typedflask.ctx import RequestContext
from typedflask.sessions import SecureCookieSessionInterface

# Any, in this file: what is replaced may take and give anything.
Ask = Callable[[Flask], str]


def furnish(app: Flask, folder: Path) -> None:
    """Give an application a view for everything the rows ask for."""
    (folder / "page.html").write_text("{{ word }} {{ url_for('index') }}")
    (folder / "file.txt").write_text("file")
    app.config.update(SECRET_KEY="a key for tests", PROPAGATE_EXCEPTIONS=False)
    app.template_folder = app.static_folder = str(folder)
    app.add_url_rule("/", "index", lambda: "index")
    app.add_url_rule("/breaks", "breaks", breaks)
    app.add_url_rule("/gone", "gone", lambda: abort(410))
    app.add_url_rule("/async", "async", async_view)
    app.add_url_rule("/template", "template", lambda: render_template("page.html", word="<b>"))
    app.add_url_rule("/url", "url", lambda: url_for("index"))
    app.add_url_rule("/no-url", "no_url", lambda: url_for("nowhere"))
    app.add_url_rule("/redirect", "redirect", lambda: redirect("/elsewhere"))
    app.add_url_rule("/session", "session", lambda: session.get("user", "nobody"))
    app.add_url_rule(
        "/directory/<name>", "directory", lambda name: send_from_directory(folder, name)
    )


def breaks() -> str:
    raise LookupError("of the view")


async def async_view() -> str:
    return "async"


def get(path: str, method: str = "GET") -> Ask:
    def ask(app: Flask) -> str:
        return app.test_client().open(path, method=method, buffered=True).text

    ask.__doc__ = f"{method} {path}"
    return ask


def header(path: str, name: str) -> Ask:
    def ask(app: Flask) -> str:
        return app.test_client().get(path, buffered=True).headers[name]

    return ask


def shell(app: Flask) -> str:
    """The names the shell starts with."""
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code, "interact", lambda banner, local: seen.extend(local))
        result = app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: app), ["shell"])
    assert result.exception is None
    return " ".join(seen)


def command(app: Flask) -> str:
    """What a command of the application prints."""

    @app.cli.command("greet")
    @with_appcontext
    def greet() -> None:
        print("greeted")  # the runner catches what is printed

    return str(app.test_cli_runner().invoke(args=["greet"]).output)


def raise_teapot(self: Flask, *args: Any) -> Any:
    raise ImATeapot("replaced")


def start_and_reply(self: Flask, environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"replaced"]


def respond(self: Flask, *args: Any, **kwargs: Any) -> Response:
    return Response("replaced")


def text(self: Flask, *args: Any, **kwargs: Any) -> str:
    return "replaced"


@dataclass(frozen=True)
class Step:
    name: str
    ask: Ask
    replacement: Callable[..., Any] | None = None
    """What stands in its place; None for a step whose effect is not seen in the answer."""
    shows: str = "replaced"
    """What is then in the answer, and was not before."""


IN_TEMPLATES = Step("url_for", get("/template"), text)

STEPS = [
    Step("wsgi_app", get("/"), start_and_reply),
    Step("request_context", get("/"), lambda self, environ: elsewhere(self), "Not Found"),
    Step("full_dispatch_request", get("/"), respond),
    Step("preprocess_request", get("/"), text),
    Step("dispatch_request", get("/"), text),
    Step("make_response", get("/"), respond),
    Step("finalize_request", get("/"), respond),
    Step("process_response", get("/"), respond),
    Step("handle_user_exception", get("/breaks"), text),
    Step("handle_user_exception", get("/missing"), text),
    Step("handle_http_exception", get("/missing"), text),
    Step("handle_http_exception", get("/gone"), text),
    Step("trap_http_exception", get("/gone"), lambda self, e: True, "Internal Server Error"),
    Step("handle_exception", get("/breaks"), respond),
    Step("log_exception", get("/breaks")),
    Step("raise_routing_exception", get("/missing"), raise_teapot),
    Step("raise_routing_exception", get("/", "POST"), raise_teapot),
    Step("make_default_options_response", get("/", "OPTIONS"), respond),
    Step("ensure_sync", get("/"), lambda self, func: lambda **values: "replaced"),
    Step("async_to_sync", get("/async"), lambda self, func: lambda **values: "replaced"),
    Step("create_url_adapter", get("/"), lambda self, request: mapped_elsewhere(self), "Not Found"),
    Step("do_teardown_request", get("/")),
    Step("do_teardown_request", get("/breaks")),
    Step("do_teardown_appcontext", get("/")),
    Step("do_teardown_appcontext", command),
    Step("should_ignore_error", get("/breaks")),
    Step(
        "update_template_context",
        get("/template"),
        lambda self, context: context.update(word="replaced"),
    ),
    Step(
        "inject_url_defaults",
        get("/url"),
        lambda self, endpoint, values: values.update(q="replaced"),
    ),
    Step("handle_url_build_error", get("/no-url"), text),
    Step("url_for", get("/url"), text),
    IN_TEMPLATES,
    Step("redirect", get("/redirect"), respond),
    Step("create_jinja_environment", get("/template")),
    Step("create_global_jinja_loader", get("/template")),
    Step("select_jinja_autoescape", get("/template"), lambda self, name: False, "<b>"),
    Step(
        "get_send_file_max_age",
        header("/static/file.txt", "Cache-Control"),
        lambda self, name: 77,
        "max-age=77",
    ),
    Step(
        "get_send_file_max_age",
        header("/directory/file.txt", "Cache-Control"),
        lambda self, name: 77,
        "max-age=77",
    ),
    Step("send_static_file", get("/static/file.txt"), respond),
    Step("make_shell_context", shell, lambda self: {"replaced": self}),
    Step("app_context", command),
]
EACH_STEP = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


def elsewhere(app: Flask) -> RequestContext[Any]:
    return RequestContext(app, app.request_class(create_environ("/nowhere")))


def mapped_elsewhere(app: Flask) -> Any:
    return app.url_map.bind("localhost", path_info="/nowhere")


def in_a_subclass(name: str, method: Callable[..., Any]) -> Flask:
    made: Flask = type("Overriding", (Flask,), {name: method})("overriding")
    return made


def on_the_instance(name: str, method: Callable[..., Any]) -> Flask:
    app = Flask("replacing")
    setattr(app, name, lambda *args, **kwargs: method(app, *args, **kwargs))
    return app


BOTH_WAYS = pytest.mark.parametrize("make", [in_a_subclass, on_the_instance])


@EACH_STEP
@BOTH_WAYS
def test_an_overridden_step_is_called_and_may_call_the_original(
    tmp_path: Path, step: Step, make: Callable[[str, Callable[..., Any]], Flask]
) -> None:
    plain = Flask("plain")
    furnish(plain, tmp_path)
    original = getattr(Flask, step.name)
    calls: list[str] = []

    @wraps(original)
    def counting(self: Flask, *args: Any, **kwargs: Any) -> Any:
        calls.append(step.name)
        return original(self, *args, **kwargs)

    app = make(step.name, counting)
    furnish(app, tmp_path)
    calls.clear()  # furnishing may call it, too
    assert step.ask(app) == step.ask(plain)
    assert calls
    assert not has_app_context()


@pytest.mark.parametrize(
    "step", [step for step in STEPS if step.replacement], ids=lambda step: step.name
)
@BOTH_WAYS
def test_what_a_replaced_step_does_is_what_counts(
    tmp_path: Path, step: Step, make: Callable[[str, Callable[..., Any]], Flask]
) -> None:
    plain = Flask("plain")
    furnish(plain, tmp_path)
    assert step.replacement is not None
    app = make(step.name, step.replacement)
    furnish(app, tmp_path)
    assert step.shows not in step.ask(plain)
    assert step.shows in step.ask(app)
    assert not has_app_context()


ONCE = {"create_jinja_environment", "create_global_jinja_loader", "select_jinja_autoescape"}
"""Steps taken, or handed on, when the first template is needed."""
LATE = [step for step in STEPS if step.name not in ONCE and step != IN_TEMPLATES]


@pytest.mark.parametrize("step", LATE, ids=lambda step: step.name)
def test_a_step_may_be_replaced_after_requests_were_handled(tmp_path: Path, step: Step) -> None:
    """Tools that measure or trace put themselves in place late, and take themselves out again."""
    app = Flask("late")
    furnish(app, tmp_path)
    before = step.ask(app)
    calls: list[str] = []
    original = getattr(app, step.name)

    def counting(*args: Any, **kwargs: Any) -> Any:
        calls.append(step.name)
        return original(*args, **kwargs)

    app._got_first_request = False  # commands of the rows are registered anew
    setattr(app, step.name, counting)
    assert step.ask(app) == before
    assert calls
    delattr(app, step.name)
    calls.clear()
    app._got_first_request = False
    assert step.ask(app) == before
    assert not calls


# --- steps taken while an application is made ------------------------------------------------


def test_steps_of_construction_may_be_overridden(tmp_path: Path) -> None:
    calls: list[str] = []

    class Teapots(Aborter):
        def __call__(self, code: Any, *args: Any, **kwargs: Any) -> Any:
            raise ImATeapot

    class Own(Flask):
        def make_config(self, instance_relative: bool = False) -> Any:
            calls.append("make_config")
            return super().make_config(instance_relative)

        def make_aborter(self) -> Aborter:
            calls.append("make_aborter")
            return Teapots()

        def auto_find_instance_path(self) -> str:
            calls.append("auto_find_instance_path")
            return str(tmp_path)

    app = Own("own")
    furnish(app, tmp_path)
    assert calls == ["auto_find_instance_path", "make_config", "make_aborter"]
    assert app.instance_path == str(tmp_path)
    assert app.test_client().get("/gone").status_code == 418


def test_an_overridden_add_url_rule_gets_every_rule() -> None:
    rules: list[str] = []

    class Own(Flask):
        def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
            rules.append(rule)
            super().add_url_rule(rule, *args, **options)

    app = Own("own")
    blueprint = Blueprint("blueprint", __name__, url_prefix="/prefix")
    app.add_url_rule("/added", "added", lambda: "")
    app.route("/routed")(lambda: "")
    blueprint.add_url_rule("/inside", "inside", lambda: "")
    app.register_blueprint(blueprint)
    assert rules == ["/static/<path:filename>", "/added", "/routed", "/prefix/inside"]


def test_a_blueprint_may_say_how_long_its_own_files_keep(tmp_path: Path) -> None:
    class Own(Blueprint[Any]):
        def get_send_file_max_age(self, filename: str | None) -> int | None:
            return 99

    (tmp_path / "file.txt").write_text("file")
    app = Flask("app")
    app.register_blueprint(
        Own("own", __name__, static_folder=str(tmp_path), static_url_path="/own")
    )
    assert "max-age=99" in header("/own/file.txt", "Cache-Control")(app)


# --- steps of the context and of the session --------------------------------------------------


@pytest.mark.parametrize("name", ["push", "pop", "match_request", "_ending_steps"])
def test_an_own_context_may_override_its_steps(name: str) -> None:
    calls: list[str] = []
    original = getattr(RequestContext, name)

    def counting(self: RequestContext[Any], *args: Any) -> Any:
        calls.append(name)
        return original(self, *args)

    kind = type("Own", (RequestContext,), {name: counting})

    class App(Flask):
        def request_context(self, environ: Any) -> RequestContext[Any]:
            made: RequestContext[Any] = kind(self, self.request_class(environ))
            return made

    app = App("app")
    app.add_url_rule("/", "index", lambda: "index")
    assert app.test_client().get("/").text == "index"
    assert calls == [name]


@pytest.mark.parametrize("on_class", [True, False])
@pytest.mark.parametrize("name", ["open_session", "save_session", "should_set_cookie"])
def test_the_session_interface_is_asked_whichever_way_it_was_replaced(
    tmp_path: Path, name: str, on_class: bool
) -> None:
    calls: list[str] = []
    original = getattr(SecureCookieSessionInterface, name)

    def counting(self: Any, *args: Any) -> Any:
        calls.append(name)
        return original(self, *args)

    app = Flask("app")
    furnish(app, tmp_path)
    with_session = app.test_client()
    with with_session.session_transaction() as stored:
        stored["user"] = "Ada"
    kind = type("Own", (SecureCookieSessionInterface,), {name: counting} if on_class else {})
    backend = kind()
    if not on_class:
        setattr(backend, name, lambda *args: counting(backend, *args))
    app.session_interface = backend
    assert with_session.get("/session").text == "Ada"
    assert calls == [name]


def test_middleware_wraps_the_wsgi_callable(tmp_path: Path) -> None:
    app = Flask("app")
    furnish(app, tmp_path)
    inner = app.wsgi_app

    def middleware(environ: Any, start_response: Any) -> Any:
        environ["PATH_INFO"] = "/"
        return inner(environ, start_response)

    app.wsgi_app = middleware
    assert app.test_client().get("/missing").text == "index"


def test_raising_a_routing_exception_needs_one() -> None:
    app = Flask("app")
    app.add_url_rule("/", "index", lambda: "index")
    context = app.test_request_context("/")
    with context, pytest.raises(RuntimeError, match="matched by a rule"):
        app.raise_routing_exception(context.request)
