"""The short way to an error's handler gives way where a step of it is replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound

from typedflask import Blueprint, Flask, abort


def not_found(error: Exception) -> tuple[str, int]:
    """The handler of the tests below."""
    return f"nothing: {type(error).__name__}", 404


def test_an_overridden_ensure_sync_is_asked_for_handlers() -> None:
    asked: list[object] = []

    class Asking(Flask):
        # Any: as the method it overrides.
        def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
            asked.append(func)
            return func

    app = Asking("shop", static_folder=None)
    app.register_error_handler(404, not_found)
    assert app.test_client().get("/").text == "nothing: NotFound"
    assert not_found in asked


def test_an_ensure_sync_put_on_the_object_is_asked_for_handlers() -> None:
    app = Flask("shop", static_folder=None)
    app.register_error_handler(404, not_found)
    vars(app)["ensure_sync"] = lambda function: lambda error: ("replaced", 404)
    assert app.test_client().get("/").text == "replaced"


def test_an_async_handler_is_run_to_its_end() -> None:
    app = Flask("shop", static_folder=None)

    @app.errorhandler(404)
    async def later(error: NotFound) -> tuple[str, int]:
        return "later", 404

    assert app.test_client().get("/").text == "later"


def test_a_step_that_a_subclass_overrides_is_called() -> None:
    class Own(Flask):
        def handle_http_exception(self, e: HTTPException) -> Any:  # Any: as the overridden one
            return f"own {e.code}", 404

    app = Own("shop", static_folder=None)
    app.register_error_handler(404, not_found)
    assert app.test_client().get("/").text == "own 404"


def has_none(app: Flask) -> bool:
    """Whether the application has no handler."""
    return app.error_table.is_empty


def test_handlers_may_come_and_go() -> None:
    app = Flask("shop", static_folder=None)
    assert has_none(app)
    assert "nothing" not in app.test_client().get("/").text
    app.error_handler_spec[None][404][NotFound] = not_found
    assert not has_none(app)
    assert app.test_client().get("/").text == "nothing: NotFound"
    del app.error_handler_spec[None][404][NotFound]
    assert has_none(app)
    assert "nothing" not in app.test_client().get("/").text


def test_a_handler_of_a_blueprint_counts_from_when_it_is_there_until_it_is_gone() -> None:
    inside = Blueprint("inside", __name__)
    inside.add_url_rule("/inside", "page", lambda: abort(404))
    app = Flask("shop", static_folder=None)
    app.register_error_handler(404, lambda error: ("outside", 404))
    app.register_blueprint(inside)
    app.error_handler_spec["inside"][404][NotFound] = not_found
    client = app.test_client()
    assert client.get("/inside").text == "nothing: NotFound"
    assert client.get("/").text == "outside"
    del app.error_handler_spec["inside"][404][NotFound]
    assert client.get("/inside").text == "outside"


def test_a_handler_of_a_blueprint_counts_though_another_was_found_before() -> None:
    inside = Blueprint("inside", __name__)
    inside.add_url_rule("/inside", "page", lambda: abort(404))
    app = Flask("shop", static_folder=None)
    app.register_error_handler(404, lambda error: ("outside", 404))
    app.register_blueprint(inside)
    client = app.test_client()
    for path in ("/", "/inside", "/", "/inside"):
        assert client.get(path).text == "outside"
    app.error_handler_spec["inside"][404][NotFound] = not_found
    for _ in range(2):
        assert client.get("/").text == "outside"
        assert client.get("/inside").text == "nothing: NotFound"


def test_each_error_of_a_path_without_a_rule_is_one_of_its_own() -> None:
    app = Flask("shop", static_folder=None)
    errors: list[NotFound] = []

    @app.errorhandler(404)
    def spoiled(error: NotFound) -> tuple[str, int]:
        errors.append(error)
        text = f"{error.description} {error.response} {error.args} {vars(error)}"
        error.description = "spoiled"
        return text, 404

    client = app.test_client()
    other = NotFound()
    expected = f"{other.description} {other.response} {other.args} {vars(other)}"
    assert [client.get("/away").text for _ in range(2)] == [expected, expected]
    assert errors[0] is not errors[1]


def test_an_error_may_be_handled_outside_of_a_request_if_no_blueprint_has_a_handler() -> None:
    app = Flask("shop", static_folder=None)
    app.register_error_handler(404, not_found)
    assert app.handle_user_exception(NotFound()) == ("nothing: NotFound", 404)
