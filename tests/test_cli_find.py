"""Finding an application from what the user says about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.local import LocalProxy

from tests.cli_project import Project
from typedflask import Flask
from typedflask.cli import NoAppException, ScriptInfo
from typedflask.cli.find import (
    Reference,
    find_application,
    importable_name,
    is_application,
    read_reference,
    split_reference,
)

APPLICATIONS = """
from typedflask import Flask, current_app, request

application = Flask("the application")
second = Flask("the second")
"""

FACTORIES = """
from typedflask import Flask, current_app

calls = []

def create_app(name="unnamed", *, debug=False):
    calls.append(name)
    app = Flask(f"{name}, {debug}")
    return app

def forgets_to_return():
    Flask("lost")

def raises():
    raise LookupError("the database is gone")

def leaves():
    raise SystemExit(3)

number = 7
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


def failure(named: str | None) -> str:
    with pytest.raises(NoAppException) as caught:
        find_application(named)
    return caught.value.format_message()


# --- what stands before and behind the colon ----------------------------------------------


@pytest.mark.parametrize(
    ("named", "path", "expression"),
    [
        ("hello", "hello", ""),
        ("hello:app", "hello", "app"),
        ("hello: app ", "hello", "app"),
        ("hello:make('a:b')", "hello", "make('a:b')"),
        ("C:\\work\\hello.py", "C:\\work\\hello.py", ""),
        ("C:\\work\\hello.py:app", "C:\\work\\hello.py", "app"),
        ("C:/code/hello.py:app", "C:/code/hello.py", "app"),
    ],
)
def test_the_first_colon_that_follows_no_drive_letter_divides(
    named: str, path: str, expression: str
) -> None:
    assert split_reference(named) == (path, expression)


@pytest.mark.parametrize(
    ("expression", "reference"),
    [
        ("app", Reference("app")),
        ("create_app()", Reference("create_app", True)),
        ("create_app('a', -1, None)", Reference("create_app", True, ("a", -1, None))),
        ("make([1, {'b': (2,)}])", Reference("make", True, ([1, {"b": (2,)}],))),
        ("make(debug=True)", Reference("make", True, (), (("debug", True),))),
    ],
)
def test_a_name_or_a_call_with_literals_is_read(expression: str, reference: Reference) -> None:
    assert read_reference(expression) == reference


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("app(", "was never closed"),
        ("app.other", "neither a name nor a call"),
        ("module.create()", "neither a name nor a call"),
        ("1", "neither a name nor a call"),
        ("make(name)", "`name` is not a literal"),
        ("make(__import__('os').getcwd())", "is not a literal"),
        ("make(key=other)", "`other` is not a literal"),
        ("make(**{'a': 1})", "`**`"),
        ("make(*[1])", "is not a literal"),
        ("a; b", "invalid syntax"),
    ],
)
def test_anything_else_is_refused_with_what_was_written(expression: str, reason: str) -> None:
    with pytest.raises(NoAppException) as caught:
        read_reference(expression)
    message = caught.value.format_message()
    assert repr(expression) in message
    assert reason in message
    assert "create_app" in message


def test_a_wrong_expression_is_reported_before_the_module_is_imported(project: Project) -> None:
    project.write("effect.py", "raise SystemExit('was imported')")
    assert "was never closed" in failure("effect:app(")


# --- modules -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "folder"),
    [
        ("hello", "hello", "."),
        ("hello.py", "hello", "."),
        ("inner/hello.py", "hello", "inner"),
        ("inner/hello", "hello", "inner"),
        ("package", "package", "."),
        ("package/", "package", "."),
        ("package/__init__.py", "package", "."),
        ("package/web.py", "package.web", "."),
        ("package/deeper/site.py", "package.deeper.site", "."),
        ("package.web", "package.web", "."),
    ],
)
def test_paths_and_dotted_names_become_importable(
    project: Project, path: str, name: str, folder: str
) -> None:
    project.write("package/__init__.py", "")
    project.write("package/deeper/__init__.py", "")
    assert importable_name(path) == name
    assert Path(sys.path[0]) == (project.folder / folder).resolve()


def test_a_folder_enters_the_import_path_once(project: Project) -> None:
    project.write("hello.py")
    find_application("hello")
    find_application("hello")
    assert sys.path.count(str(project.folder.resolve())) == 1


@pytest.mark.parametrize(
    "named",
    ["inner/hello.py", "inner/hello", "inner/hello.py:app", "package.web", "package/web.py"],
)
def test_an_application_is_found_by_file_or_dotted_name(project: Project, named: str) -> None:
    project.write("inner/hello.py")
    project.write("package/__init__.py", "")
    project.write("package/web.py")
    assert find_application(named).import_name in {"hello", "package.web"}


def test_a_missing_module_is_named_with_where_it_was_looked_for(project: Project) -> None:
    message = failure("nowhere.module:app")
    assert "'nowhere.module:app'" in message
    assert "'nowhere'" in message
    assert str(project.folder.resolve()) in message
    assert "--app" in message


def test_a_missing_file_is_reported_like_a_missing_module(project: Project) -> None:
    assert "no module 'gone'" in failure("inner/gone.py")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("import something_missing", "ModuleNotFoundError"),
        ("from typedflask import something_missing", "ImportError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(1)", "SystemExit"),
    ],
)
def test_an_error_inside_the_module_shows_its_traceback(
    project: Project, code: str, kind: str
) -> None:
    file = project.write("broken.py", f"# a line before\n{code}\n")
    message = failure("broken")
    assert f"Importing 'broken' was ended by {kind}" in message
    assert f'File "{file.resolve()}", line 2' in message
    assert message.count("cli/find.py") == 0
    assert code in message


def test_a_module_missing_from_within_a_package_is_not_taken_for_the_package(
    project: Project,
) -> None:
    project.write("package/__init__.py", "import package.lost")
    assert "Importing 'package' was ended by ModuleNotFoundError" in failure("package")


# --- without a name behind the colon -------------------------------------------------------


def test_app_and_application_are_found_before_others(project: Project) -> None:
    project.write("several.py", APPLICATIONS)
    assert find_application("several").import_name == "the application"
    project.write("both.py", f"{APPLICATIONS}\napp = Flask('the app')\n")
    assert find_application("both").import_name == "the app"


def test_the_only_application_may_have_any_name_and_several_of_them(project: Project) -> None:
    project.write(
        "single.py", "from typedflask import Flask\nsite = also = Flask('site')\napp = 'no app'\n"
    )
    assert find_application("single").import_name == "site"


def test_an_object_of_a_subclass_is_an_application(project: Project) -> None:
    project.write(
        "own.py", "from typedflask import Flask\nclass Site(Flask): ...\nsite = Site('own')\n"
    )
    assert find_application("own").import_name == "own"


def test_several_applications_are_listed_for_a_choice(project: Project) -> None:
    project.write(
        "twins.py", "from typedflask import Flask\nfirst = Flask('a')\nsecond = Flask('b')\n"
    )
    message = failure("twins")
    assert "`twins:first` or `twins:second`" in message


def test_a_factory_is_called_when_there_is_no_application(project: Project) -> None:
    project.write("made.py", FACTORIES)
    assert find_application("made").import_name == "unnamed, False"
    project.write("maker.py", "from typedflask import Flask\ndef make_app(): return Flask('m')\n")
    assert find_application("maker").import_name == "m"


def test_a_module_without_either_says_how_to_name_a_factory(project: Project) -> None:
    project.write("empty.py", "from typedflask import Flask, current_app, request, g\n")
    message = failure("empty")
    assert "'empty'" in message
    assert "`create_app` or `make_app`" in message
    assert "--app empty:NAME" in message


# --- with a name behind the colon ----------------------------------------------------------


def test_the_named_application_is_taken(project: Project) -> None:
    project.write("several.py", APPLICATIONS)
    assert find_application("several:second").import_name == "the second"


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ("create_app", "unnamed, False"),
        ("create_app()", "unnamed, False"),
        ("create_app('test')", "test, False"),
        ('create_app("a:b", debug=True)', "a:b, True"),
    ],
)
def test_the_named_factory_is_called_with_what_stands_in_parentheses(
    project: Project, expression: str, made: str
) -> None:
    project.write("made.py", FACTORIES)
    assert find_application(f"made:{expression}").import_name == made


def test_a_class_of_the_module_may_be_called_too(project: Project) -> None:
    project.write("made.py", "from typedflask import Flask\n")
    assert find_application("made:Flask('direct')").import_name == "direct"


@pytest.mark.parametrize(
    ("expression", "reasons"),
    [
        ("creat_app", ["'creat_app'", "`create_app`"]),
        ("number", ["made:number is no application", "'int'"]),
        ("number()", ["made:number", "'int'"]),
        ("current_app", ["made:current_app"]),
        (
            "create_app(1, 2)",
            ["made:create_app takes (name='unnamed', *, debug=False)", "too many"],
        ),
        ("create_app(port=1)", ["unexpected keyword argument 'port'"]),
        ("forgets_to_return", ["gave NoneType instead of an application"]),
        ("raises", ["Calling 'made:raises' was ended by LookupError", "database is gone", "line "]),
        ("leaves()", ["Calling 'made:leaves' was ended by SystemExit"]),
    ],
)
def test_what_makes_no_application_is_told_with_the_reason(
    project: Project, expression: str, reasons: list[str]
) -> None:
    project.write("made.py", FACTORIES)
    message = failure(f"made:{expression}")
    for reason in reasons:
        assert reason in message


def test_an_application_is_not_called(project: Project) -> None:
    project.write("several.py", APPLICATIONS)
    assert "is an application and cannot be called" in failure("several:second()")


# --- without any name ----------------------------------------------------------------------


def test_the_variable_is_asked_when_the_program_is_told_nothing(project: Project) -> None:
    project.write("hello.py")
    project.write("app.py", APPLICATIONS)
    project.set_variable("FLASK_APP", "hello:app")
    assert find_application(None).import_name == "hello"


def test_wsgi_py_comes_before_app_py(project: Project) -> None:
    project.write("app.py", APPLICATIONS)
    assert find_application(None).import_name == "the application"
    project.write("wsgi.py", "from typedflask import Flask\napp = Flask('from wsgi')\n")
    assert find_application(None).import_name == "from wsgi"


def test_a_package_called_app_is_a_default_too(project: Project) -> None:
    project.write("app/__init__.py", APPLICATIONS)
    assert find_application(None).import_name == "the application"


def test_with_nothing_to_go_by_the_message_says_what_was_looked_for(project: Project) -> None:
    message = failure(None)
    assert "wsgi.py nor app.py" in message
    assert str(project.folder) in message
    assert "FLASK_APP" in message


# --- ScriptInfo ----------------------------------------------------------------------------


def test_script_info_loads_once(project: Project) -> None:
    project.write("made.py", FACTORIES)
    info = ScriptInfo("made")
    assert info.load_app() is info.load_app()
    assert sys.modules["made"].calls == ["unnamed"]


def test_script_info_prefers_its_factory(project: Project) -> None:
    project.write("app.py", APPLICATIONS)
    app = Flask("mine")
    assert ScriptInfo("app", create_app=lambda: app).load_app() is app


@pytest.mark.parametrize(
    ("value", "debug"), [("1", True), ("yes", True), ("0", False), ("False", False), ("off", False)]
)
def test_script_info_sets_debug_mode_from_the_environment(
    project: Project, value: str, debug: bool
) -> None:
    project.set_variable("FLASK_DEBUG", value)
    app = Flask("mine")
    app.debug = not debug
    assert ScriptInfo(create_app=lambda: app).load_app().debug is debug


def test_script_info_leaves_debug_mode_alone_when_told_so(project: Project) -> None:
    project.set_variable("FLASK_DEBUG", "0")
    app = Flask("mine")
    app.debug = True
    assert ScriptInfo(create_app=lambda: app, set_debug_flag=False).load_app().debug


def test_proxies_are_no_applications() -> None:
    proxy: object = LocalProxy(lambda: Flask("behind"))
    assert not is_application(proxy)
    assert isinstance(proxy, Flask)
