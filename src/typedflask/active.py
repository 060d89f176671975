"""How a room on a lower floor asks about the active application without importing it.

`json.dumps`, `render_template` and `Response.max_cookie_size` are called without an application
and act for the one whose context is active. The context lives on a higher floor, so each of these
rooms asks a question, declared as data that names a function of the floor of the proxies. So that
floor needs none of the rooms that ask, many of which an application does without.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, Generic, TypeVar

T = TypeVar("T")

ANSWERS: Final = "typedflask.globals"
"""The floor that knows; by name, as what is below is imported without it."""


class Active(Generic[T]):
    """A question about the active application, such as "which JSON backend does it use?".

    Called, it gives the answer, or None when no application is active. `find` gives it by a call
    less, to who asks often.

    :param answer: the function that knows, of the floor of the proxies; without it, nobody does
        until `answered_by` names one.
    """

    __slots__ = ("_answer", "find")

    def __init__(self, answer: str | None = None) -> None:
        self._answer = answer
        self.find: Callable[[], T | None] = self._ask_first

    def answered_by(self, find: Callable[[], T | None], /) -> None:
        """Name the function that knows the answer."""
        self.find = find

    def __call__(self) -> T | None:
        return self.find()

    def _ask_first(self) -> T | None:
        """Look for the function that knows; from then on it is asked at once."""
        if self._answer is None:
            return None
        find: Callable[[], T | None] = getattr(import_module(ANSWERS), self._answer)
        self.find = find
        return find()
