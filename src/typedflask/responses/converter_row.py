"""The row of the conversion table that stands for `Flask(converter=...)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..newer_typing import TypeIs
from .rule import Rule

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from .contract import Kit, ResponseConverter


def converter_row(converter: ResponseConverter[Any]) -> Rule[Any]:
    """The row of `Flask(converter=...)`.

    :param converter: asked for the values that its `accepts` takes, if it has that method; else
        for everything. Any: what it accepts is known to the type of the application.
    """
    accepts: Callable[[object], object] | None = getattr(converter, "accepts", None)

    # Any: as the converter.
    def is_converted(value: object) -> TypeIs[Any]:
        return value is not None and (accepts is None or bool(accepts(value)))

    def convert(value: Any, kit: Kit) -> BaseResponse:
        """What the application's converter makes of it."""
        return converter.to_response(value)

    kind = type(converter)
    # For those who list the rules: the converter makes the response, not this module.
    convert.__module__, convert.__qualname__ = kind.__module__, f"{kind.__qualname__}.to_response"
    return Rule(f"what {type(converter).__name__} converts", is_converted, convert)
