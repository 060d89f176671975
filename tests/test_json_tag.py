"""Tagged JSON gives back what went into it, and is the one Flask writes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from typedflask.json.tag import (
    JSONTag,
    PassDict,
    PassList,
    TagBytes,
    TagDateTime,
    TagDict,
    TaggedJSONSerializer,
    TagMarkup,
    TagTuple,
    TagUUID,
)

# Any, in this module: a tag stands for values of any type.

tag_keys = st.sampled_from([" di", " t", " b", " m", " u", " d", " di__", " t__", "", " ", "__"])
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.binary(max_size=6)
    | st.text(max_size=6).map(Markup)
    | st.uuids()
    | st.datetimes(timezones=st.just(UTC))
    .map(lambda moment: moment.replace(microsecond=0, fold=0))
    .filter(lambda moment: moment.year >= 1000)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(tag_keys | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.fixture
def serializer() -> TaggedJSONSerializer:
    return TaggedJSONSerializer()


class TagOrdered(JSONTag):
    key = " od"

    def check(self, value: Any) -> bool:
        return isinstance(value, OrderedDict)

    def to_json(self, value: OrderedDict[str, Any]) -> list[list[Any]]:
        return [[key, self.serializer.tag(item)] for key, item in value.items()]

    def to_python(self, value: list[list[Any]]) -> OrderedDict[str, Any]:
        return OrderedDict((key, item) for key, item in value)


@given(values)
@example({" t": 1})
@example({" di": {" di": (1,)}})
@example({" t__": 1})
@example([(), [], {}])
def test_every_value_comes_back_as_it_was(value: object) -> None:
    serializer = TaggedJSONSerializer()
    back = serializer.loads(serializer.dumps(value))

    # repr also tells a tuple from a list, 1 from True, Markup from str, and shows the order.
    assert repr(back) == repr(value)


@given(values)
def test_flask_reads_and_writes_the_same_text(value: object) -> None:
    theirs = pytest.importorskip("flask.json.tag").TaggedJSONSerializer()
    ours = TaggedJSONSerializer()

    assert repr(theirs.loads(ours.dumps(value))) == repr(value)
    assert repr(ours.loads(theirs.dumps(value))) == repr(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1, "ü"), r'{" t":[1,"\u00fc"]}'),
        (b"\x00\xff", '{" b":"AP8="}'),
        (Markup("<b>"), '{" m":"<b>"}'),
        (UUID(int=5), '{" u":"00000000000000000000000000000005"}'),
        (datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), '{" d":"Thu, 02 Jan 2020 03:04:05 GMT"}'),
        ({"b": 1, "a": {"z": (1,)}}, '{"b":1,"a":{"z":{" t":[1]}}}'),
        ({" t": 1}, '{" di":{" t__":1}}'),
        ({" x": 1}, '{" x":1}'),
        ({" t": 1, "b": 2}, '{" t":1,"b":2}'),
        ({1: 2}, '{"1":2}'),
        (Decimal("1.5"), '"1.5"'),
        (2**70, "1180591620717411303424"),
    ],
)
def test_the_format_is_the_documented_one(
    serializer: TaggedJSONSerializer, value: object, text: str
) -> None:
    assert serializer.dumps(value) == text


def test_the_default_tags_are_those_of_the_documentation(serializer: TaggedJSONSerializer) -> None:
    assert TaggedJSONSerializer.default_tags == [
        TagDict,
        PassDict,
        TagTuple,
        PassList,
        TagBytes,
        TagMarkup,
        TagUUID,
        TagDateTime,
    ]
    assert [type(tag) for tag in serializer.order] == TaggedJSONSerializer.default_tags
    assert list(serializer.tags) == [" di", " t", " b", " m", " u", " d"]


def test_whatever_shows_itself_as_markup_comes_back_as_markup(
    serializer: TaggedJSONSerializer,
) -> None:
    class Html:
        def __html__(self) -> str:
            return "<i>"

    back = serializer.loads(serializer.dumps(Html()))
    assert (back, type(back)) == ("<i>", Markup)


def test_subclasses_are_written_as_the_type_they_extend(serializer: TaggedJSONSerializer) -> None:
    class Row(tuple[int, ...]):
        __slots__ = ()

    assert serializer.loads(serializer.dumps([Row((1, 2)), OrderedDict(a=1)])) == [(1, 2), {"a": 1}]


class TestRegistering:
    def test_a_tag_before_dicts_gets_its_subclass_of_dict(
        self, serializer: TaggedJSONSerializer
    ) -> None:
        serializer.register(TagOrdered, index=0)
        value = {"x": OrderedDict(b=(1,), a=[OrderedDict()])}

        text = serializer.dumps(value)
        assert text == '{"x":{" od":[["b",{" t":[1]}],["a",[{" od":[]}]]]}}'
        assert repr(serializer.loads(text)) == repr(value)

    def test_a_tag_at_the_end_comes_after_dicts(self, serializer: TaggedJSONSerializer) -> None:
        serializer.register(TagOrdered)

        assert serializer.dumps(OrderedDict(b=1)) == '{"b":1}'
        assert type(serializer.order[-1]) is TagOrdered

    def test_a_tag_may_take_values_of_the_common_types(
        self, serializer: TaggedJSONSerializer
    ) -> None:
        class TagZero(JSONTag):
            key = " 0"

            def check(self, value: Any) -> bool:
                return bool(value == 0)

            def to_json(self, value: Any) -> None:
                return None

            def to_python(self, value: None) -> str:
                return "zero"

        serializer.register(TagZero, index=0)

        assert serializer.loads(serializer.dumps([0, 1, "0", (0,)])) == ["zero", 1, "0", ("zero",)]

    def test_a_key_is_taken_once_unless_forced(self, serializer: TaggedJSONSerializer) -> None:
        class Other(TagTuple):
            def to_python(self, value: list[Any]) -> tuple[Any, ...]:
                return ("other", *value)

        with pytest.raises(KeyError, match=r"' t' is taken by TagTuple.*pass force=True"):
            serializer.register(Other)
        assert serializer.loads('{" t":[1]}') == (1,)
        serializer.register(Other, force=True, index=0)
        assert serializer.loads(serializer.dumps((1,))) == ("other", 1)

    def test_the_order_may_be_changed_by_hand(self, serializer: TaggedJSONSerializer) -> None:
        serializer.register(TagOrdered)
        serializer.order.insert(0, serializer.order.pop())

        assert serializer.dumps(OrderedDict(b=1)) == '{" od":[["b",1]]}'

    def test_a_subclass_has_default_tags_of_its_own(self) -> None:
        class Simple(TaggedJSONSerializer):
            default_tags: ClassVar[list[type[JSONTag]]] = [PassDict, TagTuple]

        assert Simple().dumps({"a": (1,)}) == '{"a":{" t":[1]}}'
        assert Simple().loads('{" b":"AP8="}') == {" b": "AP8="}

    def test_a_tag_that_cannot_read_says_what_it_lacks(
        self, serializer: TaggedJSONSerializer
    ) -> None:
        class OneWay(JSONTag):
            key = " one"

            def check(self, value: Any) -> bool:
                return isinstance(value, complex)

            def to_json(self, value: complex) -> str:
                return str(value)

        serializer.register(OneWay)
        with pytest.raises(
            NotImplementedError, match=r"OneWay has the tag ' one' and no to_python"
        ):
            serializer.loads(serializer.dumps(1j))


class TestBadInput:
    def test_a_value_that_cannot_be_kept_is_named_with_its_place_and_type(
        self, serializer: TaggedJSONSerializer
    ) -> None:
        with pytest.raises(
            TypeError, match=r"value\['cart'\]\[1\]\['tags'\] is of type 'set'.*register a JSONTag"
        ):
            serializer.dumps({"user": 1, "cart": [(), {"tags": {1}}]})

    def test_a_key_that_cannot_be_kept_is_named_with_its_place(
        self, serializer: TaggedJSONSerializer
    ) -> None:
        with pytest.raises(TypeError, match=r"value\['a'\] is of type 'dict'.*not tuple"):
            serializer.dumps({"a": {(1,): 2}})

    def test_an_error_that_does_not_happen_again_is_passed_on(
        self, serializer: TaggedJSONSerializer
    ) -> None:
        class OutOfOrder:
            calls = 0

            def __html__(self) -> str:
                self.calls += 1
                if self.calls == 1:
                    raise TypeError("only once")
                return ""

        with pytest.raises(TypeError, match=r"^only once$"):
            serializer.dumps([OutOfOrder()])

    def test_nesting_without_end_is_a_value_error(self, serializer: TaggedJSONSerializer) -> None:
        endless: list[Any] = []
        endless.append(endless)

        with pytest.raises(ValueError, match=r"nested too deeply.*or contains itself"):
            serializer.dumps(endless)

    @pytest.mark.parametrize("depth", [990, 100_000])
    def test_text_nested_too_deeply_is_a_value_error(
        self, serializer: TaggedJSONSerializer, depth: int
    ) -> None:
        with pytest.raises(ValueError, match="nested too deeply to be read"):
            serializer.loads("[" * depth + '{" t":[]}' + "]" * depth)

    @pytest.mark.parametrize(
        "text",
        [
            '{" t":5}',
            '{" t":"ab"}',
            '{" t":{"a":1}}',
            '{" b":5}',
            '{" b":"!!"}',
            '{" m":5}',
            '{" u":"q"}',
            '{" u":1}',
            '{" d":"garbage"}',
            '{" d":1}',
            '{" d":"Fri, 31 Feb 2020 00:00:00 GMT"}',
            '{" di":[]}',
            '{" di":{}}',
            '{" di":{"a":1,"b":2}}',
            '{" di":{" t":[1]}}',
        ],
    )
    def test_a_tag_before_something_else_is_a_value_error_that_names_it(
        self, serializer: TaggedJSONSerializer, text: str
    ) -> None:
        with pytest.raises(ValueError, match=r"the tag ' \w+' stands before a "):
            serializer.loads(text)

    @pytest.mark.parametrize("text", ["", "{", "[1", '{" t":}'])
    def test_malformed_text_is_a_value_error(
        self, serializer: TaggedJSONSerializer, text: str
    ) -> None:
        with pytest.raises(ValueError):
            serializer.loads(text)


def test_unknown_tags_are_plain_objects(serializer: TaggedJSONSerializer) -> None:
    assert serializer.loads('{" zz":[1]}') == {" zz": [1]}
    assert serializer.loads('{" t":[1],"a":2}') == {" t": [1], "a": 2}


def test_it_is_a_serializer_as_itsdangerous_asks_for(serializer: TaggedJSONSerializer) -> None:
    from itsdangerous import URLSafeTimedSerializer

    signer = URLSafeTimedSerializer("a key", serializer=serializer)
    assert signer.loads(signer.dumps({"a": (1, b"x")})) == {"a": (1, b"x")}


def test_public_names_are_callable_rows(serializer: TaggedJSONSerializer) -> None:
    tag: Callable[[object], Any] = serializer.tag
    assert tag((1, {"a": (2,)})) == {" t": [1, {"a": {" t": [2]}}]}
    assert serializer.untag({" t": [1]}) == (1,)
    assert serializer.untag({"a": 1}) == {"a": 1}
