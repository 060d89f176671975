"""What the checks look at in an application; `Flask` has all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import jinja2
    from werkzeug.routing import Map

    from ..blueprints import Blueprint
    from ..errors import ErrorTable
    from ..responses import ResponseRules
    from ..sessions.contract import AnySessionBackend
    from ..templating import TemplateBackend

# Any: hooks and views are looked at, not called.
Function: TypeAlias = Callable[..., Any]
ScopedHooks: TypeAlias = Mapping[str | None, Sequence[Function]]


class RoutedApp(Protocol):
    """An application, as far as registering one of its routes is concerned."""

    @property
    def url_value_preprocessors(self) -> ScopedHooks: ...


class CheckedApp(RoutedApp, Protocol):
    """An application that is set up."""

    @property
    def name(self) -> str: ...
    @property
    def import_name(self) -> str: ...
    @property
    def root_path(self) -> str: ...
    # Any: the values of settings are of many types.
    @property
    def config(self) -> Mapping[str, Any]: ...
    @property
    def url_map(self) -> Map: ...
    @property
    def subdomain_matching(self) -> bool: ...
    @property
    def view_functions(self) -> Mapping[str, Function]: ...
    # Any: what the views of a blueprint may return is not asked here.
    @property
    def blueprints(self) -> Mapping[str, Blueprint[Any]]: ...
    @property
    def before_request_funcs(self) -> ScopedHooks: ...
    @property
    def after_request_funcs(self) -> ScopedHooks: ...
    @property
    def teardown_request_funcs(self) -> ScopedHooks: ...
    @property
    def template_context_processors(self) -> ScopedHooks: ...
    @property
    def url_default_functions(self) -> ScopedHooks: ...
    @property
    def teardown_appcontext_funcs(self) -> Sequence[Function]: ...
    @property
    def url_build_error_handlers(self) -> Sequence[Function]: ...
    @property
    def shell_context_processors(self) -> Sequence[Function]: ...
    @property
    def error_table(self) -> ErrorTable: ...
    @property
    def responses(self) -> ResponseRules: ...
    @property
    def session_interface(self) -> AnySessionBackend: ...
    @property
    def templates(self) -> TemplateBackend: ...
    @property
    def jinja_env(self) -> jinja2.Environment: ...
    @property
    def static_folder(self) -> str | None: ...
