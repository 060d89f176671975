"""Sending files: Werkzeug's functions, with the application's settings filled in.

Conditional and range requests, `ETag`, `Last-Modified` and `X-Sendfile` are Werkzeug's; so is the
check that a path stays inside its folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import IO, TYPE_CHECKING, TypeAlias, cast

from werkzeug.security import safe_join
from werkzeug.utils import send_file as werkzeug_send_file
from werkzeug.utils import send_from_directory as werkzeug_send_from_directory
from werkzeug.wrappers import Response as BaseResponse

from .remembered import is_plain, remember, send_again

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .contract import ConvertingApp, FileApp

Path: TypeAlias = str | os.PathLike[str]
MaxAge: TypeAlias = int | None | Callable[[str | None], int | None]


def file_app(app: ConvertingApp) -> FileApp:
    """An application that makes responses, as one that sends files: every application is both."""
    return cast("FileApp", app)


def send_file(
    app: FileApp,
    environ: WSGIEnvironment,
    path_or_file: Path | IO[bytes],
    *,
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | float | None = None,
    max_age: MaxAge = None,
) -> BaseResponse:
    """A response with a file's content; `helpers.send_file` describes the parameters.

    :raises ValueError: the file is open for text, whose bytes cannot be sent as they are.
    """
    if not isinstance(path_or_file, (str, os.PathLike)) and _gives_text(path_or_file):
        raise ValueError(
            f"{type(path_or_file).__name__} gives text. Open the file in binary mode, or encode"
            " the text into an io.BytesIO."
        )
    return werkzeug_send_file(
        path_or_file,
        environ,
        mimetype=mimetype,
        as_attachment=as_attachment,
        download_name=download_name,
        conditional=conditional,
        etag=etag,
        last_modified=last_modified,
        max_age=app.get_send_file_max_age if max_age is None else max_age,
        use_x_sendfile=app.config["USE_X_SENDFILE"],
        response_class=app.response_class,
        _root_path=app.root_path,
    )


def send_from_directory(
    app: FileApp,
    environ: WSGIEnvironment,
    directory: Path,
    path: Path,
    *,
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | float | None = None,
    max_age: MaxAge = None,
) -> BaseResponse:
    """A response with a file below a folder; `helpers.send_from_directory` describes it.

    :raises NotFound: there is no such file, or the path leads out of the folder.
    """
    ask: MaxAge = app.get_send_file_max_age if max_age is None else max_age
    options = (mimetype, as_attachment, download_name, conditional, etag, last_modified)
    plain = None
    if options == (None, False, None, True, True, None) and not app.config["USE_X_SENDFILE"]:
        plain = plain_path(app, environ, directory, path)
    if plain is not None:
        seconds = ask(plain) if callable(ask) else ask
        ask = seconds
        again = send_again(environ, plain, seconds)
        if again is not None:
            return again
    response = werkzeug_send_from_directory(
        directory,
        path,
        environ,
        mimetype=mimetype,
        as_attachment=as_attachment,
        download_name=download_name,
        conditional=conditional,
        etag=etag,
        last_modified=last_modified,
        max_age=ask,
        use_x_sendfile=app.config["USE_X_SENDFILE"],
        response_class=app.response_class,
        _root_path=app.root_path,
    )
    if plain is not None and not callable(ask):
        remember(plain, ask, response)
    return response


def send_static(
    app: FileApp, environ: WSGIEnvironment, directory: str, path: str, max_age: int | None
) -> BaseResponse:
    """As `send_from_directory`, with all that may be said about it left unsaid.

    :param max_age: how long the client may keep the file, in seconds; None: it asks every time.
    """
    # What it begins with is done here at once, for a file that was sent before.
    if not app.config["USE_X_SENDFILE"]:
        plain = plain_path(app, environ, directory, path)
        again = None if plain is None else send_again(environ, plain, max_age)
        if again is not None:
            return again
    return send_from_directory(app, environ, directory, path, max_age=lambda path: max_age)


def plain_path(app: FileApp, environ: WSGIEnvironment, directory: Path, path: Path) -> str | None:
    """The file a plain request asks for; None for any other request, or a path out of the folder."""
    if not is_plain(app.response_class, environ):
        return None
    return place_of(app.root_path, os.fspath(directory), os.fspath(path))


@lru_cache(maxsize=256)
def place_of(root: str, directory: str, path: str) -> str | None:
    """The whole path of a file; None if it leads out of its folder. No file is looked at.

    :param root: the folder that a relative one lies in.
    :param directory: the folder.
    :param path: the file, relative to its folder.
    """
    inside = safe_join(directory, path)
    return None if inside is None else os.path.join(root, inside)


def _gives_text(file: IO[str] | IO[bytes]) -> bool:
    """Whether a file object was opened for text, whatever its annotation promised."""
    return isinstance(file.read(0), str)
