"""Hooks and error handlers of blueprints: whose requests they serve, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from typedflask import Blueprint, Flask, Response, abort, render_template_string

if TYPE_CHECKING:
    from collections.abc import Callable


class Nest:
    """An application with a blueprint in a blueprint, and a journal of what ran."""

    def __init__(self) -> None:
        self.app = Flask(__name__, static_folder=None)
        self.outer = Blueprint("outer", __name__, url_prefix="/outer")
        self.inner = Blueprint("inner", __name__, url_prefix="/inner")
        self.other = Blueprint("other", __name__, url_prefix="/other")
        self.journal: list[str] = []
        for place in (self.app, self.outer, self.inner, self.other):
            place.add_url_rule("/", "index", lambda: "view")

    @property
    def places(self) -> list[tuple[str, Flask | Blueprint]]:
        return [
            ("inner", self.inner),
            ("other", self.other),
            ("outer", self.outer),
            ("app", self.app),
        ]

    def note(self, entry: str) -> None:
        self.journal.append(entry)

    def visit(self, path: str) -> list[str]:
        """What a request for a path runs; the first one registers the blueprints."""
        if not self.app.blueprints:
            self.outer.register_blueprint(self.inner)
            self.app.register_blueprint(self.outer)
            self.app.register_blueprint(self.other)
        self.journal.clear()
        self.app.test_client().get(path)
        return self.journal.copy()


def test_hooks_before_the_view_run_from_the_application_inwards() -> None:
    nest = Nest()
    for name, place in nest.places:
        for n in "12":
            place.before_request(lambda entry=f"{name}{n}": nest.note(entry))
    assert nest.visit("/") == ["app1", "app2"]
    assert nest.visit("/outer/") == ["app1", "app2", "outer1", "outer2"]
    assert nest.visit("/outer/inner/")[4:] == ["inner1", "inner2"]
    assert nest.visit("/other/")[2:] == ["other1", "other2"]
    assert nest.visit("/missing") == ["app1", "app2"]


def test_hooks_after_the_view_run_from_the_innermost_blueprint_outwards_last_first() -> None:
    nest = Nest()
    for name, place in nest.places:
        for n in "12":

            def after(response: Response, entry: str = f"after {name}{n}") -> Response:
                nest.note(entry)
                return response

            def teardown(error: BaseException | None, entry: str = f"end {name}{n}") -> None:
                nest.note(entry)

            place.after_request(after)
            place.teardown_request(teardown)
    order = ["inner2", "inner1", "outer2", "outer1", "app2", "app1"]
    expected = [f"after {who}" for who in order] + [f"end {who}" for who in order]
    assert nest.visit("/outer/inner/") == expected
    assert nest.visit("/other/")[:2] == ["after other2", "after other1"]
    assert nest.visit("/missing") == ["after app2", "after app1", "end app2", "end app1"]


def test_hooks_a_blueprint_registers_for_the_application_serve_every_request() -> None:
    nest = Nest()

    def after(response: Response) -> Response:
        nest.note("after")
        return response

    nest.inner.before_app_request(lambda: nest.note("before"))
    nest.inner.after_app_request(after)
    nest.inner.teardown_app_request(lambda error: nest.note("end"))
    nest.inner.app_url_value_preprocessor(lambda endpoint, values: nest.note("values"))
    for path in ("/", "/other/", "/outer/inner/", "/missing"):
        assert nest.visit(path) == ["values", "before", "after", "end"]


def test_hooks_for_the_application_are_registered_once_however_often_the_blueprint_is() -> None:
    app = Flask(__name__, static_folder=None)
    made = Blueprint("b", __name__)
    calls: list[int] = []
    made.before_app_request(lambda: calls.append(1))
    app.register_blueprint(made)
    app.register_blueprint(made, name="c")
    app.test_client().get("/")
    assert calls == [1]


def test_names_for_templates_reach_the_templates_of_the_blueprint_and_inner_ones_win() -> None:
    nest = Nest()
    for name, place in nest.places:

        def names(name: str = name) -> dict[str, Any]:
            return {name: True, "last": name}

        place.context_processor(names)
    nest.outer.app_context_processor(lambda: {"everywhere": "yes"})
    template = "{{ everywhere }} {{ last }} {{ app }} {{ outer }} {{ inner }}"
    for place in (nest.app, nest.outer, nest.inner):
        place.add_url_rule("/names", "names", lambda: render_template_string(template))
    nest.visit("/")
    client = nest.app.test_client()
    assert client.get("/names").text == "yes app True  "
    assert client.get("/outer/names").text == "yes outer True True "
    assert client.get("/outer/inner/names").text == "yes inner True True True"


# --- error handlers ----------------------------------------------------------------------


class Broken(Exception):
    """An error of the test's own."""


def failing() -> str:
    raise Broken


def test_the_handler_of_the_innermost_blueprint_answers() -> None:
    nest = Nest()
    for name, place in nest.places:
        place.add_url_rule("/broken", "broken", failing)
        if name != "inner":

            def answer(error: Broken, name: str = name) -> str:
                return f"of {name}"

            place.register_error_handler(Broken, answer)
    nest.visit("/")
    client = nest.app.test_client()
    assert client.get("/broken").text == "of app"
    assert client.get("/other/broken").text == "of other"
    assert client.get("/outer/broken").text == "of outer"
    assert client.get("/outer/inner/broken").text == "of outer"


def test_a_blueprints_handler_of_404_answers_its_views_and_not_unknown_paths() -> None:
    nest = Nest()
    nest.outer.add_url_rule("/gone", "gone", lambda: abort(404))

    @nest.outer.errorhandler(404)
    def missing(error: Exception) -> tuple[str, int]:
        return "of the blueprint", 404

    nest.visit("/")
    client = nest.app.test_client()
    assert client.get("/outer/gone").text == "of the blueprint"
    assert "of the blueprint" not in client.get("/outer/unknown").text


def test_handlers_a_blueprint_registers_for_the_application_answer_every_request() -> None:
    nest = Nest()
    nest.app.add_url_rule("/broken", "broken", failing)

    @nest.inner.app_errorhandler(404)
    def missing(error: Exception) -> tuple[str, int]:
        return "nothing here", 404

    @nest.inner.app_errorhandler(Broken)
    def broken(error: Broken) -> str:
        return "decorated"

    nest.inner.register_app_error_handler(405, lambda error: ("not so", 405))
    nest.visit("/")
    client = nest.app.test_client()
    assert client.get("/unknown").text == "nothing here"
    assert client.get("/broken").text == "decorated"
    assert client.post("/").text == "not so"
    spec = nest.app.error_handler_spec
    assert spec[None][404].popitem()[1] is missing
    assert spec[None][None][Broken] is broken


def test_handlers_are_found_under_the_full_name_of_a_nested_blueprint() -> None:
    nest = Nest()

    @nest.inner.errorhandler(Broken)
    def broken(error: Broken) -> str:
        return ""

    nest.visit("/")
    assert nest.app.error_handler_spec["outer.inner"][None][Broken] is broken


@pytest.mark.parametrize("target", [200, 999, ValueError("an instance"), int, "404"])
def test_what_cannot_be_handled_is_refused_where_it_is_registered(target: Any) -> None:
    made = Blueprint("b", __name__)
    for register in (made.errorhandler, made.app_errorhandler):
        with pytest.raises((ValueError, TypeError)):
            register(target)(lambda error: "")
    for enter in (made.register_error_handler, made.register_app_error_handler):
        with pytest.raises((ValueError, TypeError)):
            enter(target, lambda error: "")


# --- filters, tests and globals ----------------------------------------------------------


def shout(text: str) -> str:
    return f"{text.upper()}!"


def loud(text: str) -> bool:
    return text.isupper()


Register = tuple[str, "Callable[..., Any]", str, str]
REGISTERS: list[Register] = [
    ("filter", shout, "{{ 'a'|NAME }}", "A!"),
    ("test", loud, "{{ 'A' is NAME }}", "True"),
    ("global", shout, "{{ NAME('a') }}", "A!"),
]


@pytest.mark.parametrize(("kind", "function", "template", "result"), REGISTERS)
@pytest.mark.parametrize("prefix", ["", "app_"])
def test_template_functions_are_registered_with_and_without_parentheses(
    prefix: str, kind: str, function: Callable[..., Any], template: str, result: str
) -> None:
    def decorate(place: Flask | Blueprint) -> Callable[..., Any]:
        made: Callable[..., Any] = getattr(place, f"{prefix}template_{kind}")
        return made

    def add(place: Flask | Blueprint, *names: str, **options: str) -> Callable[..., Any]:
        getattr(place, f"add_{prefix}template_{kind}")(function, *names, **options)
        return function

    own = function.__name__
    registers: dict[str, Callable[[Flask | Blueprint], Callable[..., Any]]] = {
        own: lambda place: decorate(place)(function),
        f"{own} ": lambda place: decorate(place)()(function),
        "first": lambda place: decorate(place)("first")(function),
        "second": lambda place: decorate(place)(name="second")(function),
        f"{own}  ": add,
        "third": lambda place: add(place, "third"),
        "fourth": lambda place: add(place, name="fourth"),
    }
    for name, register in registers.items():
        app, made = Flask(__name__, static_folder=None), Blueprint("b", __name__)
        assert register(made if prefix else app) is function
        app.register_blueprint(made)
        with app.app_context():
            assert render_template_string(template.replace("NAME", name.strip())) == result


def test_a_callable_object_without_a_name_is_called_like_its_class() -> None:
    class Twice:
        def __call__(self, text: str) -> str:
            return text * 2

    app = Flask(__name__, static_folder=None)
    app.add_template_filter(Twice())
    with app.app_context():
        assert render_template_string("{{ 'a'|Twice }}") == "aa"
