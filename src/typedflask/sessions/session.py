"""The session objects that a view sees: the mixin for all, the cookie's own, and the empty one.

A session is a dict with text keys that knows whether it was read and whether it was changed.
Names and meaning are those of Flask's documentation, "Sessions" and "Session Interface".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import wraps
from typing import Any, Concatenate, Final, NoReturn, ParamSpec, TypeVar

from ..newer_typing import override
from .asking import Imported

P = ParamSpec("P")
T = TypeVar("T")

PERMANENT: Final = "_permanent"
"""The key under which a session remembers that it is permanent."""

DICT: Final[type[dict[str, Any]]] = dict
"""The plain dict, whose methods note nothing; with types for the checkers.

Its `copy` is not used: of a session, Python makes one by calling the session's own methods.
"""

NO_SECRET_KEY: Final = (
    "The session is unavailable because no secret key is set, so there is nothing to sign its "
    "cookie with. Set `app.secret_key` or the configuration key SECRET_KEY to a long random "
    "value that stays the same between restarts; "
    '`python -c "import secrets; print(secrets.token_hex())"` prints a good one.'
)


class SessionMixin(MutableMapping[str, Any]):
    """Adds to a dict what a session has beside its items; a base for sessions of your own.

    Any: values are whatever the backend's serializer can carry.

    The defaults suit a session that cannot watch itself: it counts as read and as changed, so it
    is saved and marked with `Vary: Cookie` on every response.
    """

    new: bool = False
    """Whether the session began with this request, where the backend knows; else False."""

    modified: bool = True
    """Whether the session was changed and must be saved. Set it to True yourself after changing
    a list or dict *inside* the session."""

    accessed: bool = True
    """Whether the session was read or written, so that the response depends on the cookie."""

    @property
    def permanent(self) -> bool:
        """Whether the session outlives the browser.

        A permanent session ends `PERMANENT_SESSION_LIFETIME` after it was last sent; any other
        ends with the browser. It is an item like others, kept under the key `"_permanent"`.
        """
        return bool(self.get(PERMANENT, False))

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self[PERMANENT] = bool(value)

    def regenerate(self) -> None:
        """Go on under a new id, where the session has one; call it at a login.

        A session on the server has an id, which somebody else may know or have put there. One
        that is in a cookie has none, and nothing happens.
        """


class SecureCookieSession(dict[str, Any], SessionMixin):
    """The session of a signed cookie: a dict that notes when it is read and when it is changed.

    Any: values are whatever the serializer can carry; see `typedflask.json.tag`.

    Only the session's own items are watched. After `session["cart"].append(...)` set
    `session.modified = True`. A `pop` of a key that is not there and a `setdefault` of one that
    is are no changes; `clear` and `update` always are.

    :param initial: what the session holds to begin with; this counts neither as read nor as
        changed.
    """

    modified: bool = False
    accessed: bool = False

    def __init__(self, initial: Mapping[str, Any] | None = None) -> None:
        if initial is not None:
            DICT.update(self, initial)

    # The methods a view calls most are written out, which halves their cost; the others follow
    # below the class as rows, and keep the types that `dict` gives them.

    def __getitem__(self, key: str, /) -> Any:
        self.accessed = True
        return DICT.__getitem__(self, key)

    @override
    def get(self, key: str, default: Any = None, /) -> Any:
        self.accessed = True
        return DICT.get(self, key, default)

    def __contains__(self, key: object, /) -> bool:
        self.accessed = True
        return DICT.__contains__(self, key)

    def __setitem__(self, key: str, value: Any, /) -> None:
        self.accessed = self.modified = True
        DICT.__setitem__(self, key, value)

    def __delitem__(self, key: str, /) -> None:
        self.accessed = True
        DICT.__delitem__(self, key)
        self.modified = True

    @override
    def pop(self, key: str, /, *default: Any) -> Any:
        if key in self:
            self.modified = True
        return super().pop(key, *default)

    @override
    def setdefault(self, key: str, default: Any = None, /) -> Any:
        if key not in self:
            self.modified = True
        return super().setdefault(key, default)


new_session: Final[Callable[[type[SecureCookieSession]], SecureCookieSession]] = (
    SecureCookieSession.__new__
)
"""Makes a session that holds nothing, without calling its constructor."""

Method = Callable[Concatenate[SecureCookieSession, P], T]


def _reading(method: Method[P, T]) -> Method[P, T]:
    """The method of a dict, made to note that the session was read."""

    @wraps(method)
    def read(session: SecureCookieSession, /, *args: P.args, **kwargs: P.kwargs) -> T:
        session.accessed = True
        return method(session, *args, **kwargs)

    return read


def _writing(method: Method[P, T]) -> Method[P, T]:
    """The method of a dict, made to note that the session was changed."""

    @wraps(method)
    def write(session: SecureCookieSession, /, *args: P.args, **kwargs: P.kwargs) -> T:
        session.accessed = session.modified = True
        return method(session, *args, **kwargs)

    return write


READERS: Final = (
    "__eq__",
    "__iter__",
    "__len__",
    "__ne__",
    "__or__",
    "__repr__",
    "__reversed__",
    "__ror__",
    "copy",
    "items",
    "keys",
    "values",
)
"""Methods of a dict that tell something of its content and leave it as it is."""

WRITERS: Final = ("__ior__", "clear", "popitem", "update")
"""Methods of a dict that change it."""

for _name in READERS:
    setattr(SecureCookieSession, _name, _reading(getattr(dict, _name)))
for _name in WRITERS:
    setattr(SecureCookieSession, _name, _writing(getattr(dict, _name)))


class NullSession(SecureCookieSession):
    """Stands where a session cannot be had: reading finds nothing, writing says what is missing.

    So a page that merely looks whether somebody is logged in works without a secret key.
    """


Imported.null_session = NullSession


def _refuse(session: NullSession, /, *args: object, **kwargs: object) -> NoReturn:
    raise RuntimeError(NO_SECRET_KEY)


for _name in (*WRITERS, "__setitem__", "__delitem__", "pop", "setdefault"):
    setattr(NullSession, _name, _refuse)
