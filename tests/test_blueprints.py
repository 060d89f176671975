"""Blueprints: names, prefixes, subdomains, nesting, and registering one several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from typedflask import Blueprint, Flask, request, url_for
from typedflask.blueprints import BlueprintOptions, BlueprintSetupState

if TYPE_CHECKING:
    from collections.abc import Callable


def make_app(**options: Any) -> Flask:
    return Flask(__name__, static_folder=None, **options)


def here() -> str:
    """A view that tells where it was found."""
    return f"{request.endpoint} {request.blueprint} {request.blueprints} {request.path}"


def rules(app: Flask) -> dict[str, str]:
    """The rules of an application: endpoint by path, with the subdomain in front."""
    return {
        f"{rule.subdomain or ''}|{rule.rule}": rule.endpoint for rule in app.url_map.iter_rules()
    }


def blueprint(name: str, **options: Any) -> Blueprint:
    made = Blueprint(name, __name__, **options)
    made.add_url_rule("/", "index", here)
    return made


# --- names and prefixes ------------------------------------------------------------------


def test_endpoints_carry_the_name_and_paths_the_prefix() -> None:
    app = make_app()
    app.register_blueprint(blueprint("shop", url_prefix="/shop"))
    assert app.test_client().get("/shop/").text == "shop.index shop ['shop'] /shop/"
    with app.test_request_context():
        assert url_for("shop.index") == "/shop/"


def test_the_application_belongs_to_no_blueprint() -> None:
    app = make_app()
    app.add_url_rule("/", "index", here)
    assert app.test_client().get("/").text == "index None [] /"


@pytest.mark.parametrize(
    ("prefix", "rule", "path"),
    [
        (None, "/x", "/x"),
        ("/p", "/x", "/p/x"),
        ("/p/", "/x", "/p/x"),
        ("/p", "x", "/p/x"),
        ("/p", "/", "/p/"),
        ("/p", "", "/p"),
        ("/p/", "", "/p/"),
        ("/", "/x", "/x"),
        ("", "/x", "/x"),
        ("/<lang>", "/<int:n>", "/<lang>/<int:n>"),
    ],
)
def test_prefix_and_rule_are_joined_with_one_slash(
    prefix: str | None, rule: str, path: str
) -> None:
    app = make_app()
    made = Blueprint("b", __name__, url_prefix=prefix)
    made.add_url_rule(rule, "x")
    app.register_blueprint(made)
    assert rules(app) == {f"|{path}": "b.x"}


def test_options_of_the_registration_replace_those_of_the_blueprint() -> None:
    app = make_app(subdomain_matching=True)
    made = blueprint("b", url_prefix="/own", subdomain="own", url_defaults={"x": 1, "y": 1})
    made.add_url_rule("/d", "d", defaults={"z": 3})
    app.register_blueprint(
        made, name="other", url_prefix="/other", subdomain="other", url_defaults={"y": 2}
    )
    assert rules(app) == {"other|/other/": "other.index", "other|/other/d": "other.d"}
    assert [r.defaults for r in app.url_map.iter_rules("other.d")] == [{"x": 1, "y": 2, "z": 3}]
    assert [r.defaults for r in app.url_map.iter_rules("other.index")] == [{"x": 1, "y": 2}]
    assert app.blueprints == {"other": made}


def test_a_rule_may_have_a_subdomain_and_no_defaults_of_its_own() -> None:
    app = make_app(subdomain_matching=True)
    made = Blueprint("b", __name__, subdomain="sub", url_defaults={"x": 1})
    made.add_url_rule("/", "own", subdomain="rule", defaults=None)
    app.register_blueprint(made)
    assert rules(app) == {"rule|/": "b.own"}
    assert [r.defaults for r in app.url_map.iter_rules()] == [{"x": 1}]


@pytest.mark.parametrize(("name", "message"), [("", "empty"), ("a.b", r"dot.*'a\.b'")])
def test_a_name_is_neither_empty_nor_dotted(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Blueprint(name, __name__)


@pytest.mark.parametrize(
    "register",
    [
        lambda made, view: made.add_url_rule("/", "a.b", view),
        lambda made, view: made.route("/", endpoint="a.b")(view),
        lambda made, view: made.add_url_rule("/", view_func=type("a.b", (), {})),
    ],
)
def test_an_endpoint_of_a_blueprint_has_no_dot(
    register: Callable[[Blueprint, Callable[[], str]], object],
) -> None:
    with pytest.raises(ValueError, match=r"'a\.b' may not contain a dot"):
        register(Blueprint("b", __name__), here)


def test_a_name_is_taken_once() -> None:
    app = make_app()
    made = blueprint("b")
    app.register_blueprint(made)
    with pytest.raises(ValueError, match=r"'b' is already that of this blueprint.*name='b_2'"):
        app.register_blueprint(made, url_prefix="/again")
    with pytest.raises(ValueError, match=r"already that of <Blueprint 'b'> of .*name='b_2'"):
        app.register_blueprint(Blueprint("b", "other", root_path="."))
    with pytest.raises(ValueError, match="empty name"):
        app.register_blueprint(made, name="")
    assert app.blueprints == {"b": made}


def test_blueprints_are_listed_in_the_order_of_registration() -> None:
    app = make_app()
    made = [blueprint(name, url_prefix=f"/{name}") for name in "cab"]
    for each in made:
        app.register_blueprint(each)
    assert list(app.iter_blueprints()) == made
    assert list(app.blueprints) == ["c", "a", "b"]


def test_the_same_blueprint_may_be_registered_again_under_another_name() -> None:
    app = make_app()
    made = blueprint("b", url_prefix="/b")
    made.add_url_rule("/to", "to", lambda: url_for(".index"))
    counted: list[str] = []
    made.before_request(lambda: counted.append(request.blueprint or ""))
    app.register_blueprint(made)
    app.register_blueprint(made, name="c", url_prefix="/c")
    client = app.test_client()
    assert client.get("/b/").text == "b.index b ['b'] /b/"
    assert client.get("/c/").text == "c.index c ['c'] /c/"
    assert client.get("/c/to").text == "/c/"
    assert counted == ["b", "c", "c"]


def test_a_blueprint_serves_several_applications() -> None:
    made = blueprint("b")
    counted: list[Flask] = []
    made.record_once(lambda state: counted.append(state.app))
    apps = [make_app(), make_app()]
    for app in apps:
        app.register_blueprint(made)
        assert app.test_client().get("/").status_code == 200
    assert counted == apps


# --- nesting -----------------------------------------------------------------------------


def test_nested_blueprints_join_names_and_prefixes() -> None:
    app = make_app()
    inner, middle, outer = (blueprint(n, url_prefix=f"/{n}/") for n in ("in", "mid", "out"))
    middle.register_blueprint(inner)
    outer.register_blueprint(middle)
    app.register_blueprint(outer)
    assert app.blueprints == {"out": outer, "out.mid": middle, "out.mid.in": inner}
    assert app.test_client().get("/out/mid/in/").text == (
        "out.mid.in.index out.mid.in ['out.mid.in', 'out.mid', 'out'] /out/mid/in/"
    )


@pytest.mark.parametrize(
    ("outer", "inner", "given", "path"),
    [
        (None, None, None, "/"),
        ("/o", None, None, "/o/"),
        (None, "/i", None, "/i/"),
        ("/o", "/i", None, "/o/i/"),
        ("/o/", "i", None, "/o/i/"),
        ("/o", "/i", "/g", "/o/g/"),
        (None, "/i", "/g", "/g/"),
        ("/o", "", None, "/o/"),
    ],
)
def test_prefixes_of_nested_blueprints(
    outer: str | None, inner: str | None, given: str | None, path: str
) -> None:
    app = make_app()
    around = Blueprint("o", __name__, url_prefix=outer)
    around.register_blueprint(blueprint("i", url_prefix=inner), url_prefix=given)
    app.register_blueprint(around)
    assert rules(app) == {f"|{path}": "o.i.index"}


@pytest.mark.parametrize(
    ("outer", "inner", "given", "subdomain"),
    [
        (None, None, None, ""),
        ("o", None, None, "o"),
        (None, "i", None, "i"),
        ("o", "i", None, "i.o"),
        ("o", "i", "g", "g.o"),
        ("", "i", None, "i"),
        ("o", "", None, "o"),
        ("", None, None, ""),
    ],
)
def test_subdomains_of_nested_blueprints(
    outer: str | None, inner: str | None, given: str | None, subdomain: str
) -> None:
    app = make_app(subdomain_matching=True)
    around = Blueprint("o", __name__, subdomain=outer)
    around.register_blueprint(blueprint("i", subdomain=inner), subdomain=given)
    app.register_blueprint(around)
    assert rules(app) == {f"{subdomain}|/": "o.i.index"}


def test_a_registration_of_the_outer_blueprint_moves_those_inside() -> None:
    app = make_app(subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.org"
    outer = blueprint("o", url_prefix="/o", subdomain="o")
    outer.register_blueprint(blueprint("i", url_prefix="/i", subdomain="i"))
    app.register_blueprint(outer, url_prefix="/p", subdomain="p", name="q")
    response = app.test_client().get("/p/i/", base_url="http://i.p.example.org")
    assert response.text == "q.i.index q.i ['q.i', 'q'] /p/i/"


def test_the_same_blueprint_may_be_nested_several_times_and_places() -> None:
    app = make_app()
    leaf = blueprint("leaf")
    one, two = blueprint("one", url_prefix="/one"), blueprint("two", url_prefix="/two")
    one.register_blueprint(leaf, url_prefix="/a")
    one.register_blueprint(leaf, url_prefix="/b", name="leaf2")
    two.register_blueprint(leaf, url_prefix="/a")
    for each in (one, two):
        app.register_blueprint(each)
    app.register_blueprint(one, name="three", url_prefix="/three")
    assert sorted(name for name, made in app.blueprints.items() if made is leaf) == [
        "one.leaf",
        "one.leaf2",
        "three.leaf",
        "three.leaf2",
        "two.leaf",
    ]
    assert app.test_client().get("/three/b/").text.startswith("three.leaf2.index")


def test_a_blueprint_cannot_contain_itself() -> None:
    one, two, three = (Blueprint(n, __name__) for n in ("one", "two", "three"))
    with pytest.raises(ValueError, match="<Blueprint 'one'> cannot be nested in itself"):
        one.register_blueprint(one)
    one.register_blueprint(two)
    two.register_blueprint(three)
    with pytest.raises(ValueError, match="<Blueprint 'three'> cannot be nested in itself"):
        three.register_blueprint(one)


def test_two_nested_blueprints_of_one_name_are_refused() -> None:
    app = make_app()
    outer = Blueprint("o", __name__)
    outer.register_blueprint(Blueprint("i", __name__))
    outer.register_blueprint(Blueprint("i", __name__))
    with pytest.raises(ValueError, match=r"The name 'o\.i' is already"):
        app.register_blueprint(outer)


def test_a_name_given_at_registration_may_be_dotted() -> None:
    app = make_app()
    app.register_blueprint(blueprint("b"), name="a.b")
    assert app.test_client().get("/").text == "a.b.index a.b ['a.b', 'a'] /"


# --- record and set-up state -------------------------------------------------------------


def test_recorded_functions_get_the_state_of_each_registration() -> None:
    app = make_app()
    inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)
    states: list[BlueprintSetupState] = []
    once: list[BlueprintSetupState] = []

    @inner.record
    def every(state: BlueprintSetupState) -> None:
        states.append(state)

    @inner.record_once
    def first(state: BlueprintSetupState) -> None:
        once.append(state)

    outer.register_blueprint(inner, url_prefix="/in")
    app.register_blueprint(outer, url_prefix="/out")
    app.register_blueprint(inner, url_defaults={"x": 1}, subdomain="s", name="again")
    nested, again = states
    assert once == [nested]
    assert (nested.name, nested.name_prefix, nested.url_prefix) == ("inner", "outer", "/out/in")
    assert (again.name, again.name_prefix, again.url_prefix) == ("again", "", None)
    assert (nested.first_registration, again.first_registration) == (True, False)
    assert (again.subdomain, again.url_defaults) == ("s", {"x": 1})
    assert nested.app is again.app is app
    assert nested.blueprint is inner
    assert again.options["name"] == "again"


def test_a_state_adds_rules_under_the_blueprints_name() -> None:
    app = make_app()
    made = Blueprint("b", __name__, url_prefix="/p")
    made.record(lambda state: state.add_url_rule("/late", view_func=here, methods=["POST"]))
    app.register_blueprint(made)
    assert app.test_client().post("/p/late").text == "b.here b ['b'] /p/late"


def test_a_rule_without_endpoint_and_view_is_refused() -> None:
    app = make_app()
    made = Blueprint("b", __name__)
    made.add_url_rule("/")
    with pytest.raises(ValueError, match="give one of both"):
        app.register_blueprint(made)


def test_the_state_may_be_of_a_class_of_ones_own() -> None:
    class Versioned(BlueprintSetupState):
        def __init__(
            self,
            blueprint: Blueprint[Any],
            app: Flask[Any],
            options: BlueprintOptions,
            first_registration: bool,
        ) -> None:
            super().__init__(blueprint, app, options, first_registration)
            self.url_prefix = f"/v{len(self.name_prefix)}{self.url_prefix}"

    class Own(Blueprint):
        def make_setup_state(
            self, app: Flask[Any], options: BlueprintOptions, first_registration: bool = False
        ) -> BlueprintSetupState:
            return Versioned(self, app, options, first_registration)

    app = make_app()
    made = Own("b", __name__, url_prefix="/b")
    made.add_url_rule("/x", "x")
    outer = Blueprint("outer", __name__)
    outer.register_blueprint(made)
    app.register_blueprint(made)
    app.register_blueprint(outer)
    assert rules(app) == {"|/v0/b/x": "b.x", "|/v5/b/x": "outer.b.x"}


# --- endpoint ----------------------------------------------------------------------------


def test_a_view_may_be_given_to_an_endpoint_of_the_blueprint_or_by_its_full_name() -> None:
    app = make_app()
    made = Blueprint("b", __name__)
    made.add_url_rule("/short", "short")
    made.add_url_rule("/full", "full")
    made.endpoint("short")(here)
    made.endpoint("b.full")(here)
    app.register_blueprint(made)
    client = app.test_client()
    assert client.get("/short").text.startswith("b.short")
    assert client.get("/full").text.startswith("b.full")


def test_a_view_a_blueprint_gives_to_an_endpoint_leaves_the_applications_own_alone() -> None:
    app = make_app()
    app.add_url_rule("/", "index", lambda: "application")
    made = Blueprint("b", __name__, url_prefix="/b")
    made.add_url_rule("/", "index")
    made.endpoint("index")(lambda: "blueprint")
    app.register_blueprint(made)
    client = app.test_client()
    assert (client.get("/").text, client.get("/b/").text) == ("application", "blueprint")
