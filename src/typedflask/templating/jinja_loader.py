"""Where Jinja's templates come from: the application's folder first, then each blueprint's.

So an application can replace a template of a blueprint by having one of the same name. When the
wrong file turns up, `EXPLAIN_TEMPLATE_LOADING` logs who was asked and what was found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import singledispatch
from logging import Logger
from typing import Any, Protocol, TypeAlias

import jinja2
from jinja2 import BaseLoader, TemplateNotFound

from typedflask.templating.asking import active_blueprint
from typedflask.templating.explaining import Attempt, explanation, places

TemplateSource: TypeAlias = tuple[str, str | None, Callable[[], bool] | None]
"""A template's text, its file if it has one, and a function telling if that is still current."""


class LoaderOwner(Protocol):
    """An application or a blueprint, as one that may have templates."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def import_name(self) -> str:
        """The module it was made in."""
        ...

    @property
    def jinja_loader(self) -> BaseLoader | None:
        """The loader of its own templates, or None if it has none."""
        ...


class LoaderApp(LoaderOwner, Protocol):
    """What the loader asks of the application."""

    # Any: configuration values are of many types.
    @property
    def config(self) -> Mapping[str, Any]:
        """`EXPLAIN_TEMPLATE_LOADING` is read from it, each time a template is loaded."""
        ...

    @property
    def logger(self) -> Logger:
        """Gets the explanations."""
        ...

    def iter_blueprints(self) -> Iterable[LoaderOwner]:
        """Give the blueprints in the order of their registration."""
        ...


class DispatchingJinjaLoader(BaseLoader):
    """Asks the application's loader, then each blueprint's in the order of registration.

    Behaviour from Flask's documentation.

    :param app: the application; its blueprints are looked up each time, so one that is
        registered later is found.
    """

    def __init__(self, app: LoaderApp) -> None:
        self.app = app

    def get_source(self, environment: jinja2.Environment, template: str) -> TemplateSource:
        """Give the template's source from the first loader that has it.

        :raises TemplateNotFound: no loader has it.
        """
        if self.app.config.get("EXPLAIN_TEMPLATE_LOADING"):
            found = self._ask_all_and_log(environment, template)
        else:
            found = next(self._found(environment, template), None)
        if found is None:
            raise TemplateNotFound(template)
        return found

    def list_templates(self) -> list[str]:
        """Give the names of all templates, sorted, each once.

        :raises TypeError: a loader cannot tell what it has.
        """
        names: set[str] = set()
        for _, loader in self._loaders():
            names.update(loader.list_templates())
        return sorted(names)

    def places(self) -> str:
        """Say in words where templates are looked for; a missing template's note."""
        return places([f"{who}: {where(loader)}" for who, loader in self._loaders()], self.app.name)

    def _loaders(self) -> Iterator[tuple[str, BaseLoader]]:
        """Give each loader and the name of its owner, in order of preference."""
        if self.app.jinja_loader is not None:
            yield f"application {self.app.name!r}", self.app.jinja_loader
        for blueprint in self.app.iter_blueprints():
            if blueprint.jinja_loader is not None:
                yield f"blueprint {blueprint.name!r}", blueprint.jinja_loader

    def _found(self, environment: jinja2.Environment, template: str) -> Iterator[TemplateSource]:
        for _, loader in self._loaders():
            source = _ask(loader, environment, template)
            if source is not None:
                yield source

    def _ask_all_and_log(
        self, environment: jinja2.Environment, template: str
    ) -> TemplateSource | None:
        """Ask every loader, also after one had it, so that the log shows what is hidden."""
        answers = [
            (who, where(loader), _ask(loader, environment, template))
            for who, loader in self._loaders()
        ]
        attempts = [
            Attempt(who, place, None if found is None else found[1] or "not from a file")
            for who, place, found in answers
        ]
        self.app.logger.info("%s", explanation(template, attempts, active_blueprint()))
        return next((found for _, _, found in answers if found is not None), None)


def _ask(
    loader: BaseLoader, environment: jinja2.Environment, template: str
) -> TemplateSource | None:
    try:
        return loader.get_source(environment, template)
    except TemplateNotFound:
        return None


@singledispatch
def where(loader: BaseLoader) -> str:
    """Say in words where a loader looks; unknown kinds are called by their class."""
    return type(loader).__name__


@where.register
def _(loader: jinja2.FileSystemLoader) -> str:
    return ", ".join(
        folder if os.path.isdir(folder) else f"{folder} (no such folder)"
        for folder in loader.searchpath
    )


@where.register
def _(loader: jinja2.PackageLoader) -> str:
    return f"{loader.package_path!r} in the package {loader.package_name}"


@where.register
def _(loader: jinja2.ChoiceLoader) -> str:
    return "; ".join(where(each) for each in loader.loaders)
