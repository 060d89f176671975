"""What a module of a project was found to say, before anything is linked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

Names: TypeAlias = "frozenset[str] | None"
"""Some names, or None where they cannot be read from the text."""


@dataclass(frozen=True)
class Made:
    """A name that holds the result of a call: an application, a blueprint, a class-based view."""

    function: str
    arguments: tuple[object, ...]
    """Constants; what is not constant is an `UNREAD`."""
    options: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Route:
    """One registered rule."""

    owner: str | None
    rule: str | None
    endpoint: str | None
    view: str
    defaults: Names
    line: int
    column: int
    scope: str
    """The module, class or function it is registered in."""
    certain: bool
    """Whether it is registered whenever the code around it runs."""


@dataclass(frozen=True)
class Placement:
    """A blueprint that is registered with an application or another blueprint."""

    outer: str | None
    inner: str | None
    options: tuple[tuple[str, object], ...] | None


@dataclass(frozen=True)
class Preprocessor:
    """A `url_value_preprocessor`: what it takes out of the values, and whether it puts some in."""

    owner: str | None
    everywhere: bool
    takes: Names
    puts: bool


@dataclass(frozen=True)
class Unread:
    """A value that is not constant; it equals all others of its kind."""


UNREAD: Final = Unread()


@dataclass
class Module:
    """What one module says; the lists are in the order of its text."""

    name: str
    path: str
    names: dict[str, str] = field(default_factory=dict[str, str])
    """What dotted names stand for: imports, and names for names."""
    made: dict[str, Made] = field(default_factory=dict[str, Made])
    given: dict[str, str] = field(default_factory=dict[str, str])
    """Parameters, with their annotations."""
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    methods: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    defined: set[str] = field(default_factory=set[str])
    """Functions and classes."""
    annotations: dict[str, str] = field(default_factory=dict[str, str])
    """What functions and methods return, as annotated."""
    returns: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    routes: list[Route] = field(default_factory=list[Route])
    placements: list[Placement] = field(default_factory=list[Placement])
    preprocessors: list[Preprocessor] = field(default_factory=list[Preprocessor])
    converters: dict[str, str] = field(default_factory=dict[str, str])
    passed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """What is called with which name as an argument."""
    unread_endpoints: bool = False
    unread_converters: bool = False
    unread_templates: bool = False
    adds_values: bool = False
    """Whether functions give values to every URL that is built."""
