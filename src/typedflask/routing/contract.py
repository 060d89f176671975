"""What routing asks of the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from werkzeug.routing import BuildError, Map


class UrlApp(Protocol):
    """The map of rules, the settings that name the server, and the documented steps of building."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration; Any: its own keys may hold anything."""
        ...

    @property
    def url_map(self) -> Map:
        """The rules."""
        ...

    @property
    def subdomain_matching(self) -> bool:
        """Whether rules may differ by subdomain of `SERVER_NAME`."""
        ...

    # Any in the values: what a converter takes is the converter's affair.
    def inject_url_defaults(self, endpoint: str, values: dict[str, Any], /) -> None:
        """Let the `url_defaults` functions add values."""
        ...

    def handle_url_build_error(
        self, error: BuildError, endpoint: str, values: dict[str, Any], /
    ) -> str:
        """Answer a URL that could not be built, or raise."""
        ...
