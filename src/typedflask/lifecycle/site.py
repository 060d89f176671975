"""What the steps of a request ask of the application, declared in one place.

`Flask` fills these in; the classes of this room add the documented steps on top of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, cast, overload

from typing_extensions import Self
from werkzeug.routing import Map
from werkzeug.wrappers import Response as BaseResponse

from ..config import Config
from ..json.provider import JSONProvider
from ..registration import Scaffold
from ..registration.routes import Extra
from ..responses import Response, ResponseRules
from ..sessions.contract import AnySessionBackend
from ..templating.contract import TemplateBackend
from .calls import is_async, run_by_asgiref

if TYPE_CHECKING:
    from ..ctx import AppGlobals
    from ..requests import Request


class ConfigSlot:
    """Declares `config`; the configuration itself is set once, in the application's dictionary.

    Checkers let a subclass declare a more precise type for an attribute that is only read.
    """

    @overload
    def __get__(self, instance: None, owner: type, /) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type, /) -> Config: ...
    def __get__(self, instance: object | None, owner: type, /) -> Self | Config:
        if instance is None:
            return self
        raise AttributeError("The application has no configuration yet; call super().__init__().")


class Site(Scaffold[Extra], Generic[Extra]):
    """The settings, backends and classes of one application, as its lifecycle knows them."""

    config = ConfigSlot()
    """The configuration."""

    url_map: Map
    responses: ResponseRules
    templates: TemplateBackend
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
    def logger(self) -> logging.Logger:
        """The application's logger."""
        raise NotImplementedError

    @property
    def debug(self) -> bool:
        """Whether debug mode is on."""
        raise NotImplementedError

    # Any, in both: the function's own parameters and result pass through.
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A function that may be called from a WSGI thread: `async def` ones are run to their end.

        Override it to run async functions another way (Flask's documentation, "Using async").

        :param func: a view, hook or handler.
        """
        return self.async_to_sync(func) if is_async(func) else func

    def async_to_sync(self, func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        """A function that runs an `async def` one to its end, by asgiref.

        Override it to use another event loop.

        :raises RuntimeError: asgiref is not installed.
        """
        return run_by_asgiref(func)


def as_own_response(response: BaseResponse) -> Response:
    """A view's conversion makes responses of `response_class`, which is this package's or derived.

    Hooks may hand back any response of Werkzeug's; sending needs no more than that.
    """
    return cast("Response", response)
