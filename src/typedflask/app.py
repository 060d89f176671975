"""`Flask`, the facade: one object whose documented methods each lead into a room.

The steps of a request are in `lifecycle`, the decorators in `registration`; here is what makes an
application: its settings, its backends, its folders and its contexts.
"""

from __future__ import annotations

import logging
import os
import weakref
from collections.abc import Callable, Iterable, Mapping, ValuesView
from datetime import timedelta
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Generic, Self, Unpack, cast

from werkzeug.exceptions import Aborter
from werkzeug.routing import Map
from werkzeug.routing import Rule as BaseRule

from .aside import kept_aside, made_when_read
from .config import DEFAULTS, Config, ConfigAttribute
from .config.readers import read_lifetime
from .ctx import AppContext, AppGlobals, RequestContext
from .environment import get_debug_flag
from .errors import SetupFinishedError
from .lifecycle import RequestCycle
from .lifecycle.configured import ConfiguredBackends
from .lifecycle.naming import NamingSteps, proxied_names, request_names
from .lifecycle.urls import BuildErrorHandler, UrlSteps
from .registration import TemplateRegistration, setupmethod
from .registration.paths import application_name, instance_path_of
from .registration.routes import Extra, endpoint_of, refuse_other_view, rule_options, upper_methods
from .requests import Request
from .responses import Response, ResponseRules
from .responses import Rule as ResponseRule
from .routing import Rule
from .routing.rule_map import RuleMap

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from .blueprints import Blueprint, BlueprintFor, BlueprintOptions
    from .extensions import Extensions
    from .flashing import get_flashed_messages as get_flashed_messages
    from .json.contract import JSONBackend
    from .json.provider import JSONProvider
    from .registration.hooks import ShellT, TeardownT
    from .registration.options import AddUrlRuleOptions
    from .registration.results import New, ViewResult
    from .responses import ResponseConverter
    from .sessions import SecureCookieSessionInterface as SecureCookieSessionInterface
    from .sessions.contract import AnySessionBackend
    from .templating import DispatchingJinjaLoader, Environment, TemplateBackend
    from .testing import FlaskClient, FlaskCliRunner
    from .typing import ShellContextProcessorCallable, TeardownCallable
else:

    def __getattr__(name: str) -> object:
        """Names that are documented here, of rooms imported late."""
        late = {"SecureCookieSessionInterface": "sessions", "get_flashed_messages": "flashing"}
        late |= dict.fromkeys(("g", "request", "session"), "proxies")
        if name in late:
            return getattr(import_module(f"{__package__}.{late[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Flask(
    TemplateRegistration,
    ConfiguredBackends[Extra],
    RequestCycle[Extra],
    NamingSteps[Extra],
    UrlSteps[Extra],
    Generic[Extra],
):
    """A WSGI application (Flask's documentation, "Application Object").

    :param import_name: the module it is defined in, usually `__name__`; its folder is the root.
    :param static_url_path: the path static files are served under; by default the folder's name.
    :param static_folder: the folder of static files, relative to the root; None for none.
    :param static_host: the host they are served on, with `host_matching`.
    :param host_matching: match rules by host.
    :param subdomain_matching: match rules by subdomain of `SERVER_NAME`.
    :param template_folder: the folder of templates, relative to the root.
    :param instance_path: the instance folder, absolute; by default found beside the package.
    :param instance_relative_config: read configuration files from the instance folder.
    :param root_path: the root folder, where it cannot be found from `import_name`.
    :param json: a JSON backend, or a class of one that takes the application.
    :param session: a session backend.
    :param templates: a template backend, or a class or function that makes one for this
        application when it is first needed.
    :param converter: makes responses of values that no rule accepts; views may return them then.
    :raises ValueError: `instance_path` is relative, or `static_host` and `host_matching` disagree.
    """

    request_class: type[Request] = Request
    """The class of the requests."""
    response_class: type[Response] = Response
    """The class of the responses."""
    app_ctx_globals_class: type[AppGlobals] = AppGlobals
    """The class of `g`."""
    config_class: type[Config] = Config
    """The class of the configuration."""
    aborter_class: type[Aborter] = Aborter
    """The class of `aborter`, which `abort` calls."""
    url_rule_class: type[BaseRule] = Rule
    """The class of the rules."""
    url_map_class: type[Map] = RuleMap
    """The class of the map of rules."""
    test_client_class: type[FlaskClient] | None = None
    """The class of `test_client`; None for `FlaskClient`."""
    test_cli_runner_class: type[FlaskCliRunner] | None = None
    """The class of `test_cli_runner`; None for `FlaskCliRunner`."""
    default_config: Mapping[str, Any] = DEFAULTS
    """What the configuration holds at first. Any: as `Config`."""

    aborter: Aborter = kept_aside()
    """What `abort` calls."""
    url_build_error_handlers: list[BuildErrorHandler] = kept_aside()
    """Asked in turn for a URL that no rule fits."""
    shell_context_processors: list[ShellContextProcessorCallable] = kept_aside()
    """What adds names to `typedflask shell`."""
    blueprints: dict[str, Blueprint[Any]] = kept_aside()
    """The registered blueprints, by their dotted names."""
    extensions: Extensions = made_when_read("extensions", "Extensions")
    """What extensions keep for this application."""
    _logger: logging.Logger | None = kept_aside(None)

    testing: ConfigAttribute[bool] = ConfigAttribute("TESTING")
    """Whether tests are running: errors are raised instead of answered (`TESTING`)."""
    secret_key: ConfigAttribute[str | bytes | None] = ConfigAttribute("SECRET_KEY")
    """The key that signs the session cookie (`SECRET_KEY`)."""
    permanent_session_lifetime: ConfigAttribute[timedelta, timedelta | int] = ConfigAttribute(
        "PERMANENT_SESSION_LIFETIME", get_converter=read_lifetime
    )
    """How long a permanent session lasts; an int gives seconds (`PERMANENT_SESSION_LIFETIME`)."""

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: str | os.PathLike[str] | None = "static",
        static_host: str | None = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: str | os.PathLike[str] | None = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
        *,
        json: JSONBackend | type[JSONProvider] | None = None,
        session: AnySessionBackend | None = None,
        templates: TemplateBackend | Callable[[Flask[Any]], TemplateBackend] | None = None,
        converter: ResponseConverter[Extra] | None = None,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        self.name: str = application_name(import_name)
        if instance_path is None:
            instance_path = self.auto_find_instance_path()
        elif not os.path.isabs(instance_path):
            raise ValueError(f"instance_path must be absolute, and {instance_path!r} is relative.")
        if bool(static_host) != host_matching and self.has_static_folder:
            raise ValueError(
                "static_host and host_matching belong together: static files are served on one"
                f" host. Got static_host={static_host!r} and host_matching={host_matching!r}."
            )
        self.instance_path = instance_path
        self._configure(self.make_config(instance_relative_config))
        self.aborter = self.make_aborter()
        self._set_backends(json, session, templates)
        self.responses: ResponseRules = ResponseRules(converter=converter)
        self.url_map: Map = self.url_map_class(host_matching=host_matching)
        self.subdomain_matching = subdomain_matching
        self.url_build_error_handlers = []
        self.teardown_appcontext_funcs: list[TeardownCallable] = []
        self.shell_context_processors = []
        self.blueprints = {}
        # What one application sets is not another's.
        self.jinja_options: dict[str, Any] = {**self.jinja_options}
        self.template_context_processors[None].append(request_names)
        self._got_first_request = self._calls_directly = False
        self._cli_name = self.name
        if self.has_static_folder:
            self._add_static_rule(static_host)

    def _add_static_rule(self, host: str | None) -> None:
        reference = weakref.ref(self)  # a bound method here would be a cycle

        def static(filename: str) -> Response:
            """Send a file of the static folder."""
            app = reference()
            if app is None:
                raise RuntimeError("The application of this view no longer exists.")
            return app.send_static_file(filename)

        self.add_url_rule(f"{self.static_url_path}/<path:filename>", "static", static, host=host)

    def check_setup_finished(self, f_name: str, /) -> None:
        """Raise if a request was handled already."""
        if self._got_first_request:
            raise SetupFinishedError(
                f"{f_name}() was called after the application handled its first request, so the"
                " requests before would have been answered differently from those to come. Do all"
                " set-up first: import the modules with views, register blueprints and extensions"
                " where the application is made."
            )

    # --- what it is called and where it lives --------------------------------------------

    @property
    def logger(self) -> logging.Logger:
        """The application's logger, `logging.getLogger(app.name)`, with a handler if needed."""
        if self._logger is None:
            from .logging import create_logger

            self._logger = create_logger(self)
        return self._logger

    @logger.setter
    def logger(self, value: logging.Logger) -> None:
        self._logger = value

    @property
    def debug(self) -> bool:
        """Whether debug mode is on (`DEBUG`)."""
        return self.config["DEBUG"]

    @debug.setter
    def debug(self, value: bool) -> None:
        self.config["DEBUG"] = value
        if self.config["TEMPLATES_AUTO_RELOAD"] is None and self._jinja_env is not None:
            self.jinja_env.auto_reload = self.debug

    def make_config(self, instance_relative: bool = False) -> Config:
        """Make the configuration, from `default_config` and `FLASK_DEBUG`.

        :param instance_relative: whether files are named relative to the instance folder.
        """
        root = self.instance_path if instance_relative else self.root_path
        return self.config_class(root, {**self.default_config, "DEBUG": get_debug_flag()})

    def make_aborter(self) -> Aborter:
        """Make what `abort` calls; override it to give statuses exceptions of your own."""
        return self.aborter_class()

    def auto_find_instance_path(self) -> str:
        """The instance folder of an application that was not given one."""
        return instance_path_of(self.import_name, self.name, self.root_path)

    def open_instance_resource(
        self, resource: str, mode: str = "rb", encoding: str | None = "utf-8"
    ) -> IO[Any]:  # Any: str or bytes, as the mode says
        """Open a file of the instance folder, for reading or writing as `open` does."""
        path = os.path.join(self.instance_path, resource)
        return open(path, mode) if "b" in mode else open(path, mode, encoding=encoding)

    # --- set-up --------------------------------------------------------------------------

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., ViewResult[Extra]] | None = None,
        **options: Unpack[AddUrlRuleOptions],
    ) -> None:
        """Register a rule; `route` without a decorator.

        :param rule: the path, with variables as `<converter:name>`.
        :param endpoint: the name for building URLs; by default the view's.
        :param view_func: the view; it may be registered later, with `endpoint`.
        :param options: `methods` and the options of the rule (`RuleOptions`).
        :raises SetupFinishedError: a request was handled already.
        :raises AssertionError: the endpoint has another view.
        """
        if endpoint is None:
            endpoint = endpoint_of(view_func)
        methods = options.get("methods")
        if methods is None:
            methods = getattr(view_func, "methods", None) or frozenset({"GET"})
        answered = upper_methods(methods)
        automatic = options.get("provide_automatic_options")
        if automatic is None:
            automatic = getattr(view_func, "provide_automatic_options", None)
        if automatic is None:
            automatic = "OPTIONS" not in answered and self.config["PROVIDE_AUTOMATIC_OPTIONS"]
        answered |= upper_methods(getattr(view_func, "required_methods", ()))
        if automatic:
            answered.add("OPTIONS")
        refuse_other_view(self.view_functions.get(endpoint), endpoint, view_func)
        made = self.url_rule_class(
            rule, endpoint=endpoint, methods=answered, **rule_options(options)
        )
        if isinstance(made, Rule):
            made.provide_automatic_options = bool(automatic)
        else:
            vars(made)["provide_automatic_options"] = bool(automatic)
        self.url_map.add(made)  # what is refused up to here leaves nothing behind
        if view_func is not None:
            self.view_functions[endpoint] = view_func
            if self.debug:
                from .checks.registration import warn_about_mismatch  # for developers only

                warn_about_mismatch(self, made, view_func)

    def with_rule(self, rule: ResponseRule[New]) -> Flask[Extra | New]:
        """Let views return what a rule accepts: `app = Flask(__name__).with_rule(MONEY)`.

        It goes in front of the others, as with `responses.add`, which no type can learn from
        (decision 063). Gives back this application.
        """
        self.responses.add(rule)
        return cast("Flask[Any]", self)  # the same application; its views may return more now

    @setupmethod
    def register_blueprint(
        self, blueprint: BlueprintFor[Extra], **options: Unpack[BlueprintOptions]
    ) -> None:
        """Make a blueprint take effect in this application.

        :param blueprint: the blueprint.
        :param options: see `BlueprintOptions`; those given replace the blueprint's own.
        :raises ValueError: there is another blueprint of its name.
        """
        blueprint.register(self, options)

    def iter_blueprints(self) -> ValuesView[Blueprint[Any]]:
        """The registered blueprints, in the order of registration."""
        return self.blueprints.values()

    @setupmethod
    def teardown_appcontext(self, f: TeardownT) -> TeardownT:
        """Run a function when an application context ends, with the error or None."""
        self.teardown_appcontext_funcs.append(f)
        return f

    @setupmethod
    def shell_context_processor(self, f: ShellT) -> ShellT:
        """Give the names in the returned mapping to `typedflask shell`."""
        self.shell_context_processors.append(f)
        return f

    def make_shell_context(self) -> dict[str, Any]:  # Any: whatever the processors give
        """What `typedflask shell` knows: `app`, `g`, and what the processors add."""
        from .proxies import g

        names: dict[str, Any] = {"app": self, "g": g}
        for processor in self.shell_context_processors:
            names.update(processor())
        return names

    def template_names(self) -> dict[str, Any]:  # Any: templates take whatever they are given
        """What every template can use, with every engine (Flask's documentation, "Templates")."""
        from .flashing import get_flashed_messages  # only for who has templates

        return {
            "url_for": self.url_for,
            "get_flashed_messages": get_flashed_messages,
            "config": self.config,
            **proxied_names(),
        }

    def create_jinja_environment(self) -> Environment:
        """Make the Jinja environment; override it to set one up differently."""
        from .templating.jinja import create_environment

        return create_environment(self, self.template_names())

    def create_global_jinja_loader(self) -> DispatchingJinjaLoader:
        """Make the loader of all templates of the application and its blueprints."""
        from .templating import DispatchingJinjaLoader

        return DispatchingJinjaLoader(self)

    # --- contexts ------------------------------------------------------------------------

    def app_context(self) -> AppContext[Self]:
        """A context without a request: `with app.app_context(): ...`."""
        return AppContext(self)

    def request_context(self, environ: WSGIEnvironment) -> RequestContext[Self]:
        """The context of a request.

        :param environ: the request's WSGI environment.
        """
        request_class = self.request_class
        return RequestContext(self, request_class(environ))

    # Any: the arguments are those of `EnvironBuilder`.
    def test_request_context(self, *args: Any, **kwargs: Any) -> RequestContext[Self]:
        """The context of a request made up for a test or at the prompt.

        :param args: those of `testing.EnvironBuilder`: first the path.
        :param kwargs: as `args`: `method`, `data`, `json`, `headers`, ...
        """
        from .testing import EnvironBuilder

        builder = EnvironBuilder(self, *args, **kwargs)
        try:
            return self.request_context(builder.get_environ())
        finally:
            builder.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application as servers call it: `wsgi_app`, with its middleware."""
        return self.wsgi_app(environ, start_response)

    # --- trying it out -------------------------------------------------------------------

    # Any: options of the client class, which an application may replace.
    def test_client(self, use_cookies: bool = True, **kwargs: Any) -> FlaskClient:
        """A client that calls the application without a server.

        :param use_cookies: keep cookies between requests.
        :param kwargs: for `test_client_class`.
        """
        from .testing import FlaskClient

        kind = self.test_client_class or FlaskClient
        return kind(self, self.response_class, use_cookies=use_cookies, **kwargs)

    def test_cli_runner(self, **kwargs: Any) -> FlaskCliRunner:  # Any: options of click's runner
        """A runner for commands: `app.test_cli_runner().invoke(args=[...])`."""
        from .testing import FlaskCliRunner

        return (self.test_cli_runner_class or FlaskCliRunner)(self, **kwargs)

    def run(
        self,
        host: str | None = None,
        port: int | None = None,
        debug: bool | None = None,
        load_dotenv: bool = True,
        **options: Any,  # Any: those of werkzeug.serving.run_simple
    ) -> None:
        """Serve the application for development; use a production WSGI server otherwise.

        :param host: the address to listen on; `SERVER_NAME`'s, else 127.0.0.1.
        :param port: the port to listen on; `SERVER_NAME`'s, else 5000.
        :param debug: turn debug mode on or off first.
        :param load_dotenv: read `.env` and `.flaskenv` first.
        :param options: for Werkzeug's `run_simple`, such as `use_reloader` or `ssl_context`.
        """
        try:
            from .running import serve

            serve(self, host, port, debug, load_dotenv, options)
        finally:
            # At the prompt, set-up may go on after the server was stopped.
            self._got_first_request = False
