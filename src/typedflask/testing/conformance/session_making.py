"""What the tests of session backends are told about a backend, and the site they try it on.

`SessionMaking` is the part of `SessionConformance` that an author fills in; only `make_backend`
has to be.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import pytest
from werkzeug.test import Cookie, TestResponse

from typedflask import Flask
from typedflask.proxies import session
from typedflask.sessions.contract import AnySessionBackend
from typedflask.testing.client import FlaskClient

Action = Callable[[], object]
"""What a view does with the session."""


class Answer(NamedTuple):
    """What came of a request."""

    response: TestResponse
    found: Any
    """What the action returned; Any, as the values of a session."""


class SessionSite:
    """An application with a backend, whose one view does what a test wants.

    :param backend: the backend.
    """

    def __init__(self, backend: AnySessionBackend) -> None:
        self.app: Flask = Flask("conformance", session=backend)
        self.app.config.update(SECRET_KEY="conformance " * 4, TESTING=True)
        self._action: Action = lambda: None
        self._found: object = None
        self._names: set[str] = set()

        def view() -> str:
            action = self._action
            self._found = action()
            return "done"

        self.app.add_url_rule("/", "view", view)

    def visitor(self) -> FlaskClient:
        """Somebody with a browser that keeps cookies."""
        return self.app.test_client()

    # Any: options of a request, see `typedflask.testing.RequestOptions`.
    def ask(self, visitor: FlaskClient, action: Action = lambda: None, **options: Any) -> Answer:
        """Let the view do something in a request of a visitor.

        :raises Exception: what the view, or the backend, raised.
        """
        # A view may send a request of its own.
        before, self._action = self._action, action
        try:
            response = visitor.get("/", **options)
        finally:
            self._action = before
        for header in response.headers.getlist("Set-Cookie"):
            self._names.add(header.partition("=")[0])
        return Answer(response, self._found)

    def content(self, visitor: FlaskClient) -> dict[str, Any]:
        """What is in a visitor's session."""
        found: dict[str, Any] = self.ask(visitor, lambda: dict(session)).found
        return found

    def beginning(self, **items: Any) -> FlaskClient:
        """A visitor with a session that holds something."""
        visitor = self.visitor()
        self.ask(visitor, lambda: session.update(items))
        return visitor

    def cookies(self, visitor: FlaskClient) -> list[Cookie]:
        """The cookies a visitor has from the backend."""
        found = [visitor.get_cookie(name) for name in sorted(self._names)]
        cookies = [cookie for cookie in found if cookie is not None]
        assert cookies, "a new session sent no cookie; what else should bring the visitor back?"
        return cookies

    def twin(self, visitor: FlaskClient) -> FlaskClient:
        """Somebody with the same cookies: another tab of the browser, or a thief."""
        twin = self.visitor()
        self.give(twin, self.cookies(visitor))
        return twin

    def give(self, visitor: FlaskClient, cookies: list[Cookie]) -> None:
        """Put cookies into a visitor's browser."""
        for cookie in cookies:
            visitor.set_cookie(cookie.key, cookie.value, path=cookie.path)


class SessionMaking:
    """How the tests come by a backend, and what they should know of it."""

    ends_for_good: ClassVar[bool] = False
    """Whether a session that was cleared is over for everybody who has its cookie. True of
    backends that keep sessions on a server; a cookie that holds everything can be put back."""
    has_ids: ClassVar[bool] = False
    """Whether a session has an id that `regenerate` replaces by a new one."""
    keeps_both: ClassVar[bool] = False
    """Whether of two requests at the same time that change different keys both are kept."""
    one_at_a_time: ClassVar[bool] = False
    """Whether requests wait for another one that has the session; the tests in which two have it
    at the same time are skipped then."""
    carries_tagged: ClassVar[bool] = True
    """Whether tuples, bytes, `Markup`, `UUID` and `datetime` come back as what they were."""

    def make_backend(self) -> AnySessionBackend:
        """Give a backend with no sessions in it, each time.

        To be defined by the subclass, unless it has a pytest fixture called `backend` instead.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define make_backend(self), which gives a session backend,"
            " or a fixture named backend"
        )

    def wait(self, seconds: float) -> None:
        """Let time pass; to be overridden where the backend has a clock that can be set."""
        time.sleep(seconds)

    @pytest.fixture
    def backend(self) -> AnySessionBackend:
        """The backend of one test."""
        return self.make_backend()

    @pytest.fixture
    def site(self, backend: AnySessionBackend) -> SessionSite:
        """An application with that backend."""
        return SessionSite(backend)

    def require(self, promised: bool, name: str) -> None:
        """Skip a test of something that the backend does not promise."""
        if not promised:
            pytest.skip(f"{type(self).__name__}.{name} is False")

    def require_no_waiting(self) -> None:
        """Skip a test in which two requests have the session at the same time."""
        if self.one_at_a_time:
            pytest.skip(f"{type(self).__name__}.one_at_a_time is True")
