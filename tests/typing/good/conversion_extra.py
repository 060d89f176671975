"""What an application's own rules accept, its views, hooks and handlers may return."""
from dataclasses import dataclass
from typing import assert_type

from typing_extensions import TypeIs

from typedflask import Blueprint, Flask, Response, Rule, current
from typedflask.views import MethodView, View


@dataclass
class Item:
    id: int


@dataclass
class Money:
    cents: int


class ItemConverter:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


def is_money(value: object) -> TypeIs[Money]:
    return isinstance(value, Money)


def from_money(value: Money, kit: object) -> Response:
    return Response(str(value.cents))


app = Flask(__name__, converter=ItemConverter())
assert_type(app, Flask[Item])

MONEY = Rule("money", is_money, from_money)
shop = Flask(__name__).with_rule(MONEY)
assert_type(shop, Flask[Money])
both = Flask(__name__, converter=ItemConverter()).with_rule(MONEY)
declared: Flask[Money] = Flask(__name__)
declared.responses.add(MONEY)


@app.get("/a")
def a() -> str:
    return ""


@app.get("/b/<int:number>")
def b(number: int) -> Item:
    return Item(number)


@app.get("/c")
async def c() -> Item:
    return Item(1)


@app.get("/d")
def d(number: int = 1) -> Item | tuple[str, int]:
    return Item(number)


@app.get("/e")
def e() -> tuple[Item, int, dict[str, str]]:
    return Item(1), 201, {"X-A": "1"}


@both.get("/f")
def f() -> Item | Money:
    return Money(3)


@both.get("/g")
async def g() -> tuple[Money, str]:
    return Money(3), "201 CREATED"


@shop.endpoint("h")
@declared.get("/h")
def h() -> Money:
    return Money(1)


@app.before_request
def before() -> Item | None:
    return None


@app.errorhandler(404)
def missing(error: Exception) -> Item:
    return Item(404)


@app.errorhandler(KeyError)
async def no_key(error: KeyError) -> tuple[Item, int]:
    return Item(1), 400


part = Blueprint("part", __name__)
prices = Blueprint[Money]("prices", __name__)
inner = Blueprint[Money]("inner", __name__)


@prices.get("/price")
def price() -> Money:
    return Money(1)


@prices.before_app_request
def check() -> Money | None:
    return None


prices.register_blueprint(part)
prices.register_blueprint(inner)
shop.register_blueprint(prices)
both.register_blueprint(prices, url_prefix="/p")
both.register_blueprint(part)


class Prices(MethodView[Money]):
    def get(self, number: int) -> Money:
        return Money(number)

    async def post(self) -> tuple[Money, int]:
        return Money(1), 201


class Price(View[Money]):
    def __init__(self, default: int) -> None:
        self.default = default

    def dispatch_request(self, number: int = 0) -> Money:
        return Money(number or self.default)


shop.add_url_rule("/prices", view_func=Prices.as_view("all_prices"))
both.add_url_rule("/one", view_func=Price.as_view("one", default=3))


def configure(application: Flask) -> None:
    application.config["X"] = 1


configure(app)
configure(both)

assert_type(b(number=1), Item)
assert_type(price(), Money)
assert_type(app.make_response(Item(1)), Response)
assert_type(app.make_response((Item(1), 404)), Response)


def known_to_be(amount: Money) -> Response:
    assert_type(current(Flask[Money]), Flask[Money])
    response = current(Flask[Money]).make_response((amount, 402))
    response.headers["X-A"] = "1"
    return response


async def call() -> None:
    assert_type(await c(), Item)
