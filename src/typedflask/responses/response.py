"""The response of an application: Werkzeug's, sent as HTML unless it says otherwise.

Most responses are a few headers and one piece of text. Those leave by a short way; whatever is
special (a status without a body, a redirect, a stream, an overridden step) goes through Werkzeug's
own, general one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as BaseResponse

from ..active import Active
from .contract import ResponseApp

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

active_app: Final = Active[ResponseApp]()
"""Which application is a response made in? Limits and JSON come from it."""

GENERAL_STEPS: Final = (
    "get_wsgi_response",
    "get_wsgi_headers",
    "get_app_iter",
    "iter_encoded",
    "close",
)
"""The documented steps of sending a response; a class that overrides one is sent step by step."""


def parts_of(response: BaseResponse) -> Iterable[str | bytes]:
    """The pieces of a body, as Werkzeug types them before a check for a list hides of what."""
    return response.response


class ActiveJSON:
    """The JSON backend of the active application, unless a response was given one of its own."""

    def __get__(self, instance: BaseResponse | None, owner: type[BaseResponse]) -> object:
        app = active_app()
        return BaseResponse.json_module if app is None else app.json


class Response(BaseResponse):
    """What the application sends; HTML by default (Flask's documentation, "Response Objects").

    Applications subclass it and set `Flask.response_class`.
    """

    default_mimetype: str | None = "text/html"
    autocorrect_location_header = False
    _takes_short_way: ClassVar[bool] = True

    # Any: as Werkzeug, whose hook hands class keywords through.
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._takes_short_way = all(
            getattr(cls, step) is getattr(Response, step) for step in GENERAL_STEPS
        )

    if not TYPE_CHECKING:
        json_module = ActiveJSON()

        @property
        def max_cookie_size(self) -> int:
            app = active_app()
            return BaseResponse.max_cookie_size if app is None else app.config["MAX_COOKIE_SIZE"]

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers to send; a response without content describes none (RFC 9110, 8.6, 15.3.5).

        :param environ: the WSGI environment of the request.
        """
        headers = super().get_wsgi_headers(environ)
        if self._status_code < 200 or self._status_code == 204:
            for name in ("Content-Type", "Content-Length", "Transfer-Encoding"):
                headers.remove(name)
        return headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the response as a WSGI application (PEP 3333)."""
        body = self.response
        if (
            self._takes_short_way
            # 204, 304 and 1xx have no body and fewer headers.
            and 200 <= self._status_code < 300
            and self._status_code != 204
            and type(body) is list
            and not self._on_close
            and environ["REQUEST_METHOD"] != "HEAD"
            and not self.direct_passthrough
        ):
            headers = self.headers
            if "content-length" in headers and not (
                "location" in headers or "content-location" in headers
            ):
                start_response(self._status, headers.to_wsgi_list())
                return [part.encode() if isinstance(part, str) else part for part in parts_of(self)]
        return super().__call__(environ, start_response)
