"""The error table: which handler answers which error, and the three doors to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    default_exceptions,
)

from typedflask import Blueprint, Flask
from typedflask.errors import ErrorKey, ErrorTable, describe, error_key, search_order

Handler = Callable[[Any], str]


def says(word: str) -> Handler:
    """A handler that answers with a word."""

    def handler(error: Exception) -> str:
        return word

    return handler


class Base(Exception):
    pass


class Middle(Base):
    pass


class Leaf(Middle, ValueError):
    pass


class PaymentFailed(HTTPException):
    code = 402


class OwnNotFound(NotFound):
    pass


# --- the order ---------------------------------------------------------------------------


def test_the_exact_status_comes_before_any_the_blueprint_before_the_application() -> None:
    order = list(search_order(NotFound, ["shop.admin", "shop"]))

    assert [(key.code, key.scope) for key in order if key.kind is NotFound] == [
        (404, "shop.admin"),
        (404, "shop"),
        (404, None),
        (None, "shop.admin"),
        (None, "shop"),
        (None, None),
    ]
    assert [key.kind for key in order[:3]] == [NotFound, HTTPException, Exception]


def test_an_error_without_a_status_is_searched_once_per_scope_and_class() -> None:
    assert list(search_order(Leaf, ["shop"])) == [
        ErrorKey(scope, None, kind)
        for scope in ("shop", None)
        for kind in (Leaf, Middle, Base, ValueError, Exception)
    ]


@given(
    kind=st.sampled_from(
        [*default_exceptions.values(), Leaf, Base, OwnNotFound, BadRequestKeyError]
    ),
    scopes=st.lists(st.sampled_from(["a", "a.b", "c"]), unique=True),
)
def test_the_search_asks_every_key_once(kind: type[Exception], scopes: list[str]) -> None:
    order = list(search_order(kind, scopes))

    assert len(order) == len(set(order))
    assert order[0] == ErrorKey(scopes[0] if scopes else None, getattr(kind, "code", None), kind)
    assert order[-1] == ErrorKey(None, None, Exception)


def test_the_handler_that_stands_first_in_the_order_is_found() -> None:
    table = ErrorTable()
    added: list[str] = []
    # From the last to the first: each handler that is added takes over.
    for key in reversed(list(search_order(OwnNotFound, ["a.b", "a"]))):
        added.append(str(key))
        table.put(key, says(str(key)))
        found = table.find(OwnNotFound(), ["a.b", "a"])
        assert found is not None
        assert found(OwnNotFound()) == str(key)
    assert len(table) == len(added) == 2 * 3 * 4


def test_nothing_is_found_in_an_empty_table_or_for_a_stranger() -> None:
    table = ErrorTable()
    assert table.find(ValueError()) is None
    table.put(error_key(KeyError), says("key"))
    assert table.find(ValueError()) is None
    assert table.find(ValueError()) is None


def test_a_handler_registered_after_a_search_is_found_by_the_next() -> None:
    table = ErrorTable()
    table.put(error_key(Base), says("base"))
    assert table.find(Leaf()) is not None

    table.put(error_key(Leaf), says("leaf"))
    found = table.find(Leaf())
    assert found is not None
    assert found(Leaf()) == "leaf"

    table.drop(error_key(Leaf))
    found = table.find(Leaf())
    assert found is not None
    assert found(Leaf()) == "base"


def test_a_search_that_found_nothing_is_repeated_after_a_registration() -> None:
    table = ErrorTable()
    table.put(error_key(KeyError), says("key"))
    assert table.find(Leaf()) is None
    table.put(error_key(Exception), says("any"))
    assert table.find(Leaf()) is not None


def test_the_scopes_of_one_search_do_not_answer_another() -> None:
    table = ErrorTable()
    table.put(error_key(404, "shop"), says("shop"))

    assert table.find(NotFound(), ["shop"]) is not None
    assert table.find(NotFound(), []) is None
    assert table.find(NotFound(), ["other"]) is None


def test_a_blueprints_table_is_merged_under_its_name() -> None:
    inner, outer = ErrorTable(), ErrorTable()
    inner.put(error_key(404), says("own"))
    inner.put(error_key(404, "child"), says("child"))

    outer.merge(inner, "shop")

    assert {key.scope for key, _ in outer} == {"shop", "shop.child"}


# --- what a handler is registered for ----------------------------------------------------


@pytest.mark.parametrize("code", sorted(default_exceptions))
def test_a_status_stands_for_its_exception(code: int) -> None:
    assert error_key(code) == ErrorKey(None, code, default_exceptions[code])
    assert error_key(default_exceptions[code]) == error_key(code)


def test_a_class_of_ones_own_stands_for_itself_and_its_status() -> None:
    assert error_key(PaymentFailed) == ErrorKey(None, 402, PaymentFailed)
    assert error_key(OwnNotFound, "a") == ErrorKey("a", 404, OwnNotFound)
    assert error_key(HTTPException) == ErrorKey(None, None, HTTPException)
    assert error_key(Leaf) == ErrorKey(None, None, Leaf)


WRONG: list[tuple[Any, type[Exception], str]] = [
    (NotFound("a"), TypeError, "NotFound"),
    (ValueError("a"), TypeError, "Register its class, ValueError"),
    ("404", TypeError, "'404'"),
    (None, TypeError, "None"),
    (str, ValueError, "str"),
    (BaseException, ValueError, "BaseException"),
    (KeyboardInterrupt, ValueError, "KeyboardInterrupt"),
    (4.04, TypeError, "4.04"),
    (402, ValueError, "402"),
    (200, ValueError, "200"),
    (0, ValueError, "0"),
    (-404, ValueError, "-404"),
    (True, ValueError, "True"),
]


@pytest.mark.parametrize(("target", "kind", "words"), WRONG)
def test_a_wrong_target_is_refused_with_what_it_was_at_every_door(
    target: Any, kind: type[Exception], words: str
) -> None:
    for scaffold in (Flask(__name__), Blueprint("shop", __name__)):
        with pytest.raises(kind, match=words):
            scaffold.errorhandler(target)(says("never"))
        with pytest.raises(kind, match=words):
            scaffold.register_error_handler(target, says("never"))
        assert len(scaffold.error_handler_spec) == 0


def test_the_error_for_an_unknown_status_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="400, 401, 403"):
        error_key(402)


# --- the doors ---------------------------------------------------------------------------


def test_the_decorator_gives_the_handler_back_and_stacks() -> None:
    app = Flask(__name__)

    @app.errorhandler(404)
    @app.errorhandler(Forbidden)
    def refuse(error: HTTPException) -> str:
        return "no"

    assert refuse(NotFound()) == "no"
    assert app.error_handler_spec[None][404] == {NotFound: refuse}
    assert app.error_handler_spec[None][403] == {Forbidden: refuse}


def test_a_later_registration_replaces_an_earlier_one() -> None:
    app, second = Flask(__name__), says("second")
    app.register_error_handler(404, says("first"))
    app.register_error_handler(NotFound, second)

    assert app.error_handler_spec[None][404][NotFound] is second
    assert app.aborter is not None
    assert app.test_client().get("/nowhere").text == "second"


def test_the_specification_shows_what_the_other_doors_registered() -> None:
    app, shop = Flask(__name__), Blueprint("shop", __name__)
    four, own, base = says("404"), says("own"), says("base")
    app.register_error_handler(404, four)
    app.register_error_handler(OwnNotFound, own)
    app.errorhandler(Base)(base)
    shop.register_error_handler(500, four)
    app.register_blueprint(shop)

    spec = app.error_handler_spec
    assert set(spec) == {None, "shop"}
    assert set(spec[None]) == {404, None}
    assert dict(spec[None][404]) == {NotFound: four, OwnNotFound: own}
    assert dict(spec[None][None]) == {Base: base}
    assert dict(spec["shop"][500]) == {InternalServerError: four}
    assert (len(spec), len(spec[None]), len(spec[None][404])) == (2, 2, 2)
    assert None in spec
    assert "shop" in spec
    assert 404 in spec[None]
    assert NotFound in spec[None][404]
    assert 500 not in spec[None]
    assert "other" not in spec
    assert "NotFound" in repr(spec)


def test_what_was_never_registered_reads_as_empty() -> None:
    spec = Flask(__name__).error_handler_spec

    assert len(spec["nowhere"]) == 0
    assert len(spec[None][404]) == 0
    with pytest.raises(KeyError):
        _ = spec[None][404][NotFound]
    assert len(spec) == 0


def test_writing_to_the_specification_registers() -> None:
    app = Flask(__name__)
    app.error_handler_spec[None][404][NotFound] = says("written")
    client = app.test_client()

    assert client.get("/nowhere").text == "written"
    app.error_handler_spec[None][404][NotFound] = says("rewritten")
    assert client.get("/nowhere").text == "rewritten"
    del app.error_handler_spec[None][404][NotFound]
    assert client.get("/nowhere").status_code == 404


def test_a_level_of_the_specification_may_be_written_as_a_whole() -> None:
    app = Flask(__name__)
    app.register_error_handler(404, says("old"))
    app.register_error_handler(OwnNotFound, says("old"))
    new = says("new")

    app.error_handler_spec[None][404] = {NotFound: new}
    assert dict(app.error_handler_spec[None][404]) == {NotFound: new}

    app.error_handler_spec["shop"] = app.error_handler_spec[None]
    assert dict(app.error_handler_spec["shop"][404]) == {NotFound: new}

    del app.error_handler_spec["shop"][404]
    assert set(app.error_handler_spec) == {None}
    del app.error_handler_spec[None]
    assert len(app.error_handler_spec) == 0


def test_a_scope_written_as_a_whole_loses_what_it_had() -> None:
    app, new = Flask(__name__), says("new")
    app.register_error_handler(404, says("old"))
    app.register_error_handler(Base, says("old"))
    app.error_handler_spec["shop"][403][Forbidden] = new

    app.error_handler_spec[None] = app.error_handler_spec["shop"]

    assert {code: dict(found) for code, found in app.error_handler_spec[None].items()} == {
        403: {Forbidden: new}
    }


def test_only_exception_classes_may_be_written() -> None:
    wrong: Any = "NotFound"

    with pytest.raises(TypeError, match="'NotFound'"):
        Flask(__name__).error_handler_spec[None][404][wrong] = says("never")
    with pytest.raises(KeyError):
        del Flask(__name__).error_handler_spec[None][404][NotFound]


def test_handlers_registered_on_a_blueprint_for_the_whole_application() -> None:
    app, shop = Flask(__name__), Blueprint("shop", __name__)
    shop.app_errorhandler(404)(says("from the shop"))
    app.register_blueprint(shop)

    assert app.test_client().get("/nowhere").text == "from the shop"


# --- precedence, through requests --------------------------------------------------------


def shops() -> tuple[Flask, Blueprint, Blueprint]:
    """An application with a blueprint in a blueprint, whose views raise what they are told."""
    return Flask(__name__), Blueprint("shop", __name__), Blueprint("admin", __name__)


def ask(app: Flask, shop: Blueprint, admin: Blueprint, error: Exception) -> tuple[str, str, str]:
    """What view of the application, of the blueprint and of the inner one are answered with."""

    def fail() -> str:
        raise error

    app.add_url_rule("/", "fail", fail)
    shop.add_url_rule("/", "fail", fail)
    admin.add_url_rule("/", "fail", fail)
    shop.register_blueprint(admin, url_prefix="/admin")
    app.register_blueprint(shop, url_prefix="/shop")
    client = app.test_client()
    return client.get("/").text, client.get("/shop/").text, client.get("/shop/admin/").text


def test_the_handler_of_the_nearest_blueprint_answers() -> None:
    app, shop, admin = shops()
    app.register_error_handler(403, says("app"))
    shop.register_error_handler(403, says("shop"))
    admin.register_error_handler(403, says("admin"))

    assert ask(app, shop, admin, Forbidden()) == ("app", "shop", "admin")


def test_a_nested_blueprint_falls_back_to_the_one_around_it() -> None:
    app, shop, admin = shops()
    shop.register_error_handler(Base, says("shop"))
    app.register_error_handler(Exception, says("app"))

    assert ask(app, shop, admin, Leaf()) == ("app", "shop", "shop")


def test_a_status_of_the_application_wins_over_a_class_of_the_blueprint() -> None:
    app, shop, admin = shops()
    app.register_error_handler(403, says("app 403"))
    shop.register_error_handler(HTTPException, says("shop any"))
    admin.register_error_handler(Exception, says("admin any"))

    assert ask(app, shop, admin, Forbidden()) == ("app 403", "app 403", "app 403")


def test_any_exception_of_the_blueprint_wins_over_the_class_of_the_application() -> None:
    app, shop, admin = shops()
    app.register_error_handler(Leaf, says("app leaf"))
    shop.register_error_handler(Exception, says("shop any"))

    assert ask(app, shop, admin, Leaf()) == ("app leaf", "shop any", "shop any")


def test_the_nearest_class_answers_whatever_the_order_of_registration() -> None:
    for order in ((Base, Middle), (Middle, Base)):
        app, shop, admin = shops()
        for kind in order:
            app.register_error_handler(kind, says(kind.__name__))
        assert ask(app, shop, admin, Leaf())[0] == "Middle"


def test_a_subclass_of_an_http_exception_is_answered_by_its_status() -> None:
    app, shop, admin = shops()
    app.register_error_handler(404, says("404"))
    app.register_error_handler(HTTPException, says("any"))
    shop.register_error_handler(OwnNotFound, says("own"))

    assert ask(app, shop, admin, OwnNotFound()) == ("404", "own", "own")


def test_a_path_no_rule_matches_is_answered_by_the_application_alone() -> None:
    app, shop, admin = shops()
    shop.register_error_handler(404, says("shop"))
    app.register_error_handler(404, says("app"))
    ask(app, shop, admin, Forbidden())

    assert app.test_client().get("/shop/nowhere").text == "app"


def test_a_blueprint_registered_twice_answers_under_both_names() -> None:
    app, shop = Flask(__name__), Blueprint("shop", __name__)
    shop.register_error_handler(BadRequest, says("shop"))

    @shop.get("/")
    def fail() -> str:
        raise BadRequest

    app.register_blueprint(shop, url_prefix="/one")
    app.register_blueprint(shop, url_prefix="/two", name="other")

    assert {app.test_client().get(path).text for path in ("/one/", "/two/")} == {"shop"}


def test_the_manual_prints_the_precedence_from_the_search() -> None:
    lines = describe().splitlines()

    assert lines[2] == "| 1 | blueprint `shop.admin` | 404 | `NotFound` |"
    assert lines[-1] == "| 18 | the application | any | `Exception` |"
