"""MiniJinja as the engine, beyond what `TemplateConformance` asks of every engine."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import pytest
from markupsafe import Markup
from minijinja import TemplateError

from tests.template_site import Site, notes
from typedflask import get_template_attribute, render_template, session
from typedflask.templating import MissingTemplate
from typedflask.templating.minijinja import MinijinjaTemplates


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, MinijinjaTemplates)


# --- values ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value", "shown"),
    [
        ("{{ x }}", "/a/b?c=d&e", "/a/b?c=d&amp;e"),
        ("{{ x }}", "'\"", "&#39;&#34;"),
        ("{{ x }}", None, "None"),
        ("{{ x }}", True, "True"),
        ("{{ x }}", 2**70, str(2**70)),
        ("{{ x }}", 1.5, "1.5"),
        ("{{ x }}", ["<", 1], "[&#39;&lt;&#39;, 1]"),
        ("{{ x | safe }}", "<b>", "<b>"),
        ("{{ x | upper }}", "<b>", "&lt;B&gt;"),
        ("{{ x | loud }}", "<b>", "&lt;B&gt;"),
        ("{{ x | marked }}", "<b>", "<i><b></i>"),
        ("{% if x is defined %}yes{% endif %}{{ y }}|", 1, "yes|"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "<", "<"),
    ],
)
def test_values_are_shown_as_jinja_shows_them(
    site: Site, expression: str, value: object, shown: str
) -> None:
    site.app.add_template_filter(str.upper, "loud")
    site.app.add_template_filter(
        lambda text: Markup("<i>") + Markup(text) + Markup("</i>"), "marked"
    )
    assert site.text(expression, x=value) == shown


def test_in_a_text_file_a_value_is_its_text(site: Site) -> None:
    site.write("mail.txt", "{{ x }} {{ y }}")
    assert site.render("mail.txt", x="<", y=Markup("<b>")) == "< <b>"


def test_json_stands_safely_in_a_script_and_is_the_applications(site: Site) -> None:
    assert site.text("{{ x | tojson }}", x={"b": "</script>", "a": 1}) == (
        '{"a": 1, "b": "\\u003c/script\\u003e"}'
    )
    assert site.text("{{ x | tojson(indent=1) }}", x=[1]) == "[\n 1\n]"


def test_objects_of_the_request_are_used_as_in_jinja(site: Site) -> None:
    @site.app.get("/")
    def page() -> str:
        session["user"] = {"name": "Ada"}
        site.write("page.html", PAGE)
        return render_template("page.html")

    shown = site.app.test_client().get("/?q=1&q=2").text
    assert shown == "GET / 1 [&#39;1&#39;, &#39;2&#39;] Ada yes none False"


PAGE = (
    "{{ request.method }} {{ request.path }} {{ request.args['q'] }}"
    " {{ request.args.getlist('q') }} {{ session.user.name }}"
    " {{ 'yes' if 'user' in session }} {{ g.get('nut', 'none') }} {{ config['TESTING'] }}"
)


def test_imported_macros_know_the_names_of_the_application(site: Site) -> None:
    site.write("lib.html", "{% macro link() %}{{ url_for('static', filename='a') }}{% endmacro %}")
    with site.app.test_request_context():
        assert site.text("{% from 'lib.html' import link %}{{ link() }}") == "/static/a"


# --- options -----------------------------------------------------------------------------


def test_strict_makes_an_error_of_a_name_that_does_not_exist(tmp_path: Path) -> None:
    site = Site(tmp_path, partial(MinijinjaTemplates, strict=True))
    site.write("page.html", "\n{{ nobody }}")
    with pytest.raises(TemplateError, match=r"page\.html:2"):
        site.render("page.html")


def test_options_of_the_environment_may_be_given(tmp_path: Path) -> None:
    site = Site(tmp_path, partial(MinijinjaTemplates, trim_blocks=True, line_statement_prefix="%"))
    assert site.text("{% if 1 %}\nx{% endif %}") == "x"
    assert site.text("% if 1\nx\n% endif") == "x\n"


def test_errors_show_values_of_variables_in_debug_mode_alone(site: Site) -> None:
    source = "{{ password.length(1) }}"
    with pytest.raises(TemplateError) as caught:
        site.text(source, password="pear")
    assert "pear" not in str(caught.value)
    site.app.debug = True
    with pytest.raises(TemplateError) as caught:
        site.text(source, password="pear")
    assert "pear" in str(caught.value)


# --- errors ------------------------------------------------------------------------------


def test_what_was_called_by_a_template_is_told_once(site: Site) -> None:
    def act() -> str:
        raise KeyError("pear")

    site.write("inner.html", "{{ act() }}")
    site.write("outer.html", "{{ render('inner.html', act=act) }}")
    with pytest.raises(KeyError, match="pear") as caught:
        site.render("outer.html", render=render_template, act=act)
    assert notes(caught.value) == (
        "Raised by something that was called by the template 'inner.html';"
        " MiniJinja does not say in which line."
    )


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('{% include "gone.html" %}', ("gone.html",)),
        ('{% extends "gone.html" %}', ("gone.html",)),
        ('{% import "gone.html" as lib %}', ("gone.html",)),
        ('{% include ["gone.html", "lost.html"] %}', ("gone.html", "lost.html")),
        ("{% include wanted %}", ("it's.html",)),
        ('{% include "../secret.html" %}', ("../secret.html",)),
    ],
)
def test_a_missing_template_that_another_wants_is_told_with_both(
    site: Site, source: str, names: tuple[str, ...]
) -> None:
    site.write("page.html", f"\n{source}")
    (site.root / "secret.html").write_text("secret")
    with pytest.raises(MissingTemplate) as caught:
        site.render("page.html", wanted="it's.html")
    assert caught.value.names == names
    assert caught.value.wanted_by == "'page.html' in line 2"
    assert str(site.root / "templates") in str(caught.value)


def test_a_missing_template_may_be_ignored(site: Site) -> None:
    assert site.text('[{% include "gone.html" ignore missing %}]') == "[]"


def test_a_text_with_a_mistake_tells_its_line(site: Site) -> None:
    with pytest.raises(TemplateError, match=r"<string>:2"):
        site.text("\n{% if %}")


# --- macros ------------------------------------------------------------------------------


LIBRARY = """
{% macro greet(who, end="!") %}Hello, {{ who }}{{ end }}{% endmacro %}
{% set size = 3 %}{% set fake = {"name": "greet", "arguments": []} %}
"""


def test_a_macro_is_a_function(site: Site) -> None:
    site.write("lib.html", LIBRARY)
    with site.app.app_context():
        greet = get_template_attribute("lib.html", "greet")
        assert greet("<") == Markup("Hello, &lt;!")
        assert greet(who="you", end="?") == "Hello, you?"
        assert greet.__name__ == "greet"


def test_a_variable_is_a_value_of_python(site: Site) -> None:
    site.write("lib.html", LIBRARY)
    with site.app.app_context():
        assert get_template_attribute("lib.html", "size") == 3
        assert get_template_attribute("lib.html", "fake") == {"name": "greet", "arguments": []}


def test_what_a_template_does_not_define_is_told_with_what_it_does(site: Site) -> None:
    site.write("lib.html", LIBRARY)
    site.write("empty.html", "")
    with site.app.app_context():
        with pytest.raises(AttributeError, match="what it exports: fake, greet, size") as caught:
            get_template_attribute("lib.html", "bye")
        assert caught.value.name == "bye"
        with pytest.raises(AttributeError, match="what it exports: nothing"):
            get_template_attribute("empty.html", "greet")


# --- the application ---------------------------------------------------------------------


def test_an_included_template_that_changed_is_read_again_in_debug_mode(site: Site) -> None:
    site.app.debug = True
    site.write("page.html", '{% include "part.html" %}')
    site.write("part.html", "before")
    assert site.render("page.html") == "before"
    site.write("part.html", "after")
    assert site.render("page.html") == "after"


def test_a_later_test_or_global_replaces_an_earlier_one(site: Site) -> None:
    site.app.add_template_global(lambda: 1, "number")
    site.app.add_template_test(lambda value: True, "fine")
    assert site.text("{{ number() }} {{ 1 is fine }}") == "1 True"
    site.app.add_template_global(lambda: 2, "number")
    site.app.add_template_test(lambda value: False, "fine")
    assert site.text("{{ number() }} {{ 1 is fine }}") == "2 False"


def test_templates_of_an_application_that_is_gone_say_so(tmp_path: Path) -> None:
    template = Site(tmp_path, MinijinjaTemplates).app.templates.from_source("hello")
    with pytest.raises(RuntimeError, match="no longer exists"):
        template.render({})


def test_an_application_with_minijinja_never_imports_jinja(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("{{ who | loud }} {{ request.path }}")
    program = """
        import sys
        from typedflask import Flask, render_template
        from typedflask.templating.minijinja import MinijinjaTemplates
        app = Flask("shop", root_path=sys.argv[1], templates=MinijinjaTemplates)
        app.template_filter("loud")(str.upper)
        @app.get("/")
        def page() -> str:
            return render_template("page.html", who="ada")
        print(app.test_client().get("/").text, "jinja2" in sys.modules)
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "ADA / False\n", done.stderr
