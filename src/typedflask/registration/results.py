"""What views may return in applications whose own rules accept more, for type checkers."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Never, TypeAlias

from ..newer_typing import TypeVar
from ..typing import HeadersValue, ResponseReturnValue, StatusValue

Extra = TypeVar("Extra", default=Never)
New = TypeVar("New")
"""What a rule accepts that an application gets in addition."""

ExtraReturnValue: TypeAlias = (
    Extra
    | tuple[Extra, HeadersValue]
    | tuple[Extra, StatusValue]
    | tuple[Extra, StatusValue, HeadersValue]
    | ResponseReturnValue
)
"""What a view may return in an application whose own rules accept `Extra`."""


ViewResult: TypeAlias = ExtraReturnValue[Extra] | Awaitable[ExtraReturnValue[Extra]]
"""What a view of an application whose rules accept `Extra` may return."""
