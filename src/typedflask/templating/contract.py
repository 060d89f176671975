"""What the framework asks of a template engine, and what rendering asks of the application.

The seam in three words: an engine *finds* a template by name, *compiles* one from text, and either
way gives back a `Template`, which renders itself whole or in pieces. Nothing here knows Jinja; its
own template objects happen to fit, so the default backend hands them over as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from typedflask.active import Active


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


active_app: Final = Active[TemplateApp]()
"""Which application do the render functions act for?"""

keep_context: Final = Active[Callable[[Iterator[str]], Iterator[str]]]()
"""What keeps the active request alive while a template is streamed? None outside a request."""

active_blueprint: Final = Active[str]()
"""Which blueprint does the active request belong to? Only messages make use of it."""
