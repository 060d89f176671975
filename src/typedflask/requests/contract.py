"""What a request asks of the application that handles it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..json.contract import JSONReader


class RequestApp(Protocol):
    """The limits, the JSON backend and the debug flag that apply to a request."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration; Any: its own keys may hold anything."""
        ...

    @property
    def json(self) -> JSONReader:
        """Reads JSON bodies."""
        ...

    @property
    def debug(self) -> bool:
        """Whether errors may explain themselves to the client."""
        ...
