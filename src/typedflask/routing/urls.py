"""Building a URL for an endpoint (Flask's documentation, `Flask.url_for`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from werkzeug.routing import BuildError, MapAdapter

from .rule_map import planned

if TYPE_CHECKING:
    from .contract import UrlApp

FRAGMENT_SAFE: Final = "!$&'()*+,/:;=?@%#"
"""Characters an anchor keeps: those a fragment may hold (RFC 3986, section 3.5), a percent sign,
because anchors may come quoted already, and a number sign, both as in Flask."""


class BuildRequest:
    """How a URL is wanted, besides its endpoint and values."""

    __slots__ = ("anchor", "external", "method", "scheme")

    def __init__(
        self,
        anchor: str | None = None,
        method: str | None = None,
        scheme: str | None = None,
        external: bool = False,
    ) -> None:
        if scheme is not None and not external:
            raise ValueError(
                f"A URL with the scheme {scheme!r} names a host too: _scheme cannot be"
                " combined with _external=False."
            )
        self.anchor: str | None = anchor
        self.method: str | None = method
        self.scheme: str | None = scheme
        self.external: bool = external


PATH_ONLY: Final = BuildRequest()
"""A URL without scheme and host: what most calls ask for."""


def build_url(
    app: UrlApp,
    adapter: MapAdapter,
    endpoint: str,
    values: dict[str, Any],  # Any: what a converter takes is the converter's affair
    wanted: BuildRequest,
) -> str:
    """Build a URL, after the application's `url_defaults` functions have added their values.

    :param app: the application; it also answers what cannot be built.
    :param adapter: says relative to which request, or to which server name.
    :param endpoint: the endpoint's full name.
    :param values: the values of the rule's variables; others become the query string.
    :param wanted: anchor, method, scheme, and whether the URL names a host.
    """
    app.inject_url_defaults(endpoint, values)
    url = None
    if not wanted.external and wanted.method is None:
        url = planned(adapter, endpoint, values)
    if url is None:
        try:
            url = adapter.build(
                endpoint,
                values,
                method=wanted.method,
                url_scheme=wanted.scheme,
                force_external=wanted.external,
            )
        except BuildError as error:
            return _not_built(app, error, endpoint, values, wanted)
    return url if wanted.anchor is None else f"{url}#{quote(wanted.anchor, safe=FRAGMENT_SAFE)}"


def _not_built(
    app: UrlApp, error: BuildError, endpoint: str, values: dict[str, Any], wanted: BuildRequest
) -> str:
    """Ask the application for a URL that no rule fits; the values tell how it is wanted."""
    values.update(
        _anchor=wanted.anchor,
        _method=wanted.method,
        _scheme=wanted.scheme,
        _external=wanted.external,
    )
    return app.handle_url_build_error(error, endpoint, values)
