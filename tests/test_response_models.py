"""Objects whose classes declare their fields are sent as JSON: alone, in tuples, in lists and dicts."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypedDict
from unittest.mock import Mock
from uuid import UUID

import attrs
import msgspec
import pydantic
import pytest

from tests.test_response_rules import HTML, JSON, answer, refusal, wsgi_application
from tests.watching import Answer
from typedflask import Flask, Response
from typedflask.responses import RECORDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Result: TypeAlias = Any  # what these tests return is typed where it matters: tests/typing


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass(frozen=True, slots=True)
class Track:
    name: str
    points: list[Point]


@attrs.define
class Fruit:
    name: str
    price: Decimal = Decimal("1.50")


class Color(Enum):
    RED = "red"


class Car(msgspec.Struct):
    color: Color
    wheels: int = 4


class Person(pydantic.BaseModel):
    name: str
    born: datetime | None = None


class Numbers(pydantic.RootModel[list[int]]):
    pass


class Entry(TypedDict):
    id: int


SENT: list[tuple[str, Callable[[], Result], bytes]] = [
    ("dataclass", lambda: Point(1), b'{"x":1,"y":0}\n'),
    ("slots", lambda: Track("a", [Point(1)]), b'{"name":"a","points":[{"x":1,"y":0}]}\n'),
    ("attrs", lambda: Fruit("plum"), b'{"name":"plum","price":"1.50"}\n'),
    ("Struct", lambda: Car(Color.RED), b'{"color":"red","wheels":4}\n'),
    ("pydantic", lambda: Person(name="Ada"), b'{"born":null,"name":"Ada"}\n'),
    ("RootModel", lambda: Numbers([1, 2]), b"[1,2]\n"),
    ("TypedDict", lambda: Entry(id=1), b'{"id":1}\n'),
    ("list of dataclasses", lambda: [Point(1), Point(2)], b'[{"x":1,"y":0},{"x":2,"y":0}]\n'),
    ("list of Structs", lambda: [Car(Color.RED)], b'[{"color":"red","wheels":4}]\n'),
    (
        "dict of several kinds",
        lambda: {"a": Fruit("fig"), "b": Person(name="B"), "c": Numbers([])},
        b'{"a":{"name":"fig","price":"1.50"},"b":{"born":null,"name":"B"},"c":[]}\n',
    ),
]


def sent(result: Callable[[], Result], **options: Any) -> Answer:
    """The answer of an application that sends records."""
    return answer(result, app=Flask(__name__).with_rule(RECORDS), **options)


@pytest.mark.parametrize(("result", "body"), [pytest.param(*row[1:], id=row[0]) for row in SENT])
def test_an_object_with_fields_is_sent_as_json(result: Callable[[], Result], body: bytes) -> None:
    shown = sent(result)

    assert (shown.body, shown.header("Content-Type")) == (body, JSON)


@pytest.mark.parametrize("result", [Point(1), Fruit("fig"), Car(Color.RED), Person(name="Ada")])
def test_no_object_is_sent_by_an_application_that_did_not_ask_for_it(result: Result) -> None:
    """Fields may be nobody's business: a password, say. The error names the row to add."""
    error = str(refusal(lambda: result))

    assert "Applications that add the row RECORDS, by `app.with_rule(RECORDS)`, also send" in error


def test_a_list_of_records_says_that_json_is_meant_and_is_always_sent() -> None:
    assert answer(lambda: [Point(1)]).body == b'[{"x":1,"y":0}]\n'


def test_values_that_json_lacks_are_written_inside_a_document() -> None:
    when = datetime(2024, 2, 29, tzinfo=UTC)

    shown = answer(lambda: {"values": [UUID(int=1), Color.RED, Decimal("2.50"), when]})

    assert shown.text == (
        '{"values":["00000000-0000-0000-0000-000000000001","red","2.50",'
        '"Thu, 29 Feb 2024 00:00:00 GMT"]}\n'
    )


def test_status_and_headers_stand_beside_a_record_as_beside_any_body() -> None:
    shown = sent(lambda: (Point(1), 201, {"X-A": "1"}))

    assert (shown.status, shown.header("X-A"), shown.text) == (201, "1", '{"x":1,"y":0}\n')


def test_hooks_and_error_handlers_may_return_records_too() -> None:
    app = Flask(__name__).with_rule(RECORDS)

    @app.before_request
    def before() -> Point | None:
        return Point(1)

    assert answer(lambda: "view", app=app).text == '{"x":1,"y":0}\n'

    app = Flask(__name__).with_rule(RECORDS)

    @app.errorhandler(404)
    def missing(error: Exception) -> tuple[Point, int]:
        return Point(4), 404

    shown = answer(lambda: "view", app=app, path="/nowhere")
    assert (shown.status, shown.text) == (404, '{"x":4,"y":0}\n')


def test_the_applications_response_class_and_json_backend_make_the_response() -> None:
    class Own(Response):
        default_mimetype = "text/x-own"

    class Loud:
        def dumps(self, value: object) -> str:
            return f'"{type(value).__name__}"'

        def loads(self, text: str | bytes) -> object:
            raise NotImplementedError

    app = Flask(__name__, json=Loud()).with_rule(RECORDS)
    app.response_class = Own

    assert answer(lambda: Point(1), app=app).text == '"Point"\n'


# --- what is two things at once is the upper row -------------------------------------------


@dataclass
class Shelf(Mapping[str, int]):
    """A mapping first; that it is a dataclass is how it is made."""

    size: int

    def __getitem__(self, key: str) -> int:
        return len(key)

    def __iter__(self) -> Iterator[str]:
        return iter(("a", "bb"))

    def __len__(self) -> int:
        return 2


@dataclass
class Site:
    """A WSGI application whose options are fields."""

    debug: bool = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return wsgi_application(environ, start_response)


@dataclass
class Message:
    """A record with a method that only looks like a file's."""

    text: str

    def read(self) -> str:
        raise AssertionError("nobody asked for this")


class Pair(NamedTuple):
    text: str
    status: int


class Suit(str, Enum):  # noqa: UP042 - the older way, which many enums are made in
    HEARTS = "hearts"


class Labelled(Point, Enum):
    ORIGIN = 0, 0


class Badge(msgspec.Struct):
    name: str

    def __html__(self) -> str:
        return f"<b>{self.name}</b>"


@dataclass
class Label:
    name: str

    def __html__(self) -> str:
        return f"<b>{self.name}</b>"


def test_a_dataclass_that_is_a_mapping_is_sent_as_the_mapping() -> None:
    assert sent(lambda: Shelf(9)).text == '{"a":1,"bb":2}\n'


def test_a_dataclass_that_is_a_wsgi_application_answers_as_one() -> None:
    assert sent(Site).status == 418


def test_a_record_with_a_method_read_is_a_record() -> None:
    assert sent(lambda: Message("hi")).text == '{"text":"hi"}\n'


def test_a_named_tuple_is_taken_apart_as_any_tuple() -> None:
    shown = sent(lambda: Pair("made", 201))

    assert (shown.text, shown.status, shown.header("Content-Type")) == ("made", 201, HTML)


def test_an_enum_of_str_is_its_text_and_other_enums_are_refused() -> None:
    class Count(IntEnum):
        ONE = 1

    assert sent(lambda: Suit.HEARTS).text == "hearts"
    assert "Color: <Color.RED: 'red'>" in str(refusal(lambda: Color.RED))
    assert "Count: <Count.ONE: 1>" in str(refusal(lambda: Count.ONE))


def test_an_enum_of_a_dataclass_is_written_as_json_writes_it() -> None:
    assert sent(lambda: Labelled.ORIGIN).header("Content-Type") == JSON


def test_markup_of_an_object_does_not_make_it_html() -> None:
    """What the JSON backend makes of `__html__` is its own affair; a page is never sent unasked."""
    for result in (lambda: Badge("a"), lambda: Label("a")):
        assert sent(result).header("Content-Type") == JSON


def test_a_stand_in_with_every_attribute_is_not_taken_for_a_record() -> None:
    """It can be called, and answers as the WSGI application that it says it is."""
    stand_in = Mock(return_value=[b"called"])

    refusal(
        lambda: stand_in, app=Flask(__name__).with_rule(RECORDS)
    )  # it does not call what WSGI has it call

    assert stand_in.call_count == 1
    assert not stand_in.model_dump.called


def test_classes_are_no_objects_of_theirs() -> None:
    for result in (lambda: Point, lambda: Fruit, lambda: Car, lambda: Person):
        assert ": <class" in str(refusal(result, app=Flask(__name__).with_rule(RECORDS)))


# --- converters ----------------------------------------------------------------------------


class Crosses:
    """Converts points and says of nothing else that it does not."""

    def to_response(self, value: Point, /) -> Response:
        return Response("x" * value.x)


class CarefulCrosses(Crosses):
    def accepts(self, value: object) -> bool:
        return isinstance(value, Point)


def test_a_converter_comes_before_the_row_of_records_however_late_that_is_added() -> None:
    app = Flask(__name__, converter=Crosses())
    app.responses.add(RECORDS)
    assert answer(lambda: Point(3), app=app).text == "xxx"


def test_a_converter_that_names_what_it_accepts_leaves_the_rest_to_the_rows() -> None:
    app = Flask(__name__, converter=CarefulCrosses()).with_rule(RECORDS)
    app.add_url_rule("/fruit", view_func=lambda: Fruit("fig"))

    assert answer(lambda: Point(3), app=app).text == "xxx"
    assert app.test_client().get("/fruit").json == {"name": "fig", "price": "1.50"}


def test_the_error_names_a_converter_among_the_rows() -> None:
    app = Flask(__name__, converter=CarefulCrosses())

    assert "; what CarefulCrosses converts; " in str(refusal(lambda: 1.5, app=app))


def test_a_converter_does_not_get_what_flask_itself_converts() -> None:
    class Greedy:
        def to_response(self, value: object, /) -> Response:
            return Response("greedy")

    app = Flask(__name__, converter=Greedy())
    views: dict[str, Callable[[], Result]] = {
        "/file": lambda: io.BytesIO(b"x"),
        "/stream": lambda: iter("x"),
        "/wsgi": lambda: wsgi_application,
        "/own": lambda: 1.5,
    }
    for path, view in views.items():
        app.add_url_rule(path, path, view)
    client = app.test_client()

    assert [client.get(path).data for path in views] == [b"x", b"x", b"GET tea", b"greedy"]


def test_no_library_is_imported_to_tell_what_a_value_is() -> None:
    program = """
import sys
from typedflask import Flask
app = Flask("x")
app.add_url_rule("/", view_func=lambda: object())
app.logger.disabled = True
assert app.test_client().get("/").status_code == 500
found = {"attr", "attrs", "msgspec", "pydantic", "asyncio"} & sys.modules.keys()
assert not found, found
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
