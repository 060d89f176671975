"""JSON as the standard library has it: random values and texts, both ways, by every backend.

The reference is written down here, with the standard library only; Flask's own provider is a
second one where Flask is installed.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime
from typing import Any, NamedTuple

import attrs
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from typedflask.json import DefaultJSONProvider, codec
from typedflask.json.encode import iso_json
from typedflask.json.msgspec import MsgspecJSON
from typedflask.json.orjson import OrjsonJSON
from typedflask.json.stdlib import StdlibJSON

# Any, in this module: the values under test are whatever a view might return.


class App:
    debug = False
    response_class = Response


APP = App()
MOMENT = datetime(2020, 1, 2, 3, 4, 5, 6, UTC)


class Shade(enum.Enum):
    LIGHT = 1
    DARK = "dark"
    WHEN = date(2024, 2, 29)
    MANY = (1, None)
    ODD = float("nan")


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    YES = "yes"


class Name(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "not what is stored"


class Count(int):
    def __repr__(self) -> str:
        return "many"


class Weight(float):
    def __repr__(self) -> str:
        return "heavy"


class Row(list[Any]):
    pass


class Lazy(dict[str, Any]):
    """Shows something else than it stores."""

    def items(self) -> Any:
        return [(key, "shown") for key in self]


class Generated(dict[str, Any]):
    """Stores nothing and shows something; to the standard library it is empty."""

    def items(self) -> Any:
        return [("a", 1)]


class Point(NamedTuple):
    x: Any
    y: Any


@dataclasses.dataclass
class Item:
    name: Any
    rest: Any = None


@attrs.define
class Part:
    name: Any
    rest: Any = None


class Node(msgspec.Struct):
    name: Any
    rest: Any = None


class Tagged(msgspec.Struct, tag="tagged", rename="camel", omit_defaults=True):
    some_name: Any
    the_rest: Any = msgspec.UNSET


class HtmlNode(msgspec.Struct):
    name: str

    def __html__(self) -> str:
        return self.name


class Html:
    def __init__(self, text: str) -> None:
        self.text = text

    def __html__(self) -> str:
        return self.text


def iso_reference(value: Any) -> Any:
    is_date = isinstance(value, date) and not isinstance(value, enum.Enum)
    return value.isoformat() if is_date else reference_default(value)


def reference_default(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return format_datetime(moment, usegmt=True)
    if isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return format_datetime(moment, usegmt=True)
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, Html | HtmlNode):
        return value.__html__()
    return reference_fields(value)


def all_set(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


def reference_fields(value: Any) -> Any:
    if isinstance(value, Item):
        return dataclasses.asdict(value)
    if isinstance(value, Part):
        return {"name": value.name, "rest": value.rest}
    if isinstance(value, Node):
        return all_set({"name": value.name, "rest": value.rest})
    if isinstance(value, Tagged):
        return all_set({"type": "tagged", "someName": value.some_name, "theRest": value.the_rest})
    raise TypeError(f"no JSON for {value!r}")


text = st.text(max_size=8) | st.text(
    # What has a spelling of its own in some encoder.
    st.sampled_from(list('\x00\x1f\x7f\x80ÿ\u2028\ud800\udfff\uffff\U0001f600"\\/ux5cnU00n :,<')),
    max_size=8,
)
zones: st.SearchStrategy[Any] = st.none() | st.integers(-23 * 60, 23 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
moments = st.datetimes(timezones=zones).filter(lambda moment: 1000 < moment.year < 9999)
plain = st.none() | st.booleans() | st.integers() | st.integers(-(2**66), 2**66) | text
floats = st.floats() | st.floats().map(Weight) | st.just(Shade.ODD)
documented = (
    moments
    | st.dates(date(1000, 1, 1))
    | st.decimals()
    | st.uuids()
    | text.map(Markup)
    | text.map(Html)
    | text.map(HtmlNode)
    | text.map(Name)
    | st.integers().map(Count)
    | st.sampled_from([Level.LOW, Word.YES])
)
ours = st.sampled_from([Shade.LIGHT, Shade.DARK, Shade.WHEN, Shade.MANY])
impossible = st.sampled_from(
    [
        object(),
        {1},
        frozenset(),
        b"bytes",
        bytearray(),
        memoryview(b"view"),
        1j,
        Item,
        Node,
        time(),
        timedelta(1),
        range(2),
        collections.deque[int](),
        msgspec.UNSET,
        msgspec.NODEFAULT,
        msgspec.Raw(b"1"),
    ]
)
keys = text | text.map(Name) | st.just(Word.YES)
other_keys = (
    st.integers() | st.booleans(),
    st.none(),
    st.floats(),
    st.tuples(st.integers()),
    moments | st.dates(),
    st.uuids() | st.decimals(allow_nan=False),
    st.sampled_from([Shade.LIGHT, Shade.DARK, Level.LOW]),
    keys | st.integers(),
)


def containing(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(values, max_size=4)
    objects = st.dictionaries(keys, values, max_size=4)
    return (
        lists
        | objects
        | lists.map(tuple)
        | lists.map(Row)
        | objects.map(collections.OrderedDict)
        | objects.map(Lazy)
        | st.lists(st.tuples(text, values), max_size=4).map(MultiDict)
        | st.builds(Point, values, values)
        | st.builds(Item, values, values)
        | st.builds(Part, values, values)
        | st.builds(Node, values, values)
        | st.builds(Tagged, values)
        | st.builds(Tagged, values, values)
        | st.one_of([st.dictionaries(kind, values, max_size=3) for kind in other_keys])
    )


anything = st.recursive(plain | floats | documented | ours | impossible, containing, max_leaves=12)
without_floats = st.recursive(
    plain | documented,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(text, values, max_size=4),
    max_leaves=12,
)


def outcome(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a call gives, or the family of the error it raises."""
    try:
        return function(*args, **kwargs)
    except ValueError:
        return ValueError
    except TypeError:
        return TypeError


def meaning(text: Any) -> str:
    """A JSON text's value and the order of its keys, NaN and -0.0 told from others."""
    return repr(json.loads(text) if isinstance(text, str | bytes) else text)


BACKENDS: dict[str, type[DefaultJSONProvider]] = {
    "default": DefaultJSONProvider,
    "default without orjson": DefaultJSONProvider,
    "stdlib": StdlibJSON,
    "orjson": OrjsonJSON,
    "msgspec": MsgspecJSON,
    "msgspec without orjson": MsgspecJSON,
}
ORJSON = codec.ORJSON
backend = "default"


def provider(*, sort_keys: bool = True, ensure_ascii: bool = True) -> DefaultJSONProvider:
    made = BACKENDS[backend](APP)
    made.sort_keys = sort_keys
    made.ensure_ascii = ensure_ascii
    return made


def to_the_letter() -> bool:
    """Whether the backend promises Flask's text of `dumps`, not the value alone."""
    return backend.startswith(("default", "stdlib"))


@pytest.fixture(scope="module", params=BACKENDS, autouse=True)
def _chosen(request: pytest.FixtureRequest) -> Iterator[None]:
    global backend  # noqa: PLW0603 (Hypothesis and fixtures of a function do not mix)
    backend = request.param
    codec.ORJSON = None if "without" in backend else ORJSON
    yield
    backend, codec.ORJSON = "default", ORJSON


@given(anything, st.booleans(), st.booleans())
@example([None, float("nan")], True, True)
@example({"a": None, "b": Shade.ODD}, True, True)
@example([None, Item(float("inf"))], True, True)
@example([None, Weight("-inf")], True, True)
@example([None, Point(1, float("nan"))], True, True)
@example({"null": 1.0}, True, True)
@example(MultiDict([("a", "1"), ("a", "2")]), True, True)
@example(Generated(), True, True)
@example("\\\\xfc ü \\u005c \\U0001f600 \U0001f600", True, True)
def test_every_value_is_written_as_the_standard_library_writes_it(
    value: Any, sort_keys: bool, ensure_ascii: bool
) -> None:
    expected = outcome(
        json.dumps,
        value,
        default=reference_default,
        sort_keys=sort_keys,
        ensure_ascii=ensure_ascii,
    )
    ours = provider(sort_keys=sort_keys, ensure_ascii=ensure_ascii)
    spaced = outcome(ours.dumps, value)
    compact = outcome(ours.dumps, value, separators=(",", ":"))

    assert meaning(spaced) == meaning(expected)
    if to_the_letter():
        assert spaced == expected
    assert meaning(compact) == meaning(expected)
    if ensure_ascii and isinstance(compact, str):
        assert compact.isascii()


@given(anything, st.booleans())
@example([MOMENT, date(2020, 1, 2)], True)
@example({"when": MOMENT, "who": Node(MOMENT)}, True)
@example([Shade.WHEN, None], True)
def test_iso_dates_are_one_choice_for_every_backend(value: Any, sort_keys: bool) -> None:
    expected = outcome(json.dumps, value, default=iso_reference, sort_keys=sort_keys)
    ours = provider(sort_keys=sort_keys)
    ours.default = iso_json

    assert meaning(outcome(ours.dumps, value)) == meaning(expected)
    assert meaning(outcome(ours.dumps, value, separators=(",", ":"))) == meaning(expected)


@given(without_floats, st.booleans(), st.booleans())
@example("\x7f", True, True)
@example("\x7fü", True, True)
def test_apart_from_floats_the_text_is_the_same_to_the_letter(
    value: Any, sort_keys: bool, ensure_ascii: bool
) -> None:
    expected = json.dumps(
        value,
        default=reference_default,
        sort_keys=sort_keys,
        ensure_ascii=ensure_ascii,
        separators=(",", ":"),
    )
    ours = provider(sort_keys=sort_keys, ensure_ascii=ensure_ascii)

    assert ours.dumps(value, separators=(",", ":")) == expected


@given(anything)
def test_a_body_is_compact_ascii_sorted_and_ends_in_one_line_feed(value: Any) -> None:
    expected = outcome(
        json.dumps, value, default=reference_default, sort_keys=True, separators=(",", ":")
    )
    response = outcome(provider().response, value)
    if not isinstance(response, Response):
        assert response is expected
        return
    body = response.get_data()

    assert body.isascii()
    assert body.endswith(b"\n")
    assert body.count(b"\n") == 1
    assert meaning(body) == meaning(expected)


malformed = st.binary(max_size=24) | st.text(
    st.sampled_from(list('[]{}:,"\\ \t\n0123456789eE+-.ufalsetruenNIy\x00é\ud800\ufeff')),
    max_size=24,
)
long_numbers = st.from_regex(r"\A-?[0-9]{1,60}([.][0-9]{1,25})?([eE][+-]?[0-9]{1,3})?\Z")
encoded = st.builds(
    lambda value, codec_name, ascii_only: json.dumps(value, ensure_ascii=ascii_only).encode(
        codec_name, "surrogatepass"
    ),
    st.recursive(plain | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(text, inner)),
    st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"]),
    st.booleans(),
)


@given(malformed | encoded | long_numbers | long_numbers.map(lambda number: f'{{"n":[{number}]}}'))
@example(b"18446744073709551616")
@example(b"-9223372036854775809")
@example(b"[   1234567890123456789012345678901234567890]")
@example("1" * 5000)
@example(b'"\xed\xa0\x80"')
@example('"\ud800"')
@example("\ufeff{}")
@example(b'{"a":1,"a":2}')
@example(b"[1e999,-0,-0.0,1e-400]")
@example('"\\ud800"')
@example('{"\\ud800":"\\ud83d\\ude00"}')
@example("1" * 400 + ".5")
def test_every_text_is_read_as_the_standard_library_reads_it(text: str | bytes) -> None:
    assert repr(outcome(provider().loads, text)) == repr(outcome(json.loads, text))


@given(
    st.recursive(
        plain
        | st.floats()
        | moments
        | st.dates(date(1000, 1, 1))
        | st.decimals()
        | st.uuids()
        | text.map(Markup)
        | text.map(Html)
        | text.map(Name),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(text, inner, max_size=4)
            | st.builds(Item, inner, inner)
            | st.builds(Point, inner, inner)
        ),
        max_leaves=12,
    )
)
def test_flask_writes_the_same(value: Any) -> None:
    flask = pytest.importorskip("flask")
    app = flask.Flask("differential")

    assert meaning(provider().dumps(value)) == meaning(app.json.dumps(value))
    if to_the_letter():
        assert provider().dumps(value) == app.json.dumps(value)
    with app.app_context():
        theirs = app.json.response(value)
    ours = provider().response(value)
    assert meaning(ours.get_data()) == meaning(theirs.get_data())
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"]
