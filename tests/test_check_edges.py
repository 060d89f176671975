"""`typedflask check` where an application is built in less usual ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checked_programs import assert_reported_where_marked, program, run_check
from tests.cli_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


PROGRAMS = {
    "a rule of another class, whose converters are not known": """
        from werkzeug.routing import Rule
        app.url_map.add(Rule("/<int:number>", endpoint="one"))
        @app.endpoint("one")
        def one(number: str) -> str: ...
        """,
    "a rule of another class without a view": """
        from werkzeug.routing import Rule
        app.url_map.add(Rule("/<int:number>", endpoint="two"))  # no method of ours has the text
        @app.endpoint("two")
        def two(nummer: str) -> str: ...  # P: parameters
        """,
    "a rule without methods hides all others": """
        from typedflask.routing import Rule
        app.url_map.add(Rule("/a", endpoint="any"))
        @app.endpoint("any")
        def any_method() -> str: ...
        @app.post("/a")  # P: unreachable
        def one() -> str: ...
        """,
    "a rule without methods behind another": """
        from typedflask.routing import Rule
        @app.post("/a")
        def one() -> str: ...
        app.url_map.add(Rule("/a", endpoint="any"))
        @app.endpoint("any")
        def any_method() -> str: ...
        """,
    "rules registered in a loop": """
        def page(name: str) -> str: ...  # P: parameters
        for name in ("a", "b"):
            app.add_url_rule(f"/{name}", name, page)
        """,
    "a view registered under the name of its rule's keyword": """
        @app.route(rule="/a/<x>", methods=["GET"])  # P: parameters
        def one() -> str: ...
        """,
    "a class that forgot its method": """
        class Empty(View): ...
        app.add_url_rule("/", view_func=Empty.as_view("empty"))
        """,
    "preprocessors with the values in every plain form": """
        @app.url_value_preprocessor
        def take(endpoint, values):
            if values is None or not values or not "a" in values:
                return
            if values:
                print(values.get("a"), values["a"], endpoint == values["b"], values and 1)
            del values["a"]
        @app.get("/<a>")
        def right() -> str: ...
        @app.get("/wrong/<b>")  # P: parameters
        def wrong() -> str: ...
        """,
    "preprocessors without parameters of their own": """
        @app.url_value_preprocessor
        def take(*both):
            both[1].clear()
        @app.get("/<a>")
        def right() -> str: ...
        """,
    "a hook and a handler that do not say what they take": """
        app.before_request_funcs[None].append(int)
        app.register_error_handler(ValueError, dict)
        """,
    "a handler for a number that is no status": """
        def never(number: int) -> None:
            @app.errorhandler(number)
            def one(error: Exception) -> str: ...
            @app.errorhandler(12)
            def two(error: Exception) -> str: ...
        """,
    "handlers in place of each other by the function": """
        def one(error: Exception) -> str: ...
        def two(error: Exception) -> str: ...
        app.register_error_handler(404, one)  # P: error-handlers
        app.register_error_handler(404, two)
        app.register_error_handler(405, unknown := lambda error: "")
        """,
    "a handler of an attribute": """
        import werkzeug.exceptions
        @app.errorhandler(werkzeug.exceptions.NotFound)  # P: error-handlers
        def one(error: Exception) -> str: ...
        @app.errorhandler(404)
        def two(error: Exception) -> str: ...
        """,
    "a setting that no file names": """
        app.config.update({"SERVER_" + "NAME": "a/b"})
        """,
    "url_for without literals": """
        def never(values: list) -> None:
            url_for(*values)
            url_for("nobody", *values)
            url_for()
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_unusual_programs(project: Project, name: str) -> None:
    text = program(PROGRAMS[name])
    if "no file names" in name:
        text = text.replace("app = Flask(__name__)", "app = Flask(__name__)  # P: configuration")
    assert_reported_where_marked(project, {"app.py": text})


def test_templates_that_come_from_no_file_are_named(project: Project) -> None:
    text = program("""
        from jinja2 import DictLoader
        app.jinja_loader = DictLoader({"page.html": "{{ url_for('nobody') }}"})
        """)
    result = run_check(project, {"app.py": text})
    assert result.stdout.startswith("template page.html:1: In the template 'page.html': There is")


LOADERS = {
    "a loader that cannot list": "FunctionLoader(lambda name: '{% if' if name == 'a.html' else None)",
    "none at all": "None",
}


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_loaders_that_tell_nothing_are_believed(project: Project, loader: str) -> None:
    text = f"from jinja2 import FunctionLoader\napp.jinja_options['loader'] = {loader}\n"
    assert run_check(project, {"app.py": program(text)}).exit_code == 0


def test_a_loader_that_fails_is_no_proof_that_a_template_is_missing(project: Project) -> None:
    text = program("""
        from jinja2 import FunctionLoader
        def load(name):
            raise ConnectionError
        app.jinja_loader = FunctionLoader(load)
        def view() -> str:
            return render_template("page.html")
        """)
    assert run_check(project, {"app.py": text}).exit_code == 0


def test_a_template_that_is_no_text_is_left_alone(project: Project) -> None:
    (project.folder / "templates").mkdir()
    (project.folder / "templates" / "page.html").write_bytes(b"\xff{% if")
    assert run_check(project, {"app.py": program("")}).exit_code == 0


def test_a_file_that_changed_beyond_reading_since_it_was_imported_is_left_alone(
    project: Project,
) -> None:
    text = program("from pathlib import Path\nPath(__file__).write_text('def (')\nflash\n")
    assert run_check(project, {"app.py": text}).exit_code == 0
