"""Bringing together what two requests did to one session at the same time.

Each request's changes are the difference between what it loaded and what it has in the end: keys
that it set, and keys that it removed. They are made once more on what another request wrote
meanwhile, so two requests that change different keys lose nothing. Of one key the later write
counts, as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Changes:
    """What one request did; Any: the values of a session."""

    set: Mapping[str, Any]
    removed: AbstractSet[str]

    def on(self, theirs: Mapping[str, Any]) -> dict[str, Any]:
        """What comes of another request's data when these changes are made on it."""
        merged = {key: value for key, value in theirs.items() if key not in self.removed}
        merged.update(self.set)
        return merged


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any], write: Callable[[Any], str]
) -> Changes:
    """What was changed.

    :param before: the data as loaded.
    :param after: the data now.
    :param write: writes a value as the store keeps it. Values are compared in writing: 1 and True
        are equal and yet not the same, and a list may be the very list that was loaded.
    """
    changed = {
        key: value
        for key, value in after.items()
        if key not in before or write(value) != write(before[key])
    }
    return Changes(changed, before.keys() - after.keys())


__all__ = ["Changes", "changes_between"]
