"""The request an application sees: Werkzeug's, bound to the application and its matched rule.

What Werkzeug works out when a request is made (path, headers, query string, ...) is worked out
here when somebody asks; most requests ask for little of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from werkzeug.datastructures import EnvironHeaders, FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import Rule
from werkzeug.wsgi import get_content_length

from ..active import Active
from ..wsgi import query_bytes, server_address, utf8
from .body import small_body
from .guarded import GuardedRequest
from .lazy import lazy
from .pairs import cookies_of, fields_of
from .parsing import GuardedJSON, StrictFormParser, content_type_parts, form_text

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.formparser import FormDataParser

    from .contract import RequestApp


class _FromConfig:
    """The type of the mark that says: this limit is the application's."""


FROM_CONFIG: Final = _FromConfig()


active_app: Final[Active[RequestApp]] = Active("find_application")
"""Which application do the limits of a request come from that was made without one?"""


@lru_cache(maxsize=1024)
def scopes_of(endpoint: str) -> tuple[str, ...]:
    """The blueprints an endpoint lies in, innermost first: `a.b.view` lies in `a.b` and `a`."""
    parts = endpoint.split(".")[:-1]
    return tuple(".".join(parts[:end]) for end in range(len(parts), 0, -1))


JSON: Final = "application/json"
URLENCODED: Final = "application/x-www-form-urlencoded"

STEPS: Final = (
    *("headers", "query_string", "content_length", "stream", "_get_stream_for_parsing"),
    *("mimetype", "_parse_content_type", "want_form_data_parsed", "make_form_data_parser"),
    *("is_json", "json_module", "get_data", "endpoint"),
)
"""What lies between the environment and arguments, fields and JSON; short ways pass it over."""


class Request(GuardedRequest):
    """An incoming request: everything Werkzeug's `Request` has, and what routing found out.

    Applications subclass it and set `Flask.request_class` (Flask's documentation, "Incoming
    Request Data").
    """

    # What every request has. As slots, not as defaults of the class: an attribute that the class
    # has too takes ten times as long to set.
    __slots__ = ("app", "holds_files", "routing_exception", "url_rule", "view_args")

    form_data_parser_class: type[FormDataParser] = StrictFormParser

    url_rule: Rule | None
    """The rule that matched, or None when none did."""

    view_args: dict[str, Any] | None  # Any: converters make any value
    """The values of the rule's variables, or None when no rule matched."""

    routing_exception: HTTPException | None
    """Why no view can answer: a 404, a 405, a redirect to the canonical address, a bad host."""

    app: RequestApp | None
    """The application that handles this request; the context sets it."""

    holds_files: bool
    """Whether a form was read that may have had files, which `close` closes."""

    _reads_directly: ClassVar[bool] = True
    """Whether this class has none of the `STEPS` of its own, so that short ways may be taken."""

    _max_content_length: int | None | _FromConfig = FROM_CONFIG
    _max_form_memory_size: int | None | _FromConfig = FROM_CONFIG
    _max_form_parts: int | None | _FromConfig = FROM_CONFIG

    def __init__(
        self, environ: WSGIEnvironment, populate_request: bool = False, shallow: bool = False
    ) -> None:
        """Wrap a WSGI environment.

        :param environ: the WSGI environment.
        :param populate_request: also put the request into the environment as `werkzeug.request`;
            off, unlike in Werkzeug, because the two would then keep each other alive.
        :param shallow: refuse to read the body.
        """
        self.environ = environ
        self.shallow = shallow
        self.url_rule = self.view_args = self.routing_exception = self.app = None
        self.holds_files = False
        if populate_request and not shallow:
            environ["werkzeug.request"] = self

    def __init_subclass__(cls) -> None:
        """Find out what a subclass does in its own way."""
        super().__init_subclass__()
        cls._reads_directly = all(getattr(cls, step) is getattr(Request, step) for step in STEPS)

    if not TYPE_CHECKING:
        # The base class declares and describes these; here they are worked out when first read.

        @lazy
        def method(self) -> str:
            return self.environ.get("REQUEST_METHOD", "GET").upper()

        @lazy
        def scheme(self) -> str:
            return self.environ.get("wsgi.url_scheme", "http")

        @lazy
        def server(self) -> tuple[str, int | None] | None:
            return server_address(self.environ)

        @lazy
        def root_path(self) -> str:
            return utf8(self.environ.get("SCRIPT_NAME") or "").rstrip("/")

        @lazy
        def path(self) -> str:
            return "/" + utf8(self.environ.get("PATH_INFO") or "").lstrip("/")

        @lazy
        def query_string(self) -> bytes:
            return query_bytes(self.environ)

        @lazy
        def headers(self) -> EnvironHeaders:
            return EnvironHeaders(self.environ)

        @lazy
        def cookies(self) -> ImmutableMultiDict[str, str]:
            # The base class looks the header up as one that may come several times; WSGI has one.
            return cookies_of(self.environ.get("HTTP_COOKIE", ""), self.dict_storage_class)

        @lazy
        def args(self) -> MultiDict[str, str]:
            if self._reads_directly and "query_string" not in self.__dict__:
                text = self.environ.get("QUERY_STRING") or ""
                if text.isascii():  # text that would be encoded only to be decoded again
                    return fields_of(text, self.parameter_storage_class)
            return fields_of(self.query_string.decode(), self.parameter_storage_class)

        # Werkzeug's have a setter and are asked for at every read, because of that; these are not.
        @lazy
        def form(self) -> MultiDict[str, str]:
            self._load_form_data()
            return self.__dict__["form"]

        @lazy
        def files(self) -> MultiDict[str, FileStorage]:
            self._load_form_data()
            files = self.__dict__.get("files")
            return fields_of("", self.parameter_storage_class) if files is None else files

        @lazy
        def stream(self) -> IO[bytes]:
            """The body as a stream that can be read to its end.

            :raises RequestEntityTooLarge: the body is longer than `max_content_length`.
            :raises LengthRequired: the server cannot tell where the body ends.
            """
            begun = self.__dict__.get("stream")
            if begun is not None:
                return begun  # asked by way of a subclass's own, once more
            if self.shallow:
                raise RuntimeError("This request was made with shallow=True: its body is not read.")
            from .streamed_body import body_stream  # most bodies are small, or not there

            return body_stream(self.environ, self.max_content_length)

        @lazy
        def content_length(self) -> int | None:
            return get_content_length(self.environ)

        @lazy
        def remote_addr(self) -> str | None:
            return self.environ.get("REMOTE_ADDR")

        def get_data(
            self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False
        ) -> bytes | str:
            data = None if parse_form_data else self._small_body()
            if data is None:
                return super().get_data(cache, as_text, parse_form_data)
            if cache:
                self._cached_data = data
            return data.decode(errors="replace") if as_text else data

        def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
            if cache:
                known = self._cached_json[silent]
                if known is not ...:
                    return known
            kind = self.environ.get("CONTENT_TYPE") or ""
            if not self._reads_directly or not (
                kind == JSON or force or content_type_parts(kind)[0] == JSON or self.is_json
            ):
                return super().get_json(force, silent, cache)
            own = self.__dict__
            data = None if "get_data" in own else self._small_body()
            if data is None:
                data = self.get_data(cache=cache)
            elif cache:
                own["_cached_data"] = data
            try:
                app = self.app
                value = (self.json_module.loads if app is None else app.json.loads_sent)(data)
            except ValueError as error:
                value = None if silent else self.on_json_loading_failed(error)
                known, known_silently = self._cached_json
                found = (known, None) if silent else (value, known_silently)
            else:
                found = (value, value)
            if cache:
                self._cached_json = found
            return value

        @property
        def json_module(self) -> GuardedJSON:
            app = self.app
            return GuardedJSON(GuardedRequest.json_module if app is None else app.json)

        @property
        def max_content_length(self) -> int | None:
            """The longest body to read, in bytes, or None for any; from `MAX_CONTENT_LENGTH`.

            Setting it changes the limit of this request only.
            """
            app = self.app
            if app is not None and self._max_content_length is FROM_CONFIG:
                return app.config["MAX_CONTENT_LENGTH"]
            return self._limit(self._max_content_length, "MAX_CONTENT_LENGTH", None)

        @max_content_length.setter
        def max_content_length(self, value: int | None) -> None:
            self._max_content_length = value

        @property
        def max_form_memory_size(self) -> int | None:
            """The largest form field to keep in memory, in bytes; from `MAX_FORM_MEMORY_SIZE`."""
            return self._limit(self._max_form_memory_size, "MAX_FORM_MEMORY_SIZE", 500_000)

        @max_form_memory_size.setter
        def max_form_memory_size(self, value: int | None) -> None:
            self._max_form_memory_size = value

        @property
        def max_form_parts(self) -> int:
            """The most fields and files a multipart form may have; from `MAX_FORM_PARTS`."""
            parts = self._limit(self._max_form_parts, "MAX_FORM_PARTS", 1000)
            return sys.maxsize if parts is None else parts

        @max_form_parts.setter
        def max_form_parts(self, value: int | None) -> None:
            self._max_form_parts = value

    @property
    def endpoint(self) -> str | None:
        """The endpoint that matched, or None; with `view_args` it builds the same URL again."""
        rule = self.url_rule
        return None if rule is None else rule.endpoint

    @property
    def blueprint(self) -> str | None:
        """The dotted name of the blueprint the endpoint belongs to, or None."""
        endpoint = self.endpoint
        if endpoint is None or "." not in endpoint:
            return None
        return endpoint.rpartition(".")[0]

    @property
    def blueprints(self) -> list[str]:
        """The blueprint of the endpoint and those it is nested in, innermost first."""
        return list(self.scopes)

    @property
    def scopes(self) -> Sequence[str]:
        """As `blueprints`, without making a new list."""
        rule = self.url_rule
        endpoint = self.endpoint if rule is None or not self._reads_directly else rule.endpoint
        return () if endpoint is None or "." not in endpoint else scopes_of(endpoint)

    def _limit(self, own: int | None | _FromConfig, key: str, default: int | None) -> int | None:
        if not isinstance(own, _FromConfig):
            return own
        app = self.app or active_app()
        return default if app is None else app.config[key]

    def close(self) -> None:
        """Close the files of a form, if one was parsed."""
        if "files" in self.__dict__:
            super().close()

    def _load_form_data(self) -> None:
        own = self.__dict__
        if (
            not self._reads_directly
            or "form" in own
            or self.form_data_parser_class is not StrictFormParser
            or "make_form_data_parser" in own
            or content_type_parts(self.environ.get("CONTENT_TYPE") or "")[0] != URLENCODED
        ):
            self.holds_files = True
            super()._load_form_data()
            return
        # Fields only, for which a parser has nothing to do. There are no files, not even to close.
        body: bytes | None = own.get("_cached_data")
        if body is None:
            body = self._small_body()
        text = form_text(self.stream.read() if body is None else body)
        own["form"] = fields_of(text, self.parameter_storage_class)

    def _small_body(self) -> bytes | None:
        """A small body that nobody has begun to read, or None; then it has to be read as a stream."""
        own = self.__dict__
        if "stream" in own or self.shallow or not self._reads_directly:
            return None
        body = small_body(self.environ, self.max_content_length)
        if body is not None:
            own["stream"] = BytesIO()  # which is at its end
        return body

    def _parse_content_type(self) -> None:
        if not self._reads_directly:
            super()._parse_content_type()
        elif "_parsed_content_type" not in self.__dict__:
            mimetype, options = content_type_parts(self.environ.get("CONTENT_TYPE") or "")
            self._parsed_content_type = mimetype, options.copy()

    def on_json_loading_failed(self, e: ValueError | None) -> Any:  # Any: an override's own value
        """Answer a body that is not JSON; `get_json` calls it and returns what it returns.

        :param e: why the body could not be read, or None when its content type is not JSON.
        :raises BadRequest: 400; in debug mode it says what is wrong with the body.
        :raises UnsupportedMediaType: 415, when the content type is not JSON.
        """
        return self.on_json_loading_failure(e)

    def on_json_loading_failure(self, e: ValueError | None) -> Any:  # Any: as above
        """The older name of `on_json_loading_failed`; overriding either one works."""
        if e is not None and not (self.app is not None and self.app.debug):
            raise BadRequest("The request's body is not a JSON document.") from e
        return super().on_json_loading_failed(e)
