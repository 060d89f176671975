"""What a row of the conversion table is.

A rule pairs a check with a conversion of the same type, so that a row that mixes them up does not
type-check. Applications add rows of their own: `app.responses.add(Rule("money", is_money, ...))`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from ..newer_typing import TypeIs
    from .contract import Kit

T = TypeVar("T")


class Rule(NamedTuple, Generic[T]):
    """One row of the conversion table."""

    name: str
    """What the row accepts, as error messages and the manual call it."""
    accepts: Callable[[object], TypeIs[T]]
    """Whether a value is this row's."""
    convert: Callable[[T, Kit], BaseResponse]
    """Makes the response."""
    types: tuple[type, ...] = ()
    """Classes whose instances (not those of subclasses) are always this row's: found by lookup."""
    behind: bool = False
    """Whether the row, when it is added, leaves to the rows there are what one of them accepts."""
