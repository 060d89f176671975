"""Applications with classes of their own answer alike with all shortcuts and with none of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import Aborter, ImATeapot, NotFound
from werkzeug.formparser import FormDataParser
from werkzeug.routing import BaseConverter, Map, MapAdapter
from werkzeug.routing import Rule as BaseRule
from werkzeug.wrappers import Response as BaseResponse

from tests.both_ways import Notes, both_ways
from tests.shortcut_requests import EVERY
from tests.shortcut_site import made, noting, own
from typedflask import Config, Flask, Request, Response
from typedflask.ctx import AppGlobals
from typedflask.json import DefaultJSONProvider
from typedflask.json.encode import iso_json
from typedflask.routing import Rule
from typedflask.routing.rule_map import RuleMap
from typedflask.sessions import (
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
)
from typedflask.templating.jinja import Environment

# Any, in this file: what is overridden may take and give anything.

# A response that is sent in its own way may leave a file open.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning"),
]


class OwnHeaders(Request):
    """A request that works out some of its parts in its own way."""

    dict_storage_class: Any = MultiDict
    user_agent_class = own(Request.user_agent_class)


IN_LOWER_CASE = property(lambda self: self.environ.get("PATH_INFO", "").lower() or "/")
OWN_ARGUMENTS = property(lambda self: MultiDict([("q", "own")]))
IN_CAPITALS = property(lambda self: self.environ["REQUEST_METHOD"].upper())


class OwnBodies(Request):
    """A request that reads bodies in its own way."""

    max_content_length = 50
    max_form_memory_size = 10
    form_data_parser_class = own(FormDataParser)

    @property
    def want_form_data_parsed(self) -> bool:
        return self.method == "POST"

    def on_json_loading_failed(self, e: Any) -> Any:
        return {"failed": str(e)}


class OwnData(Request):
    """A request that gives other data."""

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        data: Any = super().get_data(*args, **kwargs)
        return data[::-1]

    def get_json(self, *args: Any, **kwargs: Any) -> Any:
        return [super().get_json(*args, **kwargs)]


class Refusing(Request):
    """A request that cannot be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.path == "/text":
            raise NotFound("refused when made")


class OwnResponse(Response):
    """A response of another type, made as usual."""

    default_mimetype = "text/x-own"
    default_status = 203


class Uncounted(Response):
    """A response that does not count itself, nor spells its addresses out."""

    automatically_set_content_length = False
    autocorrect_location_header = True
    implicit_sequence_conversion = False


class Shouting(Response):
    """A response that changes on its way out."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["X-Own"] = environ["PATH_INFO"].encode("latin-1", "replace").hex()
        return headers

    def iter_encoded(self) -> Any:
        return (piece.upper() for piece in super().iter_encoded())


class Set(Response):
    """A response whose body is set in its own way."""

    def set_data(self, value: Any) -> None:
        super().set_data(b"own " + (value.encode() if isinstance(value, str) else value))


class OwnCall(Response):
    """A response that is sent in its own way."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        start_response("299 OWN", [("X-Own", "yes")])
        return [self.get_data()]


class OwnRule(Rule):
    """A rule that builds and matches in its own way."""

    def build(self, values: Any, append_unknown: bool = True) -> Any:
        built = super().build(values, append_unknown)
        return built and (built[0], f"{built[1]}#own")


class OwnMap(RuleMap):
    """A map that binds in its own way."""

    def bind_to_environ(self, environ: Any, *args: Any, **kwargs: Any) -> MapAdapter:
        adapter = super().bind_to_environ(environ, *args, **kwargs)
        adapter.path_info = adapter.path_info.lower()
        return adapter


class Doubling(BaseConverter):
    """Numbers, doubled, and halved again."""

    regex = r"\d+"

    def to_python(self, value: str) -> int:
        return 2 * int(value)

    def to_url(self, value: Any) -> str:
        return str(int(value) // 2)


def doubling(app: Flask) -> None:
    app.url_map.converters["double"] = Doubling
    app.add_url_rule(
        "/doubled/<double:n>", "doubled", lambda n: f"{n} {app.url_for('doubled', n=8)}"
    )


class Eager(SecureCookieSessionInterface):
    """Sessions that are opened in their own way."""

    def open_session(self, app: Any, request: Any) -> Any:
        session = super().open_session(app, request)
        if session is not None:
            session.setdefault("opened", 1)
        return session


class Always(SecureCookieSessionInterface):
    """Sessions that are always sent."""

    def should_set_cookie(self, app: Any, session: Any) -> bool:
        return True


class OwnSession(SecureCookieSession):
    """A session that counts how often it was made."""

    def __init__(self, initial: Any = None) -> None:
        super().__init__(initial)
        self["made"] = self.get("made", 0) + 1


class Memory(SessionInterface[Any]):
    """Sessions in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Any, request: Any) -> Any:
        return SecureCookieSession(self.kept.get(request.cookies.get("id", ""), {}))

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        if session.modified:
            self.kept["1"] = dict(session)
            response.set_cookie("id", "1")


class NoSessions(SessionInterface[Any]):
    """No session for anybody."""

    def open_session(self, app: Any, request: Any) -> None:
        return None

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        response.headers["X-Saved"] = "yes"


class RefusingSessions(SecureCookieSessionInterface):
    """Sessions that cannot be opened."""

    def open_session(self, app: Any, request: Any) -> Any:
        raise ImATeapot("no session")


class OwnJSON(DefaultJSONProvider):
    """JSON in a style of its own."""

    default = staticmethod(iso_json)
    sort_keys = False
    ensure_ascii = False
    compact = False
    mimetype = "application/own+json"


class OwnDumps(DefaultJSONProvider):
    """JSON by methods of its own."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(["own", obj], **kwargs)

    def loads(self, s: Any, **kwargs: Any) -> Any:
        return ["own", super().loads(s, **kwargs)]


class Teapots(Aborter):
    """Every abort is a teapot."""

    def __call__(self, code: Any, *args: Any, **kwargs: Any) -> Any:
        raise ImATeapot


class OwnGlobals(AppGlobals):
    """A namespace that knows more."""

    x = "from the class"


class OwnConfig(Config):
    """A configuration that is read in its own way."""

    def __getitem__(self, key: str) -> Any:
        return 99 if key == "SEND_FILE_MAX_AGE_DEFAULT" else super().__getitem__(key)


KINDS: dict[str, dict[str, Any]] = {
    "request": {"request_class": own(Request)},
    "request with its own parts": {"request_class": OwnHeaders},
    "request with its own path": {"request_class": own(Request, path=IN_LOWER_CASE)},
    "request with its own query": {"request_class": own(Request, args=OWN_ARGUMENTS)},
    "request with its own method": {"request_class": own(Request, method=IN_CAPITALS)},
    "request with its own bodies": {"request_class": OwnBodies},
    "request with its own data": {"request_class": OwnData},
    "request that cannot be made": {"request_class": Refusing},
    "response": {"response_class": own(Response)},
    "response of another type": {"response_class": OwnResponse},
    "response that is not counted": {"response_class": Uncounted},
    "response with whole addresses": {
        "response_class": own(Response, autocorrect_location_header=True)
    },
    "response that changes": {"response_class": Shouting},
    "response set otherwise": {"response_class": Set},
    "response sent otherwise": {"response_class": OwnCall},
    "response without a type": {"response_class": own(Response, default_mimetype=None)},
    "response of Werkzeug": {"response_class": BaseResponse},
    "rule": {"url_rule_class": OwnRule},
    "rule of Werkzeug": {"url_rule_class": BaseRule},
    "map": {"url_map_class": OwnMap},
    "map of Werkzeug": {"url_map_class": Map},
    "map of another host": {"url_map_class": own(RuleMap, default_subdomain="api")},
    "sessions opened otherwise": {"options": {"session": Eager()}},
    "sessions always sent": {"options": {"session": Always()}},
    "sessions of another class": {"session_interface": SecureCookieSessionInterface()},
    "sessions that cannot be opened": {"options": {"session": RefusingSessions()}},
    "no sessions": {"options": {"session": NoSessions()}},
    "JSON in another style": {"json_provider_class": OwnJSON},
    "JSON by other methods": {"json_provider_class": OwnDumps},
    "JSON of the standard library": {"options": {"json": json}},
    "aborter": {"aborter_class": Teapots},
    "g": {"app_ctx_globals_class": OwnGlobals},
    "configuration": {"config_class": OwnConfig},
    "Jinja": {"jinja_environment": own(Environment), "jinja_options": {"autoescape": False}},
    "converter": {"change": doubling},
}


@pytest.mark.parametrize("name", KINDS)
def test_a_class_of_the_application_s_own_counts_alike(name: str) -> None:
    both_ways(lambda notes: made(notes, **KINDS[name]), EVERY)


def test_sessions_of_the_application_s_own_are_kept_alike() -> None:
    for session_class in (OwnSession, own(SecureCookieSession)):
        sessions = own(SecureCookieSessionInterface, session_class=session_class)
        both_ways(lambda notes, kind=sessions: made(notes, {"session": kind()}), EVERY)  # type: ignore[misc]
    both_ways(lambda notes: made(notes, {"session": Memory()}), EVERY)


@pytest.mark.parametrize("name", ["open_session", "save_session", "should_set_cookie"])
def test_steps_of_a_session_interface_are_taken_alike(name: str) -> None:
    def in_a_class(notes: Notes) -> Flask:
        return made(notes, {"session": noting(notes, SecureCookieSessionInterface, name)()})

    def on_the_object(notes: Notes) -> Flask:
        backend = SecureCookieSessionInterface()
        original = getattr(backend, name)

        def noted(*args: Any) -> Any:
            notes.append(name)
            return original(*args)

        setattr(backend, name, noted)
        return made(notes, {"session": backend})

    for make in (in_a_class, on_the_object):
        assert any(name in note for answer in both_ways(make, EVERY) for note in answer.notes)


REQUEST_METHODS = ("__init__", "get_json", "on_json_loading_failed", "make_form_data_parser")
RESPONSE_METHODS = (
    *("__init__", "set_data", "get_data", "get_wsgi_headers", "get_app_iter", "iter_encoded"),
    *("get_wsgi_response", "make_conditional", "call_on_close", "__call__", "set_cookie"),
    *("calculate_content_length", "make_sequence", "ensure_sequence", "_ensure_sequence", "close"),
)


@pytest.mark.parametrize("name", REQUEST_METHODS)
def test_methods_of_an_own_request_are_called_alike(name: str) -> None:
    both_ways(lambda notes: made(notes, request_class=noting(notes, Request, name)), EVERY)


@pytest.mark.parametrize("name", [name for name in RESPONSE_METHODS if hasattr(Response, name)])
def test_methods_of_an_own_response_are_called_alike(name: str) -> None:
    both_ways(lambda notes: made(notes, response_class=noting(notes, Response, name)), EVERY)
