"""A shortcut on a request's way does what the general way does, and gives way where it must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from wsgiref.types import StartResponse

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
        assert app.preprocess_request() is None  # there is nothing to run before a request
        app.before_request(lambda: None)
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


def recording() -> tuple[list[tuple[str, list[tuple[str, str]]]], StartResponse]:
    """A `start_response`, and the list of what it was called with."""
    sent: list[tuple[str, list[tuple[str, str]]]] = []

    def start(
        status: str, headers: list[tuple[str, str]], _: object = None, /
    ) -> Callable[[bytes], object]:
        sent.append((status, headers))
        return lambda data: None

    return sent, start


@pytest.mark.parametrize("body", ["text", b"bytes", bytearray(b"more bytes"), ["a", b"b"], None])
def test_a_response_made_the_short_way_is_werkzeugs(body: Any) -> None:
    own, general = Response(body), BaseResponse(body, mimetype="text/html")
    asked = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "HTTP_HOST": "a.example"}
    assert own.headers == general.headers
    assert own.get_wsgi_response(asked)[1:] == general.get_wsgi_response(asked)[1:]
    sent, start = recording()
    pieces = [b"".join(each(asked, start)) for each in (own, general)]
    assert pieces[0] == pieces[1]
    assert sent[0][0] == sent[1][0]
    assert dict(sent[0][1]) == dict(sent[1][1])


def test_a_response_keeps_headers_and_body_of_its_own_after_it_was_sent() -> None:
    response = Response("text")
    sent, start = recording()
    pieces = response({"REQUEST_METHOD": "GET"}, start)
    sent[0][1].append(("Server", "added by a server"))
    assert isinstance(pieces, list)
    pieces.clear()
    assert "Server" not in response.headers
    assert response.get_data() == b"text"
    other = Response("text")
    other.headers["X-Own"] = "1"
    assert "X-Own" not in Response("text").headers


@pytest.mark.parametrize("name", ["status", "status_code"])
def test_a_status_that_a_class_works_out_itself_is_looked_at(name: str) -> None:
    wrong = {"status": "2\n0 No", "status_code": 9999}[name]

    class Own(Response):
        pass

    def read(self: Own) -> Any:
        return wrong

    def write(self: Own, value: Any) -> None:
        vars(self)["_status"], vars(self)["_status_code"] = "200 OK", 200

    setattr(Own, name, property(read, write))
    app = Flask("app")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/", "index", lambda: Own("text"))
    assert app.test_client().get("/").status_code == 500


def test_a_function_that_a_hook_adds_runs_from_the_next_request_on() -> None:
    """The application's own functions are those there were when the stage began."""
    app = Flask("app")
    ran: list[str] = []
    app.add_url_rule("/", "index", lambda: "text")

    def add_before() -> None:
        ran.append("before")
        app.before_request_funcs[None].append(lambda: ran.append("added before"))

    def add_after(response: Response) -> Response:
        ran.append("after")
        app.after_request_funcs[None].insert(0, added_after)
        return response

    def added_after(response: Response) -> Response:
        ran.append("added after")
        return response

    def add_teardown(error: BaseException | None) -> None:
        ran.append("teardown")
        app.teardown_request_funcs[None].insert(0, lambda error: ran.append("added teardown"))

    app.before_request(add_before)
    app.after_request(add_after)
    app.teardown_request(add_teardown)
    text_of(app)
    assert ran == ["before", "after", "teardown"]
    ran.clear()
    text_of(app)
    assert ran == ["before", "added before", "after", "added after", "teardown", "added teardown"]


def test_hooks_give_way_to_an_ensure_sync_that_is_replaced_between_requests() -> None:
    app = Flask("app")
    asked: list[str] = []
    app.add_url_rule("/", "index", lambda: "text")
    app.before_request(lambda: None)
    app.after_request(lambda response: response)
    app.teardown_request(lambda error: None)
    text_of(app)

    # Any: as `ensure_sync`.
    def noting(function: Any) -> Any:
        asked.append(function.__name__)
        return function

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "ensure_sync", noting)
        text_of(app)
        assert len(asked) == 4
    text_of(app)
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("default_mimetype", None),
        ("default_mimetype", "text/plain"),
    ],
)
def test_what_is_changed_about_the_class_of_responses_itself_is_heeded(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Own(Response):
        """Made by calling it, where the usual class is not called."""

    app, other = Flask("app"), Flask("other")
    other.response_class = Own
    for each in (app, other):
        each.add_url_rule("/", "index", lambda: "text")
        each.add_url_rule("/stream", "stream", lambda: iter(["te", "xt"]))
    monkeypatch.setattr(Response, name, value)
    for path in ("/", "/stream"):
        own, general = (each.test_client().get(path) for each in (app, other))
        assert own.text == general.text == "text"
        assert list(own.headers) == list(general.headers)
        assert own.mimetype == value


def test_a_class_that_tells_no_lengths_is_heeded() -> None:
    class Own(Response):
        automatically_set_content_length = False

    app = Flask("app")
    app.response_class = Own
    app.add_url_rule("/", "index", lambda: "text")
    assert "Content-Length" not in app.test_client().get("/").headers
