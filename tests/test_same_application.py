"""One application, under Flask and under typedflask: the same requests get the same answers.

The application is `noticeboard`, in the folder of that name. It is imported twice: as it stands,
and with `flask` written wherever it says `typedflask`, which is what moving an application over
means. Where the two shall differ, a row of `MENDED` says how.
"""

from __future__ import annotations

import importlib
import io
import logging
import re
import shutil
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

SOURCE = Path(__file__).parent / "noticeboard"


class Ask(NamedTuple):
    """One request."""

    path: str
    method: str = "GET"
    # Any: what a test client takes.
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed
    note: str = ""

    @property
    def name(self) -> str:
        """What the request is called in the names of tests."""
        what = "".join(f" {key}" for key in self.options)
        note = f" ({self.note})" if self.note else ""
        return f"{self.method} {self.path}{what}{note}"


def post(path: str, note: str = "", **options: Any) -> Ask:
    return Ask(path, "POST", options, note)


def get(path: str, **options: Any) -> Ask:
    return Ask(path, "GET", options)


def visits() -> list[list[Ask]]:
    """Each list is one visitor, whose cookies are kept from one request to the next."""
    kinds = (
        "text bytes bytearray dict list generator iterator status status-line headers all response"
        " response-tuple wsgi no-content jsonify jsonify-words empty made"
    )
    alone = [
        *(get(f"/body/{kind}") for kind in kinds.split()),
        Ask("/body/dict", "HEAD"),
        Ask("/body/text", "OPTIONS"),
        Ask("/body/text", "POST"),
        get("/stream?name=ada"),
        get(
            "/request?a=1&a=2&n=3&e=%C3%A9&n=x",
            headers={
                "X-Mine": "yes",
                "Accept": "text/html;q=0.2, application/json",
                "Accept-Language": "de, en;q=0.5",
            },
        ),
        get("/request?n=x", base_url="https://board.example:8443/mounted", auth=("ada", "secret")),
        get(
            "/request",
            headers={"Cookie": 'a=b; quoted="c d"; a=again', "If-None-Match": '"x", W/"y"'},
        ),
        post("/request", data={"field": ["one", "two"], "n": "5"}),
        post("/request", data={"field": "ü", "file": (io.BytesIO(b"content"), "näme.txt")}),
        Ask("/request", "PUT", {"data": b"raw", "content_type": "text/plain"}),
        post("/request", "too long", data={"field": "x" * 6000}),
        post("/json", json={"a": [1, "ü", None]}),
        post("/json", "broken", data=b"{broken", content_type="application/json"),
        post("/json", data=b"{}", content_type="text/plain"),
        post("/json/lenient", data=b"{broken"),
        post("/json/lenient", data=b'{"a": 1}', content_type="application/vnd.x+json"),
        get("/typed/7/1.5/left/12345678-1234-5678-1234-567812345678"),
        get("/typed/7/0.25/left/12345678-1234-5678-1234-567812345678"),
        get("/typed/-7/1.5/up/no"),
        get("/colour/ff0010"),
        get("/colour/red"),
        get("/deep/a/b%2Fc/%C3%BC/end"),
        get("/deep//a//end"),
        get("/people"),
        get("/people/"),
        get("/people/page/1"),
        get("/people/page/2"),
        get("/leaf"),
        get("/leaf/"),
        get("/async/4"),
        get("/count/1"),
        post("/count/2"),
        Ask("/count/2", "DELETE"),
        get("/thing/x"),
        Ask("/thing/x", "PUT", {"data": "body"}),
        Ask("/thing/x", "POST"),
        Ask("/thing/x", "OPTIONS"),
        Ask("/thing/x", "HEAD"),
        get("/named"),
        Ask("/named", "OPTIONS"),
        get("/leaf?stop=1"),
        get("/no/such/page?stop=1"),
    ]
    pages = [
        get("/"),
        get("/inline"),
        get("/first-of-two"),
        get("/streamed-page"),
        get("/streamed-text"),
        get("/macro"),
        get("/addresses"),
        get("/addresses", base_url="http://other.example/root"),
        get("/away?to=/x%20y"),
        get("/away", follow_redirects=True),
    ]
    files = [
        get("/file"),
        get("/file", headers={"Range": "bytes=2-5"}),
        get("/file", headers={"Range": "bytes=900-"}),
        get("/file", headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
        Ask("/file", "HEAD"),
        get("/download"),
        get("/download", headers={"If-None-Match": '"given"'}),
        get("/files/note.txt"),
        get("/files/none.txt"),
        get("/folder/note.txt"),
        get("/folder/../__init__.py"),
        get("/folder/%2e%2e/__init__.py"),
        get("/resource"),
        get("/desk/static/desk.css"),
    ]
    failing = [
        get("/nowhere"),
        get("/fail/key"),
        get("/fail/full"),
        get("/fail/divide"),
        get("/fail/forbidden"),
        get("/fail/response"),
        get("/fail/http"),
        get("/fail/none"),
        *(get(f"/fail/{code}") for code in (400, 401, 404, 405, 410, 418, 429, 503)),
        get("/desk/fail/404"),
        get("/desk/fail/410"),
        get("/desk/fail/500"),
        get("/desk/nowhere"),
    ]
    desk = [
        get("/desk/"),
        get("/counter/"),
        get("/desk/show/3"),
        get("/counter/show/3"),
        get("/desk/de/hello"),
        get("/desk/drawer/open"),
        get("/counter/drawer/open"),
        get("/desk/drawer/open?locked=1"),
        get("/desk/drawer/jump"),
        get("/desk"),
    ]
    remembering = [
        get("/session/show"),
        get("/session/set/name/ada"),
        get("/session/show"),
        get("/"),
        get("/session/rich"),
        get("/session/show"),
        get("/session/permanent"),
        get("/leaf"),
        get("/session/set/name/ada"),
        get("/session/clear"),
        get("/session/show"),
    ]
    flashing = [
        get("/flashed"),
        get("/flash"),
        get("/flashed"),
        get("/flash"),
        get("/"),
        get("/flashed"),
    ]
    cookies = [
        get("/cookies"),
        get("/cookies"),
        get("/session/show", headers={"Cookie": "session=forged"}),
    ]
    return [
        *([ask] for ask in (*alone, *pages, *files, *failing, *desk)),
        remembering,
        flashing,
        cookies,
    ]


VISITS = visits()

ONCE = "a stream ends its request once, when it was sent, not before and after"
WORDS = "the sentence of the page is our own, and says more"

DIFFERENT: dict[str, tuple[set[str], str]] = {
    "GET /body/status-line": (
        {"headers"},
        "of a list of headers all are sent, not one of each name",
    ),
    "GET /body/no-content": ({"headers"}, "204 has no body, and no Content-Type of one"),
    "GET /stream?name=ada": ({"events"}, ONCE),
    "GET /streamed-page": ({"events"}, ONCE),
    "GET /streamed-text": ({"events"}, ONCE),
    "POST /request data (too long)": ({"headers", "body"}, WORDS),
    "POST /json data content_type (broken)": ({"headers", "body"}, WORDS),
}
"""By request: the parts of the answer that differ from Flask's on purpose, and why."""


class Answer(NamedTuple):
    """What came of one request."""

    status: str
    headers: list[tuple[str, str]]
    cookies: list[tuple[str, dict[str, str]]]
    sessions: list[object]
    body: bytes
    events: list[str]


def import_board(folder: Path, package: str) -> Any:
    """The application with one of the two packages in its imports; Any: it belongs to either."""
    for file in SOURCE.rglob("*.py"):
        text = re.sub(r"\btypedflask\b", package, file.read_text(encoding="utf-8"))
        (folder / "noticeboard" / file.relative_to(SOURCE)).write_text(text, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "noticeboard"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    board = importlib.import_module("noticeboard")
    used = {type(board.create_app()).__module__.partition(".")[0]}
    assert used == {package}, "the copy really uses the package it names"
    return board


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """The application on Flask, and on typedflask; both read the same templates and files."""
    pytest.importorskip("flask")
    folder = tmp_path_factory.mktemp("same")
    shutil.copytree(SOURCE, folder / "noticeboard", ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setattr(sys, "dont_write_bytecode", True)
        yield import_board(folder, "flask"), import_board(folder, "typedflask")
        for name in [name for name in sys.modules if name.partition(".")[0] == "noticeboard"]:
            del sys.modules[name]


def visit(board: Any, asks: list[Ask]) -> list[Answer]:
    """Send the requests of one visitor to a new application."""
    app = board.create_app()
    events: list[str] = app.extensions["events"]
    client = app.test_client()
    answers = []
    for ask in asks:
        events.clear()
        # A client that keeps cookies sends no others.
        brings_cookies = "Cookie" in ask.options.get("headers", {})
        sender = app.test_client(use_cookies=False) if brings_cookies else client
        response = sender.open(ask.path, method=ask.method, **rewound(ask.options))
        body = response.get_data()
        response.close()
        answers.append(answer(app, response, body, list(events)))
    return answers


def rewound(options: dict[str, Any]) -> dict[str, Any]:
    """The options with fresh files: a client closes those it has sent."""
    data = options.get("data")
    if not isinstance(data, dict):
        return options
    fresh = {
        name: (io.BytesIO(b"content"), value[1]) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
    return {**options, "data": fresh}


def answer(app: Any, response: TestResponse, body: bytes, events: list[str]) -> Answer:
    """What can be compared of a response: everything but the time and signatures of cookies."""
    headers = [
        # The methods of `Allow` are a set, in any order.
        (name, ", ".join(sorted(value.split(", "))) if name == "Allow" else value)
        for name, value in response.headers
        if name not in {"Date", "Set-Cookie"}
    ]
    cookies: list[tuple[str, dict[str, str]]] = []
    sessions: list[object] = []
    for line in response.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            attributes = {key: value for key, value in morsel.items() if value}
            if name == "session":
                attributes.pop("expires", None)
                serializer = app.session_interface.get_signing_serializer(app)
                sessions.append(serializer.loads(morsel.value) if morsel.value else None)
            else:
                attributes["value"] = morsel.value
                attributes["expires"] = "set" if attributes.get("expires") else "not set"
            cookies.append((name, attributes))
    return Answer(response.status, sorted(headers), cookies, sessions, body, events)


@pytest.mark.parametrize("asks", VISITS, ids=lambda asks: asks[0].name)
def test_both_answer_the_same(
    boards: tuple[Any, Any], asks: list[Ask], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    expected, found = (visit(board, asks) for board in boards)
    for ask, theirs, ours in zip(asks, expected, found, strict=True):
        mended, why = DIFFERENT.get(ask.name, (set(), ""))
        for part in Answer._fields:
            if part in mended:
                assert getattr(ours, part) != getattr(theirs, part), f"no longer differs: {why}"
            else:
                assert getattr(ours, part) == getattr(theirs, part), f"{part} of {ask.name}"


def test_every_row_of_different_is_about_a_request_that_is_sent() -> None:
    assert set(DIFFERENT) - {ask.name for asks in VISITS for ask in asks} == set()


@pytest.mark.parametrize("path", ["/stream?name=ada", "/streamed-page", "/streamed-text"])
def test_a_stream_ends_its_request_once(boards: tuple[Any, Any], path: str) -> None:
    """What `DIFFERENT` says of streams: all else happens in the same order."""
    ((theirs,), (ours,)) = (visit(board, [get(path)]) for board in boards)
    first = theirs.events.index("teardown request NoneType")
    again = theirs.events.index("appcontext_pushed [] True", first) + 1
    assert ours.events == theirs.events[:first] + theirs.events[again:]


def test_enough_is_asked() -> None:
    assert sum(map(len, VISITS)) > 100
