"""MiniJinja as the template engine: most of Jinja's language, by a library written in Rust.

Needs the library minijinja (`pip install "typedflask[minijinja]"`). What it does otherwise than
Jinja is in its documentation; what this backend adds to it is in decision 043.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypedDict, Unpack, cast

from markupsafe import Markup, escape

from typedflask.backends import missing_library
from typedflask.templating.contract import EngineApp, TemplateMistake
from typedflask.templating.escaping import json_for_html
from typedflask.templating.folders import (
    TEMPLATE_ENDINGS,
    CompiledTemplates,
    TemplateFile,
    TemplateFolders,
)

try:
    from minijinja import Environment, TemplateError, pass_state
except ImportError as _error:
    raise missing_library("MinijinjaTemplates", "minijinja") from _error

if TYPE_CHECKING:
    from minijinja._lowlevel import State

TEXT: Final = "<string>"
"""What MiniJinja calls a template that was given as text."""

NOTE: Final = "Raised by something that was called by "
"""How the notes in errors begin."""

QUOTED: Final = re.compile(r"""'([^']*)'|"([^"]*)\"""")
"""A word in quotes."""

LEFT_ALONE: Final = (type(None), int, float, Markup)
"""Values in which nothing is to be escaped. None also stands for what does not exist."""

MACRO: Final = {"name", "arguments", "caller"}
"""The keys by which MiniJinja describes a macro to Python."""


class MinijinjaOptions(TypedDict, total=False):
    """Options of MiniJinja's environment; its documentation explains them."""

    trim_blocks: bool
    lstrip_blocks: bool
    keep_trailing_newline: bool
    fuel: int | None
    pycompat: bool
    line_statement_prefix: str | None
    line_comment_prefix: str | None


class MinijinjaTemplates:
    """MiniJinja over the folders of an application and its blueprints.

    The rules are those of Jinja here: the same templates are escaped, and the same names, filters,
    tests and globals are known. A template is always given as one piece, also when it is streamed.

    :param app: the application.
    :param strict: whether a name that does not exist is an error where it is used; otherwise it
        shows as nothing, as with Jinja.
    :param options: those of `minijinja.Environment`.
    """

    def __init__(
        self, app: EngineApp, *, strict: bool = False, **options: Unpack[MinijinjaOptions]
    ) -> None:
        self.folders: TemplateFolders = TemplateFolders(app)
        self._strict = strict
        self._options = options
        self._templates = CompiledTemplates(self.folders, self._known)
        self._made: Environment | None = None
        self._changes = -1
        self._lock = threading.Lock()

    def find(self, names: str | Sequence[str], /) -> MinijinjaTemplate:
        """Find a template by its name, or the first that exists of several names.

        It is compiled when it is rendered, and mistakes in it are told then.

        :raises MissingTemplate: none exists; it says where it was looked for.
        """
        return self._templates.find(names)

    def from_source(self, source: str, /) -> MinijinjaTemplate:
        """Make a template of text."""
        return MinijinjaTemplate(self, None, source)

    # Any: what a template defines has a type only the template knows.
    def attribute(self, template_name: str, attribute: str, /) -> Any:
        """Give a macro, as a function that gives its text, or a variable of a template.

        A variable is what MiniJinja makes of it: it comes back as a plain Python value.

        :raises MissingTemplate: there is no such template.
        :raises AttributeError: it defines nothing of that name; the message lists what it does.
        """
        self.find(template_name)
        got: list[Mapping[str, Any]] = []
        self._render_text(
            "{% import __name as module %}{{ __take(module) }}",
            {"__name": template_name, "__take": got.append},
        )
        module = got[0]
        if attribute not in module:
            raise AttributeError(
                f"the template {template_name!r} exports no {attribute!r}; what it exports:"
                f" {', '.join(sorted(module)) or 'nothing'}",
                name=attribute,
                obj=module,
            )
        value = module[attribute]
        if _is_macro(value):
            return self._macro(template_name, attribute)
        return value

    def mistakes(self) -> Iterator[TemplateMistake]:
        """Compile every template, and give those that do not compile."""
        environment = self.environment
        for file in self.folders.files((*TEMPLATE_ENDINGS, ".jinja", ".jinja2", ".j2")):
            try:
                environment.undeclared_variables_in_template(file.name)
            except TemplateError as error:
                yield TemplateMistake(file.path, error.line, file.name, error.message)
            except UnicodeDecodeError:
                continue  # no text, so no template

    @property
    def environment(self) -> Environment:
        """MiniJinja's environment, ready to be used: with all functions, and reloaded if need be."""
        app = self.folders.app
        with self._lock:
            if self._made is None:
                self._made = self._make_environment(app)
            environment = self._made
            if self._changes != app.template_functions.changes:
                self._take_functions(environment, app)
            # Its errors show the values of variables otherwise, which may be secrets.
            if environment.debug != app.debug:
                environment.debug = app.debug
        if self.folders.reload:
            environment.reload()
        return environment

    def run(self, render: Callable[[Environment], str], description: str) -> str:
        """Render something, and see that its errors tell what is needed to mend it.

        :param render: does it.
        :param description: what messages call the template.
        :raises MissingTemplate: the template wants another that does not exist.
        :raises minijinja.TemplateError: it does not compile or cannot be rendered.
        """
        try:
            return render(self.environment)
        except TemplateError as error:
            if error.kind == "TemplateNotFound":
                self._raise_missing(error)
            raise
        except Exception as error:
            # What a function raises passes through MiniJinja, which does not say from where.
            if not any(note.startswith(NOTE) for note in getattr(error, "__notes__", ())):
                error.add_note(f"{NOTE}{description}; MiniJinja does not say in which line.")
            raise

    def _known(self, file: TemplateFile) -> MinijinjaTemplate:
        return MinijinjaTemplate(self, file.name, None)

    def _make_environment(self, app: EngineApp) -> Environment:
        environment = Environment(
            loader=self._load,
            debug=app.debug,
            undefined_behavior="strict" if self._strict else "lenient",
            auto_escape_callback=self._is_escaped,
            finalizer=_as_html,
            **self._options,
        )
        environment.add_filter("tojson", self._to_json)
        for name, value in app.template_names().items():
            environment.add_global(name, value)
        return environment

    def _take_functions(self, environment: Environment, app: EngineApp) -> None:
        functions = app.template_functions
        self._changes = functions.changes
        for name, function in functions.filters.items():
            environment.add_filter(name, function)
        for name, function in functions.tests.items():
            environment.add_test(name, function)
        for name, function in functions.globals.items():
            environment.add_global(name, function)

    def _load(self, name: str) -> str | None:
        file = self.folders.look(name)
        return None if file is None else file.read()

    def _is_escaped(self, name: str) -> bool:
        return self.folders.app.select_jinja_autoescape(None if name == TEXT else name)

    # Any: what becomes JSON is decided by the application's provider.
    def _to_json(self, value: Any, /, **options: Any) -> Markup:
        return json_for_html(self.folders.app.json, value, **options)

    def _macro(self, template_name: str, macro: str) -> Callable[..., str]:
        # Any: the parameters are those of the macro.
        def call(*args: Any, **kwargs: Any) -> str:
            values = {"__name": template_name, "__args": args, "__kwargs": kwargs}
            return Markup(
                self._render_text(
                    f"{{% import __name as module %}}{{{{ module.{macro}(*__args, **__kwargs) }}}}",
                    values,
                )
            )

        call.__name__ = macro
        return call

    # Any: templates take whatever the application wants to show.
    def _render_text(self, source: str, context: Mapping[str, Any]) -> str:
        return MinijinjaTemplate(self, None, source).render(context)

    def _raise_missing(self, error: TemplateError) -> NoReturn:
        """Say where the template was looked for that another one names."""
        wanted_by = f"{error.name!r} in line {error.line}" if error.line else None
        # MiniJinja says the names in a sentence only, in quotes of either kind.
        sentence = error.detail or str(error)
        names = [single or double for single, double in QUOTED.findall(sentence)]
        raise self.folders.missing(names or sentence, wanted_by) from error


class MinijinjaTemplate:
    """A template of MiniJinja's, named or given as text.

    :param engine: renders it.
    :param name: its name; None for one made from text.
    :param source: the text, or None for one that has a name.
    """

    def __init__(self, engine: MinijinjaTemplates, name: str | None, source: str | None) -> None:
        self.name = name
        self._engine = engine
        self._source = source

    # Any: templates take whatever the application wants to show.
    def render(self, context: Mapping[str, Any], /) -> str:
        """Give the whole text."""
        name, source = self.name, self._source
        if name is not None:
            return self._engine.run(
                lambda environment: environment.render_template(name, **context),
                f"the template {name!r}",
            )
        return self._engine.run(
            lambda environment: environment.render_str(source or "", **context),
            "a template given as text",
        )

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        """Give the whole text as one piece, made when it is asked for; there is no other way."""
        yield self.render(context)


def _is_macro(value: object) -> bool:
    """Whether this is what MiniJinja gives Python of a macro: a description."""
    # The cast says nothing that is not asked for: the keys are compared with those of MACRO.
    return isinstance(value, dict) and cast("dict[object, object]", value).keys() == MACRO


@pass_state
def _as_html(state: State, value: object) -> object:
    """Show a value as Jinja would; NotImplemented leaves it to MiniJinja, which is quicker.

    MiniJinja asks only text for its `__html__`, and spells slashes and quotes in a way of its own.
    """
    if type(value) is str:
        if "/" not in value and "'" not in value and '"' not in value:
            return NotImplemented
    elif isinstance(value, LEFT_ALONE):
        return NotImplemented
    return escape(value) if state.auto_escape == "html" else NotImplemented
