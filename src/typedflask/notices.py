"""Where the framework tells of what happens, at the cost of a look while nobody listens.

A signal can be listened to by those who import it, and with it `signals.py` and blinker. Until then
there is a place for it here, which nobody hears. From then on the place is the signal's: the same
receivers, the same way to send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

UNHEARD: Final[Mapping[object, object]] = {}
"""The receivers of a signal that nobody can have listened to yet."""


def tell_nobody(sender: object, /, **told: object) -> None:
    """What sending such a signal comes to."""


class Notice:
    """The place of one signal; `signals.py` says of each when it is sent, and with what.

    :param name: the signal's name.
    """

    __slots__ = ("receivers", "send")

    def __init__(self, name: str) -> None:
        self.receivers: Mapping[object, object] = UNHEARD
        self.send: Callable[..., object] = tell_nobody
        NOTICES[name] = self


NOTICES: Final[dict[str, Notice]] = {}
"""The places by the names of their signals."""


template_rendered: Final = Notice("template-rendered")
before_render_template: Final = Notice("before-render-template")
request_started: Final = Notice("request-started")
request_finished: Final = Notice("request-finished")
request_tearing_down: Final = Notice("request-tearing-down")
got_request_exception: Final = Notice("got-request-exception")
appcontext_pushed: Final = Notice("appcontext-pushed")
appcontext_popped: Final = Notice("appcontext-popped")
appcontext_tearing_down: Final = Notice("appcontext-tearing-down")
message_flashed: Final = Notice("message-flashed")
