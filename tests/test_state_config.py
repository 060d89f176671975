"""`typed_config`: a declared configuration, filled from all sources and checked all at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    NewType,
    Protocol,
    TypedDict,
    runtime_checkable,
)

import pytest
from typing_extensions import TypeAliasType

from typedflask import Flask, typed_config
from typedflask.config import ConfigError
from typedflask.state import load_config

UserId = NewType("UserId", int)
Score = TypeAliasType("Score", int)


class Colour(Enum):
    """An enumeration, as configurations have them."""

    RED = "red"
    BLUE = "blue"


class Settings:
    """What the tests declare."""

    DATABASE: Path
    PAGE_SIZE: int = 20
    ADMINS: list[str] = []  # noqa: RUF012
    GREETING: str = "Hello"
    SECRET_KEY: str | bytes
    known: ClassVar[set[str]] = set()
    REVISION: Final[int] = 3


settings = typed_config(Settings)


@pytest.fixture
def app() -> Flask:
    app = Flask("configured")
    app.config.from_mapping(DATABASE="db.sqlite", SECRET_KEY="hunter2")
    return app


def all_problems(use: Callable[[], object]) -> list[str]:
    """The lines of the error."""
    with pytest.raises(ConfigError) as info:
        use()
    assert "hunter2" not in str(info.value)
    return str(info.value).splitlines()


def test_reading_gives_declared_types(app: Flask) -> None:
    with app.app_context():
        assert Path("db.sqlite") == settings.DATABASE
        assert (settings.PAGE_SIZE, settings.GREETING, settings.SECRET_KEY) == (
            20,
            "Hello",
            "hunter2",
        )


def test_it_follows_the_configuration_of_the_active_application(app: Flask) -> None:
    other = Flask("other")
    other.config.update(DATABASE="other", SECRET_KEY="x", PAGE_SIZE=5)
    with app.app_context():
        assert settings.PAGE_SIZE == 20
        app.config["PAGE_SIZE"] = 30
        assert settings.PAGE_SIZE == 30
        with other.app_context():
            assert settings.PAGE_SIZE == 5
        del app.config["PAGE_SIZE"]
        assert settings.PAGE_SIZE == 20


def test_what_was_set_wrong_later_is_refused_when_it_is_read(app: Flask) -> None:
    with app.app_context():
        assert settings.PAGE_SIZE == 20
        app.config["PAGE_SIZE"] = "many"
        assert len(all_problems(lambda: settings.PAGE_SIZE)) == 1
        assert settings.GREETING == "Hello"


def test_a_default_that_can_change_belongs_to_one_application(app: Flask) -> None:
    other = Flask("other")
    other.config.update(DATABASE="other", SECRET_KEY="x")
    with app.app_context():
        settings.ADMINS.append("ada")
        assert settings.ADMINS == ["ada"]
    with other.app_context():
        assert settings.ADMINS == []


def test_every_mistake_is_reported_at_once_with_its_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "hunter2")
    (tmp_path / "config.toml").write_text('ADMINS = ["ada", 7]\n', encoding="utf-8")
    app = Flask("shop", root_path=str(tmp_path))
    app.config.from_file("config.toml")
    app.config.from_prefixed_env("SHOP")
    app.config["GREETING"] = b"hunter2"
    with app.app_context():
        problems = all_problems(lambda: settings.GREETING)
    assert [line.split(" ")[0].rstrip(",") for line in problems] == [
        "DATABASE",
        "PAGE_SIZE",
        "ADMINS",
        "GREETING",
        "SECRET_KEY",
    ]
    assert problems[0].startswith("DATABASE is not set; it wants a path, or a str with one.")
    assert (
        "from the environment variable SHOP_PAGE_SIZE, cannot be a value of type str" in problems[1]
    )
    assert problems[1].endswith("Settings wants an int.")
    assert f"the file {tmp_path / 'config.toml'}" in problems[2]
    assert ": item 2 is an int; Settings wants a list in which every item is a str." in problems[2]
    assert "from" not in problems[3]
    assert "SECRET_KEY cannot be None (NoneType); Settings wants a str, or bytes." in problems[4]


def test_a_source_that_was_overwritten_is_not_blamed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "30")
    app.config.from_prefixed_env("SHOP")
    app.config["PAGE_SIZE"] = "many"
    with app.app_context():
        (problem,) = all_problems(lambda: settings.PAGE_SIZE)
    assert "SHOP_PAGE_SIZE" not in problem


@pytest.mark.parametrize(
    ("text", "value"), [("12345", "12345"), ("true", "true"), ("1e3", "1e3"), ('"x"', "x")]
)
def test_what_looks_like_a_number_in_the_environment_is_text_where_text_is_declared(
    app: Flask, monkeypatch: pytest.MonkeyPatch, text: str, value: str
) -> None:
    monkeypatch.setenv("SHOP_GREETING", text)
    app.config.from_prefixed_env("SHOP")
    with app.app_context():
        assert value == settings.GREETING


def test_sources_of_other_kinds_are_named_too(app: Flask, tmp_path: Path) -> None:
    class Defaults:
        PAGE_SIZE = "few"

    (tmp_path / "settings.py").write_text("ADMINS = 'ada'\n", encoding="utf-8")
    app.config.from_object(Defaults)
    app.config.from_pyfile(str(tmp_path / "settings.py"))
    app.config.from_mapping(GREETING=1)
    with app.app_context():
        problems = all_problems(lambda: settings.PAGE_SIZE)
    assert "Defaults" in problems[0]
    assert "settings.py" in problems[1]
    assert "a mapping" in problems[2]


def test_built_in_keys_may_be_declared_more_strictly(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The values of built-in keys that are no secrets are shown, as the framework itself does.
    """

    class Production:
        DEBUG: Literal[False]

    monkeypatch.setenv("SHOP_DEBUG", "1")
    app.config.from_prefixed_env("SHOP")
    (problem,) = all_problems(lambda: load_config(Production, app.config))
    assert problem == (
        "DEBUG, from the environment variable SHOP_DEBUG, cannot be True (bool); Production wants"
        " False."
    )


# --- setting ----------------------------------------------------------------------------


def test_setting_checks_and_sets_the_key(app: Flask) -> None:
    loose: Any = settings
    with app.app_context():
        settings.PAGE_SIZE = 50
        assert app.config["PAGE_SIZE"] == 50
        settings.DATABASE = Path("new")
        assert app.config["DATABASE"] == Path("new")
        (problem,) = all_problems(lambda: setattr(loose, "PAGE_SIZE", "hunter2"))
        assert problem.startswith("PAGE_SIZE cannot be a value of type str")
        assert settings.PAGE_SIZE == 50


def test_nothing_else_can_be_read_set_or_deleted(app: Flask) -> None:
    loose: Any = settings
    with app.app_context():
        with pytest.raises(AttributeError, match=r"no attribute 'PAGE_SIZ'. Did you mean"):
            assert loose.PAGE_SIZ
        with pytest.raises(AttributeError, match="declares no attribute 'DEBUG'"):
            loose.DEBUG = True
        with pytest.raises(AttributeError, match="cannot be deleted"):
            del loose.PAGE_SIZE


def test_without_an_application_it_says_what_is_missing() -> None:
    with pytest.raises(RuntimeError, match="needs an active application"):
        assert settings.PAGE_SIZE
    assert repr(settings) == "<typed_config(Settings)>"


def test_threads_may_look_at_the_same_time(app: Flask) -> None:
    found: list[int] = []

    def look() -> None:
        with app.app_context():
            found.append(settings.PAGE_SIZE)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [20] * 8


def test_a_configuration_that_is_no_config_can_be_read_only(app: Flask) -> None:
    loose: Any = app
    loose.config = {"DATABASE": "x", "SECRET_KEY": "y"}
    with app.app_context():
        assert settings.PAGE_SIZE == 20
        with pytest.raises(TypeError, match=r"app\.config is a dict and no Config"):
            settings.PAGE_SIZE = 5


# --- declaring --------------------------------------------------------------------------


def test_attributes_that_no_source_could_set_are_refused() -> None:
    class Small:
        page_size: int

    with pytest.raises(TypeError, match=r"Small declares page_size.*in capitals"):
        typed_config(Small)


def test_class_variables_are_no_keys_and_finals_are(app: Flask) -> None:
    with app.app_context():
        assert settings.known is Settings.known
        assert settings.REVISION == 3
        app.config["REVISION"] = 4
        assert vars(load_config(Settings, app.config))["REVISION"] == 4


def test_a_dict_is_not_a_declaration() -> None:
    class Own(dict[str, int]):
        PAGE_SIZE: int

    with pytest.raises(TypeError, match="Own is a dict"):
        typed_config(Own)


def test_an_annotation_that_cannot_be_checked_is_named(app: Flask) -> None:
    class Talks(Protocol):
        def talk(self) -> None: ...

    class Odd:
        FRIEND: Any

    Odd.__annotations__["FRIEND"] = Talks
    with app.app_context(), pytest.raises(TypeError, match=r"Protocol.*Talks") as info:
        assert typed_config(Odd).FRIEND
    assert "Odd.FRIEND" in "".join(info.value.__notes__)


# --- without an application ---------------------------------------------------------------


def test_a_plain_instance_can_be_loaded_from_any_mapping() -> None:
    loaded = load_config(Settings, {"DATABASE": "x", "SECRET_KEY": b"y", "PAGE_SIZE": 7})
    assert type(loaded) is Settings
    assert (Path("x"), 7, "Hello") == (loaded.DATABASE, loaded.PAGE_SIZE, loaded.GREETING)
    loaded.ADMINS.append("ada")
    assert Settings.ADMINS == []
    assert len(all_problems(lambda: load_config(Settings, {"PAGE_SIZE": "hunter2"}))) == 3


def test_a_dataclass_is_loaded_through_its_own_door() -> None:
    @dataclass(frozen=True, slots=True)
    class Frozen:
        LIMIT: int
        NAMES: list[str] = field(default_factory=list)

        def __post_init__(self) -> None:
            if self.LIMIT < 0:
                raise ValueError("LIMIT is negative")

    assert load_config(Frozen, {"LIMIT": 3}) == Frozen(3, [])
    with pytest.raises(ValueError, match="LIMIT is negative"):
        load_config(Frozen, {"LIMIT": -1})


# --- kinds of values --------------------------------------------------------------------


class Mail(TypedDict, total=False):
    """A dict with declared keys, such as `A__B` in the environment makes."""

    HOST: str
    PORT: int


@runtime_checkable
class Named(Protocol):
    """Something that can be asked for its name."""

    @property
    def name(self) -> str: ...


class Everything:
    """One attribute of each kind, set to None so that each can be left out."""

    FLAG: bool = False
    RATIO: float = 0.0
    WAIT: timedelta = timedelta(0)
    COLOUR: Colour = Colour.RED
    LEVEL: Literal["low", "high", 1] = "low"
    HOSTS: tuple[str, ...] = ()
    POINT: tuple[int, float] = (0, 0.0)
    NAMES: frozenset[str] = frozenset()
    IDS: set[int] = set()  # noqa: RUF012
    STEPS: Sequence[int] = ()
    SIZES: dict[str, int] = {}  # noqa: RUF012
    MAIL: Mail = {}  # noqa: RUF012
    USER: UserId = UserId(0)
    NOTE: Annotated[str | None, "of the cook"] = None
    FOLDERS: list[Path] = []  # noqa: RUF012
    HOOK: Callable[[], None] | None = None
    NAMED: Named | None = None
    WORKER: threading.Thread | None = None
    NOTHING: None = None
    ANYTHING: Any = None
    TARGET: Path | str = ""
    CACHE: Path | None = None
    SCORE: Score = 0
    BLANKS: tuple[None, ...] = ()


def of(key: str, value: object) -> object:
    """What the declaration makes of one value."""
    return getattr(load_config(Everything, {key: value}), key)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("FLAG", True, True),
        ("FLAG", 1, True),
        ("RATIO", 1, 1),
        ("RATIO", 0.5, 0.5),
        ("WAIT", 90, timedelta(seconds=90)),
        ("COLOUR", "blue", Colour.BLUE),
        ("COLOUR", Colour.BLUE, Colour.BLUE),
        ("LEVEL", "high", "high"),
        ("LEVEL", 1, 1),
        ("HOSTS", ["a", "b"], ("a", "b")),
        ("POINT", [1, 2.5], (1, 2.5)),
        ("NAMES", ["a", "a"], frozenset({"a"})),
        ("IDS", [1, 2], {1, 2}),
        ("STEPS", (1, 2), (1, 2)),
        ("SIZES", {"a": 1}, {"a": 1}),
        ("MAIL", {"PORT": 25}, {"PORT": 25}),
        ("USER", 7, 7),
        ("NOTE", None, None),
        ("FOLDERS", ["a"], [Path("a")]),
        ("HOOK", print, print),
        ("NAMED", Colour.RED, Colour.RED),
        ("NOTHING", None, None),
        ("ANYTHING", "x", "x"),
        ("TARGET", "x", "x"),
        ("CACHE", "x", Path("x")),
        ("SCORE", 3, 3),
        ("BLANKS", [None], (None,)),
    ],
)
def test_a_value_that_fits_is_read(key: str, value: object, expected: object) -> None:
    found = of(key, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("FLAG", 2, "wants True or False"),
        ("RATIO", True, "wants a float or an int"),
        ("WAIT", "90", "a datetime.timedelta, or an int of seconds"),
        ("COLOUR", "green", "wants a Colour, or one of 'red', 'blue'"),
        ("LEVEL", True, "wants 'low' or 'high' or 1"),
        ("HOSTS", "a.example", "wants a tuple in which every item is a str"),
        ("HOSTS", ["a", 1], ": item 2 is an int"),
        ("POINT", [1], "wants a tuple of 2: an int; a float or an int"),
        ("POINT", [1, "x"], ": item 2 is a str"),
        ("STEPS", "123", "every item is an int"),
        ("SIZES", {"a": "x"}, ": the value of item 1 is a str"),
        ("SIZES", {1: 1}, ": the key of item 1 is an int"),
        ("SIZES", [], "wants a dict in which every value is an int"),
        ("MAIL", {"PROT": 25}, ": the key 'PROT' is not declared by Mail"),
        ("MAIL", {"PORT": "x"}, ": the value of 'PORT' is a str"),
        ("MAIL", 25, "wants a dict like Mail"),
        ("USER", "7", "wants an int"),
        ("FOLDERS", [1], ": item 1 is an int"),
        ("HOOK", 1, "wants something that can be called, or None"),
        ("NAMED", 1, "wants a Named, or None"),
        ("WORKER", 1, "wants a Thread, or None"),
        ("NOTHING", 1, "wants None"),
        ("SCORE", "3", "wants an int"),
        ("BLANKS", [1], ": item 1 is an int"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(key: str, value: object, says: str) -> None:
    (problem,) = all_problems(lambda: of(key, value))
    assert problem.startswith(f"{key} cannot be ")
    assert says in problem


def test_a_value_that_already_fits_stays_the_same_object() -> None:
    values: Iterator[tuple[str, object]] = iter(
        [
            ("SIZES", {"a": 1}),
            ("IDS", {1}),
            ("FOLDERS", [Path("a")]),
            ("HOSTS", ("a",)),
            ("POINT", (1, 2)),
            ("MAIL", {"PORT": 25}),
        ]
    )
    for key, value in values:
        assert of(key, value) is value
