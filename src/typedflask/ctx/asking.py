"""Asking for the active context: what there is, or an error that says what is missing."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from .context import (
    AppContext,
    RequestContext,
    activate,
    deactivate,
    find_context,
    find_request_context,
)

NO_APP: Final = (
    "This needs an active application, and none is. Use it in a view or a command, or inside"
    " `with app.app_context():`."
)
NO_REQUEST: Final = (
    "This needs an active request, and none is. Use it while a request is handled, or inside"
    " `with app.test_request_context():` in tests and at the prompt."
)


def request_context() -> RequestContext:
    """The context of the active request.

    :raises RuntimeError: no request is active.
    """
    context = find_context()
    if type(context) is RequestContext:
        return context
    context = find_request_context()
    if context is None:
        raise RuntimeError(NO_REQUEST)
    return context


def app_context() -> AppContext:
    """The active context.

    :raises RuntimeError: no application is active.
    """
    context = find_context()
    if context is None:
        raise RuntimeError(NO_APP)
    return context


def has_app_context() -> bool:
    """Whether an application is active; `current_app` and `g` work then."""
    return find_context() is not None


def has_request_context() -> bool:
    """Whether a request is active; `request` and `session` work then."""
    return find_request_context() is not None


@contextmanager
def active(context: AppContext) -> Generator[None]:
    """Let a context be the active one for a moment, without pushing or ending it."""
    token = activate(context)
    try:
        yield
    finally:
        deactivate(token)
