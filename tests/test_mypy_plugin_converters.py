"""What a converter of the project gives is known where its rules are, imported there or not.

A module of views need not import the class of a converter, nor the module that registers it. Still
the types are compared: in the first run, in later ones, by worker processes, and after an edit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the checkers are installed on the main version only")

from tests.mypy_projects import (
    MYPY_INI,
    Lines,
    errors_of,
    errors_of_command,
    lay_out,
    marked,
)

pytestmark = pytest.mark.types

VIEWS = """
    from typedflask import Blueprint

    views = Blueprint("views", __name__, url_prefix="/<tenant:tenant>")


    @views.get("/<year:when>")
    def year(when: str, tenant: str) -> str:  # E: an int is given
        return when


    @views.get("/of/<year:when>")
    def of(when: int, tenant: int) -> str:  # E: the blueprint's prefix gives text
        return str(when)


    @views.get("/fine/<year:when>")
    def fine(when: int, tenant: str) -> str:
        return str(when)
"""

APPLICATION = """
    from typedflask import Flask
    from .bases import Tenant
    from .converters import YearConverter
    from .views import views


    def create_app() -> Flask:
        app = Flask(__name__)
        app.url_map.converters["year"] = YearConverter
        app.url_map.converters["tenant"] = Tenant
        app.register_blueprint(views)
        return app
"""

BASES = """
    from werkzeug.routing import BaseConverter


    class Tenant(BaseConverter):
        pass


    class Whole(BaseConverter):
        def to_python(self, value: str) -> int:
            return int(value)
"""

CONVERTERS = """
    from .bases import Whole


    class YearConverter(Whole):
        regex = r"[0-9]{4}"
"""


def project(top: str) -> dict[str, str]:
    """A project whose views import no converter, with its package in the folder `top`."""
    return {
        "mypy.ini": MYPY_INI,
        f"{top}/shop/__init__.py": "",
        f"{top}/shop/application.py": APPLICATION,
        f"{top}/shop/bases.py": BASES,
        f"{top}/shop/converters.py": CONVERTERS,
        f"{top}/shop/views.py": VIEWS,
    }


def above(found: Lines) -> Lines:
    """A decorated function is reported at its decorator: here always the line above the marked one."""
    return {path: {number + 1 for number in lines} for path, lines in found.items()}


def edit(path: Path, old: str, new: str) -> None:
    """Replace a passage of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("top", [".", "src"])
def test_a_converter_that_the_views_do_not_import_is_known(
    top: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cold and warm; mypy may call the modules by other names than their folders have."""
    lay_out(tmp_path, project(top))
    for _ in range(2):
        assert above(errors_of(tmp_path, top, monkeypatch=monkeypatch)) == marked(tmp_path)


def test_an_edited_converter_is_compared_with_views_that_did_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edited in the class itself, and in the class it inherits from."""
    lay_out(tmp_path, project("."))
    both = marked(tmp_path)["shop/views.py"]
    year = min(both)
    views = {number - 1 for number in both}
    assert errors_of(tmp_path, "shop", monkeypatch=monkeypatch) == {"shop/views.py": views}

    bases, converters = tmp_path / "shop" / "bases.py", tmp_path / "shop" / "converters.py"
    edit(bases, "-> int:\n        return int(value)", "-> str:\n        return value")
    after = errors_of(tmp_path, "shop", monkeypatch=monkeypatch)["shop/views.py"]
    assert year - 1 not in after
    assert views - {year - 1} < after  # now the views that take an int are wrong

    own = "\n    def to_python(self, value: str) -> int:  # type: ignore[override]\n        return 1\n"
    converters.write_text(converters.read_text("utf-8") + own, encoding="utf-8")
    assert errors_of(tmp_path, "shop", monkeypatch=monkeypatch) == {"shop/views.py": views}


def test_another_converter_registered_under_the_name_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the views need to know is then in a module that they did not need before."""
    lay_out(tmp_path, project("."))
    assert above(errors_of(tmp_path, "shop", monkeypatch=monkeypatch)) == marked(tmp_path)
    edit(tmp_path / "shop" / "application.py", '["tenant"] = Tenant', '["tenant"] = YearConverter')
    lines = (tmp_path / "shop" / "views.py").read_text(encoding="utf-8").splitlines()
    takes_text = {number for number, line in enumerate(lines, 1) if "tenant: str" in line}
    after = above(errors_of(tmp_path, "shop", monkeypatch=monkeypatch))
    assert after == {"shop/views.py": takes_text} != marked(tmp_path)


def test_a_converter_in_the_module_that_imports_the_views_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the two modules need each other."""
    inside = APPLICATION.replace("from .converters import", "from .bases import Whole #").replace(
        "    def create_app",
        "    class YearConverter(Whole):\n        pass\n\n\n    def create_app",
    )
    lay_out(tmp_path, {**project("."), "shop/application.py": inside})
    (tmp_path / "shop" / "converters.py").unlink()
    for _ in range(2):
        assert above(errors_of(tmp_path, "shop", monkeypatch=monkeypatch)) == marked(tmp_path)


def test_no_import_is_reported_that_nobody_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where following an import is an error, the plugin lets mypy follow none for its sake."""
    lay_out(tmp_path, {**project("."), "plain.ini": MYPY_INI.replace("plugins =", "# ")})
    arguments = ("shop/views.py", "--follow-imports", "error")
    with_plugin = errors_of(tmp_path, *arguments, monkeypatch=monkeypatch)
    plain = errors_of(tmp_path, *arguments, "--config-file", "plain.ini", monkeypatch=monkeypatch)
    assert with_plugin == plain


@pytest.mark.slow
def test_worker_processes_find_the_same(tmp_path: Path) -> None:
    """Each of them knows only the modules that those it checks depend on; cold and warm."""
    lay_out(tmp_path, project("."))
    for _ in range(2):
        assert above(errors_of_command(tmp_path, "-n", "2", "shop")) == marked(tmp_path)
    edit(tmp_path / "shop" / "bases.py", "-> int:", "-> str:")
    edit(tmp_path / "shop" / "bases.py", "return int(value)", "return value")
    one = errors_of_command(tmp_path, "-n", "2", "shop")
    lay_out(tmp_path / "other", project("."))
    edit(tmp_path / "other" / "shop" / "bases.py", "-> int:", "-> str:")
    edit(tmp_path / "other" / "shop" / "bases.py", "return int(value)", "return value")
    assert one == errors_of_command(tmp_path / "other", "shop") != {}
