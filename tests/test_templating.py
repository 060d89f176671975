"""Templates as an application uses them: rendered by views, from folders on disk.

The room itself is tested in `test_templating_room.py` and `test_templating_jinja.py`; streams,
signals and other engines through an application in `test_templating_app.py`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from typedflask import (
    Blueprint,
    Flask,
    flash,
    g,
    get_template_attribute,
    render_template,
    render_template_string,
    session,
    templating,
)
from typedflask.templating import Environment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root folder with a few templates."""
    pages = {
        "page.html": "<b>{{ value }}</b>",
        "mail.txt": "Dear {{ value }}",
        "base.html": "[{% block body %}empty{% endblock %}]",
        "child.html": '{% extends "base.html" %}{% block body %}{{ value }}{% endblock %}',
        "_macros.html": "{% macro greet(who) %}Hello {{ who }}!{% endmacro %}{% set size = 7 %}",
        "imports.html": '{% from "_macros.html" import greet %}{{ greet(value) }}',
        "nested/deep.html": "deep {{ value }}",
    }
    for name, source in pages.items():
        file = tmp_path / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Flask:
    app = Flask("shop", root_path=str(folder))
    app.config.update(TESTING=True, SECRET_KEY="key")
    return app


def shown(app: Flask, source: str, **values: Any) -> str:
    """What a view shows that renders a template given as text."""
    app.add_url_rule("/shown", "shown", lambda: render_template_string(source, **values))
    response = app.test_client().get("/shown")
    assert response.status_code == 200
    return response.text


# --- rendering ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", "<b>&lt;plum&gt;</b>"),
        ("mail.txt", "Dear <plum>"),
        ("child.html", "[&lt;plum&gt;]"),
        ("imports.html", "Hello &lt;plum&gt;!"),
        ("nested/deep.html", "deep &lt;plum&gt;"),
    ],
)
def test_a_view_renders_a_template_of_the_folder(app: Flask, name: str, text: str) -> None:
    """Values are escaped in files that end like HTML, and in those they import."""
    app.add_url_rule("/", "page", lambda: render_template(name, value="<plum>"))

    assert app.test_client().get("/").text == text


def test_text_is_escaped_as_html_and_markup_is_not(app: Flask) -> None:
    assert shown(app, "{{ a }}{{ b }}", a="<", b=Markup("<i>")) == "&lt;<i>"


def test_escaping_can_be_switched_off_for_a_part(app: Flask) -> None:
    source = "{{ a }}{% autoescape false %}{{ a }}{% endautoescape %}{{ a|safe }}"

    assert shown(app, source, a="<") == "&lt;<<"


def test_a_subclass_decides_which_files_are_escaped(folder: Path) -> None:
    class Careful(Flask):
        def select_jinja_autoescape(self, filename: str | None) -> bool:
            return filename is not None and filename.endswith(".txt")

    app = Careful("shop", root_path=str(folder))
    with app.app_context():
        assert render_template("mail.txt", value="<") == "Dear &lt;"
        assert render_template("page.html", value="<") == "<b><</b>"


def test_the_first_of_several_templates_that_exists_is_rendered(app: Flask) -> None:
    with app.app_context():
        assert render_template(["gone.html", "mail.txt"], value="you") == "Dear you"


def test_a_template_that_does_not_exist_is_named_with_where_it_was_looked_for(app: Flask) -> None:
    with app.app_context(), pytest.raises(jinja2.TemplateNotFound, match=r"gone\.html") as caught:
        render_template("gone.html")

    assert f"{app.root_path}/templates" in "\n".join(caught.value.__notes__)


def test_templates_outside_of_their_folder_are_out_of_reach(app: Flask, folder: Path) -> None:
    (folder / "secret.html").write_text("secret", encoding="utf-8")

    with app.app_context(), pytest.raises(jinja2.TemplateNotFound):
        render_template("../secret.html")


def test_macros_and_variables_of_a_template_can_be_used_from_python(app: Flask) -> None:
    with app.app_context():
        assert get_template_attribute("_macros.html", "greet")("Ada") == "Hello Ada!"
        assert get_template_attribute("_macros.html", "size") == 7


def test_rendering_needs_an_active_application() -> None:
    with pytest.raises(RuntimeError, match="no application is active"):
        render_template("page.html")


# --- what templates know -----------------------------------------------------------------


def test_templates_know_request_session_g_and_the_configuration(app: Flask) -> None:
    @app.before_request
    def prepare() -> None:
        session["fruit"] = "plum"
        g.nut = "hazel"

    source = "{{ request.path }} {{ session.fruit }} {{ g.nut }} {{ config.TESTING }}"

    assert shown(app, source) == "/shown plum hazel True"


def test_templates_build_urls_and_show_flashed_messages(app: Flask) -> None:
    @app.before_request
    def prepare() -> None:
        flash("saved")

    source = "{{ url_for('shown', page=2) }} {{ get_flashed_messages()|join }}"

    assert shown(app, source) == "/shown?page=2 saved"


def test_imported_templates_know_url_for_but_need_to_be_given_the_context(app: Flask) -> None:
    loader = jinja2.DictLoader(
        {
            "m.html": "{% macro where() %}{{ request.path }}{{ value }}{% endmacro %}",
            "bare.html": "{% import 'm.html' as m %}{{ m.where() }}",
            "full.html": "{% import 'm.html' as m with context %}{{ m.where() }}",
        }
    )
    app.jinja_loader = loader
    app.add_url_rule("/<name>", "page", lambda name: render_template(name, value="!"))
    client = app.test_client()

    assert client.get("/bare.html").text == "/bare.html"
    assert client.get("/full.html").text == "/full.html!"


def test_outside_of_a_request_a_template_knows_g_and_no_request(app: Flask) -> None:
    with app.app_context():
        g.nut = "hazel"

        assert render_template_string("{{ g.nut }}{{ config.TESTING }}") == "hazelTrue"


def test_names_of_the_context_processors_are_known_everywhere(app: Flask) -> None:
    @app.context_processor
    def names() -> dict[str, str]:
        return {"shop": "Plum & Pear"}

    assert shown(app, "{{ shop }}") == "Plum &amp; Pear"


def test_what_the_view_passes_wins_over_context_processors(app: Flask) -> None:
    @app.context_processor
    def names() -> dict[str, str]:
        return {"value": "processor", "request": "replaced"}

    assert shown(app, "{{ value }} {{ request }}", value="view") == "view replaced"


def test_a_later_processor_wins_over_an_earlier_one_and_the_blueprint_over_the_app(
    app: Flask,
) -> None:
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    sources: tuple[tuple[str, Flask | Blueprint], ...] = (
        ("app", app),
        ("outer", outer),
        ("inner", inner),
    )
    for name, owner in sources:
        owner.context_processor(lambda name=name: {"said": name, name: "yes"})
    app.context_processor(lambda: {"app": "again"})
    source = "{{ said }} {{ app }}{{ outer }}{{ inner }}"
    for place, owner in (("app", app), ("outer", outer), ("inner", inner)):
        owner.add_url_rule(f"/{place}", "page", lambda: render_template_string(source))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    client = app.test_client()

    assert client.get("/app").text == "app again"
    assert client.get("/outer").text == "outer againyes"
    assert client.get("/inner").text == "inner againyesyes"


def test_a_blueprint_can_give_names_to_all_templates(app: Flask) -> None:
    blueprint = Blueprint("side", __name__)
    blueprint.app_context_processor(lambda: {"side": "here"})
    blueprint.context_processor(lambda: {"own": "hidden"})
    app.register_blueprint(blueprint)

    assert shown(app, "{{ side }}{{ own }}") == "here"


def test_an_async_processor_is_waited_for(app: Flask) -> None:
    pytest.importorskip("asgiref")

    @app.context_processor
    async def names() -> dict[str, str]:
        return {"value": "waited for"}

    assert shown(app, "{{ value }}") == "waited for"


def test_a_processor_that_gives_no_names_is_an_error_that_says_so(app: Flask) -> None:
    processor: Any = lambda: None  # noqa: E731 - the mistake a checker would find
    app.context_processor(processor)

    with pytest.raises(TypeError, match="context processor returned NoneType"):
        shown(app, "hello")


def test_the_view_may_reuse_the_names_it_passed(app: Flask) -> None:
    """Rendering completes a mapping of its own, not the caller's."""
    names = {"value": "plum"}
    with app.app_context():
        render_template("mail.txt", **names)
        context: dict[str, Any] = {"value": "pear"}
        app.update_template_context(context)

    assert names == {"value": "plum"}
    assert context["value"] == "pear"
    assert "g" in context


# --- filters, tests, globals -------------------------------------------------------------


def test_a_filter_is_called_like_its_function_or_by_the_name_given(app: Flask) -> None:
    @app.template_filter
    def shout(text: str) -> str:
        return text.upper()

    @app.template_filter()
    def whisper(text: str) -> str:
        return text.lower()

    @app.template_filter("back")
    def backwards(text: str) -> str:
        return text[::-1]

    app.add_template_filter(len, "size")
    app.add_template_filter(abs)

    assert (
        shown(app, "{{ v|shout }} {{ v|whisper }} {{ v|back }} {{ v|size }} {{ -2|abs }}", v="Ab")
        == "AB ab bA 2 2"
    )
    assert shout("still a function") == "STILL A FUNCTION"


def test_a_test_is_called_like_its_function_or_by_the_name_given(app: Flask) -> None:
    @app.template_test
    def tiny(number: int) -> bool:
        return number < 3

    @app.template_test()
    def huge(number: int) -> bool:
        return number > 100

    @app.template_test("medium")
    def between(number: int) -> bool:
        return not tiny(number) and not huge(number)

    app.add_template_test(lambda number: number == 7, name="lucky")

    source = "{{ n is tiny }} {{ n is huge }} {{ n is medium }} {{ n is lucky }}"
    assert shown(app, source, n=7) == "False False True True"


def test_a_global_is_called_like_its_function_or_by_the_name_given(app: Flask) -> None:
    @app.template_global
    def double(number: int) -> int:
        return 2 * number

    @app.template_global()
    def triple(number: int) -> int:
        return 3 * number

    @app.template_global("four_times")
    def fourfold(number: int) -> int:
        return 4 * number

    app.add_template_global(abs, "size")

    source = "{{ double(1) }}{{ triple(1) }}{{ four_times(1) }}{{ size(-5) }}"
    assert shown(app, source) == "2345"


def test_a_blueprint_registers_filters_tests_and_globals_for_all_templates(app: Flask) -> None:
    blueprint = Blueprint("side", __name__)

    @blueprint.app_template_filter
    def shout(text: str) -> str:
        return text.upper()

    @blueprint.app_template_filter("back")
    def backwards(text: str) -> str:
        return text[::-1]

    @blueprint.app_template_test
    def tiny(number: int) -> bool:
        return number < 3

    @blueprint.app_template_test("huge")
    def very_large(number: int) -> bool:
        return number > 100

    @blueprint.app_template_global
    def double(number: int) -> int:
        return 2 * number

    @blueprint.app_template_global("triple")
    def threefold(number: int) -> int:
        return 3 * number

    blueprint.add_app_template_filter(len, "size")
    app.register_blueprint(blueprint)

    source = (
        "{{ 'ab'|shout }}{{ 'ab'|back }}{{ 'ab'|size }} {{ 1 is tiny }}{{ 1 is huge }}"
        " {{ double(1) }}{{ triple(1) }}"
    )
    assert shown(app, source) == "ABba2 TrueFalse 23"


def test_after_the_first_request_none_can_be_added(app: Flask) -> None:
    app.test_client().get("/")

    with pytest.raises(AssertionError, match="template_filter"):
        app.template_filter("late")
    with pytest.raises(AssertionError, match="add_template_global"):
        app.add_template_global(abs)


def test_tojson_writes_as_the_application_does_and_is_safe_in_scripts(app: Flask) -> None:
    source = "{{ {'b': '</script>', 'a': 1}|tojson }}"

    assert shown(app, source) == '{"a": 1, "b": "\\u003c/script\\u003e"}'


# --- folders -----------------------------------------------------------------------------


def write(folder: Path, name: str, text: str) -> str:
    """Write a template into a folder; returns the folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_the_application_overrides_templates_of_its_blueprints(tmp_path: Path) -> None:
    write(tmp_path / "first", "page.html", "first")
    write(tmp_path / "first", "own.html", "first's own")
    write(tmp_path / "second", "page.html", "second")
    write(tmp_path / "second", "rare.html", "second's")
    app = Flask("shop", root_path=str(tmp_path))
    for name in ("first", "second"):
        app.register_blueprint(
            Blueprint(name, __name__, root_path=str(tmp_path), template_folder=name)
        )
    with app.app_context():
        assert render_template("page.html") == "first"
        assert render_template("rare.html") == "second's"
        write(tmp_path / "templates", "own.html", "the application's")
        assert render_template("own.html") == "the application's"


def test_an_application_without_a_folder_of_templates_has_no_loader() -> None:
    app = Flask("shop", template_folder=None)

    assert app.jinja_loader is None
    with app.app_context():
        assert render_template_string("{{ 1 + 1 }}") == "2"


def test_explanations_tell_which_blueprint_hides_a_template(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "first", "page.html", "first")
    write(tmp_path / "second", "page.html", "second")
    app = Flask("shop", root_path=str(tmp_path))
    app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    for name in ("first", "second"):
        blueprint = Blueprint(name, __name__, root_path=str(tmp_path), template_folder=name)
        blueprint.add_url_rule(f"/{name}", "page", lambda: render_template("page.html"))
        app.register_blueprint(blueprint)

    with caplog.at_level(logging.INFO):
        assert app.test_client().get("/second").text == "first"

    assert "Who has the template 'page.html'?" in caplog.text
    assert "It is taken from blueprint 'first'." in caplog.text
    assert "The request belongs to the blueprint 'second'" in caplog.text


# --- the environment ---------------------------------------------------------------------


def test_the_environment_is_made_once_with_the_options_of_the_application() -> None:
    class Shop(Flask):
        jinja_options = {"trim_blocks": True}  # noqa: RUF012 - as applications write it

    app = Shop("shop")
    app.jinja_options["variable_start_string"] = "<<"

    assert app.jinja_env is app.jinja_env
    assert app.jinja_env.trim_blocks
    assert app.jinja_env.variable_start_string == "<<"
    assert Shop.jinja_options == {"trim_blocks": True}
    assert Shop("another").jinja_env.variable_start_string == "{{"


def test_the_class_of_the_environment_can_be_another() -> None:
    class Loud(Environment):
        """Knows one more name."""

        def __init__(self, app: Any, **options: Any) -> None:
            super().__init__(app, **options)
            self.globals["volume"] = 11

    class Shop(Flask):
        jinja_environment = Loud

    with Shop("shop").app_context():
        assert render_template_string("{{ volume }}") == "11"


def test_a_subclass_may_set_up_the_environment_itself() -> None:
    class Shop(Flask):
        def create_jinja_environment(self) -> Environment:
            environment = super().create_jinja_environment()
            environment.globals["opens"] = 8
            return environment

        def create_global_jinja_loader(self) -> Any:
            return jinja2.DictLoader({"page.html": "from {{ opens }}"})

    with Shop("shop").app_context():
        assert render_template("page.html") == "from 8"


def test_names_can_be_completed_while_no_application_is_active() -> None:
    """For who renders templates of the application's environment by hand."""
    app = Flask("shop")
    app.context_processor(lambda: {"fruit": "plum"})
    names: dict[str, Any] = {"nut": "hazel"}
    app.update_template_context(names)

    assert names == {"fruit": "plum", "nut": "hazel"}


def test_the_room_has_no_names_beyond_its_own() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(templating, "no_such_name")
