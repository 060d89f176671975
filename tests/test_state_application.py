"""`current(App)` and `Key`: the active application as the class it is, and its extensions."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from typedflask import Flask, Key, current


class Shop(Flask):
    """An application with something of its own."""

    greeting = "Welcome!"


class Blog(Flask):
    """Another one."""


shop = current(Shop)


class Holder:
    """Asks at the level of a class, as for a constant."""

    shop = current(Shop)


# --- current --------------------------------------------------------------------------------


def test_in_a_function_it_is_the_active_application() -> None:
    app = Shop("shop")
    with app.app_context():
        assert current(Shop) is app
        assert current(Flask) is app


class Money:
    """What the rules of an application convert."""


def test_a_class_with_what_its_rules_accept_is_the_class() -> None:
    """
    So that `make_response` of the active application takes that, for type checkers too.
    """
    app: Flask[Money] = Flask("shop")
    early = current(Flask[Money])
    with app.app_context():
        assert current(Flask[Money]) is app
        assert early.name == "shop"


def test_a_module_s_name_stands_for_whichever_application_is_active() -> None:
    for app in (Shop("one"), Shop("two")):
        with app.app_context():
            assert (shop.name, Holder.shop.name) == (app.name, app.name)
            assert shop == app
            assert isinstance(shop, Shop)


def test_a_module_imported_while_an_application_is_active_gets_a_proxy_too() -> None:
    """
    Otherwise the first application that imports a module would stay in it for ever.
    """
    with Shop("first").app_context():
        names: dict[str, Any] = {"current": current, "Shop": Shop}
        exec(compile("app = current(Shop)", "module", "exec"), names)
    imported: Any = names["app"]
    assert type(imported).__name__ == "LocalProxy"
    with Shop("second").app_context():
        assert imported.name == "second"


def test_an_application_of_another_class_is_refused_naming_both() -> None:
    with Blog("diary").app_context():
        with pytest.raises(TypeError, match=r"current\(Shop\).*'diary', is of the class Blog"):
            current(Shop)
        with pytest.raises(TypeError, match=r"current\(Shop\)"):
            assert shop.greeting


def test_without_an_application_it_says_what_is_missing() -> None:
    early = current(Shop)
    with pytest.raises(RuntimeError, match="needs an active application"):
        assert early.greeting
    with Shop("shop").app_context():
        assert early.greeting == "Welcome!"


# --- keys of extensions -----------------------------------------------------------------


class Mailer:
    """What an extension keeps."""


MAILER = Key("mailer", Mailer)
CART = Key("cart", list[int])


def test_a_key_and_its_name_find_the_same_thing() -> None:
    app, mailer = Flask("extended"), Mailer()
    app.extensions[MAILER] = mailer
    assert app.extensions[MAILER] is mailer
    assert app.extensions["mailer"] is mailer
    assert list(app.extensions) == ["mailer"]
    assert MAILER in app.extensions
    assert CART not in app.extensions


def test_a_key_is_as_good_as_its_name_in_a_plain_dict() -> None:
    plain: dict[object, int] = {"mailer": 1}
    assert plain[MAILER] == 1
    assert Key("mailer", Mailer) == MAILER
    assert MAILER != CART


def test_extensions_are_the_dict_they_have_always_been() -> None:
    app = Flask("extended")
    assert isinstance(app.extensions, dict)
    app.extensions["cache"] = 1
    app.extensions.update(other=2)
    assert app.extensions == {"cache": 1, "other": 2}
    assert app.extensions.setdefault("cache", 5) == 1
    assert app.extensions.setdefault("third") is None
    assert app.extensions.get("none") is None
    assert app.extensions.get("none", 3) == 3
    assert app.extensions.pop("other") == 2
    assert app.extensions.pop("other", None) is None
    with pytest.raises(KeyError):
        app.extensions.pop("other")
    del app.extensions["cache"]
    with pytest.raises(KeyError):
        assert app.extensions["cache"]
    assert "cache" not in app.extensions


def test_the_methods_take_keys() -> None:
    extensions = Flask("extended").extensions
    assert extensions.get(CART) is None
    assert extensions.get(CART, ()) == ()
    assert extensions.setdefault(CART, [1]) == [1]
    assert extensions.setdefault(CART, [2]) == [1]
    assert extensions.get(CART) == [1]
    assert extensions.pop(CART) == [1]
    assert extensions.pop(CART, None) is None
    extensions[CART] = [3]
    del extensions[CART]
    assert extensions == {}


def test_a_missing_extension_is_named() -> None:
    with pytest.raises(KeyError) as info:
        Flask("extended").extensions[MAILER]
    assert info.value.args == ("mailer",)
    assert "init_app" in "".join(info.value.__notes__)


def test_a_value_of_another_class_is_refused_when_it_is_set() -> None:
    extensions: Any = Flask("extended").extensions
    with pytest.raises(TypeError, match=r"'mailer'.*class Mailer, and this is a str"):
        extensions[MAILER] = "smtp://"
    with pytest.raises(TypeError, match="class list"):
        extensions.setdefault(CART, {1})
    assert extensions == {}


@pytest.mark.parametrize("read", ["__getitem__", "get", "pop"])
def test_a_value_of_another_class_under_the_name_is_refused_when_it_is_read(read: str) -> None:
    extensions = Flask("extended").extensions
    extensions["mailer"] = "of another extension"
    with pytest.raises(TypeError, match="another extension of the same name"):
        getattr(extensions, read)(MAILER)
    assert extensions == {"mailer": "of another extension"}


def test_what_isinstance_cannot_ask_is_left_to_type_checkers() -> None:
    class Sends(Protocol):
        def send(self) -> None: ...

    extensions: Any = Flask("extended").extensions
    for key in (Key("any", Sends), Key[int | None]("any")):
        extensions[key] = "anything"
        assert extensions[key] == "anything"


def test_a_key_shows_what_it_is() -> None:
    assert repr(MAILER) == "Key('mailer', Mailer)"
    assert repr(Key[int | None]("limit")) == "Key('limit')"
