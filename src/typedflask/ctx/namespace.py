"""The namespace `g`, made anew for each context.

To type checkers it comes in two kinds: `AppGlobals` has the attributes that a subclass declares
and no others, `OpenGlobals`, which `g` itself is, has any. To the running program both are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any


class AppGlobals:
    """The namespace `g`: any attribute, for as long as the context lasts.

    Flask's documentation, "Application Globals". A subclass may declare the attributes it has, to
    be read through `typed_g` or to become `Flask.app_ctx_globals_class`.
    """

    def get(self, name: str, default: Any = None) -> Any:
        """The attribute's value, or `default` when it was not set, like `dict.get`."""
        return self.__dict__.get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        """Remove an attribute and give its value, or `default` when it was not set.

        :raises KeyError: it was not set and no default was given.
        """
        return self.__dict__.pop(name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """The attribute's value, set to `default` first when it was not set."""
        return self.__dict__.setdefault(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __repr__(self) -> str:
        return f"<g with {', '.join(self.__dict__) or 'nothing set'}>"


if TYPE_CHECKING:

    class OpenGlobals(AppGlobals):
        """The namespace `g` as it has always been: any attribute.

        Any: applications keep what they like in `g`; `typed_g` is the declared way.
        """

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...
        def __delattr__(self, name: str) -> None: ...

else:
    OpenGlobals = AppGlobals
