"""What the steps of a request ask of the application, declared in one place.

`Flask` fills these in; the classes of this room add the documented steps on top of them.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, dataclass_transform

from werkzeug.routing import Map

from ..aside import kept_aside
from ..config import Config
from ..newer_typing import overload
from ..registration import Scaffold
from ..registration.routes import Extra
from ..responses import Response, ResponseRules
from .calls import given, is_async, is_coroutine, run_by_asgiref

if TYPE_CHECKING:
    from ..ctx import AppGlobals
    from ..json.provider import JSONProvider
    from ..requests import Request
    from ..sessions.contract import AnySessionBackend, PlainCookies
    from ..templating.contract import TemplateBackend

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")


@dataclass_transform(frozen_default=True, eq_default=False)
def set_once(*, init: bool) -> Callable[[type[C]], type[C]]:
    """Tell type checkers that the attributes below are only read once the object is made.

    So a subclass may declare them more precisely (decision 082). A running program is told nothing.

    :param init: whether checkers shall see an `__init__` that takes the attributes.
    """

    def same(kind: type[C]) -> type[C]:
        return kind

    return same


@set_once(init=False)
class Configured:
    """Whatever has the configuration of an application."""

    config: Config
    """The configuration, of the application's `config_class`."""

    def _configure(self, config: Config) -> None:
        object.__setattr__(self, "config", config)  # to checkers it cannot be assigned


class Site(Scaffold[Extra], Configured, Generic[Extra]):
    """The settings, backends and classes of one application, as its lifecycle knows them."""

    url_map: Map
    responses: ResponseRules
    session_interface: AnySessionBackend
    request_class: type[Request]
    response_class: type[Response]
    app_ctx_globals_class: type[AppGlobals]
    _got_first_request: bool

    @property
    def json(self) -> JSONProvider:
        """The JSON backend."""
        raise NotImplementedError

    @property
    def templates(self) -> TemplateBackend:
        """The template engine."""
        raise NotImplementedError

    @property
    def logger(self) -> logging.Logger:
        """The application's logger."""
        raise NotImplementedError

    @property
    def debug(self) -> bool:
        """Whether debug mode is on."""
        raise NotImplementedError

    @overload
    def ensure_sync(self, func: Callable[P, Awaitable[R]]) -> Callable[P, R]: ...
    @overload
    def ensure_sync(self, func: Callable[P, R | Awaitable[R]]) -> Callable[P, R]: ...
    # Any: the overloads are what callers see; `is_async` says which of the two a function is.
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A function that may be called from a WSGI thread: `async def` ones are run to their end.

        Override it to run async functions another way (Flask's documentation, "Using async").

        :param func: a view, hook or handler.
        """
        return self.async_to_sync(func) if is_async(func) else func

    # Any: the function's own parameters and result pass through.
    def async_to_sync(self, func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        """A function that runs an `async def` one to its end, by asgiref.

        Override it to use another event loop.

        :raises RuntimeError: asgiref is not installed.
        """
        return run_by_asgiref(func)

    _calls_directly: bool
    """Whether functions are called without asking `ensure_sync`, because it is the default.

    The default has nothing to add: results are finished (decision 052). Decided when the first
    request closes set-up, and again when the application is given an `ensure_sync` of its own.
    """

    plain_cookies: PlainCookies | None
    """The session backend, if it is one that was asked whether its sessions open when touched."""

    _sessions_given: bool = kept_aside(False)
    """Whether the application was given a session backend of its own."""

    def _keeps_default_sessions(self) -> bool:
        """Whether the session backend is the default one, which need not be imported to know."""
        raise NotImplementedError

    def _close_setup(self) -> None:
        """Decide, at the first request, what need not be asked again at each one."""
        self._got_first_request = True
        self._calls_directly = is_default(self.ensure_sync)

    if not TYPE_CHECKING:  # checkers would take it for leave to assign anything

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "ensure_sync":
                self._calls_directly = False
            elif name == "session_interface":
                self.plain_cookies = None
                self._sessions_given = True

    def _finish(self, result: object) -> object:
        """What a function returned; the end of it, if it gave back a coroutine (decision 052)."""
        if not is_coroutine(result):
            return result
        try:
            return self.async_to_sync(given(result))()
        finally:
            result.close()  # does nothing to one that ran; one that could not run is no riddle


def is_default(ensure_sync: Callable[..., object]) -> bool:
    """Whether an application's `ensure_sync` is the one of this file, and not replaced."""
    return getattr(ensure_sync, "__func__", None) is Site.ensure_sync
