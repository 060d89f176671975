"""`typed_session`: the session with the keys that a `TypedDict` declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from difflib import get_close_matches
from functools import cached_property, partial
from typing import Any, Final, Generic, NoReturn, Self, TypeVar, cast
from weakref import WeakKeyDictionary

from typing_extensions import TypeIs, is_typeddict, override

from ..ctx import RequestContext, find_request_context, request_context
from ..proxies import active_session
from ..responses import Response
from ..sessions.contract import SessionSerializer
from .kinds import Kind, fields_of, of_class, plain_name

TD = TypeVar("TD")
MUTABLE: Final = (list, dict, set, bytearray)
"""The classes of values that can be changed from inside, which no session notices by itself."""


class UndeclaredKey(KeyError):
    """A key that the `TypedDict` of the session does not declare."""

    def __str__(self) -> str:
        # KeyError shows the repr of its argument, which suits a key and not a sentence.
        return str(self.args[0])


class SessionData(MutableMapping[str, object]):
    """The declared items of the session of the active request.

    A value is checked when it is set: against the declaration, and by the serializer of the
    session's backend, if it has one, so that what cannot be stored is refused by the line that
    sets it. Items that the declaration does not know (flashed messages, a token of an extension)
    stay in the session and are not seen here.

    A value of another type than declared, as in the cookie of an earlier release, counts as not
    set: it is the visitor's, who cannot help it.
    """

    def __init__(self, declared: type) -> None:
        self._declared = declared
        self._watched: WeakKeyDictionary[RequestContext, dict[str, object]] = WeakKeyDictionary()

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        # Made when first needed: then the names in the annotations are all defined.
        return fields_of(self._declared)

    def _kind(self, key: str) -> Kind:
        """How a key is declared."""
        kind = self._kinds.get(key)
        if kind is not None:
            return kind
        close = get_close_matches(str(key), self._kinds, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise UndeclaredKey(
            f"{plain_name(self._declared)} declares no key {key!r}.{hint} It declares"
            f" {', '.join(map(repr, self._kinds)) or 'none'}."
        )

    # --- reading

    def __getitem__(self, key: str, /) -> object:
        kind = self._kind(key)
        session = active_session()
        if key in session:
            value: object = session[key]
            if _fits(kind, value):
                self._watch(key, value)
                return value
        raise KeyError(key)

    @override
    def get(self, key: str, default: object = None, /) -> object:
        self._kind(key)
        return super().get(key, default)

    def __contains__(self, key: object, /) -> bool:
        kind = self._kinds.get(key) if isinstance(key, str) else None
        session = active_session()
        return kind is not None and key in session and _fits(kind, session[str(key)])

    def __iter__(self) -> Iterator[str]:
        return iter([key for key in self._kinds if key in self])

    def __len__(self) -> int:
        return sum(key in self for key in self._kinds)

    def copy(self) -> dict[str, object]:
        """The declared items that are set, as a dict."""
        return dict(self)

    def __or__(self, other: Mapping[str, object]) -> dict[str, object]:
        return {**self, **other}

    def __ror__(self, other: Mapping[str, object]) -> dict[str, object]:
        return {**other, **self}

    def __repr__(self) -> str:
        name = plain_name(self._declared)
        if find_request_context() is None:
            return f"<session data {name}, no request is active>"
        return f"<session data {name} with {', '.join(self) or 'nothing set'}>"

    # --- writing

    def __setitem__(self, key: str, value: object, /) -> None:
        self._check(key, value)
        session = active_session()
        session[key] = value
        session.modified = True

    def __delitem__(self, key: str, /) -> None:
        self._kind(key)
        session = active_session()
        del session[key]
        session.modified = True

    # Any: as `MutableMapping.pop`, whose default may be anything.
    @override
    def pop(self, key: str, *default: Any) -> Any:
        self._kind(key)
        return super().pop(key, *default)

    # Any: as `MutableMapping.update`, which takes mappings and pairs.
    @override
    def update(self, other: Any = (), /, **values: object) -> None:
        items: dict[str, object] = dict(other, **values)
        for key, value in items.items():  # all of them, before the first is set
            self._check(key, value)
        super().update(items)

    def __ior__(self, other: Mapping[str, object]) -> Self:
        self.update(other)
        return self

    def _check(self, key: str, value: object) -> None:
        """Refuse a key or value that is not declared, or that cannot be stored."""
        kind = self._kind(key)
        mismatch = _mismatch(kind, value)
        if mismatch is not None:
            self._refuse(key, value, f"it is declared as {kind.wants}{mismatch}")
        backend = request_context().app.session_interface
        serializer: object = getattr(backend, "serializer", None)
        if not is_serializer(serializer):
            return  # the backend does not say what it can store; it says so when it saves
        keeper = plain_name(type(backend))
        try:
            stored: object = serializer.loads(serializer.dumps({key: value}))[key]
        except RecursionError:
            self._refuse(key, value, f"{keeper} cannot store it: it is nested too deeply")
        except (TypeError, ValueError, OverflowError) as error:
            self._refuse(key, value, f"{keeper} cannot store it: {error}")
        mismatch = _mismatch(kind, stored)
        if mismatch is not None:
            changed = f"{keeper} would give it back as {of_class(type(stored))}"
            self._refuse(key, value, f"{changed}{mismatch}")

    def _refuse(self, key: str, value: object, reason: str) -> NoReturn:
        # The type and not the value, which may be a secret.
        raise TypeError(
            f"{plain_name(self._declared)}[{key!r}] cannot be {of_class(type(value))}: {reason}."
        )

    # --- noticing changes inside of values

    def _watch(self, key: str, value: object) -> None:
        """Have a list or dict compared with what it was when it was first read."""
        if not _can_change(value):
            return
        context = request_context()
        before = self._watched.get(context)
        if before is None:
            before = self._watched[context] = {}
            context.after_functions += (partial(_note_changes, before),)
        if key not in before:
            before[key] = deepcopy(value)


def _note_changes(before: Mapping[str, object], response: Response) -> Response:
    """Mark the session as modified if a value is no longer what it was; runs after the view."""
    session = active_session()
    if not session.modified:
        session.modified = any(session.get(key) != value for key, value in before.items())
    return response


def _can_change(value: object) -> bool:
    return isinstance(value, MUTABLE)


def _mismatch(kind: Kind, value: object) -> str | None:
    """None for a value that fits; else where inside of it the mistake is, if it is inside."""
    try:
        kind.read(value)
    except (TypeError, ValueError) as error:
        return f" ({error})" if str(error) else ""
    return None


def _fits(kind: Kind, value: object) -> bool:
    return _mismatch(kind, value) is None


def is_serializer(found: object) -> TypeIs[SessionSerializer]:
    """Whether a backend told us how it writes values."""
    return callable(getattr(found, "dumps", None)) and callable(getattr(found, "loads", None))


class Session(Generic[TD]):
    """The session of the active request, with its items declared; made by `typed_session`."""

    def __init__(self, declared: type[TD], /) -> None:
        # The one place where the view is called what it stands for: a dict of the declared form.
        self._data = cast("TD", SessionData(declared))

    @property
    def data(self) -> TD:
        """The items, checked when they are set. See `SessionData`."""
        return self._data

    @property
    def modified(self) -> bool:
        """Whether the session will be saved; set by every change made through `data`."""
        return active_session().modified

    @modified.setter
    def modified(self, value: bool) -> None:
        active_session().modified = value

    @property
    def permanent(self) -> bool:
        """Whether the session outlives the browser, for `PERMANENT_SESSION_LIFETIME` at most."""
        return active_session().permanent

    @permanent.setter
    def permanent(self, value: bool) -> None:
        active_session().permanent = value

    @property
    def accessed(self) -> bool:
        """Whether the response depends on the session."""
        return active_session().accessed

    @property
    def new(self) -> bool:
        """Whether the session began with this request, where the backend knows; else False."""
        return active_session().new

    def clear(self) -> None:
        """Remove everything from the session, what the declaration does not know as well."""
        session = active_session()
        session.clear()
        session.modified = True

    def regenerate(self) -> None:
        """Go on under a new id, where the session has one; call it at a login."""
        active_session().regenerate()

    def __repr__(self) -> str:
        return f"<typed_session: {self._data!r}>"


def typed_session(declared: type[TD], /) -> Session[TD]:
    """The session with the keys that a `TypedDict` declares.

    It stands for the session of the active request, so that one module-level name serves all
    threads and tasks, and the classic `session` sees the same items::

        class Data(TypedDict):
            user_id: NotRequired[int]
            cart: NotRequired[list[int]]

        session = typed_session(Data)

        session.data["user_id"] = 3
        session.data.get("cart")  # list[int] | None
        session.permanent = True

    A session begins empty, so declare keys as `NotRequired`, or the class with `total=False`.
    (Decision 071.)

    :param declared: the `TypedDict`. Its annotations are evaluated when it is first used.
    :returns: the session; using it while no request is active raises a `RuntimeError`, an
        undeclared key a `KeyError`, a value of another type, or one that the backend cannot store,
        a `TypeError`.
    :raises TypeError: this is not a `TypedDict`.
    """
    if not is_typeddict(declared):
        raise TypeError(
            f"typed_session() takes a class derived from TypedDict, and {declared!r} is none."
        )
    return Session(declared)


__all__ = ["Session", "SessionData", "UndeclaredKey", "typed_session"]
