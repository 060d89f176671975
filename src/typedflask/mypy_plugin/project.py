"""The project that is being checked: for each of its files, the world it runs in."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from typing import Final

from .files import Files, Source, bytes_of, mypy_name
from .folders import OWN_PACKAGE, Folder, Folders, python_files
from .links import Links
from .world import World

ASKS: Final = re.compile(
    rb"url_for|route\b|url_rule|render_template|stream_template|config\b"
    rb"|\.(?:get|post|put|patch|delete)\b"
)
CAPITALS: Final = re.compile(rb"""["']?\b([A-Z][A-Z_]{4,})\b["']?\]?\s*(?::[^=\n]+)?[=:](?!=)""")


def own_files() -> list[str]:
    """The plugin itself: another one may report something else."""
    plugin = [path for path, _ in python_files(os.path.join(OWN_PACKAGE, "mypy_plugin"))]
    return [*plugin, os.path.join(OWN_PACKAGE, "checks", "rules.py")]


class Project:
    """All files below one folder.

    :param folder: the folder.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder: Folder = folder
        self.files: Files = Files(folder)
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

    def digests(self) -> dict[str, str]:
        """For each file, a text that differs whenever another answer about that file may.

        Files that ask for nothing are left out.
        """
        common = hashlib.sha256(b"".join(map(bytes_of, own_files())))
        common.update(repr(sorted(self.set_keys)).encode())
        of_worlds: dict[int, str] = {}
        found: dict[str, str] = {}
        for path, source in self.files.by_path.items():
            if ASKS.search(source.text) is not None:
                world = self.world(path)
                if id(world) not in of_worlds:
                    digest = common.copy()
                    for fact in () if world is None else world.facts():
                        digest.update(fact.encode("utf-8", "replace"))
                    of_worlds[id(world)] = digest.hexdigest()
                found[path] = of_worlds[id(world)]
        return found

    def template_folders(self) -> list[str]:
        """The folders that were looked into for templates."""
        worlds = self._worlds.values()
        return sorted({folder for world in worlds for folder in world.template_folders})

    def modules_needed(self, path: str, fullname: str) -> Iterator[str]:
        """The modules, as mypy calls them, that say what converters in a file's rules give.

        :param path: the file.
        :param fullname: what mypy calls it.
        """
        source, world = self.files.by_path.get(path), self.world(path)
        if source is None or world is None or not world.converters:
            return
        for name in sorted(world.modules_behind(world.converters_in(source), source.name)):
            module = self.files.sources.get(name)
            called = name if module is None else mypy_name(name, source, fullname)
            if called is not None and (module is None or self._is_called(module, called, world)):
                yield called

    def _is_called(self, module: Source, called: str, world: World) -> bool:
        """Whether others call a module by a name too: with two names mypy would refuse it."""
        beside = os.path.join(os.path.dirname(module.path), "__init__.py")
        if called == module.name or ("." in called and beside in self.files.by_path):
            return True
        parts = called.split(".")
        return any(
            dotted.split(".")[: len(parts)] == parts
            for source in world.sources
            for dotted in source.imports()
        )

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

    :param folders: where they are.
    """

    def __init__(self, folders: Folders) -> None:
        self.folders: Folders = folders
        self._projects: dict[str, Project] = {}

    def at(self, path: str) -> tuple[Project, str] | None:
        """The project of a file, and the file's path as the project knows it."""
        found = self.folders.at(path)
        return None if found is None else (self.of(found[0]), found[1])

    def of(self, folder: Folder) -> Project:
        """The project in a folder."""
        if folder.root not in self._projects:
            self._projects[folder.root] = Project(folder)
        return self._projects[folder.root]
