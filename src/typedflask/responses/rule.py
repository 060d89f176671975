"""What a row of the conversion table is.

A rule pairs a check with a conversion of the same type, so that a row that mixes them up does not
type-check. Applications add rows of their own: `app.responses.add(Rule("money", is_money, ...))`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from ..newer_typing import TypeIs
    from .contract import Kit

T = TypeVar("T")


class Rule(Generic[T]):
    """One row of the conversion table; what it says is fixed.

    :param name: what the row accepts, as error messages and the manual call it.
    :param accepts: whether a value is this row's.
    :param convert: makes the response.
    :param types: classes whose instances (not those of subclasses) are always this row's: found by
        lookup.
    :param behind: whether the row, when it is added, leaves to the rows there are what one of them
        accepts.
    """

    __slots__ = ("accepts", "behind", "convert", "name", "types")

    def __init__(
        self,
        name: str,
        accepts: Callable[[object], TypeIs[T]],
        convert: Callable[[T, Kit], BaseResponse],
        types: tuple[type, ...] = (),
        behind: bool = False,
    ) -> None:
        self.name: Final = name
        self.accepts: Final = accepts
        self.convert: Final = convert
        self.types: Final = types
        self.behind: Final = behind

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"
