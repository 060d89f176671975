"""`async def` wherever a function may be registered, and what happens without asgiref."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from functools import partial, wraps
from typing import Any, TypeVar

import pytest

from typedflask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    before_render_template,
    current_app,
    flash,
    g,
    got_request_exception,
    message_flashed,
    render_template_string,
    request,
    request_finished,
    request_started,
    request_tearing_down,
    session,
    stream_with_context,
    template_rendered,
)
from typedflask.lifecycle.calls import is_async
from typedflask.views import MethodView, View

T = TypeVar("T")
Log = list[str]


async def pause() -> None:
    """Give the event loop a turn, so that nothing works by accident without one."""
    await asyncio.sleep(0)


def sync_decorator(function: Callable[..., T]) -> Callable[..., T]:
    """A decorator that knows nothing of async: what it returns is no coroutine function."""

    def wrapper(*args: Any, **kwargs: Any) -> T:
        return function(*args, **kwargs)

    return wrapper


@pytest.fixture
def app() -> Flask:
    app = Flask("async")
    app.testing = True
    app.secret_key = "a key for tests"
    return app


@pytest.fixture
def log() -> Log:
    return []


def plain(function: T) -> T:
    return function


@pytest.mark.parametrize("decorate", [plain, sync_decorator], ids=["async", "returns a coroutine"])
class TestEveryHook:
    """Each hook as `async def`, and behind a decorator that hides that it is one."""

    def test_a_view_has_its_request_session_and_g(self, app: Flask, decorate: Any) -> None:
        async def view(word: str) -> dict[str, str]:
            g.word = word
            await pause()
            session["word"] = g.word
            return {"path": request.path, "word": g.word, "app": current_app.name}

        app.add_url_rule("/<word>", "view", decorate(view))
        client = app.test_client()
        assert client.get("/hello").json == {"path": "/hello", "word": "hello", "app": "async"}
        with client.session_transaction() as kept:
            assert kept["word"] == "hello"

    def test_a_before_request_function_may_answer(self, app: Flask, decorate: Any) -> None:
        async def before() -> str | None:
            await pause()
            return "stopped" if request.path == "/stop" else None

        app.before_request(decorate(before))
        app.add_url_rule("/go", view_func=lambda: "gone")
        client = app.test_client()
        assert client.get("/stop").text == "stopped"
        assert client.get("/go").text == "gone"

    def test_after_request_and_after_this_request(self, app: Flask, decorate: Any) -> None:
        async def after(response: Response) -> Response:
            await pause()
            response.headers.add("X-After", request.path)
            return response

        def view() -> str:
            after_this_request(decorate(after))
            return "view"

        app.after_request(decorate(after))
        app.add_url_rule("/", view_func=view)
        assert app.test_client().get("/").headers.getlist("X-After") == ["/", "/"]

    def test_error_handlers(self, app: Flask, decorate: Any) -> None:
        async def handle(error: Exception) -> tuple[str, int]:
            await pause()
            return f"{type(error).__name__} at {request.path}", 400

        async def view(kind: str) -> str:
            await pause()
            if kind == "http":
                abort(409)
            raise LookupError if kind == "lookup" else ZeroDivisionError

        app.config["PROPAGATE_EXCEPTIONS"] = False
        for target in (LookupError, 409, 500):
            app.register_error_handler(target, decorate(handle))
        app.add_url_rule("/<kind>", "view", decorate(view))
        client = app.test_client()
        assert client.get("/http").text == "Conflict at /http"
        assert client.get("/lookup").text == "LookupError at /lookup"
        assert client.get("/other").text == "InternalServerError at /other"

    def test_teardown_functions(self, app: Flask, decorate: Any, log: Log) -> None:
        async def teardown(name: str, error: BaseException | None) -> None:
            await pause()
            log.append(f"{name} {error!r}")
            if name == "raises":
                raise LookupError("in teardown")

        for name in ("request", "raises"):
            app.teardown_request(decorate(partial(teardown, name)))
        app.teardown_appcontext(decorate(partial(teardown, "context")))
        app.add_url_rule("/", view_func=lambda: "view")
        assert app.test_client().get("/").text == "view"
        assert log == ["raises None", "request None", "context None"]
        with pytest.raises(LookupError, match="in teardown"), app.test_request_context("/"):
            pass

    def test_context_processors(self, app: Flask, decorate: Any) -> None:
        async def names() -> dict[str, str]:
            await pause()
            return {"path": request.path}

        app.context_processor(decorate(names))
        with app.test_request_context("/page"):
            assert render_template_string("{{ path }}") == "/page"

    def test_functions_of_a_blueprint(self, app: Flask, decorate: Any, log: Log) -> None:
        async def hook(name: str, *args: Any) -> Any:
            await pause()
            log.append(name)
            return args[0] if name == "after" else None

        async def view() -> str:
            await pause()
            return "inside"

        blueprint = Blueprint("blueprint", __name__)
        blueprint.before_request(decorate(partial(hook, "before")))
        blueprint.after_request(decorate(partial(hook, "after")))
        blueprint.teardown_request(decorate(partial(hook, "teardown")))
        blueprint.add_url_rule("/", "view", decorate(view))
        app.register_blueprint(blueprint)
        assert app.test_client().get("/").text == "inside"
        assert log == ["before", "after", "teardown"]

    def test_class_based_views(self, app: Flask, decorate: Any) -> None:
        class Whole(View):
            async def answer(self) -> str:
                await pause()
                return f"whole {request.path}"

            dispatch_request = decorate(answer)

        class Methods(MethodView):
            async def answer(self) -> str:
                await pause()
                return request.method

            get = post = decorate(answer)

        class Decorated(Methods):
            decorators = (decorate,)

        app.add_url_rule("/whole", view_func=Whole.as_view("whole"))
        app.add_url_rule("/methods", view_func=Methods.as_view("methods"))
        app.add_url_rule("/decorated", view_func=Decorated.as_view("decorated"))
        client = app.test_client()
        assert client.get("/whole").text == "whole /whole"
        assert client.get("/methods").text == "GET"
        assert client.post("/decorated").text == "POST"


def test_errors_of_async_functions_propagate_like_others(app: Flask, log: Log) -> None:
    @app.get("/")
    async def view() -> str:
        await pause()
        raise LookupError("async")

    app.teardown_request(lambda error: log.append(repr(error)))
    with pytest.raises(LookupError, match="async"):
        app.test_client().get("/")
    assert log == ["LookupError('async')"]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/").status_code == 500


def test_an_async_view_may_stream_with_its_request(app: Flask, log: Log) -> None:
    @app.get("/")
    async def view() -> Iterator[str]:
        await pause()

        @stream_with_context
        def generate() -> Iterator[str]:
            yield f"streamed {request.path}"

        return generate()

    app.teardown_request(lambda error: log.append(repr(error)))
    assert app.test_client().get("/").text == "streamed /"
    assert log == ["None"]


def test_async_and_sync_decorators_mix(app: Flask) -> None:
    def login(function: Callable[[], Awaitable[str]]) -> Callable[[], Awaitable[str]]:
        @wraps(function)
        async def wrapper() -> str:
            if "user" not in request.args:
                abort(401)
            return await function()

        return wrapper

    @app.get("/")
    @sync_decorator
    @login
    @sync_decorator
    async def view() -> str:
        await pause()
        return f"hello {request.args['user']}"

    client = app.test_client()
    assert client.get("/?user=Ada").text == "hello Ada"
    assert client.get("/").status_code == 401


def test_async_receivers_of_every_signal(app: Flask, log: Log) -> None:
    async def receiver(sender: Flask, **extra: object) -> None:
        await pause()
        assert sender is app
        log.append(", ".join(sorted(extra)))

    @app.get("/")
    def view() -> str:
        flash("news")
        return render_template_string("page")

    @app.get("/breaks")
    def breaks() -> str:
        raise LookupError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    signals = {
        appcontext_pushed: "",
        request_started: "",
        message_flashed: "category, message",
        before_render_template: "context, template",
        template_rendered: "context, template",
        request_finished: "response",
        request_tearing_down: "exc",
        appcontext_tearing_down: "exc",
        appcontext_popped: "",
    }
    for signal in (*signals, got_request_exception):
        signal.connect(receiver, app)
    try:
        app.test_client().get("/")
        assert log == [*signals.values()]
        log.clear()
        app.test_client().get("/breaks")
        assert "exception" in log
    finally:
        for signal in (*signals, got_request_exception):
            signal.disconnect(receiver, app)


# --- what counts as async -------------------------------------------------------------------


async def coroutine_function() -> None: ...


def sync_function() -> None: ...


class AsyncCallable:
    async def __call__(self) -> str:
        await pause()
        return "called"

    async def method(self) -> str:
        return "method"


@wraps(coroutine_function)
def wrapped_sync() -> None: ...


wrapped_sync.marked = True  # type: ignore[attr-defined]  # a function with a dictionary


@pytest.mark.parametrize(
    ("function", "result"),
    [
        (coroutine_function, True),
        (sync_function, False),
        (wrapped_sync, False),
        (partial(coroutine_function), True),
        (partial(sync_function), False),
        (AsyncCallable().method, True),
        (len, False),
    ],
)
def test_what_is_an_async_function(function: Callable[..., object], result: bool) -> None:
    assert is_async(function) is result


def test_an_object_with_an_async_call_is_run_to_its_end(app: Flask) -> None:
    app.add_url_rule("/", "view", AsyncCallable())
    assert app.test_client().get("/").text == "called"


def test_ensure_sync_leaves_sync_functions_alone(app: Flask) -> None:
    assert app.ensure_sync(sync_function) is sync_function
    made = app.ensure_sync(AsyncCallable().method)
    assert made() == "method"


def test_an_async_view_that_never_finishes_its_coroutine_says_what_it_returned(app: Flask) -> None:
    """An awaitable that is no coroutine is a value like any other, and no response."""

    class Later:
        def __await__(self) -> Any:
            yield

    later: Any = Later()
    app.add_url_rule("/", "view", lambda: later)
    with pytest.raises(TypeError, match="Later"):
        app.test_client().get("/")


# --- without asgiref ------------------------------------------------------------------------


@pytest.fixture
def without_asgiref(monkeypatch: pytest.MonkeyPatch) -> None:
    """None in `sys.modules` makes an import fail as for a package that is not installed."""
    for name in [name for name in sys.modules if name.split(".")[0] == "asgiref"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "asgiref", None)
    monkeypatch.setitem(sys.modules, "asgiref.sync", None)


@pytest.mark.usefixtures("without_asgiref")
@pytest.mark.parametrize("decorate", [plain, sync_decorator], ids=["async", "returns a coroutine"])
def test_without_asgiref_the_error_names_the_function_and_the_extra(
    app: Flask, decorate: Any
) -> None:
    async def slow_view() -> str:
        return "never"

    app.add_url_rule("/", "view", decorate(slow_view))
    with pytest.raises(RuntimeError) as raised:
        app.test_client().get("/")
    message = str(raised.value)
    assert "slow_view" in message
    assert "asgiref" in message
    assert "typedflask[async]" in message


@pytest.mark.usefixtures("without_asgiref")
def test_without_asgiref_an_async_teardown_function_does_not_stop_the_others(
    app: Flask, log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    async def teardown(error: BaseException | None) -> None:
        raise AssertionError("never run")

    app.teardown_request(lambda error: log.append("first registered"))
    app.teardown_request(teardown)
    app.teardown_appcontext(lambda error: log.append("context"))
    app.add_url_rule("/", view_func=lambda: "view")
    assert app.test_client().get("/").text == "view"
    assert log == ["first registered", "context"]
    assert "typedflask[async]" in caplog.text


@pytest.mark.usefixtures("without_asgiref")
def test_without_asgiref_sync_functions_work(app: Flask) -> None:
    app.add_url_rule("/", view_func=lambda: "view")
    assert app.test_client().get("/").text == "view"


def test_another_way_of_running_coroutines_may_be_put_in_place(app: Flask) -> None:
    class Own(Flask):
        def async_to_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *args, **kwargs: f"own {asyncio.run(func(*args, **kwargs))}"

    own = Own("own")

    async def view() -> str:
        return "view"

    own.add_url_rule("/async", "async", view)
    own.add_url_rule("/hidden", "hidden", sync_decorator(view))
    client = own.test_client()
    assert client.get("/async").text == "own view"
    assert client.get("/hidden").text == "own view"
