"""Registering: what decorators give back, views and endpoints, and when set-up is closed."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

import click
import pytest

import typedflask
from typedflask import Blueprint, Flask, Response, request
from typedflask.errors import SetupFinishedError
from typedflask.views import MethodView, View

if TYPE_CHECKING:
    from collections.abc import Callable

Place = Flask | Blueprint
Use = tuple[str, "Callable[[Any], object]"]


def make_app() -> Flask:
    return Flask(__name__, static_folder=None)


def view() -> str:
    return "view"


def hook(*arguments: Any) -> Any:
    """Fits every decorator."""
    return arguments[0] if arguments and isinstance(arguments[0], Response) else None


BOTH: list[Use] = [
    ("route", lambda place: place.route("/")),
    ("get", lambda place: place.get("/")),
    ("post", lambda place: place.post("/")),
    ("put", lambda place: place.put("/")),
    ("patch", lambda place: place.patch("/")),
    ("delete", lambda place: place.delete("/")),
    ("endpoint", lambda place: place.endpoint("x")),
    ("before_request", lambda place: place.before_request),
    ("after_request", lambda place: place.after_request),
    ("teardown_request", lambda place: place.teardown_request),
    ("context_processor", lambda place: place.context_processor),
    ("url_value_preprocessor", lambda place: place.url_value_preprocessor),
    ("url_defaults", lambda place: place.url_defaults),
    ("errorhandler", lambda place: place.errorhandler(404)),
    ("errorhandler", lambda place: place.errorhandler(ValueError)),
]
APP: list[Use] = [
    ("teardown_appcontext", lambda app: app.teardown_appcontext),
    ("shell_context_processor", lambda app: app.shell_context_processor),
    ("template_filter", lambda app: app.template_filter),
    ("template_filter", lambda app: app.template_filter()),
    ("template_test", lambda app: app.template_test),
    ("template_test", lambda app: app.template_test("x")),
    ("template_global", lambda app: app.template_global),
    ("template_global", lambda app: app.template_global(name="x")),
]
BLUEPRINT: list[Use] = [
    ("record", lambda made: made.record),
    ("record_once", lambda made: made.record_once),
    ("before_app_request", lambda made: made.before_app_request),
    ("after_app_request", lambda made: made.after_app_request),
    ("teardown_app_request", lambda made: made.teardown_app_request),
    ("app_context_processor", lambda made: made.app_context_processor),
    ("app_url_value_preprocessor", lambda made: made.app_url_value_preprocessor),
    ("app_url_defaults", lambda made: made.app_url_defaults),
    ("app_errorhandler", lambda made: made.app_errorhandler(404)),
    ("app_template_filter", lambda made: made.app_template_filter),
    ("app_template_filter", lambda made: made.app_template_filter("x")),
    ("app_template_test", lambda made: made.app_template_test),
    ("app_template_test", lambda made: made.app_template_test("x")),
    ("app_template_global", lambda made: made.app_template_global),
    ("app_template_global", lambda made: made.app_template_global("x")),
]
METHODS: list[Use] = [
    ("add_url_rule", lambda place: place.add_url_rule("/", "x", view)),
    ("register_error_handler", lambda place: place.register_error_handler(404, hook)),
    ("register_blueprint", lambda place: place.register_blueprint(Blueprint("n", __name__))),
]
APP_METHODS: list[Use] = [
    ("add_template_filter", lambda app: app.add_template_filter(hook)),
    ("add_template_test", lambda app: app.add_template_test(hook)),
    ("add_template_global", lambda app: app.add_template_global(hook)),
]
BLUEPRINT_METHODS: list[Use] = [
    ("register_app_error_handler", lambda made: made.register_app_error_handler(404, hook)),
    ("add_app_template_filter", lambda made: made.add_app_template_filter(hook)),
    ("add_app_template_test", lambda made: made.add_app_template_test(hook)),
    ("add_app_template_global", lambda made: made.add_app_template_global(hook)),
]


@pytest.mark.parametrize(("name", "use"), [*BOTH, *APP])
def test_a_decorator_of_an_application_gives_back_the_function_itself(
    name: str, use: Callable[[Place], Callable[..., object]]
) -> None:
    assert use(make_app())(hook) is hook


@pytest.mark.parametrize(("name", "use"), [*BOTH, *BLUEPRINT])
def test_a_decorator_of_a_blueprint_gives_back_the_function_itself(
    name: str, use: Callable[[Place], Callable[..., object]]
) -> None:
    assert use(Blueprint("b", __name__))(hook) is hook


def apply(made: object) -> None:
    """Use a decorator; methods have done their work already."""
    if callable(made):
        made(hook)


# --- closing set-up ----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "use"), [*BOTH, *APP, *METHODS, *APP_METHODS])
def test_set_up_of_an_application_is_closed_by_its_first_request(
    name: str, use: Callable[[Place], object]
) -> None:
    app = make_app()
    before = app.got_first_request
    app.test_client().get("/")
    assert (before, app.got_first_request) == (False, True)
    message = rf"^{name}\(\) was called after .* first request.*import the modules"
    with pytest.raises(SetupFinishedError, match=message):
        apply(use(app))


@pytest.mark.parametrize(("name", "use"), [*BOTH, *BLUEPRINT, *METHODS, *BLUEPRINT_METHODS])
def test_set_up_of_a_blueprint_is_closed_by_its_registration(
    name: str, use: Callable[[Place], object]
) -> None:
    made = Blueprint("b", __name__)
    apply(use(made))  # before, it is open
    made = Blueprint("b", __name__)
    make_app().register_blueprint(made)
    message = rf"^{name}\(\) was called on <Blueprint 'b'> after it was registered.*Fill"
    with pytest.raises(SetupFinishedError, match=message):
        apply(use(made))


def test_an_error_of_late_set_up_is_the_one_flask_raises() -> None:
    assert issubclass(SetupFinishedError, AssertionError)


def test_a_failed_request_closes_set_up_too_and_a_context_does_not() -> None:
    app = make_app()
    with app.app_context(), app.test_request_context():
        app.add_url_rule("/", "view", view)
    app.test_client().get("/missing")
    with pytest.raises(SetupFinishedError):
        app.add_url_rule("/late", "late", view)


def test_a_decorator_made_in_time_and_used_too_late_is_refused() -> None:
    app = make_app()
    decorator = app.route("/")
    app.test_client().get("/")
    with pytest.raises(SetupFinishedError):
        decorator(view)


# --- views and endpoints -----------------------------------------------------------------


def test_an_endpoint_has_one_view_which_may_have_many_rules() -> None:
    app = make_app()
    app.add_url_rule("/a", "x", view)
    app.add_url_rule("/b", "x", view)
    app.add_url_rule("/c", "x")
    client = app.test_client()
    assert [client.get(path).text for path in ("/a", "/b", "/c")] == ["view"] * 3


def test_another_view_for_an_endpoint_is_refused_and_changes_nothing() -> None:
    app = make_app()
    app.add_url_rule("/a", "x", view)
    with pytest.raises(AssertionError, match=r"'x' has the view .*view.*functools\.wraps"):
        app.add_url_rule("/b", "x", hook)
    assert app.view_functions == {"x": view}
    assert [rule.rule for rule in app.url_map.iter_rules()] == ["/a"]


def test_a_view_class_may_be_given_to_one_endpoint_only_once() -> None:
    app = make_app()
    bound = functools.partial(view)
    app.add_url_rule("/a", "x", bound)
    app.add_url_rule("/b", "x", bound)
    with pytest.raises(AssertionError):
        app.add_url_rule("/c", "x", functools.partial(view))


def test_the_endpoint_is_the_name_of_the_view_unless_given() -> None:
    app = make_app()
    app.route("/a")(view)
    app.route("/b", endpoint="other")(view)
    app.route("/c", endpoint=None)(view)
    endpoints = {rule.rule: rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == {"/a": "view", "/b": "other", "/c": "view"}


@pytest.mark.parametrize("nameless", [None, functools.partial(view)])
def test_without_endpoint_and_name_the_error_says_what_to_give(nameless: Any) -> None:
    with pytest.raises(ValueError, match="give"):
        make_app().add_url_rule("/", view_func=nameless)


def test_a_view_may_be_given_to_an_endpoint_before_or_after_its_rule() -> None:
    app = make_app()
    app.add_url_rule("/after", endpoint="after")

    @app.endpoint("after")
    @app.endpoint("before")
    def told() -> str:
        return request.endpoint or ""

    app.add_url_rule("/before", endpoint="before")
    client = app.test_client()
    assert (client.get("/after").text, client.get("/before").text) == ("after", "before")


def test_views_may_be_classes_and_callable_objects() -> None:
    class Plain(View):
        def dispatch_request(self) -> str:
            return "plain"

    class Methods(MethodView):
        def get(self) -> str:
            return "get"

        def post(self) -> str:
            return "post"

    class Acting:
        def __call__(self) -> str:
            return "object"

    app = make_app()
    app.add_url_rule("/plain", view_func=Plain.as_view("plain"))
    app.add_url_rule("/methods", view_func=Methods.as_view("methods"))
    app.add_url_rule("/object", "object", Acting())
    client = app.test_client()
    assert client.get("/plain").text == "plain"
    assert (client.get("/methods").text, client.post("/methods").text) == ("get", "post")
    assert client.delete("/methods").status_code == 405
    assert client.get("/object").text == "object"


@pytest.mark.parametrize("place", ["application", "blueprint"])
def test_every_option_reaches_the_rule(place: str) -> None:
    app = Flask(__name__, static_folder=None, subdomain_matching=True)
    made = Blueprint("b", __name__)
    where = app if place == "application" else made
    options: dict[str, Any] = {
        "subdomain": "sub",
        "strict_slashes": False,
        "merge_slashes": False,
        "build_only": True,
        "redirect_to": "/x",
        "alias": True,
        "websocket": True,
    }
    where.route("/<a>", endpoint="x", methods=["GET"], defaults={"b": 1}, **options)(view)
    app.register_blueprint(made)
    (rule,) = app.url_map.iter_rules()
    assert {name: getattr(rule, name) for name in options} == options
    assert rule.defaults == {"b": 1}
    assert rule.methods == {"GET", "HEAD", "OPTIONS"}


def test_an_unknown_option_is_refused() -> None:
    wrong: dict[str, Any] = {"method": ["GET"]}
    with pytest.raises(TypeError, match="method"):
        make_app().add_url_rule("/", "x", view, **wrong)


def test_a_decorator_of_a_route_shows_its_rule() -> None:
    decorator = make_app().route("/shown")
    assert decorator.rule == "/shown"
    assert "'/shown'" in repr(decorator)


# --- commands of blueprints --------------------------------------------------------------


def cli_names(app: Flask) -> dict[str, list[str]]:
    """Groups and their commands; under "" those beside the application's own."""
    names: dict[str, list[str]] = {}
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            names[name] = sorted(command.commands)
        else:
            names.setdefault("", []).append(name)
    return names


@pytest.mark.parametrize(
    ("own", "given", "names"),
    [
        ({}, {}, {"b": ["hello"]}),
        ({"cli_group": "g"}, {}, {"g": ["hello"]}),
        ({"cli_group": None}, {}, {"": ["hello"]}),
        ({"cli_group": "g"}, {"cli_group": "h"}, {"h": ["hello"]}),
        ({"cli_group": "g"}, {"cli_group": None}, {"": ["hello"]}),
        ({}, {"name": "c"}, {"c": ["hello"]}),
    ],
)
def test_commands_of_a_blueprint_are_grouped_under_its_name_or_as_asked(
    own: dict[str, Any], given: dict[str, Any], names: dict[str, list[str]]
) -> None:
    app = make_app()
    made = Blueprint("b", __name__, **own)

    @made.cli.command("hello")
    def hello() -> None:
        click.echo("hello")

    app.register_blueprint(made, **given)
    assert cli_names(app) == names
    (group,) = names
    done = app.test_cli_runner().invoke(args=[*([group] if group else []), "hello"])
    assert done.output == "hello\n"


def test_commands_of_a_nested_blueprint_are_grouped_under_its_full_name() -> None:
    app = make_app()
    inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)
    inner.cli.command("hello")(view)
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert cli_names(app) == {"outer.inner": ["hello"]}


# --- names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("app", "Flask"),
        ("blueprints", "Blueprint"),
        ("wrappers", "Request"),
        ("wrappers", "Response"),
        ("helpers", "url_for"),
        ("globals", "current_app"),
    ],
)
def test_documented_modules_hold_what_the_package_shows(module: str, name: str) -> None:
    here = importlib.import_module(f"typedflask.{module}")
    assert getattr(here, name) is getattr(typedflask, name)


def test_the_setup_state_is_importable_where_it_is_documented() -> None:
    assert importlib.import_module("typedflask.blueprints").BlueprintSetupState


def test_an_application_and_a_blueprint_show_their_names() -> None:
    assert repr(make_app()) == f"<Flask {__name__!r}>"
    assert repr(Blueprint("b", __name__)) == "<Blueprint 'b'>"
