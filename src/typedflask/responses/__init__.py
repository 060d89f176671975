"""From what a view returns to what is sent: the response, the conversion table, the builder."""

from typing import TYPE_CHECKING

from .build import build
from .response import Response, as_own_response
from .rule import Rule
from .rules import RULES, ResponseRules

if TYPE_CHECKING:
    from .chosen_rules import PATHS, RECORDS, describe
    from .contract import Kit, ResponseConverter
else:

    def __getattr__(name: str) -> object:
        """What not every application needs is imported by those who ask for it (decision 095)."""
        if name in {"Kit", "ResponseConverter"}:
            from . import contract

            return getattr(contract, name)
        if name in {"PATHS", "RECORDS", "describe"}:
            from . import chosen_rules

            return getattr(chosen_rules, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "PATHS",
    "RECORDS",
    "RULES",
    "Kit",
    "Response",
    "ResponseConverter",
    "ResponseRules",
    "Rule",
    "as_own_response",
    "build",
    "describe",
]
