"""Rows that applications add to the table of response rules, and converters behind it."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from typing import Any

from typing_extensions import TypeIs
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.test_response_rules import Money, answer, refusal
from typedflask import Flask, Response
from typedflask.responses import Kit, ResponseRules, Rule, describe


def is_money(value: object) -> TypeIs[Money]:
    return isinstance(value, Money)


def show_money(value: Money, kit: Kit) -> WerkzeugResponse:
    return kit.app.response_class(f"{value.cents / 100:.2f} on {kit.request.environ['PATH_INFO']}")


MONEY = Rule("money", is_money, show_money)


def test_an_application_adds_a_row_for_a_type_of_its_own() -> None:
    app = Flask(__name__)
    app.responses.add(MONEY)

    assert answer(lambda: (Money(250), 201), app=app).text == "2.50 on /"


def test_an_added_row_stands_in_the_error_and_in_no_other_application() -> None:
    app = Flask(__name__)
    app.responses.add(MONEY)

    assert "money; " in str(refusal(lambda: 1.5, app=app))
    assert "money" not in str(refusal(lambda: 1.5))
    assert MONEY not in ResponseRules()


def test_an_added_row_comes_before_the_built_in_ones() -> None:
    def is_shop(value: object) -> TypeIs[Mapping[str, object]]:
        return isinstance(value, Mapping) and "shop" in value

    def show(value: Mapping[str, object], kit: Kit) -> WerkzeugResponse:
        return kit.app.response_class(f"shop {value['shop']}")

    app = Flask(__name__)
    app.responses.add(Rule("a shop", is_shop, show))

    assert answer(lambda: UserDict(shop=1), app=app).text == "shop 1"


def is_dict(value: object) -> TypeIs[dict[str, object]]:
    return type(value) is dict


def count(value: dict[str, object], kit: Kit) -> WerkzeugResponse:
    return kit.app.response_class(f"{len(value)} items")


def test_a_class_that_a_row_names_stays_with_that_row() -> None:
    app = Flask(__name__)
    app.responses.add(Rule("a dict", is_dict, count))

    assert answer(lambda: {"a": 1}, app=app).text == '{"a":1}\n'


def test_an_added_row_takes_over_the_classes_it_names() -> None:
    app = Flask(__name__)
    app.responses.add(Rule("a dict", is_dict, count, (dict,)))

    assert answer(lambda: {"a": 1}, app=app).text == "1 items"
    app = Flask(__name__)
    app.responses.add(Rule("a dict", is_dict, count, (dict,)))
    assert answer(lambda: [1], app=app).text == "[1]\n"


def test_the_row_added_last_is_asked_first() -> None:
    def second(value: Money, kit: Kit) -> WerkzeugResponse:
        return kit.app.response_class("second")

    for types in ((), (Money,)):
        app = Flask(__name__)
        app.responses.add(Rule("money", is_money, show_money, types))
        app.responses.add(Rule("better money", is_money, second, types))
        assert answer(lambda: Money(1), app=app).text == "second"


class Cents:
    """A converter: makes responses of money, and says so in its type."""

    def to_response(self, value: Money, /) -> WerkzeugResponse:
        return WerkzeugResponse(f"{value.cents} cents", mimetype="text/plain")


def test_a_converter_makes_responses_of_what_no_row_accepts() -> None:
    app = Flask(__name__, converter=Cents())

    assert answer(lambda: (Money(5), 201), app=app).text == "5 cents"


def test_a_converter_is_asked_last_and_never_for_none() -> None:
    asked: list[object] = []

    class Eager:
        def to_response(self, value: object, /) -> WerkzeugResponse:
            asked.append(value)
            return WerkzeugResponse("converted")

    assert answer(lambda: "text", app=Flask(__name__, converter=Eager())).text == "text"
    assert isinstance(refusal(lambda: None, app=Flask(__name__, converter=Eager())), TypeError)
    assert asked == []
    assert answer(lambda: 1.5, app=Flask(__name__, converter=Eager())).text == "converted"


def test_the_manual_prints_the_table_from_its_rows() -> None:
    lines = describe().splitlines()

    # The heading; and the converter and the opt-in rows, which no table has unasked.
    assert len(lines) == 2 + len(list(ResponseRules())) + 3
    assert "| text or bytes | The value is the body. |" in lines


def test_a_table_of_rows_of_ones_own_asks_the_converter_last() -> None:
    rules = ResponseRules((MONEY,), Cents())

    assert rules.names() == ["money", "what Cents converts"]
    assert ResponseRules((MONEY,)).names() == ["money"]


def test_what_rules_and_converters_make_is_of_the_applications_class() -> None:
    class Own(Response):
        pass

    seen: list[type] = []
    for app in (
        Flask(__name__, converter=Cents()),
        Flask(__name__).with_rule(Rule("money", is_money, lambda value, kit: WerkzeugResponse())),
        Flask(__name__).with_rule(
            Rule("money", is_money, lambda value, kit: WerkzeugResponse(), (Money,))
        ),
    ):
        app.response_class = Own

        @app.after_request
        def look(response: Response) -> Response:
            seen.append(type(response))
            return response

        answer(lambda: Money(5), app=app)

    assert seen == [Own, Own, Own]


def test_a_rule_that_makes_no_response_is_an_error_that_names_it() -> None:
    no_response: Any = "text"
    for types in ((), (Money,)):
        app = Flask(__name__).with_rule(
            Rule("money", is_money, lambda value, kit: no_response, types)
        )
        assert "The rule 'money' made str of Money" in str(refusal(lambda: Money(1), app=app))
