"""The signals: when each is sent, by whom, with what; and that nobody pays for those unheard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from blinker import NamedSignal
from blinker import Namespace as BlinkerNamespace

import typedflask
from typedflask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    got_request_exception,
    has_app_context,
    has_request_context,
    message_flashed,
    render_template_string,
    request,
    request_finished,
    request_started,
    signals,
    stream_template_string,
)

ALL: dict[str, NamedSignal] = {
    name: getattr(signals, name)
    for name in signals.__all__
    if isinstance(getattr(signals, name), NamedSignal)
}


class Heard:
    """One signal as a receiver saw it."""

    def __init__(self, name: str, sender: object, arguments: dict[str, Any]) -> None:
        self.name, self.sender, self.arguments = name, sender, arguments
        self.active = (has_app_context(), has_request_context())

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"


@pytest.fixture
def app() -> Flask:
    app = Flask("signals")
    app.secret_key = "a key for tests"
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/")
    def index() -> str:
        g.user = "Ada"
        return "index"

    @app.get("/page")
    def page() -> str:
        flash("news", "info")
        return render_template_string("{{ word }}", word="hello")

    @app.get("/breaks")
    def breaks() -> str:
        raise LookupError("of the view")

    @app.get("/gone")
    def gone() -> str:
        abort(410)

    return app


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Heard]]:
    """Every signal the application sends, in order."""
    heard: list[Heard] = []
    with ExitStack() as stack:
        for name, signal in ALL.items():

            def receiver(sender: Flask, name: str = name, **arguments: Any) -> None:
                heard.append(Heard(name, sender, arguments))

            stack.enter_context(signal.connected_to(receiver, app))
        yield heard


def test_a_request_sends_its_signals_in_order_with_the_application_as_sender(
    app: Flask, heard: list[Heard]
) -> None:
    app.test_client().get("/")
    assert [repr(each) for each in heard] == [
        "appcontext_pushed()",
        "request_started()",
        "request_finished(response)",
        "request_tearing_down(exc)",
        "appcontext_tearing_down(exc)",
        "appcontext_popped()",
    ]
    # The application itself and no proxy, which would stand for something else later.
    assert all(type(each.sender) is Flask and each.sender is app for each in heard)
    assert heard[2].arguments["response"].get_data() == b"index"
    assert heard[3].arguments["exc"] is heard[4].arguments["exc"] is None
    assert [each.active for each in heard] == [(True, True)] * 5 + [(False, False)]


def test_an_application_context_sends_its_own_three(app: Flask, heard: list[Heard]) -> None:
    with app.app_context():
        pass
    assert [repr(each) for each in heard] == [
        "appcontext_pushed()",
        "appcontext_tearing_down(exc)",
        "appcontext_popped()",
    ]
    assert [each.active for each in heard] == [(True, False), (True, False), (False, False)]


def test_a_request_that_shares_a_context_does_not_announce_one(
    app: Flask, heard: list[Heard]
) -> None:
    with app.app_context():
        heard.clear()
        with app.test_request_context("/"):
            pass
        assert [repr(each) for each in heard] == ["request_tearing_down(exc)"]


def test_a_context_pushed_twice_is_announced_once(app: Flask, heard: list[Heard]) -> None:
    with app.app_context() as context, context:
        pass
    assert [each.name for each in heard].count("appcontext_pushed") == 1
    assert [each.name for each in heard].count("appcontext_popped") == 1


def test_templates_and_messages(app: Flask, heard: list[Heard]) -> None:
    app.test_client().get("/page")
    flashed, before, after = heard[2:5]
    assert [flashed.name, before.name, after.name] == [
        "message_flashed",
        "before_render_template",
        "template_rendered",
    ]
    assert flashed.arguments == {"message": "news", "category": "info"}
    for each in (before, after):
        assert set(each.arguments) == {"template", "context"}
        assert each.arguments["context"]["word"] == "hello"
        assert each.arguments["template"].render({"word": "again"}) == "again"


def test_a_stream_is_announced_before_its_first_piece_and_after_its_last(
    app: Flask, heard: list[Heard]
) -> None:
    with app.test_request_context("/"):
        pieces = stream_template_string("{{ word }}", word="hello")
        names = [each.name for each in heard]
        assert (names.count("before_render_template"), names.count("template_rendered")) == (1, 0)
        assert list(pieces) == ["hello"]
        assert heard[-1].name == "template_rendered"


def test_an_error_nobody_handles_is_announced_and_ends_the_context(
    app: Flask, heard: list[Heard]
) -> None:
    assert app.test_client().get("/breaks").status_code == 500
    assert [repr(each) for each in heard] == [
        "appcontext_pushed()",
        "request_started()",
        "got_request_exception(exception)",
        "request_finished(response)",
        "request_tearing_down(exc)",
        "appcontext_tearing_down(exc)",
        "appcontext_popped()",
    ]
    error = heard[2].arguments["exception"]
    assert str(error) == "of the view"
    assert heard[3].arguments["response"].status_code == 500
    assert heard[4].arguments["exc"] is heard[5].arguments["exc"] is error


def test_an_error_is_announced_before_it_reaches_a_test(app: Flask, heard: list[Heard]) -> None:
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = None
    with pytest.raises(LookupError) as raised:
        app.test_client().get("/breaks")
    told = [each for each in heard if each.name == "got_request_exception"]
    assert [each.arguments["exception"] for each in told] == [raised.value]
    assert "request_finished" not in [each.name for each in heard]


@pytest.mark.parametrize("path", ["/gone", "/missing", "/breaks"])
def test_a_handled_error_is_not_announced(app: Flask, heard: list[Heard], path: str) -> None:
    app.register_error_handler(LookupError, lambda error: "handled")
    app.test_client().get(path)
    assert "got_request_exception" not in [each.name for each in heard]


def test_receivers_of_request_started_come_before_every_hook(app: Flask) -> None:
    log: list[str] = []
    app.url_value_preprocessor(lambda endpoint, values: log.append("preprocessor"))
    app.before_request(lambda: log.append("before"))

    def started(sender: Flask) -> None:
        log.append(f"started {request.path} {current_app.name}")

    with request_started.connected_to(started, app):
        app.test_client().get("/")
    assert log == ["started / signals", "preprocessor", "before"]


def test_receivers_of_request_finished_may_change_the_response(app: Flask) -> None:
    def finished(sender: Flask, response: Response) -> None:
        response.headers["X-Finished"] = "yes"

    with request_finished.connected_to(finished, app):
        assert app.test_client().get("/").headers["X-Finished"] == "yes"


def test_receivers_hear_only_the_application_they_asked_for(app: Flask, heard: list[Heard]) -> None:
    other = Flask("other")
    other.add_url_rule("/", view_func=lambda: "other")
    assert other.test_client().get("/").text == "other"
    assert heard == []


# --- receivers that raise -------------------------------------------------------------------


@pytest.mark.parametrize("signal", [request_started, request_finished, message_flashed])
def test_a_receiver_that_raises_is_an_error_like_any_other(
    app: Flask, signal: NamedSignal, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[BaseException | None] = []
    app.teardown_request(ended.append)

    def receiver(sender: Flask, **extra: object) -> None:
        raise ZeroDivisionError("of the receiver")

    with signal.connected_to(receiver, app):
        answer = app.test_client().get("/page")
    assert answer.status_code == 500
    assert "of the receiver" in caplog.text
    assert [type(error) for error in ended] == [ZeroDivisionError]


def test_a_receiver_of_errors_that_raises_does_not_take_the_answer_away(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[BaseException | None] = []
    app.teardown_request(ended.append)
    app.register_error_handler(500, lambda error: (f"sorry: {error.original_exception}", 500))

    def receiver(sender: Flask, exception: Exception) -> None:
        raise ZeroDivisionError("of the receiver")

    with got_request_exception.connected_to(receiver, app):
        assert app.test_client().get("/breaks").text == "sorry: of the view"
        assert "of the receiver" in caplog.text
        assert "of the view" in caplog.text
        assert [type(error) for error in ended] == [LookupError]
        app.config["PROPAGATE_EXCEPTIONS"] = True
        with pytest.raises(ZeroDivisionError, match="of the receiver"):
            app.test_client().get("/breaks")


def test_a_receiver_of_pushing_that_raises_leaves_nothing_active(app: Flask) -> None:
    def receiver(sender: Flask) -> None:
        raise ZeroDivisionError("of the receiver")

    with signals.appcontext_pushed.connected_to(receiver, app):
        with pytest.raises(ZeroDivisionError), app.app_context():
            pass
        assert app.test_client().get("/").status_code == 500
    assert not has_app_context()


# --- the names ------------------------------------------------------------------------------


def test_every_documented_signal_is_here_and_at_the_top_of_the_package() -> None:
    assert set(ALL) == {
        "appcontext_popped",
        "appcontext_pushed",
        "appcontext_tearing_down",
        "before_render_template",
        "got_request_exception",
        "message_flashed",
        "request_finished",
        "request_started",
        "request_tearing_down",
        "template_rendered",
    }
    for name, signal in ALL.items():
        assert getattr(typedflask, name) is signal
        assert signal.name == name.replace("_", "-")


def test_applications_make_signals_of_their_own_with_the_namespace(app: Flask) -> None:
    assert signals.Namespace is BlinkerNamespace
    assert signals.signals_available is True
    saved = signals.Namespace().signal("saved")
    got: list[object] = []

    def receiver(sender: Flask, entry: int) -> None:
        got.append((sender, entry))

    with saved.connected_to(receiver):
        saved.send(app, entry=7)
    assert got == [(app, 7)]


@pytest.mark.parametrize("name", ALL)
def test_a_signal_without_receivers_is_not_sent(
    app: Flask, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"{name} was sent although nobody listens")

    # Receivers of other tests' modules may listen for as long as the process lives.
    monkeypatch.setattr(ALL[name], "receivers", {})
    monkeypatch.setattr(ALL[name], "send", send)
    client = app.test_client()
    assert client.get("/page").text == "hello"
    assert client.get("/breaks").status_code == 500


def test_tearing_down_is_announced_when_it_is_done_by_hand(app: Flask, heard: list[Heard]) -> None:
    error = LookupError()
    with app.test_request_context("/"):
        heard.clear()
        app.do_teardown_request(error)
        app.do_teardown_appcontext(error)
        assert [each.name for each in heard] == ["request_tearing_down", "appcontext_tearing_down"]
        assert all(each.arguments == {"exc": error} for each in heard)
