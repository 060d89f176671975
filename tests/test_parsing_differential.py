"""Queries, forms, cookies and lengths are read as the standard library and Werkzeug read them.

Random input from a fixed seed, malformed more often than not; `TYPEDFLASK_FUZZ` multiplies it.
"""

from __future__ import annotations

import os
import random
from io import BytesIO
from typing import IO
from urllib.parse import parse_qsl

import pytest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.sansio.http import parse_cookie
from werkzeug.test import create_environ
from werkzeug.wsgi import get_content_length

from typedflask import Request
from typedflask.requests import pairs
from typedflask.requests.pairs import KEEP_ENCODED, cookies_of, fields_of

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))

QUERY_PIECES = (
    *("a", "b", "=", "=", "&", "&", "+", "%", "%%", "%4", "%g1", "%20", "%2B", "%26", "%3d", "%3D"),
    *(
        "%C3%A9",
        "%c3",
        "%ff",
        "%0A",
        "%0d",
        "\n",
        "\r",
        "\r\n",
        "%\n",
        "%\r",
        "_",
        "é",
        "\x00",
        ";",
    ),
)
COOKIE_PIECES = (
    *("a", "b", "theme", "=", "=", "; ", "; ", ";", " ", "\t", ",", '"', '"', "\\", "\\054", "%20"),
    *("x=1", "y=", "z", 'q="a b"', "é", "Ã©", "/", "(", ")", ":", "[", "]", "{", "}", "-", "\n"),
)
LENGTHS = (
    *(None, "", "0", "7", "007", " 7", "7 ", "+7", "-7", "7.0", "1_0", "٣", "²", "x"),
    *("9" * 18, "9" * 19, pytest.param("9" * 5000, id="5,000 digits")),
)


def random_text(chance: random.Random, pieces: tuple[str, ...]) -> str:
    """Some of the pieces, in any order."""
    return "".join(chance.choices(pieces, k=chance.randrange(10)))


def test_queries_and_forms_are_read_as_the_standard_library_reads_them() -> None:
    chance = random.Random(54)
    for _ in range(CASES):
        text = random_text(chance, QUERY_PIECES)
        read = parse_qsl(text, keep_blank_values=True, errors=KEEP_ENCODED)
        expected = list(ImmutableMultiDict(read).lists())
        assert list(fields_of(text, ImmutableMultiDict).lists()) == expected, repr(text)


def test_cookies_are_read_as_werkzeug_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(55)
    asked: list[str] = []

    def ask_werkzeug(header: str, cls: type[MultiDict[str, str]]) -> MultiDict[str, str]:
        asked.append(header)
        return parse_cookie(header, cls=cls)

    monkeypatch.setattr(pairs, "parse_cookie", ask_werkzeug)
    for _ in range(CASES):
        header = random_text(chance, COOKIE_PIECES)
        expected = list(parse_cookie(header).lists())
        assert list(cookies_of(header, ImmutableMultiDict).lists()) == expected, repr(header)
    assert CASES // 20 < len(asked) < CASES * 19 // 20, "only one of the two ways was taken"


class Recorded(MultiDict[str, str]):
    """A dictionary of an application's own, which knows what it was made of."""

    made_of: object = None

    def __init__(self, mapping: object = None) -> None:
        super().__init__(mapping)  # type: ignore[arg-type]
        self.made_of = mapping


class OwnStorage(Request):
    """A request with dictionaries of its own."""

    parameter_storage_class = Recorded
    dict_storage_class = Recorded


def test_dictionaries_of_an_application_are_made_by_calling_their_class() -> None:
    environ = create_environ("/?a=1", method="POST", data={"b": "2"}, headers={"Cookie": "c=3"})
    request = OwnStorage(environ)
    for values, expected in (
        (request.args, [("a", "1")]),
        (request.form, [("b", "2")]),
        (request.cookies, [("c", "3")]),
    ):
        assert isinstance(values, Recorded)
        assert values.made_of == expected


@pytest.mark.parametrize("coding", [None, "chunked", "gzip"])
@pytest.mark.parametrize("length", LENGTHS)
def test_lengths_are_read_as_werkzeug_reads_them(length: str | None, coding: str | None) -> None:
    environ = {"wsgi.input": BytesIO(), "REQUEST_METHOD": "POST"}
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    if coding is not None:
        environ["HTTP_TRANSFER_ENCODING"] = coding
    assert Request(environ).content_length == get_content_length(environ)


class Wrapped(Request):
    """A request whose parts pass through properties of its own."""

    asked = 0

    @property
    def stream(self) -> IO[bytes]:
        """The body, counted."""
        self.asked += 1
        return super().stream

    @property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The fields, counted."""
        self.asked += 1
        return super().form


def test_properties_of_a_subclass_are_asked_and_see_one_body() -> None:
    request = Wrapped(
        create_environ(
            method="POST", input_stream=BytesIO(b"one two"), headers={"Content-Length": "7"}
        )
    )
    assert request.stream.read(3) == b"one"
    assert request.stream.read() == b" two"
    assert request.asked == 2
    request = Wrapped(create_environ(method="POST", data={"a": "1"}))
    assert request.form["a"] == "1"
    assert request.form is request.form
    assert request.asked >= 3


def test_parts_may_be_set() -> None:
    request = Request(create_environ(method="POST", data={"a": "1"}))
    request.stream = BytesIO(b"a=2")
    assert request.form["a"] == "2"
    request.form = ImmutableMultiDict({"a": "3"})
    assert request.form["a"] == "3"
    assert not request.files
