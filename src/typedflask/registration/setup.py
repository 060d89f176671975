"""Closing set-up: what is registered later would reach some requests and miss others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:

    class Closable(Protocol):
        """Something whose set-up ends."""

        def check_setup_finished(self, f_name: str, /) -> None: ...


MethodT = TypeVar("MethodT", bound=Callable[..., Any])  # Any: any method, of any result


def setupmethod(method: MethodT) -> MethodT:
    """Mark a method that changes set-up; called after set-up closed, it raises.

    :raises SetupFinishedError: when the marked method is called too late.
    """
    name = method.__name__

    @wraps(method)
    def checked(self: Closable, /, *args: Any, **kwargs: Any) -> Any:
        self.check_setup_finished(name)
        return method(self, *args, **kwargs)

    # `checked` takes and gives what `method` does; ParamSpec could say so, but not for overloads.
    return cast("MethodT", checked)
