"""The proxies: module-level names that stand for what belongs to the active context.

They are Werkzeug's `LocalProxy` with one shortcut: reading or setting an attribute or an item goes
straight to the object instead of through the general machinery, which costs several times as much.
`globals.py` gives them their public types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from werkzeug.local import LocalProxy

from .ctx import (
    NO_APP,
    NO_REQUEST,
    AppContext,
    OpenGlobals,
    RequestContext,
    app_context,
    find_context,
    request_context,
)
from .requests import Request

if TYPE_CHECKING:
    from .ctx.contract import ContextApp
    from .sessions import SessionMixin

T = TypeVar("T")

CURRENT: Final = "_get_current_object"
"""The documented way to the object itself, by which Werkzeug's operators come to it, too."""

GENERAL: Final = frozenset(vars(LocalProxy)) | {CURRENT}
"""Names that Werkzeug's machinery answers: the proxy's own, and those that work unbound."""

_own: Final[Callable[[object, str], Any]] = object.__getattribute__
# Any: of a context of either kind, or of None, which has no attribute that is asked for here.
_context: Final[Callable[[], Any]] = find_context


class Proxy(LocalProxy[Any]):  # Any: whoever makes one says what it stands for
    """What the proxies have in common.

    Each kind has a shortcut to the attributes of its object: a function of a single step that
    fails wherever the step is not enough (nothing is active, the name is the proxy's own), which
    leads Python on to `__getattr__`, the general way. The function is a static `__getattribute__`:
    it has no use for the proxy, and what need not be bound takes a quarter less time.
    """

    __slots__ = ()

    def __init_subclass__(cls, read: Callable[[str], Any] | None = None) -> None:
        for part in ("__name__", "__qualname__"):
            type.__setattr__(cls, part, LocalProxy.__name__)
        type.__setattr__(cls, "__doc__", vars(LocalProxy)["__doc__"])  # its object's, if it has one
        if read is not None:
            type.__setattr__(cls, "__getattribute__", staticmethod(read))

    # Any: what an attribute holds is known to the type the proxy is declared with.
    def __getattr__(self, name: str) -> Any:
        if name in GENERAL:
            return _own(self, name)
        return getattr(_own(self, CURRENT)(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_own(self, CURRENT)(), name, value)

    def __bool__(self) -> bool:
        try:
            current = _own(self, CURRENT)()
        except RuntimeError:
            return False
        return bool(current)

    def __iter__(self) -> Iterator[Any]:
        # Werkzeug's would be swallowed by Python, which then says "not iterable".
        return iter(cast("Iterable[Any]", _own(self, CURRENT)()))


def proxy_to(find: Callable[[], T], unbound: str) -> T:
    """A proxy that behaves as what `find` gives at the moment of each use.

    :param find: gives the object, or raises `RuntimeError` when there is none.
    :param unbound: what that error says.
    :returns: typed as the object itself, because that is how it is used.
    """

    class FoundProxy(Proxy):
        __slots__ = ()

        def __getattribute__(self, name: str) -> Any:  # Any: as `Proxy.__getattr__`
            return _own(self, name) if name in GENERAL else getattr(find(), name)

    return stands_for(FoundProxy, find, unbound)


def stands_for(kind: type[Proxy], find: Callable[[], T], unbound: str) -> T:
    """A proxy of some kind; the one place where a proxy is called what it stands for."""
    return cast("T", kind(find, unbound_message=unbound))


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
    namespace = context.made_g
    return context.g if namespace is None else namespace


def active_request() -> Request:
    """The active request."""
    context = find_context()
    if type(context) is RequestContext:
        return context.request
    return request_context().request


def active_session() -> SessionMixin:
    """The session of the active request."""
    context = find_context()
    if type(context) is not RequestContext:
        context = request_context()
    session = context.opened_session
    return context.session if session is None else session


def read_app(name: str) -> Any:
    """An attribute of `current_app`."""
    return active_app if name == CURRENT else getattr(_context().app, name)


def read_request(name: str) -> Any:
    """An attribute of `request`."""
    return active_request if name == CURRENT else getattr(_context().request, name)


def read_globals(name: str) -> Any:
    """An attribute of `g`."""
    if name == CURRENT:
        return active_globals
    context = _context()
    namespace = context.made_g
    return getattr(context.g if namespace is None else namespace, name)


def read_session(name: str) -> Any:
    """An attribute of `session`."""
    if name == CURRENT:
        return active_session
    session = _context().opened_session
    return getattr(active_session() if session is None else session, name)


class AppProxy(Proxy, read=read_app):
    """`current_app`."""

    __slots__ = ()


class RequestProxy(Proxy, read=read_request):
    """`request`."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(active_request(), name, value)


class GlobalsProxy(Proxy, read=read_globals):
    """`g`, whose attributes are set as often as they are read."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        context = _context()
        if context is None:
            raise RuntimeError(NO_APP)
        namespace = context.made_g
        setattr(context.g if namespace is None else namespace, name, value)

    def __contains__(self, name: object) -> bool:
        return name in active_globals()


class SessionProxy(Proxy, read=read_session):
    """`session`, whose items are used as much as its attributes."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(active_session(), name, value)

    def __getitem__(self, key: str) -> Any:
        # What `active_session` does first, by a call less.
        context = find_context()
        session = context.opened_session if type(context) is RequestContext else None
        return active_session()[key] if session is None else session[key]

    def __setitem__(self, key: str, value: Any) -> None:
        context = find_context()
        session = context.opened_session if type(context) is RequestContext else None
        if session is None:
            session = active_session()
        session[key] = value

    def __contains__(self, key: object) -> bool:
        return key in active_session()

    def __len__(self) -> int:
        return len(active_session())

    def __bool__(self) -> bool:
        try:
            session = active_session()
        except RuntimeError:
            return False
        return bool(session)


current_app: Final[ContextApp] = stands_for(AppProxy, active_app, NO_APP)
app_ctx: Final[AppContext] = proxy_to(app_context, NO_APP)
g: Final[OpenGlobals] = stands_for(GlobalsProxy, active_globals, NO_APP)
request_ctx: Final[RequestContext] = proxy_to(request_context, NO_REQUEST)
request: Final[Request] = stands_for(RequestProxy, active_request, NO_REQUEST)
session: Final[SessionMixin] = stands_for(SessionProxy, active_session, NO_REQUEST)
