"""Folders: static files and templates of applications and blueprints, roots, instance folders."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from typedflask import Blueprint, Flask, render_template, url_for


def fetch(app: Flask, path: str) -> str | int:
    """The text of an answer, or its status if that is not 200."""
    response = app.test_client().get(path)
    answer = response.text if response.status_code == 200 else response.status_code
    response.close()
    return answer


def write(root: Path, **files: str) -> Path:
    """Write files named with double underscores for slashes and single ones for dots."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


# --- static files ------------------------------------------------------------------------


def test_the_static_folder_of_an_application_is_served_under_its_name(tmp_path: Path) -> None:
    app = Flask(__name__, root_path=str(write(tmp_path, static__sub__a_txt="a")))
    assert fetch(app, "/static/sub/a.txt") == "a"
    assert fetch(app, "/static/missing") == 404
    assert fetch(app, "/static/../test_folders.py") == 404
    assert app.static_folder == str(tmp_path / "static")
    with app.test_request_context():
        assert url_for("static", filename="sub/a.txt") == "/static/sub/a.txt"


@pytest.mark.parametrize(
    ("folder", "url_path", "path"),
    [
        ("files", None, "/files/a.txt"),
        ("files/", None, "/files/a.txt"),
        ("deep/files", None, "/files/a.txt"),
        ("files", "/x", "/x/a.txt"),
        ("files", "/x/", "/x/a.txt"),
        ("files", "", "/a.txt"),
    ],
)
def test_static_files_may_lie_and_be_served_elsewhere(
    tmp_path: Path, folder: str, url_path: str | None, path: str
) -> None:
    write(tmp_path, files__a_txt="a", deep__files__a_txt="a")
    app = Flask(__name__, root_path=str(tmp_path), static_folder=folder, static_url_path=url_path)
    assert fetch(app, path) == "a"


def test_a_static_folder_may_be_a_path_object_or_absolute(tmp_path: Path) -> None:
    app = Flask(__name__, static_folder=write(tmp_path / "s", a_txt="a"), root_path=".")
    assert fetch(app, "/s/a.txt") == "a"


def test_without_a_static_folder_there_is_no_static_endpoint() -> None:
    app = Flask(__name__, static_folder=None)
    assert not app.has_static_folder
    assert (app.static_folder, app.static_url_path) == (None, None)
    assert list(app.url_map.iter_rules()) == []
    with app.test_request_context(), pytest.raises(RuntimeError, match="has no static folder"):
        app.send_static_file("a.txt")


def test_static_files_of_a_blueprint_are_served_below_its_prefix(tmp_path: Path) -> None:
    write(tmp_path, own__a_txt="of the blueprint", static__a_txt="of the application")
    app = Flask(__name__, root_path=str(tmp_path))
    root = str(tmp_path)
    made = Blueprint("b", __name__, static_folder="own", url_prefix="/b", root_path=root)
    inner = Blueprint("i", __name__, static_folder="own", static_url_path="/f", root_path=root)
    made.register_blueprint(inner, url_prefix="/i")
    made.add_url_rule("/", "index", lambda: url_for(".static", filename="a.txt"))
    app.register_blueprint(made)
    assert fetch(app, "/static/a.txt") == "of the application"
    assert fetch(app, "/b/own/a.txt") == fetch(app, "/b/i/f/a.txt") == "of the blueprint"
    assert fetch(app, "/b/") == "/b/own/a.txt"
    with app.test_request_context():
        assert url_for("b.i.static", filename="a.txt") == "/b/i/f/a.txt"


def test_without_a_prefix_the_static_files_of_the_application_come_first(tmp_path: Path) -> None:
    write(tmp_path, app__static__a_txt="app", app__static__both_txt="app", b__static__both_txt="b")
    app = Flask(__name__, root_path=str(tmp_path / "app"))
    app.register_blueprint(
        Blueprint("b", __name__, static_folder="static", root_path=str(tmp_path / "b"))
    )
    assert fetch(app, "/static/both.txt") == "app"


@pytest.mark.parametrize(
    ("setting", "header"),
    [
        (None, "no-cache"),
        (60, "public, max-age=60"),
        (timedelta(hours=1), "public, max-age=3600"),
    ],
)
def test_a_setting_says_how_long_static_files_may_be_kept(
    tmp_path: Path, setting: timedelta | int | None, header: str
) -> None:
    app = Flask(__name__, root_path=str(write(tmp_path, static__a_txt="a")))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = setting
    response = app.test_client().get("/static/a.txt")
    response.close()
    assert response.headers["Cache-Control"] == header


def test_a_blueprint_may_say_how_long_its_own_static_files_may_be_kept(tmp_path: Path) -> None:
    class Own(Blueprint):
        def get_send_file_max_age(self, filename: str | None) -> int | None:
            return len(filename or "")

    app = Flask(__name__, root_path=str(write(tmp_path, own__a_txt="a")))
    app.register_blueprint(Own("b", __name__, static_folder="own", root_path=str(tmp_path)))
    response = app.test_client().get("/own/a.txt")
    response.close()
    assert response.headers["Cache-Control"] == "public, max-age=5"


# --- templates ---------------------------------------------------------------------------


def test_templates_of_the_application_come_before_those_of_blueprints(tmp_path: Path) -> None:
    write(tmp_path, templates__x_html="app", b__x_html="b", b__y_html="b", c__y_html="c")
    root = str(tmp_path)
    app = Flask(__name__, root_path=root)
    for name in "bc":
        app.register_blueprint(Blueprint(name, __name__, template_folder=name, root_path=root))
    app.add_url_rule("/<name>", "render", lambda name: render_template(f"{name}.html"))
    assert (fetch(app, "/x"), fetch(app, "/y")) == ("app", "b")


# --- roots and resources -----------------------------------------------------------------


def test_the_root_is_the_folder_of_the_module_unless_given(tmp_path: Path) -> None:
    folder = str(Path(__file__).absolute().parent)
    assert Flask(__name__).root_path == Blueprint("b", __name__).root_path == folder
    assert Flask("json").root_path == str(Path(sys.modules["json"].__file__ or "").parent)
    for without_a_file in ("unknown.module", "sys", "__main__.x"):
        assert Flask(without_a_file).root_path == str(Path.cwd())
    assert Flask(__name__, root_path=str(tmp_path)).root_path == str(tmp_path)


def test_resources_are_read_from_the_root_and_never_written(tmp_path: Path) -> None:
    write(tmp_path, data__a_txt="ü")
    made = Blueprint("b", __name__, root_path=str(tmp_path))
    with made.open_resource("data/a.txt") as binary:
        assert binary.read() == "ü".encode()
    with made.open_resource("data/a.txt", "r") as text:
        assert text.read() == "ü"
    with made.open_resource("data/a.txt", "rt", encoding="latin-1") as text:
        assert text.read() == "Ã¼"
    with pytest.raises(ValueError, match="'w'"):
        made.open_resource("data/a.txt", "w")


def test_instance_resources_are_read_and_written_in_the_instance_folder(tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    assert app.instance_path == str(tmp_path)
    with app.open_instance_resource("a.txt", "w") as text:
        text.write("ü")
    with app.open_instance_resource("a.txt") as binary:
        assert binary.read() == "ü".encode()


def test_an_instance_path_is_absolute() -> None:
    with pytest.raises(ValueError, match=r"'relative' is relative"):
        Flask(__name__, instance_path="relative")


def test_configuration_files_may_be_named_relative_to_the_instance_folder(tmp_path: Path) -> None:
    write(tmp_path, instance__c_json='{"A": 1}', c_json='{"A": 2}')
    for relative, expected in ((True, 1), (False, 2)):
        app = Flask(
            __name__,
            root_path=str(tmp_path),
            instance_path=str(tmp_path / "instance"),
            instance_relative_config=relative,
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir("/")
            import json

            assert app.config.from_file("c.json", json.load)
        assert app.config["A"] == expected


# --- where the instance folder is found --------------------------------------------------


PLACES = """\
import importlib, sys
sys.path[:0] = {paths!r}
import typedflask
if {prefix!r}:
    sys.prefix = {prefix!r}
if {load!r}:
    importlib.import_module({name!r})
app = typedflask.Flask({name!r})
print(app.root_path)
print(app.instance_path)
"""


def places(name: str, *paths: Path, prefix: str = "", load: bool = False) -> list[str]:
    """Root and instance folder of an application, found in an interpreter of its own."""
    code = PLACES.format(paths=[str(path) for path in paths], prefix=prefix, name=name, load=load)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("load", [False, True])
def test_an_application_that_is_not_installed_has_its_instance_folder_beside_it(
    tmp_path: Path, load: bool
) -> None:
    write(tmp_path, module_py="", package__sub_py="", space__part__sub_py="")
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "space" / "part" / "__init__.py").touch()
    beside = str(tmp_path / "instance")
    assert places("module", tmp_path, load=load) == [str(tmp_path), beside]
    assert places("package", tmp_path, load=load) == [str(tmp_path / "package"), beside]
    assert places("package.sub", tmp_path, load=load) == [str(tmp_path / "package"), beside]
    assert places("space.part", tmp_path, load=load) == [str(tmp_path / "space/part"), beside]


@pytest.mark.parametrize(
    ("folder", "prefix"),
    [
        ("lib/python3.11/site-packages", "."),
        ("Lib/site-packages", "."),
        ("odd/place/site-packages", "odd/place"),
    ],
)
def test_an_installed_application_has_its_instance_folder_under_the_prefix(
    tmp_path: Path, folder: str, prefix: str
) -> None:
    site = tmp_path / folder
    (site / "package").mkdir(parents=True)
    (site / "package" / "__init__.py").touch()
    (site / "package" / "sub.py").touch()
    instance = tmp_path / prefix / "var" / "package.sub-instance"
    assert places("package.sub", site) == [str(site / "package"), str(instance)]


def test_what_lies_under_the_interpreters_prefix_is_installed(tmp_path: Path) -> None:
    write(tmp_path, anywhere__module_py="")
    instance = str(tmp_path / "var" / "module-instance")
    found = places("module", tmp_path / "anywhere", prefix=str(tmp_path))
    assert found == [str(tmp_path / "anywhere"), instance]


def test_a_namespace_package_has_no_root_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one" / "space").mkdir(parents=True)
    write(tmp_path / "two" / "space", module_py="")
    one, two = tmp_path / "one", tmp_path / "two"
    assert places("space.module", one, two)[1] == str(two / "instance")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        places("space", one, two, load=True)
    assert "'space' is a namespace package" in failed.value.stderr
    assert "root_path" in failed.value.stderr


def test_a_program_that_is_run_directly_is_named_after_its_file(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, typedflask\nsys.prefix = sys.argv[1] or sys.prefix\n"
        "app = typedflask.Flask('__main__')\nprint(app.name, app.root_path, app.instance_path)\n"
    )
    for prefix, instance in (("", "instance"), (str(tmp_path), "var/program-instance")):
        command = [sys.executable, str(program), prefix]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["program", str(tmp_path), str(tmp_path / instance)]
