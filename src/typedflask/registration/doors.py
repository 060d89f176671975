"""The statuses and classes an error handler may be registered for, spelled out once.

For type checkers: `errorhandler`, `app_errorhandler` and the two `register_...` methods are typed
as these Protocols and defined in `scaffold` and `blueprint_hooks` (decision 062). A literal status
stands for its class of Werkzeug's; a status that only the running program knows, for any of them.

A status that no HTTP exception has gives what cannot be used: a decorator of nothing, or a
coroutine, as both checkers report a coroutine that nobody awaits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from http import HTTPStatus
from typing import Literal, Never, Protocol, TypeAlias, overload

from werkzeug import exceptions as http

from ..errors.statuses import NoSuchError, NotAnErrorStatus
from .handlers import E, HandlerDecorator
from .results import ExtraReturnValue
from .routes import Extra

Handler: TypeAlias = Callable[[E], ExtraReturnValue[Extra] | Awaitable[ExtraReturnValue[Extra]]]
"""A handler of errors of one class."""


class HandlerDoor(Protocol[Extra]):
    """`errorhandler` and `app_errorhandler`: what each takes, and the decorator it gives."""

    @overload
    def __call__(
        self, code: Literal[400, HTTPStatus.BAD_REQUEST], /
    ) -> HandlerDecorator[http.BadRequest, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[401, HTTPStatus.UNAUTHORIZED], /
    ) -> HandlerDecorator[http.Unauthorized, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[403, HTTPStatus.FORBIDDEN], /
    ) -> HandlerDecorator[http.Forbidden, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[404, HTTPStatus.NOT_FOUND], /
    ) -> HandlerDecorator[http.NotFound, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[405, HTTPStatus.METHOD_NOT_ALLOWED], /
    ) -> HandlerDecorator[http.MethodNotAllowed, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[406, HTTPStatus.NOT_ACCEPTABLE], /
    ) -> HandlerDecorator[http.NotAcceptable, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[408, HTTPStatus.REQUEST_TIMEOUT], /
    ) -> HandlerDecorator[http.RequestTimeout, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[409, HTTPStatus.CONFLICT], /
    ) -> HandlerDecorator[http.Conflict, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[410, HTTPStatus.GONE], /
    ) -> HandlerDecorator[http.Gone, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[411, HTTPStatus.LENGTH_REQUIRED], /
    ) -> HandlerDecorator[http.LengthRequired, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[412, HTTPStatus.PRECONDITION_FAILED], /
    ) -> HandlerDecorator[http.PreconditionFailed, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[413, HTTPStatus.REQUEST_ENTITY_TOO_LARGE], /
    ) -> HandlerDecorator[http.RequestEntityTooLarge, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[414, HTTPStatus.REQUEST_URI_TOO_LONG], /
    ) -> HandlerDecorator[http.RequestURITooLarge, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[415, HTTPStatus.UNSUPPORTED_MEDIA_TYPE], /
    ) -> HandlerDecorator[http.UnsupportedMediaType, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[416, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE], /
    ) -> HandlerDecorator[http.RequestedRangeNotSatisfiable, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[417, HTTPStatus.EXPECTATION_FAILED], /
    ) -> HandlerDecorator[http.ExpectationFailed, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[418, HTTPStatus.IM_A_TEAPOT], /
    ) -> HandlerDecorator[http.ImATeapot, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[421, HTTPStatus.MISDIRECTED_REQUEST], /
    ) -> HandlerDecorator[http.MisdirectedRequest, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[422, HTTPStatus.UNPROCESSABLE_ENTITY], /
    ) -> HandlerDecorator[http.UnprocessableEntity, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[423, HTTPStatus.LOCKED], /
    ) -> HandlerDecorator[http.Locked, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[424, HTTPStatus.FAILED_DEPENDENCY], /
    ) -> HandlerDecorator[http.FailedDependency, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[428, HTTPStatus.PRECONDITION_REQUIRED], /
    ) -> HandlerDecorator[http.PreconditionRequired, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[429, HTTPStatus.TOO_MANY_REQUESTS], /
    ) -> HandlerDecorator[http.TooManyRequests, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[431, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE], /
    ) -> HandlerDecorator[http.RequestHeaderFieldsTooLarge, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[451, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS], /
    ) -> HandlerDecorator[http.UnavailableForLegalReasons, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[500, HTTPStatus.INTERNAL_SERVER_ERROR], /
    ) -> HandlerDecorator[http.InternalServerError, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[501, HTTPStatus.NOT_IMPLEMENTED], /
    ) -> HandlerDecorator[http.NotImplemented, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[502, HTTPStatus.BAD_GATEWAY], /
    ) -> HandlerDecorator[http.BadGateway, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[503, HTTPStatus.SERVICE_UNAVAILABLE], /
    ) -> HandlerDecorator[http.ServiceUnavailable, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[504, HTTPStatus.GATEWAY_TIMEOUT], /
    ) -> HandlerDecorator[http.GatewayTimeout, Extra]: ...
    @overload
    def __call__(
        self, code: Literal[505, HTTPStatus.HTTP_VERSION_NOT_SUPPORTED], /
    ) -> HandlerDecorator[http.HTTPVersionNotSupported, Extra]: ...
    @overload
    def __call__(self, code: NotAnErrorStatus, /) -> Callable[[Never], NoSuchError]: ...  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]  # so that a status known to be wrong is refused
    @overload
    def __call__(self, code: int, /) -> HandlerDecorator[http.HTTPException, Extra]: ...
    @overload
    def __call__(self, code: type[E], /) -> HandlerDecorator[E, Extra]: ...


class RegisterDoor(Protocol[Extra]):
    """`register_error_handler` and `register_app_error_handler`: without a decorator."""

    @overload
    def __call__(
        self, code: Literal[400, HTTPStatus.BAD_REQUEST], /, f: Handler[http.BadRequest, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[401, HTTPStatus.UNAUTHORIZED], /, f: Handler[http.Unauthorized, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[403, HTTPStatus.FORBIDDEN], /, f: Handler[http.Forbidden, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[404, HTTPStatus.NOT_FOUND], /, f: Handler[http.NotFound, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[405, HTTPStatus.METHOD_NOT_ALLOWED],
        /,
        f: Handler[http.MethodNotAllowed, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[406, HTTPStatus.NOT_ACCEPTABLE],
        /,
        f: Handler[http.NotAcceptable, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[408, HTTPStatus.REQUEST_TIMEOUT],
        /,
        f: Handler[http.RequestTimeout, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[409, HTTPStatus.CONFLICT], /, f: Handler[http.Conflict, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[410, HTTPStatus.GONE], /, f: Handler[http.Gone, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[411, HTTPStatus.LENGTH_REQUIRED],
        /,
        f: Handler[http.LengthRequired, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[412, HTTPStatus.PRECONDITION_FAILED],
        /,
        f: Handler[http.PreconditionFailed, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[413, HTTPStatus.REQUEST_ENTITY_TOO_LARGE],
        /,
        f: Handler[http.RequestEntityTooLarge, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[414, HTTPStatus.REQUEST_URI_TOO_LONG],
        /,
        f: Handler[http.RequestURITooLarge, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[415, HTTPStatus.UNSUPPORTED_MEDIA_TYPE],
        /,
        f: Handler[http.UnsupportedMediaType, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[416, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE],
        /,
        f: Handler[http.RequestedRangeNotSatisfiable, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[417, HTTPStatus.EXPECTATION_FAILED],
        /,
        f: Handler[http.ExpectationFailed, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[418, HTTPStatus.IM_A_TEAPOT], /, f: Handler[http.ImATeapot, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[421, HTTPStatus.MISDIRECTED_REQUEST],
        /,
        f: Handler[http.MisdirectedRequest, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[422, HTTPStatus.UNPROCESSABLE_ENTITY],
        /,
        f: Handler[http.UnprocessableEntity, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[423, HTTPStatus.LOCKED], /, f: Handler[http.Locked, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[424, HTTPStatus.FAILED_DEPENDENCY],
        /,
        f: Handler[http.FailedDependency, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[428, HTTPStatus.PRECONDITION_REQUIRED],
        /,
        f: Handler[http.PreconditionRequired, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[429, HTTPStatus.TOO_MANY_REQUESTS],
        /,
        f: Handler[http.TooManyRequests, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[431, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE],
        /,
        f: Handler[http.RequestHeaderFieldsTooLarge, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[451, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS],
        /,
        f: Handler[http.UnavailableForLegalReasons, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[500, HTTPStatus.INTERNAL_SERVER_ERROR],
        /,
        f: Handler[http.InternalServerError, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[501, HTTPStatus.NOT_IMPLEMENTED],
        /,
        f: Handler[http.NotImplemented, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self, code: Literal[502, HTTPStatus.BAD_GATEWAY], /, f: Handler[http.BadGateway, Extra]
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[503, HTTPStatus.SERVICE_UNAVAILABLE],
        /,
        f: Handler[http.ServiceUnavailable, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[504, HTTPStatus.GATEWAY_TIMEOUT],
        /,
        f: Handler[http.GatewayTimeout, Extra],
    ) -> None: ...
    @overload
    def __call__(
        self,
        code: Literal[505, HTTPStatus.HTTP_VERSION_NOT_SUPPORTED],
        /,
        f: Handler[http.HTTPVersionNotSupported, Extra],
    ) -> None: ...
    @overload
    def __call__(  # type: ignore[overload-overlap]  # as above
        self, code: NotAnErrorStatus, /, f: object
    ) -> Coroutine[NoSuchError, Never, Never]: ...
    @overload
    def __call__(self, code: int, /, f: Handler[http.HTTPException, Extra]) -> None: ...
    @overload
    def __call__(self, code: type[E], /, f: Handler[E, Extra]) -> None: ...
