"""The conditions of a request, such as `If-Modified-Since`, before Werkzeug works them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.http import parse_date

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def with_possible_dates(environ: WSGIEnvironment) -> WSGIEnvironment:
    """An environment whose conditions can all be worked out.

    Werkzeug fails over dates that no calendar has. An impossible `If-Modified-Since` is left out;
    an impossible `If-Range` becomes a tag that matches nothing, so that the whole is sent.
    """
    changes: dict[str, str] = {}
    for name in ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE"):
        try:
            parse_date(environ.get(name))
        except (OverflowError, ValueError):
            changes[name] = '""' if name == "HTTP_IF_RANGE" else ""
    return {**environ, **changes} if changes else environ
