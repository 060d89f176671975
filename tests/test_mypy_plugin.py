"""The mypy plugin finds what types cannot say, where it is, and is silent where it cannot know.

mypy runs inside the test process, so that the plugin's own lines are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the checkers are installed on the main version only")

from tests.mypy_projects import MYPY_INI, errors_of, lay_out, marked, output_of
from typedflask.mypy_plugin import reporting

EXAMPLES = Path(__file__).parent / "typing"
pytestmark = pytest.mark.types

SHOP = {
    "mypy.ini": MYPY_INI,
    "shop/__init__.py": """
        from typedflask import Flask
        from . import admin, goods


        def create_app() -> Flask:
            app = Flask(__name__)
            app.url_map.converters["year"] = goods.YearConverter
            goods.shop.register_blueprint(admin.admin, url_prefix="/admin")
            app.register_blueprint(goods.shop, url_prefix="/shop")
            return app
    """,
    "shop/goods.py": """
        from __future__ import annotations

        from typing import Any
        from uuid import UUID

        from werkzeug.routing import BaseConverter

        from typedflask import Blueprint, render_template, url_for
        from typedflask.views import MethodView, View

        shop = Blueprint("shop", __name__)


        class YearConverter(BaseConverter):
            regex = r"[0-9]{4}"

            def to_python(self, value: str) -> int:
                return int(value)


        @shop.get("/")
        def index() -> str:
            return render_template("index.html")


        @shop.get("/typo")
        def typo() -> str:
            return render_template("indx.html")  # E: template


        @shop.get("/items/<int:item_id>")
        def item(item_id: int) -> str:
            return url_for("shop.item", item_id=item_id)


        @shop.get("/wrong/<int:item_id>")
        def wrong(item_id: str) -> str:  # E: type
            return item_id


        @shop.get("/lost/<uuid:key>")
        def lost() -> str:  # E: missing
            return ""


        @shop.get("/more")
        def more(page: int) -> str:  # E: superfluous
            return str(page)


        @shop.get("/fine/<uuid:key>/<path:rest>/<float:x>/<any(a, b):which>/<year:when>")
        def fine(key: UUID, rest: str, x: float, which: str, when: int, tab: str = "") -> str:
            return tab


        @shop.get("/year/<year:when>")
        def year(when: UUID) -> str:  # E: converter of the project
            return str(when)


        @shop.get("/open/<name>")
        def opened(**values: Any) -> str:
            return str(values)


        class Page(View):
            def dispatch_request(self, slug: str) -> str:
                return slug


        class Items(MethodView):
            def get(self, item_id: int) -> str:
                return url_for(".item", item_id=item_id)

            def put(self, item_id: str) -> str:
                return item_id


        shop.add_url_rule("/page/<slug>", view_func=Page.as_view("page"))
        shop.add_url_rule("/page2/<int:slug>", view_func=Page.as_view("page2"))  # E: type
        shop.add_url_rule("/api/<int:item_id>", view_func=Items.as_view("items"))  # E: put
        shop.add_url_rule("/again", "again", index)
        shop.add_url_rule("/again2", "again", typo)  # E: duplicate
    """,
    "shop/templates/index.html": "<p>index",
    "shop/admin.py": """
        from typedflask import Blueprint, current_app, redirect, url_for
        from typedflask.typing import ResponseReturnValue

        admin = Blueprint("admin", __name__)


        @admin.get("/")
        def home() -> ResponseReturnValue:
            return redirect(url_for("shop.admin.users"))


        @admin.get("/users")
        def users() -> ResponseReturnValue:
            url_for("shop.item")  # E: a value is missing
            url_for("shop.admin.user")  # E: no such endpoint
            url_for(".home")
            url_for("static", filename="style.css")
            current_app.config["SECRET_KEY"] = 12345  # E: type
            current_app.config["PERMANENT_SESSION_LIFETIME"] = "31 days"  # E: type
            current_app.config["SHOP_NAME"] = 1
            print(current_app.config["MAX_CONTENT_LENGHT"])  # E: misspelt
            return ""
    """,
}

DYNAMIC = {
    "mypy.ini": MYPY_INI,
    "loose.py": """
        import os

        from typedflask import Flask, url_for

        app = Flask(__name__)
        for name in os.listdir("pages"):
            app.add_url_rule(f"/{name}", name, lambda: "page")


        @app.get("/")
        def index() -> str:
            return url_for("some-page")


        @app.url_value_preprocessor
        def take(endpoint: str | None, values: dict[str, object] | None) -> None:
            if values is not None:
                values.pop("lang", None)


        @app.get("/<lang>/about")
        def about() -> str:
            return "about"
    """,
}


def test_a_project_s_mistakes_are_reported_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Rules against views, endpoints across modules, settings and templates; cold and warm alike.
    """
    lay_out(tmp_path, SHOP)
    found = errors_of(tmp_path, "shop", monkeypatch=monkeypatch)
    expected = marked(tmp_path)
    for path, lines in expected.items():
        # A decorated function is reported at its decorator or at its name.
        near = {line for number in found.get(path, set()) for line in (number, number + 1)}
        assert lines <= near, (path, lines - near, found)
        assert all(line in lines or line + 1 in lines for line in found[path]), (path, found[path])
    assert found.keys() == expected.keys()
    assert errors_of(tmp_path, "shop", monkeypatch=monkeypatch) == found


def test_a_renamed_endpoint_is_noticed_in_a_module_that_did_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The cache of the unchanged module does not hide that its `url_for` leads nowhere now.
    """
    lay_out(tmp_path, SHOP)
    before = errors_of(tmp_path, "shop", monkeypatch=monkeypatch)["shop/goods.py"]
    goods = tmp_path / "shop" / "goods.py"
    text = goods.read_text(encoding="utf-8")
    goods.write_text(
        text.replace('"/items/<int:item_id>")', '"/items/<int:item_id>", endpoint="thing")'),
        encoding="utf-8",
    )
    after = errors_of(tmp_path, "shop", monkeypatch=monkeypatch)["shop/goods.py"]
    line = text.splitlines().index('    return url_for("shop.item", item_id=item_id)') + 1
    assert line not in before
    assert line in after


def test_where_routes_are_dynamic_nothing_is_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    An endpoint may come from anywhere there, and a preprocessor may take a variable out.
    """
    lay_out(tmp_path, DYNAMIC)
    assert errors_of(tmp_path, "loose.py", monkeypatch=monkeypatch) == {}


def test_the_samples_that_need_the_plugin_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Each sample is a project of its own; `tools/checkers.py` asks the same of all of them at once.
    """
    lay_out(tmp_path, {"mypy.ini": MYPY_INI})
    needed = [p for p in (EXAMPLES / "bad").glob("*.py") if "needs: plugin" in p.read_text("utf-8")]
    assert needed
    found: dict[str, set[int]] = {}
    for source in needed:
        (tmp_path / source.name).write_text(source.read_text("utf-8"), encoding="utf-8")
        found |= errors_of(tmp_path, source.name, monkeypatch=monkeypatch)
    for name, lines in marked(tmp_path).items():
        assert found.get(name, set()) & lines, name


PAGE = Path(__file__).parent.parent / "docs" / "mypy-plugin.md"
SECTION = re.compile(
    r"^## `(typedflask-\w+)`.*?^<!-- refused by the plugin -->\n```python\n(.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def test_each_error_code_has_its_example_in_the_manual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`tests/test_docs.py` compares the lines; here, the example below a code has that code only."""
    sections = SECTION.findall(PAGE.read_text(encoding="utf-8"))
    codes = {
        code.code
        for code in (reporting.ROUTE, reporting.ENDPOINT, reporting.CONFIG, reporting.TEMPLATE)
    }
    assert {code for code, _ in sections} == codes
    for code, program in sections:
        lay_out(
            tmp_path / code,
            {"mypy.ini": MYPY_INI, "templates/front.html": "", "program.py": program},
        )
        output = output_of(tmp_path / code, "program.py", monkeypatch=monkeypatch)
        assert set(re.findall(r"error: .*\[([\w-]+)\]$", output, re.MULTILINE)) == {code}


OVERLOADS = """
    from typing import assert_type, overload

    from typedflask import Flask, url_for

    app = Flask(__name__)


    @overload
    def pick(value: int) -> int: ...
    @overload
    def pick(value: str) -> str: ...
    def pick(value: int | str) -> int | str:
        return value


    assert_type(pick(url_for("nowhere")), str)  # E: one error, and the same overload
"""


def test_an_error_in_an_argument_changes_no_overload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, {"mypy.ini": MYPY_INI, "program.py": OVERLOADS})
    output = output_of(tmp_path, "program.py", monkeypatch=monkeypatch)
    assert re.findall(r"error: .*\[(.*)\]$", output, re.MULTILINE) == ["typedflask-endpoint"]


class Errors:
    """mypy's errors, as far as the plugin asks them; with watchers of a version to come."""

    def __init__(self, innermost: bool, *watchers: object) -> None:
        self.innermost = innermost
        self.watchers = watchers

    def prefer_simple_messages(self) -> bool:
        return self.innermost

    def get_watchers(self) -> Iterator[object]:
        return iter(self.watchers)


class Watcher:
    """What watches errors in the versions known today."""

    def __init__(self, filters: object, kept: list[object] | None) -> None:
        self._filter = filters
        self._filtered = kept


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        (Errors(False), False),
        (Errors(True), True),
        (Errors(False, Watcher(True, None)), True),
        (Errors(False, Watcher(True, [])), False),
        (Errors(False, Watcher(False, None)), False),
        (Errors(False, object()), False),
        (Errors(True, object()), True),
        (Errors(False, object(), Watcher(True, None)), True),
    ],
)
def test_errors_that_mypy_forgets_are_not_reported(errors: Errors, expected: bool) -> None:
    """Also where watchers lose the attributes that are not promised: mypy's own answer is left."""
    assert reporting.forgets(errors) is expected
