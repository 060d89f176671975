"""The shortcuts for the values of variables and for methods give way where something is replaced."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import BaseConverter, IntegerConverter, MapAdapter, UnicodeConverter
from werkzeug.routing.converters import NumberConverter

from tests.matching import map_of
from typedflask import Flask, Request
from typedflask.routing import Rule
from typedflask.routing.branches import Node, Place
from typedflask.routing.endings import quick_readers, readers_of
from typedflask.routing.rule_map import GOOD_HOSTS, RuleMap, quick_match
from typedflask.routing.tree import RuleTree


def shown(value: object) -> str:
    """The view: what it was called with."""
    return repr(value)


def app_with(rule: str, **converters: type[BaseConverter]) -> Flask:
    """An application whose only view tells the repr of its one value."""
    app = Flask("shop", static_folder=None)
    app.url_map.converters.update(converters)
    app.add_url_rule(rule, "shown", shown)
    return app


class Doubled(IntegerConverter):
    """Numbers, doubled."""

    def to_python(self, value: str) -> int:
        """Twice the number."""
        return 2 * int(value)


class Loud(UnicodeConverter):
    """Text in capitals."""

    def to_python(self, value: str) -> str:
        """The text in capitals."""
        return value.upper()


class Fractional(IntegerConverter):
    """Numbers, made by another function than `int`."""

    num_convert = float


def test_plain_numbers_and_text_are_read_without_their_converters() -> None:
    number, text = app_with("/<int:value>"), app_with("/<value>")
    for app, reader in ((number, int), (text, str)):
        rule = next(app.url_map.iter_rules("shown"))
        assert isinstance(rule, Rule)
        assert readers_of(rule) == (reader,)
        assert not rule.is_compiled
        assert quick_readers(rule.variables.values()) == (reader,)
    assert number.test_client().get("/7").text == "7"
    assert text.test_client().get("/7").text == "'7'"


@pytest.mark.parametrize(("kind", "wanted"), [(Doubled, "14"), (Loud, "'7'"), (Fractional, "7.0")])
def test_a_converter_of_an_application_is_asked(kind: type[BaseConverter], wanted: str) -> None:
    assert app_with("/<own:value>", own=kind).test_client().get("/7").text == wanted


def test_a_converter_whose_method_was_replaced_on_the_object_is_asked() -> None:
    app = app_with("/<int:value>")
    rule = next(app.url_map.iter_rules("shown"))
    vars(rule._converters["value"])["to_python"] = lambda value: f"number {value}"
    assert app.test_client().get("/7").text == "'number 7'"


def test_a_converter_whose_class_got_another_method_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def negative(self: NumberConverter, value: str) -> int:
        return -int(value)

    monkeypatch.setattr(NumberConverter, "to_python", negative)
    assert app_with("/<int:value>").test_client().get("/7").text == "-7"


@pytest.mark.parametrize("limit", ["max=6", "min=8", "fixed_digits=2"])
def test_limits_of_numbers_are_kept(limit: str) -> None:
    assert app_with(f"/<int({limit}):value>").test_client().get("/7").status_code == 404


def test_a_number_too_long_for_python_matches_nothing() -> None:
    client = app_with("/<int:value>").test_client()
    for path, status in (("/" + "7" * 5000, 404), ("/7", 200), ("/" + "7" * 5000, 404)):
        assert client.get(path).status_code == status


def test_a_segment_that_has_a_rule_of_its_own_is_no_value() -> None:
    app = app_with("/<value>")
    app.add_url_rule("/new", "new", lambda: "new")
    app.add_url_rule("/old/", "old", lambda: "old")
    client = app.test_client()
    assert [client.get(path).text for path in ("/7", "/new", "/8", "/old/")] == [
        *("'7'", "new", "'8'", "old")
    ]
    assert (client.put("/new").status_code, client.get("/old").status_code) == (405, 308)


def test_what_was_found_once_is_found_with_hosts_nobody_saw_before_and_with_none() -> None:
    app = app_with("/<int:value>")
    for number in range(600):
        environ = {"PATH_INFO": "/7", "REQUEST_METHOD": "GET", "HTTP_HOST": f"host{number}.example"}
        assert isinstance(quick_match(map_of(app), environ), tuple)
    assert len(GOOD_HOSTS) <= 512
    of_path = {"PATH_INFO": "/7", "REQUEST_METHOD": "GET"}
    assert isinstance(quick_match(map_of(app), of_path), tuple)
    assert quick_match(map_of(app), {**of_path, "HTTP_HOST": "a..b"}) is None


def test_an_error_of_a_converter_is_an_error_of_the_program() -> None:
    class Broken(BaseConverter):
        def to_python(self, value: str) -> Any:
            raise ValueError("broken")

    app = app_with("/<own:value>", own=Broken)
    app.testing = True
    with pytest.raises(ValueError, match="broken"):
        app.test_client().get("/7")


def places(node: Node) -> list[Place]:
    """The places a node leads to."""
    here = [] if node.place is None else [node.place]
    return here + [place for each in node.following() for place in places(each)]


def endings(tree: RuleTree) -> int:
    """How many methods are remembered in a tree."""
    branches = [branch for fork in tree._forks.values() for branch in fork.branches]
    found = [*tree._plain.values(), *tree._slashed.values(), *places(tree._root)]
    found += [place for each in branches for place in (each.plain, each.slashed) if place]
    return sum(len(place.endings) for place in found)


def test_methods_that_clients_invent_are_not_remembered() -> None:
    app = app_with("/<int:value>")
    app.url_map.add(app.url_rule_class("/any/<int:value>", endpoint="shown", methods=None))
    client = app.test_client()
    for number in range(50):
        assert client.open("/7", method=f"M{number:b}").status_code == 405
        assert client.open("/any/7", method="M" + "X" * number).text == "7"
    assert client.get("/7").text == "7"
    assert isinstance(app.url_map, RuleMap)
    assert endings(app.url_map.as_tree()) == 1


def test_a_rule_that_is_added_later_is_found_at_a_place_that_is_known() -> None:
    app = app_with("/<int:value>")
    assert app.test_client().get("/7").text == "7"
    app.url_map.add(app.url_rule_class("/<int:value>", endpoint="other", methods=["PUT"]))
    app.view_functions["other"] = lambda value: f"put {value}"
    assert app.test_client().put("/7").text == "put 7"


def test_an_adapter_of_the_object_s_own_decides_what_matches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = app_with("/<int:value>")
    assert app.test_client().get("/7").text == "7"
    adapter = app.create_url_adapter
    asked: list[object] = []

    def other_adapter(request: Request | None) -> MapAdapter | None:
        asked.append(request)
        return adapter(request)

    monkeypatch.setattr(app, "create_url_adapter", other_adapter)
    assert app.test_client().get("/7").text == "7"
    assert app.test_client().get("/x").status_code == 404
    assert len(asked) == 2
