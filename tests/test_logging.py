"""The application's logger, and where it writes when nobody configured logging."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from typedflask import Flask, request
from typedflask.logging import (
    create_logger,
    default_handler,
    has_level_handler,
    wsgi_errors_stream,
)

ROOT = "alone"
NAME = "alone.shop"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test configures ends with it."""
    yield
    for logger in (logging.getLogger(ROOT), logging.getLogger(NAME)):
        logger.handlers[:] = []
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


def fresh() -> Flask:
    """An application in a process where nobody configured logging.

    The test runner has handlers on the root logger; one between hides them. Called in the test
    itself, because the runner adds its handlers once fixtures are done.
    """
    root = logging.getLogger(ROOT)
    root.propagate = False
    root.handlers[:] = []
    root.setLevel(logging.WARNING)
    return Flask(NAME)


def test_the_logger_is_called_like_the_application_and_made_once() -> None:
    app = fresh()
    assert app.logger.name == NAME
    assert app.logger is app.logger is logging.getLogger(NAME)


def test_unconfigured_it_writes_warnings_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = fresh()
    assert app.logger.handlers == [default_handler]
    app.logger.warning("a %s", "warning")
    app.logger.info("a detail")

    written = capsys.readouterr().err
    assert written.endswith(f"] WARNING in {__name__.rpartition('.')[2]}: a warning\n")
    assert "a detail" not in written


def test_two_applications_of_a_name_share_the_handler() -> None:
    app = fresh()
    assert Flask(NAME).logger is app.logger
    assert app.logger.handlers == [default_handler]


@pytest.mark.parametrize(
    ("debug", "own_level", "expected"),
    [
        (True, logging.NOTSET, logging.DEBUG),
        (True, logging.ERROR, logging.ERROR),
        (False, logging.NOTSET, logging.NOTSET),
    ],
)
def test_in_debug_mode_everything_is_logged_unless_a_level_was_set(
    debug: bool, own_level: int, expected: int
) -> None:
    app = fresh()
    logging.getLogger(NAME).setLevel(own_level)
    app.debug = debug

    assert app.logger.level == expected


@pytest.mark.parametrize("owner", [ROOT, NAME])
def test_a_handler_configured_before_is_enough(owner: str) -> None:
    app = fresh()
    logging.getLogger(owner).addHandler(logging.StreamHandler(io.StringIO()))

    assert default_handler not in app.logger.handlers


def test_a_handler_that_takes_only_worse_messages_is_not_enough() -> None:
    app = fresh()
    handler = logging.StreamHandler(io.StringIO())
    handler.setLevel(logging.CRITICAL)
    logging.getLogger(ROOT).addHandler(handler)

    assert default_handler in app.logger.handlers


def test_a_handler_that_messages_do_not_reach_is_not_enough() -> None:
    app = fresh()
    logging.getLogger(ROOT).addHandler(logging.StreamHandler(io.StringIO()))
    logging.getLogger(NAME).propagate = False

    assert default_handler in app.logger.handlers


def test_whether_a_handler_takes_messages_of_its_level_can_be_asked() -> None:
    fresh()
    logger = logging.getLogger(NAME)
    assert not has_level_handler(logger)
    logger.addHandler(logging.NullHandler())
    assert has_level_handler(logger)


def test_a_logger_can_be_made_for_anything_with_a_name() -> None:
    app = fresh()
    assert create_logger(app) is logging.getLogger(NAME)


def test_during_a_request_the_server_gets_the_errors(capsys: pytest.CaptureFixture[str]) -> None:
    app = fresh()

    @app.get("/")
    def page() -> str:
        app.logger.error("at %s", request.path)
        return "done"

    errors = io.StringIO()

    app.test_client().get("/", errors_stream=errors)
    app.logger.error("afterwards")

    assert "at /" in errors.getvalue()
    assert "afterwards" not in errors.getvalue()
    standard = capsys.readouterr().err
    assert "afterwards" in standard
    assert "at /" not in standard


def test_the_stream_of_errors_can_be_used_for_handlers_of_ones_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wsgi_errors_stream.write("outside\n")
    with Flask("shop").app_context():
        wsgi_errors_stream.write("still outside\n")
    errors = io.StringIO()
    with Flask("shop").test_request_context(errors_stream=errors):
        wsgi_errors_stream.write("inside\n")

    assert errors.getvalue() == "inside\n"
    assert capsys.readouterr().err == "outside\nstill outside\n"


def test_an_unhandled_error_is_logged_with_path_method_and_traceback() -> None:
    app = fresh()

    def view() -> str:
        raise LookupError("a view that fails")

    app.add_url_rule("/fails", "fails", view, methods=["POST"])
    errors = io.StringIO()
    assert app.test_client().post("/fails", errors_stream=errors).status_code == 500

    logged = errors.getvalue()
    assert "/fails [POST]" in logged
    assert "LookupError: a view that fails" in logged
    assert f'File "{__file__}"' in logged


def test_a_subclass_may_log_errors_its_own_way() -> None:
    logged: list[Any] = []

    class Shop(Flask):
        def log_exception(self, exc_info: Any) -> None:
            logged.append(exc_info[1])

    app = Shop(NAME)
    error = LookupError("a view that fails")

    def view() -> str:
        raise error

    app.add_url_rule("/", "page", view)

    assert app.test_client().get("/").status_code == 500
    assert logged == [error]


def test_an_error_outside_of_a_request_can_be_logged_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = fresh()
    try:
        raise LookupError("in a script")
    except LookupError:
        app.log_exception(sys.exc_info())

    assert "LookupError: in a script" in capsys.readouterr().err


def test_what_the_client_did_wrong_is_not_logged() -> None:
    app = fresh()
    errors = io.StringIO()

    assert app.test_client().get("/gone", errors_stream=errors).status_code == 404
    assert errors.getvalue() == ""
