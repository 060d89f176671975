"""Templates: the engine is behind a contract, Jinja is the default, `render_template` the door.

`contract` says what an engine must do, `jinja` does it with Jinja, `jinja_loader` knows in which
folders to look, and `render` holds the functions an application calls.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from typedflask.templating.contract import Template, TemplateBackend, UnsupportedByEngine
from typedflask.templating.render import (
    get_template_attribute,
    render_template,
    render_template_string,
    stream_template,
    stream_template_string,
)

if TYPE_CHECKING:
    from typedflask.templating.jinja import Environment, JinjaTemplates
    from typedflask.templating.jinja_loader import DispatchingJinjaLoader

JINJA: Final = {
    "Environment": "jinja",
    "JinjaTemplates": "jinja",
    "DispatchingJinjaLoader": "jinja_loader",
}
"""Names that need Jinja, with their modules: imported when first asked for (decision 055)."""


def __getattr__(name: str) -> object:
    if name in JINJA:
        return getattr(import_module(f"{__name__}.{JINJA[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DispatchingJinjaLoader",
    "Environment",
    "JinjaTemplates",
    "Template",
    "TemplateBackend",
    "UnsupportedByEngine",
    "get_template_attribute",
    "render_template",
    "render_template_string",
    "stream_template",
    "stream_template_string",
]
