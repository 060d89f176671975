"""Template files, for every engine but Jinja: the application's folder, then each blueprint's.

An engine asks `TemplateFolders` for the file of a name, or hands `CompiledTemplates` a function
that compiles a file, and then finds each template compiled once, and again when it has changed.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from typedflask.templating.asking import active_blueprint
from typedflask.templating.contract import EngineApp, MissingTemplate
from typedflask.templating.escaping import AUTOESCAPED
from typedflask.templating.explaining import Attempt, explanation, places

T = TypeVar("T")


TEMPLATE_ENDINGS: Final = (*AUTOESCAPED, ".txt")
"""The endings of files that are taken for templates; a folder of templates may hold others too."""


class TemplateFile(NamedTuple):
    """The file of a template.

    :param name: its name, relative to the folder, with slashes.
    :param path: the file.
    """

    name: str
    path: str

    def read(self) -> str:
        """Give the text; files of templates are UTF-8.

        :raises UnicodeDecodeError: it is not; a note names the file.
        """
        with open(self.path, encoding="utf-8") as file:
            try:
                return file.read()
            except UnicodeDecodeError as error:
                error.add_note(f"The template {self.path} is not UTF-8; save it as that.")
                raise

    def version(self) -> tuple[int, int]:
        """Give what differs when the file was changed: its time in nanoseconds, and its size."""
        status = os.stat(self.path)
        return status.st_mtime_ns, status.st_size


OwnedFile: TypeAlias = tuple[str, TemplateFile]
"""Whose folder it is, and the file that would be in it."""


def name_inside(name: str) -> str | None:
    """Make a template's name one that stays inside of a folder.

    :param name: the name, with slashes between folders; empty parts and dots are left out.
    :returns: the name in its shortest spelling; None for one that would lead out of the folder
        (`..`), or is none on some system (a backslash, a drive, a NUL).
    """
    parts = [part for part in name.split("/") if part not in {"", "."}]
    unusable = "\0" in name or "\\" in name or ".." in parts or not parts
    if unusable or any(os.path.splitdrive(part)[0] for part in parts):
        return None
    return "/".join(parts)


class TemplateFolders:
    """Where the templates of an application and its blueprints are, in Jinja's order of search.

    A template of the application replaces one of the same name of a blueprint. Blueprints are
    looked up each time, so one that is registered later is found.

    :param app: the application, of which only a weak reference is kept.
    """

    def __init__(self, app: EngineApp) -> None:
        self._app_reference = weakref.ref(app)

    @property
    def app(self) -> EngineApp:
        """The application.

        :raises RuntimeError: it no longer exists.
        """
        app = self._app_reference()
        if app is None:
            raise RuntimeError(
                "The application of these templates no longer exists. Keep a reference to it for"
                " as long as its templates are used."
            )
        return app

    @property
    def reload(self) -> bool:
        """Whether changed templates are loaded again: as configured, or else in debug mode."""
        app = self.app
        wanted = app.config.get("TEMPLATES_AUTO_RELOAD")
        return app.debug if wanted is None else bool(wanted)

    def look(self, name: str, /) -> TemplateFile | None:
        """Give the file of a template, or None if there is none.

        :param name: the template's name; one that leads out of the folders has no file.
        """
        inside = name_inside(name)
        files: Iterable[OwnedFile] = () if inside is None else self._files(inside)
        if self.app.config.get("EXPLAIN_TEMPLATE_LOADING"):
            files = self._explain(name, tuple(files))
        return next((file for _, file in files if os.path.isfile(file.path)), None)

    def missing(self, names: str | Sequence[str], wanted_by: str | None = None) -> MissingTemplate:
        """Make the error about names that no template has, which tells where was looked.

        :param names: the names.
        :param wanted_by: the template and line that asked, if it was a template.
        """
        lines = [f"{who}: {_where(folder)}" for who, folder in self._folders()]
        asked = [names] if isinstance(names, str) else names
        return MissingTemplate(asked, places(lines, self.app.name), wanted_by)

    def files(self, endings: tuple[str, ...] = TEMPLATE_ENDINGS) -> list[TemplateFile]:
        """Give the files of all templates, sorted by name; of one name the one that is taken.

        :param endings: those of the files that are taken for templates, in small letters.
        """
        found: dict[str, TemplateFile] = {}
        for _, top in self._folders():
            for folder, _, files in os.walk(top):
                for file in files:
                    path = os.path.join(folder, file)
                    name = os.path.relpath(path, top).replace(os.sep, "/")
                    if name.lower().endswith(endings):
                        found.setdefault(name, TemplateFile(name, path))
        return [found[name] for name in sorted(found)]

    def _folders(self) -> Iterator[tuple[str, str]]:
        app = self.app
        if app.template_folder is not None:
            yield (
                f"application {app.name!r}",
                os.path.join(app.root_path, os.fspath(app.template_folder)),
            )
        for blueprint in app.iter_blueprints():
            folder = blueprint.template_folder
            if folder is not None:
                place = os.path.join(blueprint.root_path, os.fspath(folder))
                yield f"blueprint {blueprint.name!r}", place

    def _files(self, inside: str) -> Iterator[OwnedFile]:
        for who, folder in self._folders():
            yield who, TemplateFile(inside, os.path.join(folder, *inside.split("/")))

    def _explain(self, name: str, files: Sequence[OwnedFile]) -> Sequence[OwnedFile]:
        """Log what each folder has, also behind the first that has it."""
        folders = [folder for _, folder in self._folders()]
        attempts = [
            Attempt(who, _where(folder), file.path if os.path.isfile(file.path) else None)
            for (who, file), folder in zip(files, folders, strict=False)
        ]
        self.app.logger.info("%s", explanation(name, attempts, active_blueprint()))
        return files


class Kept(NamedTuple, Generic[T]):
    """A template that was compiled, and what it was compiled from."""

    file: TemplateFile
    version: tuple[int, int]
    template: T


class CompiledTemplates(Generic[T]):
    """Templates by name, compiled when first asked for and kept.

    Where the application reloads templates, one whose file is another or has changed is compiled
    again. Threads may share it; one at a time compiles.

    :param folders: where the files are.
    :param compile: makes a template of a file.
    """

    def __init__(self, folders: TemplateFolders, compile: Callable[[TemplateFile], T]) -> None:
        self._folders = folders
        self._compile = compile
        self._kept: dict[str, Kept[T]] = {}
        self._lock = threading.RLock()

    def find(self, names: str | Sequence[str], /) -> T:
        """Give the template of a name, or of the first of several names that has one.

        :raises MissingTemplate: no name has.
        """
        for name in [names] if isinstance(names, str) else names:
            template = self.get(name)
            if template is not None:
                return template
        raise self._folders.missing(names)

    def get(self, name: str, /) -> T | None:
        """Give the template of a name; None if there is none."""
        kept = self._kept.get(name)
        if kept is not None and not self._folders.reload:
            return kept.template
        file = self._folders.look(name)
        return None if file is None else self._current(file)

    def _current(self, file: TemplateFile) -> T:
        # The shortest spelling is the key: spellings are without number, files are not.
        version = file.version()
        with self._lock:
            kept = self._kept.get(file.name)
            if kept is None or (kept.file, kept.version) != (file, version):
                kept = self._kept[file.name] = Kept(file, version, self._compile(file))
            return kept.template


def _where(folder: str) -> str:
    return folder if os.path.isdir(folder) else f"{folder} (no such folder)"
