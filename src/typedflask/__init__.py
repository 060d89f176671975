"""typedflask: Flask's documented API with strict types and swappable backends.

The public names, and nothing else. The room behind a name is imported when the name is asked for, so
that an application does not load what it does not use (decision 095), and what only lives in the
package, such as the mypy plugin, no web framework (decision 078).
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
        "blueprints": "Blueprint",
        "cli": "",
        "config": "Config",
        "ctx": "has_app_context has_request_context",
        "extensions": "Key",
        "flashing": "flash get_flashed_messages",
        "globals": "current_app g request session",
        "helpers": "abort after_this_request jsonify make_response redirect send_file"
        " send_from_directory url_for",
        "json": "",
        "logging": "",
        "requests": "Request",
        "responses": "Response Rule",
        "routing.view_urls": "URL",
        "running": "",
        "signals": "appcontext_popped appcontext_pushed appcontext_tearing_down"
        " before_render_template got_request_exception message_flashed request_finished"
        " request_started request_tearing_down template_rendered",
        "state": "current typed_config typed_g typed_session",
        "streaming": "copy_current_request_context stream_with_context",
        "templating": "get_template_attribute render_template render_template_string"
        " stream_template stream_template_string",
        "testing": "",
        "views": "",
        "wrappers": "",
    }

    def __getattr__(name: str) -> object:
        """Import the room that has a name, or is called so."""
        import sys
        from importlib import import_module

        # Not `globals()`: that is a room here.
        known = vars(sys.modules[__name__])
        for room, names in _ROOMS.items():
            if name == room:
                return import_module(f"{__name__}.{room}")
            if name in names.split():
                known[name] = getattr(import_module(f"{__name__}.{room}"), name)
                return known[name]
        if not name.startswith("__"):
            import_module(f"{__name__}.app")  # other rooms are there as soon as applications are
            if name in known:
                return known[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """The public names, also those that nobody asked for yet."""
        return sorted(__all__)
