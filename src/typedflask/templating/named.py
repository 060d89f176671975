"""The template engines that `TEMPLATE_ENGINE` can name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from typedflask.backends import BackendName, BackendNames
from typedflask.newer_typing import TypeIs
from typedflask.templating.contract import TemplateBackend

# Any: the application, which lies floors above; each engine asks of it what it needs.
TemplateChoice: TypeAlias = TemplateBackend | Callable[[Any], TemplateBackend]
"""What an application takes as its engine: an object, or what makes one for the application."""


def is_template_backend(value: object) -> TypeIs[TemplateBackend]:
    """Whether this is an engine; a class is none, its objects are."""
    methods = ("find", "from_source")
    return not isinstance(value, type) and all(
        callable(getattr(value, name, None)) for name in methods
    )


def is_template_choice(value: object) -> TypeIs[TemplateChoice]:
    """Whether an application takes this as its template engine."""
    return is_template_backend(value) or callable(value)


TEMPLATE_ENGINES: Final = BackendNames(
    "template engine",
    "TEMPLATE_ENGINE",
    "typedflask.templates",
    is_template_choice,
    "an object with `find` and `from_source`, or a class or function that makes one for the"
    " application it is called with",
    [
        BackendName(
            "jinja",
            "typedflask.templating.jinja:JinjaTemplates",
            "Jinja, with all that Flask documents",
        ),
        BackendName(
            "minijinja",
            "typedflask.templating.minijinja:MinijinjaTemplates",
            "MiniJinja, a smaller Jinja written in Rust",
            "minijinja",
        ),
        BackendName(
            "mako",
            "typedflask.templating.mako:MakoTemplates",
            "Mako, with escaping switched on",
            "mako",
        ),
        BackendName(
            "htpy",
            "typedflask.templating.htpy:HtpyTemplates",
            "htpy, pages written in Python",
            "htpy",
        ),
    ],
)
"""The table; `TEMPLATE_ENGINES.add(...)` gives another engine a name."""
