"""The stages of a request and the one home of their order rule.

A hook's functions are kept per scope: None for the application, a dotted name for a blueprint.
Which scopes a request walks through is known from its blueprints, innermost first; in which
direction a stage walks them is a column of the table below (Flask's documentation, "Order of
execution" of blueprints and requests).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, TypeAlias, TypeVar

F = TypeVar("F")

Hooks: TypeAlias = dict[str | None, list[F]]
"""The functions of one stage, by scope."""


class Walk(Enum):
    """In which order the scopes and functions of a stage run."""

    OUTSIDE_IN = "application, then blueprints inwards; first registered first"
    INSIDE_OUT = "blueprints outwards, then application; last registered first"


OUTSIDE_IN: Final = Walk.OUTSIDE_IN
INSIDE_OUT: Final = Walk.INSIDE_OUT


class Stage:
    """One row: the hook's decorator, the dictionary that keeps its functions, its order."""

    __slots__ = ("name", "registry", "runs", "walk")

    def __init__(self, name: str, registry: str, walk: Walk, runs: str) -> None:
        self.name: Final = name
        self.registry: Final = registry
        self.walk: Final = walk
        self.runs: Final = runs


STAGES: Final[tuple[Stage, ...]] = (
    Stage(
        "url_value_preprocessor",
        "url_value_preprocessors",
        Walk.OUTSIDE_IN,
        "with endpoint and values, before any other hook",
    ),
    Stage(
        "before_request",
        "before_request_funcs",
        Walk.OUTSIDE_IN,
        "before the view; the first result that is not None becomes the response",
    ),
    Stage(
        "context_processor",
        "template_context_processors",
        Walk.OUTSIDE_IN,
        "when a template is rendered; inner scopes win",
    ),
    Stage(
        "url_defaults",
        "url_default_functions",
        Walk.OUTSIDE_IN,
        "when a URL is built",
    ),
    Stage(
        "after_request",
        "after_request_funcs",
        Walk.INSIDE_OUT,
        "with the response, after the view or an error handler",
    ),
    Stage(
        "teardown_request",
        "teardown_request_funcs",
        Walk.INSIDE_OUT,
        "when the request's context ends; every function runs, even when one raises",
    ),
)
"""Every stage, in the order in which a request meets them."""


def new_hooks() -> Hooks[F]:
    """An empty registry of one stage; a scope's list appears when it is first asked for."""
    return defaultdict(list)


def in_order(
    walk: Walk, hooks: Mapping[str | None, Sequence[F]], scopes: Sequence[str]
) -> Sequence[F]:
    """The functions of one stage in the order in which they run.

    :param walk: the stage's direction.
    :param hooks: the stage's functions by scope.
    :param scopes: the blueprints a request belongs to, innermost first.
    """
    if not scopes:  # no blueprints: a copy of one list, for functions may register others
        only = hooks.get(None, ())
        return only[::-1] if walk is INSIDE_OUT else only[:]
    functions = list(hooks.get(None, ()))
    for scope in reversed(scopes):
        functions += hooks.get(scope, ())
    if walk is INSIDE_OUT:
        functions.reverse()
    return functions


def merge(into: Hooks[F], hooks: Mapping[str | None, Sequence[F]], name: str) -> None:
    """Add a blueprint's functions under the name it is registered with."""
    for scope, functions in hooks.items():
        into[name if scope is None else f"{name}.{scope}"].extend(functions)


def describe() -> str:
    """The table as Markdown, for the manual."""
    lines = ["| hook | runs | order |", "| --- | --- | --- |"]
    lines += [f"| `{row.name}` | {row.runs} | {row.walk.value} |" for row in STAGES]
    return "\n".join(lines) + "\n"
