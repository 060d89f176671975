"""The configuration's dict: its rows, its checks, its types and the attributes made from it."""

from __future__ import annotations

import ast
import copy
import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, assert_type, get_args

import pytest

from typedflask.config import (
    DEFAULTS,
    SETTINGS,
    Config,
    ConfigAttribute,
    ConfigError,
    Setting,
    config,
    describe_settings,
    keys,
    settings,
)
from typedflask.config.readers import read_count, read_lifetime

FLAG: tuple[list[object], list[object]] = ([True, False, 0, 1], ["no", "true", 2, 1.0, b"1", []])
COUNT: tuple[list[object], list[object]] = ([0, 1, 10**12], [True, -1, "5", 1.5])
TEXT: tuple[list[object], list[object]] = (["x", ""], [b"x", 3, ["x"]])
LIFETIME: tuple[list[object], list[object]] = (
    [timedelta(days=2), 3600, 0, -1],
    ["31 days", True, 1.5, 10**30],
)

# What each key takes and what it refuses; None is added by the test.
EXAMPLES: dict[str, tuple[list[object], list[object]]] = {
    "DEBUG": FLAG,
    "TESTING": FLAG,
    "PROPAGATE_EXCEPTIONS": FLAG,
    "TRAP_HTTP_EXCEPTIONS": FLAG,
    "TRAP_BAD_REQUEST_ERRORS": FLAG,
    "EXPLAIN_TEMPLATE_LOADING": FLAG,
    "TEMPLATES_AUTO_RELOAD": FLAG,
    "SECRET_KEY": (["key", b"key"], [12345, ["key"], True]),
    "SECRET_KEY_FALLBACKS": (
        [["a", b"b"], ("a",), []],
        ["old-key", b"old-key", [1], {"a": 1}, {"a"}],
    ),
    "PERMANENT_SESSION_LIFETIME": LIFETIME,
    "SESSION_REFRESH_EACH_REQUEST": FLAG,
    "SESSION_COOKIE_NAME": TEXT,
    "SESSION_COOKIE_DOMAIN": TEXT,
    "SESSION_COOKIE_PATH": TEXT,
    "SESSION_COOKIE_HTTPONLY": FLAG,
    "SESSION_COOKIE_SECURE": FLAG,
    "SESSION_COOKIE_PARTITIONED": FLAG,
    "SESSION_COOKIE_SAMESITE": (["Lax", "Strict", "None", "lax", "STRICT"], ["no", True, b"Lax"]),
    "MAX_COOKIE_SIZE": COUNT,
    "JSON_BACKEND": TEXT,
    "TEMPLATE_ENGINE": TEXT,
    "SESSION_BACKEND": TEXT,
    "SESSION_STORE": TEXT,
    "SESSION_STORE_PREFIX": TEXT,
    "SESSION_ABSOLUTE_LIFETIME": LIFETIME,
    "SESSION_LOCKING": FLAG,
    "SESSION_LOCK_WAIT": ([0, 10, 0.5], ["10", True, -1, float("inf"), float("nan")]),
    "SESSION_ENCRYPT": FLAG,
    "SESSION_OUTAGE": (["unavailable", "read-only"], ["503", True, b"read-only", []]),
    "SERVER_NAME": TEXT,
    "APPLICATION_ROOT": TEXT,
    "PREFERRED_URL_SCHEME": TEXT,
    "TRUSTED_HOSTS": ([["a.example"], (".b.example",), []], ["a.example", [1], {"a": 1}]),
    "PROVIDE_AUTOMATIC_OPTIONS": FLAG,
    "MAX_CONTENT_LENGTH": COUNT,
    "MAX_FORM_MEMORY_SIZE": COUNT,
    "MAX_FORM_PARTS": COUNT,
    "SEND_FILE_MAX_AGE_DEFAULT": LIFETIME,
    "USE_X_SENDFILE": FLAG,
    "LOGGER_NAME": TEXT,
    "PRESERVE_CONTEXT_ON_EXCEPTION": FLAG,
}

NEVER_NONE = {
    *get_args(keys.FlagKey),
    *get_args(keys.TextKey),
    *get_args(keys.CountKey),
    *get_args(keys.LifetimeKey),
    *get_args(keys.SecondsKey),
    *get_args(keys.OutageKey),
}

SECRET = "hunter2-do-not-show"

# The keys that Flask does not have.
OF_BACKENDS = {
    "JSON_BACKEND",
    "TEMPLATE_ENGINE",
    "SESSION_BACKEND",
    "SESSION_STORE",
    "SESSION_STORE_PREFIX",
    "SESSION_ABSOLUTE_LIFETIME",
    "SESSION_LOCKING",
    "SESSION_LOCK_WAIT",
    "SESSION_ENCRYPT",
    "SESSION_OUTAGE",
}

KEYS_BY_KIND = [
    *(getattr(keys, name) for name in vars(keys) if name.endswith("Key")),
]


@pytest.fixture
def conf() -> Config:
    return Config("/srv/app", DEFAULTS)


def put(conf: Config, key: str, value: object) -> None:
    conf[key] = value


def put_default(conf: Config, key: str, value: object) -> None:
    del conf[key]
    conf.setdefault(key, value)


def put_update(conf: Config, key: str, value: object) -> None:
    conf.update({key: value})


def put_pairs(conf: Config, key: str, value: object) -> None:
    conf.update([(key, value)])


def put_keyword(conf: Config, key: str, value: object) -> None:
    conf.update(**{key: value})


def put_in_place(conf: Config, key: str, value: object) -> None:
    conf |= {key: value}


def put_in_place_pairs(conf: Config, key: str, value: object) -> None:
    conf |= [(key, value)]


def put_mapping(conf: Config, key: str, value: object) -> None:
    conf.from_mapping({key: value})


def put_mapping_keyword(conf: Config, key: str, value: Any) -> None:
    conf.from_mapping(**{key: value})


def put_object(conf: Config, key: str, value: object) -> None:
    conf.from_object(type("Production", (), {key: value}))


DOORS = [
    put,
    put_default,
    put_update,
    put_pairs,
    put_keyword,
    put_in_place,
    put_in_place_pairs,
    put_mapping,
    put_mapping_keyword,
    put_object,
]


class TestRows:
    def test_every_row_has_examples(self) -> None:
        """No key is without a test of what it takes and refuses."""
        assert set(EXAMPLES) == set(SETTINGS)

    @pytest.mark.parametrize("key", SETTINGS)
    def test_good_values_are_accepted(self, key: str, conf: Config) -> None:
        """Setting a key to a value it takes works, and reading it through the row as well."""
        for value in EXAMPLES[key][0]:
            conf[key] = value
            assert conf[key] == SETTINGS[key].stored(value)
            assert conf.of(SETTINGS[key]) == SETTINGS[key].value(value)

    @pytest.mark.parametrize("key", SETTINGS)
    def test_wrong_values_are_refused(self, key: str, conf: Config) -> None:
        """The message names key, type and what is wanted; the value only if it is no secret."""
        row = SETTINGS[key]
        for value in EXAMPLES[key][1]:
            with pytest.raises(ConfigError) as caught:
                conf[key] = value
            message = str(caught.value)
            assert message.startswith(f"{key} cannot be ")
            assert message.endswith(f"; it wants {row.wants}.")
            assert type(value).__name__ in message
            assert (repr(value) in message) is not row.secret
            assert conf[key] == row.default, "a refused value leaves the key as it was"

    @pytest.mark.parametrize("key", SETTINGS)
    def test_none_is_for_optional_keys(self, key: str) -> None:
        """Exactly the keys whose type has None accept it, and their description says so."""
        assert SETTINGS[key].accepts(None) is (key not in NEVER_NONE)
        assert SETTINGS[key].wants.endswith("or None") is (key not in NEVER_NONE)

    @pytest.mark.parametrize("key", SETTINGS)
    def test_defaults_pass_their_own_check(self, key: str) -> None:
        """A row accepts its default and reads it as it is."""
        assert SETTINGS[key].value(SETTINGS[key].default) == SETTINGS[key].default

    def test_what_is_secret(self) -> None:
        """The flag is on the keys that sign, and on a URL that may hold a password."""
        secret = {row.name for row in SETTINGS.values() if row.secret}
        assert secret == {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "SESSION_STORE"}

    def test_defaults_are_those_of_flask(self) -> None:
        """Flask's own defaults, two keys that only its older documents have, and the backends'."""
        flask: Any = pytest.importorskip("flask")
        expected = dict(flask.Flask("somewhere").config)
        expected |= {"LOGGER_NAME": None, "PRESERVE_CONTEXT_ON_EXCEPTION": None}
        assert {key: DEFAULTS[key] for key in DEFAULTS if key not in OF_BACKENDS} == expected

    def test_the_manual_gets_a_line_per_row(self) -> None:
        """The table is Markdown, and no cell breaks it."""
        lines = describe_settings().splitlines()
        assert len(lines) == 2 + len(SETTINGS)
        assert {line.count("|") for line in lines} == {5}
        assert "| `MAX_COOKIE_SIZE` | `4093` | an int that is not negative |" in describe_settings()

    def test_the_types_know_every_key_once(self) -> None:
        """The literal keys of the type checkers are the keys of the table."""
        known = [key for kind in KEYS_BY_KIND for key in get_args(kind)]
        assert sorted(known) == sorted(SETTINGS)

    def test_from_mapping_declares_every_key(self) -> None:
        """Type checkers see each built-in key as a keyword argument of `from_mapping`."""
        with open(str(config.__file__), encoding="utf-8") as file:
            tree = ast.parse(file.read())
        declared = [
            [argument.arg for argument in node.args.kwonlyargs]
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name == "from_mapping"
        ]
        assert sorted(declared[0]) == sorted(SETTINGS)

    def test_a_row_of_ones_own(self, conf: Config) -> None:
        """Applications declare rows too; their values are checked when they are read."""
        page_size = Setting[int]("PAGE_SIZE", 20, read_count, wants="a count")
        assert_type(conf.of(page_size), int)
        assert conf.of(page_size) == 20
        conf["PAGE_SIZE"] = 50
        assert conf.of(page_size) == 50
        conf["PAGE_SIZE"] = "many"
        with pytest.raises(ConfigError, match=r"^PAGE_SIZE cannot be 'many' \(str\); it wants a c"):
            conf.of(page_size)

    def test_a_readers_reason_is_told(self) -> None:
        """Any function that raises a ValueError is a reader; its words are part of the message."""
        row = Setting("PAGE_SIZE", 20, as_int)
        with pytest.raises(ConfigError, match=r"^PAGE_SIZE, from x, cannot .* \(invalid literal"):
            row.value("many", "x")

    def test_a_readers_reason_is_not_told_of_secrets(self) -> None:
        """It might quote the secret; it is not chained to the error either."""
        row = Setting("PIN", 0, as_int, secret=True)
        with pytest.raises(ConfigError) as caught:
            row.value(SECRET)
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def as_int(value: object) -> int:
    return int(str(value))


class TestDoors:
    @pytest.mark.parametrize("door", DOORS)
    def test_no_door_lets_a_wrong_value_in(
        self, door: Callable[[Config, str, object], None], conf: Config
    ) -> None:
        """However a built-in key is set, it is checked."""
        with pytest.raises(ConfigError, match=r"TESTING.* cannot be 'no' .str.; it wants True or"):
            door(conf, "TESTING", "no")
        assert conf.get("TESTING") in {None, False}

    @pytest.mark.parametrize("door", DOORS)
    def test_flags_are_stored_as_bools(
        self, door: Callable[[Config, str, object], None], conf: Config
    ) -> None:
        """1 becomes True, however the key is set."""
        door(conf, "TESTING", 1)
        assert conf["TESTING"] is True

    @pytest.mark.parametrize("door", DOORS)
    def test_own_keys_take_anything(
        self, door: Callable[[Config, str, object], None], conf: Config
    ) -> None:
        """What no row knows belongs to the application."""
        conf["OWN"] = None
        thing = object()
        door(conf, "OWN", thing)
        assert conf["OWN"] is thing

    def test_all_problems_are_told_at_once(self, conf: Config) -> None:
        """One error names every wrong value, and the right ones beside them are not kept."""
        with pytest.raises(ConfigError) as caught:
            conf.update({"TESTING": "no", "OWN": 1, "SERVER_NAME": 3, "DEBUG": True})
        assert [line.split()[0] for line in str(caught.value).splitlines()] == [
            "TESTING",
            "SERVER_NAME",
        ]
        assert conf == DEFAULTS

    def test_setdefault_leaves_what_is_there(self, conf: Config) -> None:
        """The default is not even checked when the key is set; dict's answer is given."""
        assert conf.setdefault("DEBUG", "no") is False
        assert conf.setdefault("OWN") is None
        assert conf.setdefault("OTHER", 3) == 3

    def test_update_without_arguments(self, conf: Config) -> None:
        """Nothing changes."""
        conf.update()
        assert conf == DEFAULTS

    def test_a_subclass_sees_what_sources_set(self) -> None:
        """An override of `__setitem__` is called for every key that a source holds."""

        class Loud(Config):
            def __setitem__(self, key: str, value: Any, /) -> None:
                super().__setitem__(key, f"{value}!")

        loud = Loud("/srv/app")
        loud.from_mapping(OWN="x")
        assert loud["OWN"] == "x!"

    def test_a_list_changed_after_it_was_set_is_checked_on_reading(self, conf: Config) -> None:
        """The configuration keeps the list itself, as Flask does; `of` looks again."""
        hosts: list[Any] = ["a.example"]
        conf["TRUSTED_HOSTS"] = hosts
        hosts.append(5)
        with pytest.raises(ConfigError, match="TRUSTED_HOSTS cannot be"):
            conf.of(settings.TRUSTED_HOSTS)

    def test_a_mistake_in_the_setter_is_an_ordinary_one(self, conf: Config) -> None:
        """A key that no dict takes is refused as a dict refuses it."""
        unhashable: Any = []
        with pytest.raises(TypeError, match="unhashable"):
            conf[unhashable] = 1


class TestValues:
    def test_a_lifetime_is_stored_as_given_and_read_as_timedelta(self, conf: Config) -> None:
        """Seconds stay seconds in the dict."""
        conf["PERMANENT_SESSION_LIFETIME"] = 3600
        conf["SEND_FILE_MAX_AGE_DEFAULT"] = 60
        assert conf["PERMANENT_SESSION_LIFETIME"] == 3600
        assert conf.of(settings.PERMANENT_SESSION_LIFETIME) == timedelta(hours=1)
        assert conf.of(settings.SEND_FILE_MAX_AGE_DEFAULT) == timedelta(minutes=1)

    def test_same_site_is_spelled_as_the_header_spells_it(self, conf: Config) -> None:
        """Case does not matter when setting."""
        put(conf, "SESSION_COOKIE_SAMESITE", "sTRICT")
        assert conf["SESSION_COOKIE_SAMESITE"] == "Strict"

    def test_a_missing_key_is_read_as_its_default(self, conf: Config) -> None:
        """`of` never raises a KeyError."""
        del conf["MAX_COOKIE_SIZE"]
        assert conf.of(settings.MAX_COOKIE_SIZE) == 4093

    def test_a_long_value_is_cut(self, conf: Config) -> None:
        """The end of the message stays readable."""
        with pytest.raises(ConfigError) as caught:
            put(conf, "TESTING", "no" * 10_000)
        assert len(str(caught.value)) < 250
        assert "… (str); it wants True or False." in str(caught.value)

    def test_a_value_whose_repr_fails_is_named_by_its_type(self, conf: Config) -> None:
        """The message does not depend on somebody else's repr."""

        class Broken:
            def __repr__(self) -> str:
                raise RuntimeError("no repr")

        with pytest.raises(ConfigError, match="TESTING cannot be a value of type Broken; it wants"):
            put(conf, "TESTING", Broken())


def copied(conf: Config) -> Config:
    return conf.copy()


def shallow(conf: Config) -> Config:
    return copy.copy(conf)


def deep(conf: Config) -> Config:
    return copy.deepcopy(conf)


def pickled(conf: Config) -> object:
    again: object = pickle.loads(pickle.dumps(conf))
    return again


class TestDict:
    def test_reading_is_dicts_own(self) -> None:
        """No Python code runs when a key is read."""
        for name in ("__getitem__", "get", "__contains__", "__iter__", "items"):
            assert getattr(Config, name) is getattr(dict, name)

    def test_defaults_are_trusted(self) -> None:
        """They are not looked at, which makes a new configuration cheap; reading by row does."""
        conf = Config("/srv/app", {"TESTING": "no"})
        assert dict(conf) == {"TESTING": "no"}
        with pytest.raises(ConfigError):
            conf.of(settings.TESTING)

    def test_defaults_are_copied(self, conf: Config) -> None:
        """Two applications do not share a configuration."""
        conf["DEBUG"] = True
        assert DEFAULTS["DEBUG"] is False
        assert Config("/srv/app", DEFAULTS)["DEBUG"] is False

    def test_without_defaults_it_is_empty(self) -> None:
        """As Flask documents the constructor."""
        assert Config("/srv/app") == {}

    @pytest.mark.parametrize("again", [copied, shallow, deep, pickled])
    def test_copies_are_configurations(
        self, again: Callable[[Config], object], conf: Config
    ) -> None:
        """A copy has class, folder, values and checks, and a life of its own."""
        conf["OWN"] = [1]
        other = again(conf)
        assert isinstance(other, Config)
        assert other == conf
        assert other.root_path == "/srv/app"
        with pytest.raises(ConfigError):
            put(other, "TESTING", "no")
        other["OWN"] = None
        assert conf["OWN"] == [1]

    def test_a_dict_made_of_it_is_plain(self, conf: Config) -> None:
        """`dict(config)` and `config | …` give what dict gives."""
        assert type(dict(conf)) is dict
        assert type(conf | {"OWN": 1}) is dict
        assert dict(conf) == dict(DEFAULTS)

    def test_repr_shows_no_secret(self, conf: Config) -> None:
        """Nobody said which of the application's own keys are secret: only types of those."""
        conf["SECRET_KEY"] = SECRET
        conf["SECRET_KEY_FALLBACKS"] = [SECRET]
        conf["MAIL_PASSWORD"] = SECRET
        conf["DATABASE"] = None
        conf["SHOW_PRICES"] = True
        text = repr(conf)
        assert SECRET not in text
        assert text.startswith("<Config {'DEBUG': False, 'TESTING': False,")
        for part in (
            "'SECRET_KEY': <str>",
            "'SECRET_KEY_FALLBACKS': <list>",
            "'MAIL_PASSWORD': <str>",
            "'DATABASE': None",
            "'SHOW_PRICES': True",
            "'APPLICATION_ROOT': '/'",
        ):
            assert part in text
        assert SECRET not in f"{conf}"

    def test_the_repr_of_a_subclass_has_its_name(self) -> None:
        """So that one sees which configuration it is."""

        class AppConfig(Config):
            pass

        assert repr(AppConfig("/srv/app")) == "<AppConfig {}>"


class TestNamespace:
    def test_names_are_trimmed_and_lowered(self, conf: Config) -> None:
        """The usual way: keyword arguments of something else."""
        conf.update(STORE_TYPE="fs", STORE_PATH="/var", STOREROOM=1)
        assert conf.get_namespace("STORE_") == {"type": "fs", "path": "/var"}

    def test_names_can_stay_whole(self, conf: Config) -> None:
        """Each of the two steps can be left out."""
        conf["STORE_TYPE"] = "fs"
        assert conf.get_namespace("STORE_", lowercase=False) == {"TYPE": "fs"}
        assert conf.get_namespace("STORE_", trim_namespace=False) == {"store_type": "fs"}
        assert conf.get_namespace("STORE_", False, False) == {"STORE_TYPE": "fs"}


class App:
    """As much of an application as the attributes need."""

    testing = ConfigAttribute[bool]("TESTING")
    secret_key = ConfigAttribute["str | bytes | None"]("SECRET_KEY")
    lifetime = ConfigAttribute[timedelta, timedelta | int](
        "PERMANENT_SESSION_LIFETIME", get_converter=read_lifetime
    )

    def __init__(self) -> None:
        self.config = Config("/srv/app", DEFAULTS)


class TestAttribute:
    def test_it_reads_and_sets_the_key(self) -> None:
        """Two names for one value."""
        app = App()
        app.testing = True
        assert app.config["TESTING"] is True
        app.config["SECRET_KEY"] = b"k"
        assert app.secret_key == b"k"

    def test_a_converter_works_on_reading(self) -> None:
        """What is set stays in the configuration as it is."""
        app = App()
        app.lifetime = 60
        assert app.config["PERMANENT_SESSION_LIFETIME"] == 60
        assert app.lifetime == timedelta(minutes=1)

    def test_a_wrong_value_is_refused(self) -> None:
        """The attribute is one more door, with the same check."""
        app = App()
        with pytest.raises(ConfigError, match="SECRET_KEY cannot be a value of type int"):
            setattr(app, "secret_key", 12345)

    def test_the_class_has_the_descriptor(self) -> None:
        """Reading from the class gives the descriptor, which knows its key."""
        assert App.testing.name == "TESTING"

    def test_types_of_reading(self) -> None:
        """An attribute has the type of its key, or of its converter."""
        app = App()
        assert_type(app.testing, bool)
        assert_type(app.secret_key, str | bytes | None)
        assert_type(app.lifetime, timedelta)
        assert_type(App.testing, ConfigAttribute[bool, bool])


def test_types_of_reading(conf: Config) -> None:
    """Built-in keys are read with their own types; the others are Any."""
    assert_type(conf["DEBUG"], bool)
    assert_type(conf["PROPAGATE_EXCEPTIONS"], bool | None)
    assert_type(conf["APPLICATION_ROOT"], str)
    assert_type(conf["SERVER_NAME"], str | None)
    assert_type(conf["MAX_COOKIE_SIZE"], int)
    assert_type(conf["MAX_CONTENT_LENGTH"], int | None)
    assert_type(conf["PERMANENT_SESSION_LIFETIME"], timedelta | int)
    assert_type(conf["SEND_FILE_MAX_AGE_DEFAULT"], timedelta | int | None)
    assert_type(conf["SECRET_KEY"], str | bytes | None)
    assert_type(conf["TRUSTED_HOSTS"], list[str] | tuple[str, ...] | None)
    assert_type(conf["SESSION_COOKIE_SAMESITE"], Literal["Lax", "Strict", "None"] | None)
    assert_type(conf.get("DEBUG"), bool | None)
    assert_type(conf.get("APPLICATION_ROOT", 3), str | int)
    assert_type(conf.get("MAX_CONTENT_LENGTH", 3), int | None)
    assert_type(conf.get("OWN"), Any | None)
    assert_type(conf.of(settings.DEBUG), bool)
    assert_type(conf.of(settings.SECRET_KEY), str | bytes | None)
    assert_type(conf.of(settings.MAX_FORM_PARTS), int | None)
    assert_type(conf.of(settings.PERMANENT_SESSION_LIFETIME), timedelta)
    assert_type(conf.of(settings.SEND_FILE_MAX_AGE_DEFAULT), timedelta | None)
    assert conf.get("OWN") is None
