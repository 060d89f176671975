"""The part of Flask's interface that the benchmark uses, as types both packages satisfy.

Flask and typedflask run the very same applications (`flask_apps`), so the names come out of the
module as one object with these types, whichever of the two it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast
from wsgiref.types import StartResponse, WSGIEnvironment

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


class Slot(Protocol):
    """A decorator that gives back the function it was given."""

    def __call__(self, function: FunctionT, /) -> FunctionT: ...


class Values(Protocol):
    """Form fields or query parameters, which may hold several values for one key."""

    def __getitem__(self, key: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...


class RequestWords(Protocol):
    """The attributes of a request the applications read."""

    @property
    def method(self) -> str: ...
    @property
    def args(self) -> Values: ...
    @property
    def form(self) -> Values: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...

    # Any: what a client sent as JSON.
    def get_json(self) -> Any: ...


class SessionWords(Protocol):
    """A session; Any, because it holds what the application put there."""

    modified: bool

    def __getitem__(self, key: str, /) -> Any: ...
    def __setitem__(self, key: str, value: Any, /) -> None: ...
    def get(self, key: str, default: Any, /) -> Any: ...


class GlobalsWords(Protocol):
    """What the applications keep on `g`."""

    first: int
    second: int
    third: int


class ResponseWords(Protocol):
    """What hooks that run afterwards touch."""

    @property
    def headers(self) -> MutableMapping[str, str]: ...


class Application(Protocol):
    """An application object."""

    secret_key: str | None

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterator[bytes]: ...
    def route(self, rule: str, /, *, methods: list[str] = ...) -> Slot: ...
    def add_url_rule(self, rule: str, endpoint: str, view_func: Callable[..., str], /) -> None: ...
    def before_request(self, function: Callable[[], None], /) -> object: ...
    def after_request(self, function: Callable[[ResponseWords], ResponseWords], /) -> object: ...
    def teardown_request(self, function: Callable[[BaseException | None], None], /) -> object: ...
    def errorhandler(self, code: int, /) -> Slot: ...
    def test_request_context(self, path: str, /) -> AbstractContextManager[object]: ...


class MakeApplication(Protocol):
    """The class of applications, called."""

    def __call__(
        self, import_name: str, /, *, static_folder: str | None, template_folder: str | None
    ) -> Application: ...


class Words(Protocol):
    """The names an application imports from the package."""

    @property
    def Flask(self) -> MakeApplication: ...
    @property
    def request(self) -> RequestWords: ...
    @property
    def session(self) -> SessionWords: ...
    @property
    def g(self) -> GlobalsWords: ...
    @property
    def url_for(self) -> Callable[..., str]: ...
    @property
    def render_template(self) -> Callable[..., str]: ...


def words_of(package: str) -> Words:
    """The names of `flask` or `typedflask`.

    :raises ImportError: if the package is not installed.
    """
    # The cast is a promise that the package keeps Flask's interface; the checks of every answer,
    # made before anything is timed, are what holds it to that promise.
    return cast(Words, import_module(package))
