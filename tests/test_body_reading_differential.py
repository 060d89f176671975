"""Bodies give the same by the short ways as by the general ones, which are Werkzeug's.

Random requests, malformed and limited ones among them, each asked several things in turn, because what
was read before decides what is left. `TYPEDFLASK_FUZZ` multiplies their number.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

from typedflask import Flask, Request

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))

URLENCODED = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=b"

KINDS: dict[str, tuple[str | None, ...]] = {
    "form": (URLENCODED, URLENCODED, f"{URLENCODED}; charset=UTF-8", URLENCODED.upper()),
    "JSON": (JSON, JSON, f"{JSON}; charset=utf-8", "Application/JSON", "application/problem+json"),
    "other": (MULTIPART, "text/plain", "", ";", f" {URLENCODED}", None),
}
BODIES: dict[str, tuple[bytes, ...]] = {
    "form": (b"", b"a=1", b"a=1&b=%C3%A9&a=2", b"=&&", b"a=\xff"),
    "JSON": (
        *(b"{}", b'{"a": 1}', b"[1, 2.5, null]", b'"\xc3\xa9"', b"123456789012345678901234"),
        *(b'"\xff"', b"nul", b"\x00", b"NaN", b"[" * 2000),
    ),
    "other": (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',),
}
SUBJECTS = ("form", "form", "JSON", "JSON", "other")
APP = Flask("app")


class General(Request):
    """A request that takes no short way."""


General._reads_directly = False


class Dribble(BytesIO):
    """An input that gives less than it is asked for, as a server may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size if size is None or size < 0 else min(size, 3))


def random_environ(chance: random.Random) -> Callable[[], dict[str, Any]]:
    """Makes the same environment each time it is called."""
    subject = chance.choice(SUBJECTS)
    body = chance.choice(BODIES[subject])
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST"}
    kind = chance.choice(KINDS[subject if chance.randrange(3) else chance.choice(SUBJECTS)])
    if kind is not None:
        environ["CONTENT_TYPE"] = kind
    size = len(body)
    length = chance.choice([str(size)] * 8 + [f"{size + 2}", "2", "", "x", "-1", None])
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    if not chance.randrange(4):
        environ["wsgi.input_terminated"] = True
    if not chance.randrange(10):
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    stream = chance.choice((BytesIO, BytesIO, Dribble))
    return lambda: environ | {"wsgi.input": stream(body)}


def random_step(chance: random.Random) -> Callable[[Request], object]:
    """Something to ask of a request."""
    first, second, third = (not chance.randrange(3) for _ in range(3))
    steps: tuple[Callable[[Request], object], ...] = (
        lambda request: request.get_json(first, second, third),
        lambda request: request.get_json(),
        lambda request: request.get_json(),
        lambda request: request.json,
        lambda request: request.get_data(first, False, second),
        lambda request: request.get_data(),
        lambda request: request.get_data(first, True),
        lambda request: request.data,
        lambda request: list(request.form.lists()),
        lambda request: list(request.form.lists()),
        lambda request: [(name, file.read()) for name, file in request.files.items()],
        lambda request: list(request.values.lists()),
        lambda request: request.stream.read(),
        lambda request: request.stream.read(1),
        lambda request: request.content_length,
        lambda request: request.close(),
    )
    return chance.choice(steps)


def outcome(ask: Callable[[Request], object], request: Request) -> object:
    """What the request answers, or the error it raises."""
    try:
        return repr(ask(request))
    except Exception as error:
        return type(error), str(error)


def test_bodies_are_read_as_by_the_general_ways() -> None:
    chance = random.Random(59)
    fields = values = 0
    for _ in range(CASES):
        environ = random_environ(chance)
        steps = [random_step(chance) for _ in range(chance.randrange(1, 4))]
        app = chance.choice((None, APP))
        limit = chance.choice((None, None, 2, 1000, 0))
        requests = Request(environ()), General(environ())
        for request in requests:
            request.app = app
            if limit is not None:
                request.max_content_length = limit
        direct, general = ([outcome(step, request) for step in steps] for request in requests)
        assert direct == general, (environ(), limit)
        fields += "form" in vars(requests[0])
        values += requests[0]._cached_json != (..., ...)
    assert min(fields, values) > CASES // 50, "hardly any request had something to read"
