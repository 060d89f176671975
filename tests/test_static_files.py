"""Folders of static files and resources, of an application and of its blueprints."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from typedflask import Blueprint, Flask, url_for


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root folder with static files, and a secret beside them."""
    for name, text in {
        "static/style.css": "body {}\n",
        "static/deep/page.html": "<p>deep\n",
        "static/naïve.txt": "umlauts\n",
        "assets/logo.txt": "logo\n",
        "secret.txt": "secret\n",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def ask(app: Flask, path: str, base_url: str | None = None) -> TestResponse:
    """The answer to a request, read to its end, so that no file stays open."""
    return app.test_client().get(path, base_url=base_url, buffered=True)


# --- static files ------------------------------------------------------------------------


def test_static_files_are_served_under_the_name_of_their_folder(root: Path) -> None:
    app = Flask("shop", root_path=str(root))

    assert ask(app, "/static/style.css").text == "body {}\n"
    assert ask(app, "/static/style.css").mimetype == "text/css"
    assert ask(app, "/static/deep/page.html").text == "<p>deep\n"
    assert ask(app, "/static/na%C3%AFve.txt").text == "umlauts\n"
    with app.test_request_context():
        assert url_for("static", filename="deep/page.html") == "/static/deep/page.html"
        assert url_for("static", filename="naïve.txt") == "/static/na%C3%AFve.txt"


@pytest.mark.parametrize(
    "path",
    [
        "/static/gone.css",
        "/static/",
        "/static/deep",
        "/static/../secret.txt",
        "/static/..%2fsecret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/%5c..%5csecret.txt",
        "/static/%00",
        "/static/style.css%00",
        "/static/%ff",
        "/static/%ed%a0%80",
        "/static/" + "a" * 5000,
    ],
)
def test_what_is_no_static_file_is_404(root: Path, path: str) -> None:
    assert ask(Flask("shop", root_path=str(root)), path).status_code == 404


@pytest.mark.parametrize(
    ("folder", "url_path", "url"),
    [
        ("assets", None, "/assets/logo.txt"),
        ("assets/", None, "/assets/logo.txt"),
        ("assets", "/files", "/files/logo.txt"),
        ("assets", "/files/", "/files/logo.txt"),
        ("assets", "", "/logo.txt"),
        (Path("assets"), "/a/b", "/a/b/logo.txt"),
    ],
)
def test_folder_and_url_of_static_files_can_be_others(
    root: Path, folder: str | Path, url_path: str | None, url: str
) -> None:
    app = Flask("shop", root_path=str(root), static_folder=folder, static_url_path=url_path)

    assert app.static_folder == str(root / "assets")
    assert ask(app, url).text == "logo\n"
    with app.test_request_context():
        assert url_for("static", filename="logo.txt") == url


def test_a_folder_may_lie_elsewhere(root: Path) -> None:
    app = Flask("shop", static_folder=root / "assets")

    assert app.static_url_path == "/assets"
    assert ask(app, "/assets/logo.txt").text == "logo\n"


def test_an_application_may_have_no_static_files(root: Path) -> None:
    app = Flask("shop", root_path=str(root), static_folder=None)

    assert not app.has_static_folder
    assert app.static_folder is None
    assert app.static_url_path is None
    assert "static" not in app.view_functions
    assert ask(app, "/static/style.css").status_code == 404
    with app.test_request_context(), pytest.raises(RuntimeError, match="has no static folder"):
        app.send_static_file("style.css")


def test_a_view_may_send_a_static_file(root: Path) -> None:
    app = Flask("shop", root_path=str(root))
    app.add_url_rule("/favicon.css", "icon", lambda: app.send_static_file("style.css"))

    assert ask(app, "/favicon.css").text == "body {}\n"


def test_static_files_may_be_served_on_a_host_of_their_own(root: Path) -> None:
    app = Flask("shop", root_path=str(root), static_host="files.example.org", host_matching=True)

    there = ask(app, "/static/style.css", "http://files.example.org")
    assert there.text == "body {}\n"
    assert ask(app, "/static/style.css", "http://example.org").status_code == 404
    with app.test_request_context(base_url="http://example.org"):
        assert url_for("static", filename="a.css") == "http://files.example.org/static/a.css"


@pytest.mark.parametrize(("host", "matching"), [("files.example.org", False), (None, True)])
def test_a_static_host_and_matching_of_hosts_belong_together(
    host: str | None, matching: bool
) -> None:
    with pytest.raises(ValueError, match="belong together"):
        Flask("shop", static_host=host, host_matching=matching)


def test_without_static_files_hosts_may_be_matched_without_a_static_host() -> None:
    app = Flask("shop", static_folder=None, host_matching=True)
    app.add_url_rule("/", "page", lambda: "here", host="a.example.org")

    assert ask(app, "/", "http://a.example.org").text == "here"
    assert ask(app, "/", "http://b.example.org").status_code == 404


# --- of blueprints -----------------------------------------------------------------------


def test_a_blueprint_serves_its_files_below_its_prefix(root: Path) -> None:
    app = Flask("shop", root_path=str(root))
    blueprint = Blueprint(
        "side", __name__, root_path=str(root), static_folder="assets", url_prefix="/side"
    )
    blueprint.add_url_rule("/", "page", lambda: url_for(".static", filename="logo.txt"))
    app.register_blueprint(blueprint)

    assert ask(app, "/side/assets/logo.txt").text == "logo\n"
    assert ask(app, "/side/").text == "/side/assets/logo.txt"
    assert ask(app, "/assets/logo.txt").status_code == 404
    with app.test_request_context():
        assert url_for("side.static", filename="logo.txt") == "/side/assets/logo.txt"


def test_a_blueprint_may_name_the_url_of_its_files(root: Path) -> None:
    app = Flask("shop", root_path=str(root))
    app.register_blueprint(
        Blueprint(
            "side",
            __name__,
            root_path=str(root),
            static_folder="assets",
            static_url_path="/files/of/side",
        )
    )

    assert ask(app, "/files/of/side/logo.txt").text == "logo\n"


def test_a_nested_blueprint_serves_its_files_below_both_prefixes(root: Path) -> None:
    app = Flask("shop", root_path=str(root))
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    inner = Blueprint(
        "inner", __name__, root_path=str(root), static_folder="assets", url_prefix="/inner"
    )
    outer.register_blueprint(inner)
    app.register_blueprint(outer)

    assert ask(app, "/outer/inner/assets/logo.txt").text == "logo\n"
    with app.test_request_context():
        built = url_for("outer.inner.static", filename="logo.txt")
    assert built == "/outer/inner/assets/logo.txt"


def test_a_blueprint_may_say_how_long_its_files_may_be_kept(root: Path) -> None:
    class Side(Blueprint):
        def get_send_file_max_age(self, filename: str | None) -> int | None:
            return 60

    app = Flask("shop", root_path=str(root))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.register_blueprint(Side("side", __name__, root_path=str(root), static_folder="assets"))

    assert ask(app, "/assets/logo.txt").cache_control.max_age == 60
    assert ask(app, "/static/style.css").cache_control.max_age == 3600


def test_a_blueprint_without_a_static_folder_has_none_to_send_from() -> None:
    app, blueprint = Flask("shop"), Blueprint("side", __name__)
    with app.test_request_context(), pytest.raises(RuntimeError, match="has no static folder"):
        blueprint.send_static_file("logo.txt")


# --- resources ---------------------------------------------------------------------------


def test_a_resource_is_opened_for_reading_bytes_or_text(root: Path) -> None:
    app = Flask("shop", root_path=str(root))
    with app.open_resource("static/naïve.txt") as file:
        assert file.read() == b"umlauts\n"
    for mode in ("r", "rt"):
        with app.open_resource("static/naïve.txt", mode) as file:
            assert file.read() == "umlauts\n"


def test_the_encoding_of_a_resource_is_utf_8_unless_told_otherwise(root: Path) -> None:
    (root / "words.txt").write_bytes("grüße".encode())
    (root / "old.txt").write_bytes("grüße".encode("latin-1"))
    blueprint = Blueprint("side", __name__, root_path=str(root))
    with blueprint.open_resource("words.txt", "r") as file:
        assert file.read() == "grüße"
    with blueprint.open_resource("old.txt", "r", "latin-1") as file:
        assert file.read() == "grüße"


@pytest.mark.parametrize("mode", ["w", "x", "a", "rw", "r+", "wb", ""])
def test_a_resource_cannot_be_opened_for_writing(root: Path, mode: str) -> None:
    app = Flask("shop", root_path=str(root))

    with pytest.raises(ValueError, match="Resources are for reading"):
        app.open_resource("secret.txt", mode)
    assert (root / "secret.txt").read_text(encoding="utf-8") == "secret\n"


def test_files_of_the_instance_folder_can_be_written_and_read(tmp_path: Path) -> None:
    app = Flask("shop", instance_path=str(tmp_path))
    with app.open_instance_resource("state.bin", "wb") as file:
        file.write(b"\x00\x01")
    with app.open_instance_resource("state.bin") as file:
        assert file.read() == b"\x00\x01"
    with app.open_instance_resource("words.txt", "w") as file:
        file.write("grüße")
    with app.open_instance_resource("words.txt", "r") as file:
        assert file.read() == "grüße"
    assert (tmp_path / "words.txt").read_bytes() == "grüße".encode()
    with app.open_instance_resource("words.txt", "r", encoding="latin-1") as file:
        assert file.read() != "grüße"
