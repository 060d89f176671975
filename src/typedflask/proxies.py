"""The proxies: module-level names that stand for what belongs to the active context.

They are Werkzeug's `LocalProxy` with one shortcut: reading or setting an attribute or an item goes
straight to the object instead of through the general machinery, which costs several times as much.
`globals.py` gives them their public types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar, cast

from werkzeug.local import LocalProxy

from .ctx import (
    NO_APP,
    NO_REQUEST,
    AppContext,
    ContextApp,
    OpenGlobals,
    RequestContext,
    app_context,
    find_context,
    request_context,
)
from .requests import Request
from .sessions import SessionMixin

T = TypeVar("T")

GENERAL: Final = frozenset(vars(LocalProxy)) | {"_get_current_object"}
"""Names that Werkzeug's machinery answers: the proxy's own, and those that work unbound."""


def proxy_to(find: Callable[[], T], unbound: str) -> T:
    """A proxy that behaves as what `find` gives at the moment of each use.

    :param find: gives the object, or raises `RuntimeError` when there is none.
    :param unbound: what that error says.
    :returns: typed as the object itself, because that is how it is used.
    """
    getattribute = object.__getattribute__
    # Any: whether it has items is known to the type the proxy is declared with.
    find_any: Callable[[], Any] = find

    class Proxy(LocalProxy[Any]):  # Any: the signature of this function says it exactly
        __slots__ = ()

        # Any: what an attribute holds is known to the type the proxy is declared with.
        def __getattribute__(self, name: str) -> Any:
            return getattribute(self, name) if name in GENERAL else getattr(find(), name)

        def __setattr__(self, name: str, value: Any) -> None:
            setattr(find(), name, value)

        # `session["user"]` and its like are as common as attributes. Any: as above.
        def __getitem__(self, key: Any) -> Any:
            return find_any()[key]

        def __setitem__(self, key: Any, value: Any) -> None:
            find_any()[key] = value

        def __contains__(self, key: Any) -> bool:
            return key in find_any()

        def __iter__(self) -> Iterator[Any]:
            # Werkzeug's would be swallowed by Python, which then says "not iterable".
            return iter(cast("Iterable[Any]", find()))

    Proxy.__name__ = Proxy.__qualname__ = "LocalProxy"
    # The one place where a proxy is called what it stands for.
    return cast("T", Proxy(find, unbound_message=unbound))


def active_app() -> ContextApp:
    """The application whose context is active."""
    context = find_context()
    if context is None:
        raise RuntimeError(NO_APP)
    return context.app


def active_globals() -> OpenGlobals:
    """The namespace of the active context."""
    context = find_context()
    if context is None:
        raise RuntimeError(NO_APP)
    return context.g


def active_request() -> Request:
    """The active request."""
    context = find_context()
    if type(context) is RequestContext:
        return context.request
    return request_context().request


def active_session() -> SessionMixin:
    """The session of the active request."""
    context = find_context()
    if type(context) is RequestContext:
        return context.session
    return request_context().session


current_app: Final[ContextApp] = proxy_to(active_app, NO_APP)
app_ctx: Final[AppContext] = proxy_to(app_context, NO_APP)
g: Final[OpenGlobals] = proxy_to(active_globals, NO_APP)
request_ctx: Final[RequestContext] = proxy_to(request_context, NO_REQUEST)
request: Final[Request] = proxy_to(active_request, NO_REQUEST)
session: Final[SessionMixin] = proxy_to(active_session, NO_REQUEST)
