"""Decorators of one's own around views, for plain and async functions alike."""
from collections.abc import Awaitable, Callable
from functools import wraps
from time import perf_counter
from typing import ParamSpec, TypeVar, assert_type

from typedflask import Flask, abort, current_app, request
from typedflask.typing import ResponseReturnValue

app = Flask(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def timed(view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        started = perf_counter()
        try:
            return view(*args, **kwargs)
        finally:
            app.logger.info("%.3f s", perf_counter() - started)

    return run


def awaited(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @wraps(view)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return await view(*args, **kwargs)

    return run


def keyed(view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def check(*args: P.args, **kwargs: P.kwargs) -> R:
        if "key" not in request.args:
            abort(403)
        return current_app.ensure_sync(view)(*args, **kwargs)

    return check


def either(
    view: Callable[P, ResponseReturnValue | Awaitable[ResponseReturnValue]],
) -> Callable[P, ResponseReturnValue | Awaitable[ResponseReturnValue]]:
    return view


def finished(view: Callable[P, Awaitable[R]]) -> Callable[P, R]:
    return app.ensure_sync(view)


@app.get("/a/<int:number>")
@timed
@awaited
async def a(number: int) -> dict[str, int]:
    return {"a": number}


@app.get("/b")
@keyed
async def b() -> str:
    return "b"


@app.get("/c")
@either
async def c() -> str:
    return "c"


@app.get("/d")
@either
def d() -> tuple[str, int]:
    return "d", 200


@app.get("/e")
@finished
async def e(size: int = 1) -> list[int]:
    return [size]


assert_type(e(size=2), list[int])


async def call() -> None:
    assert_type(await a(number=1), dict[str, int])
