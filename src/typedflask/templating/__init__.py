"""Templates: the engine is behind a contract, Jinja is the default, `render_template` the door.

`contract` says what an engine must do, and `render` holds the functions an application calls.
`jinja` does it with Jinja, and `jinja_loader` knows in which folders to look; `folders` knows it
for `mako`, `minijinja` and engines from elsewhere. `htpy` needs no folders. `escaping` and
`explaining` are what engines do alike.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typedflask.templating.contract import (
        EngineApp,
        MissingTemplate,
        Template,
        TemplateBackend,
        UnsupportedByEngine,
    )
    from typedflask.templating.folders import CompiledTemplates, TemplateFile, TemplateFolders
    from typedflask.templating.jinja import Environment, JinjaTemplates
    from typedflask.templating.jinja_loader import DispatchingJinjaLoader
    from typedflask.templating.render import (
        get_template_attribute,
        render_template,
        render_template_string,
        stream_template,
        stream_template_string,
    )

_LATER: Final = {
    "CompiledTemplates": "folders",
    "EngineApp": "contract",
    "MissingTemplate": "contract",
    "Template": "contract",
    "TemplateBackend": "contract",
    "UnsupportedByEngine": "contract",
    "get_template_attribute": "render",
    "render_template": "render",
    "render_template_string": "render",
    "stream_template": "render",
    "stream_template_string": "render",
    "DispatchingJinjaLoader": "jinja_loader",
    "Environment": "jinja",
    "JinjaTemplates": "jinja",
    "TemplateFile": "folders",
    "TemplateFolders": "folders",
}
"""Names that not everybody needs, with their modules: imported when asked for (decisions 049, 055)."""


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
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
