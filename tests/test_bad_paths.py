"""Bad input in paths: to rules, and to files below a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from tests.watching import Watched
from typedflask import Flask, Response, abort, request, send_from_directory, url_for

ODD_PATHS = [
    "",
    "/",
    "//",
    "///a",
    "a",
    ".",
    "..",
    "/..",
    "/../..",
    "/./.",
    "/\x00",
    "/a\x00b",
    "/\xff",
    "/\xc3",
    "/\xed\xa0\x80",
    "/\xc0\xae\xc0\xae/",
    "/%",
    "/%2e%2e",
    "/a\r\nb",
    "/a\tb",
    "/\x7f",
    "/a?b",
    "/a#b",
    "/[",
    "/http://[",
    "/@evil.example",
    "//evil.example/a",
    "/\\evil.example",
    "/" + "a" * 100_000,
    "/" + "a/" * 5_000,
    "/number/" + "9" * 5_000,
    "/number/-1",
    "/number/\xc2\xb2",
    "/decimal/" + "9" * 5_000 + ".0",
    "/decimal/1e5",
    "/unique/00000000-0000-0000-0000-00000000000g",
    "/slash\xff",
    "/slash\x00",
    "/in\x00/slash",
    "/in\xff/slash",
]


def ruled() -> Watched:
    app = Flask(__name__)
    app.add_url_rule("/path/<path:path>", "path", lambda path: [path, request.path, request.url])
    app.add_url_rule("/number/<int:number>", "number", lambda number: str(number % 10))
    app.add_url_rule("/decimal/<float:number>", "decimal", lambda number: f"{number}")
    app.add_url_rule("/unique/<uuid:number>", "unique", lambda number: f"{number}")
    app.add_url_rule("/in/<name>/slash/", "inner", lambda name: name)
    app.add_url_rule("/<name>/slash/", "slash", lambda name: url_for("slash", name=name))
    app.add_url_rule("/go/<name>/", "go", lambda name: name)
    return Watched(app)


@pytest.mark.parametrize("path", ODD_PATHS)
@pytest.mark.parametrize("root", ["", "/root", "/r\xff\x00t"])
def test_an_odd_path_is_answered_or_not_found(path: str, root: str) -> None:
    watched = ruled()
    for prefix in ("", "/path", "/go", "/in"):
        answer = watched.ask(environ={"PATH_INFO": prefix + path, "SCRIPT_NAME": root})
        assert answer.status in {200, 308, 400, 404}


def test_bytes_of_a_path_that_are_no_text_are_replaced() -> None:
    answer = ruled().ask(environ={"PATH_INFO": "/in/a\xff\xc3\xbc/slash/"})

    assert answer.text == "a\ufffdü"


def test_a_redirect_to_the_canonical_path_keeps_what_was_asked_for() -> None:
    answer = ruled().ask(environ={"PATH_INFO": "/go/a\x00\r\nb", "QUERY_STRING": "c=\x00\r\nd"})

    assert answer.status == 308
    assert answer.header("Location") == "http://localhost/go/a%00%0D%0Ab/?c=%00%0D%0Ad"


@given(path=st.text(st.characters(max_codepoint=255), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_path_is_answered_or_not_found(path: str) -> None:
    watched = ruled()
    for prefix in ("", "/path/", "/go/", "/number/"):
        watched.ask(environ={"PATH_INFO": prefix + path})


@pytest.mark.parametrize("method", ["", "get", "\xff", "\x00", "A" * 10_000, "G ET", "HEAD\r\n"])
def test_an_odd_method_is_not_allowed(method: str) -> None:
    answer = ruled().ask("/number/1", environ={"REQUEST_METHOD": method})

    assert answer.status in ({200} if method == "get" else {200, 405})


# --- files below a folder ----------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to serve, with secrets around it."""
    served = tmp_path / "served"
    (served / "inner").mkdir(parents=True)
    (served / "file.txt").write_text("content")
    (served / "inner" / "file.txt").write_text("inner content")
    (served / ".hidden").write_text("hidden content")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "served-too").mkdir()
    (tmp_path / "served-too" / "secret.txt").write_text("secret")
    return served


def serving(folder: Path) -> Watched:
    """An application that serves the folder, by a path and by a query parameter."""
    app = Flask(__name__, static_folder=str(folder), static_url_path="/static")

    @app.get("/files/<path:path>")
    def by_path(path: str) -> Response:
        return send_from_directory(folder, path)

    @app.get("/query")
    def by_query() -> Response:
        return send_from_directory(folder, request.args["path"])

    return Watched(app)


OUTSIDE = [
    "../secret.txt",
    "..",
    "../",
    ".",
    "",
    "/",
    "../served/../secret.txt",
    "inner/../../secret.txt",
    "inner/../../served-too/secret.txt",
    "../served-too/secret.txt",
    "./../secret.txt",
    "....//secret.txt",
    "..//secret.txt",
    "//../secret.txt",
    "..\\secret.txt",
    "..\\..\\secret.txt",
    "inner\\..\\..\\secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "..%5csecret.txt",
    "C:/secret.txt",
    "C:\\secret.txt",
    "\\\\host\\share",
    "/etc/passwd",
    "//etc/passwd",
    "file:///etc/passwd",
    "~/secret.txt",
    "file.txt\x00",
    "../secret.txt\x00.txt",
    "\x00",
    "inner",
    "inner/",
    "nowhere.txt",
    "a" * 300,
    "a/" * 3_000,
    "\xff",
    "\ud800",
    "CON",
    "file.txt::$DATA",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_what_leads_out_of_the_folder_or_is_no_file_is_404(folder: Path, path: str) -> None:
    watched = serving(folder)
    encoded = path.encode("utf-8", "surrogatepass").decode("latin-1")
    for prefix in ("/files/", "/static/"):
        answer = watched.ask(environ={"PATH_INFO": prefix + encoded})
        # Doubled slashes are merged by a redirect before any view is asked.
        assert answer.status in ({404, 308} if "//" in prefix + path else {404})
        assert "secret" not in (answer.header("Content-Type") or "")
        assert answer.body != b"secret"
    with watched.app.test_request_context(), pytest.raises(NotFound):
        send_from_directory(folder, path)


def test_files_of_the_folder_are_served(folder: Path) -> None:
    watched = serving(folder)

    assert watched.ask("/files/file.txt").body == b"content"
    assert watched.ask("/files/inner/file.txt").body == b"inner content"
    assert watched.ask("/files/.hidden").body == b"hidden content"
    assert watched.ask("/static/inner/file.txt").body == b"inner content"


def test_an_absolute_path_inside_the_folder_is_not_below_it(folder: Path) -> None:
    watched = serving(folder)

    assert watched.ask("/query", query_string={"path": str(folder / "file.txt")}).status == 404


def test_a_link_inside_the_folder_is_followed_as_documented(folder: Path) -> None:
    # Who may put links into the folder may serve what they lead to (Werkzeug's `safe_join`).
    os.symlink(folder.parent / "secret.txt", folder / "link.txt")
    os.symlink(folder / "nowhere", folder / "dangling.txt")
    os.symlink(folder / "loop", folder / "loop")
    watched = serving(folder)

    assert watched.ask("/files/link.txt").body == b"secret"
    assert watched.ask("/files/dangling.txt").status == 404
    assert watched.ask("/files/loop").status == 404


def test_a_file_that_is_no_regular_one_is_404(folder: Path) -> None:
    os.mkfifo(folder / "pipe")

    assert serving(folder).ask("/files/pipe").status == 404


@given(path=st.text(st.sampled_from("./\\~:%ab\x00é") | st.characters(), max_size=20))
@settings(max_examples=150, deadline=None)
def test_no_path_leads_to_what_lies_outside(
    tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    base = tmp_path_factory.getbasetemp() / "paths"
    if not base.exists():
        (base / "served").mkdir(parents=True)
        (base / "secret.txt").write_text("secret")
        (base / "served" / "a").write_text("content")
    encoded = path.encode("utf-8", "replace").decode("latin-1")

    answer = serving(base / "served").ask(environ={"PATH_INFO": f"/files/{encoded}"})

    assert answer.body == b"content" if answer.status == 200 else answer.status in {308, 404}


def test_the_page_of_a_missing_file_may_be_styled(folder: Path) -> None:
    watched = serving(folder)

    @watched.app.errorhandler(404)
    def styled(error: Exception) -> tuple[str, int]:
        return url_for("static", filename="style.css"), 404

    assert watched.ask("/files/%00").text == "/static/style.css"


def test_a_path_that_a_view_refuses_is_not_looked_up(folder: Path) -> None:
    app = Flask(__name__)
    app.url_value_preprocessor(lambda endpoint, values: abort(403))
    app.add_url_rule("/<path:path>", "serve", lambda path: send_from_directory(folder, path))

    assert Watched(app).ask("/file.txt").status == 403
