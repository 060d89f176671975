"""Views, hooks, handlers, classes and blueprints that return what an application's rules accept."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typing_extensions import TypeIs
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.test_response_rules import Money
from typedflask import Blueprint, Flask, Response, Rule
from typedflask.errors import SetupFinishedError
from typedflask.responses import Kit
from typedflask.views import MethodView, View


def is_money(value: object) -> TypeIs[Money]:
    return isinstance(value, Money)


def show_money(value: Money, kit: Kit) -> WerkzeugResponse:
    return kit.app.response_class(f"{value.cents} cents")


MONEY = Rule("money", is_money, show_money)


@pytest.fixture
def app() -> Flask[Money]:
    """An application whose rules accept money."""
    return Flask(__name__).with_rule(MONEY)


def test_with_rule_gives_back_the_application_with_the_rule_in_front() -> None:
    app = Flask(__name__)
    assert app.with_rule(MONEY) is app
    assert next(iter(app.responses)) is MONEY


def test_a_hook_and_a_handler_may_answer_with_what_a_rule_accepts(app: Flask[Money]) -> None:
    @app.errorhandler(404)
    def missing(error: NotFound) -> tuple[Money, int]:
        return Money(404), 404

    client = app.test_client()
    answer = client.get("/")
    assert (answer.text, answer.status_code) == ("404 cents", 404)
    assert missing(NotFound()) == (Money(404), 404)


def test_a_hook_may_answer_with_what_a_rule_accepts(app: Flask[Money]) -> None:
    app.before_request(lambda: Money(1))
    assert app.test_client().get("/").text == "1 cents"


def test_classes_may_answer_with_what_a_rule_accepts(app: Flask[Money]) -> None:
    class Price(View[Money]):
        def dispatch_request(self) -> Money:
            return Money(2)

    class Prices(MethodView[Money]):
        def get(self) -> Money:
            return Money(3)

        async def put(self) -> tuple[Money, int]:
            return Money(4), 201

    app.add_url_rule("/price", view_func=Price.as_view("price"))
    app.add_url_rule("/prices", view_func=Prices.as_view("prices"))
    client = app.test_client()
    assert client.get("/price").text == "2 cents"
    assert client.get("/prices").text == "3 cents"
    assert client.put("/prices").status_code == 201
    assert Prices.methods == {"GET", "PUT"}
    assert client.post("/prices").status_code == 405


def test_a_blueprint_for_such_an_application_registers_and_nests(app: Flask[Money]) -> None:
    shop = Blueprint[Money]("shop", __name__, url_prefix="/shop")
    plain = Blueprint("plain", __name__, url_prefix="/plain")
    shop.add_url_rule("/", "price", lambda: Money(5))
    plain.add_url_rule("/", "text", lambda: "text")
    shop.register_blueprint(plain)
    app.register_blueprint(shop)
    client = app.test_client()
    assert client.get("/shop/").text == "5 cents"
    assert client.get("/shop/plain/").text == "text"


def test_endpoint_registers_the_view_and_gives_it_back(app: Flask[Money]) -> None:
    @app.endpoint("later")
    def later() -> Money:
        return Money(6)

    assert app.view_functions["later"] is later
    app.add_url_rule("/later", endpoint="later")
    assert app.test_client().get("/later").text == "6 cents"


def test_error_handlers_are_set_up_before_the_first_request() -> None:
    app = Flask(__name__)
    app.test_client().get("/")
    with pytest.raises(SetupFinishedError, match="errorhandler"):
        app.errorhandler(404)
    with pytest.raises(SetupFinishedError, match="register_error_handler"):
        app.register_error_handler(404, lambda error: "x")


def test_ensure_sync_calls_plain_and_async_functions_alike() -> None:
    app = Flask(__name__)

    async def later(name: str) -> str:
        return name

    def now(name: str) -> str:
        return name

    assert app.ensure_sync(later)("a") == app.ensure_sync(now)("a") == "a"
    assert isinstance(app.response_class(), Response)


def test_statuses_for_checkers_are_not_imported_with_the_package() -> None:
    check = (
        "import sys, typedflask, typedflask.sessions as room; "
        "names = {'typedflask.errors.statuses', 'typedflask.registration.doors',"
        " 'typedflask.sessions.stores.contract'}; "
        "assert not names & set(sys.modules), names & set(sys.modules); "
        "room.SessionStore, room.StoredSession; assert not hasattr(room, 'Shelf')"
    )
    subprocess.run([sys.executable, "-c", check], check=True)
