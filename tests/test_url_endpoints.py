"""Which endpoint `url_for(view, ...)` means: views replaced, wrapped, and registered more than once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec

import pytest
from werkzeug.routing import BuildError

from typedflask import Blueprint, Flask, url_for
from typedflask.views import MethodView

P = ParamSpec("P")


def number(n: int) -> str:
    return str(n)


def index() -> str:
    return ""


class Items(MethodView):
    def get(self, item_id: int) -> str:
        return f"{item_id}"


def logged(view: Callable[P, str]) -> Callable[P, str]:
    """A decorator like any other."""

    @wraps(view)
    def inner(*args: P.args, **kwargs: P.kwargs) -> str:
        return view(*args, **kwargs)

    return inner


def test_a_decorator_above_or_below_the_route_does_not_hide_the_view() -> None:
    own = Flask(__name__, static_folder=None)

    @own.route("/below/<int:n>")
    @logged
    def below(n: int) -> str:
        return ""

    @logged
    @logged
    @own.route("/above/<int:n>")
    def above(n: int) -> str:
        return ""

    with own.test_request_context():
        assert url_for(below, 1) == "/below/1"
        assert url_for(above, 1) == "/above/1"


def test_a_view_that_was_replaced_is_found_if_it_was_wrapped_and_else_is_not() -> None:
    own = Flask(__name__, static_folder=None)
    own.add_url_rule("/<int:n>", view_func=number)
    with own.test_request_context():
        assert url_for(number, 1) == "/1"
        own.view_functions["number"] = logged(number)
        assert url_for(number, 1) == "/1"
        assert url_for(own.view_functions["number"], 1) == "/1"
        own.view_functions["number"] = lambda n: ""
        with pytest.raises(LookupError, match="is no view"):
            url_for(number, 1)
        own.view_functions.update(number=number)
        assert url_for(number, 1) == "/1"


@pytest.mark.parametrize(
    "change",
    [
        lambda views: views.__setitem__("a", index),
        lambda views: views.__delitem__("a"),
        lambda views: views.pop("a"),
        lambda views: views.popitem(),
        lambda views: views.clear(),
        lambda views: views.update(a=index),
        lambda views: views.__ior__({"a": index}),
    ],
)
def test_every_change_of_the_table_of_views_is_noticed(change: Callable[[Any], object]) -> None:
    own = Flask(__name__, static_folder=None)
    own.add_url_rule("/<int:n>", "a", number)
    with own.test_request_context():
        assert url_for(number, 1) == "/1"
        change(own.view_functions)
        with pytest.raises(LookupError):
            url_for(number, 1)
        own.view_functions.setdefault("a", number)
        assert ("a" in own.view_functions) is True


def test_a_table_of_views_put_in_place_by_the_application_is_asked_each_time() -> None:
    own = Flask(__name__, static_folder=None)
    own.add_url_rule("/<int:n>", "a", number)
    own.view_functions = dict(own.view_functions)
    with own.test_request_context():
        assert url_for(number, 1) == "/1"
        own.view_functions["a"] = index
        with pytest.raises(LookupError):
            url_for(number, 1)


def test_a_view_without_a_rule_has_no_url() -> None:
    own = Flask(__name__, static_folder=None)
    own.view_functions["number"] = number
    with own.test_request_context():
        with pytest.raises(BuildError):
            url_for(number, 1)
        own.view_functions["again"] = number
        with pytest.raises(LookupError, match="is no view"):
            url_for(number, 1)


def test_a_method_of_an_object_is_a_view() -> None:
    class Shop:
        def __init__(self, name: str) -> None:
            self.name = name

        def item(self, n: int) -> str:
            return f"{self.name} {n}"

    own = Flask(__name__, static_folder=None)
    one, two = Shop("one"), Shop("two")
    own.add_url_rule("/one/<int:n>", "one", one.item)
    own.add_url_rule("/two/<int:n>", "two", two.item)
    with own.test_request_context():
        assert url_for(one.item, 1) == "/one/1"
        assert url_for(two.item, n=2) == "/two/2"


def test_an_object_that_is_called_is_a_view_even_if_it_has_no_hash() -> None:
    class Shop:
        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, n: int) -> str:
            return self.name

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Shop)

        __hash__ = None  # type: ignore[assignment]  # as a dataclass has it

    own = Flask(__name__, static_folder=None)
    one, two = Shop("one"), Shop("two")
    own.add_url_rule("/one/<int:n>", "one", one)
    own.add_url_rule("/two/<int:n>", "two", two)
    part = partial(number)
    own.add_url_rule("/three/<int:n>", "three", part)
    with own.test_request_context():
        assert url_for(two, 1) == "/two/1"
        assert url_for(one, n=2) == "/one/2"
        assert url_for(part, 3) == "/three/3"


def test_of_several_endpoints_the_one_of_the_views_own_name_is_meant() -> None:
    own = Flask(__name__, static_folder=None)

    @own.route("/first", endpoint="first")
    @own.route("/show")
    @own.route("/last", endpoint="last")
    def show() -> str:
        return ""

    own.add_url_rule("/x/<int:n>", "x", number)
    own.add_url_rule("/y/<int:n>", "y", number)
    with own.test_request_context():
        assert url_for(show) == "/show"
        with pytest.raises(LookupError, match=r"several endpoints.*'x', 'y'"):
            url_for(number, 1)
        assert url_for("y", n=1) == "/y/1"


def test_a_class_registered_twice_is_built_by_its_functions() -> None:
    own = Flask(__name__, static_folder=None)
    one, two = Items.as_view("one"), Items.as_view("two")
    own.add_url_rule("/one/<int:item_id>", view_func=one)
    own.add_url_rule("/two/<int:item_id>", view_func=two)
    with own.test_request_context():
        assert url_for(two, item_id=1) == "/two/1"
        with pytest.raises(LookupError, match="'one', 'two'"):
            url_for(Items, item_id=1)


def nested() -> tuple[Flask, Callable[[], str], Callable[[], str], Callable[[], str]]:
    """A blueprint with another one in it, registered twice."""
    own = Flask(__name__, static_folder=None)
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)

    @outer.route("/a")
    def a() -> str:
        return " ".join((url_for(a), url_for(b)))

    @inner.route("/b")
    def b() -> str:
        return " ".join((url_for(a), url_for(b)))

    @own.route("/c")
    def c() -> str:
        return url_for(a)

    outer.register_blueprint(inner, url_prefix="/in")
    own.register_blueprint(outer, url_prefix="/one", name="one")
    own.register_blueprint(outer, url_prefix="/two", name="two")
    return own, a, b, c


def test_of_a_blueprint_registered_twice_the_one_of_the_request_is_meant() -> None:
    own, a, b, _ = nested()
    client = own.test_client()
    for name in ("one", "two"):
        for path in (f"/{name}/a", f"/{name}/in/b"):
            assert client.get(path).text == f"/{name}/a /{name}/in/b"
    with own.test_request_context("/missing"):
        with pytest.raises(LookupError, match=r"'one.a', 'two.a'"):
            url_for(a)
        with pytest.raises(LookupError, match=r"'one.inner.b', 'two.inner.b'"):
            url_for(b)
    own.config["SERVER_NAME"] = "x.example"
    with own.app_context(), pytest.raises(LookupError, match="several endpoints"):
        url_for(a)


def test_in_a_blueprint_the_applications_own_views_are_found_too() -> None:
    own, _, _, c = nested()
    with own.test_request_context("/one/a"):
        assert url_for(c) == "/c"


def test_a_view_of_the_application_and_a_blueprint_is_the_nearest_one() -> None:
    own = Flask(__name__, static_folder=None)
    made = Blueprint("made", __name__, url_prefix="/made")
    for place in (own, made):
        place.add_url_rule("/<int:n>", view_func=number)
    own.register_blueprint(made)
    with own.test_request_context("/1"):
        assert url_for(number, 2) == "/2"
    with own.test_request_context("/made/1"):
        assert url_for(number, 2) == "/made/2"


def test_a_blueprint_whose_name_ends_like_that_of_the_request_is_another_one() -> None:
    own = Flask(__name__, static_folder=None)
    made = Blueprint("made", __name__)
    made.add_url_rule("/<int:n>", view_func=number)
    own.register_blueprint(made, url_prefix="/x", name="not_one")
    own.register_blueprint(made, url_prefix="/y", name="two")
    one = Blueprint("one", __name__)
    one.add_url_rule("/one", view_func=index)
    own.register_blueprint(one)
    with own.test_request_context("/one"), pytest.raises(LookupError, match=r"'not_one\.number'"):
        url_for(number, 1)


def test_a_blueprints_endpoint_decorator_does_not_confuse_the_application() -> None:
    """
    Such a view is also put down under the bare name, which has no rule.
    """
    own = Flask(__name__, static_folder=None)
    made = Blueprint("made", __name__)
    made.add_url_rule("/<int:n>", "item")
    made.endpoint("item")(number)
    own.register_blueprint(made)
    with own.test_request_context():
        assert url_for(number, 1) == "/1"
