"""`current_app`, `g`, `request`, `session`: what users import, typed as what they stand for.

Here, above the application, are also the answers that lower rooms get about the active one: the
functions that an `Active` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, cast

from .app import Flask
from .ctx import AppContext, OpenGlobals, RequestContext, find_context, find_request_context
from .proxies import app_ctx as app_ctx_proxy
from .proxies import current_app as app_proxy
from .proxies import g as globals_proxy
from .proxies import request as request_proxy
from .proxies import request_ctx as request_ctx_proxy
from .proxies import session as session_proxy
from .requests import Request

if TYPE_CHECKING:
    from .json.provider import JSONProvider
    from .sessions import SessionMixin

    T = TypeVar("T", covariant=True)

    class Proxy(Protocol[T]):
        """What a proxy has besides the attributes of its object."""

        def _get_current_object(self) -> T:
            """The object itself, to be kept or handed to another thread."""
            ...

        def __bool__(self) -> bool:
            """False while there is nothing to stand for; else what the object says."""
            ...

    class AppProxy(Flask[Any], Proxy[Flask[Any]]):  # Any: any application's own response kinds
        """The active application."""

    class RequestProxy(Request, Proxy[Request]):
        """The active request."""

    class SessionProxy(SessionMixin, Proxy[SessionMixin]):
        """The session of the active request."""

    class GlobalsProxy(OpenGlobals, Proxy[OpenGlobals]):
        """The namespace of the active context."""

    class AppContextProxy(AppContext[Flask[Any]], Proxy[AppContext[Flask[Any]]]):
        """The active context."""

    class RequestContextProxy(RequestContext[Flask[Any]], Proxy[RequestContext[Flask[Any]]]):
        """The active context of a request."""


# The casts say what the proxies stand for; at run time they are those of `proxies.py`.
current_app: Final = cast("AppProxy", app_proxy)
"""The active application."""
app_ctx: Final = cast("AppContextProxy", app_ctx_proxy)
"""The active context."""
g: Final = cast("GlobalsProxy", globals_proxy)
"""The namespace of the active context: any attribute, until the context ends."""
request_ctx: Final = cast("RequestContextProxy", request_ctx_proxy)
"""The active context of a request."""
request: Final = cast("RequestProxy", request_proxy)
"""The active request."""
session: Final = cast("SessionProxy", session_proxy)
"""The session of the active request."""


def find_application() -> Flask[Any] | None:
    """The active application."""
    context: Any = find_context()  # Contexts are made by applications, and each is a `Flask`.
    app: Flask[Any] | None = None if context is None else context.app
    return app


def find_json() -> JSONProvider | None:
    """The provider of the active application."""
    app = find_application()
    return None if app is None else app.json


def find_context_keeper() -> Callable[[Iterator[str]], Iterator[str]] | None:
    """What keeps the active request alive while a stream is sent."""
    if find_request_context() is None:
        return None
    from .streaming import stream_with_context  # only for who streams

    return stream_with_context


def find_blueprint() -> str | None:
    """The blueprint of the active request."""
    context = find_request_context()
    return None if context is None else context.request.blueprint
