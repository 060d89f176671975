"""Binding the map of rules to a request, and looking the request up in it.

A request that no rule answers is an ordinary result here: the HTTP exception is returned as a
value, and the lifecycle decides when to raise it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.routing import Map, MapAdapter

from ..wsgi import host_of, scheme_of, utf8

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .contract import UrlApp
    from .endings import Match


def bind(app: UrlApp, environ: WSGIEnvironment | None) -> MapAdapter | None:
    """An adapter that matches the request and builds URLs relative to it.

    :param app: the application, for its map and `SERVER_NAME`.
    :param environ: the request's environment, or None outside of a request.
    :returns: None outside of a request when `SERVER_NAME` is not set.
    :raises BadHost: the request's `Host` header is not a host name.
    """
    server_name: str | None = app.config["SERVER_NAME"]
    url_map = app.url_map
    if environ is None:
        if server_name is None:
            return None
        return url_map.bind(
            server_name,
            script_name=app.config["APPLICATION_ROOT"],
            url_scheme=app.config["PREFERRED_URL_SCHEME"],
        )
    if url_map.host_matching:
        # Rules name whole hosts; SERVER_NAME plays no part in matching.
        return url_map.bind_to_environ(environ)
    if app.subdomain_matching:
        return url_map.bind_to_environ(environ, server_name=server_name)
    # SERVER_NAME does not restrict which hosts are answered (Flask 3.1), it only names the server
    # in URLs that are built; so neither subdomains nor warnings about them need working out.
    if type(url_map).bind_to_environ is Map.bind_to_environ:
        return _bind_directly(url_map, environ, server_name)
    return url_map.bind_to_environ(
        environ, server_name=server_name, subdomain=url_map.default_subdomain or ""
    )


def _bind_directly(url_map: Map, environ: WSGIEnvironment, name: str | None) -> MapAdapter:
    """What `bind_to_environ` makes when the host decides nothing, without parsing it again."""
    scheme = scheme_of(environ)
    if name is None:
        host = host_of(environ, scheme)
    else:
        host = _named_host(scheme, name)
    if host is None:
        raise BadHost
    return MapAdapter(
        url_map,
        host,
        utf8(environ.get("SCRIPT_NAME") or "/"),
        url_map.default_subdomain or "",
        scheme,
        utf8(environ.get("PATH_INFO", "/")),  # missing is not empty
        environ.get("REQUEST_METHOD", "GET"),
        utf8(environ.get("QUERY_STRING") or ""),
    )


@lru_cache(maxsize=64)
def _named_host(scheme: str, name: str) -> str | None:
    """`SERVER_NAME` as URLs spell it: lower case, in ASCII, without the scheme's own port.

    :returns: None when the name cannot be encoded by the rules of IDNA.
    """
    own_port = ":443" if scheme in {"https", "wss"} else ":80"
    try:
        return name.lower().removesuffix(own_port).encode("idna").decode("ascii")
    except UnicodeError:
        return None


def bind_without_host(app: UrlApp, environ: WSGIEnvironment) -> MapAdapter:
    """An adapter that builds URLs for a request whose own host was refused; it matches nothing.

    URLs are relative to the request's script root; those that name a host name `SERVER_NAME`, or
    an empty one where that is not set.
    """
    return app.url_map.bind(
        app.config["SERVER_NAME"] or "",
        script_name=utf8(environ.get("SCRIPT_NAME") or "/"),
        url_scheme=scheme_of(environ),
    )


def find(adapter: MapAdapter) -> Match | HTTPException:
    """The rule that answers the request the adapter is bound to, or why none does."""
    try:
        rule, values = adapter.match(return_rule=True)
    except HTTPException as error:
        # Neither the frames that raised it nor the map's own exception are of use to anyone;
        # kept, they would tie the request and its frames into a cycle.
        error.__context__ = None
        return error.with_traceback(None)
    return rule, dict(values)
