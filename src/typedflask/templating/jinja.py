"""Jinja, the default engine: its environment, set up as Flask documents, and its backend.

The application makes one `Environment` when a template is first needed and keeps it as
`app.jinja_env`; `JinjaTemplates` is the backend over it.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, TypedDict, Unpack

import jinja2
from jinja2 import BaseLoader, TemplateNotFound

from typedflask.templating.escaping import AUTOESCAPED as AUTOESCAPED
from typedflask.templating.escaping import DumpsJSON
from typedflask.templating.escaping import select_jinja_autoescape as select_jinja_autoescape
from typedflask.templating.jinja_loader import DispatchingJinjaLoader, LoaderApp
from typedflask.templating.quick_jinja import QuickJinja, unchanged

if TYPE_CHECKING:
    from jinja2.ext import Extension


class JinjaOptions(TypedDict, total=False):
    """The options of a Jinja environment; Jinja's documentation explains them."""

    block_start_string: str
    block_end_string: str
    variable_start_string: str
    variable_end_string: str
    comment_start_string: str
    comment_end_string: str
    line_statement_prefix: str | None
    line_comment_prefix: str | None
    trim_blocks: bool
    lstrip_blocks: bool
    newline_sequence: Literal["\n", "\r\n", "\r"]
    keep_trailing_newline: bool
    extensions: Sequence[str | type[Extension]]
    optimized: bool
    undefined: type[jinja2.Undefined]
    # Any: takes each value a template shows, and gives what is shown instead.
    finalize: Callable[..., Any] | None
    autoescape: bool | Callable[[str | None], bool]
    loader: BaseLoader | None
    cache_size: int
    auto_reload: bool
    bytecode_cache: jinja2.BytecodeCache | None
    enable_async: bool


class EnvironmentApp(Protocol):
    """What a new environment asks of the application."""

    def create_global_jinja_loader(self) -> BaseLoader:
        """Make the loader of all templates of the application and its blueprints."""
        ...


class Environment(jinja2.Environment):
    """A Jinja environment whose templates come from an application and its blueprints.

    Behaviour from Flask's documentation. Subclass it and name the subclass in the application's
    `jinja_environment` to change it.

    :param app: makes the loader, unless the options name one.
    :param options: those of `jinja2.Environment`.
    """

    # Any: a template may use whatever an application puts here. Said because checkers otherwise
    # conclude from Jinja's defaults that only values of their few types belong in these tables.
    # (Filters and tests are callables; mypy reads Jinja's tables as holding plain functions, and
    # Any is what it and pyright both let stand instead.)
    globals: dict[str, Any]
    filters: dict[str, Any]
    tests: dict[str, Any]

    def __init__(self, app: EnvironmentApp, **options: Unpack[JinjaOptions]) -> None:
        if "loader" not in options:
            options["loader"] = app.create_global_jinja_loader()
        super().__init__(**options)
        self.app = app

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Let Jinja point into the template, after noting where a missing one was looked for."""
        error = sys.exception()
        if isinstance(error, TemplateNotFound):
            self.note_places(error)
        super().handle_exception(source)

    def note_places(self, error: TemplateNotFound) -> None:
        """Add to the error, once, in which folders templates are looked for.

        Only errors that leave the engine come here; one that `ignore missing` swallows is not
        worth the time.
        """
        if isinstance(self.loader, DispatchingJinjaLoader):
            note = self.loader.places()
            if note not in getattr(error, "__notes__", ()):
                error.add_note(note)


class JinjaApp(EnvironmentApp, LoaderApp, Protocol):
    """What setting up Jinja asks of the application; the names are Flask's documented ones."""

    # Any: the options are checked by the environment; see `JinjaOptions`.
    @property
    def jinja_options(self) -> Mapping[str, Any]:
        """Options for the environment, beyond those set up here."""
        ...

    @property
    def jinja_environment(self) -> type[Environment]:
        """The class of the environment."""
        ...

    @property
    def jinja_env(self) -> jinja2.Environment:
        """The environment, made when first asked for."""
        ...

    @property
    def debug(self) -> bool:
        """In debug mode a changed template is loaded again."""
        ...

    @property
    def json(self) -> DumpsJSON:
        """The JSON provider in use now; it may be replaced at any time."""
        ...

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Say whether values in this template are escaped."""
        ...


class QuickEnvironment(QuickJinja, Environment):
    """The environment of applications whose `jinja_environment` is `Environment` itself."""


def quicker(kind: type[Environment]) -> type[Environment]:
    """The class to make an environment of: a subclass is left as it is, and what it says is done."""
    return QuickEnvironment if kind is Environment and unchanged(kind) else kind


def create_environment(app: JinjaApp, names: Mapping[str, object]) -> Environment:
    """Make the environment of an application, as Flask documents `create_jinja_environment`.

    The application's `jinja_options` win. Without them: `select_jinja_autoescape` decides about
    escaping, and templates are loaded again when they changed if `TEMPLATES_AUTO_RELOAD` says so
    or, when that is None, in debug mode. The `tojson` filter writes JSON as `app.json` does.

    :param app: the application.
    :param names: what every template can use, imported ones included: `url_for`, `request`, ...
    :returns: the environment; changing `app.jinja_options` afterwards has no effect on it.
    """
    options: dict[str, Any] = dict(app.jinja_options)
    options.setdefault("autoescape", app.select_jinja_autoescape)
    if "auto_reload" not in options:
        wanted = app.config.get("TEMPLATES_AUTO_RELOAD")
        options["auto_reload"] = app.debug if wanted is None else wanted
    environment = quicker(app.jinja_environment)(app, **options)
    environment.globals.update(names)
    environment.policies["json.dumps_function"] = _dumps_of(app)
    # Jinja would ask for sorted keys, whatever the provider was told about them.
    environment.policies["json.dumps_kwargs"] = {}
    return environment


def _dumps_of(app: JinjaApp) -> Callable[..., str]:
    """Write JSON by the provider the application has when the filter runs, not when it is set."""

    # Any: what becomes JSON, and by which options, is decided by the provider.
    def dumps(obj: Any, /, **kwargs: Any) -> str:
        return app.json.dumps(obj, **kwargs)

    return dumps


class JinjaTemplates:
    """The template backend over an application's Jinja environment.

    :param app: its `jinja_env` is asked for at each use, so it is made as late as possible. Only a
        weak reference to it is kept, so that an application without templates is no cycle.
    """

    def __init__(self, app: JinjaEnvironmentOwner) -> None:
        self._app_reference = weakref.ref(app)

    @property
    def _environment(self) -> jinja2.Environment:
        app = self._app_reference()
        if app is None:
            raise RuntimeError(
                "The application of these templates no longer exists. Keep a reference to it for"
                " as long as its templates are used."
            )
        return app.jinja_env

    def find(self, names: str | Sequence[str], /) -> jinja2.Template:
        """Find a template by its name, or the first that exists of several names.

        :raises jinja2.TemplateNotFound: none exists; a note says where it was looked for.
        """
        environment = self._environment
        try:
            if isinstance(names, str):
                return environment.get_template(names)
            return environment.select_template(names)
        except TemplateNotFound as error:
            _note_places(environment, error)
            raise

    def from_source(self, source: str, /) -> jinja2.Template:
        """Compile a template given as text."""
        return self._environment.from_string(source)

    # Any: a macro or a variable of a template has a type only the template knows.
    def attribute(self, template_name: str, attribute: str, /) -> Any:
        """Give a macro or a variable that the named template exports.

        :raises jinja2.TemplateNotFound: there is no such template.
        :raises AttributeError: it exports nothing of that name; the message lists what it does.
        """
        module = self.find(template_name).module
        try:
            return getattr(module, attribute)
        except AttributeError:
            exported = sorted(name for name in vars(module) if not name.startswith("_"))
            raise AttributeError(
                f"the template {template_name!r} exports no {attribute!r}; what it exports:"
                f" {', '.join(exported) or 'nothing'} (names that begin with an underscore, or"
                " are set inside a block, stay private)",
                name=attribute,
                obj=module,
            ) from None


class JinjaEnvironmentOwner(Protocol):
    """What the backend asks of the application."""

    @property
    def jinja_env(self) -> jinja2.Environment:
        """The environment, made when first asked for."""
        ...


def _note_places(environment: jinja2.Environment, error: TemplateNotFound) -> None:
    if isinstance(environment, Environment):
        environment.note_places(error)
