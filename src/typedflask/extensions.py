"""`app.extensions`, where extensions keep what belongs to one application, and typed keys for it.

To Flask it is a dict from names to anything, and it is one here. A `Key` is a name together with
the type of what is kept under it, so that `app.extensions[KEY]` needs no cast (decision 074)::

    MAILER = Key("mailer", Mailer)

    app.extensions[MAILER] = Mailer(app)
    app.extensions[MAILER].send(...)  # a Mailer; app.extensions["mailer"] is the same object
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar, get_origin, overload

T = TypeVar("T")
D = TypeVar("D")


class _Missing:
    """The type of the mark for "no default was given"."""


MISSING: Final = _Missing()


class Key(Generic[T]):
    """The name of something in `app.extensions`, and its type.

    :param name: the name, as extensions have always used it.
    :param kind: the class of what is kept, or a form such as `list[int]`, of which the class is
        checked when the program runs. Without it nothing is, and the type is written as a
        parameter: `Key[int | None]("limit")`.
    """

    __slots__ = ("_class", "name")

    def __init__(self, name: str, kind: type[T] | None = None, /) -> None:
        self.name: Final = name
        self._class: Final = None if kind is None else _checkable(kind)

    # Any: what a dict of extensions holds is known once it was looked at, here.
    def checked(self, value: Any, /) -> T:
        """The value, if it is what the key promises.

        :raises TypeError: it is of another class; the message names both.
        """
        if self._class is None or isinstance(value, self._class):
            kept: T = value
            return kept
        raise TypeError(
            f"app.extensions[{self.name!r}] is declared to be of the class"
            f" {self._class.__qualname__}, and this is a {type(value).__qualname__}. Is there"
            " another extension of the same name?"
        )

    # A key stands for its name, in a plain dict as well.
    def __eq__(self, other: object) -> bool:
        return self.name == (other.name if isinstance(other, Key) else other)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        kind = "" if self._class is None else f", {self._class.__qualname__}"
        return f"Key({self.name!r}{kind})"


def _checkable(kind: object) -> type | None:
    """The class that `isinstance` can ask for; None for Protocols and forms without a class."""
    found: object = get_origin(kind) or kind
    protocol = getattr(found, "_is_protocol", False)
    return found if isinstance(found, type) and not protocol else None


class Extensions(dict[str, Any]):
    """What extensions keep for one application: a dict that also takes typed keys.

    Any: what is kept under a plain name is only known to the extension it belongs to. A `Key`
    stands for its name: both find the same thing, and iterating gives names.
    """

    @overload
    def __getitem__(self, key: Key[T], /) -> T: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...
    def __getitem__(self, key: str | Key[Any], /) -> Any:
        if not isinstance(key, Key):
            return super().__getitem__(key)
        try:
            value: object = super().__getitem__(key.name)
        except KeyError as error:
            error.add_note(
                f"No extension has put {key!r} into app.extensions of this application yet; that"
                " mostly happens in its init_app()."
            )
            raise
        return key.checked(value)

    @overload
    def __setitem__(self, key: Key[T], value: T, /) -> None: ...
    @overload
    def __setitem__(self, key: str, value: Any, /) -> None: ...
    def __setitem__(self, key: str | Key[Any], value: Any, /) -> None:
        if isinstance(key, Key):
            super().__setitem__(key.name, key.checked(value))
        else:
            super().__setitem__(key, value)

    def __delitem__(self, key: str | Key[Any], /) -> None:
        super().__delitem__(_name(key))

    def __contains__(self, key: object, /) -> bool:
        return super().__contains__(_name(key))

    @overload
    def get(self, key: str, default: Any = None, /) -> Any: ...
    @overload
    def get(self, key: Key[T], default: None = None, /) -> T | None: ...
    @overload
    def get(self, key: Key[T], default: D, /) -> T | D: ...
    # pyright sees an incompatible override in any overloaded `get` or `pop` of a dict, as in
    # config/keys.py.
    def get(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, key: str | Key[Any], default: Any = None, /
    ) -> Any:
        """What is kept under a key, or `default`.

        :raises TypeError: it is not of the class that the key promises.
        """
        if key not in self:
            return default
        return self[key]

    @overload
    def pop(self, key: str, /) -> Any: ...
    @overload
    def pop(self, key: str, default: Any, /) -> Any: ...
    @overload
    def pop(self, key: Key[T], /) -> T: ...
    @overload
    def pop(self, key: Key[T], default: D, /) -> T | D: ...
    def pop(  # pyright: ignore[reportIncompatibleMethodOverride]  # as `get`
        self, key: str | Key[Any], default: Any = MISSING, /
    ) -> Any:
        """Remove a key and give what was kept under it, or `default`.

        :raises KeyError: there was nothing, and no default was given.
        :raises TypeError: it is not of the class that the key promises; it is kept then.
        """
        if default is not MISSING and key not in self:
            return default
        value = self[key]
        del self[key]
        return value

    @overload
    def setdefault(self, key: str, default: None = None, /) -> Any: ...
    @overload
    def setdefault(self, key: str, default: Any, /) -> Any: ...
    @overload
    def setdefault(self, key: Key[T], default: T, /) -> T: ...
    def setdefault(self, key: str | Key[Any], default: Any = None, /) -> Any:
        """What is kept under a key, which is set to `default` first if there is nothing.

        :raises TypeError: what is there, or `default`, is not of the class that the key promises.
        """
        if key not in self:
            self[key] = default
        return self[key]


def _name(key: object) -> Any:  # Any: what is no key at all is for the dict to refuse
    """What stands in the dict for a key."""
    return key.name if isinstance(key, Key) else key
