"""Every hook by name, with the order in which its functions run beside it."""

from .table import (
    INSIDE_OUT,
    OUTSIDE_IN,
    STAGES,
    Hooks,
    Stage,
    Walk,
    describe,
    in_order,
    merge,
    new_hooks,
)

__all__ = [
    "INSIDE_OUT",
    "OUTSIDE_IN",
    "STAGES",
    "Hooks",
    "Stage",
    "Walk",
    "describe",
    "in_order",
    "merge",
    "new_hooks",
]
