"""Where templates are looked for by every engine but Jinja, and the libraries of the engines."""

from __future__ import annotations

import logging
import ntpath
import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.template_site import Site
from typedflask import Blueprint, Flask
from typedflask.backends import MissingLibrary
from typedflask.templating import (
    CompiledTemplates,
    MissingTemplate,
    TemplateFile,
    TemplateFolders,
)
from typedflask.templating.folders import name_inside
from typedflask.templating.mako import MakoTemplates


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, MakoTemplates)


@pytest.fixture
def folders(site: Site) -> TemplateFolders:
    return TemplateFolders(site.app)


def add_part(site: Site, name: str, *pages: str) -> Path:
    """Register a blueprint with templates; its folder of templates."""
    folder = site.root / name / "pages"
    folder.mkdir(parents=True)
    for page in pages:
        (folder / page).write_text(name)
    root = str(site.root / name)
    site.app.register_blueprint(
        Blueprint(name, __name__, template_folder=Path("pages"), root_path=root)
    )
    return folder


# --- names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("a.html", "a.html"),
        ("b/a.html", "b/a.html"),
        ("/b//a.html", "b/a.html"),
        ("./b/./a.html", "b/a.html"),
        ("..a/b..html", "..a/b..html"),
        ("", None),
        ("/", None),
        (".", None),
        ("..", None),
        ("b/../a.html", None),
        ("b\\a.html", None),
        ("a\0b", None),
    ],
)
def test_a_name_stays_inside_or_is_none(name: str, inside: str | None) -> None:
    assert name_inside(name) == inside


@pytest.mark.parametrize("name", ["C:secret.html", "b/C:secret.html", "//host/share"])
def test_a_drive_is_no_name_where_there_are_drives(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os.path, "splitdrive", ntpath.splitdrive)
    assert name_inside(name) in {None, "host/share"}


# --- files -------------------------------------------------------------------------------


def test_a_file_knows_its_name_and_its_text(site: Site, folders: TemplateFolders) -> None:
    path = site.write("b/a.html", "Grüße")
    file = folders.look("/b//a.html")
    assert file == TemplateFile("b/a.html", str(path))
    assert file.read() == "Grüße"
    assert folders.look("gone.html") is None


def test_a_folder_is_no_template(site: Site, folders: TemplateFolders) -> None:
    site.write("b.html/a.html", "")
    assert folders.look("b.html") is None


def test_a_file_in_another_encoding_is_told_with_its_path(
    site: Site, folders: TemplateFolders
) -> None:
    site.write("a.html", "").write_bytes(b"\xff")
    file = folders.look("a.html")
    assert file is not None
    with pytest.raises(UnicodeDecodeError) as caught:
        file.read()
    assert f"The template {file.path} is not UTF-8" in caught.value.__notes__[0]


def test_templates_are_listed_once_and_sorted(site: Site, folders: TemplateFolders) -> None:
    site.write("z.html", "")
    site.write("deep/a.TXT", "")
    site.write("picture.png", "")
    add_part(site, "part", "z.html", "m.svg", "style.css")
    assert [file.name for file in folders.files()] == ["deep/a.TXT", "m.svg", "z.html"]
    assert [file.name for file in folders.files((".css",))] == ["style.css"]
    assert folders.files()[2].path == str(site.root / "templates" / "z.html")


def test_an_application_without_folders_says_so(tmp_path: Path) -> None:
    app = Flask("shop", root_path=str(tmp_path), template_folder=None)
    folders = TemplateFolders(app)
    assert folders.look("a.html") is None
    assert folders.files() == []
    assert "There is nowhere to look" in str(folders.missing("a.html"))


def test_folders_that_do_not_exist_are_told(site: Site, folders: TemplateFolders) -> None:
    folder = add_part(site, "part")
    error = folders.missing(["a.html", "b.html"], "'page.html' in line 2")
    assert str(error).splitlines() == [
        "There is no template 'a.html' or 'b.html', which 'page.html' in line 2 wants.",
        "Looked in:",
        f"  application 'shop': {site.root / 'templates'} (no such folder)",
        f"  blueprint 'part': {folder}",
        "EXPLAIN_TEMPLATE_LOADING logs each attempt.",
    ]
    assert isinstance(error, MissingTemplate)
    assert error.names == ("a.html", "b.html")


def test_no_names_at_all_is_told(folders: TemplateFolders) -> None:
    assert str(folders.missing([])) == (
        "No name of a template was given: the list of names is empty."
    )


def test_folders_of_an_application_that_is_gone_say_so(tmp_path: Path) -> None:
    folders = TemplateFolders(Flask("shop", root_path=str(tmp_path)))
    with pytest.raises(RuntimeError, match="no longer exists"):
        folders.look("a.html")


# --- explaining --------------------------------------------------------------------------


def test_each_attempt_is_logged_and_what_is_hidden_is_named(
    site: Site, folders: TemplateFolders, caplog: pytest.LogCaptureFixture
) -> None:
    site.app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    one, two = add_part(site, "one", "a.html"), add_part(site, "two", "a.html")
    with caplog.at_level(logging.INFO, logger="shop"):
        file = folders.look("a.html")
    assert file == TemplateFile("a.html", str(one / "a.html"))
    assert caplog.records[0].getMessage().splitlines() == [
        "Who has the template 'a.html'?",
        f"  1. application 'shop', {site.root / 'templates'} (no such folder): no",
        f"  2. blueprint 'one', {one}: yes, {one / 'a.html'}",
        f"  3. blueprint 'two', {two}: yes, {two / 'a.html'}",
        "It is taken from blueprint 'one'.",
        "It hides those of blueprint 'two'; a different name would not.",
    ]


def test_a_name_that_leads_outside_is_explained_as_nobodys(
    site: Site, folders: TemplateFolders, caplog: pytest.LogCaptureFixture
) -> None:
    site.app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    with caplog.at_level(logging.INFO, logger="shop"):
        assert folders.look("../a.html") is None
    assert "Nobody has it." in caplog.records[0].getMessage()


# --- compiling ---------------------------------------------------------------------------


def test_a_template_is_compiled_once_however_its_name_is_spelled(
    site: Site, folders: TemplateFolders
) -> None:
    compiled: list[TemplateFile] = []

    def read(file: TemplateFile) -> str:
        compiled.append(file)
        return file.read()

    templates = CompiledTemplates(folders, read)
    site.write("b/a.html", "one")
    for name in ("b/a.html", "/b/a.html", "b//a.html", "./b/a.html", "b/a.html"):
        assert templates.find(name) == "one"
    assert len(compiled) == 1


def test_a_template_that_moved_is_compiled_again_where_templates_are_reloaded(
    site: Site, folders: TemplateFolders
) -> None:
    templates = CompiledTemplates(folders, TemplateFile.read)
    add_part(site, "part", "a.html")
    assert templates.find("a.html") == "part"
    site.write("a.html", "own")
    assert templates.find("a.html") == "part"
    site.app.debug = True
    assert templates.find("a.html") == "own"
    (site.root / "templates" / "a.html").unlink()
    assert templates.find("a.html") == "part"
    (site.root / "part" / "pages" / "a.html").unlink()
    with pytest.raises(MissingTemplate):
        templates.find("a.html")


# --- libraries ---------------------------------------------------------------------------


@pytest.mark.parametrize("library", ["mako", "minijinja", "htpy"])
def test_a_library_that_is_not_installed_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    room = f"typedflask.templating.{library}"
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, room, raising=False)
    with pytest.raises(MissingLibrary, match=rf'pip install "typedflask\[{library}\]"'):
        import_module(room)
