"""Tagged JSON: text that gives back the tuples, bytes, dates and UUIDs that went into it.

A value JSON has no word for is written as an object with one key, its tag: `(1, 2)` becomes
`{" t": [1, 2]}`. Session cookies are written this way. Names and format are those of Flask's
documentation, so each package reads the cookies of the other; see
docs/decisions/021-tagged-json.md.

To teach the serializer another type, describe it and register the description::

    class TagDecimal(JSONTag):
        key = " dec"

        def check(self, value: object) -> bool:
            return isinstance(value, Decimal)

        def to_json(self, value: Decimal) -> str:
            return str(value)

        def to_python(self, value: str) -> Decimal:
            return Decimal(value)

    serializer.register(TagDecimal)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from markupsafe import Markup
from werkzeug.http import http_date, parse_date

from typedflask.json import codec
from typedflask.json.decode import quick_to_read, read_json
from typedflask.json.encode import default_json, standard_text
from typedflask.json.quick import Style, fast_json
from typedflask.json.tagless import holds_no_tag, plain_text
from typedflask.json.where import is_dict, parts_of
from typedflask.newer_typing import override

# Any, in all of this module: a tag may stand for a value of any type and be written as any JSON.

T = TypeVar("T")

# The types JSON text is read as, with element types for the checkers.
_OBJECT: Final[type[dict[str, Any]]] = dict
_ARRAY: Final[type[list[Any]]] = list


def _wanted(kind: type[T], value: object, /) -> T:
    """The value, which is only read as what the tag writes."""
    if isinstance(value, kind):
        return value
    raise TypeError(f"it writes a {kind.__name__}")


class JSONTag(ABC):
    """How one type is written: the base class of all rows of the table.

    :param serializer: the serializer this tag belongs to; `to_json` uses its `tag` for parts.
    """

    __slots__ = ("serializer",)

    key: str = ""
    """The tag. Empty for a type that is written without one, only its parts being tagged."""

    def __init__(self, serializer: TaggedJSONSerializer) -> None:
        self.serializer: TaggedJSONSerializer = serializer

    @abstractmethod
    def check(self, value: Any) -> bool:
        """Whether `value` is written by this tag."""

    @abstractmethod
    def to_json(self, value: Any) -> Any:
        """What stands under the tag: JSON, its parts tagged."""

    def to_python(self, value: Any) -> Any:
        """The value that `to_json` described; its parts have been read already.

        :raises ValueError: nothing `to_json` could have written.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has the tag {self.key!r} and no to_python() to read it with"
        )

    def tag(self, value: Any) -> Any:
        """The whole of what is written for `value`: its JSON under the tag."""
        return {self.key: self.to_json(value)}


class _OfOneType(JSONTag):
    """A tag for the instances of one class."""

    __slots__ = ()
    kind: ClassVar[type[object]]

    @override
    def check(self, value: Any) -> bool:
        return isinstance(value, self.kind)


class TagDict(JSONTag):
    """A dict that would be mistaken for a tag: its one key is the key of some tag."""

    __slots__ = ()
    key = " di"

    @override
    def check(self, value: Any) -> bool:
        return is_dict(value) and len(value) == 1 and next(iter(value)) in self.serializer.tags

    @override
    def to_json(self, value: dict[str, Any]) -> dict[str, Any]:
        return {f"{key}__": self.serializer.tag(item) for key, item in value.items()}

    @override
    def to_python(self, value: Any) -> dict[str, Any]:
        [(key, item)] = _wanted(_OBJECT, value).items()
        return {key.removesuffix("__"): item}


class PassDict(_OfOneType):
    """Any other dict."""

    __slots__ = ()
    kind: ClassVar[type[object]] = dict

    @override
    def to_json(self, value: dict[Any, Any]) -> dict[Any, Any]:
        tag = self.serializer.tag
        return {key: tag(item) for key, item in value.items()}

    tag = to_json


class TagTuple(_OfOneType):
    """A tuple."""

    __slots__ = ()
    key = " t"
    kind: ClassVar[type[object]] = tuple

    @override
    def to_json(self, value: tuple[Any, ...]) -> list[Any]:
        return [*map(self.serializer.tag, value)]

    @override
    def to_python(self, value: Any) -> tuple[Any, ...]:
        return tuple(_wanted(_ARRAY, value))


class PassList(_OfOneType):
    """A list."""

    __slots__ = ()
    kind: ClassVar[type[object]] = list

    @override
    def to_json(self, value: list[Any]) -> list[Any]:
        return [*map(self.serializer.tag, value)]

    tag = to_json


class TagBytes(_OfOneType):
    """Bytes, in base 64."""

    __slots__ = ()
    key = " b"
    kind: ClassVar[type[object]] = bytes

    @override
    def to_json(self, value: bytes) -> str:
        return b64encode(value).decode("ascii")

    @override
    def to_python(self, value: str) -> bytes:
        return b64decode(value, validate=True)


class TagMarkup(JSONTag):
    """Whatever has an `__html__` method, as the markup it returns; read as `Markup`."""

    __slots__ = ()
    key = " m"

    @override
    def check(self, value: Any) -> bool:
        return callable(getattr(value, "__html__", None))

    @override
    def to_json(self, value: Any) -> str:
        return str(value.__html__())

    @override
    def to_python(self, value: Any) -> Markup:
        return Markup(_wanted(str, value))


class TagUUID(_OfOneType):
    """A UUID, as 32 hexadecimal digits."""

    __slots__ = ()
    key = " u"
    kind: ClassVar[type[object]] = UUID

    @override
    def to_json(self, value: UUID) -> str:
        return value.hex

    @override
    def to_python(self, value: str) -> UUID:
        return UUID(value)


class TagDateTime(_OfOneType):
    """A datetime, as an HTTP date: whole seconds, in GMT, and read as such."""

    __slots__ = ()
    key = " d"
    kind: ClassVar[type[object]] = datetime

    @override
    def to_json(self, value: datetime) -> str:
        return http_date(value)

    @override
    def to_python(self, value: str) -> datetime:
        moment = parse_date(value)
        if moment is None:
            raise ValueError(f"{value!r} is no HTTP date")
        return moment


_EXACT: Final[Mapping[type[object], tuple[type[JSONTag], ...]]] = {
    dict: (TagDict, PassDict),
    tuple: (TagTuple,),
    list: (PassList,),
    bytes: (TagBytes,),
    Markup: (TagMarkup,),
    UUID: (TagUUID,),
    datetime: (TagDateTime,),
    **dict.fromkeys((str, int, float, bool, NoneType), ()),
}
"""Which of the default tags can apply to a value of exactly this type."""

_KNOWN: Final = frozenset(tag for tags in _EXACT.values() for tag in tags)

_UNREADABLE: Final = (TypeError, ValueError, LookupError, AttributeError)


class TaggedJSONSerializer:
    """Writes and reads tagged JSON.

    It has the interface itsdangerous asks of a serializer. What it writes does not depend on
    `app.json`: another JSON backend must not make the sessions in circulation unreadable.
    """

    __slots__ = ("_asked", "_only_default", "_readers", "_rows", "_spaced", "order", "tags")
    default_tags: ClassVar[list[type[JSONTag]]] = [
        TagDict,
        PassDict,
        TagTuple,
        PassList,
        TagBytes,
        TagMarkup,
        TagUUID,
        TagDateTime,
    ]
    """The tags each new serializer starts with; a subclass may have others."""

    def __init__(self) -> None:
        self.tags: dict[str, JSONTag] = {}
        """Tags by their key, for reading."""
        self.order: list[JSONTag] = []
        """Tags in the order in which they are asked whether a value is theirs."""
        self._rows: dict[type[object], tuple[JSONTag, ...]] = {}
        self._asked: list[JSONTag] = []
        # When the short ways of `tagless.py` may be taken, see there.
        self._only_default = False
        self._spaced: list[str] | None = None
        self._readers: dict[type[object], Callable[[Any], Any]] = {
            dict: self._read_object,
            list: self._read_array,
        }
        for tag_class in self.default_tags:
            self.register(tag_class)

    def register(
        self, tag_class: type[JSONTag], force: bool = False, index: int | None = None
    ) -> None:
        """Add a tag.

        :param tag_class: describes the type.
        :param force: replace the tag that has the same key.
        :param index: where in `order` to insert it, because the first tag whose `check` says yes
            is used: a subclass of dict must come before dicts. None: at the end.
        :raises KeyError: there is a tag with this key, and `force` is false.
        """
        tag = tag_class(self)
        if tag.key:
            if not force and tag.key in self.tags:
                raise KeyError(
                    f"the tag {tag.key!r} is taken by {type(self.tags[tag.key]).__name__}; give "
                    f"{tag_class.__name__} another key, or pass force=True to replace it"
                )
            self.tags[tag.key] = tag
        self.order.insert(len(self.order) if index is None else index, tag)
        self._sort_out()

    def _sort_out(self) -> None:
        """Note for each common type which tags need to be asked: most values need none."""
        self._asked = self.order.copy()
        self._rows = {
            kind: tuple(tag for tag in self.order if type(tag) in own or type(tag) not in _KNOWN)
            for kind, own in _EXACT.items()
        }
        own = type(self)
        known = all(type(tag) in _KNOWN for tag in self.order)
        self._only_default = known and own.tag is TaggedJSONSerializer.tag
        spaced = all(key.startswith(" ") for key in self.tags)
        is_usual = spaced and own.untag is TaggedJSONSerializer.untag
        self._spaced = [*self.tags] if is_usual else None

    def tag(self, value: object) -> Any:
        """Put tags on a value, and on the values in it, so that plain JSON can hold it."""
        for tag in self._rows.get(type(value), self._asked):
            if tag.check(value):
                return tag.tag(value)
        return value

    def untag(self, value: dict[str, Any]) -> Any:
        """What a dict stands for: if its one key is a tag, the tag's value, else the dict itself.

        The values in it must have been read already.

        :raises ValueError: the tag cannot have written what stands under it.
        """
        if len(value) != 1:
            return value
        [(key, item)] = value.items()
        tag = self.tags.get(key)
        if tag is None:
            return value
        try:
            return tag.to_python(item)
        except _UNREADABLE as error:
            raise ValueError(
                f"the tag {key!r} stands before a {type(item).__name__} that "
                f"{type(tag).__name__} cannot read: {error}"
            ) from error

    def dumps(self, value: object) -> str:
        """Write a value as tagged JSON, without white space.

        :raises TypeError: something in the value is of a type that neither a tag nor JSON knows;
            the message says where.
        :raises ValueError: the value contains itself or is nested too deeply.
        """
        plain = self.dump_plain(value)
        if plain is not None:
            return plain.decode()
        try:
            tagged = self.tag(value)
            text = fast_json(tagged, _STYLE)
            return _write(tagged) if text is None else text.decode()
        except RecursionError:
            raise ValueError(
                f"this value is {codec.TOO_DEEP} to be written as tagged JSON, or contains itself"
            ) from None
        except TypeError as error:
            raise self._explained(value, error) from error

    def short_ways(self) -> TaggedJSONSerializer | None:
        """What may be asked for plain text; None of a subclass, which may read or write otherwise."""
        return self if type(self) is TaggedJSONSerializer else None

    def dump_plain(self, value: object) -> bytes | None:
        """What `dumps` writes, encoded, for a value without tags; None if it may have any."""
        if self._asked != self.order:
            self._sort_out()
        return plain_text(value, self.tags) if self._only_default else None

    def plain(self, text: str) -> bytes | None:
        """Text without tags that has been looked at, for `load_plain`; None if it is another."""
        return quick_to_read(text) if self._spaced is not None and holds_no_tag(text) else None

    def load_plain(self, plain: bytes) -> Any:
        """What `loads` gives for text that `plain` gave, perhaps before other tags were known."""
        spaced = self._spaced
        if codec.ORJSON is not None and spaced is not None and spaced == [*self.tags]:
            return codec.ORJSON.loads(plain)
        return self.loads(plain.decode())

    def loads(self, value: str | bytes) -> Any:
        """Read tagged JSON.

        :raises ValueError: the text is not JSON, is nested too deeply, or has a tag before
            something the tag cannot read.
        """
        try:
            found = read_json(value)
            spaced = self._spaced
            if spaced is not None and holds_no_tag(value) and spaced == [*self.tags]:
                return found
            return self._read(found)
        except RecursionError:
            raise ValueError(f"this tagged JSON is {codec.TOO_DEEP} to be read") from None

    def _read(self, value: object) -> Any:
        """Replace tagged values, innermost first; of the types JSON has, two have parts."""
        read = self._readers.get(type(value))
        return value if read is None else read(value)

    def _read_object(self, value: dict[str, Any]) -> Any:
        return self.untag({key: self._read(item) for key, item in value.items()})

    def _read_array(self, value: list[Any]) -> list[Any]:
        return [*map(self._read, value)]

    def _explained(self, value: object, error: TypeError) -> TypeError:
        """Say where in a value the part is that cannot be written."""
        for path, part in parts_of(value, "value"):
            try:
                _write(self.tag(part))
            except TypeError as reason:
                return TypeError(
                    f"{path} is of type {type(part).__name__!r} and cannot be kept as tagged "
                    f"JSON ({reason}); keep something simpler, or register a JSONTag for the type"
                )
        return error


_STYLE: Final = Style(default_json, sort_keys=False, ensure_ascii=True)


def _write(tagged: Any, /) -> str:
    return standard_text(tagged, {"default": default_json, "separators": (",", ":")})
