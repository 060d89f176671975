"""typedflask: Flask's documented API with strict types and swappable backends.

The public names, and nothing else. The rooms behind them are imported when the first name is asked
for, so that what only lives in the package, such as the mypy plugin, need not load a web framework
(decision 078).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import json
    from .app import Flask
    from .blueprints import Blueprint
    from .config import Config
    from .ctx import has_app_context, has_request_context
    from .extensions import Key
    from .flashing import flash, get_flashed_messages
    from .globals import current_app, g, request, session
    from .helpers import (
        abort,
        after_this_request,
        jsonify,
        make_response,
        redirect,
        send_file,
        send_from_directory,
        url_for,
    )
    from .requests import Request
    from .responses import Response, Rule
    from .routing.view_urls import URL
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
    from .state import current, typed_config, typed_g, typed_session
    from .streaming import copy_current_request_context, stream_with_context
    from .templating import (
        get_template_attribute,
        render_template,
        render_template_string,
        stream_template,
        stream_template_string,
    )

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
    _ROOMS = {
        "app": "Flask",
        "config": "Config",
        "ctx": "has_app_context has_request_context",
        "extensions": "Key",
        "globals": "current_app g request session",
        "helpers": "abort after_this_request jsonify make_response redirect send_file"
        " send_from_directory url_for",
        "requests": "Request",
        "responses": "Response Rule",
        "signals": "appcontext_popped appcontext_pushed appcontext_tearing_down"
        " before_render_template got_request_exception message_flashed request_finished"
        " request_started request_tearing_down template_rendered",
    }
    _LATE_ROOMS = {
        "blueprints": "Blueprint",
        "cli": "",
        "flashing": "flash get_flashed_messages",
        "json": "",
        "logging": "",
        "running": "",
        "testing": "",
        "views": "",
        "wrappers": "",
        "routing.view_urls": "URL",
        "streaming": "copy_current_request_context stream_with_context",
        "state": "current typed_config typed_g typed_session",
        "templating": "get_template_attribute render_template render_template_string"
        " stream_template stream_template_string",
    }

    def __getattr__(name: str) -> object:
        """Import the rooms that every application needs, or the one that only some need."""
        import sys
        from importlib import import_module

        # Not `globals()`: that is a room here.
        known = vars(sys.modules[__name__])
        for room, names in _LATE_ROOMS.items():
            if name == room:
                return import_module(f"{__name__}.{room}")
            if name in names.split():
                known[name] = getattr(import_module(f"{__name__}.{room}"), name)
                return known[name]
        if not name.startswith("__"):
            for room, names in _ROOMS.items():
                module = import_module(f"{__name__}.{room}")
                known.update((each, getattr(module, each)) for each in names.split())
            if name in known:
                return known[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """The public names, also those that nobody asked for yet."""
        return sorted(__all__)
