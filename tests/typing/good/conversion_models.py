"""Async streams and files may be returned by every view; records and paths where they were asked for."""
import io
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, TypedDict, TypeVar, assert_type

import attrs
import msgspec
import pydantic

from typedflask import Blueprint, Flask, Response, stream_with_context
from typedflask.responses import PATHS, RECORDS
from typedflask.typing import RecordValue
from typedflask.views import MethodView, View

T = TypeVar("T")


@dataclass
class Item:
    id: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: list[T]


@attrs.define
class Fruit:
    name: str


@attrs.frozen
class Frozen:
    name: str


class Car(msgspec.Struct, frozen=True):
    wheels: int = 4


class Person(pydantic.BaseModel):
    name: str


class Numbers(pydantic.RootModel[list[int]]):
    pass


class Entry(TypedDict):
    id: int


class Reader:
    def read(self, size: int = -1, /) -> bytes:
        return b""


app = Flask(__name__).with_rule(RECORDS)
assert_type(app, Flask[RecordValue])
part: Blueprint[RecordValue] = Blueprint("part", __name__)


@app.get("/a")
def a() -> Item:
    return Item(1)


@app.get("/b")
def b() -> Page[Item]:
    return Page([Item(1)])


@app.get("/c")
async def c() -> Fruit | Frozen:
    return Fruit("fig")


@app.get("/d")
def d() -> tuple[Car, int]:
    return Car(), 201


@app.get("/e")
def e(missing: bool = False) -> Person | tuple[dict[str, str], int]:
    if missing:
        return {"error": "nobody"}, 404
    return Person(name="Ada")


@part.get("/f")
def f() -> Numbers:
    return Numbers([1])


@app.get("/g")
def g() -> list[Item]:
    return [Item(1)]


@app.get("/h")
def h() -> dict[str, Fruit]:
    return {"a": Fruit("fig")}


@app.get("/i")
def i() -> tuple[list[Entry], int, dict[str, str]]:
    return [{"id": 1}], 200, {"X-A": "1"}


@app.get("/j")
async def j() -> AsyncIterator[str]:
    yield "piece"


@app.get("/k")
async def k() -> AsyncGenerator[bytes, None]:
    yield b"piece"


@app.get("/l")
def l() -> tuple[AsyncIterator[str], int]:
    return j(), 200


@app.get("/m")
def m() -> Iterator[str]:
    return stream_with_context(j())


@app.get("/n")
@stream_with_context
async def n() -> AsyncIterator[str]:
    yield "piece"


@app.get("/o")
def o() -> io.BytesIO:
    return io.BytesIO(b"x")


@app.get("/p")
def p() -> IO[str] | Reader:
    return open(__file__, encoding="utf-8")


@app.errorhandler(404)
def missing(error: Exception) -> tuple[Item, int]:
    return Item(404), 404


@app.before_request
def before() -> Item | None:
    return None


class Items(MethodView[RecordValue]):
    def get(self) -> list[Item]:
        return []

    async def post(self) -> Item:
        return Item(1)


class Pieces(View):
    async def dispatch_request(self) -> AsyncIterator[str]:
        yield "piece"


app.add_url_rule("/pieces", view_func=Pieces.as_view("pieces"))
app.add_url_rule("/items", view_func=Items.as_view("items"))

files = Flask(__name__).with_rule(PATHS)
assert_type(files, Flask[Path])


@files.get("/q")
def q() -> Path | tuple[str, int]:
    return Path("page.html")


assert_type(n(), Iterator[str])
assert_type(app.make_response(Item(1)), Response)
assert_type(app.make_response((Person(name="Ada"), 201)), Response)
