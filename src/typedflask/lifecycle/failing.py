"""Errors on their way to an answer: handled by the table, or logged and answered with a 500.

The steps are Flask's documented ones ("Handling Application Errors"); each may be overridden.
"""

from __future__ import annotations

from types import CoroutineType, TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeAlias

from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    HTTPException,
    InternalServerError,
)
from werkzeug.routing import RequestRedirect, RoutingException

from ..ctx import find_request_context, request_context
from ..errors.exceptions import FormDataRoutingRedirect
from ..notices import got_request_exception
from ..registration.routes import Extra
from .site import Site

if TYPE_CHECKING:
    from ..requests import Request
    from ..responses import Response
    from ..typing import ErrorHandlerCallable, ResponseReturnValue

ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


def blames_client(error: Exception) -> bool:
    """Whether an error is an answer to a mistake of the client (4xx) and none of the program."""
    return isinstance(error, HTTPException) and error.code is not None and 400 <= error.code < 500


class ErrorSteps(Site[Extra], Generic[Extra]):
    """The part of an application that answers errors."""

    def finalize_request(
        self, rv: ResponseReturnValue, from_error_handler: bool = False
    ) -> Response:
        """Make the response of a result and let the `after_request` functions see it."""
        raise NotImplementedError

    def trap_http_exception(self, e: Exception) -> bool:
        """Whether an HTTP exception is to be treated as an error of the program.

        `TRAP_HTTP_EXCEPTIONS` traps all of them, `TRAP_BAD_REQUEST_ERRORS` those of bad requests;
        in debug mode a missing key of a form is trapped unless that is set to False.
        """
        if self.config["TRAP_HTTP_EXCEPTIONS"]:
            return True
        trap_bad_requests = self.config["TRAP_BAD_REQUEST_ERRORS"]
        if trap_bad_requests is None:
            return isinstance(e, BadRequestKeyError) and self.debug
        return bool(trap_bad_requests) and isinstance(e, BadRequest)

    def handle_http_exception(self, e: HTTPException) -> HTTPException | ResponseReturnValue:
        """Answer an HTTP exception: by its handler, or with the exception as the response.

        Redirects of routing, and exceptions that carry a whole response, are no errors and go
        through unchanged.
        """
        if e.code is None or isinstance(e, RoutingException):
            return e
        handler = self.error_table.unscoped.get(type(e)) or self._find_error_handler(e)
        if handler is None:
            return e
        # As `_call_handler`, by a call less. Any: as there.
        result: Any = handler(e) if self._calls_directly else self.ensure_sync(handler)(e)
        given: object = result
        if type(given) is CoroutineType:
            result = self._finish(result)
        answer: ResponseReturnValue = result
        return answer

    def handle_user_exception(self, e: Exception) -> HTTPException | ResponseReturnValue:
        """Answer an error that a view or hook raised: by its handler, or raise it again.

        HTTP exceptions that are not trapped go to `handle_http_exception`.
        """
        if isinstance(e, HTTPException):
            if isinstance(e, BadRequestKeyError) and (
                self.debug or self.config["TRAP_BAD_REQUEST_ERRORS"]
            ):
                e.show_exception = True
            if not self.trap_http_exception(e):
                return self.handle_http_exception(e)
        handler = self._find_error_handler(e)
        if handler is None:
            try:
                raise e
            finally:
                del e  # its traceback knows this frame
        return self._call_handler(handler, e)

    def handle_exception(self, e: Exception) -> Response:
        """Answer an error nobody handled: log it and send a 500, or raise it.

        `PROPAGATE_EXCEPTIONS`, or `TESTING` and debug mode when that is not set, raise it again
        for the debugger or the test. Otherwise the handler of 500, if there is one, gets an
        `InternalServerError` whose `original_exception` is the error.
        """
        propagate: bool | None = self.config["PROPAGATE_EXCEPTIONS"]
        if propagate is None:
            propagate = bool(self.config["TESTING"]) or self.debug
        if got_request_exception.receivers:
            try:
                got_request_exception.send(self, _async_wrapper=self.ensure_sync, exception=e)
            except Exception as raised:
                if propagate:
                    raise
                self.log_exception((type(raised), raised, raised.__traceback__))
        if propagate:
            raise e
        self.log_exception((type(e), e, e.__traceback__))
        server_error = InternalServerError(original_exception=e)
        try:
            handler = self._find_error_handler(server_error)
            answer = server_error if handler is None else self._call_handler(handler, server_error)
            return self.finalize_request(answer, from_error_handler=True)
        except Exception as raised:
            # The client gets its 500 even when what should have made it pretty fails too.
            self.log_exception((type(raised), raised, raised.__traceback__))
            return self.finalize_request(InternalServerError(), from_error_handler=True)

    def log_exception(self, exc_info: ExcInfo) -> None:
        """Log an error that is about to be answered with a 500."""
        context = find_request_context()
        if context is None:
            self.logger.error("Error outside of a request", exc_info=exc_info)
        else:
            request = context.request
            self.logger.error("Error at %s [%s]", request.path, request.method, exc_info=exc_info)

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Raise why no view can answer the request.

        In debug mode, a redirect that would lose the body of a form becomes an error that says
        so: browsers follow most redirects without sending the form again.
        """
        error = request.routing_exception
        if error is None:
            raise RuntimeError(f"{request!r} was matched by a rule; there is nothing to raise.")
        if (
            isinstance(error, RequestRedirect)
            and self.debug
            and error.code not in {307, 308}
            and request.method not in {"GET", "HEAD", "OPTIONS"}
        ):
            raise FormDataRoutingRedirect(request.method, request.url, error.new_url)
        raise error

    def should_ignore_error(self, error: BaseException | None) -> bool:
        """Whether teardown functions are not told of an error; by default they always are."""
        return False

    def _find_error_handler(self, e: Exception) -> ErrorHandlerCallable | None:
        table = self.error_table
        if not table.is_scoped:
            return None if table.is_empty else table.find(e)
        return table.find(e, request_context().request.scopes)

    def _call_handler(self, handler: ErrorHandlerCallable, e: Exception) -> ResponseReturnValue:
        # Any: checked when the handler was registered, and again when the response is built.
        result: Any = handler(e) if self._calls_directly else self.ensure_sync(handler)(e)
        given: object = result
        if type(given) is CoroutineType:
            result = self._finish(result)
        answer: ResponseReturnValue = result
        return answer
