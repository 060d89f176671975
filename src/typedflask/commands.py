"""Commands that belong to an application, and how a command gets hold of its application.

`app.cli` and `blueprint.cli` are `AppGroup` objects: click groups whose commands run inside the
application's context. A running command reaches its application through `ScriptInfo`, the object
that the program puts on click's context. The programs `typedflask`, `run`, `shell` and `routes`
live on a higher floor, in the room `cli`; how an application is found by its name is theirs to
know, so `ScriptInfo` asks `application_finder`, which that room answers.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from functools import update_wrapper
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Final,
    ParamSpec,
    Protocol,
    TypedDict,
    Unpack,
    cast,
    overload,
)

import click

from typedflask.active import Active
from typedflask.ctx import find_context
from typedflask.environment import get_debug_flag, get_load_dotenv
from typedflask.newer_typing import TypeVar

if TYPE_CHECKING:
    from typedflask.app import Flask

P = ParamSpec("P")
R = TypeVar("R")
CommandT = TypeVar("CommandT", bound=click.Command)
GroupT = TypeVar("GroupT", bound=click.Group)


class NoAppException(click.UsageError):
    """No application could be found or made; the message says what was tried and what to do."""


class ApplicationFinder(Protocol):
    """Finds an application by what `--app` says, or by the default files when it says nothing."""

    def __call__(self, app_import_path: str | None, /) -> Flask: ...


application_finder: Final = Active[ApplicationFinder]()
"""How is an application found by its name? Answered by the room `cli`."""


def active_app() -> Flask | None:
    """The application whose context is active already, or None."""
    context = find_context()
    # A context knows its application by what contexts need; every application is a `Flask`.
    return None if context is None else cast("Flask", context.app)


class ScriptInfo:
    """What a running command knows about its application; made once per run of a program.

    Programs of your own may fill `data` and find it again in every command, through
    `pass_script_info`. Names and meaning follow Flask's documentation.

    :param app_import_path: where the application is, in the form that `--app` takes.
    :param create_app: makes the application instead of looking for it.
    :param set_debug_flag: whether loading the application sets its `debug` to what `FLASK_DEBUG`
        (and so `--debug`) says.
    :param load_dotenv_defaults: whether `.env` and `.flaskenv` are read without being named;
        `FLASK_SKIP_DOTENV` overrules it. The program does the reading, not this object.
    """

    def __init__(
        self,
        app_import_path: str | None = None,
        # `...`: a factory may have parameters of its own as long as it can be called without.
        create_app: Callable[..., Flask] | None = None,
        set_debug_flag: bool = True,
        load_dotenv_defaults: bool = True,
    ) -> None:
        self.app_import_path = app_import_path
        self.create_app = create_app
        # Any: this dictionary belongs to the program, which may keep anything in it.
        self.data: dict[Any, Any] = {}
        self.set_debug_flag = set_debug_flag
        self.load_dotenv_defaults: bool = get_load_dotenv(load_dotenv_defaults)
        self._loaded_app: Flask | None = None

    def load_app(self) -> Flask:
        """Give the application, making or importing it the first time this is asked.

        :raises NoAppException: if there is none, or if it cannot be imported or made.
        """
        if self._loaded_app is None:
            app = self._make_or_find()
            if self.set_debug_flag:
                app.debug = get_debug_flag()
            self._loaded_app = app
        return self._loaded_app

    def _make_or_find(self) -> Flask:
        if self.create_app is not None:
            return self.create_app()
        finder = application_finder()
        if finder is None:
            raise NoAppException(
                "The application cannot be looked for: nothing has imported `typedflask.cli`, which"
                " knows how to. Import it, or give `ScriptInfo` a `create_app`."
            )
        return finder(self.app_import_path)


def pass_script_info(function: Callable[Concatenate[ScriptInfo, P], R], /) -> Callable[P, R]:
    """Give a command the `ScriptInfo` of the running program as its first argument.

    A command that runs outside any such program gets a new one, which looks for the application
    as `typedflask` without `--app` does.
    """

    def run_with_info(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(_script_info(), *args, **kwargs)

    return update_wrapper(run_with_info, function)


def with_appcontext(function: Callable[P, R], /) -> Callable[P, R]:
    """Run a command's function inside the application's context.

    The context lasts until click has finished the command, callbacks of result and close
    included. An application context that is active already is used as it is. Commands made by
    `AppGroup.command` need no such decorator. The behaviour is the one Flask documents.

    :raises NoAppException: when the command runs and there is no application to be found.
    """

    def run_in_context(*args: P.args, **kwargs: P.kwargs) -> R:
        if active_app() is None:
            app = _script_info().load_app()
            click.get_current_context().with_resource(app.app_context())
        return function(*args, **kwargs)

    return update_wrapper(run_in_context, function)


def command_application() -> Flask:
    """Give the application that a command works for: the active one, or else the program's."""
    return active_app() or _script_info().load_app()


def _script_info() -> ScriptInfo:
    return click.get_current_context().ensure_object(ScriptInfo)


run_in_app: Final = with_appcontext
"""The decorator under a second name, for where a parameter is called `with_appcontext`."""


class CommandOptions(TypedDict, total=False):
    """Options of a command; each is described where click documents `Command`."""

    # Any: click's own types.
    context_settings: MutableMapping[str, Any] | None
    params: list[click.Parameter] | None
    help: str | None
    epilog: str | None
    short_help: str | None
    options_metavar: str | None
    add_help_option: bool
    no_args_is_help: bool
    hidden: bool
    deprecated: bool | str


class GroupOptions(CommandOptions, total=False):
    """Options of a group; each is described where click documents `Group`."""

    commands: MutableMapping[str, click.Command] | Sequence[click.Command] | None
    invoke_without_command: bool
    subcommand_metavar: str | None
    chain: bool
    # Any: it gets what the commands give.
    result_callback: Callable[..., Any] | None


class AppGroup(click.Group):
    """A click group whose commands run inside the application's context.

    `app.cli` and `blueprint.cli` are of this kind, and so is every group made with `group`.
    """

    # Any, here and in `group`: a class of one's own has options of its own.
    @overload
    def command(self, function: Callable[..., object], /) -> click.Command: ...
    @overload
    def command(
        self,
        name: str | None = ...,
        *,
        cls: type[CommandT],
        with_appcontext: bool = ...,
        **attrs: Any,
    ) -> Callable[[Callable[..., object]], CommandT]: ...
    @overload
    def command(
        self,
        name: str | None = ...,
        *,
        cls: None = ...,
        with_appcontext: bool = ...,
        **attrs: Unpack[CommandOptions],
    ) -> Callable[[Callable[..., object]], click.Command]: ...
    def command(
        self,
        name: str | Callable[..., object] | None = None,
        *,
        cls: type[click.Command] | None = None,
        with_appcontext: bool = True,
        **attrs: Any,
    ) -> click.Command | Callable[[Callable[..., object]], click.Command]:
        """Make a function a command of this group; as `click.Group.command`, and:

        :param with_appcontext: whether the function runs inside the application's context.
            Without it the application is not even loaded for the command's sake.
        """
        as_name = name if isinstance(name, str) else None

        def decorate(function: Callable[..., object]) -> click.Command:
            callback = run_in_app(function) if with_appcontext else function
            return click.Group.command(self, as_name, cls=cls, **attrs)(callback)

        return decorate(name) if callable(name) else decorate

    @overload
    def group(self, function: Callable[..., object], /) -> AppGroup: ...
    @overload
    def group(
        self, name: str | None = ..., *, cls: type[GroupT], **attrs: Any
    ) -> Callable[[Callable[..., object]], GroupT]: ...
    @overload
    def group(
        self, name: str | None = ..., *, cls: None = ..., **attrs: Unpack[GroupOptions]
    ) -> Callable[[Callable[..., object]], AppGroup]: ...
    def group(
        self,
        name: str | Callable[..., object] | None = None,
        *,
        cls: type[click.Group] | None = None,
        **attrs: Any,
    ) -> click.Group | Callable[[Callable[..., object]], click.Group]:
        """Make a function a group below this one; as `click.Group.group`, but an `AppGroup`.

        The group's own function runs without a context; its commands have theirs.
        """
        as_name = name if isinstance(name, str) else None

        def decorate(function: Callable[..., object]) -> click.Group:
            return click.Group.group(self, as_name, cls=cls or AppGroup, **attrs)(function)

        return decorate(name) if callable(name) else decorate


def show_server_banner(debug: bool, app_import_path: str | None) -> None:
    """Print which application a development server serves, and whether in debug mode.

    Under the reloader it is printed by the process that watches, not again by each that serves.

    :param debug: whether debug mode is on.
    :param app_import_path: how the application was named, or None when it was not.
    """
    from werkzeug.serving import is_running_from_reloader

    if is_running_from_reloader():
        return
    if app_import_path is not None:
        click.echo(f" * Serving application '{app_import_path}'")
    click.echo(f" * Debug mode: {'on' if debug else 'off'}")


__all__ = [
    "AppGroup",
    "NoAppException",
    "ScriptInfo",
    "pass_script_info",
    "show_server_banner",
    "with_appcontext",
]
