"""Keeping a request's context for what is sent after its view returned.

A stream is generated while the server sends it, when the context has been popped. A stream that
needs it holds the context: it is active while a piece is made and at no other time, and its
teardown functions run once, when the stream ends, fails or is closed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from functools import update_wrapper
from inspect import iscoroutinefunction
from typing import Any, Generic, ParamSpec, TypeVar, cast, overload

from .ctx import RequestContext, active, request_context

P = ParamSpec("P")
T = TypeVar("T")


class ContextStream(Generic[T]):
    """An iterator whose pieces are made inside a request's context, which it holds."""

    def __init__(self, pieces: Iterator[T], context: RequestContext) -> None:
        self._pieces = pieces
        self._context: RequestContext | None = context
        self._close: Callable[[], object] | None = getattr(pieces, "close", None)
        context.hold()

    def __iter__(self) -> ContextStream[T]:
        return self

    def __next__(self) -> T:
        context = self._context
        if context is None:
            raise StopIteration
        try:
            with active(context):
                return next(self._pieces)
        except StopIteration:
            self._finish(None)
            raise
        except BaseException as error:
            self._finish(error)
            raise

    def close(self) -> None:
        """Give the stream up; servers call it when the client is gone."""
        context = self._context
        close, self._close = self._close, None
        try:
            if close is not None and context is None:
                close()  # the last piece was given; what made the pieces wants to hear of it, too
            elif close is not None and context is not None:
                with active(context):
                    close()
        except BaseException as error:
            self._finish(error)
            raise
        self._finish(None)

    def _finish(self, error: BaseException | None) -> None:
        context, self._context = self._context, None
        if context is None:
            return
        try:
            context.release(error)
        except Exception as raised:  # the response is out; all that is left to do is to tell
            context.app.logger.error("Error in a teardown function", exc_info=raised)

    def __del__(self) -> None:
        # A stream that nobody sent or closed still ends its request.
        self.close()


@overload
def stream_with_context(generator_or_function: Iterator[T]) -> Iterator[T]: ...
@overload
def stream_with_context(generator_or_function: AsyncIterator[T]) -> Iterator[T]: ...
@overload
def stream_with_context(
    generator_or_function: Callable[P, Iterator[T] | AsyncIterator[T]],
) -> Callable[P, Iterator[T]]: ...
def stream_with_context(
    generator_or_function: Iterator[T]
    | AsyncIterator[T]
    | Callable[P, Iterator[T] | AsyncIterator[T]],
) -> Iterator[T] | Callable[P, Iterator[T]]:
    """Keep the request's context while a stream is generated.

    Behaviour from Flask's documentation, "Streaming with Context"; teardown functions run once,
    after the stream (decision 051). Async generators are an addition (decision 066).

    :param generator_or_function: the iterator; or, as a decorator, the generator function.
    :raises RuntimeError: no request is active.
    :raises TypeError: it is neither an iterator nor a function.
    """
    if isinstance(generator_or_function, (Iterable, AsyncIterator)):
        # Of what it is iterable is known from the signature; a check at run time cannot see it.
        given = cast("Iterable[T] | AsyncIterator[T]", generator_or_function)
        return ContextStream(_pieces(given), request_context())
    if not callable(generator_or_function):
        raise TypeError(
            f"stream_with_context() takes an iterator, such as a generator, or a function that"
            f" returns one, not {type(generator_or_function).__name__}."
        )
    function = generator_or_function

    def stream(*args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return ContextStream(_pieces(function(*args, **kwargs)), request_context())

    return update_wrapper(stream, function)


def _pieces(stream: Iterable[T] | AsyncIterator[T]) -> Iterator[T]:
    if isinstance(stream, AsyncIterator):
        from .responses.async_streams import DrivenStream  # asyncio is much to import

        return DrivenStream(stream)
    return iter(stream)


@overload
def copy_current_request_context(
    f: Callable[P, Awaitable[T]],
) -> Callable[P, Awaitable[T]]: ...
@overload
def copy_current_request_context(f: Callable[P, T]) -> Callable[P, T]: ...
def copy_current_request_context(f: Callable[P, T]) -> Callable[P, T]:
    """Let a function use the active request in another thread or task.

    Behaviour from Flask's documentation. Each call runs in a copy of the context, so the calls
    may overlap; the session, and what is in the request, is shared.

    :param f: the function.
    :raises RuntimeError: no request is active.
    """
    # The first copy shares what the request has now; each call then gets one of its own to push.
    context = request_context().copy()

    # Any: whatever the function takes and gives; what is returned has the function's own type.
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        with context.copy():
            return await cast("Callable[..., Awaitable[Any]]", f)(*args, **kwargs)

    if iscoroutinefunction(f):
        return cast("Callable[P, T]", update_wrapper(run_async, f))

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with context.copy():
            return f(*args, **kwargs)

    return update_wrapper(run, f)
