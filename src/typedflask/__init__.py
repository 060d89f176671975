"""typedflask: Flask's documented API with strict types and swappable backends.

The public names, and nothing else.
"""

from typing import TYPE_CHECKING

from . import json
from .app import Flask
from .blueprints import Blueprint
from .config import Config
from .ctx import has_app_context, has_request_context
from .extensions import Key
from .globals import current_app, g, request, session
from .helpers import (
    abort,
    after_this_request,
    copy_current_request_context,
    flash,
    get_flashed_messages,
    get_template_attribute,
    jsonify,
    make_response,
    redirect,
    render_template,
    render_template_string,
    send_file,
    send_from_directory,
    stream_template,
    stream_template_string,
    stream_with_context,
    url_for,
)
from .requests import Request
from .responses import Response, Rule
from .signals import (
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    before_render_template,
    got_request_exception,
    message_flashed,
    request_finished,
    request_started,
    request_tearing_down,
    template_rendered,
)

if TYPE_CHECKING:
    from .routing.view_urls import URL
    from .state import current, typed_config, typed_g, typed_session

__all__ = [
    "URL",
    "Blueprint",
    "Config",
    "Flask",
    "Key",
    "Request",
    "Response",
    "Rule",
    "abort",
    "after_this_request",
    "appcontext_popped",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "before_render_template",
    "copy_current_request_context",
    "current",
    "current_app",
    "flash",
    "g",
    "get_flashed_messages",
    "get_template_attribute",
    "got_request_exception",
    "has_app_context",
    "has_request_context",
    "json",
    "jsonify",
    "make_response",
    "message_flashed",
    "redirect",
    "render_template",
    "render_template_string",
    "request",
    "request_finished",
    "request_started",
    "request_tearing_down",
    "send_file",
    "send_from_directory",
    "session",
    "stream_template",
    "stream_template_string",
    "stream_with_context",
    "template_rendered",
    "typed_config",
    "typed_g",
    "typed_session",
    "url_for",
]

if not TYPE_CHECKING:  # checkers are to see the rooms as what they are, and report other names

    def __getattr__(name: str) -> object:
        """The rooms that nothing above needs, such as `cli`, are imported when first asked for."""
        if name in {"cli", "testing", "views", "wrappers"}:
            from importlib import import_module

            return import_module(f"{__name__}.{name}")
        if name in {"current", "typed_config", "typed_g", "typed_session"}:
            from . import state

            return getattr(state, name)
        if name == "URL":
            from .routing.view_urls import URL

            return URL
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
