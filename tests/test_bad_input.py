"""Bad input: whatever a client sends, it never costs a 500, an exception or a teardown.

`Watched.ask` asserts all three for every request here; bodies are in `test_bodies.py`, headers in
`test_bad_headers.py`, paths and files in `test_bad_paths.py`.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer, base64_encode

from tests.watching import Answer, Watched
from typedflask import Flask, Response, redirect, request, session, url_for
from typedflask.sessions import SecureCookieSessionInterface

# --- session cookies ---------------------------------------------------------------------


def counting(**config: Any) -> Watched:
    """An application that counts visits in the session."""
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": "right key", **config})

    @app.get("/")
    def count() -> str:
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    return Watched(app)


def cookie_of(answer: Answer) -> str:
    """The session cookie an answer sets."""
    cookie = answer.header("Set-Cookie")
    assert cookie is not None
    return cookie.partition(";")[0].partition("=")[2]


def visits(watched: Watched, cookie: str) -> str:
    return watched.ask(environ={"HTTP_COOKIE": f"session={cookie}"}).text


def signed(content: object, key: str = "right key", **config: Any) -> str:
    """A cookie signed by an application with some key."""
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": key, **config})
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps(content))


def test_an_untouched_cookie_is_read() -> None:
    watched = counting()

    assert visits(watched, cookie_of(watched.ask())) == "2"


def test_a_cookie_with_any_character_changed_is_a_new_session() -> None:
    watched = counting()
    cookie = cookie_of(watched.ask())

    # Base64 ignores some bits of a last character: the one before is changed there.
    ends = {index - 1 for index, letter in enumerate(f"{cookie}.") if letter == "."}
    for place in set(range(len(cookie))) - ends:
        other = "A" if cookie[place] != "A" else "B"
        assert visits(watched, cookie[:place] + other + cookie[place + 1 :]) == "1"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda cookie: cookie[:-1], id="cut"),
        pytest.param(lambda cookie: cookie[1:], id="cut in front"),
        pytest.param(lambda cookie: cookie * 2, id="twice"),
        pytest.param(lambda cookie: cookie.rpartition(".")[0], id="no signature"),
        pytest.param(lambda cookie: cookie.partition(".")[0], id="content only"),
        pytest.param(lambda cookie: "." + cookie, id="marked as compressed"),
        pytest.param(lambda cookie: cookie.replace(".", ""), id="no separators"),
        pytest.param(lambda cookie: "....", id="separators only"),
        pytest.param(lambda cookie: "\xff\xfe", id="not ASCII"),
        pytest.param(lambda cookie: "\x00", id="NUL"),
        pytest.param(lambda cookie: '"' + cookie, id="quote without end"),
        pytest.param(lambda cookie: '"\\777"', id="impossible escape"),
        pytest.param(lambda cookie: "a" * 100_000, id="oversized"),
        pytest.param(lambda cookie: "=" * 50, id="equal signs"),
    ],
)
def test_a_damaged_cookie_is_a_new_session(damage: Callable[[str], str]) -> None:
    watched = counting()

    assert visits(watched, damage(cookie_of(watched.ask()))) == "1"


def test_a_cookie_signed_with_a_foreign_key_is_a_new_session() -> None:
    watched = counting(SECRET_KEY_FALLBACKS=["older key"])

    assert visits(watched, signed({"visits": 5}, "foreign key")) == "1"
    assert visits(watched, signed({"visits": 5}, "older key")) == "6"
    assert visits(watched, signed({"visits": 5})) == "6"


def test_a_cookie_signed_for_another_purpose_is_a_new_session() -> None:
    watched = counting()

    assert visits(watched, str(URLSafeTimedSerializer("right key").dumps({"visits": 5}))) == "1"


def test_an_expired_cookie_is_a_new_session(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = counting(PERMANENT_SESSION_LIFETIME=timedelta(seconds=60))
    cookie = signed({"visits": 5})
    assert visits(watched, cookie) == "6"

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 62)
    assert visits(watched, cookie) == "1"


@pytest.mark.parametrize("content", [[], [1], "text", 1, None, True])
def test_a_cookie_that_holds_no_dict_is_a_new_session(content: object) -> None:
    assert visits(counting(), signed(content)) == "1"


def test_content_that_explodes_when_unpacked_or_parsed_is_a_new_session() -> None:
    watched, deep = counting(), b"[" * 100_000 + b"]" * 100_000
    signer = SecureCookieSessionInterface().get_signing_serializer(watched.app)
    assert signer is not None
    for content in (base64_encode(deep), b"." + base64_encode(zlib.compress(deep))):
        assert visits(watched, signer.make_signer().sign(content).decode()) == "1"
    for key in (" t", " b", " m", " u", " d", " di"):
        assert visits(watched, signed({key: "nonsense"})) == "1"


@given(cookie=st.text(st.characters(max_codepoint=255), max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_cookie_header_is_an_error(cookie: str) -> None:
    watched = counting()

    assert watched.ask(environ={"HTTP_COOKIE": cookie}).text == "1"
    assert visits(watched, cookie) == "1"


def test_ten_thousand_cookies_are_read() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "count", lambda: str(len(request.cookies)))

    header = "; ".join(f"c{number}=\xff" for number in range(10_000))
    assert Watched(app).ask(environ={"HTTP_COOKIE": header}).text == "10000"


# --- JSON --------------------------------------------------------------------------------


def json_app() -> Watched:
    app = Flask(__name__)
    app.add_url_rule("/", "loud", lambda: type(request.json).__name__, methods=["POST"])
    app.add_url_rule(
        "/silent", "silent", lambda: repr(request.get_json(silent=True)), methods=["POST"]
    )
    return Watched(app)


DEPTH = 100_000
NOT_JSON: dict[str, bytes] = {
    "empty": b"",
    "space": b"  ",
    "cut": b'{"a": [1, 2',
    "words": b"hello",
    "single quotes": b"{'a': 1}",
    "two documents": b"1 2",
    "trailing comma": b"[1,]",
    "NUL": b"\x00",
    "control character": b'"\x01"',
    "not UTF-8": b'"\xff"',
    "cut UTF-8": b'"\xc3"',
    "UTF-8 of half a character": b'"\xed\xa0\x80"',
    "latin-1": '{"a": "ü"}'.encode("latin-1"),
    "UTF-16": "[1]".encode("utf-16"),
    "UTF-16 without a mark": "[1]".encode("utf-16-le"),
    "UTF-32": "[1]".encode("utf-32-be"),
    "bad escape": b'"\\x"',
    "deep list": b"[" * DEPTH + b"]" * DEPTH,
    "deep dict": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
    "deep and open": b"[" * DEPTH,
    "number beyond reason": b"9" * 10_000,
    "form": b"a=1&b=2",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_is_400_or_none(body: bytes) -> None:
    watched, kind = json_app(), "application/json"

    assert watched.ask("/", method="POST", data=body, content_type=kind).status == 400
    assert watched.ask("/silent", method="POST", data=body, content_type=kind).text == "None"


@given(body=st.binary() | st.text().map(str.encode))
@settings(max_examples=100, deadline=None)
def test_no_bytes_are_an_error_as_json(body: bytes) -> None:
    answer = json_app().ask(method="POST", data=body, content_type="application/json")

    assert answer.status in {200, 400}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=bogus",
        "application/json; charset=utf-7",
        "application/json; charset*=utf-8''%ff",
        'application/json; charset="',
        "application/json;;;",
    ],
)
def test_json_is_utf_8_whatever_its_type_claims(content_type: str) -> None:
    answer = json_app().ask(method="POST", data=b'"x"', environ={"CONTENT_TYPE": content_type})

    assert (answer.status, answer.text) == (200, "str")


# --- hosts -------------------------------------------------------------------------------

ABSURD_HOSTS = [
    "",
    " ",
    ".",
    "..",
    "a..b",
    "-",
    ":",
    ":80",
    "a:b",
    "a:99999999",
    "a:-1",
    "[",
    "[::1",
    "[::1]",
    "[::1]:80",
    "[zz]",
    "xn--",
    "xn--\xff",
    "xn--a-ecp.example",
    "\xff",
    "\xc3\xbc.example",
    "\x00",
    "a b",
    "a\tb",
    "a/b",
    "a@b",
    "user:password@host",
    "a?b#c",
    "a" * 64 + ".example",
    "a." * 200,
    "a" * 100_000,
    "%00",
    "0x7f.1",
    "a\r\nX-Evil: 1",
]


def host_app(**config: Any) -> Watched:
    app = Flask(__name__)
    app.config.update(config)

    @app.get("/")
    def show() -> list[str]:
        return [request.url, request.host, request.root_url, request.host_url, url_for("slash")]

    app.add_url_rule("/slash/", "slash", lambda: url_for("show", _external=True))

    @app.errorhandler(400)
    def styled(error: Exception) -> tuple[str, int]:
        return f"see {url_for('slash')}", 400

    return Watched(app)


@pytest.mark.parametrize("host", ABSURD_HOSTS)
@pytest.mark.parametrize("name", [None, "example.com"])
def test_an_absurd_host_is_ignored_or_400(host: str, name: str | None) -> None:
    watched = host_app(SERVER_NAME=name)
    for path, statuses in (("/", {200}), ("/slash/", {200}), ("/slash", {308}), ("/none", {404})):
        answer = watched.ask(path, environ={"HTTP_HOST": host})
        assert answer.status in statuses | {400}
        if answer.status == 400:
            assert answer.text == "see /slash/"


@pytest.mark.parametrize("host", ABSURD_HOSTS)
@pytest.mark.parametrize("matching", ["host_matching", "subdomain_matching"])
@pytest.mark.filterwarnings("ignore:Current server name:UserWarning")
def test_an_absurd_host_is_harmless_where_hosts_are_matched(host: str, matching: str) -> None:
    app = Flask(__name__, static_folder=None, **{matching: True})  # type: ignore[arg-type]
    app.config["SERVER_NAME"] = "example.com"
    rule_host = "example.com" if matching == "host_matching" else None
    app.add_url_rule("/", "index", lambda: request.url, host=rule_host)

    answer = Watched(app).ask(environ={"HTTP_HOST": host})

    assert answer.status in {400, 404}


@pytest.mark.parametrize("host", [*ABSURD_HOSTS, "evil.example", "example.com.evil.example"])
def test_a_host_that_is_not_trusted_is_400_also_where_its_page_builds_urls(host: str) -> None:
    watched = host_app(TRUSTED_HOSTS=["example.com", ".example.org"])

    answer = watched.ask(environ={"HTTP_HOST": host})

    assert (answer.status, answer.text) == (400, "see /slash/")


def test_trusted_hosts_are_answered() -> None:
    watched = host_app(TRUSTED_HOSTS=["example.com", ".example.org"])

    for host in ("example.com", "example.com:8080", "example.org", "a.b.example.org"):
        assert watched.ask(environ={"HTTP_HOST": host}).status == 200


def test_a_redirect_of_routing_for_an_unknown_host_names_no_host() -> None:
    answer = host_app().ask("/slash", environ={"HTTP_HOST": "not a host"})

    assert answer.header("Location") == "/slash/"


# --- redirects ---------------------------------------------------------------------------


def redirecting() -> Watched:
    app = Flask(__name__)
    app.add_url_rule("/", "go", lambda: redirect(request.args["to"]))
    app.add_url_rule("/slash/", "slash", lambda: "x")
    return Watched(app)


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/a", "/a"),
        ("https://example.com/ü?ä=ö#ß", "https://example.com/%C3%BC?%C3%A4=%C3%B6#%C3%9F"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("/a%20b%2Fc", "/a%20b%2Fc"),
        ("?page=2", "?page=2"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("/a\r\nSet-Cookie: evil=1", "/a%0D%0ASet-Cookie:%20evil=1"),
        ("\r\n\r\n<html>", "%0D%0A%0D%0A%3Chtml%3E"),
        ("/a\tb\x00c\x7f", "/a%09b%00c%7F"),
        ("/\ud800", "/%ED%A0%80"),
        ("http://[", "/http%3A//%5B"),
        ("http://[::1", "/http%3A//%5B%3A%3A1"),
        ("//a:99999999/", "/a%3A99999999/"),
        ("//a:b/", "/a%3Ab/"),
        ("http://" + "ü" * 70 + ".example/", "/http%3A//" + "%C3%BC" * 70 + ".example/"),
        ("http:///nowhere", "/nowhere"),
        ("HTTPS:////evil.example/", "/evil.example/"),
        ("", ""),
    ],
)
def test_a_redirect_leads_to_a_sendable_address(target: str, location: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "go", lambda: redirect(target))

    answer = Watched(app).ask()

    assert answer.status == 302
    assert answer.values("Location") == [location]
    assert answer.header("Set-Cookie") is None


@given(target=st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_the_target_of_a_redirect(target: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "go", lambda: redirect(target, 303))

    assert Watched(app).ask().status == 303


@given(
    host=st.text("[]:/@.ab1xn-ü%", max_size=12),
    rest=st.text(st.characters(max_codepoint=255), max_size=10),
)
@settings(max_examples=200, deadline=None)
def test_any_host_can_be_in_the_target_of_a_redirect(host: str, rest: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "go", lambda: redirect(f"//{host}/{rest}"))

    assert Watched(app).ask().status == 302


# --- query strings and header values from them -------------------------------------------

QUERIES = [
    "\xff",
    "a=\xff&a=%ff",
    "%",
    "%zz=%",
    "a=\x00",
    "\x00=\x00",
    "&&==&",
    "a" * 100_000,
    "=",
    "a=1;b=2",
    "a\r\nb",
]


@pytest.mark.parametrize("query", QUERIES)
def test_any_query_string_is_read_and_redirected(query: str) -> None:
    app = Flask(__name__)

    @app.get("/slash/")
    def show() -> list[object]:
        return [request.args.to_dict(flat=False), request.full_path, request.url]

    watched = Watched(app)

    assert watched.ask("/slash/", environ={"QUERY_STRING": query}).status == 200
    assert watched.ask("/slash", environ={"QUERY_STRING": query}).status == 308


def test_bytes_of_a_query_that_are_no_text_are_shown_percent_encoded() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", "show", lambda: request.args.to_dict(flat=False))

    answer = Watched(app).ask(environ={"QUERY_STRING": "a=\xff&a=%FF&b=\xc3\xbc"})

    assert json.loads(answer.body) == {"a": ["%FF", "%FF"], "b": ["%C3%BC"]} or json.loads(
        answer.body
    ) == {"a": ["%FF", "%FF"], "b": ["ü"]}


def test_a_view_that_puts_line_breaks_of_the_client_into_a_header_is_a_500_without_them() -> None:
    # Werkzeug refuses the header: the view that copies a client's text unchecked is at fault.
    app = Flask(__name__)

    @app.get("/")
    def copy() -> Response:
        return Response("x", headers={"X-Copy": request.args["value"]})

    watched = Watched(app)

    answer = watched.ask("/?value=a%0d%0aX-Evil:%201", server_fault=True)
    assert (answer.header("X-Evil"), answer.header("X-Copy")) == (None, None)
    assert watched.ask("/?value=fine").header("X-Copy") == "fine"
