"""The room of templates by itself: the render functions over Jinja and over another engine."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from tests.templating_stand_ins import App, activate, app, outside_of_everything
from typedflask.signals import before_render_template, template_rendered
from typedflask.templating import (
    JinjaTemplates,
    Template,
    TemplateBackend,
    UnsupportedByEngine,
    get_template_attribute,
    render_template,
    render_template_string,
    stream_template,
    stream_template_string,
)
from typedflask.templating.asking import keep_context

__all__ = ["app", "outside_of_everything"]
"""Fixtures that the tests below use."""

pytestmark = pytest.mark.usefixtures("outside_of_everything")


# --- the render functions over Jinja -----------------------------------------------------


@pytest.mark.usefixtures("app")
class TestRendering:
    def test_a_template_with_inheritance_is_rendered_with_its_values_escaped(self) -> None:
        assert render_template("page.html", title="<b>") == "<title>&lt;b&gt;</title>"

    def test_a_text_file_is_not_escaped(self) -> None:
        assert render_template("mail.txt", who="A & B") == "Dear A & B"

    def test_a_template_given_as_text_is_escaped(self) -> None:
        assert render_template_string("{{ x }}", x="<i>") == "&lt;i&gt;"

    def test_markup_is_left_alone(self) -> None:
        assert render_template_string("{{ x }}", x=Markup("<i>")) == "<i>"

    def test_the_first_of_several_names_that_exists_is_taken(self) -> None:
        assert render_template(["no.txt", "mail.txt", "page.html"], who="B") == "Dear B"
        assert render_template(("no.txt", "mail.txt"), who="B") == "Dear B"

    def test_a_template_may_stand_where_a_name_may(self, app: App) -> None:
        template = app.jinja_env.from_string("made of text: {{ x }}")

        assert render_template(template, x=1) == "made of text: 1"
        assert render_template([template], x=1) == "made of text: 1"
        assert render_template(["no.txt", template], x=1) == "made of text: 1"
        assert render_template(["mail.txt", template], who="C") == "Dear C"

    def test_what_the_view_passes_wins_over_the_context_processors(self, app: App) -> None:
        app.common = {"who": "everybody", "title": "common"}

        assert render_template("mail.txt", who="you") == "Dear you"
        assert render_template("page.html") == "<title>common</title>"

    @pytest.mark.parametrize("nonsense", [None, 3, b"page.html", ["page.txt", 3], [None]])
    def test_what_names_no_template_is_refused_with_its_value(self, nonsense: Any) -> None:
        with pytest.raises(TypeError, match=r"names no template; give a name such as") as caught:
            render_template(nonsense)

        shown = nonsense[-1] if isinstance(nonsense, list) else nonsense
        assert repr(shown) in str(caught.value)

    def test_no_names_at_all_is_a_missing_template(self) -> None:
        with pytest.raises(jinja2.TemplatesNotFound):
            render_template([])

    def test_a_macro_or_variable_of_a_template_can_be_used_from_python(self) -> None:
        assert get_template_attribute("_greet.html", "greet")("<Ada>") == "Hello &lt;Ada&gt;!"
        assert get_template_attribute("_greet.html", "size") == 3

    def test_a_macro_that_is_not_there_is_reported_with_those_that_are(self) -> None:
        with pytest.raises(AttributeError, match="exports no 'bye'; what it exports: greet, size"):
            get_template_attribute("_greet.html", "bye")

    def test_an_attribute_of_a_template_that_is_not_there_is_a_missing_template(self) -> None:
        with pytest.raises(jinja2.TemplateNotFound):
            get_template_attribute("gone.html", "greet")


@pytest.mark.parametrize(
    "call",
    [
        partial(render_template, "page.html"),
        partial(render_template_string, "x"),
        partial(stream_template, "page.html"),
        partial(stream_template_string, "x"),
        partial(get_template_attribute, "_greet.html", "greet"),
    ],
    ids=lambda call: call.func.__name__,
)
def test_without_an_active_application_the_error_tells_how_to_get_one(
    call: partial[object],
) -> None:
    with pytest.raises(RuntimeError, match=r"with app\.app_context\(\)") as caught:
        call()

    assert call.func.__name__ in str(caught.value)


# --- streaming ---------------------------------------------------------------------------


class TestStreaming:
    def test_the_pieces_make_the_same_text_as_rendering_at_once(self, app: App) -> None:
        pieces = list(stream_template("rows.html", rows=["a", "<"]))

        assert len(pieces) > 1
        assert "".join(pieces) == render_template("rows.html", rows=["a", "<"])
        assert "".join(stream_template_string("{{ a }}{{ b }}", a=1, b="&")) == "1&amp;"

    def test_rows_are_asked_for_only_as_the_text_is_taken(self, app: App) -> None:
        asked: list[int] = []

        def rows() -> Iterator[int]:
            for number in range(1000):
                asked.append(number)
                yield number

        stream = stream_template("rows.html", rows=rows())
        assert asked == []
        next(stream)
        assert len(asked) < 1000

    def test_a_missing_template_is_reported_before_the_stream_begins(self, app: App) -> None:
        with pytest.raises(jinja2.TemplateNotFound):
            stream_template("gone.html")

    def test_the_context_is_completed_when_the_function_is_called(self, app: App) -> None:
        app.common = {"who": "before"}
        stream = stream_template("mail.txt")
        app.common = {"who": "after"}

        assert "".join(stream) == "Dear before"

    def test_the_active_request_is_kept_alive_around_the_stream(
        self, app: App, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def keep(pieces: Iterator[str]) -> Iterator[str]:
            yield "["
            yield from pieces
            yield "]"

        monkeypatch.setattr(keep_context, "find", lambda: keep)

        assert "".join(stream_template("mail.txt", who="D")) == "[Dear D]"
        assert "".join(stream_template_string("x")) == "[x]"


# --- signals -----------------------------------------------------------------------------


class TestSignals:
    @pytest.fixture
    def seen(self, app: App) -> Iterator[list[tuple[str, str | None, dict[str, Any]]]]:
        heard: list[tuple[str, str | None, dict[str, Any]]] = []

        def before(sender: App, template: Template, context: dict[str, Any]) -> None:
            heard.append(("before", template.name, dict(context)))
            context["who"] = "a receiver"

        def after(sender: App, template: Template, context: dict[str, Any]) -> None:
            heard.append(("after", template.name, dict(context)))

        with (
            before_render_template.connected_to(before, app),
            template_rendered.connected_to(after, app),
        ):
            yield heard

    def test_receivers_hear_before_and_after_and_may_change_the_context(
        self, app: App, seen: list[tuple[str, str | None, dict[str, Any]]]
    ) -> None:
        app.common = {"common": 1}

        assert render_template("mail.txt", who="E") == "Dear a receiver"
        assert seen == [
            ("before", "mail.txt", {"who": "E", "common": 1}),
            ("after", "mail.txt", {"who": "a receiver", "common": 1}),
        ]

    def test_a_template_given_as_text_has_no_name(
        self, app: App, seen: list[tuple[str, str | None, dict[str, Any]]]
    ) -> None:
        render_template_string("x")

        assert [(when, name) for when, name, _ in seen] == [("before", None), ("after", None)]

    def test_a_stream_is_rendered_when_its_last_piece_was_taken(
        self, app: App, seen: list[tuple[str, str | None, dict[str, Any]]]
    ) -> None:
        stream = stream_template("rows.html", rows=["a"])
        assert [when for when, _, _ in seen] == ["before"]
        list(stream)
        assert [when for when, _, _ in seen] == ["before", "after"]

    def test_a_template_that_fails_was_not_rendered(
        self, app: App, seen: list[tuple[str, str | None, dict[str, Any]]]
    ) -> None:
        with pytest.raises(ZeroDivisionError):
            render_template_string("{{ 1 // zero }}", zero=0)

        assert [when for when, _, _ in seen] == ["before"]

    def test_another_application_is_not_heard(
        self,
        seen: list[tuple[str, str | None, dict[str, Any]]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        activate(monkeypatch, App())

        assert render_template_string("x") == "x"
        assert seen == []

    def test_an_async_receiver_is_waited_for(self, app: App) -> None:
        heard: list[str | None] = []

        async def after(sender: App, template: Template, context: dict[str, Any]) -> None:
            await asyncio.sleep(0)
            heard.append(template.name)

        with template_rendered.connected_to(after, app):
            render_template("mail.txt")

        assert heard == ["mail.txt"]


# --- another engine ----------------------------------------------------------------------


class DollarTemplate:
    """One of `string.Template`: no loops, no macros, but a template."""

    def __init__(self, name: str | None, source: str) -> None:
        self.name = name
        self._text = string.Template(source)

    def render(self, context: Mapping[str, Any]) -> str:
        return self._text.substitute(context)

    def generate(self, context: Mapping[str, Any]) -> Iterator[str]:
        yield self.render(context)


class DollarTemplates:
    """The shortest honest engine."""

    def __init__(self, **sources: str) -> None:
        self._sources = sources

    def find(self, names: str | Sequence[str]) -> DollarTemplate:
        for name in [names] if isinstance(names, str) else names:
            if name in self._sources:
                return DollarTemplate(name, self._sources[name])
        raise LookupError(names)

    def from_source(self, source: str) -> DollarTemplate:
        return DollarTemplate(None, source)

    def attribute(self, template_name: str, attribute: str) -> Any:
        raise UnsupportedByEngine("dollar", "macros or variables to use from Python")


class TestAnotherEngine:
    @pytest.fixture
    def dollar(self, app: App) -> App:
        app.templates = DollarTemplates(hello="Hello $who")
        app.common = {"who": "everybody"}
        return app

    def test_it_renders_and_streams_through_the_same_functions(self, dollar: App) -> None:
        assert render_template("hello") == "Hello everybody"
        assert render_template(["bye", "hello"], who="you") == "Hello you"
        assert render_template(DollarTemplate(None, "ready: $who")) == "ready: everybody"
        assert render_template(["bye", DollarTemplate(None, "ready")]) == "ready"
        assert render_template_string("$who!") == "everybody!"
        assert list(stream_template("hello")) == ["Hello everybody"]
        assert list(stream_template_string("$who!", who=1)) == ["1!"]

    def test_the_signals_carry_its_own_templates(self, dollar: App) -> None:
        heard: list[Template] = []

        def after(sender: App, template: Template, context: dict[str, Any]) -> None:
            heard.append(template)

        with template_rendered.connected_to(after, dollar):
            render_template("hello")

        assert [type(each) for each in heard] == [DollarTemplate]

    def test_what_it_lacks_is_reported_with_its_name_and_the_feature(self, dollar: App) -> None:
        with pytest.raises(
            UnsupportedByEngine, match="the template engine dollar does not offer macros"
        ) as caught:
            get_template_attribute("hello", "greet")

        assert caught.value.engine == "dollar"
        assert caught.value.feature == "macros or variables to use from Python"

    def test_jinja_is_never_asked(self, dollar: App) -> None:
        render_template("hello")

        assert dollar._environment is None


# --- every door asks the contract --------------------------------------------------------


def test_jinja_satisfies_the_contract_as_types_see_it(app: App) -> None:
    backend: TemplateBackend = JinjaTemplates(app)
    template: Template = backend.from_source("{{ 1 }}")

    assert isinstance(template, jinja2.Template)
    assert isinstance(template, Template)
