"""`typed_g`: the namespace `g` with the attributes that a class declares, and no others."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from typedflask import Flask, g, typed_g
from typedflask.ctx import AppGlobals


class Globals:
    """What the tests keep in `g`."""

    user: str
    visits: int = 0
    cart: list[str] = []  # noqa: RUF012
    shared: ClassVar[list[str]] = []

    @property
    def greeting(self) -> str:
        return f"Hello, {self.user}!"

    @greeting.setter
    def greeting(self, value: str) -> None:
        self.user = value.removeprefix("Hello, ").rstrip("!")

    def count(self) -> int:
        self.visits += 1
        return self.visits


class Basket(AppGlobals):
    """A declared namespace with the methods of `g`."""

    items: list[str]
    size: int = 3


ours = typed_g(Globals)
basket = typed_g(Basket)


@pytest.fixture
def app() -> Flask:
    return Flask("globals")


def test_it_is_another_view_of_g(app: Flask) -> None:
    with app.app_context():
        ours.user = "ada"
        assert g.user == "ada"
        g.visits = 7
        assert ours.visits == 7
        del ours.user
        assert "user" not in g


def test_an_attribute_that_was_never_set_says_so(app: Flask) -> None:
    with app.app_context(), pytest.raises(AttributeError, match=r"Globals\.user.*not set") as info:
        assert ours.user
    assert info.value.name == "user"


def test_what_was_not_set_cannot_be_deleted(app: Flask) -> None:
    with app.app_context():
        assert ours.visits == 0
        with pytest.raises(AttributeError, match=r"Globals\.visits was not set"):
            del ours.visits


def test_an_undeclared_attribute_can_be_neither_read_nor_set_nor_deleted(app: Flask) -> None:
    loose: Any = ours
    with app.app_context():
        g.usr = "from elsewhere"
        with pytest.raises(AttributeError, match=r"declares no attribute 'usr'.*mean 'user'"):
            assert loose.usr
        with pytest.raises(AttributeError, match="It declares user, visits, cart"):
            loose.usr = "ada"
        with pytest.raises(AttributeError, match="declares no attribute 'nothing'"):
            del loose.nothing
        assert g.usr == "from elsewhere"


def test_a_default_is_there_in_each_context_anew(app: Flask) -> None:
    for _ in range(2):
        with app.app_context():
            assert ours.visits == 0
            ours.visits = 3
            assert ours.visits == 3


def test_a_default_that_can_change_is_not_shared(app: Flask) -> None:
    with app.app_context():
        ours.cart.append("plum")
        assert ours.cart == ["plum"]
        assert g.cart is ours.cart
    with app.app_context():
        assert ours.cart == []
    assert Globals.cart == []


def test_a_class_variable_is_shared_and_not_kept_in_g(app: Flask) -> None:
    with app.app_context():
        assert ours.shared is Globals.shared
        with pytest.raises(AttributeError, match="declares no attribute 'shared'"):
            ours.shared = []  # type: ignore[misc]


def test_methods_and_properties_of_the_class_work(app: Flask) -> None:
    with app.app_context():
        assert ours.count() == 1
        assert g.visits == 1
        ours.greeting = "Hello, ada!"
        assert (g.user, ours.greeting) == ("ada", "Hello, ada!")


def test_an_error_inside_of_a_property_is_heard(app: Flask) -> None:
    with app.app_context(), pytest.raises(AttributeError, match=r"Globals\.user.*not set"):
        assert ours.greeting


def test_it_is_an_instance_of_the_class_to_everybody(app: Flask) -> None:
    assert isinstance(ours, Globals)
    assert isinstance(basket, AppGlobals)


def test_without_an_application_it_says_what_is_missing() -> None:
    with pytest.raises(RuntimeError, match="needs an active application"):
        assert ours.visits
    with pytest.raises(RuntimeError, match="needs an active application"):
        ours.user = "ada"


def test_looking_at_it_without_an_application_does_no_harm(app: Flask) -> None:
    """
    Debuggers and test runners ask module-level names for their repr and for attributes of their own.
    """
    assert repr(ours) == "<typed_g(Globals), no application is active>"
    assert not hasattr(ours, "__wrapped__")
    with app.app_context():
        ours.user = "a secret"
        assert repr(ours) == "<typed_g(Globals) with user>"


def test_the_methods_of_g_know_what_is_declared(app: Flask) -> None:
    with app.app_context():
        assert "items" not in basket
        assert basket.get("items", "none") == "none"
        assert basket.get("size") == 3
        assert basket.setdefault("items", ["plum"]) == ["plum"]
        assert basket.setdefault("items", ["pear"]) == ["plum"]
        assert "items" in basket
        assert list(basket) == ["items"]
        assert basket.pop("items") == ["plum"]
        assert basket.pop("items", None) is None
        with pytest.raises(KeyError):
            basket.pop("items")
        for method in (basket.get, basket.pop, basket.setdefault):
            with pytest.raises(AttributeError, match="declares no attribute 'itms'"):
                method("itms", 1)


def test_a_dataclass_gives_its_defaults(app: Flask) -> None:
    @dataclass(slots=True)
    class Counters:
        name: str
        hits: int = 2
        seen: list[str] = field(default_factory=list)

    counters = typed_g(Counters)
    with app.app_context():
        counters.seen.append("a")
        assert (counters.hits, counters.seen) == (2, ["a"])
        with pytest.raises(AttributeError, match=r"Counters\.name.*not set"):
            assert counters.name
    with app.app_context():
        assert counters.seen == []


def test_inherited_declarations_count(app: Flask) -> None:
    class More(Globals):
        page: int = 1

    more = typed_g(More)
    with app.app_context():
        more.user = "ada"
        assert (more.page, more.visits, g.user) == (1, 0, "ada")


def test_a_class_with_slots_has_no_defaults_of_them(app: Flask) -> None:
    class Slotted:
        __slots__ = ("user",)
        user: str

    slotted = typed_g(Slotted)
    with app.app_context():
        with pytest.raises(AttributeError, match=r"Slotted\.user.*not set"):
            assert slotted.user
        slotted.user = "ada"
        assert g.user == "ada"


def test_a_default_that_cannot_be_copied_is_refused_when_declared() -> None:
    class Locked:
        lock: Any = threading.Lock()

    with pytest.raises(TypeError, match=r"default of Locked\.lock is a lock.*ClassVar"):
        typed_g(Locked)


def test_a_namespace_of_the_application_s_own_may_provide_the_attribute() -> None:
    class Provided(AppGlobals):
        @property
        def user(self) -> str:
            return "from the namespace"

    class Site(Flask):
        app_ctx_globals_class = Provided

    with Site("site").app_context():
        assert ours.user == "from the namespace"


def test_each_thread_sees_its_own(app: Flask) -> None:
    seen: dict[str, list[str]] = {}
    both = threading.Barrier(2)

    def work(name: str) -> None:
        with app.app_context():
            ours.user = name
            ours.cart.append(name)
            both.wait(5)
            seen[name] = [ours.user, *ours.cart]

    threads = [threading.Thread(target=work, args=(name,)) for name in ("ada", "grace")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"ada": ["ada", "ada"], "grace": ["grace", "grace"]}


def test_each_task_sees_its_own(app: Flask) -> None:
    async def work(name: str) -> str:
        with app.app_context():
            ours.user = name
            await asyncio.sleep(0)
            return ours.user

    async def main() -> list[str]:
        return [*await asyncio.gather(work("ada"), work("grace"))]

    assert asyncio.run(main()) == ["ada", "grace"]
