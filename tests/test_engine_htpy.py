"""htpy as the engine, beyond what `TemplateConformance` asks of every engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import htpy
import pytest
from htpy import Element, Node, h1, li, p, ul

from typedflask import (
    Flask,
    get_template_attribute,
    render_template,
    render_template_string,
    stream_template,
    template_rendered,
)
from typedflask.templating import MissingTemplate, Template, UnsupportedByEngine
from typedflask.templating.htpy import Component, HtpyTemplates, component


@component
def greeting(who: str, *, end: str = "!") -> Element:
    """Say hello."""
    return h1["Hello, ", who, end]


def listing(rows: Iterator[str]) -> Element:
    return ul[(li[row] for row in rows)]


@pytest.fixture
def app() -> Flask:
    return Flask("shop", templates=partial(HtpyTemplates, components={"listing.html": listing}))


# --- components --------------------------------------------------------------------------


def test_a_component_stands_where_a_name_may(app: Flask) -> None:
    with app.app_context():
        assert render_template(greeting, who="<Ada>") == "<h1>Hello, &lt;Ada&gt;!</h1>"
        assert render_template(["gone.html", greeting], who="you") == "<h1>Hello, you!</h1>"
        assert "".join(stream_template(greeting, who="you")) == "<h1>Hello, you!</h1>"


def test_called_it_is_the_function_it_was(app: Flask) -> None:
    assert str(greeting("Ada", end="?")) == "<h1>Hello, Ada?</h1>"
    assert str(p[greeting("Ada")]) == "<p><h1>Hello, Ada!</h1></p>"
    assert greeting.__doc__ == "Say hello."
    assert isinstance(greeting, Template)
    assert repr(greeting) == "<component greeting>"


def test_it_gets_the_names_it_has_parameters_for(app: Flask) -> None:
    app.context_processor(lambda: {"end": "?", "other": 1})
    with app.app_context():
        assert render_template(greeting, who="Ada", more=2) == "<h1>Hello, Ada?</h1>"


def test_a_parameter_for_all_names_gets_them(app: Flask) -> None:
    def page(a: int, /, b: int = 0, **names: Any) -> Node:
        raise AssertionError("not called: a is missing")

    def names_of(**names: Any) -> Node:
        return ",".join(sorted(names))

    with app.test_request_context():
        assert render_template(Component(names_of), b=1) == "b,g,request,session"
        with pytest.raises(TypeError, match="positional argument: 'a'"):
            render_template(Component(page), a=1)


def test_a_parameter_without_a_value_is_told(app: Flask) -> None:
    with app.app_context(), pytest.raises(TypeError, match=r"greeting\(\) missing .* 'who'"):
        render_template(greeting)


@pytest.mark.parametrize(
    ("node", "shown"),
    [
        ("<b>", "&lt;b&gt;"),
        (None, ""),
        ([h1["a"], "b", 3], "<h1>a</h1>b3"),
        (htpy.html[htpy.body], "<!doctype html><html><body></body></html>"),
        (htpy.fragment["a", "b"], "ab"),
    ],
)
def test_it_may_give_whatever_htpy_shows(app: Flask, node: Node, shown: str) -> None:
    with app.app_context():
        assert render_template(Component(lambda: node)) == shown


# --- names -------------------------------------------------------------------------------


def test_a_name_is_given_by_add(app: Flask) -> None:
    engine = HtpyTemplates.of(app)
    engine.add("greeting.html", greeting)
    with app.app_context():
        assert render_template("greeting.html", who="Ada") == "<h1>Hello, Ada!</h1>"
        assert render_template(["gone.html", "listing.html"], rows=["a"]) == "<ul><li>a</li></ul>"
    assert engine.find("greeting.html").name == "greeting.html"
    assert repr(engine.find("greeting.html")) == "<component greeting, named 'greeting.html'>"
    assert greeting.name is None


def test_a_name_that_was_given_twice_is_the_later_component(app: Flask) -> None:
    HtpyTemplates.of(app).add("listing.html", lambda: "new")
    with app.app_context():
        assert render_template("listing.html") == "new"


def test_a_name_nobody_gave_is_told_with_those_there_are(app: Flask) -> None:
    with app.app_context(), pytest.raises(MissingTemplate, match="no template files") as caught:
        render_template("gone.html")
    assert "Names: 'listing.html'." in str(caught.value)
    with pytest.raises(MissingTemplate, match="Names: none yet"):
        HtpyTemplates().find(["a", "b"])


def test_the_engine_of_another_application_is_refused() -> None:
    with pytest.raises(TypeError, match="the engine of this application is JinjaTemplates"):
        HtpyTemplates.of(Flask("shop"))


# --- streams and signals -----------------------------------------------------------------


def test_rows_are_asked_for_as_the_pieces_are_taken(app: Flask) -> None:
    asked: list[int] = []

    def rows() -> Iterator[str]:
        for number in range(3):
            asked.append(number)
            yield str(number)

    with app.app_context():
        pieces = stream_template("listing.html", rows=rows())
        assert asked == []
        taken = ""
        while "<li>" not in taken:
            taken += next(pieces)
        assert asked == [0]
        assert taken + "".join(pieces) == "<ul><li>0</li><li>1</li><li>2</li></ul>"


def test_signals_carry_the_component(app: Flask) -> None:
    heard: list[object] = []

    def after(sender: Flask, template: object, context: dict[str, Any]) -> None:
        heard.append(template)

    with template_rendered.connected_to(after, app), app.app_context():
        render_template(greeting, who="Ada")
    assert heard == [greeting]


# --- what there is not -------------------------------------------------------------------


def test_texts_and_attributes_are_refused_with_a_reason(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(UnsupportedByEngine, match="htpy does not offer templates given as"):
            render_template_string("hello")
        with pytest.raises(UnsupportedByEngine, match=r"such as 'size' \(import it in Python\)"):
            get_template_attribute("listing.html", "size")


def test_an_element_is_no_template_and_the_error_says_what_is(app: Flask) -> None:
    element: Any = h1["Hello"]
    with app.app_context(), pytest.raises(TypeError, match="names no template"):
        render_template(element)
