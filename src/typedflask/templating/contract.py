"""What the framework asks of a template engine, and what rendering asks of the application.

The seam in three words: an engine *finds* a template by name, *compiles* one from text, and either
way gives back a `Template`, which renders itself whole or in pieces. Nothing here knows Jinja; its
own template objects happen to fit, so the default backend hands them over as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from logging import Logger
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from typedflask.templating.escaping import DumpsJSON


@runtime_checkable
class Template(Protocol):
    """A template ready to be rendered, as an engine found or compiled it.

    Receivers of the signals get this object, and it may be passed wherever a name may.
    """

    @property
    def name(self) -> str | None:
        """The name it was found by; None for a template made from text."""
        ...

    # Any: templates take whatever the application wants to show.
    def render(self, context: Mapping[str, Any], /) -> str:
        """Give the whole text."""
        ...

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        """Give the text piece by piece, each made when it is asked for."""
        ...


TemplateName: TypeAlias = str | Template | Sequence[str | Template]
"""A template's name, a template, or several of them of which the first that exists is taken."""


class TemplateBackend(Protocol):
    """A template engine, as `app.templates` holds it and `Flask(templates=...)` takes it.

    A backend that lacks one of these features raises `UnsupportedByEngine` from its method.
    """

    def find(self, names: str | Sequence[str], /) -> Template:
        """Find a template by its name, or the first that exists of several names.

        :raises LookupError: none exists; engines raise their own subclass.
        """
        ...

    def from_source(self, source: str, /) -> Template:
        """Make a template of text that is no file; values in it are escaped as HTML."""
        ...

    # Any: a macro or a variable of a template has a type only the template knows.
    def attribute(self, template_name: str, attribute: str, /) -> Any:
        """Give a macro or a variable that the named template defines at its top level.

        :raises LookupError: there is no such template.
        :raises AttributeError: the template defines nothing of that name.
        """
        ...


class TemplateMistake(NamedTuple):
    """A template that does not compile.

    :param file: its file.
    :param line: the line of the mistake, counted from 1; None if the engine cannot tell.
    :param name: what the template is called.
    :param message: what is wrong with it.
    """

    file: str
    line: int | None
    name: str
    message: str


@runtime_checkable
class FindsMistakes(Protocol):
    """An engine that can compile all templates there are, for `typedflask check`."""

    def mistakes(self) -> Iterator[TemplateMistake]:
        """Compile every template, and give those that do not compile."""
        ...


class TemplateApp(Protocol):
    """What the render functions ask of the active application."""

    @property
    def templates(self) -> TemplateBackend:
        """The engine of this application."""
        ...

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Add what the context processors give, without replacing what is there."""
        ...

    # Any: receivers of a signal take what its sender sends.
    def ensure_sync(self, func: Callable[..., Any], /) -> Callable[..., Any]:
        """Make an `async def` receiver callable from synchronous code."""
        ...


# Any: filters and their like take and give whatever templates hand to them.
TemplateFunction: TypeAlias = Callable[..., Any]


class TemplateFunctions:
    """The filters, tests and globals that an application registered for its templates.

    They are kept here whatever the engine is, which may not be known yet; each engine takes from
    the tables what it has a use for. To be read, and changed by `add` alone.
    """

    __slots__ = ("changes", "filters", "globals", "tests")

    def __init__(self) -> None:
        self.filters: dict[str, TemplateFunction] = {}
        self.tests: dict[str, TemplateFunction] = {}
        self.globals: dict[str, TemplateFunction] = {}
        self.changes: int = 0
        """How often something was added: engines that copy the tables compare it."""

    def add(
        self, table: dict[str, TemplateFunction], name: str, function: TemplateFunction, /
    ) -> None:
        """Add a function to one of the tables.

        :param table: `filters`, `tests` or `globals`.
        :param name: what templates call it.
        :param function: the function.
        """
        table[name] = function
        self.changes += 1


class FolderOwner(Protocol):
    """An application or a blueprint, as one that may have a folder of templates."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def root_path(self) -> str:
        """Its own folder."""
        ...

    @property
    def template_folder(self) -> str | os.PathLike[str] | None:
        """The folder of its templates, relative to `root_path`; None for none."""
        ...


class EngineApp(FolderOwner, Protocol):
    """What an engine may ask of its application; `Flask` has all of it."""

    # Any: configuration values are of many types.
    @property
    def config(self) -> Mapping[str, Any]:
        """`TEMPLATES_AUTO_RELOAD` and `EXPLAIN_TEMPLATE_LOADING` are read from it."""
        ...

    @property
    def debug(self) -> bool:
        """In debug mode a changed template is loaded again."""
        ...

    @property
    def logger(self) -> Logger:
        """Gets the explanations."""
        ...

    @property
    def json(self) -> DumpsJSON:
        """The JSON provider in use now; it may be replaced at any time."""
        ...

    @property
    def template_functions(self) -> TemplateFunctions:
        """The registered filters, tests and globals."""
        ...

    def iter_blueprints(self) -> Iterable[FolderOwner]:
        """Give the blueprints in the order of their registration."""
        ...

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Say whether values in this template are escaped; the name is Flask's."""
        ...

    # Any: names stand for objects of many types.
    def template_names(self) -> dict[str, Any]:
        """Give what every template can use: `url_for`, `request`, `session`, `g`, `config`, ..."""
        ...


class MissingTemplate(LookupError):
    """No template has the name, or any of the names, that was asked for.

    Jinja raises its own `jinja2.TemplateNotFound` instead; both are a `LookupError`.

    :param names: the names.
    :param places: where they were looked for, in words.
    :param wanted_by: the template and line that asked, if it was a template.
    """

    def __init__(self, names: Sequence[str], places: str, wanted_by: str | None = None) -> None:
        super().__init__(names, places, wanted_by)
        self.names: tuple[str, ...] = tuple(names)
        self.places = places
        self.wanted_by = wanted_by

    def __str__(self) -> str:
        if not self.names:
            return "No name of a template was given: the list of names is empty."
        names = " or ".join(map(repr, self.names))
        wanted = f", which {self.wanted_by} wants" if self.wanted_by else ""
        return f"There is no template {names}{wanted}.\n{self.places}"


class UnsupportedByEngine(NotImplementedError):
    """The application's template engine lacks a feature that was asked for.

    :param engine: the engine's name, as its users know it.
    :param feature: what it lacks, in words that fit after "does not offer".
    """

    def __init__(self, engine: str, feature: str) -> None:
        super().__init__(engine, feature)
        self.engine = engine
        self.feature = feature

    def __str__(self) -> str:
        return (
            f"the template engine {self.engine} does not offer {self.feature};"
            " do without it here, or give the application an engine that has it"
            " (Flask(..., templates=...))"
        )
