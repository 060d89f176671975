"""`typedflask check` on rules and views: what a view is called with, and what it takes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.checked_programs import assert_reported_where_marked
from tests.cli_project import Project
from typedflask import Blueprint, Flask
from typedflask.checks.problem import RouteMismatchWarning


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


PARAMETERS = {
    "a variable without a parameter": """
        @app.get("/user/<name>")  # P: parameters
        def user() -> str: ...
        """,
    "a parameter without a variable": """
        @app.get("/user")  # P: parameters
        def user(name: str) -> str: ...
        """,
    "a default makes the parameter optional": """
        @app.get("/user")
        @app.get("/user/<name>")
        def user(name: str = "me") -> str: ...
        """,
    "of several rules, the one that does not fit": """
        @app.get("/user/<name>")
        @app.get("/user")  # P: parameters
        def user(name: str) -> str: ...
        """,
    "a default of the rule fits": """
        @app.get("/user", defaults={"name": "me"})
        def user(name: str) -> str: ...
        """,
    "a default of the rule without a parameter": """
        @app.get("/user", defaults={"name": "me"})  # P: parameters
        def user() -> str: ...
        """,
    "by position only": """
        @app.get("/user/<name>")  # P: parameters
        def user(name: str, /) -> str: ...
        """,
    "by name only fits": """
        @app.get("/user/<name>")
        def user(*, name: str) -> str: ...
        """,
    "any names fit": """
        @app.get("/user/<name>")
        def user(**values: object) -> str: ...
        """,
    "text for a number": """
        @app.get("/user/<number>")  # P: parameters
        def user(number: int) -> str: ...
        """,
    "a number for text": """
        @app.get("/user/<int:number>")  # P: parameters
        def user(number: str) -> str: ...
        """,
    "types that fit": """
        from collections.abc import Sequence
        from typing import Any, Literal, Optional, Union
        from uuid import UUID
        @app.get("/1/<int:a>/<path:b>/<float:c>/<uuid:d>/<e>/<string:f>/<g>")
        def one(a: int, b: str, c: float, d: UUID, e: object, f: Any, g) -> str: ...
        @app.get("/2/<int:a>/<b>/<int:c>/<d>/<e>/<any(x, y):f>/<any(x, y):g>")
        def two(a: float, b: str | None, c: Union[str, int], d: Optional[str],
                e: Sequence[str], f: str, g: Literal["x", "y", "z"]) -> str: ...
        """,
    "alternatives that the annotation lacks": """
        from typing import Literal
        @app.get("/<any(x, y, z):which>")  # P: parameters
        def one(which: Literal["x", "y"]) -> str: ...
        """,
    "an annotation that cannot be resolved": """
        @app.get("/<int:number>")
        def one(number: "Unknown") -> str: ...
        """,
    "a converter of the project": """
        from werkzeug.routing import BaseConverter
        class Colours(BaseConverter):
            def to_python(self, value: str) -> list[str]:
                return value.split("+")
        app.url_map.converters["colours"] = Colours
        @app.get("/right/<colours:names>")
        def right(names: list[str]) -> str: ...
        @app.get("/wrong/<colours:names>")  # P: parameters
        def wrong(names: str) -> str: ...
        """,
    "a converter of the project that says nothing": """
        from werkzeug.routing import BaseConverter
        class Silent(BaseConverter):
            def to_python(self, value):
                return 3
        app.url_map.converters["silent"] = Silent
        @app.get("/<silent:number>")
        def one(number: int) -> str: ...
        """,
    "a converter derived from one for numbers": """
        from werkzeug.routing import IntegerConverter
        class Even(IntegerConverter):
            regex = "[0-9]*[02468]"
        app.url_map.converters["even"] = Even
        @app.get("/right/<even:number>")
        def right(number: int) -> str: ...
        @app.get("/wrong/<even:number>")  # P: parameters
        def wrong(number: str) -> str: ...
        """,
    "behind a decorator that passes all on": """
        def guarded(view):
            @wraps(view)
            def guard(*args, **kwargs):
                return view(*args, **kwargs)
            return guard
        @app.get("/right/<name>")
        @guarded
        def right(name: str) -> str: ...
        @app.get("/wrong/<name>")  # P: parameters
        @guarded
        def wrong() -> str: ...
        """,
    "behind a decorator for rules": """
        def guarded(view):
            @wraps(view)
            def guard(**values):
                if not app.debug:
                    return ""
                return view(**values)
            return guard
        @app.get("/right/<name>")
        @guarded
        def right(name: str) -> str: ...
        @app.get("/wrong/<name>")  # P: parameters
        @guarded
        def wrong(name: int) -> str: ...
        """,
    "behind two decorators, one of them for sync and async": """
        def logged(view):
            @wraps(view)
            async def log(*args, **kwargs):
                print(*args, **kwargs)
                return await current_app.ensure_sync(view)(*args, **kwargs)
            return log
        def named(name):
            def decorate(view):
                @wraps(view)
                def run(*args, **kwargs):
                    return view(*args, **kwargs)
                return run
            return decorate
        @app.get("/wrong/<name>")  # P: parameters
        @named("x")
        @logged
        async def wrong() -> str: ...
        """,
    "behind a decorator that passes all on to something else": """
        def logged(view):
            @wraps(view)
            def log(*args, **kwargs):
                print(*args, **kwargs)
                return view()
            return log
        @app.get("/right/<name>")
        @logged
        def right() -> str: ...
        """,
    "behind a decorator that is an object": """
        class Logged:
            def __init__(self, view):
                self.view = view
            def __call__(self, view):
                @wraps(view)
                def log(*args, **kwargs):
                    return self.view(*args, **kwargs)
                return log
        @app.get("/right/<name>")
        @Logged(lambda name: "")
        def right() -> str: ...
        """,
    "behind a decorator that changes the values": """
        def loading(view):
            @wraps(view)
            def load(*args, **kwargs):
                kwargs["user"] = kwargs.pop("name")
                return view(*args, **kwargs)
            return load
        @app.get("/<name>")
        @loading
        def user(user: object) -> str: ...
        """,
    "behind a decorator that gives one more": """
        def signed_in(view):
            @wraps(view)
            def check(*args, **kwargs):
                return view("me", *args, **kwargs)
            return check
        @app.get("/<name>")
        @signed_in
        def user(me: str, name: str) -> str: ...
        """,
    "a decorator that names what it takes": """
        def loading(view):
            @wraps(view)
            def load(name):
                return view(user=name)
            return load
        @app.get("/right/<name>")
        @loading
        def right(user: int) -> str: ...
        @app.get("/wrong/<user>")  # P: parameters
        @loading
        def wrong(user: str) -> str: ...
        """,
    "taken out by a preprocessor": """
        @app.url_value_preprocessor
        def take(endpoint, values):
            if values and "lang" in values:
                values.pop("lang", None)
        @app.get("/<lang>/right")
        def right() -> str: ...
        @app.get("/<language>/wrong")  # P: parameters
        def wrong() -> str: ...
        """,
    "put in by a preprocessor": """
        @app.url_value_preprocessor
        def put(endpoint, values):
            values["user"] = "me"
        @app.get("/")
        def right(user: str) -> str: ...
        """,
    "a preprocessor nobody can read": """
        @app.url_value_preprocessor
        def change(endpoint, values):
            tidy(values)
        def tidy(values):
            values.clear()
        @app.get("/<lang>")
        def right() -> str: ...
        """,
    "a preprocessor of another blueprint": """
        shop, blog = Blueprint("shop", __name__), Blueprint("blog", __name__)
        @shop.url_value_preprocessor
        def take(endpoint, values):
            del values["lang"]
        @shop.get("/shop/<lang>")
        def right() -> str: ...
        @blog.get("/blog/<lang>")  # P: parameters
        def wrong() -> str: ...
        app.register_blueprint(shop)
        app.register_blueprint(blog)
        """,
    "variables in the prefix of a blueprint": """
        shop = Blueprint("shop", __name__, url_prefix="/<int:owner>")
        @shop.get("/right")
        def right(owner: int) -> str: ...
        @shop.get("/wrong")  # P: parameters
        def wrong() -> str: ...
        app.register_blueprint(shop)
        """,
    "defaults of a blueprint": """
        shop = Blueprint("shop", __name__, url_defaults={"page": 1})
        @shop.get("/right")
        def right(page: int) -> str: ...
        @shop.get("/wrong")  # P: parameters
        def wrong(page: str) -> str: ...
        app.register_blueprint(shop)
        """,
    "add_url_rule": """
        def user(name: str) -> str: ...
        app.add_url_rule("/right/<name>", "right", user)
        app.add_url_rule(  # P: parameters
            "/wrong/<nome>", "wrong", user
        )
        """,
    "a class": """
        class User(View):
            def dispatch_request(self, name: str) -> str: ...
        app.add_url_rule("/right/<name>", view_func=User.as_view("right"))
        """,
    "a class that does not fit": """
        class User(View):
            def dispatch_request(self, name: int) -> str: ...  # P: parameters
        app.add_url_rule("/wrong/<name>", view_func=User.as_view("wrong"))
        """,
    "methods of a class": """
        class User(MethodView):
            def get(self, name: str) -> str: ...
            def post(self) -> str: ...  # P: parameters
            def delete(self, name: str, reason: str) -> str: ...  # P: parameters
            @staticmethod
            def put(name: str) -> str: ...
        app.add_url_rule("/<name>", view_func=User.as_view("user"))
        """,
    "methods of a class behind a decorator": """
        def guarded(method):
            @wraps(method)
            def guard(self, *args, **kwargs):
                return method(self, *args, **kwargs)
            return guard
        class User(MethodView):
            @guarded
            def get(self, name: str) -> str: ...
            @guarded
            def post(self) -> str: ...  # P: parameters
            @classmethod
            def put(cls, name: str) -> str: ...
        app.add_url_rule("/<name>", view_func=User.as_view("user"))
        """,
    "methods of a class that the rule does not answer": """
        class User(MethodView):
            def get(self) -> str: ...
            def post(self, name: str) -> str: ...
        app.add_url_rule("/", view_func=User.as_view("all"), methods=["GET"])
        app.add_url_rule("/<name>", view_func=User.as_view("one"), methods=["POST"])
        """,
    "a class behind a decorator that changes the values": """
        def loading(view):
            @wraps(view)
            def load(*args, **kwargs):
                kwargs.clear()
                return view(*args, **kwargs)
            return load
        class User(View):
            decorators = [loading]
            def dispatch_request(self) -> str: ...
        app.add_url_rule("/<name>", view_func=User.as_view("user"))
        """,
    "a class behind a decorator that passes all on": """
        def guarded(view):
            @wraps(view)
            def guard(*args, **kwargs):
                return view(*args, **kwargs)
            return guard
        class User(View):
            decorators = [guarded]
            def dispatch_request(self) -> str: ...  # P: parameters
        app.add_url_rule("/<name>", view_func=User.as_view("user"))
        """,
    "async views": """
        @app.get("/<name>")  # P: parameters
        async def user() -> str: ...
        """,
    "an object that is called": """
        class Greeting:
            __name__ = "greeting"
            def __call__(self, name: str) -> str: ...
        app.add_url_rule("/<name>", view_func=Greeting())
        app.add_url_rule("/wrong/<name>/<more>", "wrong", Greeting())  # P: parameters
        """,
    "rules that are only built, or redirect": """
        @app.get("/<name>", build_only=True)
        def built() -> str: ...
        @app.get("/old/<name>", redirect_to="/new/<name>")
        def old() -> str: ...
        """,
}


@pytest.mark.parametrize("text", PARAMETERS.values(), ids=PARAMETERS)
def test_what_a_rule_gives_and_a_view_takes(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)


# --- while routes are registered ---------------------------------------------------------


def debugged(folder: Path) -> Flask:
    app = Flask("site", root_path=str(folder))
    app.debug = True
    return app


def test_debug_mode_warns_where_a_view_is_registered_for_a_rule_it_does_not_fit(
    tmp_path: Path,
) -> None:
    app = debugged(tmp_path)

    with pytest.warns(RouteMismatchWarning, match="'name'") as told:

        @app.get("/<name>")
        def view() -> str:
            return ""

    (warning,) = told
    assert warning.filename == __file__
    assert warning.lineno == view.__code__.co_firstlineno


def test_debug_mode_is_silent_about_what_fits_or_is_taken_out(tmp_path: Path) -> None:
    app = debugged(tmp_path)
    shop = Blueprint("shop", __name__, root_path=str(tmp_path))

    @shop.get("/<lang>/<int:number>")
    def one(number: int) -> str:
        return ""

    @shop.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        assert values
        values.pop("lang")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app.register_blueprint(shop)


def test_without_debug_mode_nothing_is_said(tmp_path: Path) -> None:
    app = Flask("site", root_path=str(tmp_path))
    app.debug = False

    with warnings.catch_warnings():
        warnings.simplefilter("error")

        @app.get("/<name>")
        def view() -> str:
            return ""
