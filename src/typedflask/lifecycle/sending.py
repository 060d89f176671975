"""The last step: a finished response goes to the server, or the error of why it cannot.

A response may turn out impossible only now: a status or header that HTTP cannot write, a step of
a response class that raises. The connection is not to break over it: the error is logged and
answered like any other. If its answer fails as well, a plain 500 is sent that nobody can touch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response as BaseResponse

from ..responses.sendable import Unsendable, checked
from .failing import ErrorSteps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def send_failure(
    app: ErrorSteps[Any],
    error: Exception,
    environ: WSGIEnvironment,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """Answer the error of sending a response, as a WSGI application does (PEP 3333).

    :param app: the application that made the response.
    :param error: why it was not sent.
    :param environ: the WSGI environment.
    :param start_response: takes status and headers.
    """
    failure = app.handle_exception(error)
    start_response = with_error(start_response, error)
    try:
        return checked(failure)(environ, start_response)
    except Exception as raised:
        # What is wrong may have been put on by an after_request function, and so put on again.
        app.log_exception((type(raised), raised, raised.__traceback__))
        return last_resort()(environ, with_error(start_response, raised))


def give_up(app: ErrorSteps[Any], response: BaseResponse) -> None:
    """Close a response that will not be sent: a stream in it may keep its request waiting."""
    try:
        response.close()
    except Exception as raised:
        app.log_exception((type(raised), raised, raised.__traceback__))


def last_resort() -> BaseResponse:
    """A response that none of the application's own code has a part in."""
    return BaseResponse("Internal Server Error", 500, mimetype="text/plain")


def with_error(start_response: StartResponse, error: Exception) -> StartResponse:
    """`start_response`, told that it may replace what it was called with before.

    The server may have heard of the response that failed, and wants to know what became of it.
    """
    if isinstance(error, Unsendable):
        return start_response

    def restart(
        status: str, headers: list[tuple[str, str]], _: object = None, /
    ) -> Callable[[bytes], object]:
        traceback = error.__traceback__
        told = None if traceback is None else (type(error), error, traceback)
        return start_response(status, headers, told)

    return restart
