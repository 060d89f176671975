"""Which files a project has, by their names and dates: nothing is read here.

A run of mypy that finds nothing changed asks no more of the plugin than this, so nothing is
imported here that mypy does not need itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

Stamp: TypeAlias = "tuple[int, int]"
"""When a file was written, in nanoseconds, and its size in bytes."""

PASSED_OVER: Final = frozenset(
    {"__pycache__", "node_modules", "site-packages", "build", "dist", "venv", "env"}
)
MOST_FILES: Final = 20_000
"""A folder with more Python files is not a project but, say, a whole disk; it is left alone."""

OWN_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
LIBRARIES: Final = (
    f"{os.sep}site-packages{os.sep}",
    f"{os.sep}typeshed{os.sep}",
    f"{OWN_PACKAGE}{os.sep}",
)
"""Where files are that are nobody's project."""


class Folder:
    """The Python files below a folder; none if there are too many.

    :param root: the folder.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.files: dict[str, Stamp] = {}
        for path, stamp in python_files(root):
            self.files[path] = stamp
            if len(self.files) > MOST_FILES:
                self.files = {}
                break


class Folders:
    """The folders of projects.

    :param bases: the folders to look for a project in, before a file's own.
    """

    def __init__(self, bases: Sequence[str]) -> None:
        self.bases: list[str] = [os.path.realpath(base) for base in bases]
        self._folders: dict[str, Folder] = {}
        self._found: dict[str, tuple[Folder, str] | None] = {}

    def at(self, path: str) -> tuple[Folder, str] | None:
        """The project's folder of a file, and the file's path in it."""
        if any(part in path for part in LIBRARIES):
            return None
        if path not in self._found:
            self._found[path] = self._find(os.path.realpath(path))
        return self._found[path]

    def _find(self, full: str) -> tuple[Folder, str] | None:
        if full.startswith(OWN_PACKAGE + os.sep):
            return None
        below = [base for base in self.bases if full.startswith(base.rstrip(os.sep) + os.sep)]
        for root in (*(base for base in below if base != os.sep), top_of_package(full)):
            folder = self._folders.get(root)
            if folder is None:
                folder = self._folders[root] = Folder(root)
            if full in folder.files:
                return folder, full
        return None


def top_of_package(path: str) -> str:
    """The folder that a file's outermost package is in."""
    folder = os.path.dirname(path)
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder


def python_files(root: str) -> Iterator[tuple[str, Stamp]]:
    """The Python files below a folder, sorted, each with its stamp."""
    try:
        with os.scandir(root) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.name.endswith(".py") and entry.is_file():
            yield entry.path, stamp_of(entry.path)
    for entry in found:
        # Links to folders are not followed: they may lead back up.
        if entry.is_dir(follow_symlinks=False) and is_of_project(entry.path, entry.name):
            yield from python_files(entry.path)


def files_below(folder: str) -> Iterator[str]:
    """All files below a folder, named from there with slashes, as templates are."""
    for inside, _, names in os.walk(folder):
        above = inside[len(folder) :].replace(os.sep, "/").strip("/")
        yield from (f"{above}/{name}" if above else name for name in names)


def stamp_of(path: str) -> Stamp:
    """The stamp of a file or folder; that of nothing where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, -1)
    return found.st_mtime_ns, found.st_size


def is_of_project(path: str, name: str) -> bool:
    """Whether a folder may hold files of the project, not of its tools and libraries."""
    return not (
        name.startswith(".")
        or name in PASSED_OVER
        or path == OWN_PACKAGE
        or os.path.exists(os.path.join(path, "pyvenv.cfg"))
        or (
            name == os.path.basename(OWN_PACKAGE)
            and os.path.isdir(os.path.join(path, "mypy_plugin"))
        )
    )
