"""The bundled opt-in row, a rule and converters pass the published tests, and broken ones do not."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import TypeIs

from tests import test_docs
from typedflask import Response, current_app
from typedflask.responses import PATHS, Kit, ResponseConverter, Rule
from typedflask.responses.rules import ADDED
from typedflask.testing.conformance.converters import Converter, ConverterConformance
from typedflask.typing import BaseResponse

# Any, in all of this module: broken converters return what no checker would let them.


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents


@dataclass
class Point:
    x: int


def is_money(value: object) -> TypeIs[Money]:
    return isinstance(value, Money)


def show_money(value: Money, kit: Kit) -> BaseResponse:
    return kit.app.response_class(f"{value.cents / 100:.2f}", headers={"X-Cents": str(value.cents)})


MONEY = Rule("money", is_money, show_money)


class MoneyValues(ConverterConformance):
    """The values that the good and the broken ones are asked to convert."""

    def accepted(self) -> Sequence[object]:
        return [Money(0), Money(250)]

    def refused(self) -> Sequence[object]:
        return [250, Point(250)]


class TestRule(MoneyValues):
    def make_converter(self) -> Rule[Money]:
        return MONEY


class TestRuleByType(MoneyValues):
    def make_converter(self) -> Rule[Money]:
        return Rule("money", is_money, show_money, (Money,))


class Cents:
    """A converter that refuses what it does not take by itself."""

    def to_response(self, value: Money, /) -> Response:
        if not is_money(value):
            raise TypeError(f"this converts Money and not {type(value).__name__}")
        return current_app.response_class(f"{value.cents} cents")


class TestConverter(MoneyValues):
    def make_converter(self) -> ResponseConverter[Money]:
        return Cents()


class ChoosingCents:
    def accepts(self, value: object) -> bool:
        return isinstance(value, Money)

    def to_response(self, value: Money, /) -> Response:
        return Response(f"{value.cents} cents")


class TestConverterWithACheck(MoneyValues):
    def make_converter(self) -> ResponseConverter[Money]:
        return ChoosingCents()


def in_default_class(value: Money, kit: Kit) -> Any:
    return Response(f"{value.cents}")


class TestRuleWithAnotherResponseClass(MoneyValues):
    """The application makes it one of its own, as the manual says; the rule need not."""

    def make_converter(self) -> Rule[Money]:
        return Rule("money", is_money, in_default_class)


class TestPaths(ConverterConformance):
    def make_converter(self) -> Rule[Path]:
        return PATHS

    def accepted(self) -> Sequence[object]:
        return [Path(__file__), Path(pytest.__file__)]

    def refused(self) -> Sequence[object]:
        return [__file__, type]


def is_dict(value: object) -> TypeIs[dict[str, Any]]:
    return isinstance(value, dict)


def count(value: Mapping[str, Any], kit: Kit) -> BaseResponse:
    return kit.app.response_class(f"{len(value)} items")


class TestTakingOver(ConverterConformance):
    """A rule may want what Flask converts otherwise, and says so."""

    takes_over = (dict,)

    def make_converter(self) -> Rule[Any]:
        return Rule("a dict, counted", is_dict, count, (dict,))

    def accepted(self) -> Sequence[object]:
        return [{}, {"a": 1}]


@pytest.mark.parametrize("row", ADDED, ids=[row.name for row in ADDED])
def test_the_bundled_rows_leave_none_alone_and_can_be_asked_about_anything(row: Rule[Any]) -> None:
    """What they convert is tried elsewhere; in a row of their own they would come too early."""

    class Bundled(ConverterConformance):
        def make_converter(self) -> Rule[Any]:
            return row

    tests = Bundled()
    tests.test_the_check_can_be_asked_about_anything()
    tests.test_the_check_leaves_none_alone()
    tests.test_what_flask_converts_stays_as_it_is()
    tests.test_messages_and_tables_can_name_it()


# --- each wrong in one way -------------------------------------------------------------------

Convert = Callable[[Any, Kit], Any]
COUNTER = itertools.count()
SHARED = Response("shared")


def rule(accepts: Any = is_money, convert: Convert = show_money, name: str = "money") -> Any:
    return Rule(name, accepts, convert)


def never(value: object) -> bool:
    return False


def with_numbers(value: object) -> bool:
    return isinstance(value, (Money, int)) and value is not True


def by_attribute(value: Any) -> bool:
    return bool(value.cents is not None)


def or_none(value: object) -> bool:
    return value is None or is_money(value)


def or_iterators(value: object) -> bool:
    return is_money(value) or hasattr(value, "__next__")


def truthy(value: object) -> Any:
    return getattr(value, "cents", None) if is_money(value) else False


def text_alone(value: Money, kit: Kit) -> Any:
    return f"{value.cents}"


def shared(value: Money, kit: Kit) -> Any:
    kind = kit.app.response_class
    if not isinstance(SHARED, kind):
        kind.force_type(SHARED, kit.request.environ)
    return SHARED


def counting(value: Money, kit: Kit) -> Any:
    return kit.app.response_class(f"{value.cents} {next(COUNTER)}")


def two_lines(value: Money, kit: Kit) -> Any:
    response = kit.app.response_class("x")
    response.headers["X-Cents"] = "ü€"
    return response


def wrong_length(value: Money, kit: Kit) -> Any:
    response = kit.app.response_class(iter(["12345"]))
    response.headers["Content-Length"] = "3"
    return response


def body_by_method(value: Money, kit: Kit) -> Any:
    if kit.request.environ["REQUEST_METHOD"] == "HEAD":
        return kit.app.response_class("", headers={"X-Only": "HEAD"})
    return kit.app.response_class("x")


class Unsafe:
    """Keeps the value it converts where other threads change it."""

    def __init__(self) -> None:
        self.value: Any = None

    def __call__(self, value: Money, kit: Kit) -> Any:
        self.value = value
        time.sleep(0.002)
        return kit.app.response_class(str(self.value.cents))


UNSAFE = Unsafe()


class Careless:
    def to_response(self, value: Money, /) -> Any:
        return Response(str(value.cents))


class TakesAll:
    def to_response(self, value: object, /) -> Any:
        return Response("whatever")


class Silent:
    def to_response(self, value: Any, /) -> Any:
        if not is_money(value):
            raise TypeError
        return Response(str(value.cents))


BROKEN: list[tuple[str, Callable[[], Any]]] = [
    ("the_check_accepts_every_value_it_is_for", lambda: rule(never)),
    ("the_check_accepts_every_value_it_is_for", lambda: rule(truthy)),
    ("the_check_leaves_other_values_to_other_rules", lambda: rule(with_numbers)),
    ("the_check_can_be_asked_about_anything", lambda: rule(by_attribute)),
    ("the_check_leaves_none_alone", lambda: rule(or_none)),
    ("what_flask_converts_stays_as_it_is", lambda: rule(or_iterators, lambda v, kit: Response())),
    ("every_value_becomes_a_response", lambda: rule(convert=text_alone)),
    ("views_hooks_and_error_handlers_may_return_every_value", lambda: rule(convert=two_lines)),
    ("hooks_see_a_response_of_the_applications_class", lambda: rule(convert=text_alone)),
    ("equal_values_become_equal_responses", lambda: rule(convert=counting)),
    ("every_conversion_makes_a_response_of_its_own", lambda: rule(convert=shared)),
    ("many_threads_may_convert_at_once", lambda: rule(convert=UNSAFE)),
    ("a_status_and_headers_may_stand_beside_every_value", lambda: rule(convert=counting)),
    ("head_is_answered_like_get_without_the_body", lambda: rule(convert=body_by_method)),
    ("the_length_that_is_announced_is_the_bodys", lambda: rule(convert=wrong_length)),
    ("what_is_refused_is_a_clear_error", Careless),
    ("what_is_refused_is_a_clear_error", TakesAll),
    ("what_is_refused_is_a_clear_error", Silent),
    ("messages_and_tables_can_name_it", lambda: rule(name=" ")),
    ("messages_and_tables_can_name_it", lambda: rule(name="mo\nney")),
]
"""Each test, with converters that it must find wrong."""


@pytest.mark.parametrize(
    ("name", "make"),
    [pytest.param(*row, id=f"{number}-{row[0]}") for number, row in enumerate(BROKEN)],
)
def test_a_broken_converter_fails_the_test_that_is_about_it(
    name: str, make: Callable[[], Converter]
) -> None:
    class Broken(MoneyValues):
        def make_converter(self) -> Converter:
            return make()

    with pytest.raises(Exception, match=r"\w"):
        getattr(Broken(), f"test_{name}")()


def test_every_test_was_seen_to_fail() -> None:
    tests = {name for name in dir(ConverterConformance) if name.startswith("test_")}

    assert tests == {f"test_{name}" for name, _ in BROKEN}


def test_an_author_who_forgets_something_is_told() -> None:
    tests = ConverterConformance()

    with pytest.raises(NotImplementedError, match="must define make_converter"):
        tests.make_converter()
    with pytest.raises(NotImplementedError, match="must define accepted"):
        tests.accepted()

    class Empty(TestRule):
        def accepted(self) -> Sequence[object]:
            return []

    with pytest.raises(AssertionError, match="nothing is tested"):
        Empty().test_every_value_becomes_a_response()


def test_the_manuals_rule_passes(tmp_path: Path) -> None:
    (page,) = (block for block in test_docs.BLOCKS if block.file == "test_money.py")

    module = test_docs.load(page, tmp_path)

    tests: ConverterConformance = module.TestMoney()
    names = [name for name in dir(tests) if name.startswith("test_")]
    assert len(names) > 10
    for name in names:
        getattr(tests, name)()
