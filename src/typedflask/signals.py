"""The signals an application sends; each receiver gets the application as its sender.

Behaviour from Flask's documentation on signals; the machinery is blinker's.
"""

from __future__ import annotations

from typing import Final

from blinker import NamedSignal, Namespace

from .notices import NOTICES

_signals = Namespace()


def _signal(name: str) -> NamedSignal:
    """Make a signal, which is heard from now on where the framework tells of it."""
    signal = _signals.signal(name)
    notice = NOTICES[name]
    notice.send, notice.receivers = signal.send, signal.receivers
    return signal


template_rendered: Final[NamedSignal] = _signal("template-rendered")
"""A template was rendered; receivers get `template` and `context`."""

before_render_template: Final[NamedSignal] = _signal("before-render-template")
"""A template is about to be rendered; receivers get `template` and `context`."""

request_started: Final[NamedSignal] = _signal("request-started")
"""The context of a request is active and nothing has looked at the request yet."""

request_finished: Final[NamedSignal] = _signal("request-finished")
"""The response is complete and about to leave; receivers get `response`."""

request_tearing_down: Final[NamedSignal] = _signal("request-tearing-down")
"""The context of a request is ending; receivers get `exc`, the error that ended it or None."""

got_request_exception: Final[NamedSignal] = _signal("got-request-exception")
"""An error no handler took is about to be answered; receivers get `exception`."""

appcontext_pushed: Final[NamedSignal] = _signal("appcontext-pushed")
"""An application context became active."""

appcontext_popped: Final[NamedSignal] = _signal("appcontext-popped")
"""An application context is no longer active."""

appcontext_tearing_down: Final[NamedSignal] = _signal("appcontext-tearing-down")
"""An application context is ending; receivers get `exc`, the error that ended it or None."""

message_flashed: Final[NamedSignal] = _signal("message-flashed")
"""A message was flashed; receivers get `message` and `category`."""

signals_available: Final = True
"""Always true; older documents let applications ask."""

__all__ = [
    "Namespace",
    "appcontext_popped",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "before_render_template",
    "got_request_exception",
    "message_flashed",
    "request_finished",
    "request_started",
    "request_tearing_down",
    "signals_available",
    "template_rendered",
]
