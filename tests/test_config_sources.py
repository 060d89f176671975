"""Where configuration comes from: files, objects, mappings and the environment."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import pytest
from werkzeug.utils import ImportStringError

from typedflask.config import (
    DEFAULTS,
    FORMATS,
    SOURCES,
    Config,
    ConfigError,
    Format,
    VariableNotSet,
    describe_sources,
    settings,
)

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


class TestPythonFile:
    def test_names_in_capitals_are_taken(self, conf: Config) -> None:
        """The file may compute; what it leaves in lower case is its own business."""
        write(
            conf,
            "settings.py",
            "from datetime import timedelta\n"
            "base = 20\n"
            "PAGE_SIZE = base * 2\n"
            "TESTING = True\n"
            "PERMANENT_SESSION_LIFETIME = timedelta(days=1)\n"
            "HERE = __file__\n"
            "NAME = __name__\n",
        )
        assert conf.from_pyfile("settings.py") is True
        assert conf["PAGE_SIZE"] == 40
        assert conf["TESTING"] is True
        assert conf.of(settings.PERMANENT_SESSION_LIFETIME) == timedelta(days=1)
        assert conf["HERE"] == os.path.join(conf.root_path, "settings.py")
        assert conf["NAME"] == "config"
        assert "base" not in conf

    def test_a_path_may_be_absolute(self, conf: Config, tmp_path: Path) -> None:
        """The folder of the configuration is for relative names only."""
        path = tmp_path / "x.py"
        path.write_text("OWN = 'é'", encoding="utf-8")
        assert Config("/nowhere").from_pyfile(path) is True
        conf.from_pyfile(str(path))
        assert conf["OWN"] == "é"

    def test_a_declared_encoding_is_honoured(self, conf: Config) -> None:
        """As in any Python source."""
        write(conf, "x.py", "# coding: latin-1\nOWN = 'é'\n".encode("latin-1"))
        conf.from_pyfile("x.py")
        assert conf["OWN"] == "é"

    def test_annotations_are_evaluated_as_the_file_says(self, conf: Config) -> None:
        """The future imports of this package do not reach into the file."""
        write(conf, "x.py", "def f(x: int) -> None: ...\nKIND = f.__annotations__['x']\n")
        conf.from_pyfile("x.py")
        assert conf["KIND"] is int

    def test_a_missing_file_is_named_in_full(self, conf: Config, tmp_path: Path) -> None:
        """The path that was tried tells what the relative name was relative to."""
        with pytest.raises(FileNotFoundError, match="cannot open the config") as caught:
            conf.from_pyfile("missing.py")
        assert caught.value.filename == str(tmp_path / "missing.py")
        assert str(tmp_path / "missing.py") in str(caught.value)

    def test_silence_covers_absent_files_only(self, conf: Config, tmp_path: Path) -> None:
        """No file, a folder, and a path through a file are absent; a loop of links is not."""
        write(conf, "x.py", "OWN = 1")
        assert conf.from_pyfile("missing.py", silent=True) is False
        assert conf.from_pyfile(tmp_path, silent=True) is False
        assert conf.from_pyfile("x.py/y.py", silent=True) is False
        with pytest.raises(IsADirectoryError):
            conf.from_pyfile(tmp_path)
        with pytest.raises(NotADirectoryError):
            conf.from_pyfile("x.py/y.py")
        (tmp_path / "loop.py").symlink_to("loop.py")
        with pytest.raises(OSError, match="cannot open") as caught:
            conf.from_pyfile("loop.py", silent=True)
        assert caught.value.filename == str(tmp_path / "loop.py")
        assert conf == DEFAULTS

    def test_silence_does_not_cover_errors_inside_the_file(self, conf: Config) -> None:
        """A file that opens another one which is missing is broken, not absent."""
        path = write(conf, "x.py", "open('/no/such/file')\n")
        with pytest.raises(FileNotFoundError) as caught:
            conf.from_pyfile("x.py", silent=True)
        assert path in caught.value.__notes__[0]

    @pytest.mark.parametrize(
        "source, kind",
        [
            ("TESTING = = True", SyntaxError),
            ("TESTING = yes", NameError),
            ("OWN = '\0'", (SyntaxError, ValueError)),  # the kind depends on Python's version
            ("OWN = 1 / 0", ZeroDivisionError),
            (b"OWN = '\xff'", SyntaxError),
        ],
    )
    def test_errors_in_the_file_keep_their_kind_and_name_it(
        self,
        source: str | bytes,
        kind: type[Exception] | tuple[type[Exception], ...],
        conf: Config,
    ) -> None:
        """Python's own error says best what is wrong; a note says which file it was."""
        path = write(conf, "x.py", source)
        with pytest.raises(kind) as caught:
            conf.from_pyfile("x.py")
        assert path in caught.value.__notes__[0]
        assert conf == DEFAULTS

    def test_a_wrong_value_names_the_file(self, conf: Config) -> None:
        """Key, file, value, type, what is wanted; and nothing of the file is kept."""
        path = write(conf, "x.py", "OWN = 1\nTESTING = 'no'\n")
        with pytest.raises(ConfigError) as caught:
            conf.from_pyfile("x.py")
        assert str(caught.value) == (
            f"TESTING, from the file {path}, cannot be 'no' (str); it wants True or False."
        )
        assert conf == DEFAULTS


class TestVariable:
    def test_it_names_a_python_file(self, conf: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        """A relative path starts from the folder of the configuration."""
        write(conf, "x.py", "OWN = 1")
        monkeypatch.setenv("MYAPP_SETTINGS", "x.py")
        assert conf.from_envvar("MYAPP_SETTINGS") is True
        assert conf["OWN"] == 1

    @pytest.mark.parametrize("value, word", [(None, "not set"), ("", "empty")])
    def test_a_variable_that_is_not_set(
        self, value: str | None, word: str, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The error names it, says what to do, and is a RuntimeError as in Flask."""
        if value is not None:
            monkeypatch.setenv("MYAPP_SETTINGS", value)
        with pytest.raises(
            VariableNotSet, match=f"variable MYAPP_SETTINGS is {word}.* silent=True"
        ):
            conf.from_envvar("MYAPP_SETTINGS")
        assert issubclass(VariableNotSet, RuntimeError)
        assert conf.from_envvar("MYAPP_SETTINGS", silent=True) is False

    def test_a_missing_file(self, conf: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        """Silence covers it as well."""
        monkeypatch.setenv("MYAPP_SETTINGS", "missing.py")
        assert conf.from_envvar("MYAPP_SETTINGS", silent=True) is False
        with pytest.raises(FileNotFoundError):
            conf.from_envvar("MYAPP_SETTINGS")


class TestObject:
    def test_a_class_with_its_bases(self, conf: Config) -> None:
        """Inherited attributes count."""

        class Base:
            OWN = 1
            TESTING = True

        class Production(Base):
            TESTING = False
            other = 3

        conf.from_object(Production)
        assert conf["OWN"] == 1
        assert conf["TESTING"] is False
        assert "other" not in conf

    def test_properties_of_an_instance(self, conf: Config) -> None:
        """An instance may compute its values."""

        class Settings:
            host = "db.example"

            @property
            def DATABASE(self) -> str:  # noqa: N802 -- a configuration key
                return f"postgresql://{self.host}"

        conf.from_object(Settings())
        assert conf["DATABASE"] == "postgresql://db.example"

    def test_an_import_string(self, conf: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        """A module, or a name in one."""
        module = ModuleType("myapp_settings")
        vars(module).update(OWN=1, Testing=type("Testing", (), {"TESTING": True}))
        monkeypatch.setitem(sys.modules, "myapp_settings", module)
        conf.from_object("myapp_settings")
        conf.from_object("myapp_settings.Testing")
        assert conf["OWN"] == 1
        assert conf["TESTING"] is True

    def test_a_string_that_imports_nothing(self, conf: Config) -> None:
        """The error is an ImportError that has the string."""
        with pytest.raises(ImportStringError, match="no_such_module_of_ours"):
            conf.from_object("no_such_module_of_ours.Settings")

    def test_a_dict_is_refused(self, conf: Config) -> None:
        """Its keys are not attributes; taking nothing from it would be a silent surprise."""
        with pytest.raises(ConfigError, match="use from_mapping"):
            conf.from_object({"TESTING": True})

    def test_a_wrong_value_names_the_object(
        self, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By the words it was given with; never by a repr, which might show secrets."""

        class Wrong:
            TESTING = "no"

            def __repr__(self) -> str:
                return SECRET

        module = ModuleType("myapp_settings")
        vars(module).update(TESTING="no")
        monkeypatch.setitem(sys.modules, "myapp_settings", module)
        for source, words in [
            (Wrong, "from the class TestObject.test_a_wrong_value"),
            (Wrong(), "from an object of the class TestObject.test_a_wrong_value"),
            (module, "from the module myapp_settings,"),
            ("myapp_settings", "from the object 'myapp_settings',"),
        ]:
            with pytest.raises(ConfigError) as caught:
                conf.from_object(source)
            assert words in str(caught.value)
            assert SECRET not in str(caught.value)


class TestMapping:
    def test_keys_in_capitals_are_taken(self, conf: Config) -> None:
        """Keyword arguments win; keys that are not names in capitals are passed over."""
        mixed: dict[Any, Any] = {"OWN": 1, "own": 2, "Own": 3, 4: 5, "OTHER": 6}
        assert conf.from_mapping(mixed, OWN=7, lower=8) is True
        assert conf == {**DEFAULTS, "OWN": 7, "OTHER": 6}

    def test_it_may_be_given_by_name_or_not_at_all(self, conf: Config) -> None:
        """As Flask documents the signature."""
        conf.from_mapping(mapping={"OWN": 1})
        assert conf.from_mapping() is True
        assert conf["OWN"] == 1

    def test_a_wrong_value_says_it_was_in_a_mapping(self, conf: Config) -> None:
        """The short form of the message."""
        with pytest.raises(ConfigError, match=r"^DEBUG, from a mapping, cannot be 'on' "):
            conf.from_mapping({"DEBUG": "on"})


class TestFile:
    @pytest.mark.parametrize(
        "name, text",
        [
            ("x.json", '{"OWN": {"a": 1}, "TESTING": true, "lower": 1}'),
            ("x.JSON", b'\xef\xbb\xbf{"OWN": {"a": 1}, "TESTING": true}'),
            ("x.toml", "TESTING = true\nlower = 1\n[OWN]\na = 1\n"),
        ],
    )
    def test_the_suffix_chooses_the_format(self, name: str, text: str, conf: Config) -> None:
        """JSON and TOML need no `load`; only the top level must be in capitals."""
        write(conf, name, text)
        assert conf.from_file(name) is True
        assert conf == {**DEFAULTS, "OWN": {"a": 1}, "TESTING": True}

    def test_an_unknown_suffix_lists_the_known_ones(self, conf: Config) -> None:
        """And says how to read the file all the same."""
        for name in ("x.ini", "x"):
            with pytest.raises(ConfigError, match=r"\.json, \.toml, .* pass load="):
                conf.from_file(name)

    def test_a_row_of_ones_own(self, conf: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another format is one more row."""

        def load(file: IO[Any]) -> Mapping[str, Any]:
            return dict(line.strip().split("=", 1) for line in file)

        monkeypatch.setitem(FORMATS, ".lines", Format(".lines", "lines", load))
        write(conf, "x.lines", "OWN=é\n")
        conf.from_file("x.lines")
        assert conf["OWN"] == "é"
        assert "| `.lines` | lines |" in describe_sources()

    def test_load_may_be_given(self, conf: Config) -> None:
        """As Flask documents it, as text or as bytes, whatever the suffix."""
        write(conf, "x.cfg", '{"OWN": "é"}')
        write(conf, "y.cfg", "OTHER = 1")
        conf.from_file("x.cfg", json.load)
        conf.from_file("y.cfg", load=tomllib.load, text=False)
        assert conf["OWN"] == "é"
        assert conf["OTHER"] == 1

    @pytest.mark.parametrize(
        "name, text",
        [
            ("x.json", '{"OWN": '),
            ("x.json", b'{"OWN": "\xff"}'),
            ("x.json", '{"OWN": ' + "[" * 100_000),
            ("x.toml", "OWN = = 1"),
            ("x.toml", b"OWN = '\xff'"),
        ],
    )
    def test_a_malformed_file_is_named(self, name: str, text: str | bytes, conf: Config) -> None:
        """The parser's words, and the file they are about."""
        path = write(conf, name, text)
        with pytest.raises(ConfigError) as caught:
            conf.from_file(name)
        assert str(caught.value).startswith(f"the configuration file {path} cannot be read: ")
        assert caught.value.__cause__ is not None
        assert conf == DEFAULTS

    def test_other_errors_keep_their_kind(self, conf: Config) -> None:
        """TOML's parser wants bytes and says so; a note names the file."""
        path = write(conf, "x.toml", "OWN = 1")
        with pytest.raises(TypeError) as caught:
            conf.from_file("x.toml", tomllib.load)
        assert path in caught.value.__notes__[0]

    @pytest.mark.parametrize("text, kind", [("[]", "list"), ("3", "int"), ("null", "NoneType")])
    def test_a_file_without_keys_is_refused(self, text: str, kind: str, conf: Config) -> None:
        """JSON may hold anything; a configuration holds keys."""
        write(conf, "x.json", text)
        with pytest.raises(ConfigError, match=f"x.json holds a {kind}; it must hold keys"):
            conf.from_file("x.json")

    def test_a_missing_file(self, conf: Config, tmp_path: Path) -> None:
        """As for a Python file."""
        with pytest.raises(FileNotFoundError) as caught:
            conf.from_file("missing.json")
        assert caught.value.filename == str(tmp_path / "missing.json")
        assert conf.from_file("missing.json", silent=True) is False
        assert conf.from_file("missing.cfg", json.load, silent=True) is False

    def test_secrets_are_not_shown(self, conf: Config) -> None:
        """A secret of the wrong type is named by its type."""
        write(conf, "x.json", json.dumps({"SECRET_KEY": [SECRET], "SECRET_KEY_FALLBACKS": SECRET}))
        with pytest.raises(ConfigError) as caught:
            conf.from_file("x.json")
        assert SECRET not in str(caught.value)
        assert "SECRET_KEY, from the file " in str(caught.value)
        assert "a value of type list" in str(caught.value)


class TestEnvironment:
    def test_values_are_json_or_text(self, conf: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is not JSON stays text; variables without the prefix are not looked at."""
        for name, value in {
            "FLASK_OWN": "3",
            "FLASK_LIST": '["a"]',
            "FLASK_WORD": "plain text",
            "FLASK_EMPTY": "",
            "FLASK_BROKEN": '{"a"',
            "FLASKOTHER": "1",
        }.items():
            monkeypatch.setenv(name, value)
        assert conf.from_prefixed_env() is True
        assert conf == {
            **DEFAULTS,
            "OWN": 3,
            "LIST": ["a"],
            "WORD": "plain text",
            "EMPTY": "",
            "BROKEN": '{"a"',
        }

    def test_another_prefix_and_another_reader(
        self, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Any error of the reader leaves the text."""
        monkeypatch.setenv("MYAPP_OWN", "0x10")
        monkeypatch.setenv("MYAPP_WORD", "x")
        conf.from_prefixed_env("MYAPP", loads=lambda text: int(text, 16))
        assert conf["OWN"] == 16
        assert conf["WORD"] == "x"

    @pytest.mark.parametrize(
        "text, expected", [("1", True), ("0", False), ("true", True), ("false", False)]
    )
    def test_flags(
        self, text: str, expected: bool, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Four ways to write them."""
        monkeypatch.setenv("FLASK_DEBUG", text)
        conf.from_prefixed_env()
        assert conf["DEBUG"] is expected

    @pytest.mark.parametrize("text", ["on", "True", "2", "", "null", '"1"'])
    def test_other_flags_are_refused(
        self, text: str, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message names the variable."""
        monkeypatch.setenv("FLASK_DEBUG", text)
        with pytest.raises(
            ConfigError, match=r"^DEBUG, from the environment variable FLASK_DEBUG, cannot be "
        ):
            conf.from_prefixed_env()

    @pytest.mark.parametrize("text", ["12345", "1e5", "true", "[]"])
    def test_text_that_looks_like_json_stays_text_where_text_is_wanted(
        self, text: str, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A secret key of digits is a secret key."""
        monkeypatch.setenv("FLASK_SECRET_KEY", text)
        monkeypatch.setenv("FLASK_SESSION_COOKIE_NAME", text)
        conf.from_prefixed_env()
        assert conf["SECRET_KEY"] == text
        assert conf["SESSION_COOKIE_NAME"] == text

    def test_json_wins_where_it_is_accepted(
        self, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Quotes and null mean what they mean in JSON."""
        monkeypatch.setenv("FLASK_SECRET_KEY", '"12345"')
        monkeypatch.setenv("FLASK_SERVER_NAME", "null")
        monkeypatch.setenv("FLASK_TRUSTED_HOSTS", '["a.example"]')
        conf.from_prefixed_env()
        assert conf["SECRET_KEY"] == "12345"
        assert conf["SERVER_NAME"] is None
        assert conf["TRUSTED_HOSTS"] == ["a.example"]

    def test_nested_keys_add_to_a_dict(self, conf: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        """Dicts that are not there are made; those that are there are copied, not changed."""
        shared = {"host": "a", "deep": {"x": 1}}
        conf["MAIL"] = shared
        monkeypatch.setenv("FLASK_MAIL__port", "25")
        monkeypatch.setenv("FLASK_MAIL__deep__y", "2")
        monkeypatch.setenv("FLASK_NEW__a__b", "x")
        monkeypatch.setenv("FLASK_BOTH", '{"a": 1}')
        monkeypatch.setenv("FLASK_BOTH__b", "2")
        conf.from_prefixed_env()
        assert conf["MAIL"] == {"host": "a", "deep": {"x": 1, "y": 2}, "port": 25}
        assert conf["NEW"] == {"a": {"b": "x"}}
        assert conf["BOTH"] == {"a": 1, "b": 2}
        assert shared == {"host": "a", "deep": {"x": 1}}

    @pytest.mark.parametrize("name", ["FLASK_OWN__a", "FLASK_MAIL__host__a", "FLASK_SECRET_KEY__a"])
    def test_nested_keys_need_a_dict(
        self, name: str, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message names the variable and the type that is in the way, not the value."""
        conf.update(OWN=SECRET, MAIL={"host": SECRET}, SECRET_KEY=SECRET)
        monkeypatch.setenv(name, "1")
        with pytest.raises(ConfigError, match=f"variable {name} adds to .* type str") as caught:
            conf.from_prefixed_env()
        assert SECRET not in str(caught.value)

    def test_all_problems_are_told_at_once(
        self, conf: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One start of the application shows them all."""
        monkeypatch.setenv("FLASK_DEBUG", "on")
        monkeypatch.setenv("FLASK_MAX_COOKIE_SIZE", "big")
        monkeypatch.setenv("FLASK_OWN", "1")
        with pytest.raises(ConfigError) as caught:
            conf.from_prefixed_env()
        assert len(str(caught.value).splitlines()) == 2
        assert conf == DEFAULTS


class TestTable:
    def test_every_source_has_its_method(self) -> None:
        """The table lists exactly the documented methods that fill a configuration."""
        assert {row.method for row in SOURCES} == {n for n in dir(Config) if n.startswith("from_")}

    def test_the_manual_gets_a_line_per_row(self) -> None:
        """Two tables: the sources and the formats."""
        text = describe_sources()
        assert [f"| `{row.method}` |" in text for row in SOURCES] == [True] * len(SOURCES)
        assert text.count("| `from_") == len(SOURCES)
        assert "| `load` |" in text
        assert "| `.toml` | TOML |  |\n| `.yaml` | YAML | `typedflask[yaml]` |\n" in text


@pytest.fixture(params=["flask", "typedflask"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A configuration of Flask's, and one of ours, to tell that both read alike."""
    kind: Any = Config if request.param == "typedflask" else pytest.importorskip("flask").Config
    return kind(str(tmp_path), dict(DEFAULTS))


def test_both_read_alike(either: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Flask's documentation says of each source is true of both."""
    (tmp_path / "x.py").write_text("A = 1\nb = 2\nTESTING = True\n", encoding="utf-8")
    (tmp_path / "x.json").write_text('{"C": [1], "d": 2}', encoding="utf-8")
    monkeypatch.setenv("MYAPP_FILE", "x.py")
    monkeypatch.setenv("MYAPP2_E", "null")
    monkeypatch.setenv("MYAPP2_F__g", "7")
    assert either.from_pyfile("x.py") is True
    assert either.from_envvar("MYAPP_FILE") is True
    assert either.from_file("x.json", json.load) is True
    assert either.from_prefixed_env("MYAPP2") is True
    assert either.from_mapping({"H": 1, "i": 2}, J=3) is True
    assert either.from_object(type("K", (), {"L": 1, "m": 2})) is None
    assert either.from_pyfile("missing.py", silent=True) is False
    assert either.from_file("missing.json", json.load, silent=True) is False
    assert either.from_envvar("MYAPP_MISSING", silent=True) is False
    with pytest.raises(RuntimeError):
        either.from_envvar("MYAPP_MISSING")
    with pytest.raises(FileNotFoundError):
        either.from_pyfile("missing.py")
    assert dict(either) == {
        **DEFAULTS,
        "A": 1,
        "TESTING": True,
        "C": [1],
        "E": None,
        "F": {"g": 7},
        "H": 1,
        "J": 3,
        "L": 1,
    }
