"""Async generators as the body of a response, in a server that knows of no event loop.

Each stream has an event loop of its own, which runs while a piece is made and stands still in
between. asgiref, which runs coroutines elsewhere in this package, makes a new loop for each call;
what a generator keeps from one piece to the next (a connection, a task) would not survive that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from types import AsyncGeneratorType
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")


class _End:
    """The type of the mark for "no piece is left"."""


END: Final = _End()


class DrivenStream(Generic[T]):
    """An iterator over what an async iterator gives.

    Each piece is made when it is asked for, in an event loop that lives as long as the stream.
    Closing it closes the generator, whose `finally` and `async with` are run to their end.

    :param pieces: the async iterator.
    """

    def __init__(self, pieces: AsyncIterator[T]) -> None:
        self._pieces = pieces
        self._runner: asyncio.Runner | None = asyncio.Runner()  # its loop is made by the first run
        self._started = False

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        runner = self._runner
        if runner is None:
            raise StopIteration
        self._started = True
        try:
            piece = apart(lambda: runner.run(self._next()))
        except BaseException:
            self.close()
            raise
        if isinstance(piece, _End):
            self.close()
            raise StopIteration
        return piece

    async def _next(self) -> T | _End:
        return await anext(self._pieces, END)

    def close(self) -> None:
        """Give the stream up, wherever it is; servers call it when the client is gone."""
        runner, self._runner = self._runner, None
        if runner is None or not (self._started or has_more_to_close(self._pieces)):
            return
        aclose: Callable[[], Awaitable[object]] | None = getattr(self._pieces, "aclose", None)

        def end() -> None:
            with runner:
                if aclose is not None:
                    runner.run(awaited(aclose))

        apart(end)

    def __del__(self) -> None:
        # A stream that nobody sent or closed still runs what its generator promised to do last.
        self.close()


def driven(pieces: AsyncIterator[str] | AsyncIterator[bytes]) -> Iterator[str] | Iterator[bytes]:
    """An async iterator of text or bytes as the body of a response."""
    # Any: the union of two iterators is more than a type variable can say.
    stream: DrivenStream[Any] = DrivenStream(pieces)
    return stream


def has_more_to_close(pieces: object) -> bool:
    """Whether something that gave no piece yet may have something to close all the same."""
    return not isinstance(pieces, AsyncGeneratorType)  # none of its code has run


# Any: a coroutine's own yield and send types concern the event loop only.
def awaited(call: Callable[[], Awaitable[T]]) -> Coroutine[Any, Any, T]:
    """A coroutine that waits for what a call gives, which need not be a coroutine."""

    async def wait() -> T:
        return await call()

    return wait()


def apart(call: Callable[[], T]) -> T:
    """Call a function that runs an event loop: in another thread if one is running in this one.

    That is so in async tests, and where an async server calls the application itself.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, call).result()
