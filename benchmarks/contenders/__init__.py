"""Who takes part. A framework is loaded when it is asked for, so none has to be installed.

To add one: a module with its applications, and a row in `ROSTER`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from benchmarks.contenders.contract import Contender

BASE: Final = "flask"
"""The contender every ratio is taken against."""

OURS: Final = "typedflask"
"""The contender the floors are for."""

REQUIREMENTS: Final = "requirements/bench.txt"


class ContenderMissing(Exception):
    """A framework is not installed, or cannot be imported; the message says what to do."""


def load_flask(package: str) -> Contender:
    """Flask or typedflask, which share their applications."""
    from benchmarks.contenders import flask_apps

    return flask_apps.contender(package)


def load_falcon() -> Contender:
    """Falcon."""
    from benchmarks.contenders import falcon_apps

    return falcon_apps.contender()


def load_bottle() -> Contender:
    """Bottle."""
    from benchmarks.contenders import bottle_apps

    return bottle_apps.contender()


def load_bare() -> Contender:
    """No framework at all."""
    from benchmarks.contenders import bare

    return bare.contender()


class Entrant(NamedTuple):
    """One row of the roster: how the contender is called, and how it is loaded."""

    name: str
    load: Callable[[], Contender]


ROSTER: Final[tuple[Entrant, ...]] = (
    Entrant("flask", partial(load_flask, "flask")),
    Entrant("typedflask", partial(load_flask, "typedflask")),
    Entrant("falcon", load_falcon),
    Entrant("bottle", load_bottle),
    Entrant("bare", load_bare),
)

NAMES: Final = tuple(entrant.name for entrant in ROSTER)


def load(names: Sequence[str] = NAMES) -> list[Contender]:
    """The contenders of these names, in the order of the roster.

    :raises ContenderMissing: if one of them cannot be imported.
    """
    return [loaded(entrant) for entrant in ROSTER if entrant.name in names]


def loaded(entrant: Entrant) -> Contender:
    """One contender.

    :raises ContenderMissing: if it cannot be imported.
    """
    try:
        return entrant.load()
    except ImportError as error:
        raise ContenderMissing(
            f"{entrant.name} cannot take part: {error}.\n"
            f"Install what the benchmark compares with `pip install -r {REQUIREMENTS}`, "
            f"or leave it out by naming the others with `--contenders`."
        ) from error
