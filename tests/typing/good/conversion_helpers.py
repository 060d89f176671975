"""What the functions for answers take and give."""
import os
from io import BytesIO
from pathlib import Path
from typing import NoReturn, assert_type

from typedflask import (
    Flask,
    Response,
    abort,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    send_file,
    send_from_directory,
    stream_with_context,
)
from typedflask.typing import JSONValue, ResponseReturnValue
from collections.abc import Iterator
from http import HTTPStatus

app = Flask(__name__)


def responses(value: ResponseReturnValue, permanent: bool, flag: bool) -> None:
    assert_type(make_response(), Response)
    assert_type(make_response("x"), Response)
    assert_type(make_response({"a": 1}, 201), Response)
    assert_type(make_response("", "204 NO CONTENT"), Response)
    assert_type(make_response("x", {"X-A": "1"}), Response)
    assert_type(make_response("x", 200, [("X-A", "1")]), Response)
    assert_type(make_response(("x", 404)), Response)
    assert_type(make_response(value), Response)
    assert_type(redirect("/"), Response)
    assert_type(redirect("/", code=308), Response)
    assert_type(redirect("/", HTTPStatus.SEE_OTHER), Response)
    assert_type(redirect("/", 301 if permanent else 302), Response)
    code = 301 if permanent else 302
    assert_type(redirect("/", code), Response)
    assert_type(app.redirect("/", 303), Response)
    assert_type(jsonify(), Response)
    assert_type(jsonify({"a": 1}), Response)
    assert_type(jsonify(1, 2), Response)
    assert_type(jsonify(a=1, b=[2]), Response)
    assert_type(get_flashed_messages(), list[str])
    assert_type(get_flashed_messages(with_categories=True), list[tuple[str, str]])
    assert_type(get_flashed_messages(True, ["error"]), list[tuple[str, str]])
    assert_type(get_flashed_messages(with_categories=flag), list[str] | list[tuple[str, str]])


def files(path: Path) -> None:
    assert_type(send_file(BytesIO(b"x"), mimetype="text/plain"), Response)
    assert_type(send_file(path, as_attachment=True, download_name="x.txt"), Response)
    assert_type(send_from_directory(os.fspath(path), "a/b", max_age=60), Response)
    with path.open("rb") as file:
        assert_type(send_file(file, "text/plain", etag=False), Response)


def never(status: int) -> NoReturn:
    if status == 1:
        abort(Response("x", 402))
    if status == 2:
        abort(HTTPStatus.CONFLICT, "taken")
    if status == 3:
        abort(404, description="no such page")
    if status == 4:
        abort(redirect("/login"))
    abort(status)


def found(number: int | None) -> int:
    if number is None:
        abort(404)
    assert_type(number, int)
    return number


@stream_with_context
def lines(count: int) -> Iterator[str]:
    yield from map(str, range(count))


assert_type(lines(3), Iterator[str])


@app.get("/stream")
def stream() -> Iterator[bytes]:
    pieces: Iterator[bytes] = iter([b"a"])
    return stream_with_context(pieces)


def document() -> JSONValue:
    return {"a": [1, 2.5, None, {"b": ("c", True)}]}


Response("x", "201 CREATED", {"X-A": "1"})
Response(b"x", 200, [("X-A", "1")], mimetype="text/csv")
Response((line for line in ["a"]), HTTPStatus.OK, content_type="text/csv")
