"""What an application and a blueprint have in common: decorators, and folders of files.

Everything registered lands in the documented dictionaries here (`view_functions`,
`before_request_funcs`, ...) and in the error table; the lifecycle reads them as they are, so an
extension that changes one of them is heard.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Generic, TypeAlias, Unpack, cast

from ..aside import kept_aside
from ..ctx import app_context, request_context
from ..errors import ErrorTable, error_key
from ..newer_typing import overload
from ..responses import Response, as_own_response
from ..routing.view_table import ViewTable
from ..stages import Hooks, new_hooks
from .paths import root_path_of
from .routes import EndpointDecorator, Extra, RouteDecorator
from .setup import setupmethod

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from jinja2 import BaseLoader
    from werkzeug.wrappers import Response as BaseResponse

    from ..commands import AppGroup
    from ..errors.spec import ErrorHandlerSpec
    from ..responses.contract import FileApp
    from ..typing import (
        AfterRequestCallable,
        BeforeRequestCallable,
        ErrorHandlerCallable,
        HTTPMethodName,
        TeardownCallable,
        TemplateContextProcessorCallable,
        URLDefaultCallable,
        URLValuePreprocessorCallable,
    )
    from .doors import HandlerDoor, RegisterDoor
    from .handlers import HandlerDecorator
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
    from .options import AddUrlRuleOptions, RouteOptions, ShortcutOptions
    from .results import ViewResult

    StaticSender: TypeAlias = Callable[
        [FileApp, WSGIEnvironment, str, str, int | None], BaseResponse
    ]


class Scaffold(Generic[Extra]):
    """The decorators and folders shared by `Flask` and `Blueprint`.

    :param import_name: the module it is defined in, usually `__name__`; its folder is the root.
    :param static_folder: the folder of static files, relative to the root.
    :param static_url_path: the path they are served under; by default the folder's name.
    :param template_folder: the folder of templates, relative to the root.
    :param root_path: the root itself, for modules whose folder cannot be found.
    """

    name: str = kept_aside()
    """What it is called; a blueprint's name is the first part of its endpoints."""
    import_name: str = kept_aside()
    """The module it is defined in."""
    root_path: str = kept_aside()
    """Its folder, which the others are relative to."""
    template_folder: str | os.PathLike[str] | None = kept_aside()
    """The folder of its templates."""
    template_context_processors: Hooks[TemplateContextProcessorCallable] = kept_aside()
    """What adds names to every template, by scope."""
    _static_folder: str | None = kept_aside()
    _static_url_path: str | None = kept_aside()
    _jinja_loader: BaseLoader | None = kept_aside(None)
    _cli: AppGroup | None = kept_aside(None)
    _cli_name: str | None = kept_aside(None)

    def __init__(
        self,
        import_name: str,
        static_folder: str | os.PathLike[str] | None = None,
        static_url_path: str | None = None,
        template_folder: str | os.PathLike[str] | None = None,
        root_path: str | None = None,
    ) -> None:
        # Any: see `Aside`.
        self.aside: dict[str, Any] = {}
        self.import_name = import_name
        self.root_path = root_path_of(import_name) if root_path is None else root_path
        self.static_folder = static_folder
        self.static_url_path = static_url_path
        self.template_folder = template_folder
        # Any: checked when decorated.
        self.view_functions: dict[str, Callable[..., Any]] = ViewTable()
        self.before_request_funcs: Hooks[BeforeRequestCallable] = new_hooks()
        self.after_request_funcs: Hooks[AfterRequestCallable] = new_hooks()
        self.teardown_request_funcs: Hooks[TeardownCallable] = new_hooks()
        self.template_context_processors = new_hooks()
        self.url_value_preprocessors: Hooks[URLValuePreprocessorCallable] = new_hooks()
        self.url_default_functions: Hooks[URLDefaultCallable] = new_hooks()
        self.error_table: ErrorTable = ErrorTable()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    def check_setup_finished(self, f_name: str, /) -> None:
        """Raise if set-up was closed; methods that change set-up call it."""
        raise NotImplementedError

    @property
    def cli(self) -> AppGroup:
        """The group of its commands, made when first touched."""
        if self._cli is None:
            from ..commands import AppGroup  # imports click, which few requests need

            self._cli = AppGroup(self._cli_name)
        return self._cli

    @cli.setter
    def cli(self, value: AppGroup) -> None:
        self._cli = value

    # --- folders and files ---------------------------------------------------------------

    @property
    def static_folder(self) -> str | None:
        """The absolute folder of static files, or None when there is none."""
        folder = self._static_folder
        return None if folder is None else os.path.join(self.root_path, folder)

    @static_folder.setter
    def static_folder(self, value: str | os.PathLike[str] | None) -> None:
        self._static_folder = None if value is None else os.fspath(value).rstrip("/\\")

    @property
    def has_static_folder(self) -> bool:
        """Whether static files are served."""
        return self._static_folder is not None

    @property
    def static_url_path(self) -> str | None:
        """The path static files are served under, without a slash at its end."""
        if self._static_url_path is not None:
            return self._static_url_path
        folder = self.static_folder
        return None if folder is None else f"/{os.path.basename(folder)}".rstrip("/")

    @static_url_path.setter
    def static_url_path(self, value: str | None) -> None:
        self._static_url_path = None if value is None else value.rstrip("/")

    @property
    def jinja_loader(self) -> BaseLoader | None:
        """Loads templates from `template_folder`; None without one."""
        if self._jinja_loader is None and self.template_folder is not None:
            from jinja2 import FileSystemLoader  # only for those who have templates

            folder = os.path.join(self.root_path, self.template_folder)
            self._jinja_loader = FileSystemLoader(folder)
        return self._jinja_loader

    @jinja_loader.setter
    def jinja_loader(self, value: BaseLoader | None) -> None:
        self._jinja_loader = value

    @property
    def error_handler_spec(self) -> ErrorHandlerSpec:
        """The registered error handlers as `[scope][code][class]`; writing to it registers."""
        from ..errors.spec import ErrorHandlerSpec  # only for who asks for it

        return ErrorHandlerSpec(self.error_table)

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """How long, in seconds, a client may keep a file without asking again.

        By default `SEND_FILE_MAX_AGE_DEFAULT` for every file; override it to tell files apart.

        :param filename: the file, or None for a file object.
        :returns: None when the client shall ask every time.
        """
        value: timedelta | int | None = app_context().app.config["SEND_FILE_MAX_AGE_DEFAULT"]
        return int(value.total_seconds()) if isinstance(value, timedelta) else value

    def send_static_file(self, filename: str) -> Response:
        """The response for a file of the static folder; the view of the endpoint `static`.

        :param filename: the file, relative to the static folder.
        :raises RuntimeError: there is no static folder.
        :raises NotFound: there is no such file.
        """
        folder = self.static_folder
        if folder is None:
            raise RuntimeError(f"{self!r} has no static folder to send {filename!r} from.")
        context = request_context()
        app, environ = as_file_app(context.app), context.request.environ
        # The documented method is asked by the name, and not by the path.
        max_age = self.get_send_file_max_age(filename)
        return as_own_response(static_sender()(app, environ, folder, filename, max_age))

    def open_resource(
        self, resource: str, mode: str = "rb", encoding: str | None = "utf-8"
    ) -> IO[Any]:  # Any: str or bytes, as the mode says
        """Open a file of the root folder for reading.

        :param resource: the file, relative to the root folder.
        :param mode: `"rb"`, or `"r"` (`"rt"`) for text.
        :param encoding: of the text.
        :raises ValueError: the mode would write.
        """
        if mode not in {"r", "rt", "rb"}:
            raise ValueError(f"Resources are for reading: the mode is 'r' or 'rb', not {mode!r}.")
        path = os.path.join(self.root_path, resource)
        return open(path, mode) if mode == "rb" else open(path, mode, encoding=encoding)

    # --- routes --------------------------------------------------------------------------

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., ViewResult[Extra]] | None = None,
        **options: Unpack[AddUrlRuleOptions],
    ) -> None:
        """Register a rule; `Flask.add_url_rule` describes the parameters."""
        raise NotImplementedError

    @setupmethod
    def route(self, rule: str, **options: Unpack[RouteOptions]) -> RouteDecorator[Extra]:
        """Register the view below for a rule (Flask's documentation, "Routing").

        :param rule: the path, with variables as `<converter:name>`.
        :param options: `endpoint`, `methods` and the options of the rule (`RouteOptions`).
        """
        return RouteDecorator(self, rule, options)

    def _shortcut(
        self, method: HTTPMethodName, rule: str, options: ShortcutOptions
    ) -> RouteDecorator[Extra]:
        if "methods" in options:
            raise TypeError(
                f"{method.lower()}() answers {method} and takes no methods. Use route() for"
                f" {rule!r}."
            )
        return RouteDecorator(self, rule, {**options, "methods": [method]})

    @setupmethod
    def get(self, rule: str, **options: Unpack[ShortcutOptions]) -> RouteDecorator[Extra]:
        """`route` for `GET` (and so `HEAD`)."""
        return self._shortcut("GET", rule, options)

    @setupmethod
    def post(self, rule: str, **options: Unpack[ShortcutOptions]) -> RouteDecorator[Extra]:
        """`route` for `POST`."""
        return self._shortcut("POST", rule, options)

    @setupmethod
    def put(self, rule: str, **options: Unpack[ShortcutOptions]) -> RouteDecorator[Extra]:
        """`route` for `PUT`."""
        return self._shortcut("PUT", rule, options)

    @setupmethod
    def patch(self, rule: str, **options: Unpack[ShortcutOptions]) -> RouteDecorator[Extra]:
        """`route` for `PATCH`."""
        return self._shortcut("PATCH", rule, options)

    @setupmethod
    def delete(self, rule: str, **options: Unpack[ShortcutOptions]) -> RouteDecorator[Extra]:
        """`route` for `DELETE`."""
        return self._shortcut("DELETE", rule, options)

    @setupmethod
    def endpoint(self, endpoint: str) -> EndpointDecorator[Extra]:
        """Register the function below as the view of an endpoint whose rule is added elsewhere."""
        return EndpointDecorator(self.view_functions, endpoint)

    # --- hooks ---------------------------------------------------------------------------

    @overload
    def before_request(self, f: BeforeT) -> BeforeT: ...
    @overload
    def before_request(self, f: BeforeExtra[Extra]) -> BeforeExtra[Extra]: ...
    @setupmethod
    def before_request(self, f: Callable[[], Any]) -> Callable[[], Any]:  # Any: as just said
        """Run a function before the view; what it returns, unless None, becomes the response."""
        self.before_request_funcs[None].append(f)
        return f

    @overload
    def after_request(self, f: AfterT) -> AfterT: ...
    @overload
    def after_request(self, f: AfterOwn[OwnResponse, Answer]) -> AfterOwn[OwnResponse, Answer]: ...
    @setupmethod
    def after_request(self, f: AfterRequestCallable) -> AfterRequestCallable:
        """Run a function with the response before it is sent; it gives back the one to send."""
        self.after_request_funcs[None].append(f)
        return f

    @setupmethod
    def teardown_request(self, f: TeardownT) -> TeardownT:
        """Run a function when the request's context ends, with the error that ended it or None."""
        self.teardown_request_funcs[None].append(f)
        return f

    @setupmethod
    def context_processor(self, f: ProcessorT) -> ProcessorT:
        """Give the names in the returned mapping to every template."""
        self.template_context_processors[None].append(f)
        return f

    @setupmethod
    def url_value_preprocessor(self, f: PreprocessorT) -> PreprocessorT:
        """Let a function see and change endpoint and values before the view is called."""
        self.url_value_preprocessors[None].append(f)
        return f

    @setupmethod
    def url_defaults(self, f: DefaultsT) -> DefaultsT:
        """Let a function add values to URLs that are built."""
        self.url_default_functions[None].append(f)
        return f

    # --- errors --------------------------------------------------------------------------

    if TYPE_CHECKING:

        @property
        def errorhandler(self) -> HandlerDoor[Extra]:
            """Register the function below as a handler of errors.

            The one parameter is an HTTP status or a class of exceptions. `ValueError`: the status
            is not that of an HTTP error. `TypeError`: it is neither status nor class.
            """
            raise NotImplementedError

        @property
        def register_error_handler(self) -> RegisterDoor[Extra]:
            """Register a handler of errors; `errorhandler` without a decorator."""
            raise NotImplementedError

    else:

        @setupmethod
        def errorhandler(
            self, code_or_exception: int | type[Exception]
        ) -> HandlerDecorator[Exception]:
            return self._handler_decorator(code_or_exception)

        @setupmethod
        def register_error_handler(
            self, code_or_exception: int | type[Exception], f: ErrorHandlerCallable
        ) -> None:
            self.error_table.put(error_key(code_or_exception), f)

    def _handler_decorator(self, target: int | type[Exception]) -> HandlerDecorator[Exception]:
        from .handlers import HandlerDecorator  # only for who handles errors

        def put(handler: ErrorHandlerCallable) -> None:
            self.error_table.put(error_key(target), handler)

        return HandlerDecorator(put)


@cache
def static_sender() -> StaticSender:
    """What sends static files, imported by the first that is sent and known from then on."""
    from ..responses.files import send_static

    return send_static


def as_file_app(app: object) -> FileApp:
    """A context knows its application by what contexts need; every application sends files."""
    return cast("FileApp", app)
