"""What a framework brings along to take part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from wsgiref.types import WSGIApplication

Sampler: TypeAlias = Callable[[int], float]
"""Does that many operations and returns what they took together: seconds, or bytes for memory."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One framework: its applications by the name of the scenario each is for."""

    name: str
    apps: Mapping[str, Callable[[], WSGIApplication]]
    """Rows made of requests: a new application."""

    samplers: Mapping[str, Callable[[], Sampler]]
    """All other rows: something that measures itself, having checked what it measures."""
