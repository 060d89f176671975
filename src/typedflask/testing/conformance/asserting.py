"""What makes a failing check show the values it compared, as in a test file of one's own."""

from __future__ import annotations

from typing import Final

from typedflask.backends import missing_library

try:
    import pytest
except ImportError as _error:
    raise missing_library("typedflask.testing.conformance", "testing") from _error


SEAMS: Final = ("converters", "json", "sessions", "store_locks", "stores", "templates")
"""The modules with checks."""


def show_compared_values(package: str) -> None:
    """Have pytest look after the asserts of the checks; before their modules are imported."""
    pytest.register_assert_rewrite(*(f"{package}.{seam}" for seam in SEAMS))
