"""The tests of an engine in an application: names, processors, signals, streams, functions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from typedflask import (
    Blueprint,
    Flask,
    before_render_template,
    flash,
    g,
    render_template,
    session,
    stream_template,
    template_rendered,
)
from typedflask.templating.contract import Template
from typedflask.testing.conformance.template_making import TemplateMaking, tight


class TemplateAppConformance(TemplateMaking):
    """The part of `TemplateConformance` that is about the application around the engine."""

    # --- names ---------------------------------------------------------------------------

    def test_every_template_knows_the_request_and_its_like(self, app: Flask) -> None:
        """`url_for`, `request`, `session`, `g`, `config`, `get_flashed_messages`."""
        self.put_sample(app, "names.html", "names")

        @app.get("/names")
        def names() -> str:
            session["user"] = "<Ada>"
            g.nut = "hazel"
            flash("saved")
            return render_template("names.html")

        shown = tight(app.test_client().get("/names?q=plum").text)
        assert shown == "/item/3|plum|&lt;Ada&gt;|hazel|Plum &amp; Pear|saved"

    def test_what_context_processors_give_is_known(self, app: Flask) -> None:
        """What the view passes wins over it."""
        app.context_processor(lambda: {"who": "everybody"})
        with app.app_context():
            assert tight(render_template("greeting.html")) == "Hello, everybody!"
            assert tight(render_template("greeting.html", who="you")) == "Hello, you!"
            assert tight("".join(stream_template("greeting.html"))) == "Hello, everybody!"

    def test_two_applications_do_not_share_templates(self, app: Flask, tmp_path: Path) -> None:
        """Engines keep what they compiled for themselves."""
        other = self.make_app(tmp_path / "other")
        self.put_sample(other, "other.html", "greeting")
        self.put_sample(other, "greeting.html", "undefined")
        assert tight(app.templates.find("greeting.html").render({"who": 1})) == "Hello, 1!"
        text = other.templates.find("greeting.html").render({"nobody": 1})
        assert tight(text) == "[1]", "the template of another application was rendered"
        with pytest.raises(LookupError):
            app.templates.find("other.html")

    # --- signals -------------------------------------------------------------------------

    @pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
    def test_receivers_hear_before_and_after(self, app: Flask, streamed: bool) -> None:
        """They get the engine's template, and may change the context before."""
        heard: list[tuple[str, str | None, object]] = []

        # Any: contexts hold values of all types.
        def before(sender: Flask, template: Template, context: dict[str, Any]) -> None:
            heard.append(("before", template.name, context["who"]))
            context["who"] = "receiver"

        def after(sender: Flask, template: Template, context: dict[str, Any]) -> None:
            heard.append(("after", template.name, context["who"]))

        with (
            before_render_template.connected_to(before, app),
            template_rendered.connected_to(after, app),
            app.app_context(),
        ):
            if streamed:
                text = "".join(stream_template("greeting.html", who="Ada"))
            else:
                text = render_template("greeting.html", who="Ada")
        assert tight(text) == "Hello, receiver!", "the context is the one receivers have changed"
        assert heard == [
            ("before", "greeting.html", "Ada"),
            ("after", "greeting.html", "receiver"),
        ]

    # --- streams -------------------------------------------------------------------------

    def test_the_request_lives_until_the_stream_ends(self, app: Flask) -> None:
        """Rows that are fetched while the server sends may use the request."""
        self.put_sample(app, "rows.html", "rows")
        events: list[str] = []

        def rows() -> Iterator[str]:
            events.append("row")
            yield f"<{g.nut}>"

        @app.get("/rows")
        def page() -> Iterator[str]:
            g.nut = "hazel"
            return stream_template("rows.html", rows=rows())

        @app.teardown_request
        def tear_down(error: BaseException | None) -> None:
            events.append("torn down")

        response = app.test_client().get("/rows", buffered=False)
        assert tight(response.text) == "<li>&lt;hazel&gt;</li>"
        response.close()
        assert events == ["row", "torn down"]

    # --- functions -----------------------------------------------------------------------

    def test_registered_filters_and_globals_are_used(self, app: Flask) -> None:
        """A filter gets the value itself, and what it gives is escaped."""
        got: list[object] = []

        def money(amount: object) -> str:
            got.append(amount)
            return f"<{amount} £>"

        app.add_template_filter(money)
        app.add_template_global(lambda: "Plum & Pear", "shop")
        self.put_sample(app, "filtered.html", "filtered")
        text = app.templates.find("filtered.html").render({"amount": 12})
        assert tight(text) == "&lt;12 £&gt; in Plum &amp; Pear"
        assert got == [12], "a filter must get the value itself, not its text"

    def test_functions_that_are_registered_later_are_used_too(self, app: Flask) -> None:
        """By a blueprint, say, when the engine was used already."""
        app.templates.find("greeting.html").render({"who": "Ada"})
        late = Blueprint("late", __name__)
        late.add_app_template_filter(str, "money")
        late.add_app_template_global(lambda: "Pear", "shop")
        app.register_blueprint(late)
        self.put_sample(app, "filtered.html", "filtered")
        text = app.templates.find("filtered.html").render({"amount": 12})
        assert tight(text) == "12 in Pear"

    def test_registered_tests_are_used(self, app: Flask) -> None:
        """Where the engine has such a thing."""
        app.add_template_test(lambda number: number % 2 == 0, "twofold")
        self.put_sample(app, "tested.html", "tested")
        template = app.templates.find("tested.html")
        assert [tight(template.render({"number": n})) for n in (4, 5)] == ["even", "odd"]
