"""Which handler answers which error, and the errors this package raises itself."""

from .exceptions import SetupFinishedError
from .table import ErrorKey, ErrorTable, describe, error_key, search_order

__all__ = [
    "ErrorKey",
    "ErrorTable",
    "SetupFinishedError",
    "describe",
    "error_key",
    "search_order",
]
