"""Templates: the engine is behind a contract, Jinja is the default, `render_template` the door.

`contract` says what an engine must do, and `render` holds the functions an application calls.
`jinja` does it with Jinja, and `jinja_loader` knows in which folders to look; `folders` knows it
for `mako`, `minijinja` and engines from elsewhere. `htpy` needs no folders. `escaping` and
`explaining` are what engines do alike.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from typedflask.templating.contract import (
    EngineApp,
    MissingTemplate,
    Template,
    TemplateBackend,
    UnsupportedByEngine,
)
from typedflask.templating.render import (
    get_template_attribute,
    render_template,
    render_template_string,
    stream_template,
    stream_template_string,
)

if TYPE_CHECKING:
    from typedflask.templating.folders import CompiledTemplates, TemplateFile, TemplateFolders
    from typedflask.templating.jinja import Environment, JinjaTemplates
    from typedflask.templating.jinja_loader import DispatchingJinjaLoader

LATER: Final = {
    "CompiledTemplates": "folders",
    "DispatchingJinjaLoader": "jinja_loader",
    "Environment": "jinja",
    "JinjaTemplates": "jinja",
    "TemplateFile": "folders",
    "TemplateFolders": "folders",
}
"""Names that not everybody needs, with their modules: imported when asked for (decision 055)."""


def __getattr__(name: str) -> object:
    if name in LATER:
        return getattr(import_module(f"{__name__}.{LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CompiledTemplates",
    "DispatchingJinjaLoader",
    "EngineApp",
    "Environment",
    "JinjaTemplates",
    "MissingTemplate",
    "Template",
    "TemplateBackend",
    "TemplateFile",
    "TemplateFolders",
    "UnsupportedByEngine",
    "get_template_attribute",
    "render_template",
    "render_template_string",
    "stream_template",
    "stream_template_string",
]
