"""The functions views call: they act for the active application and request."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from datetime import datetime
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Final, Never, NoReturn, ParamSpec, cast, overload

from werkzeug.exceptions import abort as werkzeug_abort
from werkzeug.wrappers import Response as BaseResponse

from .app import Flask
from .ctx import (
    NO_APP,
    AppContext,
    find_context,
    find_request_context,
    has_app_context,
    has_request_context,
)
from .environment import get_debug_flag, get_load_dotenv
from .globals import current_app, request_ctx
from .registration.paths import root_path_of as get_root_path
from .responses import Response, as_own_response
from .responses import Response as DefaultResponse
from .responses.files import MaxAge
from .responses.files import send_file as send_file_for
from .responses.files import send_from_directory as send_from_directory_for
from .responses.redirects import redirect as redirect_as
from .responses.rules import quick_document

if TYPE_CHECKING:
    from .errors.statuses import (
        NoSuchError,
        NoSuchRedirect,
        NotAnErrorStatus,
        NotARedirectStatus,
        RedirectStatus,
    )
    from .flashing import flash, get_flashed_messages
    from .registration.hooks import AfterOwn, AfterT, Answer, OwnResponse
    from .routing.view_urls import URL, Answering, NoUrl, ViewClass
    from .streaming import copy_current_request_context, stream_with_context
    from .templating import get_template_attribute
    from .typing import (
        AfterRequestCallable,
        HeadersValue,
        ResponseReturnValue,
        ResponseValue,
        StatusValue,
    )
else:
    _LATER: Final = {
        "copy_current_request_context": "streaming",
        "flash": "flashing",
        "get_flashed_messages": "flashing",
        "get_template_attribute": "templating",
        "stream_with_context": "streaming",
    }
    """Names that are documented here, of rooms that not everybody needs (decisions 049 and 095)."""

    def __getattr__(name: str) -> object:
        if name in _LATER:
            return getattr(import_module(f"{__package__}.{_LATER[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


P = ParamSpec("P")

# Every application is a `Flask`, whose floor is above that of the contexts.
find_flask_context: Final = cast("Callable[[], AppContext[Flask[Any]] | None]", find_context)
"""The active context, known to be one of a `Flask`."""


# Any: what a converter takes is the converter's affair.
@overload
def url_for(
    endpoint: str,
    *,
    _anchor: str | None = None,
    _method: str | None = None,
    _scheme: str | None = None,
    _external: bool | None = None,
    **values: Any,
) -> str: ...
@overload
def url_for(view: type[Answering[P]], /, *args: P.args, **values: P.kwargs) -> URL: ...
@overload
def url_for(view: type[ViewClass], /) -> NoUrl: ...  # type: ignore[overload-overlap]  # so that its values are asked for
@overload
def url_for(view: Callable[P, object], /, *args: P.args, **values: P.kwargs) -> URL: ...
def url_for(*args: Any, **values: Any) -> str | NoUrl:
    """Build the URL of an endpoint or a view of the active application; see `Flask.url_for`."""
    context = find_flask_context()
    if context is None:
        raise RuntimeError(NO_APP)
    app = context.app
    if app.links_directly:  # its `url_for` is the one of this package, and would come down to this
        return app.link(context, args, values)
    build: Callable[..., str] = app.url_for
    return build(*args, **values)


@overload
def redirect(
    location: str,
    code: RedirectStatus = 302,
    Response: type[BaseResponse] | None = None,  # noqa: N803 - the documented name
) -> Response: ...
@overload
def redirect(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]  # so that a status known to be wrong is refused
    location: str,
    code: NotARedirectStatus,
    Response: type[BaseResponse] | None = None,  # noqa: N803 - the documented name
) -> NoSuchRedirect: ...
@overload
def redirect(
    location: str,
    code: int,
    Response: type[BaseResponse] | None = None,  # noqa: N803 - the documented name
) -> Response: ...
def redirect(
    location: str,
    code: int = 302,
    Response: type[BaseResponse] | None = None,  # noqa: N803 - the documented name
) -> Response | NoSuchRedirect:
    """A response that sends the client elsewhere; see `Flask.redirect`.

    :param location: the URL to go to.
    :param code: the status: 301, 302, 303, 307 or 308.
    :param Response: the class of the response; by default the active application's.
    """
    if Response is None and has_app_context():
        return current_app.redirect(location, code)
    return as_own_response(redirect_as(location, code, Response or DefaultResponse))


# Any: the arguments are those of the exception that stands for the code. What the first overload
# gives is a coroutine for checkers only: both report one that nobody uses (decision 062).
@overload
def abort(  # pyright: ignore[reportOverlappingOverload]  # so that a status known to be wrong is refused
    code: NotAnErrorStatus, *args: Any, **kwargs: Any
) -> Coroutine[NoSuchError, Never, Never]: ...
@overload
def abort(code: int | BaseResponse, *args: Any, **kwargs: Any) -> NoReturn: ...
def abort(
    code: int | BaseResponse, *args: Any, **kwargs: Any
) -> Coroutine[NoSuchError, Never, Never]:
    """End the request with an HTTP error.

    :param code: the status, or a response to send as it is.
    :param args: for the HTTP exception of that status.
    :param kwargs: as `args`, for example `description`.
    :raises HTTPException: always.
    :raises LookupError: no HTTP exception has this status.
    """
    if has_app_context():
        current_app.aborter(code, *args, **kwargs)
    werkzeug_abort(code, *args, **kwargs)


@overload
def make_response() -> Response: ...
@overload
def make_response(rv: ResponseReturnValue, /) -> Response: ...
@overload
def make_response(body: ResponseValue, status: StatusValue, /) -> Response: ...
@overload
def make_response(body: ResponseValue, headers: HeadersValue, /) -> Response: ...
@overload
def make_response(
    body: ResponseValue, status: StatusValue, headers: HeadersValue, /
) -> Response: ...
# Any: the overloads above are what callers see.
def make_response(*args: Any) -> Response:
    """The response that a view's result would become, to set headers or cookies on.

    :param args: what the view would return: body, status and headers; nothing for an empty one.
    """
    if not args:
        return current_app.response_class()
    return current_app.make_response(args[0] if len(args) == 1 else args)


@overload
def jsonify(*args: Any) -> Response: ...
@overload
def jsonify(**kwargs: Any) -> Response: ...
# Any: whatever the application's JSON backend can encode.
def jsonify(*args: Any, **kwargs: Any) -> Response:
    """A response whose body is JSON, by the active application's JSON backend.

    :param args: the value, or several values for a list.
    :param kwargs: the members of an object.
    :raises TypeError: positional and keyword arguments are mixed.
    """
    context = find_context()
    if context is not None and bool(args) != bool(kwargs) and len(args) < 2:
        quick = quick_document(args[0] if args else kwargs, context.app)
        if quick is not None:
            return quick
    from .json.functions import response_provider  # only for who writes JSON

    return as_own_response(response_provider().response(*args, **kwargs))


@overload
def after_this_request(f: AfterT) -> AfterT: ...
@overload
def after_this_request(f: AfterOwn[OwnResponse, Answer]) -> AfterOwn[OwnResponse, Answer]: ...
def after_this_request(f: AfterRequestCallable) -> AfterRequestCallable:
    """Run a function with the response of the active request only, like `after_request`."""
    context = find_request_context()
    if context is None:
        raise RuntimeError("after_this_request() is for use while a request is handled.")
    context.after_functions += (f,)
    return f


def send_file(
    path_or_file: os.PathLike[str] | str | IO[bytes],
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | int | float | None = None,
    max_age: MaxAge = None,
) -> Response:
    """Send a file's content to the client.

    Never pass a path that a client had a say in; that is what `send_from_directory` is for.

    :param path_or_file: the file, relative to the application's root; or a binary file object.
    :param mimetype: by default guessed from the name.
    :param as_attachment: have browsers save the file rather than show it.
    :param download_name: the name they save it under.
    :param conditional: answer conditional and range requests.
    :param etag: compute an ETag for files; or the one to send.
    :param last_modified: when the file changed, by default what its file system says.
    :param max_age: how long clients may keep it, in seconds; or a function of the path. By
        default what the application's `get_send_file_max_age` says.
    :raises ValueError: the file object gives text instead of bytes.
    """
    return as_own_response(
        send_file_for(
            request_ctx.app,
            request_ctx.request.environ,
            path_or_file,
            mimetype=mimetype,
            as_attachment=as_attachment,
            download_name=download_name,
            conditional=conditional,
            etag=etag,
            last_modified=last_modified,
            max_age=max_age,
        )
    )


def send_from_directory(
    directory: os.PathLike[str] | str,
    path: os.PathLike[str] | str,
    *,
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | int | float | None = None,
    max_age: MaxAge = None,
) -> Response:
    """Send a file below a folder; what leads out of the folder, or is no file, is a 404.

    :param directory: the folder, relative to the application's root. Not from the client.
    :param path: the file, relative to the folder; may be what the client asked for.
    :param mimetype: this and the others as for `send_file`.
    :raises NotFound: there is no such file in the folder.
    """
    return as_own_response(
        send_from_directory_for(
            request_ctx.app,
            request_ctx.request.environ,
            directory,
            path,
            mimetype=mimetype,
            as_attachment=as_attachment,
            download_name=download_name,
            conditional=conditional,
            etag=etag,
            last_modified=last_modified,
            max_age=max_age,
        )
    )


__all__ = [
    "abort",
    "after_this_request",
    "copy_current_request_context",
    "flash",
    "get_debug_flag",
    "get_flashed_messages",
    "get_load_dotenv",
    "get_root_path",
    "get_template_attribute",
    "has_app_context",
    "has_request_context",
    "jsonify",
    "make_response",
    "redirect",
    "send_file",
    "send_from_directory",
    "stream_with_context",
    "url_for",
]
