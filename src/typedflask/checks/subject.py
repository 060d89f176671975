"""What is checked, an application that was loaded with its files; and what a check is.

Each is read when a check first asks for it, and then kept for the other checks.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

from ..lifecycle.site import Site
from .problem import Place, Problem

if TYPE_CHECKING:
    from .contract import CheckedApp
    from .template_files import TemplateFile

INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Folders of installed packages, whose mistakes are for others to mend."""

OWN_FOLDER: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file of the application that was imported.

    :param file: the file.
    :param module: what it became.
    :param tree: what is written in it.
    """

    file: str
    module: ModuleType
    tree: ast.Module

    def at(self, node: ast.expr | ast.stmt) -> Place:
        """The line where something begins."""
        return Place(self.file, node.lineno)


class Subject:
    """An application, and everything that can be known about it without a request."""

    def __init__(self, app: CheckedApp) -> None:
        self.app = app

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The files of the application's package, and of those its blueprints are in.

        Only what was imported counts: a file nobody imported is no part of this application.
        """
        folders = set(self._folders())
        modules = sorted(loaded_modules(), key=lambda pair: pair[0])
        return tuple(
            Source(file, module, tree)
            for file, module in modules
            if any(Path(file).is_relative_to(folder) for folder in folders)
            and (tree := read_python(file)) is not None
        )

    def _folders(self) -> Iterator[Path]:
        owners = [(self.app.import_name, self.app.root_path)]
        owners += [(each.import_name, each.root_path) for each in self.app.blueprints.values()]
        for import_name, root_path in owners:
            folder = folder_of(import_name, root_path)
            if is_own(str(folder)):
                yield folder

    @cached_property
    def apps(self) -> tuple[CheckedApp, ...]:
        """The application, and others that its modules keep: a file may speak of any of them."""
        values = [value for source in self.sources for value in vars(source.module).values()]
        # Not isinstance: a proxy answers that for the application it stands for.
        others = [as_checked(v) for v in values if issubclass(type(v), Site) and v is not self.app]
        return tuple({id(app): app for app in (self.app, *others)}.values())

    @cached_property
    def template_files(self) -> tuple[TemplateFile, ...]:
        """The templates, as far as the engine is Jinja and its loader can list them."""
        from .template_files import read_templates

        return tuple(read_templates(self.app))


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table of checks: one kind of mistake.

    :param name: what `--only` and `--skip` call it.
    :param finds: what it finds, for the manual and `--list`.
    :param run: finds it.
    """

    name: str
    finds: str
    run: Callable[[Subject], Iterator[Problem]]


def as_checked(app: object) -> CheckedApp:
    """Every application is a `Flask`, which has all that is checked."""
    return cast("CheckedApp", app)


def loaded_modules() -> Iterator[tuple[str, ModuleType]]:
    """Every module that was imported from a file of somebody's own, with the file."""
    for module in list(sys.modules.values()):
        file: object = getattr(module, "__file__", None)
        if isinstance(file, str) and file.endswith(".py") and is_own(file):
            yield os.path.realpath(file), module


def is_own(path: str) -> bool:
    """Whether a path is outside of installed packages, and of this one."""
    return not INSTALLED & set(Path(path).parts) and not Path(path).is_relative_to(OWN_FOLDER)


def folder_of(import_name: str, root_path: str) -> Path:
    """The folder of the outermost package a module is in, or else the folder of its file.

    :param import_name: the module's name.
    :param root_path: the answer where the name is not that of a module.
    """
    for name in (import_name.partition(".")[0], import_name):
        file: object = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str):
            return Path(os.path.realpath(file)).parent
    return Path(os.path.realpath(root_path))


def read_python(file: str) -> ast.Module | None:
    """What is written in a Python file; None where it cannot be read."""
    try:
        return ast.parse(Path(file).read_bytes(), file)
    except (OSError, SyntaxError, ValueError):
        return None
