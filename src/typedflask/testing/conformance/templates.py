"""What every template engine must do, as a pytest class to subclass: `TemplateConformance`.

The sentences are those of `TemplateBackend` and `Template`, and those of Flask's documentation
about templates that are true whatever the engine is; each failure says what to mend. What the
tests need to know of an engine is in `template_making.py`, the tests of files are in
`template_files.py`, those of the application around the engine in `template_apps.py`, and here
is the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from markupsafe import Markup

from typedflask import (
    Flask,
    get_template_attribute,
    render_template,
    render_template_string,
    stream_template,
    stream_template_string,
)
from typedflask.templating.contract import Template, UnsupportedByEngine
from typedflask.testing.conformance.template_apps import TemplateAppConformance
from typedflask.testing.conformance.template_files import TemplateFileConformance
from typedflask.testing.conformance.template_making import Sample, tight, told, unsupported

DANGEROUS = """<script src="x">&'</script>"""


class Emphasis:
    """A value that knows how it looks in HTML, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: int = 0

    def __html__(self) -> str:
        self.asked += 1
        return "<em>Ada</em>"

    def __str__(self) -> str:
        return self.__html__()


class Exploded(Exception):
    """Raised by what a template calls."""


class TemplateConformance(TemplateFileConformance, TemplateAppConformance):
    """The tests of a template engine: subclass, name it `Test…`, define two methods.

    ::

        class TestDollars(TemplateConformance):
            streams = False
            undefined_is_an_error = True

            def make_engine(self, app: Flask) -> DollarTemplates:
                return DollarTemplates(app)

            def source(self, sample: Sample) -> str | None:
                return SOURCES.get(sample)  # {"greeting": "Hello, $who!", ...}
    """

    # --- rendering -----------------------------------------------------------------------

    def test_a_template_is_rendered_with_its_values(self, app: Flask) -> None:
        """`render` takes the names of a mapping, and gives text."""
        template = app.templates.find("greeting.html")
        text = template.render({"who": "Ada"})
        assert isinstance(text, str), "render must give a str"
        assert tight(text) == "Hello, Ada!"

    def test_each_rendering_has_its_own_values(self, app: Flask) -> None:
        """A template is found once and rendered often; nothing is left from the time before."""
        template = app.templates.find("greeting.html")
        texts = [tight(template.render({"who": who})) for who in ("Ada", "Grace", "Ada")]
        assert texts == ["Hello, Ada!", "Hello, Grace!", "Hello, Ada!"]

    def test_the_given_context_is_left_as_it_was(self, app: Flask) -> None:
        """Receivers of `template_rendered` look at the context after the rendering."""
        context = {"who": "Ada"}
        app.templates.find("greeting.html").render(context)
        assert context == {"who": "Ada"}, "render must not change the mapping it is given"

    def test_values_of_all_kinds_are_shown(self, app: Flask) -> None:
        """Numbers as Python shows them, and letters of every script."""
        template = app.templates.find("greeting.html")
        for value in (0, 12, -1, 2**70, "Grüße, 世界 😀"):
            assert tight(template.render({"who": value})) == f"Hello, {value}!"

    def test_a_template_may_include_another(self, app: Flask) -> None:
        """The included one knows the same names."""
        self.put_sample(app, "parts.html", "parts")
        with app.app_context():
            assert tight(render_template("parts.html", who="<b>")) == "[Hello, &lt;b&gt;!]"

    # --- escaping ------------------------------------------------------------------------

    def test_values_are_escaped_in_html(self, app: Flask) -> None:
        """What a visitor wrote must not become part of the page's HTML."""
        text = app.templates.find("greeting.html").render({"who": DANGEROUS})
        assert "<script" not in text, "a value was shown in HTML without being escaped"
        assert "&lt;script" in text, "a value in HTML must be escaped, not left out"
        inside = text[text.index("&lt;script") :]
        assert '"' not in inside, "quotes must be escaped too, values stand in attributes"
        assert "'" not in inside, "single quotes must be escaped too"

    def test_objects_are_escaped_as_their_text(self, app: Flask) -> None:
        """Not only strings are dangerous: whatever shows as text is escaped."""

        class Comment:
            def __str__(self) -> str:
                return DANGEROUS

        for value in (
            Comment(),
            [DANGEROUS],
            {"a": DANGEROUS},
            type("Text", (str,), {})("<script"),
        ):
            text = app.templates.find("greeting.html").render({"who": value})
            assert "<script" not in text, f"a {type(value).__name__} was not escaped"

    def test_markup_is_not_escaped_again(self, app: Flask) -> None:
        """`Markup` is HTML already."""
        text = app.templates.find("greeting.html").render({"who": Markup("<b>Ada</b> &amp;")})
        assert tight(text) == "Hello, <b>Ada</b> &amp;!", "Markup must be shown as it is"

    def test_a_value_with_html_of_its_own_shows_that(self, app: Flask) -> None:
        """What has `__html__` knows best how it looks."""
        text = app.templates.find("greeting.html").render({"who": Emphasis()})
        assert tight(text) == "Hello, <em>Ada</em>!", "`__html__` must be asked, and not escaped"

    # --- finding -------------------------------------------------------------------------

    def test_the_first_name_that_exists_is_taken(self, app: Flask) -> None:
        """Of several names, in a list or a tuple."""
        for names in (["no.html", "greeting.html"], ("no.html", "greeting.html", "no.html")):
            assert tight(app.templates.find(names).render({"who": "Ada"})) == "Hello, Ada!"

    @pytest.mark.parametrize("names", ["gone.html", ["gone.html", "no.html"], "", []])
    def test_names_without_a_template_are_a_lookup_error(
        self, app: Flask, names: str | list[str]
    ) -> None:
        """A view may catch it; the log must tell which names were looked for."""
        with pytest.raises(LookupError) as caught:
            app.templates.find(names)
        for name in [names] if isinstance(names, str) else names:
            assert name in told(caught.value), f"the error must name {name!r}"

    def test_a_template_has_its_name_and_fits_the_contract(self, app: Flask) -> None:
        """Receivers of signals look at it, and it may be passed where a name may."""
        template = app.templates.find("greeting.html")
        assert isinstance(template, Template), "a template has name, render and generate"
        assert template.name == "greeting.html", "a template has the name it was found by"
        with app.app_context():
            assert tight(render_template(template, who="Ada")) == "Hello, Ada!"
            assert tight(render_template(["no.html", template], who="Ada")) == "Hello, Ada!"

    # --- in pieces -----------------------------------------------------------------------

    def test_the_pieces_make_the_same_text(self, app: Flask) -> None:
        """`generate` gives what `render` gives."""
        self.put_sample(app, "rows.html", "rows")
        template = app.templates.find("rows.html")
        context = {"rows": ["a", "<b>", 3]}
        pieces = list(template.generate(context))
        assert all(isinstance(piece, str) for piece in pieces), "every piece must be a str"
        assert "".join(pieces) == template.render(context)
        assert tight("".join(pieces)) == "<li>a</li><li>&lt;b&gt;</li><li>3</li>"

    def test_nothing_is_made_before_the_first_piece_is_asked_for(self, app: Flask) -> None:
        """A stream that the client never reads costs nothing."""
        value = Emphasis()
        pieces = app.templates.find("greeting.html").generate({"who": value})
        assert value.asked == 0, "generate must be lazy: write it with yield"
        assert tight("".join(pieces)) == "Hello, <em>Ada</em>!"

    def test_rows_are_asked_for_as_the_pieces_are_taken(self, app: Flask) -> None:
        """What streams does not collect everything first."""
        if not self.streams:
            pytest.skip("the engine gives a template in one piece")
        self.put_sample(app, "rows.html", "rows")
        asked: list[int] = []

        def rows() -> Iterator[int]:
            for number in range(1000):
                asked.append(number)
                yield number

        pieces = app.templates.find("rows.html").generate({"rows": rows()})
        next(pieces)
        assert len(asked) < 1000, "the first piece came only when all rows had been asked for"

    # --- templates given as text ---------------------------------------------------------

    def test_a_text_is_a_template_without_a_name(self, app: Flask) -> None:
        """Its values are escaped as in HTML; or the engine says that it has no such thing."""
        source = self.source("greeting")
        with app.app_context():
            if not isinstance(source, str):
                with unsupported("templates given as text"):
                    render_template_string("Hello")
                return
            assert app.templates.from_source(source).name is None, "a text has no name"
            text = render_template_string(source, who="<b>")
            assert tight(text) == "Hello, &lt;b&gt;!", "values in a text are escaped as in HTML"
            assert "".join(stream_template_string(source, who="<b>")) == text

    # --- macros --------------------------------------------------------------------------

    def test_what_a_template_defines_can_be_used_or_is_refused(self, app: Flask) -> None:
        """`get_template_attribute` gives macros and variables; or the engine has none."""
        source = self.source("macros")
        with app.app_context():
            if source is None:
                with unsupported("attributes of templates"):
                    get_template_attribute("greeting.html", "greet")
                return
            self.put(app, "macros.html", source)
            greeting = get_template_attribute("macros.html", "greet")("<b>")
            assert tight(greeting) == "Hello, &lt;b&gt;!"
            assert hasattr(greeting, "__html__"), "what a macro gives is Markup, escaped already"
            assert get_template_attribute("macros.html", "size") == 3
            with pytest.raises(AttributeError, match="nothing_like_it"):
                get_template_attribute("macros.html", "nothing_like_it")
            with pytest.raises(LookupError):
                get_template_attribute("gone.html", "greet")

    # --- errors --------------------------------------------------------------------------

    def test_what_a_template_calls_may_raise(self, app: Flask) -> None:
        """The error arrives as itself: handlers of the application look at its class."""
        self.put_sample(app, "calling.html", "calling")

        def act() -> str:
            raise Exploded("in the middle")

        with app.app_context():
            with pytest.raises(Exploded, match="in the middle"):
                render_template("calling.html", act=act)
            assert tight(render_template("calling.html", act=lambda: "fine")) == "fine"
            with pytest.raises(Exploded):
                list(stream_template("calling.html", act=act))

    def test_a_name_that_does_not_exist(self, app: Flask) -> None:
        """It shows as nothing, or is an error that tells the name: never as the word itself."""
        self.put_sample(app, "undefined.html", "undefined")
        template = app.templates.find("undefined.html")
        if self.undefined_is_an_error:
            with pytest.raises(Exception) as caught:
                template.render({})
            assert "nobody" in told(caught.value), "the error must tell the name"
        else:
            assert tight(template.render({})) == "[]"
        assert tight(template.render({"nobody": "Ada"})) == "[Ada]"

    # --- threads -------------------------------------------------------------------------

    def test_threads_do_not_see_each_others_values(self, app: Flask) -> None:
        """A server renders the same template in many threads at once."""

        def render(number: int) -> str:
            return tight(app.templates.find("greeting.html").render({"who": number}))

        with ThreadPoolExecutor(8) as threads:
            texts = list(threads.map(render, range(400)))
        assert texts == [f"Hello, {number}!" for number in range(400)]


__all__ = ["Sample", "TemplateConformance", "UnsupportedByEngine"]
