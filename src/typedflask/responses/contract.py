"""What turning a value into a response asks of the application, and what a rule is.

A rule pairs a check with a conversion of the same type, so that a row that mixes them up does not
type-check. Applications add rows of their own: `app.responses.add(Rule("money", is_money, ...))`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from werkzeug.wrappers import Response as BaseResponse

from ..json.contract import JSONResponder
from ..newer_typing import TypeIs

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

T = TypeVar("T")
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


class Rule(NamedTuple, Generic[T]):
    """One row of the conversion table."""

    name: str
    """What the row accepts, as error messages and the manual call it."""
    accepts: Callable[[object], TypeIs[T]]
    """Whether a value is this row's."""
    convert: Callable[[T, Kit], BaseResponse]
    """Makes the response."""
    types: tuple[type, ...] = ()
    """Classes whose instances (not those of subclasses) are always this row's: found by lookup."""
    behind: bool = False
    """Whether the row, when it is added, leaves to the rows there are what one of them accepts."""
