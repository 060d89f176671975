"""Files an application sends: from disk, from memory, from its folders of static files."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from typedflask import Flask, Response, send_file, send_from_directory

TEXT = "plums and pears\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root folder with static files, and a secret beside them."""
    for name, text in {
        "static/style.css": "body {}\n",
        "static/deep/page.html": "<p>deep\n",
        "static/naïve.txt": "umlauts\n",
        "downloads/list.txt": TEXT,
        "downloads/data.bin": "\x00\x01\x02",
        "secret.txt": "secret\n",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(root: Path) -> Flask:
    app = Flask("shop", root_path=str(root))
    app.testing = True
    return app


def sent(app: Flask, make: Callable[[], Any], method: str = "GET", **headers: str) -> TestResponse:
    """The answer to a request whose view makes a response from a file."""
    app.add_url_rule("/file", "file", make)
    return ask(app, "/file", method, **headers)


def ask(app: Flask, path: str, method: str = "GET", **headers: str) -> TestResponse:
    """The answer to a request, read to its end, so that no file stays open."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().open(path, method=method, headers=named, buffered=True)


# --- send_file ---------------------------------------------------------------------------


def test_a_file_is_sent_with_its_type_length_and_age(app: Flask, root: Path) -> None:
    changed = datetime(2024, 2, 29, 12, tzinfo=UTC)
    os.utime(root / "downloads/list.txt", (changed.timestamp(), changed.timestamp()))
    response = sent(app, lambda: send_file("downloads/list.txt"))

    assert response.text == TEXT
    assert response.mimetype == "text/plain"
    assert response.content_length == len(TEXT)
    assert response.last_modified == changed
    assert response.headers["Content-Disposition"] == "inline; filename=list.txt"
    assert response.cache_control.no_cache


def test_a_relative_path_starts_at_the_root_folder_whatever_the_working_directory(
    app: Flask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert sent(app, lambda: send_file(Path("downloads") / "list.txt")).text == TEXT


def test_an_absolute_path_is_taken_as_it_is(app: Flask, root: Path) -> None:
    assert sent(app, lambda: send_file(root / "downloads/list.txt")).text == TEXT


def test_a_missing_file_is_an_error_of_the_program(app: Flask) -> None:
    with pytest.raises(FileNotFoundError):
        sent(app, lambda: send_file("downloads/gone.txt"))


def test_the_response_is_of_the_applications_class(app: Flask) -> None:
    with app.test_request_context():
        response = send_file("downloads/list.txt")
        response.close()

    assert isinstance(response, Response)


def test_sending_needs_an_active_request(root: Path) -> None:
    with pytest.raises(RuntimeError, match="needs an active request"):
        send_file(root / "downloads/list.txt")


def test_a_file_object_is_sent_from_where_it_stands(app: Flask) -> None:
    def make() -> Response:
        file = io.BytesIO(TEXT.encode())
        file.seek(6)
        return send_file(file, mimetype="text/plain")

    response = sent(app, make)

    assert response.text == TEXT[6:]
    assert "ETag" not in response.headers


def test_a_temporary_file_is_sent(app: Flask) -> None:
    def make() -> Response:
        file = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - the response closes it
        file.write(b"spooled")
        file.seek(0)
        return send_file(file, download_name="a.txt")

    assert sent(app, make).text == "spooled"


def test_the_file_is_closed_with_the_response(app: Flask, root: Path) -> None:
    file = (root / "downloads/list.txt").open("rb")

    assert sent(app, lambda: send_file(file, mimetype="text/plain")).text == TEXT
    assert file.closed


@pytest.mark.parametrize(
    "text_file",
    [lambda: io.StringIO("text"), lambda: io.TextIOWrapper(io.BytesIO(b"text"))],
    ids=["StringIO", "TextIOWrapper"],
)
def test_a_file_of_text_is_refused_with_what_to_do(
    app: Flask, text_file: Callable[[], Any]
) -> None:
    with pytest.raises(ValueError, match=r"gives text.*binary mode"):
        sent(app, lambda: send_file(text_file(), mimetype="text/plain"))


def test_a_closed_file_is_refused(app: Flask) -> None:
    file = io.BytesIO(b"gone")
    file.close()

    with pytest.raises(ValueError, match="closed"):
        sent(app, lambda: send_file(file, mimetype="text/plain"))


def test_a_file_object_needs_a_type_or_a_name_to_guess_it_from(app: Flask) -> None:
    with pytest.raises(TypeError, match="MIME type"):
        sent(app, lambda: send_file(io.BytesIO(b"?")))


@pytest.mark.parametrize(
    ("options", "mimetype"),
    [
        ({"download_name": "page.html"}, "text/html"),
        ({"download_name": "image.png"}, "image/png"),
        ({"download_name": "unheard.of"}, "application/octet-stream"),
        ({"mimetype": "text/x-own", "download_name": "page.html"}, "text/x-own"),
    ],
)
def test_the_type_is_that_of_the_name_unless_it_is_given(
    app: Flask, options: dict[str, Any], mimetype: str
) -> None:
    response = sent(app, lambda: send_file(io.BytesIO(b"x"), **options))

    assert response.mimetype == mimetype


@pytest.mark.parametrize(
    ("name", "plain", "extended"),
    [
        ("list.txt", "list.txt", None),
        ("two words.txt", "two words.txt", None),
        ("Ñandú.txt", "Nandu.txt", "Ñandú.txt"),
        ("価格.txt", ".txt", "価格.txt"),
        ('quo"te.txt', 'quo"te.txt', None),
    ],
)
def test_browsers_are_told_to_save_a_file_under_a_name(
    app: Flask, name: str, plain: str, extended: str | None
) -> None:
    response = sent(
        app, lambda: send_file("downloads/list.txt", as_attachment=True, download_name=name)
    )
    kind, options = parse_options_header(response.headers["Content-Disposition"])

    assert kind == "attachment"
    assert options["filename"] == (extended or plain)
    assert ("filename*=" in response.headers["Content-Disposition"]) is (extended is not None)


@pytest.mark.parametrize("name", ["a\r\nX-Own: yes", "a\nb", "\ud800"])
def test_a_name_that_no_header_can_hold_is_an_error_of_the_program(app: Flask, name: str) -> None:
    app.testing = False
    response = sent(
        app, lambda: send_file("downloads/list.txt", as_attachment=True, download_name=name)
    )

    assert response.status_code == 500
    assert "X-Own" not in response.headers


def test_an_attachment_is_called_like_its_file_unless_told_otherwise(app: Flask) -> None:
    response = sent(app, lambda: send_file("downloads/list.txt", as_attachment=True))

    assert response.headers["Content-Disposition"] == "attachment; filename=list.txt"


def test_an_attachment_without_any_name_is_refused(app: Flask) -> None:
    with pytest.raises(TypeError, match="name"):
        sent(app, lambda: send_file(io.BytesIO(b"x"), mimetype="text/plain", as_attachment=True))


# --- asked again, or for a part ----------------------------------------------------------


def test_a_file_that_did_not_change_is_not_sent_again(app: Flask) -> None:
    first = sent(app, lambda: send_file("downloads/list.txt"))
    etag = first.headers["ETag"]
    again = ask(app, "/file", If_None_Match=etag)

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert ask(app, "/file", If_None_Match='"other"').status_code == 200


def test_the_etag_changes_with_the_file(app: Flask, root: Path) -> None:
    first = sent(app, lambda: send_file("downloads/list.txt")).headers["ETag"]
    (root / "downloads/list.txt").write_text("cherries", encoding="utf-8")

    assert ask(app, "/file").headers["ETag"] != first


def test_a_file_not_changed_since_is_not_sent_again(app: Flask) -> None:
    changed = datetime(2024, 2, 29, tzinfo=UTC)
    later = "Fri, 01 Mar 2024 00:00:00 GMT"
    earlier = "Wed, 28 Feb 2024 00:00:00 GMT"

    def make() -> Response:
        return send_file("downloads/list.txt", last_modified=changed, etag=False)

    assert sent(app, make, If_Modified_Since=later).status_code == 304
    assert ask(app, "/file", If_Modified_Since=earlier).text == TEXT


@pytest.mark.parametrize(
    ("etag", "expected"), [("mine", '"mine"'), (False, None), (True, "computed")]
)
def test_the_etag_can_be_given_or_left_out(
    app: Flask, etag: str | bool, expected: str | None
) -> None:
    response = sent(app, lambda: send_file("downloads/list.txt", etag=etag))
    found = response.headers.get("ETag")

    assert (found is not None) if expected == "computed" else (found == expected)


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("bytes=0-4", 206, "plums", "bytes 0-4/16"),
        ("bytes=10-", 206, "pears\n", "bytes 10-15/16"),
        ("bytes=-6", 206, "pears\n", "bytes 10-15/16"),
        ("bytes=10-99", 206, "pears\n", "bytes 10-15/16"),
        ("bytes=16-", 416, None, "bytes */16"),
        ("lines=1-2", 416, None, "bytes */16"),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(
    app: Flask, asked: str, status: int, body: str | None, told: str
) -> None:
    response = sent(app, lambda: send_file("downloads/list.txt"), Range=asked)

    assert response.status_code == status
    assert response.headers["Content-Range"] == told
    if body is not None:
        assert response.text == body


def test_a_part_of_a_file_object_can_be_asked_for(app: Flask) -> None:
    def make() -> Response:
        return send_file(io.BytesIO(TEXT.encode()), mimetype="text/plain")

    assert sent(app, make, Range="bytes=6-8").text == "and"


def test_a_part_is_sent_whole_when_the_file_changed_meanwhile(app: Flask) -> None:
    response = sent(
        app, lambda: send_file("downloads/list.txt"), Range="bytes=0-4", If_Range='"older"'
    )

    assert (response.status_code, response.text) == (200, TEXT)


@pytest.mark.parametrize("value", ["", "\x7f", "W/", "Thu, 99 Foo 0000", "=?utf-8?q?x?="])
@pytest.mark.parametrize("name", ["Range", "If_Range", "If_Modified_Since", "If_None_Match"])
def test_impossible_conditions_never_cause_an_error(app: Flask, name: str, value: str) -> None:
    conditions = {"Range": "bytes=0-4", name: value} if name == "If_Range" else {name: value}
    response = sent(app, lambda: send_file("downloads/list.txt"), **conditions)

    assert response.status_code in {200, 206, 416}


def test_conditions_can_be_switched_off(app: Flask) -> None:
    response = sent(
        app, lambda: send_file("downloads/list.txt", conditional=False), Range="bytes=0-4"
    )

    assert (response.status_code, response.text) == (200, TEXT)


def test_the_head_of_a_file_has_its_length_and_no_body(app: Flask) -> None:
    response = sent(app, lambda: send_file("downloads/list.txt"), method="HEAD")

    assert (response.content_length, response.data) == (len(TEXT), b"")


# --- how long clients may keep it --------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "seconds"), [(3600, 3600), (timedelta(hours=2), 7200), (0, 0), (None, None)]
)
def test_the_setting_says_how_long_a_file_may_be_kept(
    app: Flask, setting: timedelta | int | None, seconds: int | None
) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = setting
    response = sent(app, lambda: send_file("downloads/list.txt"))

    assert response.cache_control.max_age == seconds


@pytest.mark.parametrize("max_age", [60, lambda path: 60 if path.endswith("list.txt") else 0])
def test_a_call_may_say_how_long_a_file_may_be_kept(app: Flask, max_age: Any) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    response = sent(app, lambda: send_file("downloads/list.txt", max_age=max_age))

    assert response.cache_control.max_age == 60
    assert response.cache_control.public


def test_a_subclass_may_tell_files_apart(root: Path) -> None:
    class Shop(Flask):
        def get_send_file_max_age(self, filename: str | None) -> int | None:
            return 99 if filename is not None and filename.endswith(".css") else None

    app = Shop("shop", root_path=str(root))
    other = sent(app, lambda: send_file(root / "static/style.css"))

    assert other.cache_control.max_age == 99
    assert ask(app, "/static/style.css").cache_control.max_age == 99
    assert ask(app, "/static/deep/page.html").cache_control.max_age is None


# --- X-Sendfile --------------------------------------------------------------------------


def test_a_front_server_can_be_asked_to_send_the_file(app: Flask, root: Path) -> None:
    app.config["USE_X_SENDFILE"] = True
    response = sent(app, lambda: send_file("downloads/list.txt"))

    assert response.headers["X-Sendfile"] == str(root / "downloads/list.txt")
    assert response.data == b""


def test_files_of_a_folder_and_static_files_go_the_same_way(app: Flask, root: Path) -> None:
    app.config["USE_X_SENDFILE"] = True
    response = sent(app, lambda: send_from_directory("downloads", "list.txt"))

    assert response.headers["X-Sendfile"] == str(root / "downloads/list.txt")
    static = ask(app, "/static/style.css")
    assert static.headers["X-Sendfile"] == str(root / "static/style.css")


# --- send_from_directory -----------------------------------------------------------------


def test_a_file_below_a_folder_is_sent(app: Flask, root: Path) -> None:
    assert sent(app, lambda: send_from_directory("downloads", "list.txt")).text == TEXT
    with app.test_request_context():
        response = send_from_directory(root / "static", "deep/page.html", as_attachment=True)
        assert response.headers["Content-Disposition"] == "attachment; filename=page.html"
        response.close()


@pytest.mark.parametrize(
    "path",
    [
        "gone.txt",
        "../secret.txt",
        "../downloads/../secret.txt",
        "..",
        ".",
        "",
        "deep",
        "/etc/passwd",
        "nul\x00.txt",
        "long" * 5000,
    ],
)
def test_what_is_no_file_below_the_folder_is_404(app: Flask, root: Path, path: str) -> None:
    (root / "downloads/deep").mkdir()

    assert sent(app, lambda: send_from_directory("downloads", path)).status_code == 404
