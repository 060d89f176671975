"""Tests that a backend must pass, as pytest classes: subclass one and say how yours is made.

Each file is one seam; each test in it is one sentence of what the framework counts on. The
backends of this package are held to the same classes. pytest is imported, so these classes belong
in tests; `pip install "typedflask[testing]"` brings it.
"""

from typedflask.backends import missing_library

try:
    import pytest
except ImportError as _error:
    raise missing_library("typedflask.testing.conformance", "testing") from _error

# So that a failing check shows the values it compared, as in a test file of one's own.
pytest.register_assert_rewrite(
    *(f"{__name__}.{seam}" for seam in ("converters", "json", "sessions", "stores", "templates"))
)
