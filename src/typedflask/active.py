"""How a room on a lower floor asks about the active application without importing it.

`json.dumps`, `render_template` and `Response.max_cookie_size` are called without an application
and act for the one whose context is active. The context lives on a higher floor, so each of these
rooms asks a question, declared here as data, and the floor of the proxies answers it once, when
it is imported: with the first public name of the package, or else with the first question.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, Generic, TypeVar

T = TypeVar("T")

ANSWERS: Final = "typedflask.globals"
"""The floor that knows; by name, as what is below must work without it."""


class Active(Generic[T]):
    """A question about the active application, such as "which JSON backend does it use?".

    Called, it gives the answer, or None when no application is active. `find` gives it by a call
    less, to who asks often.
    """

    __slots__ = ("find",)

    def __init__(self) -> None:
        self.find: Callable[[], T | None] = self._ask_first

    def answered_by(self, find: Callable[[], T | None], /) -> None:
        """Name the function that knows the answer; the floor of the context calls this once."""
        self.find = find

    def __call__(self) -> T | None:
        return self.find()

    def _ask_first(self) -> T | None:
        """Let the floor above name its functions, if somebody imported a room alone."""
        import_module(ANSWERS)
        return None if self.find == self._ask_first else self.find()
