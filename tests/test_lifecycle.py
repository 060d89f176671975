"""The way of a request: which hooks run, in which order, and what their results do."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.wrappers import Response as WerkzeugResponse

from typedflask import (
    Blueprint,
    Flask,
    Request,
    Response,
    abort,
    after_this_request,
    g,
    render_template_string,
    request,
    session,
    url_for,
)
from typedflask.sessions import SecureCookieSession, SecureCookieSessionInterface
from typedflask.typing import ResponseReturnValue

Log = list[str]


def watch(owner: Flask[Any] | Blueprint[Any], name: str, log: Log) -> None:
    """Register two of every hook, each of which notes that it ran."""
    for number in (1, 2):
        label = f"{name}{number}"

        def preprocess(
            endpoint: str | None, values: dict[str, Any] | None, label: str = label
        ) -> None:
            log.append(f"values {label}")

        def before(label: str = label) -> None:
            log.append(f"before {label}")

        def after(response: Response, label: str = label) -> Response:
            log.append(f"after {label}")
            return response

        def teardown(error: BaseException | None, label: str = label) -> None:
            log.append(f"teardown {label}")

        def names(label: str = label) -> dict[str, str]:
            log.append(f"names {label}")
            return {"deepest": label}

        def defaults(endpoint: str, values: dict[str, Any], label: str = label) -> None:
            log.append(f"defaults {label}")

        owner.url_value_preprocessor(preprocess)
        owner.before_request(before)
        owner.after_request(after)
        owner.teardown_request(teardown)
        owner.context_processor(names)
        owner.url_defaults(defaults)


@pytest.fixture
def log() -> Log:
    return []


@pytest.fixture
def nested(log: Log) -> Flask:
    """An application with a blueprint in a blueprint, every hook watched at each of them."""
    app = Flask("nested")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    other = Blueprint("other", __name__)
    for owner, name in ((app, "app"), (outer, "outer"), (inner, "inner"), (other, "other")):
        watch(owner, name, log)

    @app.get("/")
    def index() -> str:
        log.append("view")
        return "index"

    @inner.get("/deep")
    def deep() -> str:
        log.append("view")
        return render_template_string("{{ deepest }}")

    @inner.get("/url")
    def url() -> str:
        return url_for(".deep")

    @inner.get("/breaks")
    def breaks() -> str:
        raise ZeroDivisionError

    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    app.register_blueprint(other)
    app.teardown_appcontext(lambda error: log.append("teardown context 1"))
    app.teardown_appcontext(lambda error: log.append("teardown context 2"))
    return app


IN = ["app1", "app2", "outer1", "outer2", "inner1", "inner2"]
OUT = IN[::-1]
CONTEXT = ["teardown context 2", "teardown context 1"]


def test_hooks_run_inwards_before_the_view_and_outwards_after_it(nested: Flask, log: Log) -> None:
    answer = nested.test_client().get("/deep")
    assert answer.text == "inner2"  # the innermost context processor has the last word
    assert log == [
        *(f"values {name}" for name in IN),
        *(f"before {name}" for name in IN),
        "view",
        *(f"names {name}" for name in IN),
        *(f"after {name}" for name in OUT),
        *(f"teardown {name}" for name in OUT),
        *CONTEXT,
    ]


def test_a_view_of_the_application_meets_no_hook_of_a_blueprint(nested: Flask, log: Log) -> None:
    nested.test_client().get("/")
    assert log == [
        "values app1",
        "values app2",
        "before app1",
        "before app2",
        "view",
        "after app2",
        "after app1",
        "teardown app2",
        "teardown app1",
        *CONTEXT,
    ]


def test_url_defaults_run_inwards_for_the_endpoint_that_is_built(nested: Flask, log: Log) -> None:
    assert nested.test_client().get("/url").text == "/deep"
    assert [entry for entry in log if entry.startswith("defaults")] == [
        f"defaults {name}" for name in IN
    ]


def test_a_path_without_a_rule_runs_the_hooks_of_the_application(nested: Flask, log: Log) -> None:
    assert nested.test_client().get("/missing").status_code == 404
    assert [entry for entry in log if "app" not in entry] == CONTEXT
    assert log.index("before app1") < log.index("after app1") < log.index("teardown app1")


def test_an_error_nobody_handles_runs_after_request_and_teardown_nevertheless(
    nested: Flask, log: Log
) -> None:
    assert nested.test_client().get("/breaks").status_code == 500
    assert log[12:] == [
        *(f"after {name}" for name in OUT),
        *(f"teardown {name}" for name in OUT),
        *CONTEXT,
    ]


# --- url_value_preprocessor ----------------------------------------------------------------


def test_a_preprocessor_sees_the_endpoint_and_may_change_the_values() -> None:
    app = Flask("preprocessed")

    @app.url_value_preprocessor
    def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        assert endpoint == "page"
        assert values is not None
        g.language = values.pop("language")

    @app.get("/<language>/<int:number>")
    def page(number: int) -> str:
        return f"{g.language} {number}"

    assert app.test_client().get("/de/7").text == "de 7"


def test_a_preprocessor_of_a_path_without_a_rule_gets_no_values() -> None:
    app = Flask("preprocessed")
    seen: list[object] = []
    app.url_value_preprocessor(lambda endpoint, values: seen.append((endpoint, values)))
    assert app.test_client().get("/missing").status_code == 404
    assert seen == [(None, None)]


# --- before_request ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "status", "body"),
    [
        ("stop", 200, "stop"),
        ("", 200, ""),  # not None, and so an answer
        (("stop", 403), 403, "stop"),
        ({"stop": True}, 200, '{"stop":true}\n'),
        ([], 200, "[]\n"),
    ],
)
def test_what_a_before_request_function_returns_is_the_answer(
    log: Log, result: ResponseReturnValue, status: int, body: str
) -> None:
    app = Flask("stopped")
    blueprint = Blueprint("blueprint", __name__)
    watch(blueprint, "blueprint", log)

    @app.before_request
    def stop() -> ResponseReturnValue:
        return result

    @app.before_request
    def second() -> None:
        log.append("second")

    @blueprint.get("/")
    def view() -> str:
        log.append("view")
        return "view"

    app.register_blueprint(blueprint)
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.text) == (status, body)
    # No function and no view came after it; what closes the request did.
    assert log == [
        "values blueprint1",
        "values blueprint2",
        "after blueprint2",
        "after blueprint1",
        "teardown blueprint2",
        "teardown blueprint1",
    ]


def test_before_request_runs_for_paths_without_a_rule_and_may_answer_them() -> None:
    app = Flask("catching")
    app.before_request(lambda: f"nothing at {request.path}" if request.endpoint is None else None)
    assert app.test_client().get("/missing").text == "nothing at /missing"


def test_an_error_of_before_request_is_handled_like_one_of_the_view(log: Log) -> None:
    app = Flask("handled")

    @app.before_request
    def refuse() -> None:
        abort(403)

    @app.errorhandler(403)
    def forbidden(error: Exception) -> tuple[str, int]:
        return "not for you", 403

    @app.get("/")
    def view() -> str:
        log.append("view")
        return "view"

    assert app.test_client().get("/").text == "not for you"
    assert log == []


# --- after_request -------------------------------------------------------------------------


def test_after_request_may_change_the_response_or_give_another_one() -> None:
    app = Flask("after")

    @app.after_request
    def runs_second(response: Response) -> Response:
        assert response.get_data() == b"another"
        response.headers["X-Seen"] = "yes"
        return response

    @app.after_request
    def runs_first(response: Response) -> WerkzeugResponse:
        assert response.get_data() == b"view"
        return WerkzeugResponse("another", 201)

    @app.get("/")
    def view() -> str:
        return "view"

    answer = app.test_client().get("/")
    assert (answer.status_code, answer.text, answer.headers["X-Seen"]) == (201, "another", "yes")


@pytest.mark.parametrize("wrong", [None, "text", ("text", 200), 7])
def test_a_wrong_result_of_after_request_names_the_function_and_what_it_returned(
    wrong: object,
) -> None:
    app = Flask("after")
    app.testing = True

    # Any: what is wrong here is exactly the type.
    @app.after_request
    def forgetful(response: Response) -> Any:
        return wrong

    with pytest.raises(TypeError) as raised:
        app.test_client().get("/")
    message = str(raised.value)
    assert "forgetful" in message
    assert type(wrong).__name__ in message
    assert "gives one back" in message


def test_a_wrong_result_of_after_request_is_a_500_for_the_client() -> None:
    app = Flask("after")
    forgetful: Any = lambda response: None  # noqa: E731 - Any: the mistake under test
    app.after_request(forgetful)
    assert app.test_client().get("/").status_code == 500


def test_the_session_is_saved_after_the_last_after_request_function() -> None:
    app = Flask("sessions")
    app.secret_key = "a key for tests"

    @app.after_request
    def count(response: Response) -> Response:
        session["seen"] = session.get("seen", 0) + 1
        assert "Set-Cookie" not in response.headers
        return response

    client = app.test_client()
    client.get("/")
    client.get("/")
    with client.session_transaction() as kept:
        assert kept["seen"] == 2


# --- after_this_request --------------------------------------------------------------------


def test_after_this_request_runs_once_before_after_request_in_the_order_of_calls(log: Log) -> None:
    app = Flask("this request")

    @app.after_request
    def always(response: Response) -> Response:
        log.append("always")
        return response

    @app.get("/once")
    def once() -> str:
        @after_this_request
        def first(response: Response) -> Response:
            log.append("first")
            return Response("replaced")

        @after_this_request
        def second(response: Response) -> Response:
            log.append(f"second of {response.get_data(as_text=True)}")
            response.headers["X-Once"] = "yes"
            return response

        return "once"

    @app.get("/plain")
    def plain() -> str:
        return "plain"

    client = app.test_client()
    answer = client.get("/once")
    assert (answer.text, answer.headers["X-Once"]) == ("replaced", "yes")
    assert "X-Once" not in client.get("/plain").headers
    assert log == ["first", "second of replaced", "always", "always"]


def test_after_this_request_holds_for_a_request_that_ends_in_an_error() -> None:
    app = Flask("this request")

    @app.get("/")
    def view() -> str:
        @after_this_request
        def mark(response: Response) -> Response:
            response.headers["X-Marked"] = "yes"
            return response

        raise ZeroDivisionError

    answer = app.test_client().get("/")
    assert (answer.status_code, answer.headers["X-Marked"]) == (500, "yes")


def test_after_this_request_returns_the_function_and_needs_a_request() -> None:
    def function(response: Response) -> Response:
        return response

    app = Flask("this request")
    with app.test_request_context():
        assert after_this_request(function) is function
    with pytest.raises(RuntimeError, match="request is handled"):
        after_this_request(function)


# --- answers without a view ----------------------------------------------------------------


def test_options_are_answered_with_the_methods_of_the_rule() -> None:
    app = Flask("options")
    app.add_url_rule("/", "view", lambda: "", methods=["GET", "PUT"])
    answer = app.test_client().options("/")
    assert answer.status_code == 200
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS", "PUT"}
    assert answer.text == ""


def test_dispatching_a_request_that_was_never_matched_says_so() -> None:
    app = Flask("unmatched")
    context = app.test_request_context("/")
    context.matched = True  # as a context of an application's own class might leave it
    with context, pytest.raises(RuntimeError, match="not matched"):
        app.dispatch_request()


# --- what is decided when set-up closes, and changed after that ----------------------------


class Eager(SecureCookieSessionInterface):
    """A backend that counts the sessions it opens, and opens one for every request."""

    def __init__(self) -> None:
        self.opened = 0

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        self.opened += 1
        return super().open_session(app, request)


def served_once() -> Flask:
    """An application that has served a request, which touched no session."""
    app = Flask("served")
    app.secret_key = "of a test"
    app.add_url_rule("/", "view", lambda: "text")
    assert app.test_client().get("/").text == "text"
    return app


def test_a_session_backend_put_in_place_between_requests_is_asked() -> None:
    app = served_once()
    eager = Eager()
    app.session_interface = eager
    app.test_client().get("/")
    assert eager.opened == 1


def test_a_method_put_on_the_session_backend_between_requests_is_called() -> None:
    app = served_once()
    saved: list[object] = []
    backend = app.session_interface
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "save_session", lambda app, session, response: saved.append(session))
        app.test_client().get("/")
    assert len(saved) == 1
