"""A shortcut on a request's way does what the general way does, and gives way where it must."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from typing_extensions import TypeIs
from werkzeug.wrappers import Response as BaseResponse

from typedflask import Flask, Request, Response, session
from typedflask.ctx import RequestContext
from typedflask.responses import ResponseRules, Rule
from typedflask.responses.contract import Kit
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


def text_of(app: Flask, path: str = "/") -> str:
    return app.test_client().get(path).text


def test_a_row_in_front_takes_text_from_the_short_way_at_any_time() -> None:
    app = Flask("app")
    app.add_url_rule("/", "index", lambda: "plain")
    assert text_of(app) == "plain"

    def shout(value: str, kit: Kit) -> BaseResponse:
        """Louder."""
        return kit.app.response_class(value.upper())

    app.responses.add(Rule("loud text", is_string, shout, (str,)))
    assert text_of(app) == "PLAIN"


def is_string(value: object) -> TypeIs[str]:
    return isinstance(value, str)


def test_a_table_that_looks_values_up_in_its_own_way_is_asked_for_each() -> None:
    class Table(ResponseRules):
        def convert(self, value: object, kit: Kit) -> BaseResponse | None:
            return super().convert(f"a table's {value}", kit)

    app = Flask("app")
    app.responses = Table()
    app.add_url_rule("/", "index", lambda: "text")
    assert text_of(app) == "a table's text"


class Pair(NamedTuple):
    """A result in two parts, of a class of its own."""

    body: str
    status: int


def test_a_tuple_is_taken_apart_even_if_a_row_names_its_class() -> None:
    def refuse(value: Pair, kit: Kit) -> BaseResponse:
        """Never."""
        raise AssertionError("tuples are results in parts")

    def is_pair(value: object) -> TypeIs[Pair]:
        return isinstance(value, Pair)

    app = Flask("app")
    app.responses.add(Rule("a pair", is_pair, refuse, (Pair,)))
    app.add_url_rule("/", "index", lambda: Pair("made", 201))
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.text) == (201, "made")


def test_steps_work_inside_an_application_context_and_without_a_request_say_so() -> None:
    """The short way knows requests' contexts; below another context the request is looked for."""
    app = Flask("app")
    app.add_url_rule("/", "index", lambda: "text")
    with app.test_request_context("/"), app.app_context():
        assert app.preprocess_request() is None
        assert app.dispatch_request() == "text"
        assert app.process_response(app.make_response("more")).get_data() == b"more"
    with app.app_context():
        for step in (
            app.preprocess_request,
            app.dispatch_request,
            lambda: app.make_response("text"),
            lambda: app.process_response(Response("text")),
        ):
            with pytest.raises(RuntimeError, match="needs an active request"):
                step()


def test_a_context_that_is_derived_is_found_by_every_step() -> None:
    class App(Flask):
        # Any: as the class is declared.
        def request_context(self, environ: Any) -> Any:
            return Derived(self, self.request_class(environ))

    app = App("app")
    app.add_url_rule("/", "index", lambda: "text")
    app.before_request(lambda: None)
    app.after_request(lambda response: response)
    assert text_of(app) == "text"
