"""What a context asks of its application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from logging import Logger
from typing import Any, Protocol

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response as BaseResponse

from ..requests import Request
from ..responses.contract import JSONResponder
from ..routing.tree import Match
from ..sessions import SessionMixin
from ..sessions.contract import AnySessionBackend


class ContextApp(Protocol):
    """What a context asks of its application."""

    @property
    def name(self) -> str: ...
    @property
    def response_class(self) -> type[BaseResponse]: ...
    @property
    def logger(self) -> Logger: ...
    @property
    def config(self) -> Mapping[str, Any]: ...  # Any: its own keys may hold anything
    @property
    def debug(self) -> bool: ...
    @property
    def json(self) -> JSONResponder: ...
    @property
    # Any: what makes `g` is a class that declares its attributes, or one that has any.
    def app_ctx_globals_class(self) -> type[Any]: ...
    @property
    def session_interface(self) -> AnySessionBackend: ...
    @property
    def opens_sessions_late(self) -> bool: ...
    def open_session(self, request: Request, /) -> SessionMixin: ...
    # Any: a callback has whatever parameters its hook gives it.
    def ensure_sync(self, func: Callable[..., Any], /) -> Callable[..., Any]: ...
    def create_url_adapter(self, request: Request | None, /) -> MapAdapter | None: ...
    def quick_match(self, request: Request, /) -> Match | HTTPException | None: ...
    def do_teardown_request(self, exc: BaseException | None = None, /) -> None: ...
    def do_teardown_appcontext(self, exc: BaseException | None = None, /) -> None: ...
