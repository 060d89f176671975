"""The application object: how it is made, what it is called, what can be replaced on it."""

from __future__ import annotations

import importlib
import logging
import sys
import types
import weakref
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import Aborter, HTTPException, NotFound
from werkzeug.routing import Map
from werkzeug.routing import Rule as PlainRule

from typedflask import (
    Blueprint,
    Config,
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    request,
    url_for,
)
from typedflask.config import ConfigError
from typedflask.ctx import AppGlobals

# --- name and folders --------------------------------------------------------------------


def test_an_application_is_called_like_its_module() -> None:
    app = Flask("tests.somewhere")

    assert (app.name, app.import_name) == ("tests.somewhere", "tests.somewhere")
    assert repr(app) == "<Flask 'tests.somewhere'>"
    assert app.cli.name == app.name


def test_an_application_in_a_program_is_called_like_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = types.ModuleType("__main__")
    program.__file__ = "/srv/shop/serve.py"
    monkeypatch.setitem(sys.modules, "__main__", program)

    app = Flask("__main__")

    assert (app.name, app.import_name) == ("serve", "__main__")
    assert app.root_path == "/srv/shop"


def test_an_application_at_the_prompt_is_called_main(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    monkeypatch.chdir(tmp_path)

    app = Flask("__main__")

    assert (app.name, app.root_path) == ("__main__", str(tmp_path))


def test_the_root_folder_is_that_of_the_module() -> None:
    assert Flask(__name__).root_path == str(Path(__file__).parent)
    assert Flask("email").root_path == str(Path(sys.modules["email"].__file__ or "").parent)


def test_the_root_folder_of_a_module_that_was_not_imported_yet_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "not_yet_imported.py").write_text("raise AssertionError", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert Flask("not_yet_imported").root_path == str(tmp_path)


def test_the_root_folder_can_be_given(tmp_path: Path) -> None:
    app = Flask("nowhere.at.all", root_path=str(tmp_path))

    assert app.root_path == str(tmp_path)
    assert app.static_folder == str(tmp_path / "static")
    assert app.config.root_path == str(tmp_path)


def test_a_namespace_package_has_no_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "spread_out").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "spread_out", importlib.import_module("spread_out"))

    with pytest.raises(RuntimeError, match=r"'spread_out' is a namespace package.*root_path"):
        Flask("spread_out")


def test_the_instance_folder_lies_beside_the_module_or_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "one_file.py").touch()
    (tmp_path / "beside").mkdir()
    for name in ("__init__.py", "inner.py"):
        (tmp_path / "beside" / name).touch()
    monkeypatch.syspath_prepend(tmp_path)

    for name in ("one_file", "beside", "beside.inner"):
        assert Flask(name).instance_path == str(tmp_path / "instance")


def test_the_instance_folder_of_an_installed_application_lies_below_the_prefix(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = tmp_path / "lib" / "site-packages"
    site.mkdir(parents=True)
    (site / "installed_shop.py").touch()
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    assert Flask("installed_shop").instance_path == str(tmp_path / "var/installed_shop-instance")


def test_the_instance_folder_can_be_given_and_configuration_read_from_it(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("FRUIT = 'plum'", encoding="utf-8")
    app = Flask("shop", instance_path=str(tmp_path), instance_relative_config=True)
    app.config.from_pyfile("settings.py")

    assert app.instance_path == str(tmp_path)
    assert app.config["FRUIT"] == "plum"


def test_a_relative_instance_folder_is_refused() -> None:
    with pytest.raises(ValueError, match="absolute, and 'here' is relative"):
        Flask("shop", instance_path="here")


# --- settings as attributes --------------------------------------------------------------


def test_debug_is_a_setting_and_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Flask("shop")
    assert (app.debug, app.config["DEBUG"]) == (False, False)
    app.debug = True
    assert app.config["DEBUG"] is True
    app.config["DEBUG"] = False
    assert not app.debug

    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert Flask("shop").debug
    monkeypatch.setenv("FLASK_DEBUG", "false")
    assert not Flask("shop").debug


def test_testing_and_the_secret_key_are_settings() -> None:
    app = Flask("shop")
    assert (app.testing, app.secret_key) == (False, None)
    app.testing = True
    app.secret_key = b"key"

    assert (app.config["TESTING"], app.config["SECRET_KEY"]) == (True, b"key")


def test_the_lifetime_of_sessions_is_a_setting_read_as_a_timedelta() -> None:
    app = Flask("shop")
    assert app.permanent_session_lifetime == timedelta(days=31)
    app.permanent_session_lifetime = 60
    assert app.permanent_session_lifetime == timedelta(minutes=1)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=1)
    assert app.permanent_session_lifetime == timedelta(hours=1)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("testing", "no"), ("debug", "no"), ("secret_key", 7), ("permanent_session_lifetime", "x")],
)
def test_a_setting_of_a_wrong_type_is_refused(attribute: str, value: Any) -> None:
    with pytest.raises(ConfigError):
        setattr(Flask("shop"), attribute, value)


def test_applications_do_not_share_their_settings() -> None:
    one, two = Flask("one"), Flask("two")
    one.config["FRUIT"] = "plum"
    one.extensions["basket"] = object()

    assert "FRUIT" not in two.config
    assert two.extensions == {}


# --- what a subclass may replace ---------------------------------------------------------


def test_request_response_and_globals_may_be_of_other_classes() -> None:
    class OwnRequest(Request):
        pass

    class OwnResponse(Response):
        default_mimetype = "text/plain"

    class OwnGlobals(AppGlobals):
        fruit = "plum"

    class Shop(Flask):
        request_class = OwnRequest
        response_class = OwnResponse
        app_ctx_globals_class = OwnGlobals

    app = Shop("shop")
    app.add_url_rule(
        "/", "page", lambda: f"{type(request._get_current_object()).__name__} {g.fruit}"
    )
    response = app.test_client().get("/")

    assert (response.text, response.mimetype) == ("OwnRequest plum", "text/plain")


def test_the_configuration_may_be_of_another_class_and_begin_otherwise() -> None:
    class OwnConfig(Config):
        pass

    class Shop(Flask):
        config_class = OwnConfig
        default_config = {**Flask.default_config, "FRUIT": "plum"}  # noqa: RUF012 - as documented

    app = Shop("shop")

    assert isinstance(app.config, OwnConfig)
    assert app.config["FRUIT"] == "plum"
    assert "FRUIT" not in Flask("shop").config


def test_a_subclass_may_make_the_configuration_itself() -> None:
    class Shop(Flask):
        def make_config(self, instance_relative: bool = False) -> Config:
            config = super().make_config(instance_relative)
            config["FRUIT"] = f"plum {instance_relative}"
            return config

    assert Shop("shop").config["FRUIT"] == "plum False"
    assert Shop("shop", instance_relative_config=True).config["FRUIT"] == "plum True"


def test_rules_and_their_map_may_be_of_other_classes() -> None:
    class OwnRule(PlainRule):
        pass

    class OwnMap(Map):
        pass

    class Shop(Flask):
        url_rule_class = OwnRule
        url_map_class = OwnMap

    app = Shop("shop")
    app.add_url_rule("/", "page", lambda: type(request.url_rule).__name__)

    assert isinstance(app.url_map, OwnMap)
    assert app.test_client().get("/").text == "OwnRule"


OWN_STATUS: int = 499  # as a literal, checkers would say that Werkzeug has no such error


class Gone(HTTPException):
    code = 499
    description = "Gone for good."


def test_abort_asks_the_applications_aborter() -> None:
    class OwnAborter(Aborter):
        def __init__(self) -> None:
            super().__init__(extra={499: Gone})

    class Shop(Flask):
        aborter_class = OwnAborter

    app = Shop("shop")
    app.add_url_rule("/", "page", lambda: abort(OWN_STATUS))

    response = app.test_client().get("/")
    assert response.status_code == 499
    assert "Gone for good." in response.text
    with pytest.raises(LookupError):
        abort(OWN_STATUS)


def test_a_subclass_may_make_the_aborter_itself() -> None:
    class Shop(Flask):
        def make_aborter(self) -> Aborter:
            return Aborter(extra={499: Gone})

    with Shop("shop").app_context(), pytest.raises(Gone):
        abort(OWN_STATUS)


def test_abort_works_without_an_application() -> None:
    with pytest.raises(NotFound):
        abort(404)


# --- responses made by hand --------------------------------------------------------------


class Mine(Response):
    pass


class Mines(Flask):
    response_class = Mine


def test_redirects_are_responses_of_the_applications_class() -> None:
    with Mines("shop").app_context():
        for response in (redirect("/there"), current_app.redirect("/there")):
            assert type(response) is Mine
            assert (response.status_code, response.location) == (302, "/there")


def test_outside_of_an_application_redirects_are_responses_of_this_package() -> None:
    response = redirect("/there", 301)

    assert type(response) is Response
    assert response.status_code == 301


def test_a_redirect_may_be_of_a_class_that_is_given() -> None:
    with Mines("shop").app_context():
        assert type(redirect("/there", Response=Response)) is Response


@pytest.mark.parametrize(
    ("args", "status", "body", "fruit"),
    [
        ((), 200, b"", None),
        (("text",), 200, b"text", None),
        (("text", 201), 201, b"text", None),
        (("text", {"X-Fruit": "plum"}), 200, b"text", "plum"),
        (("text", 201, {"X-Fruit": "plum"}), 201, b"text", "plum"),
        ((("text", 201),), 201, b"text", None),
        (({"a": 1},), 200, b'{"a":1}\n', None),
        ((Response("text", 418),), 418, b"text", None),
    ],
)
def test_make_response_takes_what_a_view_returns(
    args: tuple[Any, ...], status: int, body: bytes, fruit: str | None
) -> None:
    with Mines("shop").test_request_context():
        response = make_response(*args)

    assert isinstance(response, Mine)
    assert (response.status_code, response.get_data()) == (status, body)
    assert response.headers.get("X-Fruit") == fruit


# --- set-up and its end ------------------------------------------------------------------


def test_set_up_ends_with_the_first_request() -> None:
    app = Flask("shop")
    assert not app.got_first_request
    with app.test_request_context():
        assert not app.got_first_request
    app.test_client().get("/gone")
    assert app.got_first_request


LATE: dict[str, Callable[[Flask], object]] = {
    "add_url_rule": lambda app: app.add_url_rule("/late", "late", lambda: ""),
    "route": lambda app: app.route("/late")(lambda: ""),
    "endpoint": lambda app: app.endpoint("late"),
    "before_request": lambda app: app.before_request(lambda: None),
    "after_request": lambda app: app.after_request(lambda response: response),
    "teardown_request": lambda app: app.teardown_request(lambda error: None),
    "teardown_appcontext": lambda app: app.teardown_appcontext(lambda error: None),
    "context_processor": lambda app: app.context_processor(dict),
    "shell_context_processor": lambda app: app.shell_context_processor(dict),
    "url_defaults": lambda app: app.url_defaults(lambda endpoint, values: None),
    "url_value_preprocessor": lambda app: app.url_value_preprocessor(lambda endpoint, values: None),
    "errorhandler": lambda app: app.errorhandler(404),
    "register_error_handler": lambda app: app.register_error_handler(404, lambda e: ""),
    "register_blueprint": lambda app: app.register_blueprint(Blueprint("late", __name__)),
}


@pytest.mark.parametrize("door", LATE)
def test_what_is_registered_after_the_first_request_is_refused(door: str) -> None:
    app = Flask("shop")
    LATE[door](Flask("another"))
    app.test_client().get("/")

    with pytest.raises(AssertionError, match=rf"^{door}\(\) was called after"):
        LATE[door](app)


def test_the_shell_knows_app_and_g_and_what_processors_add() -> None:
    app = Flask("shop")

    @app.shell_context_processor
    def fruits() -> dict[str, str]:
        return {"fruit": "plum"}

    with app.app_context():
        g.nut = "hazel"
        names = app.make_shell_context()
        assert names["g"].nut == "hazel"

    assert names["app"] is app
    assert names["fruit"] == "plum"


def test_blueprints_are_listed_as_they_were_registered() -> None:
    app = Flask("shop")
    blueprints = [Blueprint(name, __name__) for name in ("one", "two", "three")]
    for blueprint in blueprints:
        app.register_blueprint(blueprint)

    assert list(app.iter_blueprints()) == blueprints
    assert list(app.blueprints) == ["one", "two", "three"]


def test_middleware_may_be_put_around_the_application() -> None:
    app = Flask("shop")
    app.add_url_rule("/", "page", lambda: request.environ["fruit"])
    inner = app.wsgi_app

    def middleware(environ: dict[str, Any], start_response: Any) -> Any:
        return inner({**environ, "fruit": "plum"}, start_response)

    vars(app)["wsgi_app"] = middleware

    assert app.test_client().get("/").text == "plum"


def test_an_application_nobody_holds_is_gone_at_once() -> None:
    """Nothing an application is made of keeps it alive in a circle."""
    app = Flask("shop")
    app.add_url_rule("/", "page", lambda: url_for("page"))
    gone = weakref.ref(app)
    del app

    assert gone() is None


def test_the_static_view_of_an_application_that_is_gone_says_so() -> None:
    view = Flask("shop").view_functions["static"]

    with pytest.raises(RuntimeError, match="no longer exists"):
        view("style.css")


def test_the_logger_can_be_replaced() -> None:
    app = Flask("shop")
    logger = logging.getLogger("another")
    app.logger = logger

    assert app.logger is logger
