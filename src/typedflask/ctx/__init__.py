"""Contexts: what is active while an application works, and the one variable that names it.

`context.py` holds the contexts, `asking.py` the ways to ask for the active one, `namespace.py` the class
of `g`, `contract.py` what a context asks of its application.
"""

from .asking import (
    NO_APP,
    NO_REQUEST,
    active,
    app_context,
    has_app_context,
    has_request_context,
    request_context,
)
from .context import UNSET, AppContext, RequestContext, find_context, find_request_context
from .namespace import AppGlobals, OpenGlobals

_AppCtxGlobals = OpenGlobals  # the name Flask's documentation gives the class of `g`

__all__ = [
    "NO_APP",
    "NO_REQUEST",
    "UNSET",
    "AppContext",
    "AppGlobals",
    "OpenGlobals",
    "RequestContext",
    "active",
    "app_context",
    "find_context",
    "find_request_context",
    "has_app_context",
    "has_request_context",
    "request_context",
]
