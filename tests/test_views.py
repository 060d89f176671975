"""Views written as classes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

import pytest

from typedflask import Blueprint, Flask, Response, request
from typedflask.typing import Methods
from typedflask.views import MethodView, View, http_method_funcs


def client_of(view: Any, rule: str = "/", **options: Any) -> Any:
    """A client of an application with one view."""
    app = Flask("shop")
    app.testing = True
    app.add_url_rule(rule, view_func=view, **options)
    return app.test_client()


# --- View --------------------------------------------------------------------------------


class Hello(View):
    """Greets."""

    def __init__(self, greeting: str = "Hello", mark: str = "!") -> None:
        self.greeting = greeting
        self.mark = mark

    def dispatch_request(self, who: str = "world") -> str:
        return f"{self.greeting} {who}{self.mark}"


def test_a_class_becomes_a_view_named_as_told() -> None:
    view = Hello.as_view("hello")

    assert client_of(view).get("/").text == "Hello world!"
    assert (view.__name__, view.__doc__, view.__module__) == ("hello", "Greets.", __name__)


def test_arguments_of_the_class_are_given_where_the_view_is_made() -> None:
    assert client_of(Hello.as_view("hello", "Bye", mark="?")).get("/").text == "Bye world?"


def test_variables_of_the_rule_reach_the_view() -> None:
    assert client_of(Hello.as_view("hello"), "/<who>").get("/Ada").text == "Hello Ada!"


def test_one_class_may_become_several_views() -> None:
    app = Flask("shop")
    app.add_url_rule("/hello", view_func=Hello.as_view("hello"))
    app.add_url_rule("/bye", view_func=Hello.as_view("bye", "Bye"))
    client = app.test_client()

    assert (client.get("/hello").text, client.get("/bye").text) == ("Hello world!", "Bye world!")


def test_the_view_remembers_its_class() -> None:
    view: Any = Hello.as_view("hello")

    assert view.view_class is Hello


def test_a_class_without_an_answer_says_so() -> None:
    class Silent(View):
        pass

    with pytest.raises(NotImplementedError, match="Silent does not define dispatch_request"):
        client_of(Silent.as_view("silent")).get("/")


def test_the_class_says_which_methods_it_answers() -> None:
    class Form(View):
        methods: ClassVar[Methods | None] = ["GET", "POST"]

        def dispatch_request(self) -> str:
            return request.method

    client = client_of(Form.as_view("form"))

    assert client.get("/").text == "GET"
    assert client.post("/").text == "POST"
    assert client.put("/").status_code == 405
    assert set(client.options("/").allow) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_methods_of_the_rule_win_over_those_of_the_class() -> None:
    class Form(View):
        methods: ClassVar[Methods | None] = ["GET", "POST"]

        def dispatch_request(self) -> str:
            return request.method

    client = client_of(Form.as_view("form"), methods=["PUT"])

    assert client.put("/").text == "PUT"
    assert client.post("/").status_code == 405


def test_without_any_methods_a_view_answers_get() -> None:
    client = client_of(Hello.as_view("hello"))

    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(("automatic", "status"), [(True, 200), (False, 405), (None, 200)])
def test_the_class_says_whether_options_is_answered_for_it(
    automatic: bool | None, status: int
) -> None:
    class Plain(View):
        provide_automatic_options = automatic

        def dispatch_request(self) -> str:
            return "plain"

    assert client_of(Plain.as_view("plain")).options("/").status_code == status


def test_a_view_may_answer_options_itself() -> None:
    class Own(View):
        methods: ClassVar[Methods | None] = ["OPTIONS"]

        def dispatch_request(self) -> str:
            return "by itself"

    assert client_of(Own.as_view("own")).options("/").text == "by itself"


def test_each_request_gets_an_instance_of_its_own() -> None:
    class Counter(View):
        def __init__(self) -> None:
            self.count = 0

        def dispatch_request(self) -> str:
            self.count += 1
            return str(self.count)

    client = client_of(Counter.as_view("counter"))

    assert [client.get("/").text for _ in range(3)] == ["1", "1", "1"]


def test_a_class_may_share_one_instance_between_all_requests() -> None:
    made: list[str] = []

    class Counter(View):
        init_every_request = False

        def __init__(self, name: str) -> None:
            made.append(name)
            self.count = 0

        def dispatch_request(self) -> str:
            self.count += 1
            return str(self.count)

    view = Counter.as_view("counter", "only one")
    assert made == ["only one"]
    client = client_of(view)

    assert [client.get("/").text for _ in range(3)] == ["1", "2", "3"]
    assert made == ["only one"]


def test_decorators_wrap_the_view_the_first_innermost() -> None:
    def adding(mark: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
        def decorate(view: Callable[..., str]) -> Callable[..., str]:
            @wraps(view)
            def answer(**values: Any) -> str:
                return view(**values) + mark

            return answer

        return decorate

    class Decorated(Hello):
        """Greets with marks."""

        decorators: ClassVar[list[Callable[..., Any]]] = [adding("1"), adding("2")]

    view: Any = Decorated.as_view("decorated")

    assert client_of(view, "/<who>").get("/Ada").text == "Hello Ada!12"
    assert view.__name__ == "decorated"
    assert view.view_class is Decorated
    assert view.__doc__ == "Greets with marks."


def test_decorators_see_the_name_and_module_of_the_view() -> None:
    seen: list[tuple[str, str]] = []

    def note(view: Callable[..., str]) -> Callable[..., str]:
        seen.append((view.__name__, view.__module__))
        return view

    class Decorated(Hello):
        decorators: ClassVar[list[Callable[..., Any]]] = [note]

    Decorated.as_view("decorated")

    assert seen == [("decorated", __name__)]


def test_a_class_may_be_a_view_of_a_blueprint() -> None:
    app, blueprint = Flask("shop"), Blueprint("side", __name__, url_prefix="/side")
    blueprint.add_url_rule("/", view_func=Hello.as_view("hello"))
    app.register_blueprint(blueprint)

    assert app.test_client().get("/side/").text == "Hello world!"
    assert "side.hello" in app.view_functions


def test_whatever_a_view_may_return_a_class_may_return() -> None:
    class Made(View):
        def dispatch_request(self) -> tuple[dict[str, int], int, dict[str, str]]:
            return {"a": 1}, 201, {"X-Made": "yes"}

    response = client_of(Made.as_view("made")).get("/")

    assert (response.json, response.status_code) == ({"a": 1}, 201)
    assert response.headers["X-Made"] == "yes"


# --- MethodView --------------------------------------------------------------------------


class Fruits(MethodView):
    def get(self, name: str) -> str:
        return f"get {name}"

    def post(self, name: str) -> tuple[str, int]:
        return f"post {name}", 201


def test_each_method_has_a_function_of_its_own() -> None:
    client = client_of(Fruits.as_view("fruits"), "/<name>")

    assert client.get("/plum").text == "get plum"
    assert client.post("/plum").status_code == 201
    assert client.delete("/plum").status_code == 405
    assert set(client.options("/plum").allow) == {"GET", "HEAD", "POST", "OPTIONS"}
    assert Fruits.methods == {"GET", "POST"}


@pytest.mark.parametrize("name", sorted(http_method_funcs - {"head"}))
def test_every_method_of_http_can_be_answered(name: str) -> None:
    view_class: type[MethodView] = type("All", (MethodView,), {name: lambda self: name})
    client = client_of(view_class.as_view("all"))

    assert client.open("/", method=name.upper()).text == name


def test_head_is_answered_by_get_unless_the_class_has_its_own() -> None:
    class Own(Fruits):
        def head(self, name: str) -> Response:
            return Response(headers={"X-Answered-By": f"head {name}"})

    client = client_of(Fruits.as_view("fruits"), "/<name>")
    assert (client.head("/plum").status_code, client.head("/plum").data) == (200, b"")

    client = client_of(Own.as_view("own"), "/<name>")
    assert client.head("/plum").headers["X-Answered-By"] == "head plum"


def test_a_subclass_answers_what_its_bases_answer_and_more() -> None:
    class More(Fruits):
        def delete(self, name: str) -> str:
            return f"delete {name}"

        def get(self, name: str) -> str:
            return f"instead {name}"

    client = client_of(More.as_view("more"), "/<name>")

    assert More.methods == {"GET", "POST", "DELETE"}
    assert Fruits.methods == {"GET", "POST"}
    assert client.get("/plum").text == "instead plum"
    assert client.post("/plum").text == "post plum"
    assert client.delete("/plum").text == "delete plum"


def test_methods_come_from_every_base() -> None:
    class Deletes(MethodView):
        def delete(self, name: str) -> str:
            return f"delete {name}"

    class Both(Fruits, Deletes):
        pass

    class Mixin:
        def put(self, name: str) -> str:
            return f"put {name}"

    class Mixed(Mixin, Fruits):
        pass

    assert Both.methods == {"GET", "POST", "DELETE"}
    assert Mixed.methods == {"GET", "POST", "PUT"}
    assert client_of(Both.as_view("both"), "/<name>").delete("/plum").text == "delete plum"
    assert client_of(Mixed.as_view("mixed"), "/<name>").put("/plum").text == "put plum"


def test_methods_beyond_the_usual_are_inherited_too() -> None:
    class Locks(MethodView):
        methods: ClassVar[Methods | None] = {"LOCK"}

        def lock(self) -> str:
            return "locked"

    class Page(Locks):
        def get(self) -> str:
            return "page"

    client = client_of(Page.as_view("page"))

    assert Page.methods == {"LOCK", "GET"}
    assert (client.open("/", method="LOCK").text, client.get("/").text) == ("locked", "page")


def test_a_class_may_answer_fewer_methods_than_it_has() -> None:
    class ReadOnly(Fruits):
        methods: ClassVar[Methods | None] = {"GET"}

    client = client_of(ReadOnly.as_view("fruits"), "/<name>")

    assert client.get("/plum").text == "get plum"
    assert client.post("/plum").status_code == 405


def test_a_base_without_methods_leaves_them_to_its_subclasses() -> None:
    class Base(MethodView):
        def described(self) -> str:
            return f"{request.method} here"

    class Page(Base):
        def get(self) -> str:
            return self.described()

    assert Base.methods is None
    assert client_of(Page.as_view("page")).get("/").text == "GET here"


def test_a_method_that_is_listed_and_not_defined_is_an_error_that_says_so() -> None:
    class Promises(Fruits):
        methods: ClassVar[Methods | None] = {"GET", "PATCH"}

    with pytest.raises(RuntimeError, match="Promises was asked to answer PATCH"):
        client_of(Promises.as_view("promises"), "/<name>").patch("/plum")


def test_a_method_may_be_registered_under_several_rules() -> None:
    class Users(MethodView):
        def get(self, number: int | None = None) -> str:
            return "all" if number is None else f"number {number}"

        def delete(self, number: int) -> str:
            return f"deleted {number}"

    app, view = Flask("shop"), Users.as_view("users")
    app.add_url_rule("/users/", view_func=view, methods=["GET"], defaults={"number": None})
    app.add_url_rule("/users/<int:number>", view_func=view, methods=["GET", "DELETE"])
    client = app.test_client()

    assert client.get("/users/").text == "all"
    assert client.get("/users/7").text == "number 7"
    assert client.delete("/users/7").text == "deleted 7"
    assert client.delete("/users/").status_code == 405


# --- async -------------------------------------------------------------------------------


def test_async_methods_are_waited_for() -> None:
    pytest.importorskip("asgiref")

    class Slow(View):
        async def dispatch_request(self) -> str:
            await asyncio.sleep(0)
            return f"view {request.path}"

    class SlowMethods(MethodView):
        async def get(self) -> str:
            await asyncio.sleep(0)
            return f"get {request.path}"

        def post(self) -> str:
            return "at once"

    assert client_of(Slow.as_view("slow")).get("/").text == "view /"
    client = client_of(SlowMethods.as_view("slow"))
    assert (client.get("/").text, client.post("/").text) == ("get /", "at once")


def test_a_subclass_of_the_application_runs_async_methods_its_own_way() -> None:
    class Shop(Flask):
        def async_to_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *args, **kwargs: asyncio.run(func(*args, **kwargs)) + " by asyncio"

    class Slow(MethodView):
        async def get(self) -> str:
            return "get"

    app = Shop("shop")
    app.add_url_rule("/", view_func=Slow.as_view("slow"))

    assert app.test_client().get("/").text == "get by asyncio"


def test_a_class_put_in_the_place_of_the_view_s_own_answers() -> None:
    """Tests of applications replace `view.view_class`; the next request is answered by it."""

    class Broken(View):
        def dispatch_request(self) -> str:
            raise ZeroDivisionError

    class Working(View):
        def dispatch_request(self) -> str:
            return "working"

    app = Flask("patched")
    view: Any = Broken.as_view("index")
    view.view_class = Working
    app.add_url_rule("/", view_func=view)
    assert app.test_client().get("/").text == "working"
