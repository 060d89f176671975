"""The mypy plugin (`plugins = typedflask.mypy_plugin`): it adds errors that types cannot express.

It never changes a type. What one call says is checked when mypy comes to it (`routes`, `urls`,
`settings`); what the whole project registers is read from its text when the plugin starts
(`files`, `scan`, `links`, `world`), so that the order in which mypy looks at modules, its caches
and its worker processes make no difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeAlias

from mypy.nodes import TypeInfo
from mypy.options import Options
from mypy.plugin import FunctionSigContext, MethodSigContext, Plugin, ReportConfigContext
from mypy.types import FunctionLike

from .project import Projects
from .routes import Routes
from .settings import Settings
from .urls import Lookups

LIBRARIES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}typeshed{os.sep}")


MethodCheck: TypeAlias = Callable[[MethodSigContext], FunctionLike]


class TypedflaskPlugin(Plugin):
    """Answers mypy's questions about calls of this package."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        config = (
            [os.path.dirname(os.path.abspath(options.config_file))] if options.config_file else []
        )
        self.projects: Projects = Projects([*config, os.getcwd()])
        routes = Routes(self.projects, self.lookup_fully_qualified)
        lookups = Lookups(self.projects)
        settings = Settings(self.projects, self.lookup_fully_qualified)
        rules: dict[str, MethodCheck] = {"add_url_rule": routes.added, "url_for": lookups.url}
        self._methods: dict[str, dict[str, MethodCheck]] = {
            "typedflask.registration.routes.RouteDecorator": {"__call__": routes.decorated},
            "typedflask.registration.scaffold.Scaffold": rules,
            "typedflask.config.checked.CheckedDict": {
                "__setitem__": settings.set_item,
                "setdefault": settings.set_item,
                "update": settings.update,
            },
            "typedflask.config.keys.TypedKeys": {
                "__getitem__": settings.read,
                "get": settings.read,
            },
        }
        self._names = frozenset(name for methods in self._methods.values() for name in methods)
        self._checks: dict[str, MethodCheck | None] = {}
        self._functions: dict[str, Callable[[FunctionSigContext], FunctionLike]] = {
            "url_for": lookups.url,
            "render_template": lookups.template,
            "stream_template": lookups.template,
        }

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        """The check of a method of this package, or of a class made of one of its classes."""
        owner, _, name = fullname.rpartition(".")
        if name not in self._names:
            return None
        if fullname not in self._checks:
            self._checks[fullname] = self._find_check(owner, name)
        return self._checks[fullname]

    def _find_check(self, owner: str, name: str) -> MethodCheck | None:
        node = self.lookup_fully_qualified(owner) if "." in owner else None
        if node is not None and isinstance(node.node, TypeInfo):
            for base in node.node.mro:
                check = self._methods.get(base.fullname, {}).get(name)
                if check is not None:
                    return check
        return None

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        """The check of a function of this package."""
        if not fullname.startswith("typedflask."):
            return None
        return self._functions.get(fullname.rpartition(".")[2])

    def report_config_data(self, ctx: ReportConfigContext) -> str | None:
        """What the errors of a file depend on besides its text and its imports."""
        if any(part in ctx.path for part in LIBRARIES):
            return None
        found = self.projects.at(ctx.path)
        return None if found is None else found[0].digest(found[1])


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for.

    :param version: mypy's own version.
    """
    return TypedflaskPlugin
