"""Templates through an application: streams, signals, reloading, and engines other than Jinja."""

from __future__ import annotations

import os
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pytest

from typedflask import (
    Flask,
    before_render_template,
    g,
    get_template_attribute,
    render_template,
    render_template_string,
    request,
    stream_template,
    stream_template_string,
    template_rendered,
)
from typedflask.templating import UnsupportedByEngine


@pytest.fixture
def app() -> Flask:
    app = Flask("shop")
    app.testing = True
    app.jinja_loader = jinja2.DictLoader(
        {
            "rows.html": "{% for row in rows %}<li>{{ row }}{% endfor %}",
            "who.html": "{{ request.args.who }} {{ g.nut }}",
            "broken.html": "begins {{ 1 // nothing }}",
        }
    )
    return app


# --- streams -----------------------------------------------------------------------------


def test_a_streamed_template_is_the_same_text_in_pieces(app: Flask) -> None:
    app.add_url_rule("/", "rows", lambda: stream_template("rows.html", rows=["<a>", "b"]))
    response = app.test_client().get("/")

    assert response.text == "<li>&lt;a&gt;<li>b"
    assert response.mimetype == "text/html"
    assert "Content-Length" not in response.headers


def test_a_streamed_text_is_the_same_in_pieces(app: Flask) -> None:
    app.add_url_rule("/", "text", lambda: stream_template_string("{{ v }}!", v="<"))

    assert app.test_client().get("/").text == "&lt;!"


def test_the_request_lives_until_the_stream_ends(app: Flask) -> None:
    events: list[str] = []

    @app.get("/")
    def page() -> Iterator[str]:
        g.nut = "hazel"
        return stream_template("who.html")

    @app.teardown_request
    def tear_down(error: BaseException | None) -> None:
        events.append("torn down")

    response = app.test_client().get("/?who=Ada", buffered=False)
    events.append("answered")
    text = response.text
    response.close()

    assert text == "Ada hazel"
    assert events == ["answered", "torn down"]


def test_rows_are_fetched_while_the_request_is_active(app: Flask) -> None:
    def rows() -> Iterator[str]:
        for number in range(2):
            yield f"{request.path}{number}"

    app.add_url_rule("/list", "rows", lambda: stream_template("rows.html", rows=rows()))

    assert app.test_client().get("/list").text == "<li>/list0<li>/list1"


def test_outside_of_a_request_a_template_can_be_streamed_too(app: Flask) -> None:
    with app.app_context():
        assert "".join(stream_template("rows.html", rows=[1])) == "<li>1"


def test_a_stream_that_fails_still_tears_the_request_down_once(app: Flask) -> None:
    told: list[str] = []
    app.teardown_request(lambda error: told.append(type(error).__name__))
    app.add_url_rule("/", "page", lambda: stream_template("broken.html", nothing=0))

    response = app.test_client().get("/")
    with pytest.raises(ZeroDivisionError):
        response.get_data()
    response.close()

    assert told == ["ZeroDivisionError"]


# --- signals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "render",
    [
        lambda: render_template("rows.html", rows=[1]),
        lambda: "".join(stream_template("rows.html", rows=[1])),
    ],
    ids=["whole", "streamed"],
)
def test_receivers_hear_of_a_template_before_and_after(
    app: Flask, render: Callable[[], str]
) -> None:
    heard: list[tuple[str, str | None, list[int]]] = []

    def before(sender: Flask, template: Any, context: dict[str, Any]) -> None:
        heard.append(("before", template.name, list(context["rows"])))
        context["rows"] = [7]

    def after(sender: Flask, template: Any, context: dict[str, Any]) -> None:
        heard.append(("after", template.name, list(context["rows"])))

    app.add_url_rule("/", "page", render)
    with (
        before_render_template.connected_to(before, app),
        template_rendered.connected_to(after, app),
    ):
        text = app.test_client().get("/").text

    assert text == "<li>7"
    assert heard == [("before", "rows.html", [1]), ("after", "rows.html", [7])]


def test_a_template_that_fails_was_not_rendered(app: Flask) -> None:
    heard: list[str] = []

    def after(sender: Flask, template: Any, context: dict[str, Any]) -> None:
        heard.append(template.name)

    with (
        template_rendered.connected_to(after, app),
        app.app_context(),
        pytest.raises(ZeroDivisionError),
    ):
        render_template("broken.html", nothing=0)

    assert heard == []


# --- reloading ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "debug", "reloads"),
    [
        (None, False, False),
        (None, True, True),
        (True, False, True),
        (False, True, False),
    ],
)
def test_a_changed_file_is_read_again_when_configured_or_in_debug_mode(
    tmp_path: Path, setting: bool | None, debug: bool, reloads: bool
) -> None:
    file = tmp_path / "templates" / "page.html"
    file.parent.mkdir()
    file.write_text("before", encoding="utf-8")
    app = Flask("shop", root_path=str(tmp_path))
    app.config["TEMPLATES_AUTO_RELOAD"] = setting
    app.debug = debug
    with app.app_context():
        assert render_template("page.html") == "before"
        file.write_text("after", encoding="utf-8")
        os.utime(file, (1, 1))

        assert render_template("page.html") == ("after" if reloads else "before")


def test_debug_mode_may_be_switched_when_the_environment_exists(app: Flask) -> None:
    seen = [app.jinja_env.auto_reload]
    for debug in (True, False):
        app.debug = debug
        seen.append(app.jinja_env.auto_reload)

    assert seen == [False, True, False]


def test_switching_debug_mode_does_not_touch_what_was_configured(app: Flask) -> None:
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    assert app.jinja_env.auto_reload is True

    app.debug = False

    assert app.jinja_env.auto_reload is True


def test_switching_debug_mode_does_not_fix_the_options_of_the_environment(app: Flask) -> None:
    app.debug = True
    app.jinja_options = {"trim_blocks": True}

    assert app.jinja_env.trim_blocks


# --- another engine ----------------------------------------------------------------------


class Dollar:
    """A template of `string.Template`."""

    def __init__(self, name: str | None, source: str) -> None:
        self.name = name
        self._template = string.Template(source)

    def render(self, context: Mapping[str, Any]) -> str:
        return self._template.substitute(context)

    def generate(self, context: Mapping[str, Any]) -> Iterator[str]:
        yield from self.render(context).splitlines(keepends=True)


class Dollars:
    """Templates from a dict, with dollar signs: an engine that is not Jinja."""

    sources: Mapping[str, str] = {
        "page": "$who at $place",
        "lines": "one\n$who\n",
    }

    def find(self, names: str | Sequence[str]) -> Dollar:
        for name in [names] if isinstance(names, str) else names:
            if name in self.sources:
                return Dollar(name, self.sources[name])
        raise LookupError(f"no template {names!r}")

    def from_source(self, source: str) -> Dollar:
        return Dollar(None, source)

    def attribute(self, template_name: str, attribute: str) -> Any:
        raise UnsupportedByEngine("dollars", "macros")


@pytest.fixture
def dollars() -> Flask:
    app = Flask("shop", templates=Dollars())
    app.testing = True
    app.context_processor(lambda: {"place": "home", "who": "nobody"})
    return app


def test_an_engine_passed_to_the_application_renders_its_views(dollars: Flask) -> None:
    dollars.add_url_rule("/page", "page", lambda: render_template("page", who="Ada"))
    dollars.add_url_rule("/first", "first", lambda: render_template(["gone", "page"]))
    dollars.add_url_rule("/text", "text", lambda: render_template_string("$place!"))
    dollars.add_url_rule("/lines", "lines", lambda: stream_template("lines"))
    client = dollars.test_client()

    assert client.get("/page").text == "Ada at home"
    assert client.get("/first").text == "nobody at home"
    assert client.get("/text").text == "home!"
    assert client.get("/lines").text == "one\nnobody\n"


def test_signals_carry_the_templates_of_that_engine(dollars: Flask) -> None:
    heard: list[object] = []

    def after(sender: Flask, template: object, context: dict[str, Any]) -> None:
        heard.append(template)

    with template_rendered.connected_to(after, dollars), dollars.app_context():
        render_template("page")

    assert [type(template) for template in heard] == [Dollar]


def test_what_the_engine_lacks_is_a_clear_error(dollars: Flask) -> None:
    with dollars.app_context(), pytest.raises(UnsupportedByEngine, match="dollars does not offer"):
        get_template_attribute("page", "who")


def test_jinja_is_not_set_up_for_an_application_with_another_engine(dollars: Flask) -> None:
    def refuse() -> Any:
        raise AssertionError("Jinja was asked for")

    vars(dollars)["create_jinja_environment"] = refuse
    dollars.debug = True
    with dollars.app_context():
        assert render_template("page", who="Bob") == "Bob at home"


def test_an_engine_can_be_exchanged_on_the_application(app: Flask) -> None:
    app.templates = Dollars()
    with app.app_context():
        assert render_template("page", who="Ada", place="sea") == "Ada at sea"


def test_templates_of_an_application_that_is_gone_say_so() -> None:
    templates = Flask("shop").templates

    with pytest.raises(RuntimeError, match="no longer exists"):
        templates.from_source("hello")
