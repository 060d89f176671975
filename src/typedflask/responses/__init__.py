"""From what a view returns to what is sent: the response, the conversion table, the builder."""

from .build import build
from .contract import Kit, ResponseConverter, Rule
from .response import Response, as_own_response
from .rules import PATHS, RECORDS, RULES, ResponseRules, describe

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
