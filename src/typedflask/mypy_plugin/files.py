"""The files of a project: what they are called, what they import, what they say.

Files are found below one folder and read once. Which of them are parsed depends on what is asked:
most files of most projects register nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from .facts import Module
from .folders import Folder
from .scan import scan

SMALL: Final = 4096
"""Bytes up to which a file is parsed whatever it says: it may hand names on."""

REGISTERS: Final = re.compile(
    rb"Flask\b|Blueprint\b|route\b|url_rule\b|url_value_pre|url_defaults|converters\b|url_map\b"
    rb"|@[\w.]+\.(?:get|post|put|patch|delete|endpoint)\(|import_module|import_string|__import__"
)
IMPORTS: Final = re.compile(
    rb"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]+))",
    re.MULTILINE,
)


class Source:
    """A file of the project."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path
        self.is_package: bool = os.path.basename(path) == "__init__.py"
        self.text: bytes = bytes_of(path)
        self._module: Module | None = None

    @property
    def is_test(self) -> bool:
        """Whether only tests run it: what they register is not the application's."""
        parts = self.name.split(".")
        last = parts[-1]
        return (
            last.startswith("test_")
            or last.endswith("_test")
            or last == "conftest"
            or not {"tests", "test"}.isdisjoint(parts)
        )

    @property
    def registers(self) -> bool:
        """Whether it may register something."""
        return REGISTERS.search(self.text) is not None

    @property
    def module(self) -> Module:
        """What it says; a file that is not Python, or not yet, says nothing."""
        if self._module is None:
            self._module = Module(self.name, self.path)
            if self.is_package or len(self.text) < SMALL or self.registers:
                try:
                    text = self.text.decode("utf-8")
                    self._module = scan(self.name, self.path, text, self.is_package)
                except (SyntaxError, ValueError, RecursionError):
                    self._module.unread_endpoints = self._module.unread_converters = True
        return self._module

    def imports(self) -> Iterator[str]:
        """The dotted names it imports."""
        for found in IMPORTS.finditer(self.text):
            origin, names, plain = (
                part.decode("utf-8", "replace") if part else "" for part in found.groups()
            )
            if plain:
                yield from (part.split()[0] for part in plain.split(",") if part.split())
                continue
            above = self.name.split(".")
            level = len(origin) - len(origin.lstrip("."))
            if level:
                above = above[: len(above) - level + (1 if self.is_package else 0)]
                origin = ".".join([*above, origin.lstrip(".")]).rstrip(".")
            yield origin
            for part in re.sub(r"#[^\n]*", "", names).strip("()\\ \n").split(","):
                if part.split():
                    yield f"{origin}.{part.split()[0]}"


class Files:
    """All Python files below a folder, by dotted name.

    :param folder: the folder.
    """

    def __init__(self, folder: Folder) -> None:
        self.sources: dict[str, Source] = {}
        self.by_path: dict[str, Source] = {}
        self._by_end: dict[str, list[str]] = {}
        self._imported: dict[str, frozenset[str]] = {}
        self._reached: dict[str, frozenset[str]] = {}
        start = len(folder.root.rstrip(os.sep)) + 1
        for path in sorted(folder.files):
            relative = path[start : -len(".py")].replace(os.sep, ".")
            source = Source(relative.removesuffix(".__init__"), path)
            self.sources[source.name] = source
            self.by_path[path] = source
            parts = source.name.split(".")
            for first in range(len(parts)):
                self._by_end.setdefault(".".join(parts[first:]), []).append(source.name)

    def module_of(self, dotted: str, near: str = "") -> tuple[Source, str] | None:
        """The module that a dotted name begins with, and the rest of the name.

        :param dotted: a name, such as `project.views.index`.
        :param near: the module that uses it; of several modules with that name, the nearest one
            is taken.
        """
        if dotted.partition(".")[0] in {"typedflask", "flask"}:
            return None
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            rest = ".".join(parts[length:])
            if name in self.sources:
                return self.sources[name], rest
            ends = self._by_end.get(name)
            if ends:
                best = max(ends, key=lambda end: (shared_parts(end, near), -len(end)))
                return self.sources[best], rest
        return None

    def imported(self, name: str) -> frozenset[str]:
        """The modules of the project that a module imports itself."""
        if name not in self._imported:
            found: set[str] = set()
            for dotted in self.sources[name].imports():
                module = self.module_of(dotted, name)
                if module is not None:
                    found.add(module[0].name)
                    found.update(self._packages(module[0].name))
            self._imported[name] = frozenset(found | set(self._packages(name)))
        return self._imported[name]

    def _packages(self, name: str) -> Iterator[str]:
        while "." in name:
            name = name.rpartition(".")[0]
            if name in self.sources:
                yield name

    def reached(self, name: str) -> frozenset[str]:
        """A module and all that importing it imports."""
        if name not in self._reached:
            found = {name}
            waiting = [name]
            while waiting:
                new = self.imported(waiting.pop()) - found
                found |= new
                waiting += new
            self._reached[name] = frozenset(found)
        return self._reached[name]


def bytes_of(path: str) -> bytes:
    """What is in a file; nothing where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def shared_parts(first: str, second: str) -> int:
    """How many parts two dotted names begin with in common."""
    pairs = zip(first.split("."), second.split("."), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def mypy_name(name: str, source: Source, fullname: str) -> str | None:
    """What mypy calls a module or class; None where that cannot be told.

    Here files are called after the folder of the project, by mypy after the folder that imports
    are searched in, which may be one further down, such as `src`, or further up.

    :param name: what it is called here.
    :param source: another file.
    :param fullname: what mypy calls that one.
    """
    if source.name == fullname:
        return name
    if source.name.endswith(f".{fullname}"):
        further_down = source.name.removesuffix(fullname)
        return name.removeprefix(further_down) if name.startswith(further_down) else None
    if fullname.endswith(f".{source.name}"):
        return fullname.removesuffix(source.name) + name
    return None
