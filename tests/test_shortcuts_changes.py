"""Applications that do a step in their own way answer alike with all shortcuts and with none.

Each row is one thing that is different: a step that does something else, a setting, middleware, an
object whose method was replaced, a response that changes on its way out. All requests of the site
are sent to each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.exceptions import ImATeapot, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response as BaseResponse

from tests.both_ways import Notes, both_ways
from tests.shortcut_requests import EVERY
from tests.shortcut_site import hear_signals, made
from typedflask import Flask, Response, request, session
from typedflask.ctx import RequestContext
from typedflask.sessions import SecureCookieSession

# Any, in this file: what is replaced may take and give anything.

# A step that drops what a view returned drops open files and coroutines, too.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning"),
]


# --- steps that do something else -----------------------------------------------------------


def teapot(*args: Any) -> Any:
    raise ImATeapot("replaced")


def replaced(*args: Any, **kwargs: Any) -> Response:
    return Response("replaced", 203, {"X-Replaced": "yes"})


def of_werkzeug(*args: Any, **kwargs: Any) -> BaseResponse:
    return BaseResponse("replaced", 203, {"X-Replaced": "yes"})


def text(*args: Any, **kwargs: Any) -> str:
    return "replaced"


async def late_text(*args: Any, **kwargs: Any) -> str:
    return "replaced"


def loud(self: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """Functions called in another way."""

    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return result.upper() if isinstance(result, str) else result

    return call


def elsewhere(self: Flask, asked: Any) -> MapAdapter:
    return self.url_map.bind("other.example", "/mount", path_info="/number/5")


def by_method(self: Flask, asked: Any) -> MapAdapter | None:
    adapter = Flask.create_url_adapter(self, asked)
    if adapter is not None:
        adapter.default_method = "GET"
    return adapter


def refused(self: Flask, asked: Any) -> MapAdapter:
    raise NotFound("no adapter")


class DerivedContext(RequestContext[Any]):
    """A context with a mind of its own about matching."""

    def match_request(self) -> None:
        self.request.environ.setdefault("matched", True)
        super().match_request()


def with_session(self: Flask, environ: Any) -> RequestContext[Any]:
    """A context that brings its session."""
    return RequestContext(self, self.request_class(environ), SecureCookieSession({"user": "Bob"}))


def other_status(self: Flask, response: Any) -> Any:
    made: Any = Flask.process_response(self, response)
    made.status_code = 200 if made.status_code == 404 else made.status_code
    return made


# A stream that was dropped ends when it is collected, which may be during another request.
REQUESTS = [sent for sent in EVERY if "stream" not in sent.path]

STEPS: dict[str, dict[str, Any]] = {
    "preprocess_request gives text": {"preprocess_request": text},
    "preprocess_request raises": {"preprocess_request": teapot},
    "dispatch_request gives text": {"dispatch_request": text},
    "dispatch_request is async": {"dispatch_request": late_text},
    "dispatch_request raises": {"dispatch_request": teapot},
    "full_dispatch_request": {"full_dispatch_request": replaced},
    "full_dispatch_request of Werkzeug": {"full_dispatch_request": of_werkzeug},
    "full_dispatch_request raises": {"full_dispatch_request": teapot},
    "make_response": {"make_response": replaced},
    "make_response of Werkzeug": {"make_response": of_werkzeug},
    "make_response raises": {"make_response": teapot},
    "finalize_request": {"finalize_request": replaced},
    "process_response": {"process_response": of_werkzeug},
    "process_response raises": {"process_response": teapot},
    "process_response changes": {"process_response": other_status},
    "handle_user_exception": {"handle_user_exception": text},
    "handle_http_exception": {"handle_http_exception": text},
    "handle_http_exception raises": {"handle_http_exception": teapot},
    "handle_exception": {"handle_exception": replaced},
    "handle_exception raises": {"handle_exception": teapot},
    "trap_http_exception": {"trap_http_exception": lambda self, e: True},
    "raise_routing_exception": {"raise_routing_exception": teapot},
    "should_ignore_error": {"should_ignore_error": lambda self, error: True},
    "make_default_options_response": {"make_default_options_response": replaced},
    "ensure_sync": {"ensure_sync": loud},
    "create_url_adapter elsewhere": {"create_url_adapter": elsewhere},
    "create_url_adapter by method": {"create_url_adapter": by_method},
    "create_url_adapter gives none": {"create_url_adapter": lambda self, asked: None},
    "create_url_adapter raises": {"create_url_adapter": refused},
    "request_context derived": {
        "request_context": lambda self, environ: DerivedContext(self, self.request_class(environ))
    },
    "request_context with a session": {"request_context": with_session},
    "inject_url_defaults": {
        "inject_url_defaults": lambda self, endpoint, values: values.update(added=1)
    },
    "handle_url_build_error": {"handle_url_build_error": text},
    "url_for": {"url_for": text},
    "do_teardown_request raises": {"do_teardown_request": teapot},
    "do_teardown_appcontext raises": {"do_teardown_appcontext": teapot},
    "get_send_file_max_age": {"get_send_file_max_age": lambda self, name: 77},
    "send_static_file": {"send_static_file": replaced},
    "log_exception": {"log_exception": lambda self, info: None},
    "redirect": {"redirect": replaced},
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_does_something_else_does_so_alike(name: str) -> None:
    both_ways(lambda notes: made(notes, **STEPS[name]), REQUESTS)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_replaced_on_the_object_does_so_alike(name: str) -> None:
    def change(app: Flask) -> None:
        for step, function in STEPS[name].items():
            setattr(app, step, function.__get__(app))

    every_third = REQUESTS[list(STEPS).index(name) % 3 :: 3]
    both_ways(lambda notes: made(notes, change=change), every_third)


# --- settings ---------------------------------------------------------------------------------

SETTINGS: dict[str, dict[str, Any]] = {
    "no secret key": {"SECRET_KEY": ""},
    "old keys": {"SECRET_KEY_FALLBACKS": ["older", "oldest"]},
    "debug": {"DEBUG": True},
    "testing": {"TESTING": True},
    "propagating": {"PROPAGATE_EXCEPTIONS": True},
    "trapping": {"TRAP_HTTP_EXCEPTIONS": True},
    "trapping bad requests": {"TRAP_BAD_REQUEST_ERRORS": True},
    "trusted hosts": {"TRUSTED_HOSTS": ["localhost", ".example.org"]},
    "a server name": {"SERVER_NAME": "example.org:8080"},
    "a server name with a root": {"SERVER_NAME": "localhost", "APPLICATION_ROOT": "/mount"},
    "an application root": {"APPLICATION_ROOT": "/mount"},
    "https": {"PREFERRED_URL_SCHEME": "https"},
    "short bodies": {"MAX_CONTENT_LENGTH": 20},
    "short fields": {"MAX_FORM_MEMORY_SIZE": 1, "MAX_FORM_PARTS": 1},
    "small cookies": {"MAX_COOKIE_SIZE": 0},
    "no refreshing": {"SESSION_REFRESH_EACH_REQUEST": False},
    "another cookie": {
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_DOMAIN": ".example.org",
        "SESSION_COOKIE_PATH": "/mount",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PARTITIONED": True,
    },
    "sessions that end at once": {"PERMANENT_SESSION_LIFETIME": -1},
    "files for a day": {"SEND_FILE_MAX_AGE_DEFAULT": 86_400},
    "files by the server": {"USE_X_SENDFILE": True},
    "no automatic options": {"PROVIDE_AUTOMATIC_OPTIONS": False},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_counts_alike(name: str) -> None:
    both_ways(lambda notes: made(notes, config=SETTINGS[name]), EVERY)


# --- middleware, hooks and objects that change on the way -----------------------------------------


def with_middleware(app: Any) -> None:
    inner = app.wsgi_app

    def middleware(environ: Any, start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/shop")

        def start(status: str, headers: Any, *args: Any) -> Any:
            return start_response(status, [*headers, ("X-Through", "yes")], *args)

        return inner(environ, start)

    app.wsgi_app = ProxyFix(middleware)


def after(function: Callable[[Any], Any]) -> Callable[[Flask], None]:
    """Add a function that sees each response; it runs before those of the site."""

    def change(app: Flask) -> None:
        def run(response: Any) -> Any:
            result = function(response)
            return response if result is None else result

        app.after_request(run)

    return change


def headers_of_instance(response: Any) -> None:
    response.get_wsgi_headers = lambda environ: Headers([("X-Replaced", "yes")])


def pieces_of_instance(response: Any) -> None:
    response.iter_encoded = lambda: iter([b"replaced"])


def iterable_of_instance(response: Any) -> None:
    response.get_app_iter = lambda environ: [b"replaced"]


def close_of_instance(response: Any) -> None:
    close = response.close
    response.close = lambda: (response.headers.clear(), close())


def everything_of_instance(response: Any) -> None:
    response.get_wsgi_response = lambda environ: ([b"replaced"], "299 Own", [("X", "y")])


class Shouting(Response):
    """A response that changes on its way out."""

    def iter_encoded(self) -> Any:
        return (piece.upper() for piece in super().iter_encoded())


def other_class(response: Any) -> None:
    response.__class__ = Shouting


def of_other_kind(response: Any) -> Any:
    return BaseResponse(response.get_data() if response.is_sequence else b"stream", 203)


def other_headers(response: Any) -> None:
    response.headers = Headers([("content-TYPE", "text/plain"), ("LOCATION", "/ü?a b")])
    response.headers.add("Set-Cookie", "own=1")


def other_body(response: Any) -> None:
    if response.is_sequence:
        response.response = ("a", "b")
        response.headers.pop("Content-Length", None)


def other_data(response: Any) -> None:
    if not response.direct_passthrough and response.is_sequence:
        response.data = response.data + b"!"


def other_status_line(response: Any) -> None:
    response.status = f"{response.status_code} Own Words"


def no_body_status(response: Any) -> None:
    response.status_code = 304


def closed_later(response: Any) -> None:
    response.call_on_close(lambda: None)


def without_length(response: Any) -> None:
    response.headers.remove("Content-Length")


def wrong_length(response: Any) -> None:
    response.headers["content-length"] = "3"


def generator_given(response: Any) -> None:
    if response.is_sequence:
        response.set_data("".join(["set ", "again ü"]))
        response.response = iter([response.get_data(), "ü"])


def conditional(response: Any) -> None:
    if response.is_sequence and not response.direct_passthrough:
        response.add_etag(overwrite=True)
        response.make_conditional(request, accept_ranges=True)


def session_touched(response: Any) -> None:
    session["touched"] = session.get("touched", 0) + 1


SEEN: tuple[Callable[[Any], Any], ...] = (
    *(other_class, of_other_kind, other_headers, other_body, other_data, other_status_line),
    *(no_body_status, closed_later, without_length, wrong_length, generator_given, conditional),
    *(session_touched, headers_of_instance, pieces_of_instance, iterable_of_instance),
    *(everything_of_instance, close_of_instance),
)
"""What functions do that see a response."""

CHANGES: dict[str, Callable[[Flask], None]] = {
    "middleware": with_middleware,
    **{function.__name__: after(function) for function in SEEN},
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_on_the_way_is_sent_alike(name: str) -> None:
    both_ways(lambda notes: made(notes, change=CHANGES[name]), EVERY)


def test_receivers_hear_the_same() -> None:
    def make(notes: Notes) -> Flask:
        return made(notes, change=lambda app: hear_signals(app, notes))

    both_ways(make, EVERY)
