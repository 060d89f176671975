"""Sources beyond Flask's: YAML, `.env` files, and those of an application's own; and who wins."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from typedflask import Flask, typed_config
from typedflask.backends import MissingLibrary
from typedflask.config import DEFAULTS, Config, ConfigError, Source, settings
from typedflask.config.found import Found
from typedflask.state import load_config

SECRET = "hunter2-do-not-show"


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A configuration rooted in an empty folder; no variable of this machine's shell is seen."""
    for name in list(os.environ):
        if name.startswith(("FLASK_", "MYAPP_")):
            monkeypatch.delenv(name)
    return Config(tmp_path, DEFAULTS)


def write(conf: Config, name: str, text: str | bytes) -> str:
    path = Path(conf.root_path) / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def whole(error: BaseException) -> str:
    """An error as a log shows it: with its notes, its cause and the lines of code."""
    return "".join(traceback.format_exception(error))


class TestYAML:
    @pytest.mark.parametrize("name", ["config.yaml", "config.yml", "CONFIG.YAML"])
    def test_keys_in_capitals_at_the_top_are_taken(self, conf: Config, name: str) -> None:
        write(conf, name, "TESTING: true\nOWN: {list: [1, zwölf, 2.5]}\nown: 1\n3: x\n")

        assert conf.from_file(name) is True
        assert conf["TESTING"] is True
        assert conf["OWN"] == {"list": [1, "zwölf", 2.5]}
        assert "own" not in conf

    @pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
    def test_an_empty_file_has_no_keys(self, conf: Config, text: str) -> None:
        write(conf, "x.yaml", text)

        assert conf.from_file("x.yaml") is True
        assert conf == DEFAULTS

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            pytest.param(f"OWN: {SECRET}: 1\n", "line 1 column", id="colon"),
            pytest.param(f"A: 1\nOWN: [1, {SECRET}\n", "line 3 column 1", id="open"),
            pytest.param(f"OWN: !!python/object/apply:os.getcwd ['{SECRET}']", "tag", id="object"),
            pytest.param(f"OWN: {SECRET}\x00", "ReaderError", id="control"),
            pytest.param(f"- OWN: {SECRET}", "holds a list", id="list"),
            pytest.param(SECRET, "holds a str", id="text"),
            pytest.param("false", "holds a bool", id="flag"),
            pytest.param("A: 1\n---\nB: 2\n", "another document", id="two documents"),
            pytest.param("[" * 5000, "", id="deep"),
        ],
    )
    def test_a_wrong_file_is_named_and_not_shown(self, conf: Config, text: str, words: str) -> None:
        path = write(conf, "x.yaml", text)

        with pytest.raises(ConfigError) as caught:
            conf.from_file("x.yaml")

        assert path in str(caught.value)
        assert words in str(caught.value)
        assert SECRET not in whole(caught.value)
        assert conf == DEFAULTS

    def test_without_its_library_the_error_names_the_extra(
        self, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(conf, "x.yaml", "A: 1")
        monkeypatch.setitem(sys.modules, "yaml", None)

        with pytest.raises(MissingLibrary, match=r'pip install "typedflask\[yaml\]"'):
            conf.from_file("x.yaml")


class TestDotenv:
    def test_names_in_capitals_are_keys_and_values_json_or_text(self, conf: Config) -> None:
        """As in the environment; the file's own syntax is python-dotenv's."""
        write(
            conf,
            ".env",
            "# a comment\n"
            "TESTING=true\n"
            "export PERMANENT_SESSION_LIFETIME=60\n"
            'NAME="größer als"\n'
            'HOSTS=\'["a", "b"]\'\n'
            "GREETING=${NAME}!\n"
            "SECRET_KEY=12345\n"
            "NO_VALUE\n"
            "EMPTY=\n"
            "small=1\n",
        )

        assert conf.from_dotenv() is True
        assert conf["TESTING"] is True
        assert conf.of(settings.PERMANENT_SESSION_LIFETIME) == timedelta(minutes=1)
        assert conf["GREETING"] == "größer als!"
        assert conf["HOSTS"] == ["a", "b"]
        assert conf["SECRET_KEY"] == "12345"
        assert conf["EMPTY"] == ""
        assert not {"NO_VALUE", "small"} & conf.keys()

    def test_the_environment_is_left_alone(self, conf: Config) -> None:
        before = dict(os.environ)
        write(conf, ".env", "MYAPP_OWN=1\n")

        conf.from_dotenv()

        assert dict(os.environ) == before
        assert conf["MYAPP_OWN"] == 1

    def test_with_a_prefix_only_its_names_are_taken(self, conf: Config) -> None:
        write(conf, "x.env", "MYAPP_A=1\nMYAPP_B__C__d=2\nMYAPPX=3\nOTHER=4\nMYAPP_x=5\n")

        conf.from_dotenv("x.env", "MYAPP")

        assert {key: conf[key] for key in conf.keys() - DEFAULTS.keys()} == {
            "A": 1,
            "B": {"C": {"d": 2}},
        }

    def test_values_may_be_read_another_way(self, conf: Config) -> None:
        write(conf, ".env", "OWN=17\n")

        conf.from_dotenv(loads=str)

        assert conf["OWN"] == "17"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            pytest.param(f"A=1\nB='{SECRET}\nC=2\n", "line 2 is not of the form", id="open"),
            pytest.param(f"{SECRET} {SECRET}\n", "line 1 is not of the form", id="words"),
            pytest.param(b"A=1\nB=" + SECRET.encode() + b"\xff", "line 2 is not UTF-8", id="bytes"),
        ],
    )
    def test_a_malformed_line_is_told_by_its_number(
        self, conf: Config, text: str | bytes, words: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = write(conf, ".env", text)

        with pytest.raises(ConfigError) as caught:
            conf.from_dotenv()

        assert str(caught.value).startswith(f"the configuration file {path} cannot be read: ")
        assert words in str(caught.value)
        assert SECRET not in whole(caught.value) + caplog.text
        assert conf == DEFAULTS

    def test_a_byte_order_mark_is_no_part_of_the_first_name(self, conf: Config) -> None:
        write(conf, ".env", b"\xef\xbb\xbfOWN=1\r\nTWO=2\r\n")

        conf.from_dotenv()

        assert (conf["OWN"], conf["TWO"]) == (1, 2)

    def test_a_missing_file_is_an_error_unless_it_may_be_missing(
        self, conf: Config, tmp_path: Path
    ) -> None:
        with pytest.raises(FileNotFoundError, match="cannot open") as caught:
            conf.from_dotenv()
        assert caught.value.filename == str(tmp_path / ".env")
        assert conf.from_dotenv(silent=True) is False

    def test_a_wrong_value_names_variable_and_file(self, conf: Config, tmp_path: Path) -> None:
        folder = tmp_path / "{x}"
        folder.mkdir()
        conf.root_path = folder
        path = write(conf, ".env", "OWN=1\nTESTING=maybe\nDEBUG__X=1\n")

        with pytest.raises(ConfigError) as caught:
            conf.from_dotenv()
        assert str(caught.value) == (
            f"the variable DEBUG__X in the file {path} adds to a dict, but what it would add to is of"
            " type bool"
        )
        write(conf, ".env", "OWN=1\nTESTING=maybe\n")
        with pytest.raises(ConfigError) as caught:
            conf.from_dotenv()
        assert str(caught.value) == (
            f"TESTING, from the variable TESTING in the file {path}, cannot be 'maybe' (str); it wants"
            " True or False."
        )
        assert "OWN" not in conf

    def test_without_its_library_the_error_names_the_extra(
        self, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(conf, ".env", "A=1")
        monkeypatch.delitem(sys.modules, "typedflask.config.dotenv", raising=False)
        monkeypatch.setitem(sys.modules, "dotenv", None)

        with pytest.raises(MissingLibrary, match=r'pip install "typedflask\[dotenv\]"'):
            conf.from_dotenv()


# --- sources of an application's own -------------------------------------------------------


def read_vault(path: str, *, version: int = 1) -> dict[str, Any] | None:
    if path == "nowhere":
        return None
    if path == "away":
        raise ConnectionError("the vault does not answer")
    return {"SECRET_KEY": f"{path} {version}", "TESTING": path == "test", "small": 1}


VAULT = Source("the vault", "the secrets of one path", read_vault)


class TestOwnSource:
    def test_its_keys_in_capitals_are_taken(self, conf: Config) -> None:
        assert conf.load(VAULT, "shop", version=2) is True

        assert (conf["SECRET_KEY"], conf["TESTING"]) == ("shop 2", False)
        assert "small" not in conf

    def test_none_means_that_there_is_nothing(self, conf: Config) -> None:
        assert conf.load(VAULT, "nowhere") is False
        assert conf == DEFAULTS

    def test_an_error_of_its_own_tells_the_source(self, conf: Config) -> None:
        with pytest.raises(ConnectionError) as caught:
            conf.load(VAULT, "away")
        assert caught.value.__notes__ == [
            "This happened while the configuration was read from the vault."
        ]

    def test_a_wrong_value_names_the_source_and_nothing_is_kept(self, conf: Config) -> None:
        wrong = Source("the vault", "", lambda: {"OWN": 1, "TESTING": "no", "SECRET_KEY": [SECRET]})

        with pytest.raises(ConfigError) as caught:
            conf.load(wrong)

        lines = str(caught.value).splitlines()
        assert lines[0] == "TESTING, from the vault, cannot be 'no' (str); it wants True or False."
        assert lines[1].startswith("SECRET_KEY, from the vault, cannot be a value of type list")
        assert SECRET not in whole(caught.value)
        assert conf == DEFAULTS

    def test_it_may_tell_the_place_of_each_key(self, conf: Config) -> None:
        """For a source of many places; it decides itself which keys count."""

        def found() -> Iterator[Found]:
            yield Found("OWN", 1, "the first page")
            yield Found("TESTING", 2, "the second page")

        with pytest.raises(ConfigError, match="TESTING, from the second page, cannot be 2"):
            conf.load(Source("a book", "its pages", found))


# --- who wins ------------------------------------------------------------------------------

Filling = Callable[[Config, Any], object]


class Values:
    """An object for `from_object`."""


def by_object(conf: Config, value: Any) -> None:
    values = Values()
    setattr(values, "OWN", value)
    conf.from_object(values)


def by_pyfile(conf: Config, value: Any) -> None:
    write(conf, "x.py", f"OWN = {value!r}\n")
    conf.from_pyfile("x.py")


def by_variable(conf: Config, value: Any) -> None:
    os.environ["MYAPP_SETTINGS"] = write(conf, "y.py", f"OWN = {value!r}\n")
    conf.from_envvar("MYAPP_SETTINGS")


def by_json(conf: Config, value: Any) -> None:
    write(conf, "x.json", json.dumps({"OWN": value}))
    conf.from_file("x.json")


def by_toml(conf: Config, value: Any) -> None:
    write(conf, "x.toml", f"OWN = {json.dumps(value)}\n")
    conf.from_file("x.toml")


def by_yaml(conf: Config, value: Any) -> None:
    write(conf, "x.yaml", f"OWN: {json.dumps(value)}\n")
    conf.from_file("x.yaml")


def by_dotenv(conf: Config, value: Any) -> None:
    write(conf, ".env", f"OWN='{json.dumps(value)}'\n")
    conf.from_dotenv()


def by_environment(conf: Config, value: Any) -> None:
    os.environ["MYAPP_OWN"] = json.dumps(value)
    conf.from_prefixed_env("MYAPP")


def by_own(conf: Config, value: Any) -> None:
    conf.load(Source("here", "", lambda: {"OWN": value}))


DOORS: dict[str, Filling] = {
    "object": by_object,
    "mapping": lambda conf, value: conf.from_mapping({"OWN": value}),
    "keywords": lambda conf, value: conf.from_mapping(OWN=value),
    "pyfile": by_pyfile,
    "variable": by_variable,
    "json": by_json,
    "toml": by_toml,
    "yaml": by_yaml,
    "dotenv": by_dotenv,
    "environment": by_environment,
    "own": by_own,
    "assignment": lambda conf, value: conf.update(OWN=value),
}


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that a test sets are gone after it."""
    for name in ("MYAPP_SETTINGS", "MYAPP_OWN"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("clean_environment")
@pytest.mark.parametrize("second", DOORS)
@pytest.mark.parametrize("first", DOORS)
def test_the_later_source_wins_whichever_the_two_are(conf: Config, first: str, second: str) -> None:
    """Key by key: what only the first one has stays."""
    conf["OTHER"] = "kept"
    DOORS[first](conf, ["first"])
    DOORS[second](conf, ["second"])

    assert conf["OWN"] == ["second"]
    assert conf["OTHER"] == "kept"


def test_a_dict_is_replaced_as_a_whole_except_by_variables_that_name_a_part(
    conf: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: Mapping[str, object] = {"HOST": "a", "PORT": 1}
    conf.from_mapping(MAIL=given)
    monkeypatch.setenv("MYAPP_MAIL__PORT", "25")
    write(conf, ".env", "MAIL__USER=me\n")

    conf.from_prefixed_env("MYAPP")
    conf.from_dotenv()

    assert conf["MAIL"] == {"HOST": "a", "PORT": 25, "USER": "me"}
    assert given == {"HOST": "a", "PORT": 1}
    conf.from_mapping(MAIL={"HOST": "b"})
    assert conf["MAIL"] == {"HOST": "b"}


# --- with a declared configuration ----------------------------------------------------------


class Declared:
    FROM_YAML: int
    FROM_TOML: int
    FROM_DOTENV: int
    FROM_VAULT: int
    NOWHERE: str
    ZIP_CODE: str = ""


@pytest.mark.parametrize("where", ["typed_config", "load_config"])
def test_every_problem_is_told_with_key_source_and_what_was_expected(
    conf: Config, where: str
) -> None:
    yaml = write(conf, "x.yaml", f"FROM_YAML: {SECRET}\n")
    toml = write(conf, "x.toml", f"FROM_TOML = '{SECRET}'\n")
    dotenv = write(conf, ".env", f"FROM_DOTENV={SECRET}\nZIP_CODE=01234\n")
    app = Flask(__name__, root_path=str(conf.root_path))
    for name in ("x.yaml", "x.toml"):
        app.config.from_file(name)
    app.config.from_dotenv()
    app.config.load(Source("the vault", "", lambda: {"FROM_VAULT": SECRET}))

    with app.app_context(), pytest.raises(ConfigError) as caught:
        if where == "load_config":
            load_config(Declared, app.config)
        else:
            print(typed_config(Declared).NOWHERE)

    hidden = "cannot be a value of type str (not shown, because it may be a secret)"
    assert str(caught.value).splitlines() == [
        f"FROM_YAML, from the file {yaml}, {hidden}; Declared wants an int.",
        f"FROM_TOML, from the file {toml}, {hidden}; Declared wants an int.",
        f"FROM_DOTENV, from the variable FROM_DOTENV in the file {dotenv}, {hidden};"
        " Declared wants an int.",
        f"FROM_VAULT, from the vault, {hidden}; Declared wants an int.",
        "NOWHERE is not set; it wants a str. Set it in one of the sources of the configuration,"
        " or give it a default in Declared.",
    ]
    assert SECRET not in whole(caught.value)


def test_a_text_that_looks_like_a_number_stays_a_text_where_one_is_declared(conf: Config) -> None:
    class Address:
        ZIP_CODE: str

    write(conf, ".env", "ZIP_CODE=12345\n")
    conf.from_dotenv()

    assert conf["ZIP_CODE"] == 12345
    assert load_config(Address, conf).ZIP_CODE == "12345"
