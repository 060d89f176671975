"""What the plugin tells mypy about a file besides its text, remembered from one run to the next.

mypy asks for each file, at each run, what its errors depend on besides its text and its imports,
and checks the file again when the answer has changed. To answer, the plugin reads the whole
project. So it writes the answers down beside mypy's own cache, with the stamps of all files that
were read for them, and reads nothing as long as these are the same: the rule that mypy itself goes
by.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from mypy.options import Options

from .folders import OWN_PACKAGE, Folder, Folders, files_below, python_files, stamp_of

if TYPE_CHECKING:
    from .project import Projects

Answers: TypeAlias = "dict[str, str]"
"""The digests of the files whose errors depend on others, by path."""


class Kept(TypedDict):
    """What is written down about a project."""

    stamps: str
    """Of all that was read, as one digest."""
    packages: list[str]
    """Files outside the project that were read."""
    folders: list[str]
    """Folders that were looked into for templates."""
    answers: Answers


class Digests:
    """The digests of all files that mypy asks about.

    :param options: mypy's options, which say where its cache is.
    :param folders: the folders of projects.
    :param projects: gives the projects, where one must be read.
    """

    def __init__(
        self, options: Options, folders: Folders, projects: Callable[[], Projects]
    ) -> None:
        self._keeps: bool = options.incremental and options.cache_dir != os.devnull
        self._cache_folder: str = options.cache_dir
        self._folders = folders
        self._projects = projects
        self._answers: dict[str, Answers] = {}

    def at(self, path: str) -> str | None:
        """The digest of a file; None for one whose errors depend on no other file."""
        found = self._folders.at(path)
        if found is None:
            return None
        folder, full = found
        if folder.root not in self._answers:
            kept = self._read(folder)
            self._answers[folder.root] = self._find(folder) if kept is None else kept
        return self._answers[folder.root].get(full)

    def _find(self, folder: Folder) -> Answers:
        project = self._projects().of(folder)
        answers = project.digests()
        packages = sorted(project.links.packages.read - {folder.root})
        folders = project.template_folders()
        stamps = stamps_of(folder, packages, folders)
        if self._keeps:
            kept = Kept(stamps=stamps, packages=packages, folders=folders, answers=answers)
            write(self._place(folder), json.dumps(kept))
        return answers

    def _place(self, folder: Folder) -> str:
        name = sha256(folder.root.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return os.path.join(self._cache_folder, f"typedflask-{name}.json")

    def _read(self, folder: Folder) -> Answers | None:
        """What was found before, if nothing has changed."""
        if not self._keeps:
            return None
        try:
            with open(self._place(folder), encoding="utf-8") as file:
                kept: Kept = json.load(file)
            same = kept["stamps"] == stamps_of(folder, kept["packages"], kept["folders"])
            return kept["answers"] if same else None
        except (OSError, ValueError, LookupError, TypeError):  # none, or not one of ours
            return None


def stamps_of(folder: Folder, packages: Iterable[str], folders: Iterable[str]) -> str:
    """A digest of all that answers depend on: files by their stamps, templates by their names.

    :param folder: the project's folder.
    :param packages: files outside the project.
    :param folders: folders of templates.
    """
    plugin = dict(python_files(os.path.join(OWN_PACKAGE, "mypy_plugin")))
    rules = os.path.join(OWN_PACKAGE, "checks", "rules.py")
    parts = (
        (sys.version, sys.path),
        [(path, stamp_of(path)) for path in (rules, *packages)],
        sorted(plugin.items()),
        sorted(folder.files.items()),
        [(templates, sorted(files_below(templates))) for templates in sorted(folders)],
    )
    return sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def write(path: str, text: str) -> None:
    """Write a file at once, as other processes may read it; where that fails, leave it."""
    new = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(new, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(new, path)
    except OSError:
        return
