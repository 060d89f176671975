"""Calling functions that may be `async def` from a WSGI thread (decision 052).

A result is finished rather than a function wrapped: whatever a view was decorated with, what
counts is whether it gave back a coroutine.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from inspect import CO_COROUTINE, iscoroutinefunction
from types import CoroutineType, FunctionType
from typing import Any, ParamSpec, TypeVar, cast

from ..newer_typing import TypeIs

P = ParamSpec("P")
T = TypeVar("T")


def is_async(function: Callable[..., object]) -> bool:
    """Whether a function is `async def`; `inspect` asks the same with more detours."""
    while type(function) is partial:
        function = cast("partial[object]", function).func
    if type(function) is FunctionType:
        if function.__code__.co_flags & CO_COROUTINE:
            return True
        marks = function.__dict__
        return bool(marks) and ("_is_coroutine_mark" in marks or "_is_coroutine" in marks)
    return iscoroutinefunction(function)


# Any: a coroutine's own yield and send types concern the event loop only.
def is_coroutine(value: object) -> TypeIs[CoroutineType[Any, Any, Any]]:
    """Whether a call gave back a coroutine that is still to be run."""
    return isinstance(value, CoroutineType)


def run_by_asgiref(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """A function for a WSGI thread that runs an `async def` one to its end.

    :raises RuntimeError: asgiref is not installed; it comes with the extra `async`.
    """
    try:
        from asgiref.sync import async_to_sync
    except ImportError:
        raise RuntimeError(
            f"{function!r} is async, and running it needs asgiref, which is not installed. Install"
            ' it with: pip install "typedflask[async]"'
        ) from None
    return async_to_sync(function)


# Any: as above.
def given(coroutine: CoroutineType[Any, Any, T]) -> Callable[[], Coroutine[Any, Any, T]]:
    """An `async def` function whose run is the coroutine at hand; messages name it so."""

    async def run() -> T:
        return await coroutine

    run.__qualname__ = coroutine.__qualname__
    return run
