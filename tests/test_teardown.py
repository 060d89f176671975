"""Teardown: every function runs, with the error that ended the context, and nothing escapes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest

from typedflask import (
    Blueprint,
    Flask,
    appcontext_popped,
    appcontext_tearing_down,
    g,
    has_app_context,
    request,
    request_tearing_down,
)
from typedflask.errors.collected import raise_collected
from typedflask.globals import request_ctx

Log = list[str]


class Broken(Exception):
    """What the teardown functions of these tests raise."""


@pytest.fixture
def app() -> Flask:
    app = Flask("teardown")
    app.add_url_rule("/", "index", lambda: "index")
    return app


def note(log: Log, name: str) -> Callable[[BaseException | None], None]:
    def teardown(error: BaseException | None) -> None:
        log.append(f"{name} {error!r}")

    return teardown


def fail(log: Log, name: str, error: BaseException) -> Callable[[BaseException | None], None]:
    def teardown(_: BaseException | None) -> None:
        log.append(f"{name} raises")
        raise error

    return teardown


# --- what teardown functions are told -------------------------------------------------------


def test_teardown_functions_get_none_when_all_went_well(app: Flask) -> None:
    log: Log = []
    app.teardown_request(note(log, "request"))
    app.teardown_appcontext(note(log, "context"))
    app.test_client().get("/")
    assert log == ["request None", "context None"]


@pytest.mark.parametrize("propagates", [True, False])
def test_teardown_functions_get_the_error_nobody_handled(app: Flask, propagates: bool) -> None:
    log: Log = []
    app.config["PROPAGATE_EXCEPTIONS"] = propagates
    app.teardown_request(note(log, "request"))
    app.teardown_appcontext(note(log, "context"))

    @app.get("/breaks")
    def breaks() -> str:
        raise Broken("x")

    if propagates:
        with pytest.raises(Broken):
            app.test_client().get("/breaks")
    else:
        assert app.test_client().get("/breaks").status_code == 500
    assert log == ["request Broken('x')", "context Broken('x')"]


def test_teardown_functions_get_none_for_an_error_that_was_handled(app: Flask) -> None:
    log: Log = []
    app.teardown_request(note(log, "request"))
    app.register_error_handler(Broken, lambda error: "handled")

    @app.get("/breaks")
    def breaks() -> str:
        raise Broken

    assert app.test_client().get("/breaks").text == "handled"
    assert app.test_client().get("/missing").status_code == 404
    assert log == ["request None", "request None"]


def test_an_error_that_should_be_ignored_is_kept_from_teardown_functions() -> None:
    class Forgiving(Flask):
        def should_ignore_error(self, error: BaseException | None) -> bool:
            return isinstance(error, Broken)

    log: Log = []
    app = Forgiving("forgiving")
    app.teardown_request(note(log, "request"))

    @app.get("/breaks")
    def breaks() -> str:
        raise Broken

    assert app.test_client().get("/breaks").status_code == 500
    assert log == ["request None"]


def test_by_hand_the_error_is_the_one_being_handled_unless_one_is_given(app: Flask) -> None:
    log: Log = []
    app.teardown_request(note(log, "request"))
    app.teardown_appcontext(note(log, "context"))
    app.do_teardown_request()
    with app.app_context():
        try:
            raise Broken("current")
        except Broken:
            app.do_teardown_request()
            app.do_teardown_appcontext()
            app.do_teardown_request(None)
            app.do_teardown_appcontext(Broken("given"))
    assert log == [
        "request None",
        "request Broken('current')",
        "context Broken('current')",
        "request None",
        "context Broken('given')",
        "context None",
    ]


def test_popping_by_hand_takes_the_error_being_handled(app: Flask) -> None:
    log: Log = []
    app.teardown_appcontext(note(log, "context"))
    context = app.app_context()
    context.push()
    try:
        raise Broken("current")
    except Broken:
        context.pop()
    context.push()
    context.pop(Broken("given"))
    context.push()
    context.pop()
    assert log == ["context Broken('current')", "context Broken('given')", "context None"]


def test_teardown_functions_still_have_request_and_g(app: Flask) -> None:
    seen: list[object] = []

    @app.teardown_request
    def of_request(error: BaseException | None) -> None:
        seen.append((request.path, g.value))

    @app.teardown_appcontext
    def of_context(error: BaseException | None) -> None:
        seen.append(g.pop("value"))

    @app.get("/sets")
    def sets() -> str:
        g.value = 7
        return "set"

    app.test_client().get("/sets")
    assert seen == [("/sets", 7), 7]


def test_files_of_a_form_are_closed_with_the_request(app: Flask) -> None:
    kept = []

    @app.post("/upload")
    def upload() -> str:
        kept.append(request.files["file"].stream)
        return "uploaded"

    app.test_client().post("/upload", data={"file": (BytesIO(b"content"), "name.txt")})
    assert kept[0].closed


# --- every function runs --------------------------------------------------------------------

PLACES = ("inner", "outer", "app", "context")


def app_that_fails(places: tuple[str, ...], error: type[BaseException], log: Log) -> Flask:
    """An application whose teardown raises at some of four places, between functions that do not."""
    app = Flask("failing teardown")
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    inner.add_url_rule("/", "view", lambda: "view")
    doors = {
        "app": app.teardown_request,
        "outer": outer.teardown_request,
        "inner": inner.teardown_request,
        "context": app.teardown_appcontext,
    }
    for place, door in doors.items():
        door(note(log, f"{place} 1"))
        if place in places:
            door(fail(log, place, error(place)))
        door(note(log, f"{place} 2"))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


def expected_log(places: tuple[str, ...]) -> Log:
    return [
        entry
        for place in PLACES
        for entry in (f"{place} 2 None", f"{place} raises", f"{place} 1 None")
        if "raises" not in entry or place in places
    ]


SOME_PLACES = [some for count in range(5) for some in combinations(PLACES, count)]


@pytest.mark.parametrize("places", SOME_PLACES, ids=lambda some: "+".join(some) or "none")
def test_every_function_runs_and_no_error_of_teardown_reaches_the_server(
    places: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    log: Log = []
    app = app_that_fails(places, Broken, log)
    app.testing = True  # not even then: the response has been made
    with caplog.at_level(logging.ERROR):
        assert app.test_client().get("/").text == "view"
    assert log == expected_log(places)
    assert len(caplog.records) == bool(places)
    assert all(place in caplog.text for place in places)
    assert not has_app_context()


@pytest.mark.parametrize("places", SOME_PLACES, ids=lambda some: "+".join(some) or "none")
def test_in_a_with_block_the_errors_of_teardown_are_shown(places: tuple[str, ...]) -> None:
    log: Log = []
    app = app_that_fails(places, Broken, log)
    if not places:
        with app.test_request_context("/"):
            pass
    elif len(places) == 1:
        with pytest.raises(Broken, match=places[0]), app.test_request_context("/"):
            pass
    else:
        with pytest.raises(ExceptionGroup) as raised, app.test_request_context("/"):
            pass
        assert [str(error) for error in raised.value.exceptions] == list(places)
    assert log == expected_log(places)
    assert not has_app_context()


def test_an_application_context_shows_errors_of_its_teardown(app: Flask) -> None:
    app.teardown_appcontext(fail([], "first", Broken("first")))
    with pytest.raises(Broken, match="first"), app.app_context():
        pass
    app.teardown_appcontext(fail([], "second", Broken("second")))
    with pytest.raises(ExceptionGroup, match="teardown") as raised, app.app_context():
        pass
    assert [str(error) for error in raised.value.exceptions] == ["second", "first"]


def test_the_error_of_the_block_is_the_context_of_what_teardown_raises(app: Flask) -> None:
    app.teardown_appcontext(fail([], "teardown", Broken("teardown")))
    with pytest.raises(Broken, match="teardown") as raised, app.app_context():
        raise LookupError("block")
    assert isinstance(raised.value.__context__, LookupError)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("places", SOME_PLACES[1:], ids="+".join)
def test_an_interrupt_waits_until_every_function_ran_and_then_goes_on(
    places: tuple[str, ...], interrupt: type[BaseException]
) -> None:
    log: Log = []
    app = app_that_fails(places, interrupt, log)
    with pytest.raises(interrupt):
        app.test_client().get("/")
    assert log == expected_log(places)
    assert not has_app_context()


def test_an_interrupt_among_other_errors_is_raised_itself_with_the_others_as_its_cause(
    app: Flask,
) -> None:
    """Servers wait for `KeyboardInterrupt` and `SystemExit`; they do not look into groups."""
    app.teardown_request(fail([], "", Broken("request 2")))
    app.teardown_request(fail([], "", KeyboardInterrupt()))
    app.teardown_request(fail([], "", Broken("request 1")))
    app.teardown_appcontext(fail([], "", Broken("context")))
    with pytest.raises(KeyboardInterrupt) as raised:
        app.test_client().get("/")
    cause = raised.value.__cause__
    assert isinstance(cause, ExceptionGroup)
    assert [str(error) for error in cause.exceptions] == ["request 1", "request 2", "context"]


@pytest.mark.parametrize(
    "signal", [request_tearing_down, appcontext_tearing_down, appcontext_popped]
)
def test_a_receiver_that_raises_is_treated_like_a_teardown_function(
    app: Flask, signal: Any
) -> None:
    log: Log = []
    app.teardown_request(note(log, "request"))
    app.teardown_appcontext(note(log, "context"))

    def receiver(sender: Flask, **extra: object) -> None:
        raise Broken("receiver")

    with signal.connected_to(receiver, app):
        assert app.test_client().get("/").text == "index"
        with pytest.raises(Broken, match="receiver"), app.test_request_context("/"):
            pass
    assert log == ["request None", "context None"] * 2
    assert not has_app_context()


def test_errors_of_teardown_and_receiver_come_together(app: Flask) -> None:
    app.teardown_appcontext(fail([], "", Broken("teardown")))

    def receiver(sender: Flask, **extra: object) -> None:
        raise Broken("receiver")

    with (
        appcontext_popped.connected_to(receiver, app),
        pytest.raises(ExceptionGroup) as raised,
        app.app_context(),
    ):
        pass
    assert [str(error) for error in raised.value.exceptions] == ["teardown", "receiver"]


def test_a_group_that_a_teardown_function_raises_is_left_as_it_is() -> None:
    own = ExceptionGroup("mine", [Broken("a"), Broken("b")])
    with pytest.raises(ExceptionGroup) as raised:
        raise_collected([own])
    assert raised.value is own
    with pytest.raises(ExceptionGroup) as raised:
        raise_collected([own, Broken("c")])
    assert raised.value.exceptions[0] is own
    raise_collected([])


# --- contexts that a view leaves behind -----------------------------------------------------


def test_a_context_left_behind_by_a_view_keeps_no_teardown_from_running(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    log: Log = []
    app.teardown_request(note(log, "request"))
    app.teardown_appcontext(note(log, "context"))

    @app.get("/app-context")
    def leaves_app_context() -> str:
        app.app_context().push()
        raise Broken("x")

    @app.get("/request-context")
    def leaves_request_context() -> str:
        app.test_request_context("/made-up").push()
        return "left"

    @app.get("/twice")
    def pushes_again() -> str:
        request_ctx.push()
        return "twice"

    for path, error in (
        ("/app-context", "Broken('x')"),
        ("/request-context", None),
        ("/twice", None),
    ):
        log.clear()
        caplog.clear()
        app.test_client().get(path)
        assert log == [f"request {error}", f"context {error}"], path
        assert "number of times" in caplog.text
        assert not has_app_context()


def test_a_context_that_somebody_popped_already_is_not_torn_down_again(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    log: Log = []
    app.teardown_request(note(log, "request"))
    context = app.test_request_context("/")
    context.push()
    context.pop()
    context.finish(Broken())
    assert log == ["request None"]
    assert "number of times" in caplog.text
