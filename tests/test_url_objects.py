"""URLs of views: `url_for(view, ...)` and what can be done with the `URL` it gives."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Awaitable, Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import pytest
from werkzeug.routing import BuildError

import typedflask
from typedflask import URL, Flask, g, render_template_string, session, url_for
from typedflask.views import MethodView, View

P = ParamSpec("P")

anything: Any = url_for

app = Flask(__name__, static_folder=None)


@app.route("/user/<int:user_id>")
def user(user_id: int, tab: str = "home") -> str:
    return f"{user_id} {tab}"


@app.route("/files/<path:name>")
async def files(name: str) -> str:
    return name


@app.route("/")
def index() -> str:
    return ""


class Items(MethodView):
    def get(self, item_id: int, page: int = 1) -> str:
        return f"{item_id} {page}"

    def put(self, item_id: int) -> str:
        return ""


class Page(View):
    def dispatch_request(self, slug: str) -> str:
        return slug


items = Items.as_view("items")
app.add_url_rule("/items/<int:item_id>", view_func=items)
app.add_url_rule("/pages/<slug>", view_func=Page.as_view("page"))


# --- the same URLs as by name ------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_view", "by_name"),
    [
        (lambda: url_for(index), lambda: url_for("index")),
        (lambda: url_for(user, 3), lambda: url_for("user", user_id=3)),
        (lambda: url_for(user, user_id=3), lambda: url_for("user", user_id=3)),
        (lambda: url_for(user, 3, "x"), lambda: url_for("user", user_id=3, tab="x")),
        (lambda: url_for(user, 3, tab="x"), lambda: url_for("user", user_id=3, tab="x")),
        (lambda: url_for(files, "a/b c"), lambda: url_for("files", name="a/b c")),
        (lambda: url_for(items, 5), lambda: url_for("items", item_id=5)),
        (lambda: url_for(items, 5, page=2), lambda: url_for("items", item_id=5, page=2)),
        (lambda: url_for(Items, item_id=5), lambda: url_for("items", item_id=5)),
        (lambda: url_for(Items, 5, 2), lambda: url_for("items", item_id=5, page=2)),
        (lambda: url_for(Page, "x"), lambda: url_for("page", slug="x")),
        (lambda: app.url_for(user, 3), lambda: app.url_for("user", user_id=3)),
        (
            lambda: url_for(user, 3).query(q="ü", page=2, day=date(2024, 2, 29)),
            lambda: url_for("user", user_id=3, q="ü", page=2, day=date(2024, 2, 29)),
        ),
        (
            lambda: url_for(user, 3).query(tag=["a", "b"], none=None, id=UUID(int=1)),
            lambda: url_for("user", user_id=3, tag=["a", "b"], none=None, id=UUID(int=1)),
        ),
        (lambda: url_for(index).anchor("x y"), lambda: url_for("index", _anchor="x y")),
        (lambda: url_for(index).external(), lambda: url_for("index", _external=True)),
        (
            lambda: url_for(index).external(scheme="https"),
            lambda: url_for("index", _external=True, _scheme="https"),
        ),
        (lambda: url_for(index).method("GET"), lambda: url_for("index", _method="GET")),
        (
            lambda: url_for(user, 1).external().anchor("a").query(page=2),
            lambda: url_for("user", user_id=1, page=2, _anchor="a", _external=True),
        ),
    ],
)
@pytest.mark.parametrize("base", ["http://localhost", "https://example.org:8443/base"])
def test_a_view_and_its_name_give_the_same_url(
    by_view: Callable[[], URL], by_name: Callable[[], str], base: str
) -> None:
    with app.test_request_context(base_url=base):
        url = by_view()
        assert type(url) is URL
        assert url == by_name()


def test_a_url_leads_to_the_view_it_was_built_for() -> None:
    with app.test_request_context():
        url = url_for(user, 3)
    assert app.test_client().get(url).text == "3 home"
    with app.app_context(), pytest.raises(RuntimeError, match="SERVER_NAME"):
        url_for(user, 3)


def test_without_a_request_a_url_is_external() -> None:
    own = Flask(__name__, static_folder=None)
    own.config["SERVER_NAME"] = "example.org"
    own.add_url_rule("/<int:n>", view_func=number)
    with own.app_context():
        assert url_for(number, 3) == "http://example.org/3"
        assert url_for(number, 3).external("https") == "https://example.org/3"
    assert own.url_for(number, n=3) == "http://example.org/3"


def number(n: int) -> str:
    return str(n)


def test_the_name_of_an_endpoint_may_be_given_by_keyword() -> None:
    with app.test_request_context():
        assert url_for(endpoint="user", user_id=3) == "/user/3"
        assert app.url_for(endpoint="user", user_id=3) == "/user/3"


def test_a_view_may_call_a_parameter_endpoint() -> None:
    own = Flask(__name__, static_folder=None)

    @own.route("/<endpoint>/<view>")
    def show(endpoint: str, view: str) -> str:
        return endpoint

    with own.test_request_context():
        assert url_for(show, endpoint="a", view="b") == "/a/b"
        assert url_for(show, "a", "b") == "/a/b"
        assert url_for("show", endpoint="a", view="b") == "/a/b"  # type: ignore[call-overload]


# --- refinements -------------------------------------------------------------------------


def test_a_refinement_leaves_the_url_it_is_made_of_alone() -> None:
    with app.test_request_context():
        url = url_for(user, 3)
        assert url.query(page=2) == "/user/3?page=2"
        assert url == "/user/3"


def test_a_later_value_of_the_query_string_replaces_an_earlier_one() -> None:
    with app.test_request_context():
        url = url_for(user, 3, tab="a").query(page=1, q="x").query(page=2)
        assert url == "/user/3?tab=a&page=2&q=x"
        assert url.query(q=None, tab="b") == "/user/3?tab=b&page=2"


def test_a_variable_of_the_rule_is_no_name_of_the_query_string() -> None:
    with app.test_request_context(), pytest.raises(TypeError, match="'user_id' is a variable"):
        url_for(user, 3).query(user_id=4)


def test_a_query_may_have_a_value_called_self_but_none_called_like_an_option() -> None:
    with app.test_request_context():
        assert url_for(index).query(self=1) == "/?self=1"
        with pytest.raises(TypeError, match="'_anchor' is an option"):
            url_for(index).query(_anchor="x")


def test_untyped_code_may_give_a_view_the_options_of_a_name() -> None:
    with app.test_request_context():
        url = anything(user, 3, _external=True, _anchor="x")
        assert url == url_for("user", user_id=3, _external=True, _anchor="x")
        assert url.query(a=1) == "http://localhost/user/3?a=1#x"


def test_a_method_chooses_among_the_rules_of_a_view() -> None:
    own = Flask(__name__, static_folder=None)

    @own.get("/read/<int:n>")
    @own.post("/write/<int:n>")
    def item(n: int) -> str:
        return ""

    with own.test_request_context():
        assert url_for(item, 1) == "/read/1"
        assert url_for(item, 1).method("POST").query(a=1) == "/write/1?a=1"
        with pytest.raises(BuildError):
            url_for(item, 1).method("DELETE")


def test_refinements_are_made_for_the_request_that_is_active_then() -> None:
    with app.test_request_context(base_url="http://one.example"):
        url = url_for(index)
    with app.test_request_context(base_url="http://two.example/base"):
        assert url.external() == "http://two.example/base/"


# --- a url is a text ---------------------------------------------------------------------


def test_a_url_is_a_str_wherever_one_is_wanted() -> None:
    own = Flask(__name__, static_folder=None)
    own.secret_key = "not a secret"

    @own.route("/")
    def start() -> Any:
        url = url_for(start).query(a=1, b="<")
        session["url"] = url
        g.url = url
        page = render_template_string("{{ url }} {{ url_for(view, 'ann') }}", url=url, view=hello)
        return {"url": url, "page": page, url: 1}

    @own.route("/hello/<name>")
    def hello(name: str) -> str:
        return f"{name} {session['url']}"

    @own.route("/go")
    def go() -> Any:
        return typedflask.redirect(url_for(hello, "ann"))

    client = own.test_client()
    assert client.get("/").get_json() == {
        "url": "/?a=1&b=%3C",
        "page": "/?a=1&amp;b=%3C /hello/ann",
        "/?a=1&b=%3C": 1,
    }
    assert client.get("/go", follow_redirects=True).text == "ann /?a=1&b=%3C"


def test_a_url_that_is_stored_is_a_plain_text() -> None:
    with app.test_request_context():
        url = url_for(user, 3).query(a=1)
    for stored in (pickle.loads(pickle.dumps(url)), copy.copy(url), copy.deepcopy(url)):
        assert type(stored) is str
        assert stored == url
    assert json.dumps({"url": url}) == '{"url": "/user/3?a=1"}'
    assert hash(url) == hash("/user/3?a=1")
    assert type(url + "x") is str


def test_only_url_for_makes_urls_that_can_be_refined() -> None:
    with pytest.raises(TypeError, match="'/x' was not made by url_for"):
        URL("/x").query(a=1)


# --- arguments ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: anything(user, 1, "x", 2), TypeError, r"takes 2 .*\(user_id, tab\).*given 3"),
        (lambda: anything(index, 1), TypeError, r"takes 0 .*\(none\).*given 1"),
        (lambda: anything(user, 1, user_id=2), TypeError, "given 'user_id' twice"),
        (lambda: anything(user, id=1), TypeError, r"no parameter 'id'.*query\(id="),
        (lambda: anything(files, name="x", page=1), TypeError, "no parameter 'page'.*name"),
        (lambda: anything(Page, "x", page=1), TypeError, "no parameter 'page'.*slug"),
        (lambda: anything(items, 1, 2, 3), TypeError, "takes 2 "),
        (lambda: anything(user), BuildError, "user_id"),
        (lambda: anything(user, None), BuildError, "user_id"),
        (lambda: anything("user", 3), TypeError, "'user'.* 1 positional"),
        (anything, TypeError, "got None"),
        (lambda: anything(3), TypeError, "got 3"),
        (lambda: anything(None, user_id=3), TypeError, "got None"),
        (lambda: anything(number, 3), LookupError, "number.* is no view of the application"),
        (lambda: anything(View), LookupError, "View.* is no view of the application"),
        (lambda: anything([].append), LookupError, "is no view of the application"),
    ],
)
def test_what_a_view_does_not_take_is_refused(
    build: Callable[[], str], error: type[Exception], message: str
) -> None:
    with app.test_request_context(), pytest.raises(error, match=message):
        build()


def test_a_view_that_takes_any_keywords_puts_them_into_the_query_string() -> None:
    own = Flask(__name__, static_folder=None)

    @own.route("/<name>")
    def show(name: str, **filters: str) -> str:
        return ""

    with own.test_request_context():
        assert url_for(show, "x", color="red") == "/x?color=red"


def test_a_variable_the_view_never_sees_is_put_in_by_url_defaults() -> None:
    own = Flask(__name__, static_folder=None)

    @own.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.lang = (values or {}).pop("lang", "en")

    @own.url_defaults
    def put(endpoint: str, values: dict[str, Any]) -> None:
        values.setdefault("lang", g.get("lang", "en"))

    @own.route("/<lang>/page/<int:n>")
    def page(n: int) -> str:
        return f"{url_for(page, n + 1)} {url_for(page, n).query(q=1)}"

    assert own.test_client().get("/de/page/1").text == "/de/page/2 /de/page/1?q=1"
    with own.test_request_context():
        # The view does not declare it, so checkers refuse it; but the rule has it.
        assert anything(page, 1, lang="nl") == "/nl/page/1"


def with_user(view: Callable[Concatenate[str, P], str]) -> Callable[P, str]:
    """Call a view with the name of the user first."""

    @wraps(view)
    def inner(*args: P.args, **kwargs: P.kwargs) -> str:
        return view("ann", *args, **kwargs)

    return inner


def test_what_a_decorator_fills_in_is_not_counted_among_the_positional_arguments() -> None:
    own = Flask(__name__, static_folder=None)

    @own.route("/<int:n>")
    @with_user
    def show(name: str, n: int, tab: str = "") -> str:
        return f"{name} {n}"

    with own.test_request_context():
        assert url_for(show, 3, "x") == "/3?tab=x"
    assert own.test_client().get("/3").text == "ann 3"


def test_a_wrapper_with_parameters_of_its_own_is_asked_itself() -> None:
    own = Flask(__name__, static_folder=None)

    @wraps(number)
    def wrapper(m: int) -> str:
        return number(m)

    own.add_url_rule("/<int:m>", view_func=wrapper)
    with own.test_request_context():
        assert url_for(wrapper, 3) == "/3"


def test_a_view_that_is_silent_about_its_parameters_is_given_what_one_likes() -> None:
    own = Flask(__name__, static_folder=None)
    own.add_url_rule("/<int:n>", "max", max)
    with own.test_request_context():
        assert anything(max, n=3, key="x") == "/3?key=x"
        with pytest.raises(TypeError, match="takes 0"):
            anything(max, 3)


# --- applications of their own kind ------------------------------------------------------


def test_what_an_application_overrides_is_asked_for_views_too() -> None:
    class Application(Flask):
        def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
            values.setdefault("lang", "en")

        def handle_url_build_error(
            self, error: BuildError, endpoint: str, values: dict[str, Any]
        ) -> str:
            return f"#{endpoint}"

    own = Application(__name__, static_folder=None)
    own.add_url_rule("/<lang>/<int:n>", view_func=number)
    own.add_url_rule("/<lang>", view_func=index)
    with own.test_request_context():
        assert url_for(number, 1) == "/en/1"
        assert url_for(index) == "/en"
        assert anything(number) == "#number"


def test_async_decorators_keep_a_view() -> None:
    own = Flask(__name__, static_folder=None)

    def slow(view: Callable[P, Awaitable[str]]) -> Callable[P, Awaitable[str]]:
        @wraps(view)
        async def inner(*args: P.args, **kwargs: P.kwargs) -> str:
            return await view(*args, **kwargs)

        return inner

    @own.route("/<int:n>")
    @slow
    async def later(n: int) -> str:
        return ""

    with own.test_request_context():
        assert url_for(later, 1) == "/1"
