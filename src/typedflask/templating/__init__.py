"""Templates: the engine is behind a contract, Jinja is the default, `render_template` the door.

`contract` says what an engine must do, `jinja` does it with Jinja, `jinja_loader` knows in which
folders to look, and `render` holds the functions an application calls.
"""

from __future__ import annotations

from typedflask.templating.contract import Template, TemplateBackend, UnsupportedByEngine
from typedflask.templating.jinja import Environment, JinjaTemplates
from typedflask.templating.jinja_loader import DispatchingJinjaLoader
from typedflask.templating.render import (
    get_template_attribute,
    render_template,
    render_template_string,
    stream_template,
    stream_template_string,
)

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
