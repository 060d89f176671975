"""Mako as the engine, beyond what `TemplateConformance` asks of every engine."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from mako.exceptions import SyntaxException
from markupsafe import Markup

from tests.template_site import Site, notes
from typedflask import (
    get_template_attribute,
    render_template,
    stream_template,
)
from typedflask.templating import MissingTemplate, UnsupportedByEngine
from typedflask.templating.mako import MakoTemplates


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, MakoTemplates)


# --- escaping and filters ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("${x}", "a&amp;&lt;b&gt;"),
        ("${x | h}", "a&amp;&lt;b&gt;"),
        ("${x | x}", "a&amp;&lt;b&gt;"),
        ("${x | entity}", "a&amp;&lt;b&gt;"),
        ("${x | trim}", "a&amp;&lt;b&gt;"),
        ("${x | u}", "a%26%3Cb%3E"),
        ("${x | n}", "a&<b>"),
        ("${x | n, trim}", "a&<b>"),
        ("${x | n, h}", "a&amp;&lt;b&gt;"),
        ("${x | str}", "a&amp;&lt;b&gt;"),
        ("${x | trim, loud}", "A&amp;&lt;B&gt;"),
        ("${x | loud, h}", "A&amp;&lt;B&gt;"),
        ("${loud(x)}", "A&amp;&lt;B&gt;"),
        ("${x | after('!')}", "a&amp;&lt;b&gt;!"),
        ("% if True:\n${x | trim}\n% endif", "a&amp;&lt;b&gt;"),
        ('<%def name="d()">${x | trim}</%def>${d()}', "a&amp;&lt;b&gt;"),
        ('<%block name="b">${x | loud}</%block>', "A&amp;&lt;B&gt;"),
        ("<%text>${x}</%text>", "${x}"),
        ('<%page expression_filter="trim"/>${x}', "a&amp;&lt;b&gt;"),
        ('<%page expression_filter="h"/>${x}', "a&amp;&lt;b&gt;"),
        ('<%page expression_filter="n"/>${x}', "a&<b>"),
        ('<%page expression_filter="n"/>${x | trim}', "a&<b>"),
        ('<%page expression_filter="trim"/>${x | n}', "a&<b>"),
    ],
)
def test_filters_work_on_the_value_and_the_result_is_escaped(
    site: Site, expression: str, shown: str
) -> None:
    site.app.add_template_filter(str.upper, "loud")
    site.app.add_template_global(lambda end: lambda text: text + end, "after")
    assert site.text(expression, x="a&<b>").strip() == shown


def test_a_filter_gets_the_value_itself(site: Site) -> None:
    site.app.add_template_filter(lambda amount: f"{amount:.2f} <€>", "money")
    assert site.text("${x | money}", x=Decimal("1.5")) == "1.50 &lt;€&gt;"


def test_what_defs_give_is_not_escaped_again(site: Site) -> None:
    source = """
        <%def name="plain()"><b>${x}</b></%def>
        <%def name="buffered()" buffered="True"><b>${x}</b></%def>
        <%def name="filtered()" filter="trim"> <b>${x}</b> </%def>
        <%def name="outer()">[${caller.body()}]</%def>
        ${plain()} ${buffered()} ${filtered()} <%self:outer><i>${x}</i></%self:outer>
        """
    assert site.text(source, x="<").split() == [
        "<b>&lt;</b>",
        "<b>&lt;</b>",
        "<b>&lt;</b>",
        "[<i>&lt;</i>]",
    ]


def test_what_a_call_gives_that_is_no_def_is_escaped(site: Site) -> None:
    assert site.text('<%call expr="f()"></%call>', f=lambda: "<b>") == "&lt;b&gt;"


def test_text_files_are_shown_as_they_are_with_filters_as_mako_has_them(site: Site) -> None:
    site.write("mail.txt", "${x} ${x | trim} ${x | h}")
    assert site.render("mail.txt", x="<") == "< < &lt;"


def test_json_stands_safely_in_a_script(site: Site) -> None:
    text = site.text("<script>${tojson(x)}</script>", x={"a": "</script>&'"})
    assert text == '<script>{"a": "\\u003c/script\\u003e\\u0026\\u0027"}</script>'


def test_json_is_written_as_the_application_writes_it(site: Site) -> None:
    assert site.text("${tojson(x, indent=1)}", x=[1]) == "[\n 1\n]"


# --- finding templates -------------------------------------------------------------------


def test_templates_name_each_other_from_their_folder_or_from_the_top(site: Site) -> None:
    site.write("base.html", "<${self.title()}|${self.body()}>")
    site.write("part.html", "top")
    site.write("shop/part.html", "near")
    site.write(
        "shop/page.html",
        '<%inherit file="../base.html"/><%def name="title()">T</%def>'
        '<%include file="part.html"/> <%include file="/part.html"/>',
    )
    assert site.render("shop/page.html") == "<T|near top>"


def test_a_text_names_templates_from_the_top(site: Site) -> None:
    site.write("part.html", "part")
    assert site.text('<%include file="part.html"/>') == "part"


def test_a_template_cannot_name_one_outside_of_the_folders(site: Site) -> None:
    (site.root / "secret.html").write_text("secret")
    for name in ("../secret.html", "/../secret.html", "../templates/../secret.html"):
        site.write("page.html", f'<%include file="{name}"/>')
        with pytest.raises(MissingTemplate):
            site.render("page.html")


def test_a_missing_template_that_another_wants_is_told_with_both(site: Site) -> None:
    site.write("page.html", '\n<%namespace name="lib" file="gone.html"/>${lib.f()}')
    with pytest.raises(MissingTemplate, match=r"There is no template 'gone.html'\.") as caught:
        site.render("page.html")
    assert notes(caught.value).startswith("Mako stopped in the template 'page.html' (")


def test_a_missing_template_to_inherit_from_is_told_with_its_line(site: Site) -> None:
    site.write("page.html", 'one\n<%inherit file="gone.html"/>')
    with pytest.raises(MissingTemplate) as caught:
        site.render("page.html")
    assert notes(caught.value).endswith(', line 2:\n    <%inherit file="gone.html"/>')


def test_a_function_that_fails_is_told_with_the_line_that_calls_it(site: Site) -> None:
    site.write("page.html", "\n${f()}")

    def f() -> None:
        raise NameError("'pear' is not defined")

    with pytest.raises(NameError) as caught:
        site.render("page.html", f=f)
    assert notes(caught.value).endswith("line 2:\n    ${f()}")


def test_names_with_odd_letters_do_not_get_in_each_others_way(site: Site) -> None:
    """Mako makes the same name of a module of both."""
    site.write("a-b.html", "\n\n${1 / zero}")
    site.write("a_b.html", "${1 / zero}")
    site.app.templates.find("a-b.html")
    site.app.templates.find("a_b.html")
    with pytest.raises(ZeroDivisionError) as caught:
        site.render("a-b.html", zero=0)
    assert "'a-b.html'" in notes(caught.value)
    assert "line 3:\n    ${1 / zero}" in notes(caught.value)


# --- names -------------------------------------------------------------------------------


def test_a_name_that_does_not_exist_is_told_with_its_line(site: Site) -> None:
    site.write("page.html", "one\ntwo ${nobody}\n${nobody}")
    with pytest.raises(NameError, match="'nobody' is not defined") as caught:
        site.render("page.html")
    assert "'page.html'" in notes(caught.value)
    assert notes(caught.value).endswith("line 2:\n    two ${nobody}")


def test_a_name_that_does_not_exist_in_python_is_told_with_its_line(site: Site) -> None:
    with pytest.raises(NameError) as caught:
        site.text("\n<%! x = [nobody for _ in [1]] %>")
    assert "nobody" in str(caught.value)


def test_without_strictness_mako_decides(tmp_path: Path) -> None:
    site = Site(tmp_path, partial(MakoTemplates, strict=False))
    assert site.text("${'yes' if nobody else 'no'}") == "no"
    with pytest.raises(NameError, match="Undefined"):
        site.text("${nobody}")


def test_what_exists_perhaps_is_asked_of_the_context(site: Site) -> None:
    assert site.text("${context.get('nobody', 'none')}") == "none"


@pytest.mark.parametrize("name", ["self", "buffer", "context", "tmpl", "callable_"])
def test_names_that_mako_needs_are_refused_with_their_name(site: Site, name: str) -> None:
    site.write("page.html", "x")
    with pytest.raises(TypeError, match=f"can be called {name}, which the template 'page.html'"):
        site.app.templates.find("page.html").render({name: 1})


@pytest.mark.parametrize("name", ["args", "data", "template", "uri", "text", "kwargs", "next"])
def test_other_names_are_free(site: Site, name: str) -> None:
    assert site.text(f"${{{name}}}", **{name: "mine"}) == "mine"


def test_imports_are_known_in_every_template(tmp_path: Path) -> None:
    site = Site(tmp_path, partial(MakoTemplates, imports=["from decimal import Decimal"]))
    assert site.text("${Decimal('1.50')}") == "1.50"


def test_what_a_view_passes_wins_over_the_names_of_the_application(site: Site) -> None:
    assert site.text("${config}", config="mine") == "mine"


# --- tests, which Mako has not -----------------------------------------------------------


def test_a_registered_test_is_refused_where_it_is_used(site: Site) -> None:
    site.app.add_template_test(lambda number: number % 2 == 0, "twofold")
    site.write("page.html", "% if number is twofold:\neven\n% endif")
    with pytest.raises(
        UnsupportedByEngine, match=r"engine Mako does not offer tests, such as 'twofold', which"
    ):
        site.render("page.html", number=4)
    assert site.text("${number}", number=4) == "4"


def test_another_name_that_is_missing_stays_a_name_error(site: Site) -> None:
    site.app.add_template_test(bool, "twofold")
    with pytest.raises(NameError):
        site.text("${nobody}")


# --- defs and variables from Python ------------------------------------------------------


LIBRARY = """\
<%! import math
size = 3 %>
<%def name="greet(who, config='none')">Hello, ${who} ${config} ${url_for('static', filename='a')}!</%def>
"""


def test_a_def_is_a_function_with_its_own_parameters(site: Site) -> None:
    site.write("lib.html", LIBRARY)
    with site.app.test_request_context():
        greet = get_template_attribute("lib.html", "greet")
        assert greet("<") == Markup("Hello, &lt; none /static/a!")
        assert greet(who="you", config=1) == "Hello, you 1 /static/a!"
        assert greet.__name__ == "greet"


def test_a_def_of_a_text_file_gives_plain_text(site: Site) -> None:
    site.write("lib.txt", '<%def name="f(x)">${x}</%def>')
    with site.app.app_context():
        assert type(get_template_attribute("lib.txt", "f")("<")) is str


def test_what_a_template_does_not_define_is_told_with_what_it_does(site: Site) -> None:
    site.write("lib.html", LIBRARY)
    site.write("empty.html", "")
    with site.app.app_context():
        with pytest.raises(AttributeError, match="what it defines: greet, math, size") as caught:
            get_template_attribute("lib.html", "body")
        assert caught.value.name == "body"
        with pytest.raises(AttributeError, match="what it defines: nothing"):
            get_template_attribute("empty.html", "UNDEFINED")


# --- errors ------------------------------------------------------------------------------


def test_an_error_is_noted_once_for_the_innermost_template(site: Site) -> None:
    site.write("inner.html", "\n${1 / zero}")
    site.write("outer.html", '<%include file="inner.html"/>')
    site.write("outermost.html", "${render('outer.html', zero=0)}")
    with pytest.raises(ZeroDivisionError) as caught:
        site.render("outermost.html", render=render_template)
    assert notes(caught.value).count("Mako stopped in") == 1
    assert f"'inner.html' ({site.root / 'templates' / 'inner.html'}), line 2:" in notes(
        caught.value
    )


def test_an_error_in_a_text_tells_its_line(site: Site) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        site.text("\n\n${1 / zero}", zero=0)
    assert notes(caught.value) == (
        "Mako stopped in a template given as text, line 3:\n    ${1 / zero}"
    )


def test_an_error_before_the_template_begins_is_not_noted(site: Site) -> None:
    site.write("page.html", "x")
    with pytest.raises(Exception, match="Reserved words") as caught:
        site.render("page.html", loop=1)
    assert notes(caught.value) == ""


def test_a_text_that_does_not_compile_tells_its_line(site: Site) -> None:
    with pytest.raises(SyntaxException, match="line: 2"):
        site.text("\n% if x:\n")


def test_a_template_that_failed_to_compile_is_tried_again(site: Site) -> None:
    site.write("page.html", "% if x:\n")
    for _ in range(2):
        with pytest.raises(SyntaxException):
            site.render("page.html")
    site.write("page.html", "mended")
    assert site.render("page.html") == "mended"


def test_a_stream_tells_where_it_failed_too(site: Site) -> None:
    site.write("page.html", "${1 / zero}")
    with site.app.app_context(), pytest.raises(ZeroDivisionError) as caught:
        list(stream_template("page.html", zero=0))
    assert "'page.html'" in notes(caught.value)


# --- the application ---------------------------------------------------------------------


def test_an_included_template_that_changed_is_read_again_in_debug_mode(site: Site) -> None:
    site.app.debug = True
    site.write("page.html", '<%include file="part.html"/>')
    site.write("part.html", "before")
    assert site.render("page.html") == "before"
    site.write("part.html", "after it changed")
    assert site.render("page.html") == "after it changed"


def test_templates_of_an_application_that_is_gone_say_so(tmp_path: Path) -> None:
    templates = Site(tmp_path, MakoTemplates).app.templates
    with pytest.raises(RuntimeError, match="no longer exists"):
        templates.from_source("hello")


def test_an_application_with_mako_never_imports_jinja(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("${who | loud} ${request.path}")
    program = """
        import sys
        from typedflask import Blueprint, Flask, render_template, render_template_string
        from typedflask.templating.mako import MakoTemplates
        app = Flask("shop", root_path=sys.argv[1], templates=MakoTemplates)
        app.template_filter("loud")(str.upper)
        app.template_test("even")(bool)
        app.template_global("one")(lambda: 1)
        app.register_blueprint(Blueprint("part", __name__, template_folder="pages"))
        app.debug = True
        @app.get("/")
        def page() -> str:
            return render_template("page.html", who="ada") + render_template_string("${one()}")
        print(app.test_client().get("/").text, "jinja2" in sys.modules)
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "ADA /1 False\n", done.stderr
