"""The table of stages: every hook, its dictionary, and the one rule of order."""

from __future__ import annotations

import inspect
from collections import defaultdict

import pytest

from typedflask import Blueprint, Flask
from typedflask.stages import STAGES, Hooks, Stage, Walk, describe, in_order, merge, new_hooks

NESTED = ("shop.admin", "shop")
"""The scopes of a request to `shop.admin.view`, innermost first."""


def some_hooks() -> Hooks[str]:
    hooks: Hooks[str] = new_hooks()
    hooks[None] += ["app 1", "app 2"]
    hooks["shop"] += ["shop 1", "shop 2"]
    hooks["shop.admin"] += ["admin 1", "admin 2"]
    hooks["elsewhere"] += ["never"]
    return hooks


def test_outside_in_walks_from_the_application_inwards_in_the_order_of_registration() -> None:
    assert list(in_order(Walk.OUTSIDE_IN, some_hooks(), NESTED)) == [
        "app 1",
        "app 2",
        "shop 1",
        "shop 2",
        "admin 1",
        "admin 2",
    ]


def test_inside_out_is_exactly_the_other_way_round() -> None:
    inwards = list(in_order(Walk.OUTSIDE_IN, some_hooks(), NESTED))
    assert list(in_order(Walk.INSIDE_OUT, some_hooks(), NESTED)) == inwards[::-1]


@pytest.mark.parametrize("walk", Walk)
def test_a_request_outside_of_blueprints_walks_the_application_only(walk: Walk) -> None:
    assert sorted(in_order(walk, some_hooks(), ())) == ["app 1", "app 2"]


@pytest.mark.parametrize("walk", Walk)
def test_walking_does_not_make_lists_for_scopes_that_have_none(walk: Walk) -> None:
    hooks: Hooks[str] = new_hooks()
    assert list(in_order(walk, hooks, NESTED)) == []
    assert dict(hooks) == {}


def test_merging_puts_a_blueprints_scopes_under_the_name_it_is_registered_with() -> None:
    hooks: Hooks[str] = new_hooks()
    hooks["shop"].append("before")
    merge(hooks, {None: ["own"], "inner": ["of a nested one"]}, "shop")
    assert dict(hooks) == {"shop": ["before", "own"], "shop.inner": ["of a nested one"]}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_each_row_names_a_decorator_and_the_dictionary_it_fills(stage: Stage) -> None:
    for owner in (Flask("app"), Blueprint("blueprint", __name__)):
        hooks = getattr(owner, stage.registry)
        assert isinstance(hooks, defaultdict)

        def hook(*args: object) -> None:
            """Never called."""

        before = len(hooks[None])
        assert getattr(owner, stage.name)(hook) is hook
        assert hooks[None][before:] == [hook]


def test_the_table_lists_every_decorator_that_applications_and_blueprints_share() -> None:
    """A decorator of hooks takes one parameter `f`; a new one has to get its row."""
    shared = {
        name
        for name, method in inspect.getmembers(Flask, inspect.isfunction)
        if list(inspect.signature(method).parameters) == ["self", "f"] and hasattr(Blueprint, name)
    }
    assert shared == {stage.name for stage in STAGES}


def test_the_table_prints_a_line_for_each_row() -> None:
    lines = describe().splitlines()
    assert lines[0] == "| hook | runs | order |"
    assert len(lines) == 2 + len(STAGES)
    for line, stage in zip(lines[2:], STAGES, strict=True):
        assert line == f"| `{stage.name}` | {stage.runs} | {stage.walk.value} |"
