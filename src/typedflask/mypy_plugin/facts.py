"""What a module of a project was found to say, before anything is linked."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

Names: TypeAlias = "frozenset[str] | None"
"""Some names, or None where they cannot be read from the text."""


class Made(NamedTuple):
    """A name that holds the result of a call: an application, a blueprint, a class-based view."""

    function: str
    arguments: tuple[object, ...]
    """Constants; what is not constant is an `UNREAD`."""
    options: tuple[tuple[str, object], ...]


class Route(NamedTuple):
    """One registered rule."""

    owner: str | None
    rule: str | None
    endpoint: str | None
    view: str
    defaults: frozenset[str] | None
    line: int
    column: int
    scope: str
    """The module, class or function it is registered in."""
    certain: bool
    """Whether it is registered whenever the code around it runs."""


class Placement(NamedTuple):
    """A blueprint that is registered with an application or another blueprint."""

    outer: str | None
    inner: str | None
    options: tuple[tuple[str, object], ...] | None


class Preprocessor(NamedTuple):
    """A `url_value_preprocessor`: what it takes out of the values, and whether it puts some in."""

    owner: str | None
    everywhere: bool
    takes: frozenset[str] | None
    puts: bool


class Unread:
    """A value that is not constant."""

    def __repr__(self) -> str:
        return "unread"


UNREAD: Final = Unread()
"""The only one of its kind."""


class Module:
    """What one module says; the lists are in the order of its text.

    :param name: its dotted name.
    :param path: the file.
    """

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path
        self.names: dict[str, str] = {}
        """What dotted names stand for: imports, and names for names."""
        self.made: dict[str, Made] = {}
        self.given: dict[str, str] = {}
        """Parameters, with their annotations."""
        self.bases: dict[str, tuple[str, ...]] = {}
        self.methods: dict[str, frozenset[str]] = {}
        self.defined: set[str] = set()
        """Functions and classes."""
        self.annotations: dict[str, str] = {}
        """What functions and methods return, as annotated."""
        self.returns: dict[str, set[str]] = {}
        self.routes: list[Route] = []
        self.placements: list[Placement] = []
        self.preprocessors: list[Preprocessor] = []
        self.converters: dict[str, str] = {}
        self.passed: list[tuple[str, str]] = []
        """What is called with which name as an argument."""
        self.unread_endpoints: bool = False
        self.unread_converters: bool = False
        self.unread_templates: bool = False
        self.adds_values: bool = False
        """Whether functions give values to every URL that is built."""
