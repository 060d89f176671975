"""What turning a value into a response asks of the application, and what a converter is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from werkzeug.wrappers import Response as BaseResponse

from ..json.contract import JSONResponder

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Accepted = TypeVar("Accepted", contravariant=True)


class ResponseApp(Protocol):
    """What a response asks of the application it is made in."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration; Any: its own keys may hold anything."""
        ...

    @property
    def json(self) -> JSONResponder:
        """Encodes and reads JSON."""
        ...


class ConvertingApp(ResponseApp, Protocol):
    """What a rule may use to build a response."""

    @property
    def response_class(self) -> type[BaseResponse]:
        """The class of the application's responses."""
        ...


class FileApp(ConvertingApp, Protocol):
    """What sending a file asks of the application."""

    root_path: str

    def get_send_file_max_age(self, filename: str | None, /) -> int | None:
        """How long, in seconds, a client may keep the file without asking again."""


class HasEnviron(Protocol):
    """A request, as far as rules need one."""

    @property
    def environ(self) -> WSGIEnvironment:
        """The WSGI environment of the request."""
        ...


class Kit(Protocol):
    """What a conversion is given besides the value: the application and the request.

    A request's context is one.
    """

    @property
    def app(self) -> ConvertingApp:
        """The application that answers."""
        ...

    @property
    def request(self) -> HasEnviron:
        """The request that is answered."""
        ...

    def answering(self) -> str:
        """What is answering the request, for error messages."""
        ...


class ResponseConverter(Protocol[Accepted]):
    """Turns values that Flask has no rule for into responses: `Flask(converter=...)`.

    Its type says what it takes, and so what views of the application may return. When the program
    runs nobody knows that type, so a converter is asked for every value that none of Flask's own
    rows accepts, dataclasses among them. One that takes less says so by a further method,
    `accepts(value: object) -> bool`; what it leaves, the rows below it get.
    """

    def to_response(self, value: Accepted, /) -> BaseResponse:
        """The response for a value."""
        ...
