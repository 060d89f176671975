"""The way of one request, step by step.

    environ → context → before → view → value → rules → response → after → session → WSGI

An error in any step comes back in as a value; teardown always runs. The steps are Flask's
documented ones: each is a method that is really called, so overriding or replacing one works.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Generic

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from ..ctx import RequestContext, find_context, request_context
from ..notices import request_finished, request_started
from ..registration.routes import Extra
from ..requests import Request
from ..responses import Response, as_own_response, build
from ..responses.sendable import checked
from ..sessions.asking import UNREAD, Imported, must_open_untouched, release_session
from ..stages import INSIDE_OUT, OUTSIDE_IN, in_order
from .ending import TeardownSteps
from .failing import ErrorSteps, blames_client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ..registration.results import ExtraReturnValue
    from ..sessions import SessionMixin
    from ..sessions.contract import AnySessionBackend, SessionLike
    from ..typing import AfterRequestCallable, ResponseReturnValue

PRESERVE = "typedflask.preserve_context"
"""Where the test client asks, in the environment, to be handed the context before it ends."""

PRESERVE_FOR_DEBUGGER = "werkzeug.debug.preserve_context"
"""Where Werkzeug's debugger asks for the context of a request that failed."""


PLAIN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
"""Methods that every request class of ours reads as what they are."""


class RequestCycle(ErrorSteps[Extra], TeardownSteps[Extra], Generic[Extra]):
    """The part of an application that handles requests."""

    def request_context(self, environ: WSGIEnvironment) -> RequestContext[Any]:
        """The context of a request; `Flask.request_context` describes it."""
        raise NotImplementedError

    def _wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application itself, without the middleware put around it.

        Middleware wraps this method (`app.wsgi_app = Middleware(app.wsgi_app)`), so that the
        application object stays what it is.

        :param environ: the WSGI environment.
        :param start_response: takes status and headers (PEP 3333).
        """
        context = self.request_context(environ)
        error: BaseException | None = None
        try:
            try:
                context.push()
                response = self.full_dispatch_request()
            except Exception as raised:
                error = raised
                response = self.handle_exception(raised)
            try:
                if type(response) is not Response:  # which asks itself when it is called
                    checked(response)
                # As `response(...)`, which Python takes longer to find the same method for.
                return response.__call__(environ, start_response)
            except Exception as raised:
                error = raised
                from .sending import give_up, send_failure  # seldom needed, as below

                give_up(self, response)
                return send_failure(self, raised, environ, start_response)
        except BaseException as raised:
            error = raised
            raise
        finally:
            if PRESERVE in environ:
                context.hold()
                environ[PRESERVE](context)
            elif PRESERVE_FOR_DEBUGGER in environ:
                environ[PRESERVE_FOR_DEBUGGER](context)
            if error is not None and self.should_ignore_error(error):
                error = None
            try:
                context.finish(error)
            except Exception as raised:
                self.logger.error("Error in a teardown function", exc_info=raised)
            # The error's traceback knows this frame; forgetting the error here breaks the cycle.
            error = None

    if TYPE_CHECKING:
        # Declared as what may be assigned, for the documented way of putting middleware around it;
        # both checkers also let a subclass override it with a method.
        wsgi_app: WSGIApplication
        """The WSGI application itself, without the middleware put around it; see `_wsgi_app`."""
    else:
        wsgi_app = _wsgi_app

    def full_dispatch_request(self) -> Response:
        """Answer the active request: hooks, view, error handlers, response."""
        if not self._got_first_request:
            self._close_setup()
        result: ResponseReturnValue | None
        try:
            if request_started.receivers:
                request_started.send(self, _async_wrapper=self.ensure_sync)
            result = self.preprocess_request()
            if result is None:
                result = self.dispatch_request()
        except Exception as error:
            result = as_result(self._handled(error))
        try:
            return self.finalize_request(result)
        except HTTPException as error:
            if not blames_client(error):
                raise
            # An after_request function met the client's mistake, perhaps by reading the body.
            result = as_result(self._handled(error))
            return self.finalize_request(result, from_error_handler=True)
        finally:
            # An error may be its own answer, and its traceback knows this frame.
            del result

    def _handled(self, error: Exception) -> object:
        """What answers an error; a handler that meets a mistake of the client answers with it."""
        try:
            return self.handle_user_exception(error)
        except HTTPException as raised:
            if not blames_client(raised) or self.trap_http_exception(raised):
                raise
            return raised
        finally:
            del error  # its traceback knows this frame

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run the URL value preprocessors and the `before_request` functions.

        :returns: the first result of a function that is not None; the view is not called then.
        """
        preprocessors, hooks = self.url_value_preprocessors, self.before_request_funcs
        if not (preprocessors or hooks):
            return None
        # Here and in the steps below the usual kind of context is found without a call more.
        context = find_context()
        request = (context if type(context) is RequestContext else request_context()).request
        if preprocessors:
            for preprocess in in_order(OUTSIDE_IN, preprocessors, request.scopes):
                preprocess(request.endpoint, request.view_args)
        if hooks:
            direct = self._calls_directly
            # Hooks of the application alone are in order already; a copy, for they may add others.
            alone = len(hooks) == 1 and None in hooks
            functions = hooks[None][:] if alone else in_order(OUTSIDE_IN, hooks, request.scopes)
            for function in functions:
                result: object = function() if direct else self.ensure_sync(function)()
                if result is None:
                    continue
                finished = self._finish(result)
                if finished is not None:  # a coroutine may end in None, as any function may
                    return as_result(finished)
        return None

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view of the matched rule.

        :returns: what the view returned.
        :raises HTTPException: no rule matched.
        """
        context = find_context()
        request = (context if type(context) is RequestContext else request_context()).request
        if request.routing_exception is not None:
            self.raise_routing_exception(request)
        rule, arguments = request.url_rule, request.view_args
        if rule is None or arguments is None:
            raise RuntimeError(f"{request!r} was not matched against the rules yet.")
        # Few requests say OPTIONS, and a request class of ours is not asked what it makes of others.
        if (
            (type(request) is not Request or request.environ["REQUEST_METHOD"] not in PLAIN_METHODS)
            and request.method == "OPTIONS"
            and getattr(rule, "provide_automatic_options", False)
        ):
            return self.make_default_options_response()
        try:
            view = self.view_functions[rule.endpoint]
        except KeyError:
            raise RuntimeError(
                f"The rule {rule.rule!r} matched, but its endpoint {rule.endpoint!r} has no view."
                " Register one with `endpoint`, or give the rule's own."
            ) from None
        if not self._calls_directly:
            view = self.ensure_sync(view)
        result: ResponseReturnValue | CoroutineType[Any, Any, object]
        result = view(**arguments) if arguments else view()
        return as_result(self._finish(result)) if type(result) is CoroutineType else result

    def make_default_options_response(self) -> Response:
        """The answer to `OPTIONS` for a view that does not answer it: the methods it does."""
        adapter = request_context().url_adapter
        response = self.response_class()
        if adapter is not None:
            response.allow.update(adapter.allowed_methods())
        return response

    def finalize_request(
        self, rv: ResponseReturnValue, from_error_handler: bool = False
    ) -> Response:
        """Make the response of a result and let the `after_request` functions see it.

        :param rv: what the view, a hook or an error handler returned.
        :param from_error_handler: log what goes wrong from here on instead of raising it, because
            an error is being answered already.
        """
        response = self.make_response(rv)
        try:
            response = self.process_response(response)
            if request_finished.receivers:
                request_finished.send(self, _async_wrapper=self.ensure_sync, response=response)
        except Exception as error:
            if not from_error_handler:
                from .sending import give_up

                give_up(self, response)
                raise
            if not blames_client(error):
                self.logger.exception(
                    "Error after an error was handled: its response is sent as it is"
                )
        return response

    def make_response(self, rv: ExtraReturnValue[Extra]) -> Response:
        """Convert what a view returned into a response.

        The table of rules (`responses`) converts the body; `(body, status)`, `(body, headers)`
        and `(body, status, headers)` are taken apart first.

        :raises TypeError: no rule accepts the value; the error lists what there is.
        """
        context = find_context()
        if type(context) is not RequestContext:
            context = request_context()
        # Most results are of a class that a row names: nothing to take apart, no row to look for.
        convert = self.responses.by_class.get(type(rv))
        if convert is not None:
            return convert(rv, context)
        return build(rv, self.responses, context)

    def process_response(self, response: Response) -> Response:
        """Run the `after_request` functions, innermost first, and save the session.

        :param response: what is about to be sent.
        :returns: what to send.
        """
        context = find_context()
        if type(context) is not RequestContext:
            context = request_context()
        if context.after_functions or self.after_request_funcs:
            direct = self._calls_directly
            hooks = self.after_request_funcs
            alone = len(hooks) == 1 and None in hooks
            functions = (
                hooks[None][::-1] if alone else in_order(INSIDE_OUT, hooks, context.request.scopes)
            )
            if context.after_functions:
                functions = (*context.after_functions, *functions)
            for function in functions:
                call = function if direct else self.ensure_sync(function)
                result: object = call(response)
                if result is not response:
                    response = self._given_back(function, result)
        if context.opened_session is None and "HTTP_COOKIE" not in context.request.environ:
            return response  # a session that nobody opened or brought
        refused = self._save_session(context, response)
        if refused is not None:
            from .sending import give_up

            give_up(self, response)
            return self.make_response(as_result(self.handle_http_exception(refused)))
        return response

    def _given_back(self, function: AfterRequestCallable, result: object) -> Response:
        """The response an `after_request` function gave back, if it is another one, or async."""
        result = self._finish(result)
        if isinstance(result, BaseResponse):
            return as_own_response(result)
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(
            f"The after_request function {name} returned {type(result).__name__} instead of a"
            " response. It gets the response and gives one back, the same or another."
        )

    # --- the session ---------------------------------------------------------------------

    def opens_sessions_late(self) -> bool:
        """Whether a session is opened when first touched rather than when its request begins."""
        if UNREAD.is_plain and self._keeps_default_sessions():
            # As the answer below would be, and nobody has to import the backend for it. The first
            # request may yet choose another one.
            if self._got_first_request:
                self.plain_cookies = UNREAD
            return True
        # Any: a backend may lack this answer; signed cookies are known by their class.
        backend: Any = self.session_interface
        if type(backend) is not Imported.signed_cookies:
            late: bool = getattr(backend, "opens_late", False)
            return late
        late = backend.may_open_late()
        if late:
            self.plain_cookies = backend  # so that it need not be asked again
        return late

    def open_session(self, request: Request) -> SessionMixin:
        """The session of a request; a null session where the backend has none to give."""
        # Any: a backend's own kind of session has at least what `SessionMixin` is asked for here, and
        # which backends have more methods is known by a class that may not be imported.
        backend: Any = self.session_interface
        session: Any = backend.open_session(self, request)
        if session is None:
            if isinstance(backend, Imported.base):
                session = backend.make_null_session(as_flask(self))
            else:
                from ..sessions.session import NullSession

                session = NullSession()
        opened: SessionMixin = session
        return opened

    def release_session(self, session: SessionMixin) -> None:
        """Let the backend give back what an opened session holds; its context has ended."""
        release_session(self.session_interface, self, session)

    def _save_session(
        self, context: RequestContext[Any], response: Response
    ) -> HTTPException | None:
        """Save the session; the HTTP exception with which its backend refused, if it did."""
        session = context.opened_session
        if session is None:
            # A cookie is seldom the session's, and so asked for first.
            if not must_open_untouched(self.session_interface, self, context.request):
                return None
            if not self.opens_sessions_late():
                return None  # opening it was tried before, and refused
            session = context.session
        # Any: as below; the usual class is known here already.
        backend: Any = self.session_interface
        if type(backend) is Imported.signed_cookies:
            null: bool = backend.is_null_session(session)
        else:
            null = is_null(backend, session)
        if not null:
            try:
                backend.save_session(self, session, response)
            except HTTPException as error:
                return error
        return None


def is_null(backend: AnySessionBackend, session: SessionLike) -> bool:
    """Whether a session only stands in for one the backend could not give."""
    if isinstance(backend, Imported.base):
        base: Any = backend  # Any: as above
        null: bool = base.is_null_session(session)
        return null
    return isinstance(session, Imported.null_session)


def as_result(value: object) -> ResponseReturnValue:
    """What a view, hook or handler returned; the table of rules is what really looks at it."""
    # Any: `cast` would be a call for each of them.
    same: Any = value
    result: ResponseReturnValue = same
    return result


def as_flask(app: RequestCycle[Any]) -> Any:
    """Session backends are written for `Flask`, the one class that stands on this one.

    Any: it stands floors above, and naming it here would be a cycle.
    """
    return app
