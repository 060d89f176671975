"""Bodies of requests: their limits, their ends, and what is broken about them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import ClientDisconnected, LengthRequired, RequestEntityTooLarge

from tests.watching import Watched
from typedflask import Flask, request
from typedflask.requests.streamed_body import body_stream

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def part(name: str, value: str, filename: str | None = None) -> bytes:
    """A part of a multipart form."""
    file = "" if filename is None else f'; filename="{filename}"'
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n'.encode()


END = b"--x--\r\n"

READERS: dict[str, tuple[Callable[[], object], str, bytes]] = {
    "data": (lambda: len(request.get_data()), "text/plain", b"x" * 20),
    "stream": (lambda: len(request.stream.read()), "text/plain", b"x" * 20),
    "pieces": (
        lambda: sum(map(len, iter(lambda: request.stream.read(7), b""))),
        "text/plain",
        b"x" * 20,
    ),
    "lines": (lambda: sum(map(len, request.stream)), "text/plain", b"x" * 9 + b"\n" + b"x" * 10),
    "json": (lambda: len(request.get_json()), "application/json", b'"' + b"x" * 18 + b'"'),
    "silent json": (
        lambda: len(request.get_json(silent=True) or ""),
        "application/json",
        b'"' + b"x" * 18 + b'"',
    ),
    "form": (lambda: len(request.form["a"]), FORM, b"a=" + b"x" * 18),
    "values": (lambda: len(request.values["a"]), FORM, b"a=" + b"x" * 18),
    "multipart": (lambda: len(request.form["a"]), MULTIPART, part("a", "x" * 20) + END),
    "files": (lambda: len(request.files["a"].read()), MULTIPART, part("a", "x" * 20, "f") + END),
}


def reading(name: str, **config: Any) -> Watched:
    """An application whose view reads the body in one of the ways."""
    app = Flask(__name__)
    app.config.update(config)
    read = READERS[name][0]
    app.add_url_rule("/", "read", lambda: f"read {read()}", methods=["POST"])
    return Watched(app)


Ends = Callable[[bytes], dict[str, Any]]


def declared(body: bytes) -> dict[str, Any]:
    """A body whose length the client declared."""
    return {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def chunked(body: bytes) -> dict[str, Any]:
    """A chunked body, as a server hands it over that marks its end."""
    return {
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }


def send(watched: Watched, name: str, environ: dict[str, Any]) -> tuple[int, str]:
    answer = watched.ask(method="POST", environ={**environ, "CONTENT_TYPE": READERS[name][1]})
    return answer.status, answer.text


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("ends", [declared, chunked])
def test_a_body_is_read_to_its_end(name: str, ends: Ends) -> None:
    status, text = send(reading(name), name, ends(READERS[name][2]))

    assert (status, text[:6]) == (
        200,
        "read 1" if "json" in name or name in {"form", "values"} else "read 2",
    )


# --- limits ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("ends", [declared, chunked])
def test_a_body_longer_than_the_limit_is_413_and_one_as_long_is_read(name: str, ends: Ends) -> None:
    body = READERS[name][2]

    assert send(reading(name, MAX_CONTENT_LENGTH=len(body)), name, ends(body))[0] == 200
    for limit in (len(body) - 1, 1, 0):
        assert send(reading(name, MAX_CONTENT_LENGTH=limit), name, ends(body))[0] == 413


def test_an_endless_chunked_body_is_read_up_to_the_limit_only() -> None:
    class Endless:
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0, "a stream without end was asked for everything"
            self.given += size
            return b"x" * size

    source = Endless()
    environ = {**chunked(b""), "wsgi.input": source}

    assert send(reading("data", MAX_CONTENT_LENGTH=100_000), "data", environ)[0] == 413
    assert source.given <= 100_001


def test_a_view_that_does_not_read_the_body_is_answered_whatever_its_length() -> None:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1
    app.add_url_rule("/", "index", lambda: "not read", methods=["POST"])

    assert Watched(app).ask(method="POST", data=b"x" * 50).text == "not read"


def test_one_request_may_have_limits_of_its_own() -> None:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 10

    @app.post("/<int:limit>")
    def read(limit: int) -> str:
        request.max_content_length = limit or None
        return str(len(request.get_data()))

    watched = Watched(app)
    assert watched.ask("/20", method="POST", data=b"x" * 20).text == "20"
    assert watched.ask("/19", method="POST", data=b"x" * 20).status == 413
    assert watched.ask("/0", method="POST", data=b"x" * 2000).text == "2000"
    with app.test_request_context(method="POST"):
        assert request.max_content_length == 10


def test_the_limits_of_forms_come_from_the_configuration_or_the_request() -> None:
    app = Flask(__name__)
    app.config.update(MAX_FORM_MEMORY_SIZE=7, MAX_FORM_PARTS=None)
    with app.test_request_context():
        assert request.max_form_memory_size == 7
        assert request.max_form_parts > 10**9
        request.max_form_memory_size, request.max_form_parts = None, 3
        assert request.max_form_memory_size is None
        assert request.max_form_parts == 3


@pytest.mark.parametrize("ends", [declared, chunked])
def test_a_field_larger_than_memory_may_hold_is_413_and_a_file_is_not(ends: Ends) -> None:
    field, file = part("a", "x" * 200_000) + END, part("a", "x" * 300_000, "f") + END

    for limit, status in ((199_999, 413), (200_000, 200)):
        watched = reading("multipart", MAX_FORM_MEMORY_SIZE=limit)
        assert send(watched, "multipart", ends(field))[0] == status
    assert send(reading("files", MAX_FORM_MEMORY_SIZE=200_000), "files", ends(file))[0] == 200


@pytest.mark.parametrize("ends", [declared, chunked])
def test_a_form_with_more_parts_than_allowed_is_413(ends: Ends) -> None:
    body = part("a", "1") * 5 + END

    assert send(reading("multipart", MAX_FORM_PARTS=4), "multipart", ends(body))[0] == 413
    assert send(reading("multipart", MAX_FORM_PARTS=5), "multipart", ends(body))[0] == 200


def test_by_default_a_form_has_at_most_a_thousand_parts_and_half_a_megabyte_a_field() -> None:
    many, large = part("a", "1") * 1001 + END, part("a", "x" * 500_001) + END

    assert send(reading("multipart"), "multipart", declared(many))[0] == 413
    assert send(reading("multipart"), "multipart", declared(large))[0] == 413


# --- ends --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("terminated", [True, False])
def test_a_body_that_ends_before_its_declared_length_is_400(name: str, terminated: bool) -> None:
    body = READERS[name][2]
    for missing in (1, len(body) // 2, len(body)):
        environ = declared(body)
        environ["wsgi.input"] = io.BytesIO(body[: len(body) - missing])
        if terminated:
            environ["wsgi.input_terminated"] = True

        assert send(reading(name), name, environ)[0] == 400


class ServersOwn(Exception):
    """Some servers raise errors of their own, derived from no other."""


class Broken:
    """A body whose connection breaks after its beginning, the way servers report it."""

    def __init__(self, begin: bytes, error: Exception) -> None:
        self._begin, self._error = io.BytesIO(begin), error

    def read(self, size: int = -1) -> bytes:
        data = self._begin.read(size)
        if data:
            return data
        raise self._error


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "error", [OSError("gone"), ValueError("bad chunk"), TimeoutError(), ServersOwn(), EOFError()]
)
@pytest.mark.parametrize("ends", [declared, chunked])
def test_a_body_whose_connection_breaks_is_400(name: str, error: Exception, ends: Ends) -> None:
    body = READERS[name][2]
    environ = {**ends(body), "wsgi.input": Broken(body[:5], error)}

    assert send(reading(name), name, environ)[0] == 400


@pytest.mark.parametrize("name", READERS)
def test_a_chunked_body_whose_end_the_server_cannot_mark_is_411(name: str) -> None:
    environ = chunked(READERS[name][2])
    del environ["wsgi.input_terminated"]

    assert send(reading(name), name, environ)[0] == 411


def test_an_http_error_that_a_middleware_raises_while_reading_is_the_answer() -> None:
    environ = {**chunked(b""), "wsgi.input": Broken(b"x", RequestEntityTooLarge())}

    assert send(reading("data"), "data", environ)[0] == 413


def test_a_server_that_gives_a_body_bit_by_bit_is_asked_until_it_is_whole() -> None:
    class Slow(Broken):
        def read(self, size: int = -1) -> bytes:
            return super().read(min(size, 3))

    for name in READERS:
        environ = {**declared(READERS[name][2]), "wsgi.input": Slow(READERS[name][2], OSError())}
        assert send(reading(name), name, environ)[0] == 200


def test_bytes_after_the_declared_length_belong_to_another_request() -> None:
    environ = {**declared(b"x" * 20), "CONTENT_LENGTH": "3"}

    assert send(reading("data"), "data", environ) == (200, "read 3")


def test_no_length_and_no_encoding_is_no_body() -> None:
    for extra in ({}, {"CONTENT_LENGTH": ""}):
        environ = {"wsgi.input": io.BytesIO(b"never read"), **extra}
        assert send(reading("data"), "data", environ) == (200, "read 0")


@pytest.mark.parametrize(
    "length",
    ["-1", "+3", "0x10", "1.5", "1e3", "three", "3, 3", "1_0", "\u0661", "9" * 19, "9" * 5000],
)
def test_a_declared_length_that_is_no_number_is_400(length: str) -> None:
    environ = {**declared(b"x" * 20), "CONTENT_LENGTH": length}

    assert send(reading("data"), "data", environ)[0] == 400


@given(
    body=st.binary(max_size=300),
    limit=st.none() | st.integers(0, 300),
    sizes=st.lists(st.integers(1, 50), min_size=1),
)
@settings(max_examples=150, deadline=None)
def test_a_stream_gives_the_whole_body_or_raises(
    body: bytes, limit: int | None, sizes: list[int]
) -> None:
    for ends in (declared, chunked):
        read = b""
        try:
            stream = body_stream(ends(body), limit)
            while data := stream.read(sizes[len(read) % len(sizes)]):
                read += data
        except RequestEntityTooLarge:
            assert limit is not None
            assert len(body) > limit
        else:
            assert read == body
            assert limit is None or len(body) <= limit


def test_a_stream_says_what_is_wrong_with_the_body() -> None:
    with pytest.raises(RequestEntityTooLarge, match="of 4 bytes is longer than 3"):
        body_stream(declared(b"xxxx"), 3)
    with pytest.raises(RequestEntityTooLarge, match="longer than 3 bytes"):
        body_stream(chunked(b"xxxx"), 3).read()
    with pytest.raises(LengthRequired, match="Content-Length"):
        body_stream({"wsgi.input": io.BytesIO(b""), "HTTP_TRANSFER_ENCODING": "chunked"}, None)
    with pytest.raises(ClientDisconnected):
        body_stream({**declared(b"xx"), "CONTENT_LENGTH": "3"}, None).read()
    assert body_stream(chunked(b"x"), None).readable()


# --- forms -------------------------------------------------------------------------------


def form_app() -> Watched:
    app = Flask(__name__)
    app.add_url_rule(
        "/",
        "form",
        lambda: {"form": request.form.to_dict(), "files": list(request.files)},
        methods=["POST"],
    )
    return Watched(app)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", "{}"),
        (b"a=1&b=%C3%BC", '{"a":"1","b":"ü"}'),
        (b"a", '{"a":""}'),
        (b"&&=&", '{"":""}'),
        (b"a=%ff", '{"a":"%FF"}'),
        (b"a=%", '{"a":"%"}'),
        (b"a=%zz", '{"a":"%zz"}'),
    ],
)
def test_odd_forms_are_read_as_far_as_they_make_sense(body: bytes, form: str) -> None:
    answer = form_app().ask(method="POST", data=body, content_type=FORM)

    assert answer.status == 200
    assert answer.text.encode().decode("unicode_escape" if "\\u" in answer.text else "utf-8") == (
        f'{{"files":[],"form":{form}}}\n'
    )


@pytest.mark.parametrize("body", [b"a=\xff", b"\xff=a", b"a=1&b=\xc3", b"\xfe\xff\x00a"])
def test_a_form_that_is_not_utf_8_is_400(body: bytes) -> None:
    assert form_app().ask(method="POST", data=body, content_type=FORM).status == 400


GOOD = part("a", "1")

BROKEN: dict[str, bytes] = {
    "no end": GOOD,
    "end of a boundary only": b"--x",
    "begin of a part only": b"--x\r\n",
    "other boundary": GOOD.replace(b"--x", b"--y") + b"--y--",
    "no headers": b"--x\r\n\r\n1\r\n" + END,
    "line that is no header": b"--x\r\nnonsense\r\n\r\n1\r\n" + END,
    "no name": b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n" + END,
    "file without a name": b'--x\r\nContent-Disposition: form-data; filename="f"\r\n\r\n1\r\n'
    + END,
    "header that is not utf-8": GOOD.replace(b'"a"', b'"\xff"') + END,
    "file name that is not utf-8": part("a", "1", "f").replace(b'"f"', b'"\xff\x00"') + END,
    "header without end": b"--x\r\nContent-Disposition: " + b"x" * 1000,
    "NUL bytes": b"\x00" * 100,
    "cut in the value": (GOOD + END)[: len(GOOD) - 4],
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_broken_multipart_form_is_400(body: bytes) -> None:
    assert (
        form_app().ask(method="POST", data=body, environ={"CONTENT_TYPE": MULTIPART}).status == 400
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="',
        "multipart/form-data; boundary=\xff",
        "multipart/form-data; boundary*=utf-8''%ff",
        "multipart/form-data; boundary=" + "y" * 5000,
        "multipart/form-data; boundary=y",
    ],
)
def test_a_multipart_form_without_its_boundary_is_400(content_type: str) -> None:
    watched = form_app()

    answer = watched.ask(
        method="POST",
        data=GOOD + END,
        content_type="multipart/form-data",
        environ={"CONTENT_TYPE": content_type},
    )

    assert answer.status == 400


@given(body=st.binary(max_size=200), content_type=st.sampled_from([FORM, MULTIPART]))
@settings(max_examples=150, deadline=None)
def test_no_bytes_in_a_form_are_an_error_of_the_program(body: bytes, content_type: str) -> None:
    assert form_app().ask(
        method="POST", data=body, environ={"CONTENT_TYPE": content_type}
    ).status in {200, 400}


@given(cut=st.integers(0, 150), flip=st.integers(0, 150), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_damaged_multipart_form_is_read_or_400(cut: int, flip: int, byte: int) -> None:
    body = bytearray(part("a", "1") + part("f", "content", "name.txt") + END)
    body[flip % len(body)] = byte
    del body[len(body) - cut :]

    assert form_app().ask(
        method="POST", data=bytes(body), environ={"CONTENT_TYPE": MULTIPART}
    ).status in {
        200,
        400,
    }


def test_files_of_a_form_are_closed_when_the_request_ends() -> None:
    app, kept = Flask(__name__), list[Any]()

    @app.post("/")
    def keep() -> str:
        kept.append(request.files["f"])
        return str(kept[0].read().decode())

    body = part("f", "content", "f.txt") + END
    assert (
        Watched(app).ask(method="POST", data=body, environ={"CONTENT_TYPE": MULTIPART}).text
        == "content"
    )
    assert kept[0].stream.closed
