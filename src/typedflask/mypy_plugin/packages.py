"""Installed packages: whether they may register something, and whether mypy can follow them."""

from __future__ import annotations

import os
import re
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import Final

from .files import bytes_of

ADDS_RULES: Final = re.compile(rb"add_url_rule|register_blueprint|\.route\(|converters\[")
KNOWN: Final = frozenset({"typedflask", "flask", "werkzeug", "click"})
"""Packages that register nothing by themselves."""

MOST_FILES: Final = 1000
"""A package with more files is not read, and may do anything."""


class Packages:
    """What was asked about installed packages, and the files that were read for it."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        """Files whose change may change an answer, and the folders packages are searched in."""
        self._registers_nothing: dict[str, bool] = {}

    def registers_nothing(self, package: str) -> bool:
        """Whether a package, given an application, adds no rule and no blueprint to it."""
        if package in sys.stdlib_module_names or package in KNOWN:
            return True
        if package not in self._registers_nothing:
            spec = self._spec(package)
            self._registers_nothing[package] = spec is not None and self._no_rule_in(spec)
        return self._registers_nothing[package]

    def _spec(self, package: str) -> ModuleSpec | None:
        self.read.update(path for path in sys.path if os.path.isdir(path))
        try:
            return PathFinder.find_spec(package)
        except (ImportError, ValueError):
            return None

    def _no_rule_in(self, spec: ModuleSpec) -> bool:
        if spec.origin is None or not spec.origin.endswith(".py"):
            return False
        if spec.submodule_search_locations is None:
            paths = [spec.origin]
        else:
            paths = [
                os.path.join(folder, name)
                for top in spec.submodule_search_locations
                for folder, _, names in os.walk(top)
                for name in names
                if name.endswith(".py")
            ]
        if len(paths) > MOST_FILES:
            return False
        self.read.update(paths)
        return not any(ADDS_RULES.search(bytes_of(path)) for path in paths)

    def has_types(self, module: str) -> bool:
        """Whether mypy finds an installed module, and uses its own types."""
        if module.partition(".")[0] in {"typedflask", "werkzeug"}:
            return True
        package, *rest = module.split(".")
        spec = self._spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            inside = os.path.join(folder, *rest)
            endings = (".py", ".pyi", f"{os.sep}__init__.py", f"{os.sep}__init__.pyi")
            if os.path.exists(os.path.join(folder, "py.typed")) and any(
                os.path.isfile(inside + ending) for ending in endings
            ):
                return True
        return False
