"""A shortcut on a request's way does what the general way does, and gives way where it must."""

from __future__ import annotations

from typing import Any

import pytest

from typedflask import Flask, Request, session
from typedflask.ctx import RequestContext
from typedflask.sessions import SecureCookieSessionInterface, SessionMixin
from typedflask.signals import appcontext_popped, appcontext_pushed


class Derived(RequestContext[Any]):
    """A context that changes nothing, and takes the general way all the same."""


STEPS = ["teardown_request", "close", "teardown_appcontext", "release_session"]


def ending(kind: type[RequestContext[Any]], broken: str | None) -> tuple[list[str], str]:
    """The steps of a request's end as they came, and what the end raised."""
    steps: list[str] = []

    def step(name: str) -> None:
        steps.append(name)
        if name == broken:
            raise RuntimeError(f"{name} is broken")

    class OwnRequest(Request):
        def close(self) -> None:
            step("close")

    class Sessions(SecureCookieSessionInterface):
        def release_session(self, app: Flask, session: SessionMixin) -> None:
            step("release_session")

    class App(Flask):
        request_class = OwnRequest

    app = App("app", session=Sessions())
    app.secret_key = "a key for tests"
    app.add_url_rule("/", "index", lambda: session.get("user", "nobody"))
    app.teardown_request(lambda error: step("teardown_request"))
    app.teardown_appcontext(lambda error: step("teardown_appcontext"))

    def pushed(sender: object) -> None:
        steps.append("pushed")

    def popped(sender: object) -> None:
        steps.append("popped")

    with appcontext_pushed.connected_to(pushed, app), appcontext_popped.connected_to(popped, app):
        context = kind(app, OwnRequest({"PATH_INFO": "/", "REQUEST_METHOD": "GET"}))
        try:
            with context:
                assert app.full_dispatch_request().get_data(as_text=True) == "nobody"
        except RuntimeError as error:
            return steps, str(error)
    return steps, ""


@pytest.mark.parametrize("broken", [None, *STEPS])
@pytest.mark.parametrize("kind", [RequestContext, Derived])
def test_contexts_end_by_the_same_steps_whether_they_are_derived_or_not(
    kind: type[RequestContext[Any]], broken: str | None
) -> None:
    steps, raised = ending(kind, broken)
    assert steps == ["pushed", *STEPS, "popped"]
    assert raised == (f"{broken} is broken" if broken else "")
