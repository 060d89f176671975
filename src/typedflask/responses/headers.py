"""The headers of a response: Werkzeug's, with short ways for what applications mostly do.

Setting, adding and looking up a header by a name and a value of text is done here; all else, and
whatever is out of the ordinary (a value of several lines, an index, options), is Werkzeug's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

from werkzeug.datastructures import Headers as BaseHeaders

from .sendable import KNOWN, PLAIN

Pairs: TypeAlias = list[tuple[str, str]]


class Added:
    """The headers that responses were given in this order, after those they were made with.

    Responses are given the same headers by the same functions. Where one goes on as another did
    before, its next header is known: no name there is equals its name, and it is sent as it is.

    :param names: of all headers up to here, in lower case.
    """

    __slots__ = ("following", "names")

    def __init__(self, names: frozenset[str]) -> None:
        self.names: frozenset[str] = names
        self.following: dict[tuple[str, str] | None, Added] = {}
        """By the header that was next, which for a cookie is None: it is another one each time."""

    def learn(self, header: tuple[str, str]) -> Added | None:
        """These headers and one more, noted for the next response.

        :param header: its name and value.
        :returns: None if it is not known to be sent as it is, or its name is there already.
        """
        if KNOWN.get(header) != PLAIN:
            return None
        name = header[0].lower()
        return None if name in self.names else self._noted(header, name)

    def with_cookie(self) -> Added:
        """These headers and one more cookie, of which there may be some already."""
        return self.following.get(None) or self._noted(None, "set-cookie")

    def _noted(self, header: tuple[str, str] | None, name: str) -> Added:
        if len(LEARNED) >= MOST:
            AS_MADE.following.clear()
            LEARNED.clear()
        longer = self.following[header] = Added(self.names | {name})
        LEARNED.append(longer)
        return longer


AS_MADE: Final = Added(frozenset({"content-type", "content-length"}))
"""What a response of text has before it is given any header."""

LEARNED: Final[list[Added]] = []
"""All that was noted; when these are too many, all are forgotten."""

MOST: Final = 1024


@final
class Headers(BaseHeaders):  # noqa: PLW1641 - as Werkzeug's, they can change
    """The headers of a response, equal to Werkzeug's with the same names and values."""

    __slots__ = ("_added", "_looked_at")

    _list: Pairs
    _added: Added
    """What was added to the headers as they were made, one by one."""
    _looked_at: Pairs | None
    """What the headers are then, if nobody changes them in another way; None: not made as known."""

    # Any: Werkzeug's constructor takes pairs and mappings of many kinds.
    def __init__(self, defaults: Any = None) -> None:
        super().__init__(defaults)
        self._added, self._looked_at = AS_MADE, None

    def __reduce__(self) -> tuple[type[Headers], tuple[Pairs]]:
        return Headers, (self._list.copy(),)

    @staticmethod
    def of_pairs(pairs: Pairs) -> Headers:
        """Headers with names and values known to be good, which are not looked at again.

        :param pairs: the list the headers keep from now on.
        """
        headers = new_headers(Headers)
        headers._list = pairs
        headers._added, headers._looked_at = AS_MADE, None
        return headers

    @staticmethod
    def as_made(pairs: Pairs) -> Headers:
        """The headers of a response of text: its type and its length, which can be sent.

        :param pairs: those that other responses are made with, too; they are not changed.
        """
        headers = new_headers(Headers)
        headers._list = pairs.copy()
        headers._added = AS_MADE
        headers._looked_at = pairs
        return headers

    @staticmethod
    def are_looked_at(headers: BaseHeaders, pairs: Pairs) -> bool:
        """Whether headers are those of a response of text and others that are sent as they are.

        :param headers: of either class.
        :param pairs: their names and values.
        """
        return type(headers) is Headers and headers._looked_at == pairs

    def __eq__(self, other: object) -> bool:
        # Werkzeug's are equal to those of the same class only, and ask this one when they differ.
        if type(other) is BaseHeaders:
            return BaseHeaders(self) == other
        return super().__eq__(other)

    def to_wsgi_list(self) -> Pairs:
        """The names and values as a list of the server's own."""
        return self._list.copy()

    def __contains__(self, key: str) -> bool:
        return first(self._list, key) is not None if type(key) is str else super().__contains__(key)

    def setdefault(self, key: str, default: Any) -> str:
        """The first value of a header, which is set first if it is not there.

        :param key: the name.
        :param default: the value to set. Any: what is not text becomes text.
        """
        if type(key) is str and key.isascii():
            if self._list == self._looked_at and type(default) is str:
                header, before = (key, default), self._added
                added = before.following.get(header) or before.learn(header)
                if added is not None:
                    self._go_on(header, added)
                    return default
            # As `first`, by a call less.
            length = len(key)
            for known, value in self._list:
                if len(known) == length and (known == key or known.lower() == key.lower()):
                    return value
            if type(default) is str and "\n" not in default and "\r" not in default:
                self._list.append((key, default))
                return default
        return super().setdefault(key, default)

    def set(self, key: str, value: Any, /, **kwargs: Any) -> None:
        """Set a header, in the place of all that have the name.

        :param key: the name.
        :param value: the value. Any: what is not text becomes text.
        :param kwargs: options to write behind the value.
        """
        if kwargs or type(key) is not str or not put(self._list, key, value):
            super().set(key, value, **kwargs)

    def add(self, key: str, value: Any, /, **kwargs: Any) -> None:
        """Add a header to those that may have the name already.

        :param key: the name.
        :param value: the value. Any: what is not text becomes text.
        :param kwargs: options to write behind the value.
        """
        if kwargs or type(value) is not str or "\n" in value or "\r" in value:
            super().add(key, value, **kwargs)
        else:
            self._list.append((key, value))

    def add_cookie(self, value: str) -> None:
        """Add a `Set-Cookie` with a value that is known to be sent as it is.

        :param value: a cookie with its attributes, of printable ASCII.
        """
        header = ("Set-Cookie", value)
        if self._list == self._looked_at:
            self._go_on(header, self._added.with_cookie())
        else:
            self._list.append(header)

    def _go_on(self, header: tuple[str, str], added: Added) -> None:
        """Add a header of which is known that it is sent as it is.

        :param header: its name and value.
        :param added: the headers added up to here, this one with them.
        """
        if self._added is AS_MADE or self._looked_at is None:
            self._looked_at = self._list.copy()  # the other list is the next response's, too
        self._looked_at.append(header)
        self._added = added
        self._list.append(header)

    if not TYPE_CHECKING:  # checkers read Werkzeug's overloads, which these two keep

        def __setitem__(self, key: object, value: object) -> None:
            pairs = self._list
            if pairs == self._looked_at and type(key) is str and type(value) is str:
                header, before = (key, value), self._added
                added = before.following.get(header) or before.learn(header)
                if added is not None:
                    # As `_go_on`, by a call less for each header of each response.
                    if before is AS_MADE:
                        self._looked_at = pairs.copy()
                    self._looked_at.append(header)
                    self._added = added
                    pairs.append(header)
                    return
            if type(key) is str and type(value) is str and key.isascii() and value.isprintable():
                # As `put`, for a name that is not there yet: most that are set are not.
                length = len(key)
                for known, _ in pairs:
                    if len(known) == length and (known == key or known.lower() == key.lower()):
                        break
                else:
                    pairs.append((key, value))
                    return
            if type(key) is not str or not put(pairs, key, value):
                super().__setitem__(key, value)

        def get(self, key: object, default: object = None, type: object = None) -> object:
            if type is not None or key.__class__ is not str:
                return super().get(key, default, type)
            found = first(self._list, key)
            return default if found is None else found


# Names that are equal but for case are equally long if one of them is ASCII: of the characters
# beyond it only "İ" becomes more than one when lowered, and one of those is not ASCII. So names of
# another length need not be lowered to be told apart.


def first(pairs: Pairs, name: str) -> str | None:
    """The first value under a name, without regard to case; None if there is none."""
    if not name.isascii():
        lowered = name.lower()
        return next((value for known, value in pairs if known.lower() == lowered), None)
    length = len(name)
    for known, value in pairs:
        if len(known) == length and (known == name or known.lower() == name.lower()):
            return value
    return None


def put(pairs: Pairs, name: str, value: object) -> bool:
    """Set a header among others; False if that takes more than adding it or replacing one."""
    if type(value) is not str or "\n" in value or "\r" in value or not name.isascii():
        return False
    length = len(name)
    for place, (known, _) in enumerate(pairs):  # noqa: B007 - used after the loop
        if len(known) == length and (known == name or known.lower() == name.lower()):
            break
    else:
        pairs.append((name, value))
        return True
    if first(pairs[place + 1 :], name) is not None:
        return False
    pairs[place] = (name, value)
    return True


new_headers: Final[Callable[[type[Headers]], Headers]] = Headers.__new__
headers_of: Final = Headers.of_pairs
headers_as_made: Final = Headers.as_made
are_looked_at: Final = Headers.are_looked_at
