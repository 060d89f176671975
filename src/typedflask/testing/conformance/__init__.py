"""Tests that a backend must pass, as pytest classes: subclass one and say how yours is made.

Each file is one seam; each test in it is one sentence of what the framework counts on. The
backends of this package are held to the same classes. pytest is imported, so these classes belong
in tests; `pip install "typedflask[testing]"` brings it.
"""

from .asserting import show_compared_values

show_compared_values(__name__)
