"""What the parts of the benchmark have in common: what they are told, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from benchmarks.contenders import NAMES
from benchmarks.scenarios import SCENARIOS, Scenario

SEED: Final = 20_250

Tell: TypeAlias = Callable[[str], None]
"""Gets a short note on what is happening."""


def silent(note: str) -> None:
    """For callers who want no notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one run of the benchmark was asked for."""

    scenarios: Sequence[Scenario] = SCENARIOS
    contenders: Sequence[str] = NAMES
    quick: bool = False
    """Just long enough to see that everything works; the figures mean nothing."""

    seed: int = SEED
    tell: Tell = silent


class Section(NamedTuple):
    """What a part found out."""

    name: str
    title: str
    text: str
    """Paragraphs and tables, as Markdown."""

    data: object
    """The same as values that JSON knows, with more detail."""


class CannotMeasure(Exception):
    """A part cannot run on this machine; the message says why and what to do."""
