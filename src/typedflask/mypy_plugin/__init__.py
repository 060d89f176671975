"""The mypy plugin (`plugins = typedflask.mypy_plugin`): it adds errors that types cannot express.

It never changes a type. What one call says is checked when mypy comes to it (`routes`, `urls`,
`settings`); what the whole project registers is read from its text (`files`, `scan`, `links`,
`world`), so that the order in which mypy looks at modules, its caches and its worker processes
make no difference.

A run that finds nothing changed needs none of that: it asks `digests`, which looks at the dates of
files. Everything else is imported when it is first needed.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final

from mypy.nodes import MypyFile, TypeInfo
from mypy.options import Options
from mypy.plugin import Plugin, ReportConfigContext

from .digests import Digests
from .folders import Folders

if TYPE_CHECKING:
    from .hooks import FunctionCheck, Hooks, MethodCheck
    from .project import Projects

METHODS: Final = frozenset(
    {
        "__call__",
        "__getitem__",
        "__setitem__",
        "add_url_rule",
        "get",
        "setdefault",
        "update",
        "url_for",
    }
)
"""The names of the methods that have a check in one of this package's classes."""

LAST: Final = 29
"""The least important of the reasons mypy knows for looking at one module before another.

Where modules need each other in a circle, it goes by the more important ones.
"""


class TypedflaskPlugin(Plugin):
    """Answers mypy's questions about calls of this package."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        config = (
            [os.path.dirname(os.path.abspath(options.config_file))] if options.config_file else []
        )
        self.folders: Folders = Folders([*config, os.getcwd()])
        self._digests = Digests(options, self.folders, lambda: self.projects)
        self._checks: dict[str, MethodCheck | None] = {}

    @cached_property
    def projects(self) -> Projects:
        """The projects that are being checked."""
        from .project import Projects

        return Projects(self.folders)

    @cached_property
    def hooks(self) -> Hooks:
        """The checks of single calls."""
        from .hooks import Hooks

        return Hooks(self.projects, self.lookup_fully_qualified)

    def get_method_signature_hook(self, fullname: str) -> MethodCheck | None:
        """The check of a method of this package, or of a class made of one of its classes."""
        owner, _, name = fullname.rpartition(".")
        if name not in METHODS:
            return None
        if fullname not in self._checks:
            self._checks[fullname] = self._find_check(owner, name)
        return self._checks[fullname]

    def _find_check(self, owner: str, name: str) -> MethodCheck | None:
        node = self.lookup_fully_qualified(owner) if "." in owner else None
        if node is not None and isinstance(node.node, TypeInfo):
            for base in node.node.mro:
                if base.fullname.startswith("typedflask."):
                    check = self.hooks.methods.get(base.fullname, {}).get(name)
                    if check is not None:
                        return check
        return None

    def get_function_signature_hook(self, fullname: str) -> FunctionCheck | None:
        """The check of a function of this package."""
        if not fullname.startswith("typedflask."):
            return None
        return self.hooks.functions.get(fullname.rpartition(".")[2])

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """The modules that say what the converters in a file's rules give to its views.

        The file need not import them, so mypy would not know yet, or not any more, what they say.
        """
        found = self.folders.at(file.path)
        if found is None:
            return []
        needed = self.projects.of(found[0]).modules_needed(found[1], file.fullname)
        return [(LAST, module, -1) for module in needed if self._follows(module)]

    def _follows(self, module: str) -> bool:
        """Whether mypy reads a module that is imported, as it is told to by the options."""
        follow_imports = self.options.clone_for_module(module).follow_imports
        return follow_imports in {"normal", "silent"}

    def report_config_data(self, ctx: ReportConfigContext) -> str | None:
        """What the errors of a file depend on besides its text and its imports."""
        return self._digests.at(ctx.path)


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for.

    :param version: mypy's own version.
    """
    return TypedflaskPlugin
