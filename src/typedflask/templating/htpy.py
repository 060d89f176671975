"""htpy as the template engine: pages are functions in Python, so there are no files and no text.

Needs the library htpy (`pip install "typedflask[htpy]"`). A *component* is a function that gives
elements; it stands where the name of a template would, or gets a name (decision 044).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import update_wrapper
from inspect import Parameter
from typing import Any, Final, Generic, NoReturn, ParamSpec, TypeVar

from typedflask.backends import missing_library
from typedflask.templating.contract import (
    EngineApp,
    MissingTemplate,
    TemplateApp,
    UnsupportedByEngine,
)

try:
    from htpy import Node, fragment
except ImportError as _error:
    raise missing_library("HtpyTemplates", "htpy") from _error

P = ParamSpec("P")
NodeT = TypeVar("NodeT", bound=Node)

ENGINE: Final = "htpy"


class Component(Generic[P, NodeT]):
    """A function that gives a page or a part of one, and is a template: `@component` makes it.

    Called, it is the function, checked as such. Rendered, it is called with those names of the
    context that it has parameters for, or with all if it has a parameter like `**names`.

    :param function: gives elements, text, which is escaped, or an iterable of them.
    :param name: its name; None for none.
    """

    def __init__(self, function: Callable[P, NodeT], name: str | None = None) -> None:
        update_wrapper(self, function)
        self.function = function
        self.name = name
        # Any: what the context holds is checked by nobody; calls in Python are.
        self._call: Callable[..., Node] = function
        self._accepts = _accepted_by(function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> NodeT:
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        called = str(getattr(self.function, "__qualname__", self.function))
        return f"<component {called}{'' if self.name is None else f', named {self.name!r}'}>"

    # Any: templates take whatever the application wants to show.
    def render(self, context: Mapping[str, Any], /) -> str:
        """Give the whole text.

        :raises TypeError: a parameter has no value; it says which, of which component.
        """
        return "".join(self.generate(context))

    def generate(self, context: Mapping[str, Any], /) -> Iterator[str]:
        """Give the text piece by piece: each tag and each child, when it is asked for."""
        arguments = {name: value for name, value in context.items() if self._accepts(name)}
        yield from fragment[self._call(**arguments)].iter_chunks()


def component(function: Callable[P, NodeT], /) -> Component[P, NodeT]:
    """Make a component of the function below, so that `render_template` takes it.

    :param function: gives elements, text, which is escaped, or an iterable of them.
    """
    return Component(function)


class HtpyTemplates:
    """Components by name, for `render_template("page.html")`; components as objects need no name.

    A name exists when `add` was called with it. Templates given as text, and attributes of
    templates, do not exist with htpy, and asking for them says so. What Jinja's templates know by
    name (`url_for`, `request`, filters) is imported, as everywhere in Python.

    :param app: the application, of which nothing is asked.
    :param components: components by name, to begin with.
    """

    def __init__(
        self,
        app: EngineApp | None = None,
        *,
        components: Mapping[str, Callable[..., Node]] | None = None,
    ) -> None:
        self._components: dict[str, Component[..., Node]] = {}
        for name, each in (components or {}).items():
            self.add(name, each)

    @classmethod
    def of(cls, app: TemplateApp, /) -> HtpyTemplates:
        """Give the engine of an application that renders its pages with htpy.

        :param app: the application.
        :raises TypeError: it has another engine.
        """
        engine = app.templates
        if isinstance(engine, HtpyTemplates):
            return engine
        raise TypeError(f"the engine of this application is {type(engine).__name__}, not htpy")

    def add(self, name: str, component: Callable[..., Node], /) -> None:
        """Give a component a name; one that has it already is replaced.

        :param name: the name.
        :param component: a component, or a function that could be one.
        """
        self._components[name] = Component(component, name)

    def find(self, names: str | Sequence[str], /) -> Component[..., Node]:
        """Find a component by its name, or the first that exists of several names.

        :raises MissingTemplate: none exists; it lists those that do.
        """
        asked = [names] if isinstance(names, str) else names
        for name in asked:
            if name in self._components:
                return self._components[name]
        known = ", ".join(map(repr, sorted(self._components))) or "none yet"
        raise MissingTemplate(
            asked,
            f"{ENGINE} has no template files; HtpyTemplates.add(name, component) gives a component"
            f" a name, and render_template takes components themselves. Names: {known}.",
        )

    def from_source(self, source: str, /) -> NoReturn:
        """Refuse: with htpy a page is a function, not a text.

        :raises UnsupportedByEngine: always.
        """
        raise UnsupportedByEngine(ENGINE, "templates given as text")

    def attribute(self, template_name: str, attribute: str, /) -> NoReturn:
        """Refuse: what a module of components defines is imported from it.

        :raises UnsupportedByEngine: always.
        """
        raise UnsupportedByEngine(
            ENGINE, f"attributes of templates, such as {attribute!r} (import it in Python)"
        )


def _accepted_by(function: Callable[..., object]) -> Callable[[str], bool]:
    """Make what says whether a function has a parameter of some name."""
    parameters = inspect.signature(function).parameters
    only_by_place = {
        name for name, each in parameters.items() if each.kind is Parameter.POSITIONAL_ONLY
    }
    if any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values()):
        return lambda name: name not in only_by_place
    return (parameters.keys() - only_by_place).__contains__
