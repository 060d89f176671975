"""The project that is being checked: for each of its files, the world it runs in."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from typedflask.checks import rules

from .files import Files, Source, root_of
from .links import Links
from .world import World

ASKS: Final = re.compile(
    rb"url_for|route\b|url_rule|render_template|stream_template|config\b"
    rb"|\.(?:get|post|put|patch|delete)\b"
)
CAPITALS: Final = re.compile(rb"""["']?\b([A-Z][A-Z_]{4,})\b["']?\]?\s*(?::[^=\n]+)?[=:](?!=)""")


@cache
def own_text() -> bytes:
    """The plugin itself: another one may report something else."""
    paths = [rules.__file__, *sorted(map(str, Path(__file__).parent.glob("*.py")))]
    return b"".join(Path(path).read_bytes() for path in paths)


class Project:
    """All files below one folder.

    :param root: the folder.
    """

    def __init__(self, root: str) -> None:
        self.files: Files = Files(root)
        self.links: Links = Links(self.files)
        self._applications: list[Source] | None = None
        self._worlds: dict[tuple[str, ...], World] = {}
        self._of_module: dict[str, World | None] = {}
        self._set_keys: frozenset[str] | None = None

    def world(self, path: str) -> World | None:
        """What a file's code meets when it runs; None if no application is known to run it."""
        source = self.files.by_path.get(path)
        if source is None:
            return None
        if source.name not in self._of_module:
            names = tuple(sorted(self._names_around(source)))
            if names and names not in self._worlds:
                sources = [self.files.sources[name] for name in names]
                self._worlds[names] = World(self.links, sources)
            self._of_module[source.name] = self._worlds.get(names)
        return self._of_module[source.name]

    def digest(self, path: str) -> str | None:
        """A text that differs whenever another answer about a file may."""
        source = self.files.by_path.get(path)
        if source is None or ASKS.search(source.text) is None:
            return None
        digest = hashlib.sha256(own_text())
        world = self.world(path)
        for fact in () if world is None else world.facts():
            digest.update(fact.encode("utf-8", "replace"))
        digest.update(repr(sorted(self.set_keys)).encode())
        return digest.hexdigest()

    @property
    def set_keys(self) -> frozenset[str]:
        """Names in capitals that the project gives values to: they may be keys of its own."""
        if self._set_keys is None:
            self._set_keys = frozenset(
                found.decode()
                for source in self.files.sources.values()
                for found in CAPITALS.findall(source.text)
            )
        return self._set_keys

    @property
    def applications(self) -> list[Source]:
        """The modules that make an application, themselves or in a function."""
        if self._applications is None:
            self._applications = [
                source
                for source in self.files.sources.values()
                if b"Flask" in source.text and self._makes_application(source)
            ]
        return self._applications

    def _makes_application(self, source: Source) -> bool:
        owners = (self.links.owner(key, source.name) for key in source.module.made)
        return any(
            owner is not None and owner.kind == "application" and owner.made is not None
            for owner in owners
        )

    def _names_around(self, source: Source) -> set[str]:
        """The modules of the applications that a module may run in."""
        reached = self.files.reached(source.name)
        near = [
            application
            for application in self.applications
            if application.name in reached or source.name in self.files.reached(application.name)
        ]
        if not source.is_test and any(not application.is_test for application in near):
            near = [application for application in near if not application.is_test]
        made = {application.name for application in near}
        names = set(reached) if made & reached else set[str]()
        for application in near:
            names |= self.files.reached(application.name)
        for other in self._adding_to(made) if made else ():
            if source.is_test or not other.is_test:
                names |= self.files.reached(other.name)
        return names

    def _adding_to(self, applications: set[str]) -> Iterator[Source]:
        """Modules that import an application and may register something with it."""
        for source in self.files.sources.values():
            if source.registers and applications & self.files.reached(source.name):
                yield source


class Projects:
    """Projects by their folders, read when first asked for.

    :param bases: the folders to look for a project in, before a file's own.
    """

    def __init__(self, bases: Sequence[str]) -> None:
        self.bases: list[str] = [os.path.realpath(base) for base in bases]
        self._projects: dict[str, Project] = {}

    def at(self, path: str) -> tuple[Project, str] | None:
        """The project of a file, and the file's path as the project knows it."""
        full = os.path.realpath(path)
        for root in (*self.bases, None):
            found = root_of(full, () if root is None else (root,))
            if root is not None and found != root:
                continue
            project = self._projects.get(found)
            if project is None:
                project = self._projects[found] = Project(found)
            if full in project.files.by_path:
                return project, full
        return None
