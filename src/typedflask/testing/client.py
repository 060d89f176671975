"""Trying an application out without a server: a client, a runner for commands, environments.

Behaviour from Flask's documentation, "Testing Flask Applications".
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self, TypedDict, Unpack, cast
from urllib.parse import urlsplit

from click.testing import CliRunner, Result
from werkzeug.test import Client, TestResponse
from werkzeug.test import EnvironBuilder as BaseEnvironBuilder
from werkzeug.wrappers import Request as BaseRequest

from ..commands import ScriptInfo as ScriptInfo
from ..ctx import RequestContext
from ..lifecycle.cycle import PRESERVE, is_null
from ..sessions import SessionMixin as SessionMixin

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from click import Command

    from ..app import Flask
    from ..typing import HeadersValue


class RequestOptions(TypedDict, total=False):
    """What may be said of a request; each is described where Werkzeug documents `EnvironBuilder`."""

    base_url: str | None
    query_string: Mapping[str, object] | str | None
    method: str
    input_stream: IO[bytes] | None
    content_type: str | None
    content_length: int | None
    errors_stream: IO[str] | None
    multithread: bool
    multiprocess: bool
    run_once: bool
    headers: HeadersValue | None
    # Any: form values, files, a body, or a stream of one.
    data: Any
    environ_base: Mapping[str, Any] | None
    environ_overrides: Mapping[str, Any] | None
    mimetype: str | None
    # Any: whatever the application's JSON backend can encode.
    json: Any
    auth: Any
    subdomain: str | None
    """The subdomain of `SERVER_NAME` to ask."""
    url_scheme: str | None
    """`http` or `https`; by default `PREFERRED_URL_SCHEME`."""


class OpenOptions(RequestOptions, total=False):
    """What the client may be told of a request."""

    buffered: bool
    """Read the whole body and close the response."""
    follow_redirects: bool
    """Answer redirects with further requests."""


class EnvironBuilder(BaseEnvironBuilder):
    """Werkzeug's builder of WSGI environments, with the application's address filled in.

    :param app: its `SERVER_NAME`, `APPLICATION_ROOT` and `PREFERRED_URL_SCHEME` are the defaults.
    :param path: the path, or a whole URL.
    :param base_url: scheme, host and root, instead of those of the application.
    :param subdomain: of `SERVER_NAME`.
    :param url_scheme: instead of `PREFERRED_URL_SCHEME`.
    :raises ValueError: `base_url` is given together with `subdomain` or `url_scheme`.
    """

    # Any: the remaining arguments are Werkzeug's.
    def __init__(
        self,
        app: Flask[Any],
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if base_url is not None and (subdomain or url_scheme):
            raise ValueError(
                f"base_url={base_url!r} names scheme and host already; leave out subdomain and"
                " url_scheme, or base_url."
            )
        if base_url is None:
            host = app.config["SERVER_NAME"] or "localhost"
            if subdomain:
                host = f"{subdomain}.{host}"
            scheme = url_scheme or app.config["PREFERRED_URL_SCHEME"]
            url = urlsplit(path)
            root = app.config["APPLICATION_ROOT"].lstrip("/")
            base_url = f"{url.scheme or scheme}://{url.netloc or host}/{root}"
            path = f"{url.path}?{url.query}" if url.query else url.path
        self.app = app
        super().__init__(path, base_url, *args, **kwargs)

    # Any: whatever the application's JSON backend can encode.
    def json_dumps(self, obj: Any, **kwargs: Any) -> str:
        """Encode a JSON body as the application would."""
        return self.app.json.dumps(obj, **kwargs)


class FlaskClient(Client):
    """Calls an application without a server, and keeps cookies.

    In a `with` block, the context of the last request stays active, so that `request`, `session`
    and `g` can be looked at; it ends with the next request or the block.
    """

    application: Flask[Any]

    # Any: as Werkzeug's client; applications' own client classes add arguments.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preserve_context: bool = False
        self._kept: list[RequestContext] = []
        self._blocks = ExitStack()
        self.environ_base: dict[str, Any] = {
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_USER_AGENT": f"Werkzeug/{version('werkzeug')}",
        }

    @contextmanager
    def session_transaction(
        # Any: further arguments of `testing.EnvironBuilder`.
        self,
        path: str = "/",
        *args: Any,
        **kwargs: Unpack[RequestOptions],
    ) -> Generator[SessionMixin]:
        """Open the session as a request would, to look at it or to change it; then save it.

        :param path: the path of the made-up request that opens it.
        :param args: as for `test_request_context`.
        :param kwargs: as for `open`.
        :raises TypeError: the client keeps no cookies.
        :raises RuntimeError: the application has no sessions.
        """
        if self._cookies is None:
            raise TypeError("This client keeps no cookies, so it has no session to open.")
        app = self.application
        context = app.test_request_context(path, *args, **kwargs)
        self._add_cookies_to_wsgi(context.request.environ)
        with context:
            session = context.session
        if is_null(app.session_interface, session):
            raise RuntimeError("The session backend opened no session. Is SECRET_KEY set?")
        yield session
        response = app.response_class()
        with context:
            app.session_interface.save_session(app, session, response)
        self._update_cookies_from_response(
            context.request.host.partition(":")[0],
            context.request.path,
            response.headers.getlist("Set-Cookie"),
        )

    # Any: a path, a builder, an environment or a request, as Werkzeug's client takes them.
    def open(  # type: ignore[override]  # narrower on purpose: a misspelt option is an error
        self,
        *args: Any,
        buffered: bool = False,
        follow_redirects: bool = False,
        **kwargs: Unpack[RequestOptions],
    ) -> TestResponse:
        """Send a request.

        :param args: the path; or a builder, an environment or a request, which says everything itself:
            a client class that adds options to each request adds them to those with a path.
        :param buffered: read the whole body and close the response.
        :param follow_redirects: answer redirects with further requests.
        :param kwargs: see `RequestOptions`.
        """
        request = self._request(args, kwargs)
        self._let_go()
        try:
            response = super().open(request, buffered=buffered, follow_redirects=follow_redirects)
        finally:
            # Also when the request failed: then there is most to look at.
            while self._kept:
                self._blocks.enter_context(self._kept.pop(0).resumed())
        vars(response)["json_module"] = self.application.json
        return response

    def _let_go(self) -> None:
        """End the contexts kept of earlier requests."""
        self._blocks.close()
        while self._kept:
            self._kept.pop().release()

    def _request(self, args: tuple[Any, ...], options: RequestOptions) -> BaseRequest:
        """The request that the arguments of `open` describe."""
        only = args[0] if len(args) == 1 else None
        kind = BaseRequest
        if isinstance(only, BaseEnvironBuilder):
            given = only.get_environ()
        elif isinstance(only, BaseRequest):
            kind = type(only)
            given = only.environ
        elif isinstance(only, dict):
            given = cast("WSGIEnvironment", only)  # the one kind of dict that `open` takes
        else:
            # Any: the options are those of the builder; `open` has checked their types.
            named: dict[str, Any] = dict(options)
            builder = EnvironBuilder(self.application, *args, **named)
            try:
                given = builder.get_environ()
            finally:
                builder.close()
        environ = {**self.environ_base, **given}
        # A request sent before may be sent again; what it carries of then is none of this one's.
        environ.pop(PRESERVE, None)
        if self.preserve_context:
            environ[PRESERVE] = self._kept.append
        return kind(environ)

    # Any, in all of these: as `open`.
    def get(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `GET`."""
        kw["method"] = "GET"
        return self.open(*args, **kw)

    def post(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `POST`."""
        kw["method"] = "POST"
        return self.open(*args, **kw)

    def put(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `PUT`."""
        kw["method"] = "PUT"
        return self.open(*args, **kw)

    def patch(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `PATCH`."""
        kw["method"] = "PATCH"
        return self.open(*args, **kw)

    def delete(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `DELETE`."""
        kw["method"] = "DELETE"
        return self.open(*args, **kw)

    def options(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `OPTIONS`."""
        kw["method"] = "OPTIONS"
        return self.open(*args, **kw)

    def head(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `HEAD`."""
        kw["method"] = "HEAD"
        return self.open(*args, **kw)

    def trace(self, *args: Any, **kw: Unpack[OpenOptions]) -> TestResponse:
        """`open` with the method `TRACE`."""
        kw["method"] = "TRACE"
        return self.open(*args, **kw)

    def __enter__(self) -> Self:
        if self.preserve_context:
            raise RuntimeError("This client's `with` block is open already; blocks do not nest.")
        self.preserve_context = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.preserve_context = False
        self._let_go()


class FlaskCliRunner(CliRunner):
    """Runs commands of an application and catches what they print.

    :param app: the application.
    :param kwargs: options of click's `CliRunner`.
    """

    def __init__(self, app: Flask[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.app = app

    # Any: the remaining arguments are click's; those of its later versions, too.
    def invoke(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # the command may be left out
        self, cli: Command | None = None, args: str | Sequence[str] | None = None, **kwargs: Any
    ) -> Result:
        """Run a command.

        :param cli: the command or group; by default `app.cli`.
        :param args: its arguments.
        :param kwargs: options of click's `CliRunner.invoke`.
        """
        kwargs.setdefault("obj", ScriptInfo(create_app=lambda: self.app))
        return super().invoke(self.app.cli if cli is None else cli, args, **kwargs)
