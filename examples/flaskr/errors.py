"""What a visitor sees when something went wrong."""

from __future__ import annotations

from werkzeug.exceptions import HTTPException

from typedflask import Flask, render_template
from typedflask.typing import ResponseReturnValue


def error_page(error: HTTPException) -> ResponseReturnValue:
    """A page in the look of the blog for any HTTP error.

    Its header leaves out who is signed in: after an error in the database, asking there again would
    only fail once more.
    """
    code = error.code or 500
    template = "not_found.html" if code == 404 else "error.html"
    page = render_template(template, code=code, name=error.name, description=error.description)
    # An error may bring headers that belong to it, such as Allow with 405.
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return page, code, headers


def register(app: Flask) -> None:
    """Answer every HTTP error with a page of our own."""
    app.register_error_handler(HTTPException, error_page)
