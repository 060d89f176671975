"""JSON by the standard library alone: `Flask(__name__, json=StdlibJSON)`.

For comparison, for Python without orjson, and as the smallest example of what a backend of this
package is made of.
"""

from __future__ import annotations

from typedflask.json.decode import read_by_the_book
from typedflask.json.provider import DefaultJSONProvider
from typedflask.json.quick import no_quick_way


class StdlibJSON(DefaultJSONProvider):
    """Writes and reads as `DefaultJSONProvider`, and never asks orjson.

    Bodies spell floats as `dumps` does: `1e+16` instead of `1e16`.
    """

    _write_quickly = staticmethod(no_quick_way)
    _read = staticmethod(read_by_the_book)
