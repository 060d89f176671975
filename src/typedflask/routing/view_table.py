"""The views of an application by endpoint, in a dictionary that notices when it is changed.

So what is worked out from it, such as the endpoints of a view (`view_index`), can be kept, and is
right when views are added or replaced in whatever way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeAlias

# Any: views have any parameters, and were checked when they were registered.
AnyView: TypeAlias = Callable[..., Any]

CHANGES: Final = (
    *("__setitem__", "__delitem__", "__ior__"),
    *("clear", "pop", "popitem", "setdefault", "update"),
)
"""The methods of a dictionary that change it."""


class ViewTable(dict[str, AnyView]):
    """The views by endpoint."""

    worked_out: object = None
    """What was worked out from the views; every change drops it."""


# Any, in both: a dictionary's own methods, whose parameters and results pass through.
def _noticed(change: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(change)
    def changed(self: ViewTable, /, *args: Any, **kwargs: Any) -> Any:
        try:
            return change(self, *args, **kwargs)
        finally:
            self.worked_out = None

    return changed


for _name in CHANGES:
    setattr(ViewTable, _name, _noticed(getattr(dict, _name)))
