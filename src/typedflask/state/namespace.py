"""`typed_g`: the namespace `g` with the attributes that a class declares."""

from __future__ import annotations

from typing import Any, TypeVar

from ..ctx import AppGlobals, find_context
from ..proxies import active_globals
from .declared import NOTHING, Slot, attributes_of, stand_in_for

T = TypeVar("T")


def typed_g(declared: type[T], /) -> T:
    """A stand-in for `g` that has the attributes a class declares, and no others.

    Reading, setting and deleting act on the `g` of the active context, so that one module-level
    name serves all threads and tasks, and `g` itself knows the same attributes::

        class Globals:
            user: User | None = None
            started: float

        g = typed_g(Globals)

    A default belongs to each context anew; a list, a dict and anything else that can be changed is
    copied for it. An attribute without a default has to be set before it is read. Methods and
    properties of the class work. With `typedflask.ctx.AppGlobals` as its base, `in`, `get`, `pop`
    and `setdefault` work as with `g`. (Decision 070.)

    :param declared: a class with annotated attributes; nothing makes an instance of it.
    :returns: the stand-in. Reading an attribute that was never set, or that is not declared, raises
        an `AttributeError` that says which of the two; using it while no application is active
        raises a `RuntimeError`.
    :raises TypeError: a default cannot be copied.
    """
    slots = {name: GlobalSlot(attribute) for name, attribute in attributes_of(declared).items()}
    members: dict[str, object] = {"__dict__": property(_active_dict), "__repr__": _described}
    if issubclass(declared, AppGlobals):
        members.update(_methods())
    return stand_in_for(declared, slots, members)


class GlobalSlot(Slot):
    """An attribute kept in the `g` of the active context."""

    def read(self) -> object:
        """The value, or the default."""
        namespace = active_globals()
        try:
            return namespace.__dict__[self.attribute.name]
        except KeyError:
            return self._unset(namespace)

    def _unset(self, namespace: AppGlobals) -> object:
        attribute = self.attribute
        if attribute.default is not NOTHING:
            return attribute.default
        if attribute.fresh is not None:
            return namespace.__dict__.setdefault(attribute.name, attribute.fresh())
        # A class of the application's own for `g` may have it as a property or a default.
        if hasattr(type(namespace), attribute.name):
            value: object = getattr(namespace, attribute.name)
            return value
        raise AttributeError(
            f"{attribute} is declared, but was not set in this context. Set it before it is read,"
            " mostly in a function that runs before each request, or give it a default in the"
            " class.",
            name=attribute.name,
        )

    def write(self, value: object, /) -> None:
        """Set the attribute of `g`."""
        setattr(active_globals(), self.attribute.name, value)

    def remove(self) -> None:
        """Delete the attribute of `g`; a default shows again."""
        if self.attribute.name not in active_globals().__dict__:
            raise AttributeError(
                f"{self.attribute} was not set in this context, so there is nothing to delete.",
                name=self.attribute.name,
            )
        delattr(active_globals(), self.attribute.name)


# Any: the attributes of `g`.
def _active_dict(stand_in: object) -> dict[str, Any]:
    return active_globals().__dict__


def _described(stand_in: object) -> str:
    """The names that are set: values may be secret, and debuggers show this without a context."""
    name = type(stand_in).__qualname__
    context = find_context()
    if context is None:
        return f"<typed_g({name}), no application is active>"
    return f"<typed_g({name}) with {', '.join(context.g) or 'nothing set'}>"


def _methods() -> dict[str, object]:
    """The methods of `AppGlobals`, made to know only what is declared."""

    def get(self: object, name: str, default: object = None) -> object:
        _check(self, name)
        return getattr(self, name, default)

    # Any: as the methods of `AppGlobals`.
    def pop(self: object, name: str, *default: Any) -> Any:
        _check(self, name)
        return active_globals().pop(name, *default)

    def setdefault(self: object, name: str, default: object = None) -> object:
        _check(self, name)
        if not hasattr(self, name):
            setattr(self, name, default)
        value: object = getattr(self, name)
        return value

    return {"get": get, "pop": pop, "setdefault": setdefault}


def _check(stand_in: object, name: str) -> None:
    if not isinstance(vars(type(stand_in)).get(name), GlobalSlot):
        raise AttributeError(
            f"{type(stand_in).__qualname__} declares no attribute {name!r}.", name=name
        )
