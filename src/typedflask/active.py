"""How a room on a lower floor asks about the active application without importing it.

`json.dumps`, `render_template` and `Response.max_cookie_size` are called without an application
and act for the one whose context is active. The context lives on a higher floor, so each of these
rooms asks a question, declared here as data, and the floor of the proxies answers it once, when
the package is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def _nothing() -> None:
    """No application is active as long as no floor above has said how to find one."""


class Active(Generic[T]):
    """A question about the active application, such as "which JSON backend does it use?".

    Called, it gives the answer, or None when no application is active.
    """

    __slots__ = ("_find",)

    def __init__(self) -> None:
        self._find: Callable[[], T | None] = _nothing

    def answered_by(self, find: Callable[[], T | None], /) -> None:
        """Name the function that knows the answer; the floor of the context calls this once."""
        self._find = find

    def __call__(self) -> T | None:
        return self._find()
