"""`FlaskGroup`: a program whose commands are its own, those of plugins and the application's."""

from __future__ import annotations

import importlib.metadata
import os
import traceback
from collections.abc import Callable
from typing import Any, Final

import click

from typedflask.app import Flask
from typedflask.cli.check import LOAD_ERROR, check_command
from typedflask.cli.options import (
    app_option,
    debug_option,
    env_file_option,
    remember_variables,
    set_variable,
    version_option,
)
from typedflask.cli.routes import routes_command
from typedflask.cli.rules import rules_command
from typedflask.cli.run import run_command
from typedflask.cli.sessions import sessions_command
from typedflask.cli.shell import shell_command
from typedflask.commands import (
    AppGroup,
    NoAppException,
    ScriptInfo,
    active_app,
    pass_script_info,
    show_server_banner,
    with_appcontext,
)
from typedflask.env_files import load_dotenv

PLUGIN_GROUP: Final = "flask.commands"
"""The group of entry points through which installed packages add commands."""

FROM_CLI: Final = "FLASK_RUN_FROM_CLI"
"""The variable that keeps `app.run()` in a module that is imported here from starting a server."""

BEYOND_FLASK: Final[tuple[click.Command, ...]] = (check_command, rules_command, sessions_command)
"""Commands that Flask does not have; an application's own command of the same name wins."""


class FlaskGroup(AppGroup):
    """A program around an application: give it a factory, and it is the program of your project.

    Its commands are its own ones, then those of installed packages, then those of `app.cli`.
    Parameters and behaviour are those that Flask documents.

    :param add_default_commands: whether `run`, `shell`, `routes`, `check`, `rules` and `sessions` are
        among the commands.
    :param create_app: makes the application; without it, `--app` and its defaults find one.
    :param add_version_option: whether there is an option `--version`.
    :param load_dotenv: whether `.env` and `.flaskenv` are read; see
        `typedflask.cli.load_dotenv`.
    :param set_debug_flag: whether `--debug` and `FLASK_DEBUG` set the application's `debug`.
    :param extra: everything else that `click.Group` takes.
    """

    def __init__(
        self,
        add_default_commands: bool = True,
        # `...`: see `ScriptInfo.create_app`.
        create_app: Callable[..., Flask] | None = None,
        add_version_option: bool = True,
        load_dotenv: bool = True,
        set_debug_flag: bool = True,
        # Any: click's own options, which click types so.
        **extra: Any,
    ) -> None:
        params: list[click.Parameter] = [*(extra.pop("params", None) or ())]
        params.extend((env_file_option, app_option, debug_option))
        if add_version_option:
            params.append(version_option)
        settings: dict[str, Any] = {
            "auto_envvar_prefix": "FLASK",
            **(extra.pop("context_settings", None) or {}),
        }
        super().__init__(params=params, context_settings=settings, **extra)
        self.create_app = create_app
        self.load_dotenv = load_dotenv
        self.set_debug_flag = set_debug_flag
        self._plugins_loaded = False
        if add_default_commands:
            for command in (run_command, shell_command, routes_command, *BEYOND_FLASK):
                self.add_command(command)

    # Any: click's own signature.
    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program and, by default, end the process; see `click.Command.main`."""
        # As long as the call, not as the context: click loads applications for completing a word
        # when it has closed the context, and leaves it unclosed after --help or an error.
        restore = remember_variables(FROM_CLI, "FLASK_DEBUG")
        os.environ[FROM_CLI] = "true"
        try:
            return super().main(*args, **extra)
        finally:
            restore()

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Start a run of the program with a fresh `ScriptInfo`, unless it is given one."""
        if extra.get("obj") is None and self.context_settings.get("obj") is None:
            extra["obj"] = ScriptInfo(
                create_app=self.create_app,
                set_debug_flag=self.set_debug_flag,
                load_dotenv_defaults=self.load_dotenv,
            )
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; the environment's file and the application come before all others.

        That order lets `--help` name the application's commands wherever it stands, and lets the
        file say what `FLASK_APP` is.
        """
        # Also when the program is a command of another one, whose `main` it is.
        set_variable(ctx, FROM_CLI, "true")
        if not ctx.resilient_parsing:
            given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
            for option in (env_file_option, app_option):
                option.handle_parse_result(ctx, given, [])
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Look for a command: here, among the plugins, and last in the application.

        The first two work while the application does not load. Why it does not is printed.
        Of an application's command and one of ours that Flask does not have, the former wins.
        """
        self._load_plugins()
        own = super().get_command(ctx, cmd_name)
        if own is not None and own not in BEYOND_FLASK:
            return own
        try:
            app = ctx.ensure_object(ScriptInfo).load_app()
        except Exception as error:
            if own is not None:
                ctx.meta[LOAD_ERROR] = error  # to be reported; importing again may fail otherwise
                return own
            if not isinstance(error, NoAppException):
                raise
            _complain(ctx, error.format_message())
            return None
        return app.cli.get_command(ctx, cmd_name) or own

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Choose the command to run; one of the application's gets the application's context.

        It is there before the command's options are read, so that their callbacks find it too.
        """
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and command not in self.commands.values():
            app = ctx.ensure_object(ScriptInfo).load_app()
            if active_app() is not app:
                ctx.with_resource(app.app_context())
        return name, command, rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands; if the application does not load, say why and leave its own out."""
        self._load_plugins()
        names = set(super().list_commands(ctx))
        try:
            names.update(ctx.ensure_object(ScriptInfo).load_app().cli.list_commands(ctx))
        except NoAppException as error:
            _complain(ctx, error.format_message())
        except Exception:
            # A factory of the program's own; its author wants to see where it went wrong.
            _complain(ctx, traceback.format_exc())
        return sorted(names)

    def _load_plugins(self) -> None:
        if self._plugins_loaded:
            return
        self._plugins_loaded = True
        for entry_point in importlib.metadata.entry_points(group=PLUGIN_GROUP):
            try:
                command: object = entry_point.load()
                if not isinstance(command, click.Command):
                    raise TypeError(f"it is of type {type(command).__name__}, not a click command")
            except Exception as error:
                # One broken package does not take the program away from its user.
                click.secho(
                    f"The command {entry_point.name!r} of the installed package that provides"
                    f" {entry_point.value!r} is left out: {type(error).__name__}: {error}",
                    fg="yellow",
                    err=True,
                )
            else:
                self.add_command(command, entry_point.name)


def _complain(context: click.Context, reason: str) -> None:
    """Say why the application's commands are missing, unless a shell is completing a word."""
    if not context.resilient_parsing:
        click.secho(f"Error: {reason}\n", fg="red", err=True)


cli: FlaskGroup = FlaskGroup(
    name="typedflask",
    help=(
        "Run, inspect and try a typedflask application.\n\n"
        "Which application is said by the option --app, by the environment variable FLASK_APP, or"
        " by a file wsgi.py or app.py in the working directory."
    ),
)
"""The program `typedflask` as a click group."""


def main() -> None:
    """Run the program `typedflask` with the arguments of this process."""
    cli.main()


__all__ = [
    "AppGroup",
    "FlaskGroup",
    "NoAppException",
    "ScriptInfo",
    "cli",
    "load_dotenv",
    "main",
    "pass_script_info",
    "show_server_banner",
    "with_appcontext",
]
