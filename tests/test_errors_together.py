"""Errors in several steps of one request: what the client gets, and that teardown always runs.

The same application is built with typedflask and with Flask, whose answers are the ones wanted
wherever no teardown function raises.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from werkzeug.exceptions import Forbidden, ServiceUnavailable
from werkzeug.test import EnvironBuilder

import typedflask
from typedflask import Blueprint, Flask, Response, has_app_context

STEPS = (
    "before_request",
    "view",
    "handler",
    "after_request",
    "after_this_request",
    "500 handler",
    "teardown_request",
    "teardown_appcontext",
)
SOME_STEPS = [some for count in range(len(STEPS) + 1) for some in combinations(STEPS, count)]
EACH_SET_OF_STEPS = pytest.mark.parametrize(
    "failing", SOME_STEPS, ids=lambda some: " + ".join(some) or "nothing"
)


class Boom(Exception):
    """An error of the program."""


class Outcome(NamedTuple):
    status: int
    body: str | None
    torn_down: list[str]


KINDS = (Boom, Forbidden, ServiceUnavailable)


class Program:
    """A blueprint's functions, which raise at the given steps, and a note of its teardowns.

    :param module: typedflask or Flask.
    :param failing: the steps that raise.
    :param make_error: gives what they raise.
    """

    # Any: the module is this package or Flask; an interrupt is no Exception.
    def __init__(
        self, module: Any, failing: tuple[str, ...], make_error: Callable[[], Any]
    ) -> None:
        self.module, self.failing, self.make_error = module, failing, make_error
        self.torn_down: list[str] = []
        app = self.app = module.Flask("together")
        app.logger.disabled = True
        blueprint = module.Blueprint("blueprint", __name__)
        blueprint.before_request(self.before)
        blueprint.add_url_rule("/", "view", self.view)
        for target in (Boom, 403, 503):
            blueprint.register_error_handler(target, self.handler)
        app.register_error_handler(500, self.server_error)
        blueprint.after_request(self.after)
        blueprint.teardown_request(partial(self.tear_down, "teardown_request"))
        app.teardown_appcontext(partial(self.tear_down, "teardown_appcontext"))
        app.register_blueprint(blueprint)

    def step(self, name: str) -> None:
        if name in self.failing:
            raise self.make_error()

    def before(self) -> None:
        self.module.after_this_request(self.after_this)
        self.step("before_request")

    def view(self) -> str:
        self.step("view")
        return "view"

    def handler(self, error: Exception) -> tuple[str, int]:
        self.step("handler")
        return "handled", 400

    def server_error(self, error: Exception) -> tuple[str, int]:
        self.step("500 handler")
        return "sorry", 500

    def after_this(self, response: object) -> object:
        self.step("after_this_request")
        return response

    def after(self, response: object) -> object:
        self.step("after_request")
        return response

    def tear_down(self, name: str, error: BaseException | None) -> None:
        self.torn_down.append(f"{name} {type(error).__name__}")
        self.step(name)

    def run(self) -> Outcome:
        """What the client gets, and what teardown saw."""
        self.torn_down.clear()
        answer = self.app.test_client().get("/")
        return Outcome(answer.status_code, answer.text, [*self.torn_down])


def expected(failing: tuple[str, ...], kind: type[Exception]) -> Outcome:
    """What the documentation says of errors in these steps; a body of None is a default page."""
    raised = "view" in failing or "before_request" in failing
    late = "after_request" in failing or "after_this_request" in failing
    handler_fails = "handler" in failing and (raised or late)
    error = "NoneType"
    answer: tuple[int, str | None] = (400, "handled") if raised else (200, "view")
    if kind is Forbidden:
        # An answer to the client's mistake, wherever it is raised, and no error of the program.
        if late or raised:
            answer = (403, None) if handler_fails else (400, "handled")
    elif late or (raised and handler_fails):
        answer = (500, None if "500 handler" in failing else "sorry")
        error = kind.__name__
    return Outcome(*answer, [f"teardown_request {error}", f"teardown_appcontext {error}"])


@EACH_SET_OF_STEPS
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_raises_the_client_gets_an_answer_and_teardown_runs(
    failing: tuple[str, ...], kind: type[Exception]
) -> None:
    status, body, torn_down = Program(typedflask, failing, kind).run()
    wanted = expected(failing, kind)
    assert status == wanted.status
    assert body == wanted.body or (wanted.body is None and body is not None and "<h1>" in body)
    assert torn_down == wanted.torn_down
    assert not has_app_context()


def test_flask_answers_the_same_except_where_it_lets_errors_escape() -> None:
    flask = pytest.importorskip("flask")
    for failing in SOME_STEPS:
        for kind in KINDS:
            wanted = expected(failing, kind)
            # A 500-handler or a teardown function that raises goes through Flask's WSGI callable,
            # and what only after_request or a handler finds wrong with a request is a 500 there.
            escapes = {"teardown_request", "teardown_appcontext", "500 handler"} & {*failing}
            blamed = {"handler", "after_request", "after_this_request"} & {*failing}
            if not escapes and not (kind is Forbidden and blamed):
                assert Program(flask, failing, kind).run() == wanted, failing


@EACH_SET_OF_STEPS
@pytest.mark.parametrize("switch", ["TESTING", "DEBUG", "PROPAGATE_EXCEPTIONS"])
def test_errors_nobody_handles_reach_tests_and_debuggers(
    failing: tuple[str, ...], switch: str
) -> None:
    program = Program(typedflask, failing, Boom)
    program.app.config[switch] = True
    wanted = expected(failing, Boom)
    if wanted.status == 500:
        with pytest.raises(Boom):
            program.run()
    else:
        assert program.run().body == wanted.body
    assert program.torn_down == wanted.torn_down
    assert not has_app_context()


@pytest.mark.parametrize("switch", ["TESTING", "DEBUG"])
def test_propagation_may_be_turned_off_in_tests_and_debug_mode(switch: str) -> None:
    program = Program(typedflask, ("view", "handler"), Boom)
    program.app.config.update({switch: True, "PROPAGATE_EXCEPTIONS": False})
    assert program.run().status == 500


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("step", STEPS)
def test_an_interrupt_goes_through_after_teardown_ran(
    step: str, interrupt: type[BaseException]
) -> None:
    """No handler may swallow it, and no step after it is reached but teardown."""
    reached_by = {"handler": ("view", step), "500 handler": ("after_request", step)}
    raising = reached_by.get(step, (step,))
    first = iter([Boom()] * (len(raising) - 1))
    program = Program(typedflask, raising, lambda: next(first, None) or interrupt())
    with pytest.raises(interrupt):
        program.run()
    kind = "NoneType" if step.startswith("teardown") else interrupt.__name__
    assert program.torn_down == [f"teardown_request {kind}", f"teardown_appcontext {kind}"]
    assert not has_app_context()


# --- the answer to an error, and the log -----------------------------------------------------


@pytest.fixture
def app() -> Flask:
    app = Flask("failing")

    @app.get("/")
    def view() -> str:
        raise Boom("of the view")

    return app


def test_the_handler_of_500_gets_the_original_error(app: Flask) -> None:
    @app.errorhandler(500)
    def sorry(error: Any) -> tuple[str, int]:
        return f"{error.code} {error.original_exception}", 500

    assert app.test_client().get("/").text == "500 of the view"


@pytest.mark.parametrize("wrong", [None, object()])
def test_a_500_handler_that_returns_nothing_useful_still_leaves_the_client_its_500(
    app: Flask, wrong: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app.register_error_handler(500, lambda error: wrong)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "Internal Server Error" in answer.text
    assert "of the view" in caplog.text
    assert "A view may return" in caplog.text


def test_the_log_names_path_and_method_and_both_errors(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.after_request
    def after(response: Response) -> Response:
        raise Boom("of after_request")

    assert app.test_client().get("/").status_code == 500
    assert "/ [GET]" in caplog.text
    assert "of the view" in caplog.text
    assert "of after_request" in caplog.text


def test_outside_of_a_request_errors_are_logged_too(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    error = Boom("outside")
    app.log_exception((Boom, error, None))
    assert "outside" in caplog.text


def test_a_session_backend_that_fails_is_answered_and_torn_down(app: Flask) -> None:
    class Unreachable:
        def open_session(self, app: object, request: object) -> None:
            raise Boom("no store")

        def save_session(self, app: object, session: object, response: object) -> None:
            """Never called."""

    log: list[str] = []
    app.session_interface = Unreachable()
    app.teardown_request(lambda error: log.append(f"request {error}"))
    app.teardown_appcontext(lambda error: log.append(f"context {error}"))
    assert app.test_client().get("/").status_code == 500
    assert log == ["request no store", "context no store"]
    with pytest.raises(Boom, match="no store"), app.test_request_context("/"):
        pass
    assert not has_app_context()
    assert len(log) == 4


class Failing(Response):
    """A response that cannot be started."""

    def __call__(self, *args: object) -> Any:
        raise Boom("while sending")


class Begun(Response):
    """A response that fails after the server heard of it."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        raise Boom("after it began")


def sent(app: Flask, path: str) -> tuple[str, bytes]:
    """What a server sends, that takes a second status only with the error that explains it."""
    started: list[str] = []

    def start_response(status: str, headers: object, info: object = None, /) -> Any:
        assert info is not None or not started
        started.append(status)

    body = app(EnvironBuilder(path).get_environ(), start_response)
    return started[-1], b"".join(body)


UNSENDABLE = {
    "one that has begun": (Begun, "after it began"),
    "one that raises": (Failing, "while sending"),
    "an impossible header": (lambda: Response(headers={"X-Wrong": "\u20ac"}), "cannot be sent"),
}


@pytest.mark.parametrize(("make", "reason"), UNSENDABLE.values(), ids=UNSENDABLE)
def test_a_response_that_cannot_be_sent_is_a_500_and_teardown_is_told(
    app: Flask,
    make: Callable[[], Response],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    log: list[str] = []
    app.teardown_request(lambda error: log.append(str(error)))
    app.add_url_rule("/failing", "failing", make)
    app.register_error_handler(500, lambda error: ("sorry", 500))
    assert sent(app, "/failing") == ("500 INTERNAL SERVER ERROR", b"sorry")
    assert reason in caplog.text
    assert reason in log[0]
    app.testing = True
    with pytest.raises((Boom, ValueError), match=reason):
        app.test_client().get("/failing")
    assert len(log) == 2
    assert reason in log[1]


@pytest.mark.parametrize(("make", "reason"), UNSENDABLE.values(), ids=UNSENDABLE)
def test_when_the_answer_to_that_cannot_be_sent_either_a_plain_500_is(
    app: Flask, make: Callable[[], Response], reason: str
) -> None:
    app.after_request(lambda response: make())
    assert sent(app, "/") == ("500 INTERNAL SERVER ERROR", b"Internal Server Error")


def test_a_blueprint_answers_errors_of_its_own_hooks(app: Flask) -> None:
    blueprint = Blueprint("blueprint", __name__)
    blueprint.add_url_rule("/inside", "view", lambda: "view")
    blueprint.register_error_handler(Boom, lambda error: f"blueprint: {error}")

    @blueprint.before_request
    def fails() -> None:
        raise Boom("of the hook")

    app.register_blueprint(blueprint)
    app.register_error_handler(Boom, lambda error: f"app: {error}")
    client = app.test_client()
    assert client.get("/inside").text == "blueprint: of the hook"
    assert client.get("/").text == "app: of the view"
