"""File objects as results: read piece by piece, closed at the end; paths where they were asked for."""

# ruff: noqa: SIM115 - that these files are closed by somebody else is what is tested

from __future__ import annotations

import gzip
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from werkzeug.http import http_date

from tests.test_response_rules import HTML, answer, refusal
from tests.watching import Watched
from typedflask import Flask, Response
from typedflask.responses import PATHS
from typedflask.responses.open_files import PIECE

BIG = bytes(range(256)) * (PIECE // 100)


class Reader:
    """The least a file object is."""

    def __init__(self, pieces: list[str | bytes]) -> None:
        self.pieces = pieces

    def read(self, size: int = -1, /) -> str | bytes:
        return self.pieces.pop(0) if self.pieces else b""


class Watch(io.BytesIO):
    """A file that knows how it was read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked: list[int | None] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.append(size)
        return super().read(size)


class Wrapper:
    """What a server may offer as `wsgi.file_wrapper`."""

    def __init__(self) -> None:
        self.got: list[object] = []

    # Any: a server says no more of the file.
    def __call__(self, file: Any, size: int = 10, /) -> Iterable[bytes]:
        self.got.append(file)
        return iter(lambda: file.read(size), b"")


def test_a_file_object_is_sent_from_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(BIG)
    file = path.open("rb")
    file.seek(10)

    assert answer(lambda: file).body == BIG[10:]
    assert file.closed


@pytest.mark.parametrize(
    ("make", "body"),
    [
        pytest.param(lambda: io.BytesIO(BIG), BIG, id="BytesIO"),
        pytest.param(lambda: io.StringIO("grüße"), "grüße".encode(), id="StringIO"),
        pytest.param(lambda: Reader(["grü", b"\xc3\x9f", "e"]), "grüße".encode(), id="read alone"),
        pytest.param(lambda: Reader([]), b"", id="empty"),
        pytest.param(lambda: gzip.open(io.BytesIO(gzip.compress(BIG))), BIG, id="file in a file"),
    ],
)
def test_everything_with_a_method_read_is_sent(make: Callable[[], Any], body: bytes) -> None:
    shown = answer(make)

    assert shown.body == body
    assert (shown.header("Content-Type"), shown.header("Content-Length")) == (HTML, None)


def test_temporary_files_of_every_kind_are_sent_and_go() -> None:
    def filled(file: Any) -> Any:
        file.write(b"temporary")
        file.seek(0)
        return file

    named = filled(tempfile.NamedTemporaryFile())

    assert answer(lambda: named).body == b"temporary"
    assert not os.path.exists(named.name)
    assert answer(lambda: filled(tempfile.TemporaryFile())).body == b"temporary"
    assert answer(lambda: filled(tempfile.SpooledTemporaryFile())).body == b"temporary"


def test_a_file_is_read_piece_by_piece_and_not_line_by_line() -> None:
    file = Watch(BIG)

    assert answer(lambda: file).body == BIG
    assert file.asked == [PIECE] * (len(BIG) // PIECE + 2)


def test_a_text_file_is_sent_as_utf8_whatever_it_is_kept_in(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_text("größe", encoding="latin-1")

    assert answer(lambda: path.open(encoding="latin-1")).text == "größe"


def test_head_and_an_error_of_a_hook_close_the_file_too() -> None:
    head, failing = Watch(b"x"), Watch(b"x")
    app = Flask(__name__)

    @app.after_request
    def fail(response: Response) -> Response:
        raise LookupError

    assert answer(lambda: head, method="HEAD").body == b""
    assert head.closed
    assert head.asked == []
    refusal(lambda: failing, app=app)
    assert failing.closed


def test_a_client_that_goes_away_closes_the_file() -> None:
    app, file = Flask(__name__), Watch(BIG)
    app.add_url_rule("/", view_func=lambda: file)

    response = app.test_client().get("/", buffered=False)
    next(iter(response.response))
    assert not file.closed
    response.close()
    assert file.closed


def test_hooks_see_a_files_content_as_that_of_any_stream() -> None:
    app, file, done = Flask(__name__), Watch(b"abc"), list[str]()

    @app.after_request
    def look(response: Response) -> Response:
        response.set_data(response.get_data() + b"d")
        response.call_on_close(lambda: done.append("closed"))
        return response

    assert answer(lambda: file, app=app).body == b"abcd"
    assert done == ["closed"]


def test_status_and_headers_stand_beside_a_file() -> None:
    shown = answer(lambda: (io.BytesIO(b"x"), 203, {"Content-Type": "image/png"}))

    assert (shown.status, shown.body, shown.header("Content-Type")) == (203, b"x", "image/png")


# --- the server's own way ------------------------------------------------------------------


def test_a_server_is_handed_a_plain_file_to_send_it_its_own_way(tmp_path: Path) -> None:
    path, wrapper = tmp_path / "file", Wrapper()
    path.write_bytes(BIG)
    file = path.open("rb")
    raw = open(path, "rb", buffering=0)

    assert answer(lambda: file, environ={"wsgi.file_wrapper": wrapper}).body == BIG
    assert answer(lambda: raw, environ={"wsgi.file_wrapper": wrapper}).body == BIG
    assert wrapper.got == [file, raw]
    file.close()
    raw.close()


def test_a_server_is_not_handed_what_it_would_send_wrongly(tmp_path: Path) -> None:
    """It asks the operating system for the bytes, which knows nothing of buffers and wrappers."""
    path, wrapper, packed = tmp_path / "file", Wrapper(), tmp_path / "file.gz"
    path.write_bytes(BIG)
    packed.write_bytes(gzip.compress(b"unpacked"))
    environ = {"wsgi.file_wrapper": wrapper}

    def begun() -> io.BufferedReader:
        file = path.open("rb")
        assert file.read(3) == BIG[:3]
        return file

    read_end, write_end = os.pipe()
    os.write(write_end, b"piped")
    os.close(write_end)

    assert answer(begun, environ=environ).body == BIG[3:]
    assert answer(lambda: gzip.open(packed), environ=environ).body == b"unpacked"
    assert answer(lambda: path.open(encoding="latin-1"), environ=environ).text[:256] == (
        bytes(range(256)).decode("latin-1").replace("\r", "\n")
    )
    assert answer(lambda: open(read_end, "rb"), environ=environ).body == b"piped"
    assert wrapper.got == []


def test_a_response_with_something_of_its_own_to_close_is_sent_by_itself(tmp_path: Path) -> None:
    app, wrapper, done = Flask(__name__), Wrapper(), list[str]()
    (tmp_path / "file").write_bytes(b"x")

    @app.after_request
    def promise(response: Response) -> Response:
        response.call_on_close(lambda: done.append("closed"))
        return response

    shown = answer(
        lambda: (tmp_path / "file").open("rb"), app=app, environ={"wsgi.file_wrapper": wrapper}
    )

    assert (shown.body, done, wrapper.got) == (b"x", ["closed"], [])


# --- paths ---------------------------------------------------------------------------------


def test_a_path_is_refused_unless_the_application_asked_for_it(tmp_path: Path) -> None:
    error = str(refusal(lambda: tmp_path))

    assert "PosixPath" in error
    assert "Applications that add the row PATHS, by `app.with_rule(PATHS)`, also send" in error


def sending(result: Callable[[], Path | tuple[Path, int]], folder: Path) -> Watched:
    app = Flask(__name__, root_path=str(folder)).with_rule(PATHS)
    app.add_url_rule("/", "sent", result)
    return Watched(app)


def test_with_its_row_a_path_is_sent_as_a_file_with_conditions_and_ranges(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("some text")
    site = sending(lambda: path, tmp_path)

    shown = site.ask()
    assert (shown.text, shown.header("Content-Length")) == ("some text", "9")
    assert shown.header("Content-Type") == "text/plain; charset=utf-8"
    assert shown.header("Last-Modified") == http_date(path.stat().st_mtime)
    again = site.ask(headers={"If-None-Match": str(shown.header("ETag"))})
    assert (again.status, again.body) == (304, b"")
    assert site.ask(headers={"Range": "bytes=5-"}).body == b"text"
    assert site.ask(method="HEAD").header("Content-Length") == "9"


def test_a_relative_path_starts_at_the_applications_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")

    assert sending(lambda: Path("a.txt"), tmp_path).ask().text == "a"
    assert sending(lambda: (Path("a.txt"), 203), tmp_path).ask().status == 203


def test_where_no_file_is_the_answer_is_404_by_the_applications_handler(tmp_path: Path) -> None:
    for missing in (tmp_path / "missing", tmp_path, Path("missing")):
        site = sending(partial(Path, missing), tmp_path)
        site.app.register_error_handler(404, lambda error: ("handled", 404))
        shown = site.ask()
        assert (shown.status, shown.text) == (404, "handled")


def test_an_object_with_a_path_is_no_path(tmp_path: Path) -> None:
    class Almost:
        def __fspath__(self) -> str:
            return str(tmp_path / "x")

    error = str(refusal(Almost, app=Flask(__name__).with_rule(PATHS)))

    assert "returned Almost: " in error
    assert "may return a pathlib.Path, sent as a file; " in error


def test_the_name_of_a_file_is_text(tmp_path: Path) -> None:
    app = Flask(__name__).with_rule(PATHS)

    assert answer(lambda: str(tmp_path), app=app).text == str(tmp_path)
