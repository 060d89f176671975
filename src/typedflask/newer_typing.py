"""What `typing` has only in newer Python, or at a price, for rooms that every program imports.

Checkers see `typing_extensions`. Importing that takes longer than any room of this package, and
when the program runs next to nothing of it is used: the default of a type variable, for one,
matters to checkers alone. So before Python 3.13 these names are the nearest that `typing` has.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import overload

    from typing_extensions import TypeIs, TypeVar, override
elif sys.version_info >= (3, 13):
    from typing import TypeIs, TypeVar, override
else:
    from typing import TypeGuard as TypeIs
    from typing import TypeVar as Variable

    def variable(
        name: str, *constraints: object, default: object = None, **options: object
    ) -> Variable:
        """Make a type variable; its default is for checkers."""
        return Variable(name, *constraints, **options)

    def override(method: object) -> object:
        """Say to checkers, and to who reads, that a method is one of a base class."""
        return method

    TypeVar = variable


if not TYPE_CHECKING:

    def overload(method: object) -> object:
        """As that of `typing`, which would keep all signatures for who asks a running program."""
        return method


__all__ = ["TypeIs", "TypeVar", "overload", "override"]
