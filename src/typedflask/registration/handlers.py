"""What `errorhandler` returns: a decorator tied to the class it registers a handler for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, overload

from ..newer_typing import TypeVar
from .routes import Extra

if TYPE_CHECKING:
    from ..typing import ErrorHandlerCallable, ResponseReturnValue
    from .results import ViewResult

    X = TypeVar("X", bound=Exception)
    R = TypeVar("R", bound=ResponseReturnValue | Awaitable[ResponseReturnValue])
    FExc = TypeVar(
        "FExc", bound=Callable[[Exception], ResponseReturnValue | Awaitable[ResponseReturnValue]]
    )

# Covariant: who takes every HTTPException takes a NotFound.
E = TypeVar("E", bound=Exception, covariant=True)


class HandlerDecorator(Generic[E, Extra]):
    """Registers the function below it for errors of class `E`; the function keeps its type.

    The function must take `E`, a base of it, or a union with it, so that several of these
    decorators stack. It may return what a view of the application may.
    """

    __slots__ = ("_put",)

    def __init__(self, put: Callable[[ErrorHandlerCallable], None]) -> None:
        self._put = put

    @overload
    def __call__(self, handler: FExc, /) -> FExc: ...
    @overload
    def __call__(self, handler: Callable[[E | X], R], /) -> Callable[[E | X], R]: ...
    @overload  # pyright only: it cannot solve X when the handler takes E itself or a base of E
    def __call__(self, handler: Callable[[E], R], /) -> Callable[[Any], R]: ...
    @overload
    def __call__(
        self, handler: Callable[[E | X], ViewResult[Extra]], /
    ) -> Callable[[E | X], ViewResult[Extra]]: ...
    @overload
    def __call__(
        self, handler: Callable[[E], ViewResult[Extra]], /
    ) -> Callable[[Any], ViewResult[Extra]]: ...
    # Any: the overloads above are what callers see.
    def __call__(self, handler: Callable[..., Any], /) -> Callable[..., Any]:
        self._put(handler)
        return handler
