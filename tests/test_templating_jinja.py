"""The Jinja backend by itself: its environment, and where its templates come from."""

from __future__ import annotations

import json
import logging
import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import jinja2
import pytest

from tests.templating_stand_ins import (
    PAGES,
    App,
    Owner,
    SortingJSON,
    activate,
    app,
    outside_of_everything,
)
from typedflask.templating import (
    Environment,
    JinjaTemplates,
    render_template,
    render_template_string,
    stream_template,
)
from typedflask.templating.asking import active_blueprint
from typedflask.templating.jinja import select_jinja_autoescape

__all__ = ["app", "outside_of_everything"]
"""Fixtures that the tests below use."""

pytestmark = pytest.mark.usefixtures("outside_of_everything")


# --- the environment ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filename", "escaped"),
    [
        ("a.html", True),
        ("a.htm", True),
        ("a.xml", True),
        ("a.xhtml", True),
        ("deep/a.svg", True),
        ("A.HTML", True),
        (None, True),
        ("a.txt", False),
        ("a.html.txt", False),
        ("html", False),
        ("", False),
    ],
)
def test_escaping_is_decided_by_the_ending(filename: str | None, escaped: bool) -> None:
    assert select_jinja_autoescape(filename) is escaped


class TestEnvironment:
    def test_it_keeps_its_application_and_takes_its_global_loader(self) -> None:
        app = App(jinja2.DictLoader(PAGES))
        environment = Environment(app)

        assert environment.app is app
        assert environment.get_template("mail.txt").render(who="F") == "Dear F"

    def test_a_loader_among_the_options_wins(self) -> None:
        loader = jinja2.DictLoader({})

        assert Environment(App(), loader=loader).loader is loader

    def test_a_name_given_to_every_template_is_known_in_imported_ones_too(self) -> None:
        pages = {
            "lib.txt": "{% macro sign() %}{{ shop_name }}{% endmacro %}",
            "a.txt": '{% from "lib.txt" import sign %}{{ sign() }}',
        }
        app = App(jinja2.DictLoader(pages))

        assert app.jinja_env.get_template("a.txt").render() == "Plum & Pear"

    def test_options_and_class_of_the_application_are_used(self) -> None:
        class Mine(Environment):
            pass

        app = App()
        app.jinja_environment = Mine
        app.jinja_options = {"variable_start_string": "<<", "variable_end_string": ">>"}

        assert isinstance(app.jinja_env, Mine)
        assert app.jinja_env.from_string("<<1 + 1>>").render() == "2"

    def test_an_autoescape_option_wins_over_the_rule(self) -> None:
        app = App()
        app.jinja_options = {"autoescape": False}

        assert app.jinja_env.from_string("{{ '<' }}").render() == "<"

    @pytest.mark.parametrize(
        ("debug", "setting", "reloads"),
        [
            (False, None, False),
            (True, None, True),
            (False, True, True),
            (True, False, False),
        ],
    )
    def test_changed_templates_are_reloaded_in_debug_or_by_configuration(
        self, tmp_path: Path, debug: bool, setting: bool | None, reloads: bool
    ) -> None:
        file = tmp_path / "a.txt"
        file.write_text("old")
        app = App(jinja2.FileSystemLoader(tmp_path), TEMPLATES_AUTO_RELOAD=setting)
        app.debug = debug
        assert app.templates.find("a.txt").render({}) == "old"
        file.write_text("new, and longer")
        # Files are compared by their time, which may be too coarse for a fast test.
        os.utime(file, (1, 1))

        assert app.templates.find("a.txt").render({}) == ("new, and longer" if reloads else "old")

    def test_an_auto_reload_option_wins_over_the_configuration(self) -> None:
        app = App(TEMPLATES_AUTO_RELOAD=False)
        app.jinja_options = {"auto_reload": True}

        assert app.jinja_env.auto_reload is True

    def test_tojson_is_safe_within_a_script(self) -> None:
        text = App().jinja_env.from_string("{{ x|tojson }}").render(x="</script>&'")

        assert not set("<>&'") & set(text)
        assert json.loads(text) == "</script>&'"

    def test_tojson_follows_the_provider_of_the_moment(self) -> None:
        app = App()
        template = app.jinja_env.from_string("{{ x|tojson }}")
        assert template.render(x={"b": 1, "a": 2}) == '{"a": 2, "b": 1}'
        app.json = SortingJSON(sort_keys=False)

        assert template.render(x={"b": 1, "a": 2}) == '{"b": 1, "a": 2}'

    def test_tojson_indents_when_asked_to(self) -> None:
        assert App().jinja_env.from_string("{{ [1]|tojson(indent=2) }}").render() == "[\n  1\n]"


# --- where templates come from -----------------------------------------------------------


class TestLoader:
    def test_the_application_comes_first_then_blueprints_as_they_were_registered(self) -> None:
        app = App(
            jinja2.DictLoader({"a": "app"}),
            [
                Owner("one", jinja2.DictLoader({"a": "one", "b": "one"})),
                Owner("none", None),
                Owner("two", jinja2.DictLoader({"a": "two", "b": "two", "c": "two"})),
            ],
        )

        assert [app.templates.find(name).render({}) for name in "abc"] == ["app", "one", "two"]

    def test_a_blueprint_registered_later_is_found(self) -> None:
        app = App()
        assert app.jinja_env.list_templates() == []
        app.blueprints.append(Owner("late", jinja2.DictLoader({"a": "late"})))

        assert app.templates.find("a").render({}) == "late"

    def test_templates_are_listed_once_and_sorted(self) -> None:
        app = App(
            jinja2.DictLoader({"z": "", "a": ""}),
            [Owner("one", jinja2.DictLoader({"m": "", "a": ""})), Owner("none", None)],
        )

        assert app.jinja_env.list_templates() == ["a", "m", "z"]

    @pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "a\0b"])
    def test_names_that_lead_out_of_the_folder_are_missing(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "secret.txt").write_text("secret")
        (tmp_path / "templates").mkdir()
        app = App(jinja2.FileSystemLoader(tmp_path / "templates"))

        with pytest.raises(jinja2.TemplateNotFound):
            app.templates.find(name)


class TestMissingTemplate:
    def notes(self, error: BaseException) -> str:
        return "\n".join(getattr(error, "__notes__", ()))

    def test_the_error_is_jinjas_and_notes_the_folders(self, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        app = App(
            jinja2.FileSystemLoader([tmp_path / "there", tmp_path / "template"]),
            [
                Owner(
                    "admin",
                    jinja2.ChoiceLoader(
                        [jinja2.PackageLoader("typedflask", "."), jinja2.DictLoader({})]
                    ),
                )
            ],
        )

        with pytest.raises(jinja2.TemplateNotFound) as caught:
            app.templates.find("gone.html")

        assert str(caught.value) == "gone.html"
        assert self.notes(caught.value).splitlines() == [
            "Looked in:",
            f"  application 'shop': {tmp_path / 'there'}, {tmp_path / 'template'} (no such folder)",
            "  blueprint 'admin': '' in the package typedflask; DictLoader",
            "EXPLAIN_TEMPLATE_LOADING logs each attempt.",
        ]

    def test_several_names_are_noted_too(self, app: App) -> None:
        with pytest.raises(jinja2.TemplatesNotFound) as caught:
            render_template(["gone.html", "lost.html"])

        assert "gone.html, lost.html" in str(caught.value)
        assert "application 'shop': DictLoader" in self.notes(caught.value)

    def test_where_nothing_has_templates_the_note_says_so(self) -> None:
        app = App()
        with pytest.raises(jinja2.TemplateNotFound) as caught:
            app.templates.find("gone.html")

        assert "nowhere to look" in self.notes(caught.value)

    @pytest.mark.parametrize("render", [render_template, lambda name: list(stream_template(name))])
    def test_a_template_that_includes_a_missing_one_is_noted_once(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        render: Callable[[str], object],
    ) -> None:
        (tmp_path / "broken.html").write_text(PAGES["broken.html"])
        activate(monkeypatch, App(jinja2.FileSystemLoader(tmp_path)))

        with pytest.raises(jinja2.TemplateNotFound) as caught:
            render("broken.html")

        assert self.notes(caught.value).count("Looked in:") == 1
        assert '{% include "gone.html" %}' in "".join(traceback.format_exception(caught.value))

    def test_rendering_within_rendering_notes_it_once(self, app: App) -> None:
        with pytest.raises(jinja2.TemplateNotFound) as caught:
            render_template_string("{{ render('broken.html') }}", render=render_template)

        assert self.notes(caught.value).count("Looked in:") == 1

    def test_with_a_loader_of_the_users_own_there_is_no_note(self) -> None:
        app = App()
        app.jinja_options = {"loader": jinja2.DictLoader({})}

        with pytest.raises(jinja2.TemplateNotFound) as caught:
            app.templates.find("gone.html")

        assert self.notes(caught.value) == ""

    def test_a_plain_jinja_environment_will_do(self) -> None:
        class Bare:
            jinja_env = jinja2.Environment(loader=jinja2.DictLoader({"a": "{{ 1 }}"}))

        owner = Bare()
        engine = JinjaTemplates(owner)

        assert engine.find("a").render({}) == "1"
        with pytest.raises(jinja2.TemplateNotFound):
            engine.find("b")


class TestExplaining:
    def explain(self, app: App, name: str, caplog: pytest.LogCaptureFixture) -> list[str]:
        """Look for a template and give the lines that were logged about it."""
        app.config["EXPLAIN_TEMPLATE_LOADING"] = True
        with (
            caplog.at_level(logging.INFO, logger="test.shop"),
            suppress(jinja2.TemplateNotFound),
        ):
            app.templates.find(name)
        [record] = caplog.records
        assert record.levelno == logging.INFO
        return record.getMessage().splitlines()

    def test_each_attempt_is_logged_and_what_is_hidden_is_named(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "a.html").write_text("file")
        app = App(
            jinja2.DictLoader({}),
            [
                Owner("one", jinja2.FileSystemLoader(tmp_path)),
                Owner("two", jinja2.DictLoader({"a.html": "two"})),
            ],
        )

        assert self.explain(app, "a.html", caplog) == [
            "Who has the template 'a.html'?",
            "  1. application 'shop', DictLoader: no",
            f"  2. blueprint 'one', {tmp_path}: yes, {tmp_path / 'a.html'}",
            "  3. blueprint 'two', DictLoader: yes, not from a file",
            "It is taken from blueprint 'one'.",
            "It hides those of blueprint 'two'; a different name would not.",
        ]
        assert app.templates.find("a.html").render({}) == "file"

    def test_one_that_nobody_has_names_the_blueprint_of_the_request(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(active_blueprint, "find", lambda: "admin")

        *lines, advice = self.explain(App(), "a.html", caplog)
        assert lines == [
            "Who has the template 'a.html'?",
            "  Nobody was asked: no folder of templates is known.",
            "Nobody has it.",
        ]
        assert advice.startswith("The request belongs to the blueprint 'admin'")

    def test_a_clear_case_needs_no_advice(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(active_blueprint, "find", lambda: "admin")

        lines = self.explain(App(jinja2.DictLoader({"a": ""})), "a", caplog)
        assert lines[-1] == "It is taken from application 'shop'."

    def test_nothing_is_logged_unless_asked_for(self, caplog: pytest.LogCaptureFixture) -> None:
        app = App(jinja2.DictLoader({"a": ""}), EXPLAIN_TEMPLATE_LOADING=False)
        with caplog.at_level(logging.DEBUG):
            app.templates.find("a")

        assert caplog.records == []
