"""What the tests of JSON backends write and read: values, texts, and what is refused.

The expected JSON is that of the standard library with the types Flask's documentation adds; a
`Sample` names it in words, because a failure is read by the author of a backend.
"""

from __future__ import annotations

import enum
import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

# Any, in all of this module: values are whatever a view might return.

NAN, INFINITY = float("nan"), float("inf")


class Word(str):
    """Text of a class of one's own, which shows itself otherwise than it is stored."""

    __slots__ = ()

    def __str__(self) -> str:
        return "not what is stored"


class Count(int):
    """A number of a class of one's own."""

    def __repr__(self) -> str:
        return "many"


class Weight(float):
    """A float of a class of one's own."""

    def __repr__(self) -> str:
        return "heavy"


class Row(list[Any]):
    """A list of a class of one's own."""


class Pair(NamedTuple):
    """A tuple with names, which JSON does not keep."""

    left: Any
    right: Any


class Shade(enum.Enum):
    """An enum whose values are of several kinds."""

    LIGHT = 1
    DARK = "dark"
    BORN = date(2024, 2, 29)


class Level(enum.IntEnum):
    """An enum that is a number."""

    LOW = 1


class Answer(enum.StrEnum):
    """An enum that is text."""

    YES = "yes"


@dataclass
class Item:
    """A dataclass that may hold others."""

    name: str
    rest: Any = None


@dataclass(slots=True, frozen=True)
class Slotted:
    """A dataclass without a `__dict__`."""

    price: Decimal


class Html:
    """Something with markup of its own."""

    def __html__(self) -> str:
        return "<b>bold</b>"


class Sample(NamedTuple):
    """A value, and the JSON it becomes."""

    value: Any
    text: str


def as_parameters(samples: dict[str, Any]) -> Iterable[Any]:
    """The parameters of a test, one per sample, called by the sample's name."""
    return [pytest.param(sample, id=name) for name, sample in samples.items()]


def meaning(text: str | bytes) -> str:
    """What a JSON text says, by the standard library; 1, 1.0, true and -0.0 are told apart."""
    return repr(json.loads(text))


TWO_HOURS_EAST = timezone(timedelta(hours=2))

WRITTEN: dict[str, Sample] = {
    "null and booleans": Sample([None, True, False], "[null, true, false]"),
    "small integers": Sample([0, -1, 2**53 + 1], "[0, -1, 9007199254740993]"),
    "integers beyond 64 bits": Sample([2**64, -(2**70)], f"[{2**64}, {-(2**70)}]"),
    "an integer of 30 digits": Sample(10**30 + 1, str(10**30 + 1)),
    "floats": Sample([0.1, -0.0, 1e16, 5e-324, 1.5e300], "[0.1, -0.0, 1e16, 5e-324, 1.5e300]"),
    "NaN": Sample([None, NAN], "[null, NaN]"),
    "infinities": Sample({"a": INFINITY, "b": -INFINITY}, '{"a": Infinity, "b": -Infinity}'),
    "text": Sample("a \"quote\", \\ and /", r'"a \"quote\", \\ and /"'),
    "text beyond ASCII": Sample("ü€\u2028\U0001f600", r'"\u00fc\u20ac\u2028\ud83d\ude00"'),
    "control characters": Sample("\0\n\x1f\x7f", r'"\u0000\n\u001f\u007f"'),
    "text that looks escaped": Sample(r"\xfc \u00fc \U0001f600", r'"\\xfc \\u00fc \\U0001f600"'),
    "a lone surrogate": Sample(["\ud800", "\udfff x"], r'["\ud800", "\udfff x"]'),
    "nothing inside": Sample([[], (), {}, ""], '[[], [], {}, ""]'),
    "a tuple": Sample({"a": (1, (2,))}, '{"a": [1, [2]]}'),
    "a tuple with names": Sample(Pair(1, Pair(2, None)), "[1, [2, null]]"),
    "integers as keys": Sample({10: "a", 9: "b"}, '{"9": "b", "10": "a"}'),
    "booleans as keys": Sample({True: 1, False: 0}, '{"false": 0, "true": 1}'),
    "None as a key": Sample({None: 1}, '{"null": 1}'),
    "floats as keys": Sample({1.5: 1, 1e16: 2}, '{"1.5": 1, "1e+16": 2}'),
    "the key NaN": Sample({NAN: 1}, '{"NaN": 1}'),
    "a class of text": Sample([Word("plum")], '["plum"]'),
    "a class of text as a key": Sample({Word("plum"): 1, "pear": 2}, '{"pear": 2, "plum": 1}'),
    "a class of numbers": Sample([Count(7), Weight(1.5)], "[7, 1.5]"),
    "a class of lists": Sample(Row([1, Row()]), "[1, []]"),
    "other dicts": Sample(
        [OrderedDict(b=1, a=2), defaultdict(list, a=[1])], '[{"a": 2, "b": 1}, {"a": [1]}]'
    ),
    "a dict that shows other values": Sample(MultiDict([("a", "1"), ("a", "2")]), '{"a": "1"}'),
    "markup": Sample(Markup("<b>"), '"<b>"'),
    "something with __html__": Sample({"page": Html()}, '{"page": "<b>bold</b>"}'),
    "decimals": Sample([Decimal("1.10"), Decimal("1E+5"), Decimal("NaN")], '["1.10", "1E+5", "NaN"]'),
    "a UUID": Sample(UUID(int=5), '"00000000-0000-0000-0000-000000000005"'),
    "a dataclass": Sample(
        Item("plum", [Item("stone"), Slotted(Decimal("0.5"))]),
        '{"name": "plum", "rest": [{"name": "stone", "rest": null}, {"price": "0.5"}]}',
    ),
    "enums": Sample([Shade.LIGHT, Shade.DARK, Level.LOW, Answer.YES], '[1, "dark", 1, "yes"]'),
    "an enum that is text, as a key": Sample({Answer.YES: 1}, '{"yes": 1}'),
}  # fmt: skip
"""What every backend writes."""

HTTP_DATES: dict[str, Sample] = {
    "a date": Sample(date(2024, 2, 29), '"Thu, 29 Feb 2024 00:00:00 GMT"'),
    "a datetime without a zone": Sample(
        datetime(2020, 1, 2, 3, 4, 5, 6),  # noqa: DTZ001 (it counts as UTC)
        '"Thu, 02 Jan 2020 03:04:05 GMT"',
    ),
    "a datetime in UTC": Sample(
        datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), '"Thu, 02 Jan 2020 03:04:05 GMT"'
    ),
    "a datetime in another zone": Sample(
        datetime(2020, 1, 2, 1, 4, 5, tzinfo=TWO_HOURS_EAST), '"Wed, 01 Jan 2020 23:04:05 GMT"'
    ),
    "dates inside of other things": Sample(
        {"a": [Item("b", date(2024, 2, 29))], "c": Shade.BORN},
        '{"a": [{"name": "b", "rest": "Thu, 29 Feb 2024 00:00:00 GMT"}],'
        ' "c": "Thu, 29 Feb 2024 00:00:00 GMT"}',
    ),
}
"""How dates are written by default."""

ISO_DATES: dict[str, str] = {
    "a date": '"2024-02-29"',
    "a datetime without a zone": '"2020-01-02T03:04:05.000006"',
    "a datetime in UTC": '"2020-01-02T03:04:05+00:00"',
    "a datetime in another zone": '"2020-01-02T01:04:05+02:00"',
    "dates inside of other things": (
        '{"a": [{"name": "b", "rest": "2024-02-29"}], "c": "2024-02-29"}'
    ),
}
"""How the same dates are written where ISO dates were chosen."""

REFUSED: dict[str, Any] = {
    "a set": {1, 2},
    "a frozenset": frozenset(),
    "bytes": b"bytes",
    "a bytearray": bytearray(b"bytes"),
    "a complex number": 1j,
    "a range": range(2),
    "a generator": (letter for letter in "ab"),
    "an object": object(),
    "a class": Item,
    "a time": time(1, 2),
    "a timedelta": timedelta(seconds=1),
    "a tuple as a key": {(1, 2): 3},
    "a date as a key": {date(2024, 2, 29): 1},
    "a UUID as a key": {UUID(int=5): 1},
    "an enum as a key": {Shade.DARK: 1},
}
"""What JSON has no form for; to guess one would change with the library."""

READ: dict[str, tuple[str | bytes, str]] = {
    "every type": (b'{"a": [1, 2.5, "x", true, null]}', "{'a': [1, 2.5, 'x', True, None]}"),
    "text": ('["\u00fc", "\U0001f600"]', "['ü', '\U0001f600']"),
    "bytes in UTF-8": ('["\u00fc", "\U0001f600"]'.encode(), "['ü', '\U0001f600']"),
    "escapes": (r'"\u00fc \ud83d\ude00 \/ \" \n"', repr('ü \U0001f600 / " \n')),
    "a lone surrogate": (r'"\ud800"', r"'\ud800'"),
    "an integer of 30 digits": ("123456789012345678901234567890", "123456789012345678901234567890"),
    "an integer beyond 64 bits": (b"[-9223372036854775809, 18446744073709551616]",
                                  "[-9223372036854775809, 18446744073709551616]"),
    "integers and floats": ("[1, 1.0, -0, -0.0, 1e2, 5e-324]", "[1, 1.0, 0, -0.0, 100.0, 5e-324]"),
    "a float of many digits": ("0.1000000000000000055511151231257827", "0.1"),
    "a number beyond all floats": ("[1e999, -1e999]", "[inf, -inf]"),
    "NaN and infinities": ("[NaN, Infinity, -Infinity]", "[nan, inf, -inf]"),
    "a key given twice": ('{"a": 1, "b": 2, "a": 3}', "{'a': 3, 'b': 2}"),
    "space around": (b" \r\n\t[ 1 , 2 ] \n", "[1, 2]"),
    "a byte order mark": (b"\xef\xbb\xbf[1]", "[1]"),
    "UTF-16": ("[1]".encode("utf-16"), "[1]"),
    "UTF-32": ("[1]".encode("utf-32-be"), "[1]"),
    "200 levels": (b"[" * 200 + b"]" * 200, "[" * 200 + "]" * 200),
}  # fmt: skip
"""Texts, and the repr of what they say."""

MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "space alone": b" \n",
    "cut short": b'{"a": ',
    "two values": b"1 2",
    "a comma too many": b"[1,]",
    "a comment": b"[1] // one",
    "single quotes": b"{'a': 1}",
    "a key without quotes": b"{a: 1}",
    "a word": b"hello",
    "the beginning of a word": b"nul",
    "text that is not closed": b'"abc',
    "a line feed inside text": b'"a\nb"',
    "an unknown escape": rb'"\x41"',
    "a leading zero": b"01",
    "a leading plus": b"+1",
    "a point without digits": b"1.",
    "bytes that are not UTF-8": b'"\xff\xfe\xfd"',
    "an integer of 5,000 digits": b"1" * 5_000,
    "100,000 levels": b"[" * 100_000,
    "100,000 levels of objects": b'{"a":' * 100_000,
}
"""What is no JSON, or more of it than can be read: a 400 to the client."""
