"""The program `typedflask` and the commands of applications."""

from __future__ import annotations

import importlib.metadata
import io
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import click
import pytest
import werkzeug.serving
from click.testing import CliRunner, Result

import typedflask.cli
from tests.cli_project import HELLO, Project
from typedflask import Blueprint, Flask, current_app, g, has_app_context
from typedflask.cli import (
    AppGroup,
    CertParamType,
    FlaskGroup,
    NoAppException,
    ScriptInfo,
    cli,
    load_dotenv,
    pass_script_info,
    routes_command,
    run_command,
    shell_command,
    with_appcontext,
)
from typedflask.cli.run import FailingApplication, load_for_server
from typedflask.commands import application_finder, show_server_banner
from typedflask.environment import get_debug_flag, get_load_dotenv


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


@pytest.fixture
def app() -> Flask:
    return Flask("shop")


def call(command: click.Command, *args: str, obj: object = None, text: str = "") -> Result:
    return CliRunner().invoke(command, args, obj=obj, input=text)


def for_app(app: Flask) -> ScriptInfo:
    return ScriptInfo(create_app=lambda: app)


def name_of_active_app() -> str:
    return current_app.import_name if has_app_context() else "none"


# --- commands of an application ------------------------------------------------------------


def test_a_command_of_the_application_runs_in_its_context(app: Flask) -> None:
    @app.cli.command("greet")
    @click.argument("name")
    @click.option("--loud", is_flag=True)
    def greet(name: str, loud: bool) -> None:
        """Say hello."""
        text = f"{name} from {name_of_active_app()}"
        click.echo(text.upper() if loud else text)

    assert isinstance(app.cli, AppGroup)
    assert isinstance(greet, click.Command)
    assert call(app.cli, "greet", "Ada", obj=for_app(app)).output == "Ada from shop\n"
    assert call(app.cli, "greet", "--loud", "Ada", obj=for_app(app)).output == "ADA FROM SHOP\n"
    assert greet.help == "Say hello."
    assert name_of_active_app() == "none"


def test_the_decorator_needs_no_parentheses(app: Flask) -> None:
    @app.cli.command
    def show_name() -> None:
        click.echo(name_of_active_app())

    @app.cli.group
    def users() -> None: ...

    @users.command
    def count() -> None:
        click.echo(f"count in {name_of_active_app()}")

    assert call(app.cli, "show-name", obj=for_app(app)).output == "shop\n"
    assert call(app.cli, "users", "count", obj=for_app(app)).output == "count in shop\n"


def test_a_command_may_do_without_the_context(app: Flask) -> None:
    def refuse() -> Flask:
        raise AssertionError("the application was loaded")

    @app.cli.command("alone", with_appcontext=False)
    def alone() -> None:
        click.echo(name_of_active_app())

    assert call(app.cli, "alone", obj=ScriptInfo(create_app=refuse)).output == "none\n"


def test_groups_below_a_group_are_of_its_kind_unless_asked_otherwise(app: Flask) -> None:
    @app.cli.group("inner", help="Inner things.")
    def inner() -> None: ...

    @app.cli.group("plain", cls=click.Group)
    def plain() -> None: ...

    class Loud(click.Command): ...

    @inner.command("shout", cls=Loud)
    def shout() -> None: ...

    @plain.command("where")
    def where() -> None:
        click.echo(name_of_active_app())

    assert type(inner) is AppGroup
    assert inner.help == "Inner things."
    assert type(plain) is click.Group
    assert type(shout) is Loud
    assert call(app.cli, "plain", "where", obj=for_app(app)).output == "none\n"


def test_a_context_that_is_active_is_kept(app: Flask) -> None:
    @click.command
    @with_appcontext
    def show() -> None:
        click.echo(name_of_active_app())

    with Flask("outer").app_context():
        assert call(show, obj=for_app(app)).output == "outer\n"
    assert call(show, obj=for_app(app)).output == "shop\n"


def test_the_context_lasts_until_the_command_is_finished(app: Flask) -> None:
    ends: list[str] = []

    @app.teardown_appcontext
    def tear_down(error: BaseException | None) -> None:
        ends.append("context")

    @click.command
    @click.pass_context
    @with_appcontext
    def show(context: click.Context) -> None:
        context.call_on_close(lambda: ends.append(name_of_active_app()))

    assert call(show, obj=for_app(app)).exit_code == 0
    assert ends == ["shop", "context"]


def test_the_context_is_left_when_a_command_fails(app: Flask) -> None:
    @app.cli.command("fail")
    def fail() -> None:
        raise LookupError("nothing there")

    result = call(app.cli, "fail", obj=for_app(app))
    assert isinstance(result.exception, LookupError)
    assert name_of_active_app() == "none"


def test_decorated_functions_keep_their_name_and_options() -> None:
    @with_appcontext
    @click.option("--inside")
    def first(inside: str) -> str:
        """The first."""
        return inside

    @pass_script_info
    @click.option("--inside")
    def second(info: ScriptInfo, inside: str) -> None:
        """The second."""

    assert (first.__name__, first.__doc__) == ("first", "The first.")
    assert (second.__name__, second.__doc__) == ("second", "The second.")
    assert [param.name for param in click.command()(first).params] == ["inside"]
    assert [param.name for param in click.command()(second).params] == ["inside"]


def test_commands_share_data_through_script_info(app: Flask) -> None:
    @click.group
    @pass_script_info
    def program(info: ScriptInfo) -> None:
        info.data["answer"] = 42

    @program.command
    @pass_script_info
    def tell(info: ScriptInfo) -> None:
        click.echo(f"{info.data['answer']} {info.load_app().import_name}")

    assert call(program, "tell", obj=for_app(app)).output == "42 shop\n"


def test_a_command_outside_any_program_looks_for_the_default_application(project: Project) -> None:
    project.write("app.py")

    @click.command
    @with_appcontext
    def show() -> None:
        click.echo(name_of_active_app())

    assert call(show).output == "app\n"


def test_without_the_room_that_finds_applications_the_message_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application_finder, "find", lambda: None)
    with pytest.raises(NoAppException, match=r"typedflask\.cli"):
        ScriptInfo("hello").load_app()


def test_the_commands_of_blueprints_are_grouped_under_their_name(app: Flask) -> None:
    plain = Blueprint("plain", __name__)
    renamed = Blueprint("renamed", __name__, cli_group="other")
    merged = Blueprint("merged", __name__, cli_group=None)

    @plain.cli.command("where")
    def where() -> None:
        click.echo(name_of_active_app())

    renamed.cli.add_command(where)

    @merged.cli.command("on-top")
    def on_top() -> None:
        click.echo("on top")

    for blueprint in (plain, renamed, merged):
        app.register_blueprint(blueprint)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["plain", "where"]).output == "shop\n"
    assert runner.invoke(args=["other", "where"]).output == "shop\n"
    assert runner.invoke(args=["on-top"]).output == "on top\n"


# --- the program ---------------------------------------------------------------------------

COMMANDS = """
import click
from typedflask import Flask, current_app
app = Flask(__name__)

@app.cli.command(help="Tell where this is.")
@click.option("--name", callback=lambda c, p, v: v or current_app.import_name)
def where(name):
    click.echo(f"in {name}, debug is {current_app.debug}")

app.run(port=1)
"""


def test_the_program_finds_the_application_and_runs_its_command(project: Project) -> None:
    project.write("shop.py", COMMANDS)
    assert "in shop, debug is False\n" in call(cli, "--app", "shop", "where").output
    assert "in shop, debug is True\n" in call(cli, "--debug", "-A", "shop", "where").output
    project.set_variable("FLASK_APP", "shop")
    assert "in shop, debug is False\n" in call(cli, "where").output
    project.set_variable("FLASK_DEBUG", "1")
    assert "in shop, debug is True\n" in call(cli, "where").output
    assert "in shop, debug is False\n" in call(cli, "--no-debug", "where").output
    assert "in Ada" in call(cli, "where", "--name", "Ada").output


def test_the_environment_is_as_before_when_the_program_has_ended(project: Project) -> None:
    project.write("app.py", COMMANDS)
    before = dict(os.environ)
    for args in (["--debug", "where"], ["--help"], ["no-such"], ["--no-such"], []):
        call(cli, *args)
        assert dict(os.environ) == before


@pytest.mark.parametrize("args", [["--help"], ["--help", "--app", "shop"], []])
def test_the_help_lists_the_commands_of_the_application(project: Project, args: list[str]) -> None:
    project.write("shop.py", COMMANDS)
    if "--app" not in args:
        project.set_variable("FLASK_APP", "shop")
    output = call(cli, *args).output
    assert not has_app_context()
    assert "where     Tell where this is." in output
    for name in ("routes", "run", "shell", "--app", "--env-file", "--debug", "--version"):
        assert name in output


def test_the_help_says_why_the_application_is_missing(project: Project) -> None:
    result = call(cli, "--help")
    assert result.exit_code == 0
    assert "No application was named" in result.output
    assert "routes" in result.output
    project.write("broken.py", "1 / 0")
    assert "ZeroDivisionError" in call(cli, "--app", "broken", "--help").output


def test_an_unknown_command_says_why_the_application_is_missing(project: Project) -> None:
    result = call(cli, "--app", "gone", "migrate")
    assert result.exit_code == 2
    assert "'gone' cannot be imported" in result.output
    assert "No such command 'migrate'" in result.output


def test_the_versions_are_printed_without_an_application(project: Project) -> None:
    output = call(cli, "--version").output
    for name in ("typedflask", "werkzeug"):
        assert f"{name} {importlib.metadata.version(name)}\n" in output


def test_words_are_completed_from_the_commands_of_the_application(project: Project) -> None:
    project.write("shop.py", COMMANDS)
    project.set_variable("_TYPEDFLASK_COMPLETE", "bash_complete")
    project.set_variable("COMP_WORDS", "typedflask --app shop wh")
    project.set_variable("COMP_CWORD", "3")
    result = CliRunner().invoke(cli, prog_name="typedflask")
    assert "plain,where" in result.output
    assert not has_app_context()
    project.set_variable("COMP_WORDS", "typedflask --app gone ro")
    result = CliRunner().invoke(cli, prog_name="typedflask")
    assert result.output == "plain,routes\n"


def test_a_server_that_a_module_starts_is_not_started_by_importing_it(project: Project) -> None:
    project.write("app.py", COMMANDS)
    assert "app.run() is ignored" in call(cli, "routes").output


def test_the_program_may_be_a_command_of_another_one(project: Project, app: Flask) -> None:
    @click.group
    def outer() -> None: ...

    @app.cli.command("where")
    def where() -> None:
        click.echo(f"{name_of_active_app()} {os.environ['FLASK_RUN_FROM_CLI']}")

    outer.add_command(FlaskGroup(name="site", create_app=lambda: app), "site")
    assert call(outer, "site", "where").output == "shop true\n"
    assert "FLASK_RUN_FROM_CLI" not in os.environ


def test_the_program_takes_a_script_info_from_its_caller(project: Project, app: Flask) -> None:
    @app.cli.command("where")
    def where() -> None:
        click.echo(f"{name_of_active_app()} {'mark' in g}")

    assert call(cli, "where", obj=for_app(app)).output == "shop False\n"
    assert app.test_cli_runner().invoke(cli, ["where"]).output == "shop False\n"
    with app.app_context():
        g.mark = True
        assert call(cli, "where", obj=for_app(app)).output == "shop True\n"


# --- programs of one's own -----------------------------------------------------------------


def test_a_program_of_ones_own_is_made_from_a_factory(project: Project, app: Flask) -> None:
    @click.group(cls=FlaskGroup, create_app=lambda: app)
    def manage() -> None:
        """Manage the shop."""

    @manage.command("where")
    def where() -> None:
        click.echo(name_of_active_app())

    @app.cli.command("own")
    def own() -> None:
        click.echo("own command")

    assert call(manage, "where").output == "shop\n"
    assert call(manage, "own").output == "own command\n"
    assert "Manage the shop." in call(manage, "--help").output


def test_a_program_chooses_what_it_offers(project: Project, app: Flask) -> None:
    small = FlaskGroup(
        add_default_commands=False,
        add_version_option=False,
        create_app=lambda: app,
        set_debug_flag=False,
        params=[click.Option(["--extra"])],
        context_settings={"help_option_names": ["--please"]},
    )
    app.debug = True

    @app.cli.command("debug-mode")
    def debug_mode() -> None:
        click.echo(str(app.debug))

    output = call(small, "--please").output
    for name in ("routes", "shell", "--version"):
        assert name not in output
    assert "--extra" in output
    assert call(small, "debug-mode").output == "True\n"


def test_a_factory_that_raises_is_shown_to_the_author_of_the_program(project: Project) -> None:
    def broken() -> Flask:
        raise LookupError("the settings are gone")

    manage = FlaskGroup(create_app=broken)
    result = call(manage, "--help")
    assert result.exit_code == 0
    assert "LookupError: the settings are gone" in result.output
    assert "in broken" in result.output
    assert isinstance(call(manage, "migrate").exception, LookupError)


def test_installed_packages_add_commands(
    project: Project, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    project.write(
        "shop_plugin.py", "import click\n@click.command()\ndef audit(): click.echo('all is well')\n"
    )
    sys.path.insert(0, str(project.folder))
    installed = [
        importlib.metadata.EntryPoint("check-up", "shop_plugin:audit", "flask.commands"),
        importlib.metadata.EntryPoint("gone", "shop_plugin:missing", "flask.commands"),
        importlib.metadata.EntryPoint("odd", "shop_plugin:click", "flask.commands"),
    ]

    def entry_points(*, group: str) -> list[importlib.metadata.EntryPoint]:
        return [entry for entry in installed if entry.group == group]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    program = FlaskGroup(create_app=lambda: app)
    result = call(program, "check-up")
    assert "all is well" in result.output
    assert "'gone'" in result.output
    assert "AttributeError" in result.output
    assert "'odd'" in result.output
    assert "not a click command" in result.output
    assert call(program, "check-up").output == "all is well\n"
    assert "check-up" in call(program, "--help").output


# --- variables and files of the environment -----------------------------------------------


@pytest.mark.parametrize(
    ("value", "on"),
    [("", False), ("1", True), ("true", True), ("NO", False), (" off ", False), ("0", False)],
)
def test_switches_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str, on: bool
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", value)
    monkeypatch.setenv("FLASK_SKIP_DOTENV", value)
    assert get_debug_flag() is on
    assert get_load_dotenv() is not on


@pytest.fixture
def env_files(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Three files that set letters, with the letter in their name; A is in the environment."""
    for letter in "ABCDE":
        # Set and removed, so that it is removed again after the test.
        monkeypatch.setenv(f"LETTER_{letter}", "environment")
        if letter != "A":
            monkeypatch.delenv(f"LETTER_{letter}")
    project.write("named", "LETTER_A=named\nLETTER_B=named\nLETTER_E\n")
    project.write(".env", "LETTER_B=env\nLETTER_C=env\n")
    project.write(".flaskenv", "LETTER_C=flaskenv\nLETTER_D=flaskenv\n")
    return project


def letters() -> list[str | None]:
    return [os.environ.get(f"LETTER_{letter}") for letter in "ABCDE"]


def test_the_environment_wins_over_the_named_file_and_that_over_the_others(
    env_files: Project,
) -> None:
    assert load_dotenv("named")
    assert letters() == ["environment", "named", "env", "flaskenv", None]


def test_the_default_files_may_be_left_out(env_files: Project) -> None:
    assert load_dotenv(env_files.folder / "named", load_defaults=False)
    assert letters() == ["environment", "named", None, None, None]


def test_files_are_looked_for_in_the_folders_above(
    env_files: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_files.write("deep/deeper/.env", "LETTER_B=deep\n")
    monkeypatch.chdir(env_files.folder / "deep" / "deeper")
    assert load_dotenv()
    assert letters() == ["environment", "deep", "flaskenv", "flaskenv", None]
    assert Path.cwd() == env_files.folder / "deep" / "deeper"


def test_nothing_is_loaded_where_there_is_no_file(project: Project) -> None:
    assert not load_dotenv("gone", load_defaults=False)
    project.write("empty", "# nothing\n")
    assert not load_dotenv("empty", load_defaults=False)


def test_without_python_dotenv_a_line_says_what_is_not_read(
    env_files: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "dotenv", None)
    assert not load_dotenv()
    assert letters() == ["environment", None, None, None, None]
    said = capsys.readouterr().err
    assert ".env, .flaskenv" in said
    assert "python-dotenv" in said


def test_the_program_reads_the_files_before_its_other_options(env_files: Project) -> None:
    env_files.write("shop.py", COMMANDS)
    env_files.write("named", "LETTER_B=named\nFLASK_APP=shop\nFLASK_WHERE_NAME=Ada\n")
    try:
        assert "where" in call(cli, "--help", "--env-file", "named").output
        assert "in Ada" in call(cli, "-e", "named", "where").output
        assert letters() == ["environment", "named", "env", "flaskenv", None]
    finally:
        for name in ("FLASK_APP", "FLASK_WHERE_NAME"):
            os.environ.pop(name, None)


def test_the_program_skips_the_default_files_when_told_so(env_files: Project) -> None:
    env_files.write("app.py")
    env_files.set_variable("FLASK_SKIP_DOTENV", "1")
    call(cli, "routes")
    assert letters() == ["environment", None, None, None, None]
    env_files.set_variable("FLASK_SKIP_DOTENV", "")
    call(FlaskGroup(load_dotenv=False), "routes")
    assert letters() == ["environment", None, None, None, None]
    call(cli, "routes")
    assert letters() == ["environment", "env", "env", "flaskenv", None]


def test_a_file_that_is_missing_or_cannot_be_read_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = call(cli, "--env-file", "gone", "routes")
    assert result.exit_code == 2
    assert "'gone' does not exist" in result.output
    project.write("named", "A=1")

    def find_nothing(name: str, package: str | None = None) -> None:
        assert name == "dotenv"

    monkeypatch.setattr("importlib.util.find_spec", find_nothing)
    result = call(cli, "--env-file", "named", "routes")
    assert result.exit_code == 2
    assert "python-dotenv" in result.output


# --- routes --------------------------------------------------------------------------------


def nothing() -> str:
    return ""


@pytest.fixture
def shop(app: Flask) -> Flask:
    app.add_url_rule("/b", "a_last", nothing, methods=["POST", "PUT"])
    app.add_url_rule("/a/<int:number>", "z_first", nothing)
    return app


def listed(app: Flask, *args: str) -> list[str]:
    return call(routes_command, *args, obj=for_app(app)).output.splitlines()


def test_routes_are_listed_in_columns(shop: Flask) -> None:
    assert listed(shop) == [
        "Endpoint  Methods    Rule",
        "--------  ---------  -----------------------",
        "a_last    POST, PUT  /b",
        "static    GET        /static/<path:filename>",
        "z_first   GET        /a/<int:number>",
    ]


@pytest.mark.parametrize(
    ("order", "endpoints"),
    [
        ("endpoint", ["a_last", "static", "z_first"]),
        ("methods", ["static", "z_first", "a_last"]),
        ("domain", ["static", "a_last", "z_first"]),
        ("rule", ["z_first", "a_last", "static"]),
        ("match", ["static", "a_last", "z_first"]),
    ],
)
def test_routes_are_sorted_as_asked(shop: Flask, order: str, endpoints: list[str]) -> None:
    assert [line.split()[0] for line in listed(shop, "--sort", order)[2:]] == endpoints
    assert [line.split()[0] for line in listed(shop, "-s", order)[2:]] == endpoints


def test_automatic_methods_are_listed_when_asked_for(shop: Flask) -> None:
    lines = listed(shop, "--all-methods")
    assert lines[2] == "a_last    OPTIONS, POST, PUT  /b"
    assert "GET, HEAD, OPTIONS" in lines[4]


def test_subdomains_and_hosts_have_a_column(app: Flask) -> None:
    site = Flask("site", static_folder=None, subdomain_matching=True)
    site.add_url_rule("/", "admin", nothing, subdomain="admin")
    site.add_url_rule("/", "index", nothing)
    assert listed(site) == [
        "Endpoint  Methods  Subdomain  Rule",
        "--------  -------  ---------  ----",
        "admin     GET      admin      /",
        "index     GET                 /",
    ]
    assert listed(site, "-s", "domain")[2].startswith("index")
    hosts = Flask("hosts", static_folder=None, host_matching=True)
    hosts.add_url_rule("/", "index", nothing, host="shop.example")
    assert listed(hosts)[0] == "Endpoint  Methods  Host          Rule"


def test_an_application_without_routes_says_so() -> None:
    assert listed(Flask("bare", static_folder=None)) == ["The application has no routes."]


def test_an_unknown_order_is_refused(shop: Flask) -> None:
    result = call(routes_command, "--sort", "colour", obj=for_app(shop))
    assert result.exit_code == 2
    assert "endpoint" in result.output


# --- shell ---------------------------------------------------------------------------------


def test_the_shell_knows_the_application(
    app: Flask, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    startup = project.write("startup.py", "helper = 'from the startup file'\n")
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    prepared: list[str] = []
    monkeypatch.setattr(sys, "__interactivehook__", lambda: prepared.append("yes"), raising=False)

    @app.shell_context_processor
    def names() -> dict[str, str]:
        return {"extra": "from the processor"}

    typed = (
        "print(app.import_name, extra, helper)\n"
        "from typedflask import current_app\nprint(current_app.name)\ng.there = 1\n"
    )
    result = call(shell_command, obj=for_app(app), text=typed)
    assert result.exit_code == 0
    assert "shop from the processor from the startup file" in result.output
    assert "Application: shop\n" in result.output
    assert f"Instance folder: {app.instance_path}" in result.output
    assert prepared == ["yes"]


def test_the_shell_says_that_debug_mode_is_on(app: Flask, project: Project) -> None:
    project.set_variable("FLASK_DEBUG", "1")
    assert "shop in debug mode" in call(shell_command, obj=for_app(app)).output


def test_a_startup_file_that_fails_does_not_end_the_shell(
    app: Flask, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", str(project.write("startup.py", "1 / 0\n")))
    result = call(shell_command, obj=for_app(app), text="print('still here')\n")
    assert "ZeroDivisionError" in result.output
    assert "still here" in result.output


def test_names_are_completed_where_readline_exists(
    app: Flask, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    monkeypatch.delenv("PYTHONSTARTUP", raising=False)
    monkeypatch.setattr(sys, "__interactivehook__", None, raising=False)
    typed = "import readline\nprint(readline.get_completer()('app.import_n', 0))\n"
    readline = pytest.importorskip("readline")
    before = readline.get_completer()
    try:
        assert "app.import_name" in call(shell_command, obj=for_app(app), text=typed).output
    finally:
        readline.set_completer(before)
    monkeypatch.setitem(sys.modules, "readline", None)
    assert call(shell_command, obj=for_app(app), text="print(1 + 1)\n").output.count("2") >= 1


# --- run: what the server is told ----------------------------------------------------------


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, project: Project) -> dict[str, object]:
    """What the development server was called with, instead of being started."""
    told: dict[str, object] = {}

    def run_simple(hostname: str, port: int, application: object, **options: object) -> None:
        told.update(options, hostname=hostname, port=port, application=application)

    monkeypatch.setattr(werkzeug.serving, "run_simple", run_simple)
    return told


def test_run_serves_the_application_at_the_documented_address(
    app: Flask, served: dict[str, object]
) -> None:
    result = call(run_command, obj=for_app(app))
    assert result.output == " * Debug mode: off\n"
    assert served == {
        "hostname": "127.0.0.1",
        "port": 5000,
        "application": app,
        "use_reloader": False,
        "use_debugger": False,
        "threaded": True,
        "ssl_context": None,
        "extra_files": None,
        "exclude_patterns": None,
    }


def test_debug_mode_turns_on_reloader_and_debugger(app: Flask, served: dict[str, object]) -> None:
    result = call(run_command, "--debug", obj=for_app(app))
    assert result.output == " * Debug mode: on\n"
    assert (served["use_reloader"], served["use_debugger"], app.debug) == (True, True, True)
    call(run_command, "--debug", "--no-reload", "--no-debugger", obj=for_app(app))
    assert (served["use_reloader"], served["use_debugger"]) == (False, False)
    call(run_command, "--no-debug", "--reload", "--debugger", obj=for_app(app))
    assert (served["use_reloader"], served["use_debugger"], app.debug) == (True, True, False)


def test_run_passes_on_what_its_options_say(app: Flask, served: dict[str, object]) -> None:
    files = os.pathsep.join(["a.txt", "", "b.txt"])
    call(
        run_command,
        *("-h", "::1", "-p", "0", "--without-threads"),
        *("--extra-files", files, "--exclude-patterns", "*.log"),
        obj=for_app(app),
    )
    assert (served["hostname"], served["port"], served["threaded"]) == ("::1", 0, False)
    assert served["extra_files"] == ("a.txt", "b.txt")
    assert served["exclude_patterns"] == ("*.log",)


def test_variables_stand_in_for_options(project: Project, served: dict[str, object]) -> None:
    project.write("hello.py")
    project.set_variable("FLASK_RUN_PORT", "8123")
    project.set_variable("FLASK_RUN_RELOAD", "1")
    project.set_variable("FLASK_RUN_DEBUG", "1")
    result = call(cli, "--app", "hello", "run")
    assert "'hello'" in result.output
    assert "Debug mode: on" in result.output
    assert (served["port"], served["use_reloader"]) == (8123, True)


def test_a_port_that_does_not_exist_is_refused(app: Flask, served: dict[str, object]) -> None:
    result = call(run_command, "--port", "65536", obj=for_app(app))
    assert result.exit_code == 2
    assert "65536" in result.output
    assert not served


def test_the_banner_is_not_repeated_by_the_reloader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WERKZEUG_RUN_MAIN", "true")
    show_server_banner(True, "hello")
    assert capsys.readouterr().out == ""
    monkeypatch.delenv("WERKZEUG_RUN_MAIN")
    show_server_banner(True, "hello")
    assert capsys.readouterr().out == " * Serving application 'hello'\n * Debug mode: on\n"


def test_an_application_that_does_not_load_ends_the_program(
    project: Project, served: dict[str, object]
) -> None:
    project.write("broken.py", "1 / 0\n")
    result = call(cli, "--app", "broken", "run")
    assert result.exit_code == 2
    assert "ZeroDivisionError" in result.output
    assert not served


def test_under_the_reloader_each_request_gets_the_error(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("broken.py", "1 / 0\n")
    monkeypatch.setenv("WERKZEUG_RUN_MAIN", "true")
    application = load_for_server(ScriptInfo("broken"))
    assert isinstance(application, FailingApplication)
    assert "ZeroDivisionError" in capsys.readouterr().err
    depths: list[int] = []
    for _ in range(3):
        with pytest.raises(NoAppException, match="ZeroDivisionError") as caught:
            application({}, refuse_to_start)
        depths.append(len(caught.traceback))
    assert depths[0] == depths[2]


def refuse_to_start(status: str, headers: object, error: object = None) -> Callable[..., object]:
    raise AssertionError("nothing is sent")


# --- run: certificates ---------------------------------------------------------------------

context_of_a_module = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def test_a_certificate_comes_with_its_key(
    app: Flask, served: dict[str, object], project: Project
) -> None:
    cert, key = project.write("cert.pem", ""), project.write("key.pem", "")
    call(run_command, "--cert", str(cert), "--key", str(key), obj=for_app(app))
    assert served["ssl_context"] == (str(cert), str(key.resolve()))


def test_a_context_is_imported(
    app: Flask, served: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "secure", sys.modules[__name__])
    for path in ("secure.context_of_a_module", "secure:context_of_a_module"):
        served.clear()
        call(run_command, "--cert", path, obj=for_app(app))
        assert served["ssl_context"] is context_of_a_module


def test_a_certificate_is_made_where_cryptography_is_installed(
    app: Flask, served: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[object] = [object()]

    def find_spec(name: str, package: str | None = None) -> object:
        assert name == "cryptography"
        return found[-1]

    monkeypatch.setattr("importlib.util.find_spec", find_spec)
    call(run_command, "--cert", "AdHoc", obj=for_app(app))
    assert served["ssl_context"] == "adhoc"
    found.append(None)
    result = call(run_command, "--cert", "adhoc", obj=for_app(app))
    assert result.exit_code == 2
    assert "cryptography" in result.output


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--cert", "cert.pem"], "needs its key"),
        (["--key", "cert.pem"], "needs the file of its certificate"),
        (["--cert", "secure.context_of_a_module", "--key", "cert.pem"], "only a certificate from"),
        (["--cert", "gone.pem"], "'gone.pem' is neither"),
        (["--cert", "os.sep"], "'os.sep' is neither"),
        (["--cert", "nowhere"], "'nowhere' is neither"),
        (["--cert", "cert.pem", "--key", "gone.pem"], "does not exist"),
    ],
)
def test_what_makes_no_certificate_is_refused_with_the_reason(
    app: Flask,
    served: dict[str, object],
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    reason: str,
) -> None:
    monkeypatch.setitem(sys.modules, "secure", sys.modules[__name__])
    project.write("cert.pem", "")
    result = call(run_command, *args, obj=for_app(app))
    assert result.exit_code == 2
    assert reason in " ".join(result.output.split())
    assert not served


def test_a_program_may_give_a_context_as_the_default() -> None:
    assert CertParamType().convert(context_of_a_module, None, None) is context_of_a_module


def test_a_python_without_ssl_says_so(
    app: Flask, served: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ssl", None)
    result = call(run_command, "--cert", "adhoc", obj=for_app(app))
    assert result.exit_code == 2
    assert "without SSL" in result.output


# --- run: a real server --------------------------------------------------------------------


class Server:
    """`python -m typedflask run` in a process of its own, on a free port of this machine."""

    def __init__(self, folder: Path, *args: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        environment = {**os.environ, "FLASK_RUN_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.log = (folder / "server.log").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "typedflask", *args],
            cwd=folder,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            # A group of its own: with the reloader there are two processes to stop.
            start_new_session=True,
        )

    def read(self) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as response:
                return int(response.status), response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def wait_for(self, status: int, text: str, seconds: float = 20) -> None:
        """Ask again and again until the answer is as expected."""
        end = time.monotonic() + seconds
        answer: object = None
        while time.monotonic() < end and self.process.poll() is None:
            try:
                answer = self.read()
            except OSError as error:
                answer = error
            else:
                if answer[0] == status and text in answer[1]:
                    return
            time.sleep(0.1)
        raise AssertionError(f"{status} with {text!r} did not come, but {answer}; {self.output()}")

    def output(self) -> str:
        log: IO[bytes] = io.FileIO(self.log.name)
        with log:
            return log.read().decode()

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(10)
        self.log.close()


def test_a_real_server_answers(project: Project) -> None:
    project.write("hello.py")
    server = Server(project.folder, "--app", "hello", "run")
    try:
        server.wait_for(200, "hello from here")
    finally:
        server.stop()
    assert " * Serving application 'hello'" in server.output()
    assert "Debug mode: off" in server.output()


@pytest.mark.slow
def test_a_mistake_made_while_the_server_reloads_is_shown_and_can_be_mended(
    project: Project,
) -> None:
    project.write("app.py")
    server = Server(project.folder, "run", "--debug")
    try:
        server.wait_for(200, "hello from here")
        project.write("app.py", "1 / 0\n")
        server.wait_for(500, "ZeroDivisionError")
        project.write("app.py", HELLO.replace("here", "there again"))
        server.wait_for(200, "hello from there again")
    finally:
        server.stop()
    assert server.output().count("Debug mode: on") == 1


def test_the_module_has_the_documented_names() -> None:
    documented = {
        *("AppGroup", "FlaskGroup", "ScriptInfo", "NoAppException", "CertParamType"),
        *("with_appcontext", "pass_script_info", "load_dotenv", "show_server_banner"),
        *("run_command", "shell_command", "routes_command", "cli", "main"),
    }
    assert documented <= set(typedflask.cli.__all__)
