"""Every documented name is where Flask's documentation says, and takes what it says.

Where the real Flask is installed its public names and parameters are compared with ours, one by
one; the few that differ on purpose stand in `DELIBERATE` with their reasons, and a row there that
is no longer true fails too.
"""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property, partial
from types import ModuleType
from typing import Any, get_args

import pytest
import typing_extensions
from werkzeug.local import LocalProxy

import typedflask

DOCUMENTED: dict[str, str] = {
    "": """
        Flask Blueprint Request Response Config request session g current_app abort redirect url_for
        make_response after_this_request send_file send_from_directory flash get_flashed_messages
        jsonify render_template render_template_string stream_template stream_template_string
        get_template_attribute stream_with_context copy_current_request_context
        has_request_context has_app_context json template_rendered before_render_template
        request_started request_finished got_request_exception request_tearing_down
        appcontext_pushed appcontext_popped appcontext_tearing_down message_flashed
    """,
    "json": "dumps loads dump load jsonify provider tag",
    "json.provider": "JSONProvider DefaultJSONProvider",
    "json.tag": """
        TaggedJSONSerializer JSONTag TagDict PassDict TagTuple PassList TagBytes TagMarkup TagUUID
        TagDateTime
    """,
    "sessions": """
        SessionInterface SecureCookieSessionInterface NullSession SecureCookieSession SessionMixin
    """,
    "signals": """
        Namespace template_rendered before_render_template request_started request_finished
        got_request_exception request_tearing_down appcontext_pushed appcontext_popped
        appcontext_tearing_down message_flashed
    """,
    "views": "View MethodView http_method_funcs",
    "testing": "FlaskClient FlaskCliRunner EnvironBuilder",
    "typing": """
        ResponseValue ResponseReturnValue ResponseClass HeaderValue HeadersValue RouteCallable
        BeforeRequestCallable AfterRequestCallable TeardownCallable ErrorHandlerCallable
        URLValuePreprocessorCallable URLDefaultCallable TemplateContextProcessorCallable
        TemplateFilterCallable TemplateTestCallable TemplateGlobalCallable
        ShellContextProcessorCallable AppOrBlueprintKey
    """,
    "config": "Config ConfigAttribute",
    "cli": """
        AppGroup FlaskGroup ScriptInfo with_appcontext pass_script_info load_dotenv run_command
        shell_command routes_command NoAppException main cli show_server_banner
    """,
    "ctx": "AppContext RequestContext has_app_context has_request_context",
    "globals": "current_app g request session app_ctx request_ctx",
    "helpers": """
        abort redirect url_for make_response send_file send_from_directory flash
        get_flashed_messages get_template_attribute stream_with_context get_debug_flag
        get_load_dotenv get_root_path
    """,
    "blueprints": "Blueprint BlueprintSetupState",
    "templating": """
        Environment DispatchingJinjaLoader render_template render_template_string stream_template
        stream_template_string
    """,
    "wrappers": "Request Response RequestBase ResponseBase",
    "logging": "create_logger default_handler wsgi_errors_stream has_level_handler",
    "app": "Flask",
}
"""The import paths of the documentation, and the names applications import from each."""

INTERNAL = "a part of Flask's machinery that its documentation does not name"
TYPE_VARIABLE = "a type variable of Flask's own signatures"
POSITION = "only ever called with this argument by position, by the library that asks for it"
NOT_MADE_BY_HAND = (
    "documented as made by `app.request_context(environ)`, which takes what Flask's does"
)

DELIBERATE: dict[str, str] = {
    # names
    "app.Environment": "documented under `templating`; Jinja is imported by those who have templates",
    "app.App": "Flask's split of the class in two is internal; here `Flask` stands on the rooms",
    "app.T_shell_context_processor": TYPE_VARIABLE,
    "app.T_teardown": TYPE_VARIABLE,
    "app.T_template_filter": TYPE_VARIABLE,
    "app.T_template_global": TYPE_VARIABLE,
    "app.T_template_test": TYPE_VARIABLE,
    "app.get_load_dotenv": "documented nowhere under `app`; it is in `helpers`",
    "app.SessionInterface": "documented under `sessions`",
    "app.send_from_directory": "documented at the top and under `helpers`",
    "blueprints.AppGroup": "documented under `cli`",
    "blueprints.SansioBlueprint": "as `app.App`",
    "blueprints.send_from_directory": "documented at the top and under `helpers`",
    "cli.F": TYPE_VARIABLE,
    "cli.SeparatedPathType": INTERNAL,
    "cli.find_app_by_string": INTERNAL,
    "cli.find_best_app": INTERNAL,
    "cli.get_debug_flag": "it is in `helpers`",
    "cli.get_load_dotenv": "it is in `helpers`",
    "cli.get_version": INTERNAL,
    "cli.locate_app": INTERNAL,
    "cli.prepare_import": INTERNAL,
    "config.T": TYPE_VARIABLE,
    "ctx.F": TYPE_VARIABLE,
    "ctx.after_this_request": "documented at the top; `ctx` is a floor below it",
    "ctx.copy_current_request_context": "documented at the top; `ctx` is a floor below it",
    "json.tag.dumps": "documented under `json`",
    "json.tag.loads": "documented under `json`",
    "sessions.TaggedJSONSerializer": "documented under `json.tag`; subjects do not import each other",
    "sessions.NullSession.on_update": "Werkzeug's hook for changes; set `modified` instead",
    "sessions.SecureCookieSession.on_update": "as `NullSession.on_update`",
    "templating.stream_with_context": "documented at the top and under `helpers`",
    "views.F": TYPE_VARIABLE,
    # parameters
    "add_url_rule(provide_automatic_options) by position": "a keyword, typed with all other options",
    "url_for(endpoint) by position": "`*args`, because a view may stand there, with its arguments",
    "ctx.RequestContext.__init__(environ)": NOT_MADE_BY_HAND,
    "ctx.RequestContext.__init__(request) by position": NOT_MADE_BY_HAND,
    "ctx.RequestContext.__init__(session) by position": NOT_MADE_BY_HAND,
    "json.provider.DefaultJSONProvider.default(o)": POSITION,
    "sessions.SecureCookieSessionInterface.digest_method(string)": POSITION,
    "cli.FlaskGroup.get_command(name)": "click calls it `cmd_name`, and passes it by position",
    "cli.pass_script_info(f)": "a decorator; its argument goes by position",
    "cli.with_appcontext(f)": "a decorator; its argument goes by position",
    "cli.AppGroup.command(*args)": "click's second one, `cls`, is a keyword, which checkers can follow",
    "cli.AppGroup.group(*args)": "as `command`",
    "cli.FlaskGroup.command(*args)": "as `AppGroup.command`",
    "cli.FlaskGroup.group(*args)": "as `AppGroup.command`",
}
"""What differs from Flask on purpose, and why."""


def in_words(names: str) -> list[str]:
    return names.split()


@pytest.mark.parametrize("path", DOCUMENTED)
def test_a_documented_import_path_holds_the_documented_names(path: str) -> None:
    module = importlib.import_module(f"typedflask.{path}".rstrip("."))
    missing = [name for name in in_words(DOCUMENTED[path]) if not hasattr(module, name)]
    assert missing == []


@pytest.mark.parametrize("path", ["json", "config", "typing", "signals", "wrappers", "logging"])
def test_what_a_room_lists_as_public_is_there(path: str) -> None:
    """`from typedflask.x import *` works."""
    module = importlib.import_module(f"typedflask.{path}")
    assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


def test_the_same_object_is_offered_under_every_path() -> None:
    """An extension may import a name from where it likes; `isinstance` must hold for both."""
    places: dict[str, list[object]] = {}
    for path, names in DOCUMENTED.items():
        module = importlib.import_module(f"typedflask.{path}".rstrip("."))
        for name in in_words(names):
            if inspect.isclass(getattr(module, name)):
                places.setdefault(name, []).append(getattr(module, name))
    different = {
        name for name, found in places.items() if any(one is not found[0] for one in found)
    }
    assert different == set()


def test_rooms_are_attributes_of_the_package() -> None:
    """`import typedflask` is enough for `typedflask.views.View`, as applications write it."""
    rooms = [path for path in DOCUMENTED if path and path != "json.tag"]
    lines = ["import typedflask", *(f"typedflask.{room}" for room in rooms)]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)


def test_an_unknown_attribute_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = getattr(typedflask, "no_such_name")


# --- beside the real Flask ---------------------------------------------------------------


def defined_in_flask(thing: object) -> bool:
    return str(getattr(thing, "__module__", "")).partition(".")[0] == "flask"


def public_names(thing: object) -> list[str]:
    return [name for name in dir(thing) if not name.startswith("_")]


def keywords_of(own: inspect.Signature) -> set[str] | None:
    """The keyword arguments a function accepts; None for any."""
    accepted = {
        name
        for name, parameter in own.parameters.items()
        if parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}
    }
    for parameter in own.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            if typing_extensions.get_origin(parameter.annotation) is not typing_extensions.Unpack:
                return None
            (options,) = get_args(parameter.annotation)
            accepted |= set(typing_extensions.get_annotations(options)) | set(
                options.__optional_keys__ | options.__required_keys__
            )
    return accepted


def signature_of(function: object) -> inspect.Signature | None:
    if isinstance(function, LocalProxy) or not callable(function):
        return None
    try:
        return inspect.signature(function, eval_str=True)
    except (ValueError, TypeError, NameError):
        try:
            return inspect.signature(function)
        except (ValueError, TypeError):
            return None


VARIABLE = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
NOT_BY_POSITION = {*VARIABLE, inspect.Parameter.KEYWORD_ONLY}


def member(kind: type, name: str) -> object:
    """A method without its first parameter, whatever that is called; anything else as it is."""
    method = inspect.getattr_static(kind, name)
    return partial(method, None) if inspect.isfunction(method) else getattr(kind, name)


def refused(label: str, real: object, own: object) -> Iterator[str]:
    """The parameters of Flask's function that ours does not take the same way."""
    theirs, ours = signature_of(real), signature_of(own)
    if theirs is None or ours is None:
        return
    accepted = keywords_of(ours)
    named = [one for one in theirs.parameters.values() if one.kind not in VARIABLE]
    expected = [one.name for one in named if one.kind is one.POSITIONAL_OR_KEYWORD]
    by_position = [name for name, one in ours.parameters.items() if one.kind not in NOT_BY_POSITION]
    yield from missing_variable(label, theirs, ours)
    for one in named:
        if accepted is not None and one.name not in accepted:
            yield f"{label}({one.name})"
    for place, name in enumerate(expected):
        if (accepted is None or name in accepted) and by_position[place : place + 1] != [name]:
            yield f"{label}({name}) by position"


def missing_variable(
    label: str, theirs: inspect.Signature, ours: inspect.Signature
) -> Iterator[str]:
    """`*args` and `**kwargs` that ours does not have."""
    kinds = {one.kind for one in ours.parameters.values()}
    for name, one in theirs.parameters.items():
        if one.kind in VARIABLE and one.kind not in kinds and not name_is_spelled_out(label):
            yield f"{label}({VARIABLE[one.kind]}{name})"


def name_is_spelled_out(label: str) -> bool:
    """Functions whose `**kwargs` in Flask are spelled out here, every one by name."""
    return label in {"send_from_directory", "helpers.send_from_directory"}


def differences(path: str) -> Iterator[str]:
    real = importlib.import_module(f"flask.{path}".rstrip("."))
    own = importlib.import_module(f"typedflask.{path}".rstrip("."))
    for name in public_names(real):
        theirs = getattr(real, name)
        if not defined_in_flask(theirs) and name not in in_words(DOCUMENTED[path]):
            continue
        label = f"{path}.{name}".lstrip(".")
        if not hasattr(own, name):
            yield label
            continue
        ours = getattr(own, name)
        if isinstance(theirs, type):
            if not isinstance(ours, type):
                yield f"{label} as a class"
            elif theirs.__module__ == real.__name__ or not path:
                yield from differences_of_class(label, theirs, ours)
        elif theirs is not ours:
            yield from refused(label, theirs, ours)


def differences_of_class(label: str, real: type, own: type) -> Iterator[str]:
    if not issubclass(real, BaseException):
        yield from refused(f"{label}.__init__", member(real, "__init__"), member(own, "__init__"))
    for name in public_names(real):
        if not hasattr(own, name):
            # What only instances have is compared further down.
            if not isinstance(getattr(real, name), property | cached_property):
                yield f"{label}.{name}"
            continue
        defining = next(kind for kind in real.__mro__ if name in vars(kind))
        if defined_in_flask(defining) and not isinstance(getattr(real, name), type):
            yield from refused(f"{label}.{name}", member(real, name), member(own, name))


def is_deliberate(difference: str) -> bool:
    return difference in DELIBERATE or difference.endswith(ENDINGS)


ENDINGS = tuple(row for row in DELIBERATE if row.startswith(("add_url_rule(", "url_for(")))


@pytest.mark.parametrize("path", DOCUMENTED)
def test_every_public_name_and_parameter_of_flask_is_here(path: str) -> None:
    pytest.importorskip("flask")
    assert [one for one in differences(path) if not is_deliberate(one)] == []


def test_every_deliberate_difference_is_still_one() -> None:
    """A row of `DELIBERATE` for something that Flask and we now share says something untrue."""
    pytest.importorskip("flask")
    found = {one for path in DOCUMENTED for one in differences(path)}
    stale = [row for row in DELIBERATE if not any(one.endswith(row) for one in found)]
    assert stale == []


def made_by(package: ModuleType, what: str) -> Any:
    """An object of either package, to look at what its instances have."""
    app = package.Flask("typedflask_example")
    app.secret_key = "k"
    with app.test_request_context() as context:
        return {
            "Flask": lambda: app,
            "Blueprint": lambda: package.Blueprint("example", "typedflask_example"),
            "Request": lambda: context.request,
            "Response": lambda: package.make_response("x"),
            "RequestContext": lambda: context,
            "AppContext": app.app_context,
            "session": lambda: context.session,
            "g": package.g._get_current_object,
            "Config": lambda: app.config,
            "JSONProvider": lambda: app.json,
            "SessionInterface": lambda: app.session_interface,
            "FlaskClient": app.test_client,
            "FlaskCliRunner": app.test_cli_runner,
            "AppGroup": lambda: app.cli,
            "Environment": lambda: app.jinja_env,
        }[what]()


INSTANCES = (
    "Flask Blueprint Request Response RequestContext AppContext session g Config JSONProvider"
    " SessionInterface FlaskClient FlaskCliRunner AppGroup Environment"
)


@pytest.mark.parametrize("what", INSTANCES.split())
def test_every_public_attribute_of_flasks_objects_is_here(what: str) -> None:
    """Also those that only an instance has, such as `app.extensions` or `request.url_rule`."""
    flask = pytest.importorskip("flask")
    real, own = made_by(flask, what), made_by(typedflask, what)
    missing = set(public_names(real)) - set(public_names(own))
    # The session's is Werkzeug's callback for changes, which its documentation keeps to itself.
    assert missing - {"on_update"} == set()


def test_every_configuration_key_of_flask_is_here_with_the_same_default() -> None:
    flask = pytest.importorskip("flask")
    theirs = dict(flask.Flask.default_config) | {
        "DEBUG": False,  # Flask's None means the same, and is replaced when an application is made
        "LOGGER_NAME": None,
        "PRESERVE_CONTEXT_ON_EXCEPTION": None,
    }
    ours = dict(typedflask.Flask.default_config)
    assert {key: ours[key] for key in theirs} == theirs
