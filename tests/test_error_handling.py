"""Errors on their way to an answer: handled, trapped, logged, and never out of the application."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.watching import Watched
from typedflask import Flask, Response, abort, got_request_exception, request


class Trouble(Exception):
    """What goes wrong in these tests."""


def failing(error: Exception, **config: Any) -> Flask:
    """An application whose only view raises an error."""
    app = Flask(__name__)
    app.config.update(config)

    def fail() -> str:
        raise error

    app.add_url_rule("/", "fail", fail)
    return app


# --- an error of the program -------------------------------------------------------------


def test_an_error_nobody_handles_is_a_logged_500_that_says_nothing_of_it() -> None:
    watched = Watched(failing(Trouble("the password is 42")))

    answer = watched.ask(server_fault=True)

    assert "Internal Server Error" in answer.text
    assert "42" not in answer.text
    assert str(watched.errors.raised[0]) == "the password is 42"
    assert watched.errors.records[0].getMessage() == "Error at / [GET]"


def test_the_handler_of_500_gets_the_original_error() -> None:
    trouble, seen = Trouble(), list[InternalServerError]()
    for target in (500, InternalServerError, HTTPException):
        app = failing(trouble)

        @app.errorhandler(target)
        def answer(error: Any) -> tuple[str, int]:
            seen.append(error)
            return "sorry", 500

        assert Watched(app).ask(server_fault=True).text == "sorry"

    assert [type(error) for error in seen] == [InternalServerError] * 3
    assert [error.original_exception for error in seen] == [trouble] * 3


def test_a_500_that_a_view_raises_itself_has_no_original_error() -> None:
    seen: list[InternalServerError] = []
    app = failing(InternalServerError("planned"))

    @app.errorhandler(500)
    def answer(error: InternalServerError) -> tuple[str, int]:
        seen.append(error)
        return "sorry", 503

    assert Watched(app).ask().status == 503
    assert seen[0].original_exception is None
    assert seen[0].description == "planned"


def test_a_handler_of_the_class_itself_answers_without_a_log_entry() -> None:
    app = failing(Trouble("x"))
    app.register_error_handler(Trouble, lambda error: (f"handled {error}", 409))

    answer = Watched(app).ask()

    assert (answer.status, answer.text) == (409, "handled x")


def test_a_handler_may_return_the_exception_it_got() -> None:
    app = failing(Forbidden("stay out"))
    app.register_error_handler(HTTPException, lambda error: error)

    answer = Watched(app).ask()

    assert answer.status == 403
    assert "stay out" in answer.text


def test_a_handler_that_raises_is_a_500_with_both_errors_known() -> None:
    app = failing(Trouble("first"))

    @app.errorhandler(Trouble)
    def fail_again(error: Trouble) -> str:
        raise ZeroDivisionError from error

    watched = Watched(app)
    watched.ask(server_fault=True)

    assert isinstance(watched.errors.raised[0], ZeroDivisionError)
    assert str(watched.errors.raised[0].__cause__) == "first"


def test_a_handler_of_500_that_raises_leaves_the_plain_page_and_two_log_entries() -> None:
    app = failing(Trouble("first"))

    @app.errorhandler(500)
    def fail_again(error: InternalServerError) -> str:
        raise ZeroDivisionError

    watched = Watched(app)

    assert "Internal Server Error" in watched.ask(server_fault=True).text
    assert [type(error) for error in watched.errors.raised] == [Trouble, ZeroDivisionError]


def test_a_handler_of_500_may_answer_with_another_status() -> None:
    app = failing(Trouble())
    app.register_error_handler(500, lambda error: ("later", 503, {"Retry-After": "60"}))
    watched = Watched(app)

    answer = watched.ask(logged=True)

    assert (answer.status, answer.header("Retry-After")) == (503, "60")


def test_a_handler_that_returns_nothing_is_named_in_the_error() -> None:
    app = failing(NotFound())
    nothing: Any = None
    app.register_error_handler(404, lambda error: nothing)
    watched = Watched(app)

    watched.ask(server_fault=True)

    assert "'fail' (or a hook or handler in its place)" in str(watched.errors.raised[0])


def test_an_error_while_matching_or_before_the_view_is_handled_too() -> None:
    app = Flask(__name__)
    app.register_error_handler(Trouble, lambda error: "handled")
    app.add_url_rule("/", "index", lambda: "x")

    @app.before_request
    def fail() -> None:
        raise Trouble

    watched = Watched(app)

    assert watched.ask().text == "handled"
    assert watched.ask("/nowhere").text == "handled"


@pytest.mark.parametrize("setting", ["TESTING", "DEBUG", "PROPAGATE_EXCEPTIONS"])
def test_errors_are_raised_again_for_tests_and_debuggers(setting: str) -> None:
    app = failing(Trouble("seen"), **{setting: True})
    app.register_error_handler(500, lambda error: "never")

    with pytest.raises(Trouble, match="seen"):
        app.test_client().get("/")


@pytest.mark.parametrize("setting", ["TESTING", "DEBUG"])
def test_propagation_may_be_turned_off_while_testing(setting: str) -> None:
    app = failing(Trouble(), PROPAGATE_EXCEPTIONS=False, **{setting: True})

    Watched(app).ask(server_fault=True)


def test_teardown_functions_are_told_of_errors_nobody_handled() -> None:
    trouble = Trouble()
    watched = Watched(failing(trouble))
    watched.ask(server_fault=True)
    assert watched.torn_down.request == [trouble]
    assert watched.torn_down.context == [trouble]

    app = failing(trouble)
    app.register_error_handler(Trouble, lambda error: "handled")
    watched = Watched(app)
    watched.ask()
    assert watched.torn_down.request == [None]


def test_the_signal_is_sent_for_errors_nobody_handled_only() -> None:
    sent: list[BaseException] = []

    def receive(sender: object, exception: BaseException, **extra: object) -> None:
        sent.append(exception)

    trouble, handled = failing(Trouble()), failing(Trouble())
    handled.register_error_handler(Trouble, lambda error: "handled")
    with got_request_exception.connected_to(receive):
        Watched(handled).ask()
        Watched(failing(NotFound())).ask()
        assert sent == []
        Watched(trouble).ask(server_fault=True)
    assert [type(error) for error in sent] == [Trouble]


# --- whatever raises, alone or together --------------------------------------------------

PLACES = ("before_request", "view", "errorhandler", "after_request", "handler of 500")
TEARDOWNS = ("teardown_request", "teardown_appcontext")


@pytest.mark.parametrize("raising", list(product((False, True), repeat=len(PLACES))))
def test_wherever_it_raises_there_is_an_answer_and_every_teardown_runs(
    raising: tuple[bool, ...],
) -> None:
    fails = dict(zip(PLACES, raising, strict=True))

    def at(place: str) -> None:
        if fails[place]:
            raise Trouble(place)

    app = Flask(__name__)
    app.before_request(lambda: at("before_request"))

    @app.get("/")
    def view() -> str:
        at("view")
        return "x"

    @app.errorhandler(Trouble)
    def handle(error: Trouble) -> tuple[str, int]:
        at("errorhandler")
        return "handled", 409

    @app.errorhandler(500)
    def handle_500(error: InternalServerError) -> tuple[str, int]:
        at("handler of 500")
        return "sorry", 500

    @app.after_request
    def after(response: Response) -> Response:
        at("after_request")
        return response

    @app.teardown_request
    def tear_down(error: BaseException | None) -> None:
        raise Trouble("teardown_request")

    watched = Watched(app)

    @app.teardown_appcontext
    def tear_down_context(error: BaseException | None) -> None:
        raise Trouble("teardown_appcontext")

    first = fails["before_request"] or fails["view"]
    unhandled = fails["after_request"] or (first and fails["errorhandler"])
    answer = watched.ask(server_fault=unhandled, logged=True)

    assert answer.status == (500 if unhandled else 409 if first else 200)
    if unhandled and not fails["handler of 500"]:
        assert answer.text == "sorry"
    # The two teardown functions raise every time; they are logged together, and stop nothing.
    logged = watched.errors.raised[-1]
    assert isinstance(logged, ExceptionGroup)
    assert [str(error) for error in logged.exceptions] == list(TEARDOWNS)


# --- an error of the client --------------------------------------------------------------


def test_a_clients_mistake_found_by_an_after_request_function_keeps_its_status() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "x", methods=["POST"])

    @app.after_request
    def look(response: Response) -> Response:
        response.headers["X-Length"] = str(len(request.get_data()))
        return response

    app.config["MAX_CONTENT_LENGTH"] = 5
    watched = Watched(app)

    assert watched.ask(method="POST", data="x" * 6).status == 413
    assert watched.ask("/nowhere", method="POST", data="x" * 6).status == 413
    assert watched.ask(method="POST", data="x" * 5).header("X-Length") == "5"


def test_a_clients_mistake_found_by_a_handler_keeps_its_status() -> None:
    app = failing(Trouble())
    app.config["MAX_CONTENT_LENGTH"] = 5
    app.register_error_handler(404, lambda error: (request.get_data(), 404))
    watched = Watched(app)

    assert watched.ask("/nowhere", method="POST", data="x" * 6).status == 413
    assert watched.ask("/nowhere", method="POST", data="x" * 5).status == 404


def test_a_mistake_found_after_the_view_is_answered_by_its_handler() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "x")
    app.register_error_handler(413, lambda error: ("too much", 413))
    raised: list[bool] = []

    @app.after_request
    def once(response: Response) -> Response:
        if not raised:
            raised.append(True)
            raise RequestEntityTooLarge
        return response

    answer = Watched(app).ask()

    assert (answer.status, answer.text) == (413, "too much")


def test_a_server_error_raised_after_the_view_is_a_logged_500() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "x")

    @app.after_request
    def refuse(response: Response) -> Response:
        abort(503)

    Watched(app).ask(server_fault=True)


# --- what is no error --------------------------------------------------------------------


def test_a_redirect_of_routing_passes_every_handler() -> None:
    app = Flask(__name__)
    app.add_url_rule("/shop/", "shop", lambda: "x")
    for target in (308, RequestRedirect, HTTPException, Exception):
        if target != 308:
            app.register_error_handler(target, lambda error: "never")

    answer = Watched(app).ask("/shop?a=1")

    assert (answer.status, answer.header("Location")) == (308, "http://localhost/shop/?a=1")


def test_an_exception_that_carries_a_response_passes_every_handler() -> None:
    app = Flask(__name__)
    app.register_error_handler(Exception, lambda error: "never")
    app.add_url_rule("/", "index", lambda: abort(WerkzeugResponse("as it is", 418)))

    answer = Watched(app).ask()

    assert (answer.status, answer.text) == (418, "as it is")


# --- trapping ----------------------------------------------------------------------------


def missing_key(**config: Any) -> Watched:
    """An application whose view asks for a key of the form that was not sent."""
    app = Flask(__name__)
    app.config.update(config)
    app.add_url_rule("/", "index", lambda: request.form["absent"], methods=["GET", "POST"])
    return Watched(app)


def test_a_missing_key_is_a_400_that_does_not_say_which() -> None:
    answer = missing_key().ask()

    assert answer.status == 400
    assert "absent" not in answer.text


def test_in_debug_mode_a_missing_key_is_raised_and_names_the_key() -> None:
    with pytest.raises(BadRequestKeyError) as raised:
        missing_key(DEBUG=True).ask()

    assert "'absent'" in raised.value.description


def test_in_debug_mode_the_page_of_a_missing_key_names_it_when_it_is_not_trapped() -> None:
    answer = missing_key(DEBUG=True, TRAP_BAD_REQUEST_ERRORS=False).ask()

    assert answer.status == 400
    assert "absent" in answer.text


def test_a_trapped_bad_request_is_an_error_of_the_program() -> None:
    missing_key(TRAP_BAD_REQUEST_ERRORS=True).ask(server_fault=True)
    Watched(failing(BadRequest(), TRAP_BAD_REQUEST_ERRORS=True)).ask(server_fault=True)
    assert Watched(failing(NotFound(), TRAP_BAD_REQUEST_ERRORS=True)).ask().status == 404


def test_in_debug_mode_other_bad_requests_are_answered() -> None:
    assert Watched(failing(BadRequest(), DEBUG=True)).ask().status == 400


def test_trapped_http_exceptions_are_errors_of_the_program() -> None:
    watched = Watched(failing(NotFound(), TRAP_HTTP_EXCEPTIONS=True))

    watched.ask(server_fault=True)

    assert isinstance(watched.errors.raised[0], NotFound)


def test_a_trapped_exception_is_still_handled_by_its_handler() -> None:
    app = failing(NotFound(), TRAP_HTTP_EXCEPTIONS=True)
    app.register_error_handler(404, lambda error: ("handled", 404))

    assert Watched(app).ask().text == "handled"


def test_a_subclass_decides_what_is_trapped() -> None:
    class Careful(Flask):
        def trap_http_exception(self, e: Exception) -> bool:
            return isinstance(e, Forbidden)

    app = Careful(__name__)
    app.add_url_rule("/403", "forbidden", lambda: abort(403))
    app.add_url_rule("/401", "unauthorized", lambda: abort(401))
    watched = Watched(app)

    assert watched.ask("/401").status == 401
    watched.ask("/403", server_fault=True)


# --- the documented steps may be replaced ------------------------------------------------


def test_every_step_of_handling_may_be_overridden() -> None:
    steps: list[str] = []

    class Own(Flask):
        def handle_user_exception(self, e: Exception) -> Any:
            steps.append("handle_user_exception")
            return super().handle_user_exception(e)

        def handle_http_exception(self, e: HTTPException) -> Any:
            steps.append("handle_http_exception")
            return super().handle_http_exception(e)

        def handle_exception(self, e: Exception) -> Response:
            steps.append("handle_exception")
            return super().handle_exception(e)

        def log_exception(self, exc_info: Any) -> None:
            steps.append("log_exception")
            self.logger.error("own words", exc_info=exc_info)

    app = Own(__name__)
    app.add_url_rule("/", "fail", lambda: abort(401))
    app.add_url_rule("/500", "error", lambda: str(1 // 0))
    watched = Watched(app)

    watched.ask("/")
    assert steps == ["handle_user_exception", "handle_http_exception"]
    steps.clear()
    watched.ask("/500", server_fault=True)
    assert steps == ["handle_user_exception", "handle_exception", "log_exception"]
    assert watched.errors.records[0].getMessage() == "own words"
