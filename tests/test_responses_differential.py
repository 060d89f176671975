"""What is made and sent the short ways is what Werkzeug makes and sends, byte by byte.

Random responses, from a fixed seed; `TYPEDFLASK_FUZZ` multiplies the cases.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import Markup
from werkzeug.datastructures import Headers as WerkzeugHeaders

from typedflask import Flask, Response
from typedflask.responses.redirects import redirect
from typedflask.responses.sendable import KNOWN, WITH_BODY, Unsendable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
# Any, in this file: the parts of responses are whatever their constructor takes.
BODIES: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: "",
    lambda: "text ü",
    lambda: Markup("<b>"),
    lambda: b"bytes",
    lambda: bytearray(b"more bytes"),
    lambda: "x" * 3000,
    lambda: ["a", b"b"],
    lambda: [b"a"],
    list,
    lambda: ("a",),
    lambda: iter(["a", b"b"]),
    lambda: (each for each in "ab"),
)
STATUSES = (
    *(None, None, None, 200, 201, 204, 205, 206, 304, 302, 404, 416, 500, 299, 0, 100, 99, 1000),
    *(HTTPStatus.OK, HTTPStatus.NOT_FOUND, "200 OK", "404 NOT FOUND", "201 Made", "204 None"),
    *("299", " 200 OK ", "fine", "304 X", "200 ☃", "200 a\x00", "0", "+200 OK"),
)
NAMES = (
    *("X-A", "x-a", "Vary", "Content-Type", "content-type", "Content-Length", "content-length"),
    *("Location", "location", "Content-Location", "CONTENT-LOCATION", "ETag", "Set-Cookie"),
    *("Transfer-Encoding", "Content-Encoding", "X A", "X-Ä", ""),
)
VALUES = (
    *("1", "0", "a", "text/html", "/a", "/ü?b=ß", "http://a.example/b", "//a:b", "http://["),
    *("http://ü.example/", "/%zz", "/a b", "ü", "☃", "a\x00", "a\tb", "", "x" * 200, "HTTP://A/b"),
)
KINDS = (
    None,
    None,
    None,
    "text/plain",
    "application/json",
    "image/png",
    "",
    "text/x; a=b",
    "a\x00",
    "☃",
    "a\nb",
)


class Stepwise(Response):
    """Overrides a step of being made and one of being sent, and changes neither."""

    def set_data(self, value: bytes | str) -> None:
        super().set_data(value)

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> WerkzeugHeaders:
        return super().get_wsgi_headers(environ)


def random_parts(chance: random.Random) -> Callable[[type[Response]], Response]:
    """A way to make a response, of any class but of the same parts."""
    body, status = chance.choice(BODIES), chance.choice(STATUSES)
    kind, passed = chance.choice(KINDS), chance.random() < 0.05
    content_type = "text/csv" if chance.random() < 0.05 else None
    pairs = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randrange(4))]
    given: Any = chance.choice([None, None, pairs, dict(pairs), WerkzeugHeaders(pairs)])
    later = [] if given is not None else pairs
    add, absolute = chance.random() < 0.5, chance.random() < 0.1
    new_status = chance.choice(STATUSES[3:]) if chance.random() < 0.2 else None
    uncounted, closing = chance.random() < 0.1, chance.random() < 0.1

    def make(response_class: type[Response]) -> Response:
        # Werkzeug takes over headers that are its own; both responses are to have theirs.
        own = WerkzeugHeaders(given) if isinstance(given, WerkzeugHeaders) else given
        response = response_class(body(), status, own, kind, content_type, passed)
        for name, value in later:
            if add:
                response.headers.add(name, value)
            else:
                response.headers[name] = value
        if isinstance(new_status, int):
            response.status_code = new_status
        elif new_status is not None:
            response.status = new_status
        if uncounted:
            response.headers.pop("Content-Length", None)
        if closing:
            response.call_on_close(lambda: None)
        response.autocorrect_location_header = absolute
        return response

    return make


def outcome(make: Callable[[], Response], method: str) -> tuple[object, ...]:
    """The response itself, and what a server gets of it; or what is raised."""
    try:
        response = make()
    except (ValueError, TypeError, AttributeError) as error:
        return type(error), str(error)
    sent: list[object] = []

    def start_response(status: str, headers: Any, _: object = None, /) -> Callable[[bytes], object]:
        sent.extend((status, headers))
        return sent.append

    environ = {
        "REQUEST_METHOD": method,
        "HTTP_HOST": "a.example",
        "wsgi.url_scheme": "http",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/here",
    }
    shown = response.status, response.status_code, list(response.headers)
    try:
        pieces = response(environ, start_response)
        sent.extend(pieces)
        getattr(pieces, "close", lambda: None)()
    except (Unsendable, ValueError, TypeError) as error:
        return (*shown, *sent, type(error), str(error))
    return (*shown, *sent)


@pytest.mark.no_cover  # in a quarter of the time
def test_responses_are_made_and_sent_as_the_general_way_does_it() -> None:
    chance = random.Random(46)
    directly = refused = 0
    for _ in range(CASES):
        make, method = random_parts(chance), chance.choice(["GET", "GET", "POST", "HEAD"])
        short, general = (outcome(partial(make, kind), method) for kind in (Response, Stepwise))
        assert short == general
        directly += short[0] in WITH_BODY and method != "HEAD"
        refused += Unsendable in short
    assert directly > CASES // 4, "hardly any response took the short way"
    assert refused > CASES // 20
    assert all(name.isascii() for name, _ in KNOWN)


PARTS_OF_HEADERS = (
    *("X-A", "x-a", "Vary", "Content-Type", "content-type", "Content-Length", "İ", "i̇"),
    *(Markup("X-A"), 7, b"X-A", None),
)
VALUES_OF_PARTS: tuple[object, ...] = (
    "1",
    "text/csv",
    "",
    "ü",
    "a\nb",
    "a\r",
    ["1", "2"],
    ("3",),
    [],
    5,
    None,
)


def result_of(app: Flask, result: object) -> tuple[object, ...]:
    """The response of what a view returned, or the error it is refused with."""
    try:
        response = app.make_response(result)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        return type(error), str(error)
    return response.status, response.get_data(), *response.headers


def test_headers_beside_a_body_are_put_on_alike_whether_they_are_simple_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(47)
    app = Flask("app", static_folder=None)
    results: list[object] = []
    for _ in range(CASES):
        headers = {
            chance.choice(PARTS_OF_HEADERS): chance.choice(VALUES_OF_PARTS)
            for _ in range(chance.randrange(4))
        }
        given = chance.choice([headers, headers, list(headers.items())])
        status = chance.choice([None, *STATUSES])
        results.append(chance.choice([("text", given), ("text", status, given), ("text", status)]))
    with app.test_request_context():
        short = [result_of(app, result) for result in results]
        module = import_module("typedflask.responses.build")  # its function has the same name
        monkeypatch.setattr(module, "is_simple", lambda headers: False)
        assert short == [result_of(app, result) for result in results]


def test_redirects_that_are_remembered_are_werkzeugs() -> None:
    chance = random.Random(48)
    places = ["", "/", "/a?b=c#d", "/ü", "//a:b", "http://[", "a\nb", "<&>", "http:///x", "/" * 300]
    for _ in range(CASES // 10):
        place = "".join(chance.choices(places, k=2))
        code = chance.choice([301, 302, 303, 307, 308])
        first, again = (redirect(place, code, Response) for _ in range(2))
        general = redirect(place, code, Stepwise)
        for own in (first, again):
            assert (own.status, own.data) == (general.status, general.data)
            assert list(own.headers) == list(general.headers)
        first.headers["Location"] = "/changed"
