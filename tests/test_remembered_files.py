"""A file sent again is sent as it was the first time, as long as nothing changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.http import parse_date
from werkzeug.test import TestResponse

from typedflask import Flask, Response
from typedflask.responses import remembered


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Files of other tests are forgotten."""
    remembered._sent.clear()
    yield
    remembered._sent.clear()


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application with one file in its static folder."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "page.css").write_text("p {}", encoding="utf-8")
    return Flask("files", root_path=str(tmp_path))


def headers_of(response: TestResponse) -> dict[str, str]:
    """The headers, but for the date, which is that of the answer."""
    assert parse_date(response.headers["Date"]) is not None
    return {name: value for name, value in response.headers if name != "Date"}


@pytest.mark.parametrize("max_age", [None, 0, 3600])
def test_the_second_answer_is_like_the_first(app: Flask, max_age: int | None) -> None:
    """
    Status, body and headers are the same, and the second answer was remembered.
    """
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = max_age
    client = app.test_client()
    first, second = (
        client.get("/static/page.css", buffered=True),
        client.get("/static/page.css", buffered=True),
    )

    assert len(remembered._sent) == 1
    assert (first.status, first.data) == (second.status, second.data) == ("200 OK", b"p {}")
    expected, got = headers_of(first), headers_of(second)
    if max_age is not None:
        ends = [parse_date(headers.pop("Expires")) for headers in (expected, got)]
        assert None not in ends
    assert got == expected


def test_a_changed_file_is_sent_as_it_is_now(app: Flask) -> None:
    """
    A new time of change, or a new size, is noticed at the next request.
    """
    client = app.test_client()
    for _ in range(2):
        client.get("/static/page.css", buffered=True)
    path = Path(app.root_path, "static", "page.css")
    path.write_text("h {}", encoding="utf-8")
    os.utime(path, (1_000_000_000, 1_000_000_000))

    response = client.get("/static/page.css", buffered=True)
    assert response.data == b"h {}"
    assert response.headers["Last-Modified"] == "Sun, 09 Sep 2001 01:46:40 GMT"


def test_a_file_that_is_gone_is_404(app: Flask) -> None:
    """
    A remembered file that was removed is not found, and no error.
    """
    client = app.test_client()
    for _ in range(2):
        client.get("/static/page.css", buffered=True)
    Path(app.root_path, "static", "page.css").unlink()
    assert client.get("/static/page.css", buffered=True).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Range": "bytes=0-1"}, 206), ({"If-None-Match": "*"}, 304), ({"If-Match": '"x"'}, 412)],
)
def test_conditions_are_weighed_each_time(app: Flask, headers: dict[str, str], status: int) -> None:
    """
    A request with a condition or a range gets its own answer also of a remembered file.
    """
    client = app.test_client()
    for _ in range(2):
        client.get("/static/page.css", buffered=True)
    assert client.get("/static/page.css", headers=headers, buffered=True).status_code == status


def test_head_has_the_headers_of_get_and_no_body(app: Flask) -> None:
    """
    `HEAD` is answered the general way.
    """
    client = app.test_client()
    got = [client.get("/static/page.css", buffered=True) for _ in range(2)][1]
    head = client.head("/static/page.css", buffered=True)
    assert head.data == b""
    assert headers_of(head) == headers_of(got)


def test_a_response_class_of_ones_own_is_always_made(app: Flask) -> None:
    """
    Whatever a subclass does to a response happens to every file.
    """
    made: list[str] = []

    class Counted(Response):
        def set_etag(self, etag: str, weak: bool = False) -> None:
            made.append("once")
            super().set_etag(etag, weak)

    app.response_class = Counted
    client = app.test_client()
    for _ in range(3):
        client.get("/static/page.css", buffered=True)
    assert made == ["once"] * 3
    assert remembered._sent == {}


def test_the_memory_is_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Not more files are remembered than there is room for.
    """
    monkeypatch.setattr(remembered, "MOST", 3)
    client = app.test_client()
    for number in range(8):
        Path(app.root_path, "static", f"{number}.txt").write_text("x", encoding="utf-8")
        assert client.get(f"/static/{number}.txt", buffered=True).status_code == 200
    assert len(remembered._sent) <= 3


def test_the_file_is_closed_when_it_was_sent(app: Flask) -> None:
    """
    Warnings are errors here, and a file left open would be one.
    """
    client = app.test_client()
    for _ in range(3):
        response = client.get("/static/page.css", buffered=True)
        assert response.data == b"p {}"
        response.close()
