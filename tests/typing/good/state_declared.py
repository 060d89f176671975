"""Declared g, session, configuration, application and extensions, beside the classic names."""
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NotRequired, TypedDict, assert_type

from typedflask import (
    Flask,
    Key,
    current,
    current_app,
    g,
    session,
    typed_config,
    typed_g,
    typed_session,
)
from typedflask.ctx import AppGlobals
from typedflask.state import Session, load_config


class User:
    name: str = ""


class Globals:
    user: User | None = None
    request_id: str

    def signed_in(self) -> bool:
        return self.user is not None


class Basket(AppGlobals):
    items: list[str]


@dataclass
class Counters:
    hits: int = 0
    seen: set[str] = field(default_factory=set[str])


my_g = typed_g(Globals)
assert_type(my_g, Globals)
assert_type(my_g.user, User | None)
assert_type(my_g.request_id, str)
assert_type(my_g.signed_in(), bool)
my_g.request_id = "x"
del my_g.request_id
g.anything = 3

basket = typed_g(Basket)
assert_type(basket.items, list[str])
if "items" in basket:
    basket.pop("items")
names: list[str] = [*basket]

counters = typed_g(Counters)
counters.hits += 1
counters.seen.add("a")


class Data(TypedDict):
    user_id: NotRequired[int]
    cart: NotRequired[list[int]]


my_session = typed_session(Data)
assert_type(my_session, Session[Data])
my_session.data["user_id"] = 3
my_session.permanent = True
my_session.modified = True
assert_type(my_session.new, bool)
if "cart" in my_session.data:
    del my_session.data["cart"]
my_session.clear()


def in_a_request() -> None:
    assert_type(my_session.data.get("user_id"), int | None)
    if "user_id" in my_session.data:
        assert_type(my_session.data["user_id"], int)
    assert_type(my_session.data.get("cart", []), list[int])


session["anything"] = 3


class Settings:
    DATABASE: Path
    PAGE_SIZE: int = 20
    SECRET_KEY: str | bytes


config = typed_config(Settings)
assert_type(config, Settings)
assert_type(config.DATABASE, Path)
assert_type(config.PAGE_SIZE, int)
config.PAGE_SIZE = 30
assert_type(load_config(Settings, {"DATABASE": "x"}), Settings)
assert_type(current_app.config["MAX_CONTENT_LENGTH"], int | None)
assert_type(current_app.config["DEBUG"], bool)


class Shop(Flask):
    mailer: str = ""


app = current(Shop)
assert_type(app, Shop)
assert_type(current(Shop).mailer, str)


class Login:
    user: str = ""


LOGIN = Key("login", Login)
CART = Key("cart", list[int])
LIMIT: Key[int | None] = Key("limit")
assert_type(LOGIN, Key[Login])
extensions = app.extensions
extensions[LOGIN] = Login()
extensions["other"] = 3
assert_type(extensions[LOGIN], Login)
assert_type(extensions[CART], list[int])
assert_type(extensions[LIMIT], int | None)
assert_type(extensions.get(LOGIN), Login | None)
assert_type(extensions.get(CART, ()), list[int] | tuple[()])
assert_type(extensions.setdefault(CART, [1]), list[int])
assert_type(extensions.pop(CART), list[int])
assert_type(extensions.pop(CART, None), list[int] | None)
if LOGIN in extensions:
    del extensions[LOGIN]
plain: dict[str, Any] = extensions
for name in extensions:
    assert_type(name, str)
