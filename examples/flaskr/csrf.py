"""Forms that another site cannot send in a visitor's name.

A browser sends the session's cookie along with a form wherever that form comes from. So each form of
ours also carries a token that only our own pages know, and a request that changes something is
refused unless it brings the token of its session.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final, NotRequired, TypedDict

from werkzeug.exceptions import BadRequest

from typedflask import Flask, request, typed_session

HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Tokens(TypedDict):
    """What this module keeps in the session."""

    csrf_token: NotRequired[str]


session = typed_session(Tokens)


class StaleForm(BadRequest):
    """A form came without the token of this session: too old, or sent by another site."""

    description = "This form had expired. Nothing was changed; please send it once more."


def csrf_token() -> str:
    """The token of this session, made when the first form is shown."""
    return session.data.setdefault("csrf_token", secrets.token_urlsafe(32))


def refuse_stale_forms() -> None:
    """Run before every view, so that no view can forget the check."""
    if request.method in HARMLESS or request.endpoint is None:
        return
    expected = session.data.get("csrf_token")
    sent = request.form.get("csrf_token", "")
    if expected is None or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise StaleForm


def register(app: Flask) -> None:
    """Check every request, and let templates write `csrf_token()`."""
    app.before_request(refuse_stale_forms)
    app.add_template_global(csrf_token)
