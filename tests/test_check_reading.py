"""What the checks know of types, functions and their places, where it matters that they know little."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NewType, Protocol, TypeVar, Union
from uuid import UUID

import pytest
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from typedflask.checks.fitting import fits, name_of, type_given
from typedflask.checks.problem import Place
from typedflask.checks.signatures import place_of, signature_of

UserId = NewType("UserId", int)
T = TypeVar("T")


class Sized(Protocol):
    def __len__(self) -> int: ...


FITTING: list[tuple[object, object, bool]] = [
    (str, str, True),
    (str, int, False),
    (int, float, True),
    (float, int, False),
    (int, bool, False),
    (bool, int, True),
    (int, complex, True),
    (UUID, str, False),
    (str, object, True),
    (str, Any, True),
    (Any, int, True),
    (str, T, True),
    (int, UserId, True),
    (str, Sized, True),
    (str, Sequence[str], True),
    (int, Sequence[str], False),
    (list[int], list[str], True),  # what is inside is not compared
    (list[int], dict[str, int], False),
    (str, str | None, True),
    (str, int | None, False),
    (None, str, False),
    (str | None, str, False),
    (str | int, Union[int, str], True),
    (str, Annotated[str, "a name"], True),
    (str, Literal["a"], False),
    (Literal["a"], Literal["a", "b"], True),
    (Literal["a", "c"], Literal["a", "b"], False),
    (Literal["a"], str, True),
    (Literal["a"], int, False),
    (UUID, Literal["a"], True),
    (str, Callable[[], str], False),
    (str, "a name", True),
]


@pytest.mark.parametrize(("given", "wanted", "expected"), FITTING, ids=repr)
def test_what_may_be_given_for_what(given: object, wanted: object, expected: bool) -> None:
    assert fits(given, wanted) is expected


def test_types_are_written_as_people_do() -> None:
    assert [name_of(kind) for kind in (int, None, types.NoneType, list[int], int | None)] == [
        "int",
        "None",
        "None",
        "list[int]",
        "int | None",
    ]


class Unresolved(BaseConverter):
    def to_python(self, value: str) -> "Missing":  # type: ignore[name-defined]  # noqa: F821, UP037
        return value


class Inherited(IntegerConverter):
    pass


def test_what_converters_give() -> None:
    assert type_given(BaseConverter(Map())) is str
    assert type_given(Inherited(Map())) is int
    assert type_given(Unresolved(Map())) is Any


def plain(first: int, second: str = "") -> None: ...


class Called:
    def __call__(self, first: int) -> None: ...

    def method(self, first: int) -> None: ...


def names(function: Callable[..., Any]) -> list[str]:
    signature = signature_of(function)
    assert signature is not None
    return [parameter.name for parameter in signature.parameters]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (plain, ["first", "second"]),
        (functools.partial(plain, 1), ["second"]),
        (Called(), ["first"]),
        (Called().method, ["first"]),
        (lambda one: None, ["one"]),
    ],
)
def test_what_things_that_are_called_take(
    function: Callable[..., Any], expected: list[str]
) -> None:
    assert names(function) == expected


def test_a_function_that_does_not_say_is_left_alone() -> None:
    assert signature_of(type) is None


def test_types_of_an_object_that_is_called_are_known() -> None:
    signature = signature_of(Called())
    assert signature is not None
    assert signature.annotations["first"] is int


def test_places_are_lines_of_definitions() -> None:
    def passing(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: object, **kwargs: object) -> object:
            return function(*args, **kwargs)

        return run

    @passing
    def decorated() -> None: ...

    assert place_of(decorated) == Place(
        __file__, inspect.unwrap(decorated).__code__.co_firstlineno + 1
    )
    assert place_of(plain) == Place(__file__, plain.__code__.co_firstlineno)
    assert place_of(functools.partial(plain, 1)) == place_of(plain)
    assert place_of(Called().method).line == Called.method.__code__.co_firstlineno
    assert place_of(Called()) == Place(__file__, Called.__call__.__code__.co_firstlineno)
    assert place_of(Called).file == __file__
    assert place_of(len) == Place()


def iterating(values: Mapping[str, int]) -> Iterator[int]:
    yield from values.values()


def test_generators_are_functions() -> None:
    assert names(iterating) == ["values"]
