"""Parsing what a request's body says it is: JSON, a form, and the content type itself.

What a client got wrong is a `ValueError` or a 400 here, never a crash and never an empty form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from ..newer_typing import override
from .pairs import fields_of

if TYPE_CHECKING:
    from ..json.contract import JSONBackend

FormParts: TypeAlias = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]
"""What is left of the body, the fields and the files."""


class GuardedJSON:
    """Reads a client's JSON; nesting deeper than the interpreter can follow is a `ValueError`."""

    __slots__ = ("_backend",)

    def __init__(self, backend: JSONBackend) -> None:
        self._backend = backend

    def loads(self, data: str | bytes) -> Any:  # Any: JSON is whatever the client sent
        """The value of a JSON document, which has to be UTF-8 when it comes over a network.

        Files may hold JSON in other encodings, and backends may read them (RFC 8259, section 8.1).

        :raises ValueError: the document is malformed, not UTF-8, or nested too deeply.
        """
        if isinstance(data, bytes):
            if not data.isascii():
                data.decode()
            if 0 in data:
                raise ValueError("The JSON document holds zero bytes: it is not UTF-8.")
        try:
            return self._backend.loads(data)
        except RecursionError as error:
            raise ValueError("The JSON document is nested too deeply.") from error


class StrictFormParser(FormDataParser):
    """Parses forms; a malformed body is the client's mistake and a 400, never an empty form."""

    @override
    def parse(self, *args: Any, **kwargs: Any) -> Any:  # Any: as the parser it wraps
        self.silent = False
        opened: list[IO[bytes]] = []
        make = self.stream_factory

        def open_stream(*args: Any, **kwargs: Any) -> IO[bytes]:  # Any: as the factory it wraps
            opened.append(make(*args, **kwargs))
            return opened[-1]

        self.stream_factory = open_stream
        try:
            return self._parse(*args, **kwargs)
        except BaseException:
            # Nobody else knows of the files of a form that was given up.
            for stream in opened:
                stream.close()
            raise

    def _parse(self, *args: Any, **kwargs: Any) -> FormParts:  # Any: as above
        try:
            stream, form, files = super().parse(*args, **kwargs)
        except UnicodeError:
            raise BadRequest("The form is not encoded in UTF-8.") from None
        except ValueError as error:
            raise BadRequest(f"The form could not be read: {error}") from error
        if None in form or None in files:
            raise BadRequest("A part of the form has no name.")
        return stream, form, files

    def _parse_urlencoded(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str],
    ) -> FormParts:
        return stream, fields_of(form_text(stream.read()), self.cls), self.cls()


def form_text(body: bytes) -> str:
    """The text of a form that is encoded as a query string is.

    :raises BadRequest: the form is not UTF-8.
    """
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadRequest("The form is not encoded in UTF-8.") from None


@lru_cache(maxsize=256)
def content_type_parts(header: str) -> tuple[str, dict[str, str]]:
    """The media type and the parameters of a `Content-Type` header; clients send few different ones.

    :returns: the type in lower case. Remembered and shared: copy the parameters before handing
        them out.
    """
    kind, parameters = parse_options_header(header)
    return kind.lower(), parameters
