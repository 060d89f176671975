"""The tests of an engine whose templates are files: folders, endings, changes, lines in errors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from typedflask import Blueprint, Flask, render_template
from typedflask.testing.conformance.template_making import (
    TemplateMaking,
    tells_line,
    tight,
    told,
    write,
)

OUTSIDE = [
    "../secret.html",
    "sub/../../secret.html",
    "./../secret.html",
    "..\\secret.html",
    "sub/..\\../secret.html",
    "//../secret.html",
    "greeting.html\0",
]
"""Names that lead out of the folder of templates, or are none."""


class TemplateFileConformance(TemplateMaking):
    """The part of `TemplateConformance` that is about files; skipped where there are none."""

    def _need_files(self) -> None:
        if not self.has_files:
            pytest.skip("the engine has no template files")

    # --- what is escaped -----------------------------------------------------------------

    @pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xml", "a.svg", "A.HTML", "b/a.xhtml"])
    def test_these_endings_are_escaped(self, app: Flask, name: str) -> None:
        """The endings Flask documents, in capitals too."""
        self._need_files()
        self.put_sample(app, name, "greeting")
        text = app.templates.find(name).render({"who": "<b>"})
        assert tight(text) == "Hello, &lt;b&gt;!", f"values in {name} must be escaped"

    @pytest.mark.parametrize("name", ["mail.txt", "mail.html.txt", "style.css"])
    def test_other_endings_are_not_escaped(self, app: Flask, name: str) -> None:
        """In a mail that is plain text, `&lt;` would be shown to the reader."""
        self._need_files()
        self.put_sample(app, name, "greeting")
        text = app.templates.find(name).render({"who": "<b> & 'c'"})
        assert tight(text) == "Hello, <b> & 'c'!", f"values in {name} must not be escaped"

    def test_the_application_decides_what_is_escaped(self, app: Flask) -> None:
        """`select_jinja_autoescape` is asked, whatever its name says."""
        self._need_files()
        self.put_sample(app, "mail.txt", "greeting")
        vars(app)["select_jinja_autoescape"] = "mail.txt".__eq__
        assert tight(app.templates.find("mail.txt").render({"who": "<"})) == "Hello, &lt;!"

    # --- folders -------------------------------------------------------------------------

    def test_the_application_comes_first_then_blueprints_as_they_were_registered(
        self, app: Flask, tmp_path: Path
    ) -> None:
        """So an application can replace a template of a blueprint."""
        self._need_files()
        for name, word in (("one", "first"), ("two", "second")):
            root = tmp_path / name
            for page in ("greeting.html", "theirs.html", f"{name}.html"):
                write(root / "pages" / page, word)
            blueprint = Blueprint(name, __name__, template_folder="pages", root_path=str(root))
            app.register_blueprint(blueprint)
        shown = {
            name: tight(app.templates.find(name).render({"who": "Ada"}))
            for name in ("greeting.html", "theirs.html", "one.html", "two.html")
        }
        assert shown == {
            "greeting.html": "Hello, Ada!",
            "theirs.html": "first",
            "one.html": "first",
            "two.html": "second",
        }

    def test_a_blueprint_that_comes_later_is_found(self, app: Flask, tmp_path: Path) -> None:
        """Engines are made before blueprints are registered, so they must look each time."""
        self._need_files()
        app.templates.find("greeting.html")
        write(tmp_path / "late" / "pages" / "late.html", "late")
        root = str(tmp_path / "late")
        app.register_blueprint(Blueprint("late", "late", template_folder="pages", root_path=root))
        assert tight(app.templates.find("late.html").render({})) == "late"

    def test_a_missing_template_tells_where_was_looked(self, app: Flask, tmp_path: Path) -> None:
        """The folders, of the application and of blueprints: the first question everybody asks."""
        self._need_files()
        root = tmp_path / "part"
        app.register_blueprint(Blueprint("part", "part", template_folder="p", root_path=str(root)))
        with pytest.raises(LookupError) as caught:
            app.templates.find("gone.html")
        for folder in (Path(app.root_path) / "templates", root / "p"):
            assert str(folder) in told(caught.value), f"the error must tell the folder {folder}"

    @pytest.mark.parametrize("name", OUTSIDE)
    def test_names_that_lead_out_of_the_folder_are_missing(self, app: Flask, name: str) -> None:
        """A view may pass on part of a URL; a file outside must stay unseen, and so must its name."""
        self._need_files()
        write(Path(app.root_path) / "secret.html", "secret")
        write(Path(app.root_path) / "templates" / "sub" / "a.html", "")
        with pytest.raises(LookupError):
            app.templates.find(name)

    def test_a_path_from_the_root_is_no_name(self, app: Flask) -> None:
        """Joined to a folder carelessly, it would replace it."""
        self._need_files()
        secret = Path(app.root_path) / "secret.html"
        write(secret, "secret")
        with pytest.raises(LookupError):
            app.templates.find(str(secret))

    def test_files_are_utf_8(self, app: Flask) -> None:
        """On every system, whatever its locale says."""
        self._need_files()
        self.put(app, "a.html", "Grüße, 世界")
        assert tight(app.templates.find("a.html").render({})) == "Grüße, 世界"

    # --- changes -------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("setting", "debug", "reloads"),
        [(None, False, False), (None, True, True), (True, False, True), (False, True, False)],
    )
    def test_a_changed_file_is_read_again_when_configured_or_in_debug_mode(
        self, app: Flask, setting: bool | None, debug: bool, reloads: bool
    ) -> None:
        """`TEMPLATES_AUTO_RELOAD`, or where that is None, debug mode."""
        self._need_files()
        app.config["TEMPLATES_AUTO_RELOAD"] = setting
        app.debug = debug
        file = Path(app.root_path) / "templates" / "page.html"
        write(file, "before")
        with app.app_context():
            assert tight(render_template("page.html")) == "before"
            write(file, "after, and longer")
            os.utime(file, (1, 1))  # Clocks may be too coarse for a quick test.
            shown = tight(render_template("page.html"))
        assert shown == ("after, and longer" if reloads else "before")

    # --- lines ---------------------------------------------------------------------------

    def test_a_mistake_is_told_with_file_and_line(self, app: Flask) -> None:
        """Whether it is found when the template is looked for or when it is rendered."""
        self._need_files()
        self.put_sample(app, "broken.html", "broken")
        with app.app_context(), pytest.raises(Exception) as caught:
            render_template("broken.html")
        assert not isinstance(caught.value, LookupError), "the template does exist"
        assert tells_line(caught.value, "broken.html", 3), (
            "an error in a template that does not compile must tell its name and line, in the"
            " message, in a note, or in the traceback"
        )

    def test_a_failure_is_told_with_file_and_line(self, app: Flask) -> None:
        """A traceback of the engine's own functions alone helps nobody."""
        self._need_files()
        self.put_sample(app, "failing.html", "failing")
        with app.app_context(), pytest.raises(Exception) as caught:
            render_template("failing.html", zero=0)
        assert tells_line(caught.value, "failing.html", 3), (
            "an error while a template is rendered must tell the template's name and line, in the"
            " message, in a note, or in the traceback"
        )

    def test_a_template_that_includes_a_missing_one_is_a_lookup_error(self, app: Flask) -> None:
        """It names the missing template, and the one with the mistake in it."""
        self._need_files()
        self.put_sample(app, "including.html", "including")
        with app.app_context(), pytest.raises(LookupError) as caught:
            render_template("including.html")
        assert "gone.html" in told(caught.value), "the error must name the missing template"
        assert "including.html" in told(caught.value), "the error must name the template it is in"
