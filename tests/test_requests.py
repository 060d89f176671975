"""The request an application sees: Werkzeug's, and what the application knows about it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, UnsupportedMediaType
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WerkzeugRequest

from tests.watching import Watched
from typedflask import Blueprint, Flask, Request, request


def environ_of(path: str = "/", **options: Any) -> dict[str, Any]:
    return EnvironBuilder(path, **options).get_environ()


# --- what Werkzeug's request knows -------------------------------------------------------

SAME = [
    "access_control_request_headers",
    "access_route",
    "accept_charsets",
    "accept_encodings",
    "accept_languages",
    "accept_mimetypes",
    "args",
    "base_url",
    "cache_control",
    "charset",
    "content_encoding",
    "content_length",
    "content_type",
    "cookies",
    "data",
    "date",
    "files",
    "form",
    "full_path",
    "host",
    "host_url",
    "if_match",
    "if_modified_since",
    "if_none_match",
    "if_unmodified_since",
    "is_json",
    "is_multiprocess",
    "is_multithread",
    "is_run_once",
    "is_secure",
    "max_forwards",
    "method",
    "mimetype",
    "mimetype_params",
    "origin",
    "path",
    "pragma",
    "query_string",
    "range",
    "referrer",
    "remote_addr",
    "remote_user",
    "root_path",
    "root_url",
    "scheme",
    "script_root",
    "server",
    "trusted_hosts",
    "url",
    "url_root",
    "values",
    "want_form_data_parsed",
]

ORDINARY: list[dict[str, Any]] = [
    {"path": "/"},
    {"path": "/grüße/ wie?geht=es&geht=dir&ö=%C3%A4", "base_url": "https://exämple.org:8443/app"},
    {"path": "/a", "method": "post", "data": {"a": "1", "ü": "ö"}},
    {"path": "/a", "method": "PUT", "json": {"a": [1]}},
    {
        "path": "/a",
        "method": "POST",
        "content_type": "multipart/form-data; boundary=x",
        "data": (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nx\r\n--x--'
        ),
    },
    {"path": "//a//b", "base_url": "http://127.0.0.1:80/"},
    {"path": "/a", "base_url": "http://[::1]:8080/"},
    {
        "path": "/a",
        "headers": {
            "Accept": "text/html;q=0.5, application/json",
            "Accept-Charset": "utf-8",
            "Accept-Encoding": "gzip",
            "Accept-Language": "de, en;q=0.8",
            "Access-Control-Request-Headers": "X-A, X-B",
            "Authorization": "Basic dTpw",
            "Cache-Control": "max-age=5, no-cache",
            "Content-Encoding": "br",
            "Cookie": 'a=1; b="\\303\\244"; c',
            "Date": "Tue, 15 Nov 1994 08:12:31 GMT",
            "If-Match": '"a", "b"',
            "If-Modified-Since": "Tue, 15 Nov 1994 08:12:31 +0200",
            "If-None-Match": 'W/"a"',
            "If-Unmodified-Since": "Tue, 15 Nov 1994 08:12:31 GMT",
            "Max-Forwards": "3",
            "Origin": "http://a.example",
            "Pragma": "no-cache",
            "Range": "bytes=0-4, 10-",
            "Referer": "http://b.example/",
            "User-Agent": "test",
            "X-Forwarded-For": "10.0.0.1, 10.0.0.2",
        },
    },
]


def read(kind: type[WerkzeugRequest], options: dict[str, Any], name: str) -> str:
    environ = EnvironBuilder(**options, environ_overrides={"REMOTE_ADDR": "1.2.3.4"}).get_environ()
    with kind(environ) as made:
        return repr(getattr(made, name, "no such attribute"))


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("options", ORDINARY, ids=range(len(ORDINARY)))
def test_ordinary_requests_read_as_in_werkzeug(options: dict[str, Any], name: str) -> None:
    assert read(Request, options, name) == read(WerkzeugRequest, options, name)


@pytest.mark.parametrize("name", ["authorization", "if_range", "user_agent"])
def test_objects_read_from_headers_are_those_of_werkzeug(name: str) -> None:
    for value in ("Basic dTpw", "Bearer abc", '"tag"', "Tue, 15 Nov 1994 08:12:31 GMT", "", "x"):
        headers = {name.replace("_", "-"): value}
        ours = getattr(Request(environ_of(headers=headers)), name)
        theirs = getattr(WerkzeugRequest(environ_of(headers=headers)), name)
        assert str(ours) == str(theirs)


def test_an_attribute_is_worked_out_once_and_may_be_set() -> None:
    made = Request(environ_of("/a"))

    assert "path" not in vars(made)
    assert made.headers is made.headers
    assert (made.path, vars(made)["path"]) == ("/a", "/a")
    made.method = "PATCH"
    assert made.method == "PATCH"


def test_the_class_shows_how_an_attribute_is_worked_out() -> None:
    kind: Any = Request

    assert kind.path is vars(Request)["path"]


def test_the_request_is_put_into_the_environment_only_on_demand() -> None:
    environ = environ_of()
    Request(environ)
    assert "werkzeug.request" not in environ
    made = Request(environ, populate_request=True)
    assert environ["werkzeug.request"] is made
    environ = environ_of()
    Request(environ, populate_request=True, shallow=True)
    assert "werkzeug.request" not in environ


def test_a_shallow_request_refuses_to_read_the_body() -> None:
    made = Request(environ_of(method="POST", data="x"), shallow=True)

    assert made.path == "/"
    with pytest.raises(RuntimeError, match="shallow"):
        _ = made.stream
    with pytest.raises(RuntimeError):
        _ = made.data


@given(query=st.binary().filter(lambda query: b"#" not in query))
def test_a_query_string_that_is_no_utf_8_means_the_same_percent_encoded(query: bytes) -> None:
    made = Request({**environ_of(), "QUERY_STRING": query.decode("latin-1")})
    try:
        query.decode()
    except UnicodeDecodeError:
        encoded = "".join(f"%{byte:02X}" if byte > 127 else chr(byte) for byte in query)
        assert made.query_string == encoded.encode()
    else:
        assert made.query_string == query
    assert (
        made.args
        == Request({**environ_of(), "QUERY_STRING": made.query_string.decode("latin-1")}).args
    )
    assert made.full_path.startswith("/?")


QUERY_LIKE = (
    st.text("ab=&+%;\x00 ü") | st.text(st.characters(max_codepoint=255)) | st.text("%aFf0&=")
)


@given(text=QUERY_LIKE)
@settings(max_examples=300, deadline=None)
def test_queries_and_forms_are_taken_apart_as_by_werkzeug(text: str) -> None:
    body = text.encode()
    query = {**environ_of(), "QUERY_STRING": body.decode("latin-1")}
    posted = environ_of(method="POST", data=body, content_type="application/x-www-form-urlencoded")
    assert Request(query).args == WerkzeugRequest(query).args
    ours, theirs = (
        Request(dict(posted)),
        WerkzeugRequest({**posted, "wsgi.input": io.BytesIO(body)}),
    )
    assert ours.form == theirs.form


@pytest.mark.parametrize(
    "cookie", ["", "a=1", "a=1; b=2; a=3", 'a="x\\"y"', "a", "; ;", "a=\xc3\xbc"]
)
def test_cookies_are_taken_apart_as_by_werkzeug(cookie: str) -> None:
    environ = {**environ_of(), "HTTP_COOKIE": cookie}

    assert Request(environ).cookies == WerkzeugRequest(environ).cookies


def test_a_body_is_read_as_bytes_or_as_text() -> None:
    for kept in (True, False):
        body = Request(environ_of(method="POST", data="grüße\xff"))
        assert body.get_data(cache=kept, as_text=True) == "grüße\xff"
        assert body.get_data() == ("grüße\xff".encode() if kept else b"")
    assert Request(environ_of(method="POST", data=b"\xff")).get_data(as_text=True) == "\ufffd"


def test_parsing_a_form_first_leaves_nothing_of_it() -> None:
    made = Request(environ_of(method="POST", data={"a": "1"}))

    assert made.get_data(parse_form_data=True) == b""
    assert made.form["a"] == "1"


def test_a_form_is_parsed_from_a_body_that_was_kept() -> None:
    made = Request(environ_of(method="POST", data={"a": "1"}))

    assert made.get_data() == b"a=1"
    assert made.form["a"] == "1"
    assert made.get_data() == b"a=1"


@pytest.mark.parametrize(
    ("changes", "server"),
    [
        ({"SERVER_NAME": None}, None),
        ({"SERVER_NAME": "a", "SERVER_PORT": "8080"}, ("a", 8080)),
        ({"SERVER_NAME": "/run/socket", "SERVER_PORT": ""}, ("/run/socket", None)),
        ({"SERVER_NAME": "/run/socket", "SERVER_PORT": None}, ("/run/socket", None)),
        ({"SERVER_NAME": "a", "SERVER_PORT": "http"}, ("a", None)),
    ],
)
def test_the_server_is_a_host_and_port_or_a_socket(
    changes: dict[str, str | None], server: tuple[str, int | None] | None
) -> None:
    environ = {
        key: value for key, value in {**environ_of(), **changes}.items() if value is not None
    }

    assert Request(environ).server == server


# --- what routing found out --------------------------------------------------------------


def test_a_request_outside_of_an_application_knows_no_rule_and_has_the_defaults() -> None:
    made = Request(environ_of(method="POST", json={"a": 1}))

    assert (made.url_rule, made.view_args, made.routing_exception) == (None, None, None)
    assert (made.endpoint, made.blueprint, made.blueprints) == (None, None, [])
    assert made.max_content_length is None
    assert made.max_form_memory_size == 500_000
    assert made.max_form_parts == 1000
    assert made.json == {"a": 1}


def routed() -> Flask:
    app = Flask(__name__)
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)

    def view(**values: Any) -> str:
        return "x"

    for scaffold in (app, outer, inner):
        scaffold.add_url_rule("/<int:number>", "view", view, methods=["GET", "POST"])
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(outer, url_prefix="/outer")
    return app


@pytest.mark.parametrize(
    ("path", "endpoint", "blueprint", "blueprints"),
    [
        ("/1", "view", None, []),
        ("/outer/1", "outer.view", "outer", ["outer"]),
        ("/outer/inner/1", "outer.inner.view", "outer.inner", ["outer.inner", "outer"]),
    ],
)
def test_a_matched_request_knows_its_rule_and_blueprints(
    path: str, endpoint: str, blueprint: str | None, blueprints: list[str]
) -> None:
    with routed().test_request_context(path):
        assert request.endpoint == endpoint
        assert request.view_args == {"number": 1}
        assert request.url_rule is not None
        assert request.url_rule.rule == path.replace("1", "<int:number>")
        assert request.blueprint == blueprint
        assert request.blueprints == blueprints
        assert request.routing_exception is None


def test_the_list_of_blueprints_may_be_changed_without_harm() -> None:
    with routed().test_request_context("/outer/inner/1"):
        request.blueprints.clear()
        assert request.blueprints == ["outer.inner", "outer"]


def test_an_unmatched_request_knows_why() -> None:
    with routed().test_request_context("/nowhere"):
        assert isinstance(request.routing_exception, NotFound)
        assert (request.endpoint, request.blueprint, request.blueprints) == (None, None, [])
    with routed().test_request_context("/1", method="DELETE"):
        assert request.routing_exception is not None
        assert request.routing_exception.code == 405


# --- JSON --------------------------------------------------------------------------------


def posted(**options: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(options)
    app.add_url_rule("/", "index", lambda: {"got": request.json}, methods=["POST"])
    app.add_url_rule(
        "/silent", "silent", lambda: {"got": request.get_json(silent=True)}, methods=["POST"]
    )
    app.add_url_rule(
        "/force", "force", lambda: {"got": request.get_json(force=True)}, methods=["POST"]
    )
    return app


@pytest.mark.parametrize(
    "mimetype", ["application/json", "application/vnd.api+json", "application/json; charset=utf-8"]
)
def test_a_json_body_is_read_by_its_type(mimetype: str) -> None:
    answer = Watched(posted()).ask(method="POST", data='{"a": "ü"}', content_type=mimetype)

    assert answer.text == '{"got":{"a":"\\u00fc"}}\n' or answer.text == '{"got":{"a":"ü"}}\n'


def test_a_body_of_another_type_is_415_none_or_forced() -> None:
    watched = Watched(posted())

    assert watched.ask(method="POST", data="1", content_type="text/plain").status == 415
    assert watched.ask(method="POST").status == 415
    assert watched.ask("/silent", method="POST", data="1").text == '{"got":null}\n'
    assert watched.ask("/force", method="POST", data="1").text == '{"got":1}\n'


def test_malformed_json_is_explained_in_debug_mode_only() -> None:
    bad: dict[str, Any] = {
        "method": "POST",
        "data": "{nonsense",
        "content_type": "application/json",
    }
    quiet, open_ = Watched(posted()).ask(**bad), Watched(posted(DEBUG=True)).ask(**bad)

    assert quiet.status == open_.status == 400
    assert "The request&#39;s body is not a JSON document." in quiet.text
    assert "Failed to decode JSON" in open_.text


@pytest.mark.parametrize("name", ["on_json_loading_failed", "on_json_loading_failure"])
def test_a_subclass_may_answer_for_json_that_cannot_be_read(name: str) -> None:
    seen: list[object] = []

    def answer(self: Request, e: ValueError | None) -> str:
        seen.append(e)
        return "instead"

    app = posted()
    app.request_class = type("Own", (Request,), {name: answer})
    watched = Watched(app)

    malformed = watched.ask(method="POST", data="{", content_type="application/json")
    other = watched.ask(method="POST", data="{", content_type="text/plain")

    assert malformed.text == other.text == '{"got":"instead"}\n'
    assert isinstance(seen[0], ValueError)
    assert seen[1] is None


def test_json_is_read_by_the_applications_backend() -> None:
    class Fixed:
        def dumps(self, obj: object, **kwargs: object) -> str:
            return "written"

        def loads(self, s: str | bytes, **kwargs: object) -> object:
            return "read"

    app = Flask(__name__, json=Fixed())
    with app.test_request_context(method="POST", data="x", content_type="application/json"):
        assert request.json == "read"


def test_a_backend_that_gives_up_over_nesting_is_the_clients_mistake() -> None:
    class Shallow:
        def dumps(self, obj: object, **kwargs: object) -> str:
            return ""

        def loads(self, s: str | bytes, **kwargs: object) -> object:
            raise RecursionError

    app = Flask(__name__, json=Shallow())
    with app.test_request_context(method="POST", data="x", content_type="application/json"):
        assert request.get_json(silent=True) is None
        with pytest.raises(BadRequest):
            request.get_json()


def test_json_is_remembered_and_the_failure_is_not_hidden_by_silence() -> None:
    app = posted()
    with app.test_request_context(method="POST", json={"a": 1}):
        assert request.json is request.json
    with app.test_request_context(method="POST", data="{", content_type="application/json"):
        assert request.get_json(silent=True) is None
        with pytest.raises(HTTPException):
            request.get_json()
    with app.test_request_context(method="POST", data="1"), pytest.raises(UnsupportedMediaType):
        request.get_json()


def test_a_request_made_without_an_application_takes_the_limits_of_the_active_one() -> None:
    """Outside of a context Werkzeug's limits hold, inside those of the application."""
    app = Flask("limits")
    app.config.from_mapping([("MAX_CONTENT_LENGTH", 100), ("MAX_FORM_PARTS", 3)])  # pairs will do
    request = Request({})
    assert (request.max_content_length, request.max_form_parts) == (None, 1000)
    with app.app_context():
        assert (request.max_content_length, request.max_form_parts) == (100, 3)
