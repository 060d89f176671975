"""The `app_*` decorators of a blueprint: registered with it, effective for the whole application.

Each keeps what to do until the blueprint is registered for the first time (Flask's documentation,
`Blueprint`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, overload

from ..errors import ErrorTable, error_key
from ..stages import Hooks
from .handlers import HandlerDecorator
from .routes import Extra
from .setup import setupmethod
from .templates import named

if TYPE_CHECKING:
    from ..typing import (
        AfterRequestCallable,
        BeforeRequestCallable,
        ErrorHandlerCallable,
        TeardownCallable,
        TemplateContextProcessorCallable,
        TemplateFilterCallable,
        TemplateGlobalCallable,
        TemplateTestCallable,
        URLDefaultCallable,
        URLValuePreprocessorCallable,
    )
    from .doors import HandlerDoor, RegisterDoor
    from .hooks import (
        AfterOwn,
        AfterT,
        Answer,
        BeforeExtra,
        BeforeT,
        DefaultsT,
        OwnResponse,
        PreprocessorT,
        ProcessorT,
        TeardownT,
    )
    from .templates import FilterT, GlobalT, TestT


class WholeApp(Protocol):
    """The application, as far as a blueprint reaches into it."""

    before_request_funcs: Hooks[BeforeRequestCallable]
    after_request_funcs: Hooks[AfterRequestCallable]
    teardown_request_funcs: Hooks[TeardownCallable]
    template_context_processors: Hooks[TemplateContextProcessorCallable]
    url_value_preprocessors: Hooks[URLValuePreprocessorCallable]
    url_default_functions: Hooks[URLDefaultCallable]
    error_table: ErrorTable

    def add_template_filter(
        self, f: TemplateFilterCallable, name: str | None = None, /
    ) -> object: ...
    def add_template_test(self, f: TemplateTestCallable, name: str | None = None, /) -> object: ...
    def add_template_global(
        self, f: TemplateGlobalCallable, name: str | None = None, /
    ) -> object: ...


class AppWideHooks(Generic[Extra]):
    """The decorators of a blueprint whose functions serve requests of every blueprint."""

    def check_setup_finished(self, f_name: str, /) -> None:
        """Raise if set-up was closed."""
        raise NotImplementedError

    def _with_app(self, act: Callable[[WholeApp], object]) -> None:
        """Do something with the application, when the blueprint is first registered with it."""
        raise NotImplementedError

    @overload
    def before_app_request(self, f: BeforeT) -> BeforeT: ...
    @overload
    def before_app_request(self, f: BeforeExtra[Extra]) -> BeforeExtra[Extra]: ...
    @setupmethod
    def before_app_request(self, f: Callable[[], Any]) -> Callable[[], Any]:  # Any: as just said
        """`before_request` for every request of the application."""
        self._with_app(lambda app: app.before_request_funcs[None].append(f))
        return f

    @overload
    def after_app_request(self, f: AfterT) -> AfterT: ...
    @overload
    def after_app_request(
        self, f: AfterOwn[OwnResponse, Answer]
    ) -> AfterOwn[OwnResponse, Answer]: ...
    @setupmethod
    def after_app_request(self, f: AfterRequestCallable) -> AfterRequestCallable:
        """`after_request` for every request of the application."""
        self._with_app(lambda app: app.after_request_funcs[None].append(f))
        return f

    @setupmethod
    def teardown_app_request(self, f: TeardownT) -> TeardownT:
        """`teardown_request` for every request of the application."""
        self._with_app(lambda app: app.teardown_request_funcs[None].append(f))
        return f

    @setupmethod
    def app_context_processor(self, f: ProcessorT) -> ProcessorT:
        """`context_processor` for the templates of the whole application."""
        self._with_app(lambda app: app.template_context_processors[None].append(f))
        return f

    @setupmethod
    def app_url_value_preprocessor(self, f: PreprocessorT) -> PreprocessorT:
        """`url_value_preprocessor` for every request of the application."""
        self._with_app(lambda app: app.url_value_preprocessors[None].append(f))
        return f

    @setupmethod
    def app_url_defaults(self, f: DefaultsT) -> DefaultsT:
        """`url_defaults` for every URL of the application."""
        self._with_app(lambda app: app.url_default_functions[None].append(f))
        return f

    if TYPE_CHECKING:

        @property
        def app_errorhandler(self) -> HandlerDoor[Extra]:
            """`errorhandler` for every request of the application."""
            raise NotImplementedError

        @property
        def register_app_error_handler(self) -> RegisterDoor[Extra]:
            """`app_errorhandler` without a decorator."""
            raise NotImplementedError

    else:

        @setupmethod
        def app_errorhandler(self, code: int | type[Exception]) -> HandlerDecorator[Exception]:
            return self._app_handler_decorator(code)

        @setupmethod
        def register_app_error_handler(
            self, code: int | type[Exception], f: ErrorHandlerCallable
        ) -> None:
            self._handle_for_app(code, f)

    def _app_handler_decorator(self, target: int | type[Exception]) -> HandlerDecorator[Exception]:
        def put(handler: ErrorHandlerCallable) -> None:
            self._handle_for_app(target, handler)

        return HandlerDecorator(put)

    def _handle_for_app(self, code: int | type[Exception], handler: ErrorHandlerCallable) -> None:
        key = error_key(code)  # here, so that what cannot be handled is refused where it is named
        self._with_app(lambda app: app.error_table.put(key, handler))

    @overload
    def app_template_filter(self, name: FilterT, /) -> FilterT: ...
    @overload
    def app_template_filter(self, name: str | None = None) -> Callable[[FilterT], FilterT]: ...
    @setupmethod
    def app_template_filter(
        self, name: Callable[..., Any] | str | None = None
    ) -> Callable[..., Any]:
        """Register the function below as a filter for the templates of the whole application."""
        if callable(name):
            self.add_app_template_filter(name)
            return name
        return named(self.add_app_template_filter, name)

    @setupmethod
    def add_app_template_filter(self, f: TemplateFilterCallable, name: str | None = None) -> None:
        """`app_template_filter` without a decorator."""
        self._with_app(lambda app: app.add_template_filter(f, name))

    @overload
    def app_template_test(self, name: TestT, /) -> TestT: ...
    @overload
    def app_template_test(self, name: str | None = None) -> Callable[[TestT], TestT]: ...
    @setupmethod
    def app_template_test(
        self, name: Callable[..., bool] | str | None = None
    ) -> Callable[..., Any]:
        """Register the function below as a test for the templates of the whole application."""
        if callable(name):
            self.add_app_template_test(name)
            return name
        return named(self.add_app_template_test, name)

    @setupmethod
    def add_app_template_test(self, f: TemplateTestCallable, name: str | None = None) -> None:
        """`app_template_test` without a decorator."""
        self._with_app(lambda app: app.add_template_test(f, name))

    @overload
    def app_template_global(self, name: GlobalT, /) -> GlobalT: ...
    @overload
    def app_template_global(self, name: str | None = None) -> Callable[[GlobalT], GlobalT]: ...
    @setupmethod
    def app_template_global(
        self, name: Callable[..., Any] | str | None = None
    ) -> Callable[..., Any]:
        """Register the function below as a name the templates of the whole application may call."""
        if callable(name):
            self.add_app_template_global(name)
            return name
        return named(self.add_app_template_global, name)

    @setupmethod
    def add_app_template_global(self, f: TemplateGlobalCallable, name: str | None = None) -> None:
        """`app_template_global` without a decorator."""
        self._with_app(lambda app: app.add_template_global(f, name))
