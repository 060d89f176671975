"""URLs of an application: building them for endpoints, and binding the map to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, TypeAlias, cast

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, MapAdapter

from ..aside import kept_aside
from ..ctx import UNSET, AppContext, RequestContext, find_context
from ..newer_typing import overload
from ..registration.routes import Extra
from ..requests import Request
from ..requests.request import scopes_of
from ..responses import Response, as_own_response
from ..responses.redirects import redirect
from ..routing import PATH_ONLY, BuildRequest, bind, bind_without_host, build_url
from ..routing.rule import OPTIONS
from ..routing.rule_map import RuleMap, quick_match
from ..stages import Walk, in_order
from ..wsgi import utf8
from .site import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment

    from ..routing.endings import Match
    from ..routing.view_urls import URL, Answering, NoUrl, ViewClass

P = ParamSpec("P")

DECIDING: Final = frozenset(
    {"create_url_adapter", "inject_url_defaults", "subdomain_matching", "url_for", "url_map"}
)
"""Attributes that decide whether URLs may be matched and built without asking for an adapter."""

# Any: what a converter takes is the converter's affair.
UrlValues: TypeAlias = dict[str, Any]

BuildErrorHandler: TypeAlias = "Callable[[Exception, str, UrlValues], str | None]"
"""Gives a URL where no rule fits, or None; or raises."""


class UrlSteps(Site[Extra], Generic[Extra]):
    """The part of an application that knows its addresses."""

    url_build_error_handlers: list[BuildErrorHandler]
    subdomain_matching: bool = kept_aside()
    """Whether rules are matched by subdomain of `SERVER_NAME`."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What matches a request and builds URLs relative to it.

        :param request: the request, or None outside of one.
        :returns: None outside of a request when `SERVER_NAME` is not set.
        :raises SecurityError: the request's host is not among `TRUSTED_HOSTS` (400).
        """
        if request is None:
            return bind(self, None)
        trusted = self.config["TRUSTED_HOSTS"]
        if trusted is not None:
            request.trusted_hosts = list(trusted)
        if request.trusted_hosts is not None:
            _ = request.host  # reading it is what checks it
        return bind(self, request.environ)

    _direct_map: RuleMap | None = None
    """The map, if no step says how requests are bound to it; else, or before that was asked, None."""

    links_directly: bool | None = None
    """Whether no step says how URLs are built, either; None: to be worked out."""

    if not TYPE_CHECKING:  # checkers would take it for leave to assign anything

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name in DECIDING:
                self._direct_map = self.links_directly = None

    def _decide(self) -> RuleMap | None:
        """Work out what need not be asked at each request, until another step is assigned."""
        url_map = self.url_map
        bound_as_usual = not self.subdomain_matching and is_same(
            self.create_url_adapter, UrlSteps.create_url_adapter
        )
        if bound_as_usual and isinstance(url_map, RuleMap):
            self._direct_map = url_map
        self.links_directly = (
            self._direct_map is not None
            and is_same(self.url_for, UrlSteps.url_for)
            and is_same(self.inject_url_defaults, UrlSteps.inject_url_defaults)
        )
        return self._direct_map

    def quick_match(self, request: Request) -> Match | HTTPException | None:
        """The match of a request if a shortcut knows it, or that nothing matches, else None.

        Skips making the URL adapter, so it steps back where that decides or checks something.
        """
        url_map = self._direct_map or self._decide()
        if (
            url_map is None
            or self.config["TRUSTED_HOSTS"] is not None
            or request.trusted_hosts is not None
        ):
            return None
        return quick_match(url_map, request.environ)

    # Any: what a converter takes is the converter's affair.
    @overload
    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str: ...
    @overload
    def url_for(self, view: type[Answering[P]], /, *args: P.args, **values: P.kwargs) -> URL: ...
    @overload
    def url_for(self, view: type[ViewClass], /) -> NoUrl: ...  # type: ignore[overload-overlap]  # so that its values are asked for
    @overload
    def url_for(self, view: Callable[P, object], /, *args: P.args, **values: P.kwargs) -> URL: ...
    def url_for(self, /, *args: Any, **values: Any) -> str | NoUrl:
        """Build the URL of an endpoint or a view (Flask's documentation, `Flask.url_for`).

        A view is given as the object itself, with what it is called with (decision 075); the
        options are methods of the URL then: `url_for(user, 3).query(page=2).external()`.

        :param args: `endpoint`, the endpoint's name; one that begins with a dot is relative to the
            blueprint of the active request. Or the view and its positional arguments.
        :param _anchor: the part after `#`.
        :param _method: which of several rules is meant.
        :param _scheme: of an external URL, instead of the request's.
        :param _external: name scheme and host too; by default only outside of a request.
        :param values: the rule's variables; others become the query string, None leaves one out.
        :raises BuildError: no rule fits, and no `url_build_error_handlers` function helps.
        :raises LookupError: the view is not registered, or more than once with none to prefer.
        :raises TypeError: the view does not take the arguments.
        :raises RuntimeError: `SERVER_NAME` is not set, and no request of this application is
            active, or its host was refused and the URL names a host.
        """
        return self.link(find_context(), args, values)

    def link(
        self, context: AppContext | None, args: tuple[Any, ...], values: UrlValues
    ) -> str | NoUrl:
        """As `url_for`, with the active context at hand.

        :param context: the active context, whichever application's.
        :param args: what `url_for` was given by its place.
        :param values: what it was given by name.
        """
        this = cast("object", self)  # a context knows its application as less than this class
        if (
            type(context) is RequestContext
            and context.made_adapter is UNSET
            and context.app is this
            and self.links_directly
            and len(args) == 1
        ):
            url = self._quick_link(context.request.environ, args[0], values)
            if url is not None:
                return url
        if len(args) == 1 and isinstance(args[0], str):
            return self._url_by_name(args[0], values)
        if not args and isinstance(values.get("endpoint"), str):
            return self._url_by_name(values.pop("endpoint"), values)
        return self._url_of(args, values)

    def _quick_link(self, environ: WSGIEnvironment, endpoint: Any, values: UrlValues) -> str | None:
        """A URL of a request that was matched without an adapter, if a plan knows it.

        An adapter would say what the environment does: where the application is. It would refuse
        bad hosts, which the match did already, and know the host, which is not in these URLs.
        """
        url_map = self.url_map
        if (
            self.url_default_functions
            or type(endpoint) is not str
            or not isinstance(url_map, RuleMap)
        ):
            return None
        plan = url_map.plans.get(endpoint) or url_map.plan(endpoint)
        if plan is None:
            return None
        script: str = environ.get("SCRIPT_NAME", "")
        root = f"{utf8(script).rstrip('/')}/" if script else "/"
        domain, method = url_map.default_subdomain or "", environ.get("REQUEST_METHOD", "GET")
        return plan.url(values, root, domain, method)

    def _url_by_name(self, endpoint: str, values: UrlValues) -> str:
        """The URL of an endpoint, whatever is active and wanted; the options are among the values."""
        anchor: str | None = values.pop("_anchor", None)
        method: str | None = values.pop("_method", None)
        scheme: str | None = values.pop("_scheme", None)
        external: bool | None = values.pop("_external", None)
        context = self._own_context(find_context())
        if isinstance(context, RequestContext):
            adapter = context.url_adapter
            if endpoint[:1] == ".":
                blueprint = context.request.blueprint
                endpoint = endpoint[1:] if blueprint is None else f"{blueprint}{endpoint}"
            external = scheme is not None if external is None else external
            if adapter is None and (self.config["SERVER_NAME"] or not external):
                # The page that answers a refused host needs its links too.
                adapter = bind_without_host(self, context.request.environ)
        else:
            adapter = self.create_url_adapter(None) if context is None else context.url_adapter
            external = True if external is None else external
        if adapter is None:
            raise RuntimeError(
                f"The URL of {endpoint!r} cannot be built: outside of a request, or when its host"
                " was refused, the application has to know its own address. Set SERVER_NAME, and"
                " APPLICATION_ROOT and PREFERRED_URL_SCHEME if they differ from the defaults."
            )
        if anchor is None and method is None and scheme is None and not external:
            wanted = PATH_ONLY
        else:
            wanted = BuildRequest(anchor, method, scheme, external)
        return build_url(self, adapter, endpoint, values, wanted)

    def _own_context(self, context: AppContext | None) -> AppContext | None:
        """The active context if it is this application's; a request's, where there is one."""
        this = cast("object", self)
        around = None if context is None else context.around
        if around is not None and around.app is this:
            return around  # the active context was pushed during a request, which stays active
        # Another application's request knows nothing of these rules.
        return context if context is not None and context.app is this else None

    def _url_of(self, args: tuple[object, ...], values: UrlValues) -> str:
        from ..routing.view_urls import url_of_view

        context = self._own_context(find_context())
        scopes = context.request.scopes if isinstance(context, RequestContext) else ()
        view, *positional = args or (values.pop("endpoint", None),)
        options = {name: values.pop(name) for name in OPTIONS & values.keys()}
        return url_of_view(self, view, positional, values, options, scopes)

    def inject_url_defaults(self, endpoint: str, values: UrlValues) -> None:
        """Let the `url_defaults` functions add values to a URL that is being built."""
        hooks = self.url_default_functions
        if hooks:
            scopes = scopes_of(endpoint) if "." in endpoint else ()
            for function in in_order(Walk.OUTSIDE_IN, hooks, scopes):
                function(endpoint, values)

    def handle_url_build_error(self, error: BuildError, endpoint: str, values: UrlValues) -> str:
        """Ask the `url_build_error_handlers` for a URL that no rule fits, or raise the error.

        :param error: why it could not be built.
        :param endpoint: the endpoint.
        :param values: the values, with `_anchor`, `_method`, `_scheme` and `_external`.
        """
        for handler in self.url_build_error_handlers:
            try:
                url = handler(error, endpoint, values)
            except BuildError as raised:
                error = raised
            else:
                if url is not None:
                    return url
        raise error

    def redirect(self, location: str, code: int = 302) -> Response:
        """A response that sends the client elsewhere.

        :param location: the URL to go to.
        :param code: the status: 301, 302, 303, 307 or 308.
        """
        return as_own_response(redirect(location, code, self.response_class))


# Any: methods of any kind, compared and not called.
def is_same(method: Any, function: Any) -> bool:
    """Whether a method of an object is a function of its class, and none put in its place."""
    return getattr(method, "__func__", None) is function
