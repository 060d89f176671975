"""Forms that another site cannot send in a visitor's name.

A browser sends the session's cookie along with a form wherever that form comes from. So each form of
ours also carries a token that only our own pages know, and a request that changes something is
refused unless it brings the token of its session.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from werkzeug.exceptions import BadRequest

from typedflask import Flask, request, session

FIELD: Final = "csrf_token"
HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class StaleForm(BadRequest):
    """A form came without the token of this session: too old, or sent by another site."""

    description = "This form had expired. Nothing was changed; please send it once more."


def csrf_token() -> str:
    """The token of this session, made when the first form is shown."""
    kept: object = session.get(FIELD)
    if isinstance(kept, str):
        return kept
    fresh = secrets.token_urlsafe(32)
    session[FIELD] = fresh
    return fresh


def refuse_stale_forms() -> None:
    """Run before every view, so that no view can forget the check."""
    if request.method in HARMLESS or request.endpoint is None:
        return
    expected: object = session.get(FIELD)
    sent = request.form.get(FIELD, "")
    if not isinstance(expected, str) or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise StaleForm


def register(app: Flask) -> None:
    """Check every request, and let templates write `csrf_token()`."""
    app.before_request(refuse_stale_forms)
    app.add_template_global(csrf_token)
