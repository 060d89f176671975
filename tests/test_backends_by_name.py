"""Choosing a backend by its name: in the configuration, from another distribution, by import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import typedflask
from typedflask import Flask, session
from typedflask.backends import (
    BackendName,
    BackendNames,
    MissingLibrary,
    UnknownBackend,
    import_by_name,
    missing_library,
)
from typedflask.config import ConfigError
from typedflask.json.named import JSON_BACKENDS, is_json_choice
from typedflask.json.provider import DefaultJSONProvider, JSONProvider
from typedflask.sessions import SecureCookieSessionInterface
from typedflask.sessions.named import SESSION_BACKENDS
from typedflask.templating.contract import Template
from typedflask.templating.named import TEMPLATE_ENGINES

TABLES: list[BackendNames[Any]] = [JSON_BACKENDS, SESSION_BACKENDS, TEMPLATE_ENGINES]


class ShoutingJSON(DefaultJSONProvider):
    """Writes everything in capitals."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs).upper()


class OwnSessions(SecureCookieSessionInterface):
    """A backend to be named."""


class OwnEngine:
    """The least that counts as a template engine."""

    def __init__(self, app: Flask) -> None:
        self.name = app.name

    def find(self, names: object, /) -> Template:
        raise LookupError(names)

    def from_source(self, source: str, /) -> Template:
        raise LookupError(source)

    def attribute(self, template_name: str, attribute: str, /) -> object:
        raise LookupError(template_name, attribute)


def app_with(**config: Any) -> Flask:
    app = Flask("backends_by_name")
    app.config.update(config, SECRET_KEY="k")
    return app


# --- the tables ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_every_row_of_a_table_can_be_imported_and_is_what_the_table_wants(
    table: BackendNames[Any],
) -> None:
    for row in table:
        assert table.find(row.name) is import_by_name(row.where)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_a_table_prints_a_line_per_row_for_the_manual(table: BackendNames[Any]) -> None:
    lines = table.describe().splitlines()
    assert len(lines) == 2 + len(list(table))
    assert {line.count("|") for line in lines} == {4}


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(UnknownBackend) as caught:
        SESSION_BACKENDS.find("reddis")
    message = str(caught.value)
    assert message.startswith("SESSION_BACKEND is 'reddis', and no session backend has that name.")
    assert "Did you mean 'redis'?" in message
    assert "'typedflask.sessions'" in message


def test_a_name_of_another_kind_of_thing_is_refused() -> None:
    with pytest.raises(TypeError, match="JSON_BACKEND is 'math:pi', and that is a float"):
        JSON_BACKENDS.find("math:pi")


def test_a_module_with_the_two_functions_is_a_json_backend() -> None:
    table = BackendNames("thing", "THING", "typedflask.things", is_json_choice, "JSON", [])
    table.add(BackendName("module", "typedflask:json", "a module"))
    assert table.find("module") is typedflask.json


def test_a_name_with_a_colon_is_imported() -> None:
    table = BackendNames("thing", "THING", "typedflask.things", is_json_choice, "JSON", [])
    table.add(BackendName("here", f"{__name__}:ShoutingJSON", "this file's"))
    sys.modules.setdefault(__name__, sys.modules[ShoutingJSON.__module__])
    assert table.find("here") is ShoutingJSON
    assert table.find(f"{ShoutingJSON.__module__}:ShoutingJSON") is ShoutingJSON


def test_a_name_that_leads_nowhere_says_which_part_is_missing() -> None:
    with pytest.raises(ImportError, match=r"typedflask\.json has no 'NoSuchThing'"):
        JSON_BACKENDS.find("typedflask.json:NoSuchThing")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        JSON_BACKENDS.find("no_such_module:thing")


def test_a_missing_library_is_answered_with_what_to_install() -> None:
    table = BackendNames(
        "thing",
        "THING",
        "typedflask.things",
        is_json_choice,
        "JSON",
        [BackendName("far", "no_such_module:Thing", "", "far-away")],
    )
    with pytest.raises(MissingLibrary) as caught:
        table.find("far")
    assert str(caught.value) == (
        "The thing 'far' needs a library that is not installed:"
        ' pip install "typedflask[far-away]"'
    )
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


def test_the_sentence_about_a_missing_library_begins_in_capitals() -> None:
    assert str(missing_library("RedisStore", "redis")).startswith("RedisStore needs a library")


EXTRAS = [
    ("typedflask.sessions.stores.redis", "redis", "redis"),
    ("typedflask.sessions.stores.sqlalchemy", "sqlalchemy", "sqlalchemy"),
    ("typedflask.sessions.stores.cachelib", "cachelib", "cachelib"),
    ("typedflask.json.msgspec", "msgspec", "msgspec"),
    ("typedflask.json.orjson", "orjson", "orjson"),
    ("typedflask.templating.minijinja", "minijinja", "minijinja"),
    ("typedflask.templating.mako", "mako", "mako"),
    ("typedflask.templating.htpy", "htpy", "htpy"),
]


@pytest.mark.parametrize(("module", "library", "extra"), EXTRAS)
def test_importing_a_backend_without_its_library_names_the_extra(
    module: str, library: str, extra: str
) -> None:
    program = (
        f"import sys; sys.modules[{library!r}] = None\n"
        f"try:\n    import {module}\n"
        "except ImportError as error:\n    print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert f'pip install "typedflask[{extra}]"' in run.stdout


# --- names from another distribution ---------------------------------------------------------


def test_a_distribution_adds_a_name_through_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loud_json.py").write_text(
        "from typedflask.json.provider import DefaultJSONProvider\n"
        "class LoudJSON(DefaultJSONProvider):\n"
        "    def dumps(self, obj, **kwargs):\n"
        "        return super().dumps(obj, **kwargs).upper()\n"
    )
    info = tmp_path / "loud_json-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-json\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[typedflask.json]\nloud = loud_json:LoudJSON\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert app_with(JSON_BACKEND="loud").json.dumps(["a"]) == '["A"]'
    with pytest.raises(UnknownBackend, match="'loud'"):
        JSON_BACKENDS.find("lout")


# --- in an application -------------------------------------------------------------------------


def test_the_configuration_names_the_json_backend() -> None:
    app = app_with(JSON_BACKEND=f"{ShoutingJSON.__module__}:ShoutingJSON")
    assert isinstance(app.json, ShoutingJSON)
    assert app.json is app.json
    app.add_url_rule("/", "index", lambda: {"a": "b"})
    assert app.test_client().get("/").text == '{"A":"B"}\n'


def test_what_was_changed_on_the_provider_stays_while_its_name_does() -> None:
    app = app_with()
    app.json.sort_keys = False
    app.config["TESTING"] = True
    assert app.json.dumps({"b": 1, "a": 2}) == '{"b": 1, "a": 2}'


def test_another_name_gives_another_backend_until_the_first_request() -> None:
    app = app_with()
    assert type(app.json) is DefaultJSONProvider
    app.config["JSON_BACKEND"] = f"{ShoutingJSON.__module__}:ShoutingJSON"
    assert type(app.json) is ShoutingJSON
    app.test_client().get("/")
    app.config["JSON_BACKEND"] = None
    assert type(app.json) is ShoutingJSON


def test_what_the_program_says_wins_over_the_configuration() -> None:
    class WithProvider(Flask):
        json_provider_class = ShoutingJSON

    class WithSessions(Flask):
        session_interface = OwnSessions()

    name = f"{OwnSessions.__module__}:OwnSessions"
    app = WithProvider("a")
    app.config["JSON_BACKEND"] = "default"
    assert type(app.json) is ShoutingJSON
    given = Flask("a", json=json)
    given.config["JSON_BACKEND"] = "default"
    assert type(given.json) is not DefaultJSONProvider
    assigned = app_with(SESSION_BACKEND=name)
    assigned.session_interface = cookie = SecureCookieSessionInterface()
    assert assigned.session_interface is cookie
    with_sessions = WithSessions("a")
    with_sessions.config["SESSION_BACKEND"] = "cookie"
    assert type(with_sessions.session_interface) is OwnSessions


def test_the_configuration_names_the_session_backend() -> None:
    app = app_with(SESSION_BACKEND=f"{OwnSessions.__module__}:OwnSessions")
    chosen = app.session_interface
    assert type(chosen) is OwnSessions
    assert app.session_interface is chosen

    @app.get("/")
    def index() -> str:
        session["a"] = 1
        return "ok"

    assert "session=" in app.test_client().get("/").headers["Set-Cookie"]
    assert app.session_interface is chosen
    assert vars(app)["session_interface"] is chosen


def test_applications_share_the_default_session_backend_and_not_a_chosen_one() -> None:
    name = f"{OwnSessions.__module__}:OwnSessions"
    assert app_with().session_interface is Flask.session_interface
    first, second = app_with(SESSION_BACKEND=name), app_with(SESSION_BACKEND=name)
    assert first.session_interface is not second.session_interface


def test_the_configuration_names_the_template_engine() -> None:
    app = app_with(TEMPLATE_ENGINE=f"{OwnEngine.__module__}:OwnEngine")
    assert type(app.templates) is OwnEngine
    assert app.templates is app.templates


def test_an_engine_may_be_given_as_a_class() -> None:
    app = Flask("engines", templates=OwnEngine)
    assert isinstance(app.templates, OwnEngine)
    assert app.templates.name == "engines"


def test_what_is_no_engine_is_refused_in_words() -> None:
    wrong: Any = object()
    with pytest.raises(TypeError, match="it has no methods `find` and `from_source`"):
        _ = Flask("engines", templates=wrong).templates
    makes_nothing: Any = dict
    app = Flask("engines", templates=lambda app: makes_nothing())
    with pytest.raises(TypeError, match="it gave a dict, which has no methods"):
        _ = app.templates


@pytest.mark.parametrize("key", ["JSON_BACKEND", "SESSION_BACKEND", "TEMPLATE_ENGINE"])
def test_a_wrong_name_in_the_configuration_is_an_error_of_the_configuration(key: str) -> None:
    app = app_with(**{key: "no-such"})
    with pytest.raises(ConfigError, match=f"{key} is 'no-such'"):
        _ = (app.json, app.session_interface, app.templates)


def test_a_store_that_needs_a_place_says_so_before_the_first_request() -> None:
    app = app_with(SESSION_BACKEND="redis")
    with pytest.raises(ConfigError, match="SESSION_STORE"):
        _ = app.session_interface


def test_the_choice_does_not_keep_an_application_alive() -> None:
    import gc
    import weakref

    app = app_with(JSON_BACKEND="default", SESSION_BACKEND="cookie")
    _ = (app.json, app.session_interface)
    reference = weakref.ref(app)
    gc.disable()
    try:
        del app
        assert reference() is None
    finally:
        gc.enable()


def test_providers_are_chosen_as_classes_of_the_documented_kind() -> None:
    assert is_json_choice(DefaultJSONProvider)
    assert is_json_choice(json)
    assert not is_json_choice(int)
    assert issubclass(DefaultJSONProvider, JSONProvider)


def test_what_cannot_be_imported_is_told_with_the_key_that_names_it() -> None:
    with pytest.raises(ImportError, match="has no 'Nope'") as caught:
        JSON_BACKENDS.find("typedflask.json:Nope")

    assert caught.value.__notes__ == ["JSON_BACKEND is 'typedflask.json:Nope'."]


class UnwrappedStore:
    """A store that nobody made a session backend of."""

    def load(self, session_id: str, /) -> None: ...


@pytest.mark.parametrize(
    ("given", "what", "hint"),
    [
        (
            "redis://:pw@host",
            "an object of type 'str'",
            " A name is for the configuration: SESSION_BACKEND.",
        ),
        (OwnSessions, "the class 'OwnSessions'", " Make an object of the class."),
        (
            UnwrappedStore(),
            "an object of type 'UnwrappedStore'",
            " It looks like a store: pass ServerSideSessions(store), of typedflask.sessions.",
        ),
        (7, "an object of type 'int'", ""),
    ],
    ids=["a name", "a class", "a store", "a number"],
)
def test_what_is_no_session_backend_is_refused_when_it_is_given(
    given: Any, what: str, hint: str
) -> None:
    with pytest.raises(TypeError) as caught:
        Flask(__name__, session=given)

    assert str(caught.value) == (
        f"The application was given {what} for its sessions. A session backend is an object with the"
        f" methods `open_session` and `save_session`.{hint}"
    )


def test_a_name_given_to_the_application_is_told_where_names_belong() -> None:
    wrong: Any = "orjson"
    with pytest.raises(TypeError, match=r"A name is for the configuration: JSON_BACKEND$"):
        Flask("names", json=wrong)
    with pytest.raises(TypeError, match=r"A name is for the configuration: TEMPLATE_ENGINE\.$"):
        _ = Flask("names", templates=wrong).templates
    number: Any = 7
    with pytest.raises(TypeError, match=r"int has no dumps and no loads$"):
        Flask("names", json=number)
