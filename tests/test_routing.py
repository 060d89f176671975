"""Rules: what a path matches, which methods are answered, and what may be replaced."""

from __future__ import annotations

import uuid
from http import HTTPMethod
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.routing import AnyConverter, BaseConverter, Map, RequestRedirect, ValidationError
from werkzeug.routing import Rule as BaseRule

from typedflask import Blueprint, Flask, Request, request
from typedflask.routing import Rule

if TYPE_CHECKING:
    from werkzeug.routing import MapAdapter


def make_app() -> Flask:
    """An application without files, so that the rules of a test are the only ones."""
    return Flask(__name__, static_folder=None)


def told(**values: object) -> str:
    """A view that tells its values and their types."""
    return ",".join(f"{k}={v}:{type(v).__name__}" for k, v in sorted(values.items()))


def allowed(header: str | None) -> set[str]:
    """The methods of an `Allow` header."""
    return set((header or "").split(", "))


@pytest.mark.parametrize(
    ("rule", "path", "answer"),
    [
        ("/<x>", "/some%20text", "x=some text:str"),
        ("/<x>", "/a/b", None),
        ("/<x>", "/gr%C3%BC%C3%9Fe", "x=grüße:str"),
        ("/<string:x>", "/abc", "x=abc:str"),
        ("/<string(length=2):x>", "/ab", "x=ab:str"),
        ("/<string(length=2):x>", "/abc", None),
        ("/<string(minlength=2):x>", "/a", None),
        ("/<string(maxlength=2):x>", "/abc", None),
        ("/<int:x>", "/0042", "x=42:int"),
        ("/<int:x>", "/-1", None),
        ("/<int(signed=True):x>", "/-1", "x=-1:int"),
        ("/<int(min=3, max=5):x>", "/4", "x=4:int"),
        ("/<int(min=3, max=5):x>", "/6", None),
        ("/<int(fixed_digits=3):x>", "/042", "x=42:int"),
        ("/<int(fixed_digits=3):x>", "/42", None),
        ("/<float:x>", "/1.5", "x=1.5:float"),
        ("/<float:x>", "/1", None),
        ("/<float(signed=True):x>", "/-1.5", "x=-1.5:float"),
        ("/<path:x>", "/a/b/c.txt", "x=a/b/c.txt:str"),
        ("/<path:x>/edit", "/a/b/edit", "x=a/b:str"),
        ("/<any(draft, 'two words'):x>", "/draft", "x=draft:str"),
        ("/<any(draft, 'two words'):x>", "/two%20words", "x=two words:str"),
        ("/<any(draft, 'two words'):x>", "/other", None),
        ("/<a>/<int:b>.<c>", "/x/3.html", "a=x:str,b=3:int,c=html:str"),
    ],
)
def test_a_converter_decides_what_matches_and_what_the_view_gets(
    rule: str, path: str, answer: str | None
) -> None:
    app = make_app()
    app.add_url_rule(rule, "told", told)
    response = app.test_client().get(path)
    assert (response.text if response.status_code == 200 else None) == answer


def test_the_uuid_converter_makes_a_uuid_and_refuses_what_is_none() -> None:
    app = make_app()
    seen: list[uuid.UUID] = []

    @app.route("/<uuid:x>")
    def item(x: uuid.UUID) -> str:
        seen.append(x)
        return ""

    number = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    client = app.test_client()
    assert client.get(f"/{number}").status_code == 200
    assert client.get("/not-a-uuid").status_code == 404
    assert seen == [number]


class ListConverter(BaseConverter):
    """Several numbers, joined by commas."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> list[int]:
        try:
            return [int(part) for part in value.split(",")]
        except ValueError:
            raise ValidationError(value) from None

    def to_url(self, value: list[int]) -> str:
        return ",".join(map(str, value))


def test_a_converter_of_ones_own_converts_both_ways_and_may_refuse() -> None:
    app = make_app()
    app.url_map.converters["list"] = ListConverter

    @app.route("/sum/<list:numbers>")
    def total(numbers: list[int]) -> str:
        return str(sum(numbers))

    assert app.test_client().get("/sum/1,2,3").text == "6"
    assert app.test_client().get("/sum/1,x").status_code == 404
    with app.test_request_context():
        assert app.url_for("total", numbers=[4, 5]) == "/sum/4,5"


class Sibling(AnyConverter):
    """A converter with arguments, that spans slashes."""

    part_isolating = False

    def __init__(self, map: Map, *items: str, upper: bool = False) -> None:
        super().__init__(map, *items)
        self.upper = upper

    def to_python(self, value: str) -> str:
        return value.upper() if self.upper else value


def test_a_converter_of_ones_own_gets_the_arguments_of_the_rule() -> None:
    app = make_app()
    app.url_map.converters["sibling"] = Sibling
    app.add_url_rule("/<sibling('a/b', c, upper=True):x>", "told", told)
    client = app.test_client()
    assert client.get("/a/b").text == "x=A/B:str"
    assert client.get("/c").text == "x=C:str"
    assert client.get("/d").status_code == 404


def test_an_unknown_converter_is_refused_and_leaves_nothing_behind() -> None:
    app = make_app()
    with pytest.raises(LookupError, match="nope"):
        app.add_url_rule("/<nope:x>", "told", told)
    assert app.view_functions == {}
    assert list(app.url_map.iter_rules()) == []


def test_a_default_that_its_converter_refuses_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        make_app().add_url_rule("/<int:x>", "told", told, defaults={"x": "one"})


@pytest.mark.parametrize("defaults", [None, {"y": 1}])
def test_variables_of_one_name_are_refused(defaults: dict[str, int] | None) -> None:
    app = make_app()
    made = Blueprint("b", __name__, url_prefix="/<x>")
    made.add_url_rule("/<int:x>", "told", told, defaults=defaults)
    with pytest.raises(ValueError, match=r"'/<x>/<int:x>' has 2 variables called 'x'"):
        app.register_blueprint(made)


def test_a_rule_has_to_begin_with_a_slash() -> None:
    with pytest.raises(ValueError, match="slash"):
        make_app().add_url_rule("index", "told", told)


def test_the_more_specific_rule_wins_whatever_the_order() -> None:
    app = make_app()
    app.add_url_rule("/<path:x>", "path", lambda x: "path")
    app.add_url_rule("/<x>", "text", lambda x: "text")
    app.add_url_rule("/<int:x>", "int", lambda x: "int")
    app.add_url_rule("/new", "new", lambda: "new")
    client = app.test_client()
    assert [client.get(p).text for p in ("/new", "/1", "/x", "/x/y")] == [
        "new",
        "int",
        "text",
        "path",
    ]


# --- methods -----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_shortcut_answers_its_method_and_no_other(method: str) -> None:
    app = make_app()
    getattr(app, method)("/")(lambda: "here")
    client = app.test_client()
    statuses = {
        name: client.open("/", method=name).status_code
        for name in ("get", "post", "put", "patch", "delete")
    }
    assert statuses.pop(method) == 200
    assert set(statuses.values()) == {405}


def test_a_shortcut_takes_the_options_of_a_rule() -> None:
    app = make_app()

    @app.post("/<x>", endpoint="save", defaults={"y": 2}, strict_slashes=False)
    def other_name(x: str, y: int) -> str:
        return f"{x}{y}"

    assert app.test_client().post("/a/").text == "a2"
    assert app.view_functions == {"save": other_name}


def test_a_shortcut_refuses_methods() -> None:
    options: dict[str, Any] = {"methods": ["POST"]}  # Any: the type checkers refuse it too
    with pytest.raises(TypeError, match=r"get\(\) answers GET and takes no methods.*route\(\)"):
        make_app().get("/", **options)


def test_methods_may_be_written_in_any_case_and_as_members_of_httpmethod() -> None:
    app = make_app()
    app.add_url_rule("/a", "a", lambda: "", methods=frozenset({"post", "Put"}))
    app.add_url_rule("/b", "b", lambda: "", methods=[HTTPMethod.DELETE])
    client = app.test_client()
    assert client.post("/a").status_code == client.put("/a").status_code == 200
    assert client.get("/a").status_code == 405
    assert client.delete("/b").status_code == 200


def test_a_single_string_of_methods_is_refused_with_what_to_write() -> None:
    methods: Any = "POST"  # Any: the type checkers refuse it too
    with pytest.raises(TypeError, match=r"a single str.*\['POST'\]"):
        make_app().add_url_rule("/", "told", told, methods=methods)


def test_a_method_that_is_no_string_is_refused() -> None:
    methods: Any = [1]  # Any: the type checkers refuse it too
    with pytest.raises(TypeError, match="methods contains 1"):
        make_app().add_url_rule("/", "told", told, methods=methods)


def test_head_comes_with_get_and_has_no_body() -> None:
    app = make_app()
    app.add_url_rule("/", "get", lambda: "body")
    app.add_url_rule("/post", "post", lambda: "body", methods=["POST"])
    response = app.test_client().head("/")
    assert (response.status_code, response.data, response.content_length) == (200, b"", 4)
    assert app.test_client().head("/post").status_code == 405


def test_a_method_no_rule_answers_is_405_and_names_those_that_are() -> None:
    app = make_app()
    app.add_url_rule("/", "get", lambda: "")
    app.add_url_rule("/", "put", lambda: "", methods=["PUT"])
    response = app.test_client().post("/")
    assert response.status_code == 405
    assert allowed(response.headers["Allow"]) == {"GET", "HEAD", "OPTIONS", "PUT"}


def test_rules_of_one_path_are_told_apart_by_method() -> None:
    app = make_app()
    app.get("/")(lambda: "read")
    app.add_url_rule("/", "write", lambda: "written", methods=["POST"])
    client = app.test_client()
    assert (client.get("/").text, client.post("/").text) == ("read", "written")


def test_a_path_that_no_rule_matches_is_404() -> None:
    assert make_app().test_client().get("/").status_code == 404


# --- what the application may replace ----------------------------------------------------


def test_classes_of_ones_own_make_the_rules_and_the_map() -> None:
    class Numbered(Rule):
        def __init__(self, *args: Any, number: int = 0, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.number = number

    class Folded(Map):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.strict_slashes = False

    class Application(Flask):
        url_rule_class = Numbered
        url_map_class = Folded

    app = Application(__name__, static_folder=None)
    own: dict[str, Any] = {"number": 7}  # Any: an option of the application's own rules
    app.add_url_rule("/x/", "x", lambda: str(getattr(request.url_rule, "number", None)), **own)
    assert type(app.url_map) is Folded
    assert app.test_client().get("/x").text == "7"


def test_a_map_that_binds_in_its_own_way_is_asked() -> None:
    bound: list[dict[str, Any]] = []

    class Counting(Map):
        def bind_to_environ(self, *args: Any, **kwargs: Any) -> MapAdapter:
            bound.append(kwargs)
            return super().bind_to_environ(*args, **kwargs)

    class Application(Flask):
        url_map_class = Counting

    app = Application(__name__, static_folder=None)
    app.add_url_rule("/", "index", lambda: "index")
    assert app.test_client().get("/").text == "index"
    assert bound == [{"server_name": None, "subdomain": ""}]


@pytest.mark.parametrize("kind", [BaseRule, Rule])
def test_a_rule_added_to_the_map_itself_is_served(kind: type[BaseRule]) -> None:
    app = make_app()
    app.url_map.add(kind("/direct", endpoint="direct", methods=["GET", "OPTIONS"]))
    app.endpoint("direct")(lambda: request.method)
    client = app.test_client()
    assert client.get("/direct").text == "GET"
    assert client.options("/direct").text == "OPTIONS"


def test_an_adapter_of_ones_own_decides_what_is_matched() -> None:
    class Application(Flask):
        def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
            adapter = super().create_url_adapter(request)
            if request is not None and adapter is not None:
                adapter.path_info = "/always"
            return adapter

    app = Application(__name__, static_folder=None)
    app.add_url_rule("/always", "always", lambda: "always")
    assert app.test_client().get("/never").text == "always"


def test_the_request_knows_its_rule_endpoint_and_values() -> None:
    app = make_app()

    @app.route("/<int:x>", endpoint="item")
    def view(x: int) -> str:
        rule = request.url_rule
        return f"{rule} {request.endpoint} {request.view_args}"

    @app.before_request
    def nothing_known_of_a_miss() -> str | None:
        if request.url_rule is None:
            return f"{request.endpoint} {request.view_args} {type(request.routing_exception)}"
        return None

    client = app.test_client()
    assert client.get("/3").text == "/<int:x> item {'x': 3}"
    assert client.get("/").text == "None None <class 'werkzeug.exceptions.NotFound'>"


def test_a_redirect_of_routing_is_known_to_the_request_as_its_exception() -> None:
    app = make_app()
    app.add_url_rule("/x/", "x", lambda: "")
    with app.test_request_context("/x"):
        assert isinstance(request.routing_exception, RequestRedirect)


def test_bytes_that_are_no_utf8_and_null_bytes_in_a_path_are_ordinary_text() -> None:
    app = make_app()
    app.add_url_rule("/<x>", "told", told)
    client = app.test_client()
    assert client.get("/%FF").status_code == 200
    assert client.get("/a%00b").text == "x=a\x00b:str"
    assert client.get("/%F0%9F%99%82").text == "x=🙂:str"
