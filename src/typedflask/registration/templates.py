"""Registering filters, tests and globals of templates, with and without parentheses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..newer_typing import overload
from .setup import setupmethod

if TYPE_CHECKING:
    from ..templating import Environment
    from ..templating.contract import TemplateFunctions
    from ..typing import TemplateFilterCallable, TemplateGlobalCallable, TemplateTestCallable

    FilterT = TypeVar("FilterT", bound=TemplateFilterCallable)
    TestT = TypeVar("TestT", bound=TemplateTestCallable)
    GlobalT = TypeVar("GlobalT", bound=TemplateGlobalCallable)
    F = TypeVar("F", bound=Callable[..., Any])  # Any: see the aliases of template functions


def name_of(function: Callable[..., object], name: str | None) -> str:
    """The name given, or the function's own."""
    return name or str(getattr(function, "__name__", type(function).__name__))


def named(put: Callable[[F, str | None], None], name: str | None) -> Callable[[F], F]:
    """The decorator that registers under a name."""

    def register(function: F) -> F:
        put(function, name)
        return function

    return register


class JinjaEnvironmentClass:
    """The default of `jinja_environment`: Jinja is imported by those who have templates."""

    def __get__(self, instance: object, owner: type) -> type[Environment]:
        from ..templating import Environment

        return Environment


class TemplateRegistration:
    """The part of an application that has to do with its templates."""

    if TYPE_CHECKING:
        jinja_environment: type[Environment]
        """The class of `jinja_env`."""
    else:
        jinja_environment = JinjaEnvironmentClass()

    # Any: the options are those of Jinja's environment, which checks them.
    jinja_options: dict[str, Any] = {}  # noqa: RUF012 - documented as a dict to be replaced
    """Options for the environment; set them before `jinja_env` is first used."""

    def check_setup_finished(self, f_name: str, /) -> None:
        """Raise if set-up was closed."""
        raise NotImplementedError

    def create_jinja_environment(self) -> Environment:
        """Make the Jinja environment; override it to set one up differently."""
        raise NotImplementedError

    _jinja_env: Environment | None = None

    _template_functions: TemplateFunctions | None = None

    # No `cached_property`: pyright does not see one as what a Protocol asks for, here `EngineApp`.
    @property
    def template_functions(self) -> TemplateFunctions:
        """The registered filters, tests and globals, from which every engine takes its own."""
        if self._template_functions is None:
            from ..templating.contract import TemplateFunctions

            self._template_functions = TemplateFunctions()
        return self._template_functions

    @property
    def jinja_env(self) -> Environment:
        """The Jinja environment, made when first used; its options are fixed from then on."""
        if self._jinja_env is None:
            environment = self.create_jinja_environment()
            functions = self.template_functions
            environment.filters.update(functions.filters)
            environment.tests.update(functions.tests)
            environment.globals.update(functions.globals)
            self._jinja_env = environment
        return self._jinja_env

    @jinja_env.setter
    def jinja_env(self, value: Environment) -> None:
        self._jinja_env = value

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Whether values in a template are escaped.

        :param filename: the template's name, or None for one that was given as text.
        """
        from ..templating.escaping import select_jinja_autoescape

        return select_jinja_autoescape(filename)

    @overload
    def template_filter(self, name: FilterT, /) -> FilterT: ...
    @overload
    def template_filter(self, name: str | None = None) -> Callable[[FilterT], FilterT]: ...
    @setupmethod
    def template_filter(self, name: Callable[..., Any] | str | None = None) -> Callable[..., Any]:
        """Register the function below as a filter.

        :param name: what templates call it; by default the function's name.
        """
        if callable(name):
            self.add_template_filter(name)
            return name
        return named(self.add_template_filter, name)

    @setupmethod
    def add_template_filter(self, f: TemplateFilterCallable, name: str | None = None) -> None:
        """Register a filter; `template_filter` without a decorator."""
        name = name_of(f, name)
        self.template_functions.add(self.template_functions.filters, name, f)
        if self._jinja_env is not None:
            self._jinja_env.filters[name] = f

    @overload
    def template_test(self, name: TestT, /) -> TestT: ...
    @overload
    def template_test(self, name: str | None = None) -> Callable[[TestT], TestT]: ...
    @setupmethod
    def template_test(self, name: Callable[..., bool] | str | None = None) -> Callable[..., Any]:
        """Register the function below as a test, for `{% if x is name %}`.

        :param name: what templates call it; by default the function's name.
        """
        if callable(name):
            self.add_template_test(name)
            return name
        return named(self.add_template_test, name)

    @setupmethod
    def add_template_test(self, f: TemplateTestCallable, name: str | None = None) -> None:
        """Register a test; `template_test` without a decorator."""
        name = name_of(f, name)
        self.template_functions.add(self.template_functions.tests, name, f)
        if self._jinja_env is not None:
            self._jinja_env.tests[name] = f

    @overload
    def template_global(self, name: GlobalT, /) -> GlobalT: ...
    @overload
    def template_global(self, name: str | None = None) -> Callable[[GlobalT], GlobalT]: ...
    @setupmethod
    def template_global(self, name: Callable[..., Any] | str | None = None) -> Callable[..., Any]:
        """Register the function below as a name that every template may call.

        :param name: what templates call it; by default the function's name.
        """
        if callable(name):
            self.add_template_global(name)
            return name
        return named(self.add_template_global, name)

    @setupmethod
    def add_template_global(self, f: TemplateGlobalCallable, name: str | None = None) -> None:
        """Register a global; `template_global` without a decorator."""
        name = name_of(f, name)
        self.template_functions.add(self.template_functions.globals, name, f)
        if self._jinja_env is not None:
            self._jinja_env.globals[name] = f
