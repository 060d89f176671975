"""The templates of an application, parsed, and where one that does not parse is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import jinja2
from jinja2 import TemplateNotFound, TemplateSyntaxError, nodes

from ..templating.escaping import AUTOESCAPED
from ..templating.jinja import JinjaTemplates
from .contract import CheckedApp
from .problem import Place

TEMPLATE_ENDINGS: Final = (*AUTOESCAPED, ".txt", ".jinja", ".jinja2", ".j2")
"""The endings of files that are taken for templates; a folder of templates may hold others too."""


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template.

    :param name: what it is called.
    :param file: its file, or None for one that does not come from a file.
    :param tree: what is written in it; None when it does not compile.
    :param error: why it does not compile.
    """

    name: str
    file: str | None
    tree: nodes.Template | None
    error: TemplateSyntaxError | None = None

    def at(self, line: int) -> Place:
        """A line of the template."""
        return Place(self.file or f"template {self.name}", line)


def jinja_of(app: CheckedApp) -> jinja2.Environment | None:
    """The environment of the application's templates; None if another engine renders them."""
    return app.jinja_env if isinstance(app.templates, JinjaTemplates) else None


def read_templates(app: CheckedApp) -> Iterator[TemplateFile]:
    """Parse and compile every template that the loader lists; not every loader can."""
    environment = jinja_of(app)
    if environment is None or environment.loader is None:
        return
    try:
        names = environment.loader.list_templates()
    except TypeError:
        return
    for name in names:
        if name.lower().endswith(TEMPLATE_ENDINGS):
            template = read_template(environment, environment.loader, name)
            if template is not None:
                yield template


def read_template(
    environment: jinja2.Environment, loader: jinja2.BaseLoader, name: str
) -> TemplateFile | None:
    """Parse and compile one template; None where it is not text."""
    try:
        source, file, _ = loader.get_source(environment, name)
    except (TemplateNotFound, UnicodeDecodeError, OSError):
        return None
    try:
        tree = environment.parse(source, name, file)
        environment.compile(source, name, file)
    except TemplateSyntaxError as error:
        return TemplateFile(name, file, None, error)
    return TemplateFile(name, file, tree)


def exists(environment: jinja2.Environment, name: str) -> bool:
    """Whether the loader has a template; what it says otherwise than by "not found" is no no."""
    if environment.loader is None:
        return True
    try:
        environment.loader.get_source(environment, name)
    except TemplateNotFound:
        return False
    except Exception:
        return True
    return True


def has_template(app: CheckedApp, name: str) -> bool:
    """Whether an application has a template, whatever its engine is.

    Only a `LookupError` says no: an engine that cannot tell, or finds a mistake in the template,
    says something else.
    """
    environment = jinja_of(app)
    if environment is not None:
        return exists(environment, name)
    try:
        app.templates.find(name)
    except LookupError:
        return False
    except Exception:
        return True
    return True
