"""The checks of single calls, each by the function or method that is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import FunctionLike

from .project import Projects
from .routes import Routes
from .settings import Settings
from .urls import Lookups
from .views import Lookup

MethodCheck: TypeAlias = Callable[[MethodSigContext], FunctionLike]
FunctionCheck: TypeAlias = Callable[[FunctionSigContext], FunctionLike]


class Hooks:
    """The checks, with what they need to know.

    :param projects: the projects that are being checked.
    :param lookup: finds a definition by its full name.
    """

    def __init__(self, projects: Projects, lookup: Lookup) -> None:
        routes = Routes(projects, lookup)
        lookups = Lookups(projects)
        settings = Settings(projects, lookup)
        self.methods: dict[str, dict[str, MethodCheck]] = {
            "typedflask.registration.routes.RouteDecorator": {"__call__": routes.decorated},
            "typedflask.registration.scaffold.Scaffold": {
                "add_url_rule": routes.added,
                "url_for": lookups.url,
            },
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
        """By class and name."""
        self.functions: dict[str, FunctionCheck] = {
            "url_for": lookups.url,
            "render_template": lookups.template,
            "stream_template": lookups.template,
        }
