"""The names a template knows: what was passed, what the context processors add, the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, cast

from ..ctx import find_context, find_request_context
from ..registration.routes import Extra
from ..stages import Walk, in_order
from .site import Site

PROXIES: Final[dict[str, Any]] = {}
"""The proxies by name, from the first template on."""


def proxied_names() -> dict[str, Any]:
    """What templates always know, by the proxies, which are imported with the first template."""
    if not PROXIES:
        from ..proxies import g, request, session

        PROXIES.update(request=request, session=session, g=g)
    return PROXIES


def request_names() -> dict[str, Any]:  # Any: templates take whatever they are given
    """What every template knows: `g`, and during a request `request` and `session`.

    A session nobody opened yet is passed as its proxy, so that only templates that use it open it.
    """
    context = find_context()
    if context is None:
        return {}
    request_context = find_request_context()
    if request_context is None:
        return {"g": context.g}
    session = request_context.opened_session
    return {
        "g": context.g,
        "request": request_context.request,
        "session": proxied_names()["session"] if session is None else session,
    }


class NamingSteps(Site[Extra], Generic[Extra]):
    """The part of an application that gives names to templates."""

    def update_template_context(self, context: dict[str, Any]) -> None:  # Any: as above
        """Add what the context processors give; names that are there already win.

        The application's processors run first, then those of the request's blueprints inwards,
        each overriding the ones before.

        :param context: the names passed to the template, changed in place.
        """
        request_context = find_request_context()
        scopes = () if request_context is None else request_context.request.scopes
        passed = context.copy()
        hooks = self.template_context_processors
        for processor in in_order(Walk.OUTSIDE_IN, hooks, scopes):
            context.update(self._names_from(self.ensure_sync(processor)()))
        context.update(passed)

    def _names_from(self, result: object) -> Mapping[str, Any]:
        result = self._finish(result)
        if isinstance(result, Mapping):
            return cast("Mapping[str, Any]", result)  # its keys become names, whatever they are
        raise TypeError(
            f"A context processor returned {type(result).__name__} instead of a dict of names."
        )
