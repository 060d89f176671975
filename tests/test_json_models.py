"""Objects of attrs, msgspec and pydantic inside JSON: what their own libraries would name them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs
import msgspec
import pydantic
import pytest
from werkzeug.wrappers import Response

from typedflask.json import DefaultJSONProvider, dumps

# Any, in this module: fields may hold whatever a view might return.


class App:
    debug = False
    response_class = Response


APP = App()


def written(value: Any) -> Any:
    """A value as its reader sees it; the same from a body and from `dumps`."""
    provider = DefaultJSONProvider(APP)
    body = provider.response(value).get_data()
    assert json.loads(body) == json.loads(provider.dumps(value)) == json.loads(dumps(value))
    return json.loads(body)


# --- attrs -------------------------------------------------------------------------------

Fruit: Any = attrs.make_class("Fruit", ["name", "price"], slots=True)
Basket: Any = attrs.make_class(
    "Basket", {"fruits": attrs.field(factory=list), "_secret": attrs.field(default=1)}
)


def test_attrs_objects_are_written_by_their_attributes_level_by_level() -> None:
    basket = Basket([Fruit("plum", Decimal("1.50"))], secret=date(2024, 2, 29))

    assert written({"basket": basket}) == {
        "basket": {
            "fruits": [{"name": "plum", "price": "1.50"}],
            "_secret": "Thu, 29 Feb 2024 00:00:00 GMT",
        }
    }


# --- msgspec -----------------------------------------------------------------------------


class Plain(msgspec.Struct):
    first: Any
    second: Any = None


class Renamed(msgspec.Struct, rename="camel", tag="renamed", tag_field="kind"):
    first_name: Any
    last_name: Any = msgspec.UNSET


class Row(msgspec.Struct, array_like=True, tag=7, omit_defaults=True):
    first: Any = None
    second: Any = 2


class Sparse(msgspec.Struct, omit_defaults=True):
    required: Any
    number: Any = 1000
    items: Any = msgspec.field(default_factory=list)
    names: Any = msgspec.field(default_factory=dict)
    made: Any = msgspec.field(default_factory=lambda: [])  # noqa: PIE807 (an empty list all the same)
    text: Any = "text"
    pair: Any = (1, 2)
    letters: Any = msgspec.field(default_factory=frozenset)


STRUCTS = [
    Plain(1),
    Plain([Plain(None), {"a": Plain(1.5, "x")}], (Plain(True),)),
    Plain(Decimal("1.10"), UUID(int=3)),
    Renamed("Ada"),
    Renamed("Ada", "Lovelace"),
    Renamed(Renamed(None, 1), msgspec.UNSET),
    Row(),
    Row(1, Row(2)),
    Sparse(None),
    Sparse(1000, 1000, [], {}, [], "text", (1, 2)),
    Sparse(None, 1, [0], {"a": 1}, [1], "other", (2, 1), ["a"]),
    Sparse(None, None, (), [], None, "", [], []),
    Sparse(None, int("1000"), [], {}, [], "".join(["te", "xt"]), tuple(iter((1, 2)))),
]


@pytest.mark.parametrize("value", STRUCTS, ids=str)
def test_a_struct_is_named_tagged_and_left_out_as_msgspec_does_it(value: Any) -> None:
    provider = DefaultJSONProvider(APP)
    provider.sort_keys = False
    theirs = msgspec.json.encode([value])

    assert written([value]) == json.loads(theirs)
    assert provider.dumps([value], separators=(",", ":")) == theirs.decode()


def test_dates_inside_a_struct_are_those_of_the_application() -> None:
    assert written(Plain(datetime(2020, 1, 2, 3, 4, tzinfo=UTC))) == {
        "first": "Thu, 02 Jan 2020 03:04:00 GMT",
        "second": None,
    }


def test_a_struct_that_holds_itself_is_an_error() -> None:
    endless = Plain(1)
    endless.second = endless

    for call in (DefaultJSONProvider(APP).dumps, DefaultJSONProvider(APP).response):
        with pytest.raises(ValueError, match="Circular reference"):
            call(endless)


# --- pydantic ----------------------------------------------------------------------------


class User(pydantic.BaseModel):
    id: UUID
    born: date
    groups: set[str]
    password: pydantic.SecretStr
    friend: User | None = None


Numbers: Any = pydantic.RootModel[list[int]]


def test_a_pydantic_model_is_written_as_its_author_declared_it() -> None:
    secret = pydantic.SecretStr("secret")
    friend = User(id=UUID(int=2), born=date(1815, 12, 10), groups={"a"}, password=secret)
    user = User(
        id=UUID(int=1), born=date(1912, 6, 23), groups=set(), password=secret, friend=friend
    )

    assert written([user, Numbers([1, 2])]) == [json.loads(user.model_dump_json()), [1, 2]]
    assert "secret" not in dumps(user)


# --- all of them -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Fruit, Plain, User], ids=["attrs", "msgspec", "pydantic"])
def test_the_class_itself_is_no_value(kind: Any) -> None:
    with pytest.raises(TypeError, match="JSON cannot hold an object of type"):
        DefaultJSONProvider(APP).dumps([kind])


def test_markup_of_ones_own_comes_before_the_fields() -> None:
    """What Flask writes as markup stays markup, whichever library made the class."""

    class Title(Plain):
        def __html__(self) -> str:
            return f"<h1>{self.first}</h1>"

    assert written(Title("typed")) == "<h1>typed</h1>"


def test_none_of_the_libraries_is_imported_to_find_out() -> None:
    program = (
        "import sys\n"
        "from typedflask.json import dumps\n"
        "class Own: pass\n"
        "try:\n"
        "    dumps(Own())\n"
        "except TypeError:\n"
        "    sys.exit(len({'attr', 'attrs', 'msgspec', 'pydantic'} & set(sys.modules)))\n"
        "sys.exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
