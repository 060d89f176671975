"""The dictionary of names and values that requests show: Werkzeug's, read in fewer steps.

`request.args`, `request.form` and `request.cookies` are read many times for each time they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from werkzeug import datastructures
from werkzeug.exceptions import BadRequestKeyError

# Any: lists are stored in what shows single values, and is typed as what it shows.
LISTS: Final[type[dict[str, Any]]] = dict

new: Final = LISTS.__new__
fill: Final = LISTS.update
find: Final = LISTS.get


class ImmutableMultiDict(datastructures.ImmutableMultiDict[str, str]):
    """Werkzeug's immutable dictionary, under its name, which it shows in its messages.

    What is read most is read without detours; all else, and what is stored, is Werkzeug's.
    """

    # Copies and pickles may outlive this package's part in them: they are made as Werkzeug's.
    def __reduce_ex__(self, protocol: object) -> tuple[type[Any], tuple[object]]:
        return datastructures.ImmutableMultiDict, (list(self.items(multi=True)),)

    if not TYPE_CHECKING:
        # The base class declares and describes these.

        def __getitem__(self, key: str) -> str:
            values = find(self, key)
            if values:
                return values[0]
            raise BadRequestKeyError(key)

        def get(
            self,
            key: str,
            default: object = None,
            type: Callable[[str], object] | None = None,
        ) -> object:
            values = find(self, key)
            if not values:
                return default
            if type is None:
                return values[0]
            try:
                return type(values[0])
            except (ValueError, TypeError):
                return default

        def getlist(self, key: str, type: Callable[[str], object] | None = None) -> list[object]:
            if type is not None:
                return super().getlist(key, type)
            values = find(self, key)
            return [] if values is None else values[:]


def holding(lists: dict[str, list[str]]) -> ImmutableMultiDict:
    """A dictionary of these names and their values.

    The constructor finds out what it was given and copies it; here that is known, and nobody else
    has it.
    """
    values = new(ImmutableMultiDict)
    fill(values, lists)
    return values
