"""`current`: the active application as the class it is."""

from __future__ import annotations

import inspect
from typing import Any, TypeVar, cast, get_origin

from ..app import Flask
from ..ctx import NO_APP, find_context
from ..proxies import proxy_to

AppT = TypeVar("AppT", bound=Flask[Any])  # Any: any application's own response kinds


def current(kind: type[AppT], /) -> AppT:
    """The active application, as an instance of a subclass of `Flask`.

    In a function with an active application it is that application, checked. At the level of a
    module or class, where no application has to be active and another one may be later, it is a
    proxy, like `current_app`, which looks and checks at each use (decision 073)::

        app = current(Shop)

        @shop.get("/")
        def index() -> str:
            return app.greeting  # or current(Shop).greeting

    `current(Flask[Money])` is for what an application's own rules convert; what these are, no
    running program can ask, so only the class is checked.

    :param kind: the class of the application.
    :returns: the application or a proxy to it. Using a proxy while no application is active raises
        a `RuntimeError`.
    :raises TypeError: the active application is not of that class; the message names both.
    """
    kind = class_of(kind)

    def find() -> AppT:
        context = find_context()
        if context is None:
            raise RuntimeError(NO_APP)
        app: object = context.app
        if isinstance(app, kind):
            return app
        raise TypeError(
            f"current({kind.__qualname__}) asks for an application of the class"
            f" {kind.__qualname__}, and the active one, {context.app.name!r}, is of the class"
            f" {type(app).__qualname__}. Either the wrong application is active, or it was not made"
            f" with {kind.__qualname__}(...)."
        )

    if find_context() is None or _at_import():
        return proxy_to(find, NO_APP)
    return find()


def class_of(kind: type[AppT]) -> type[AppT]:
    """The class itself, where a checker was told more: `Flask` of `Flask[Money]`."""
    return cast("type[AppT]", get_origin(kind) or kind)  # what has an origin has a class


def _at_import() -> bool:
    """Whether `current` was called by the body of a module or class and not by a function."""
    frame = inspect.currentframe()
    caller = frame.f_back.f_back if frame and frame.f_back else None
    # Only functions have their local variables in numbered places.
    return caller is not None and not caller.f_code.co_flags & inspect.CO_OPTIMIZED
