"""A visitor with a browser that keeps cookies and sends forms with their hidden token."""

from __future__ import annotations

import html
import re
from typing import Final

from werkzeug.test import TestResponse

from typedflask import Flask

NAME: Final = "ada"
PASSWORD: Final = "analytical engine"


class Visitor:
    """Somebody who reads pages and fills in forms; each has cookies of their own."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def read(self, address: str = "/") -> str:
        """The page at an address that is expected to exist."""
        response = self.client.get(address)
        assert response.status_code == 200, response.status
        return response.text

    def token(self) -> str:
        """What the form on the page for signing in, or on the front page, has in its hidden field."""
        page = self.client.get("/login", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None, "there is no form on the page"
        return html.unescape(found[1])

    def send(self, address: str, **fields: str) -> TestResponse:
        """Send a form as the page shows it, with its token."""
        return self.client.post(address, data={"csrf_token": self.token(), **fields})

    def sign_in(self, name: str = NAME, password: str = PASSWORD) -> TestResponse:
        """Try to sign in."""
        return self.send("/login", name=name, password=password)


def said(page: str) -> str:
    """The text of a page, without its tags and as a reader sees it."""
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", page).split()))
