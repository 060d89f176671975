"""The words of the checks: a problem, and the place it is at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


class RouteMismatchWarning(UserWarning):
    """In debug mode: a view was registered that cannot be called with the values of its rule."""


class Place(NamedTuple):
    """A line of a file; both are None where nobody knows."""

    file: str | None = None
    line: int | None = None


NOWHERE: Final = Place()
"""What is about the application as a whole."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in an application.

    :param check: the name of the check that found it.
    :param message: what is wrong, with the values in question, and what to do about it.
    :param place: where it is.
    :param rule: the rule it is about, if it is about one.
    :param function: the function it is about, if it is about one.
    """

    check: str
    message: str
    place: Place = NOWHERE
    rule: str | None = None
    function: str | None = None
