"""The steps of sending a response as attributes that notice when one of them is replaced.

Most responses are sent without asking the documented steps. Whoever puts a function of their own in
the place of a step, on one response, means it to be asked: that response is then sent step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any


class SendingStep:
    """A method that notes on its object that it was replaced there.

    Looking whether one was replaced would cost every response time; being told costs none.

    :param method: the method of the class.
    """

    __slots__ = ("_method", "_name")

    def __init__(self, method: Callable[..., Any]) -> None:  # Any: each step has its own signature
        self._method = method
        self._name = method.__name__

    # Any: as above.
    def __get__(self, response: Any, owner: type[Any]) -> Any:
        if response is None:
            return self._method
        if response._sent_directly:  # none was replaced, nor overridden
            return MethodType(self._method, response)
        replaced = response.__dict__.get("_replaced_steps", {})
        return replaced.get(self._name) or MethodType(self._method, response)

    def __set__(self, response: Any, step: Callable[..., Any]) -> None:
        response.__dict__.setdefault("_replaced_steps", {})[self._name] = step
        _ = response.headers  # which makes them: a response that has none yet is sent directly
        response.__dict__["_sent_directly"] = False

    def __delete__(self, response: Any) -> None:
        replaced: dict[str, Any] = response.__dict__.get("_replaced_steps", {})
        if replaced.pop(self._name, None) is None:
            raise AttributeError(self._name)
