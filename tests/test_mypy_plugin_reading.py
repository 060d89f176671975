"""How the plugin reads a project's text: who registers what where, and when it cannot know."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the checkers are installed on the main version only")

from tests.mypy_projects import MYPY_INI, errors_of, lay_out, marked, output_of

pytestmark = pytest.mark.types

VIEWS = {
    "mypy.ini": MYPY_INI,
    "program.py": """
        from __future__ import annotations

        import functools
        from collections.abc import Callable
        from typing import Any, Final, Literal, NewType, ParamSpec, TypeVar, overload

        from typedflask import Blueprint, Flask, render_template, request, url_for
        from typedflask.views import MethodView, View

        P = ParamSpec("P")
        R = TypeVar("R")
        Number = NewType("Number", int)
        RULE: Final = "/constant/<int:a>"

        app = Flask(__name__)


        def logged(view: Callable[P, R]) -> Callable[P, R]:
            @functools.wraps(view)
            def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
                return view(*args, **kwargs)

            return wrapper


        def loose(view: Callable[..., str]) -> Callable[..., str]:
            return view


        @app.get("/logged/<int:a>")
        @logged
        def decorated(a: str) -> str:  # E: through a decorator that keeps the parameters
            return a


        @app.get("/loose/<int:a>")
        @loose
        def anything(b: str) -> str:
            return b


        @app.get(RULE)
        def constant(a: str) -> str:  # E: the rule is a constant
            return a


        @app.get("/new/<int:a>")
        def new(a: Number) -> str:
            return str(a)


        @app.get("/union/<int:a>")
        def union(a: int | None) -> str:
            return str(a)


        @app.get("/wrong/<int:a>")
        def wrong_union(a: str | None) -> str:  # E: neither is an int
            return str(a)


        @app.get("/any/<any(left, right):side>")
        def side(side: Literal["left", "right"]) -> str:
            return side


        @app.get("/any2/<any(left, right, up):side>")
        def side_too_few(side: Literal["left", "right"]) -> str:  # E: up
            return side


        @app.get("/any3/<any(left):side>")
        def only_side(side: Literal["left"]) -> str:
            return side


        @app.get("/position/<a>")
        def position(a: str, /) -> str:  # E: given by name
            return a


        @app.get("/stars/<a>")
        def stars(*args: str, **kwargs: str) -> str:
            return ""


        @app.get("/broken/<a")  # E: the rule
        def broken() -> str:
            return ""


        @app.get("/defaults", defaults={"page": 1})
        @app.get("/defaults/<int:page>")
        def defaults(page: int) -> str:
            return str(page)


        @app.get("/defaults2", defaults=dict(page=1))
        def computed_defaults(page: int) -> str:
            return str(page)


        class Called:
            def __call__(self, a: str) -> str:
                return a


        class Overloaded:
            @overload
            def __call__(self, a: int) -> str: ...
            @overload
            def __call__(self, a: str) -> str: ...
            def __call__(self, a: int | str) -> str:
                return str(a)


        called, overloaded = Called(), Overloaded()
        app.add_url_rule("/called/<int:a>", "called", called)  # E: an object that is called
        app.add_url_rule("/made/<int:a>", "made", Called())
        app.add_url_rule("/overloaded/<uuid:a>", "overloaded", overloaded)
        app.add_url_rule("/lambda/<b>", "lambda", lambda a: a)  # E: a
        app.get("/direct/<int:a>")(position)  # E: again by position
        app.add_url_rule("/nothing/<a>", "nothing")


        class Page(View):
            def dispatch_request(self, a: str) -> str:
                return a


        class Checked(Page):
            decorators = [loose]


        class Inherited(Page):
            pass


        class Static(View):
            @staticmethod
            def dispatch_request(a: str) -> str:
                return a


        class Api(MethodView):
            @logged
            def get(self, a: str) -> str:
                return a

            def post(self, a: int) -> str:
                return str(a)


        page_view = Page.as_view("page")
        app.add_url_rule("/page/<int:a>", view_func=page_view)  # E: by a name that holds it
        app.add_url_rule("/checked/<int:b>", view_func=Checked.as_view("checked"))
        app.add_url_rule("/inherited/<b>", view_func=Inherited.as_view("inherited"))  # E: b
        app.add_url_rule("/static_/<int:a>", view_func=Static.as_view("static_"))  # E: static method
        app.add_url_rule("/post/<int:a>", view_func=Api.as_view("post"), methods=["POST"])
        app.add_url_rule("/get/<int:a>", view_func=Api.as_view("get"), methods=("GET",))  # E: get


        def inside() -> None:
            holder = Page.as_view("holder")
            app.add_url_rule("/holder/<int:a>", view_func=holder)  # E: in a function


        @app.endpoint("apart")
        def apart() -> str:
            values: dict[str, Any] = {"b": 1}
            if request.args:
                return render_template("unknown.html")
            return url_for("apart") + url_for("lambda", b=1) + url_for("lambda", **values)
    """,
}

BLUEPRINTS = {
    "mypy.ini": MYPY_INI,
    "site/__init__.py": """
        from . import factory as making
        from .factory import create_app

        application = create_app()
        again = making.create_app()


        @application.get("/made/<int:a>")
        def made(a: str) -> str:  # E: the application comes from a factory
            return a
    """,
    "site/factory.py": """
        import typedflask as tf
        from typedflask import Flask

        from .parts import api, outer


        class Site(tf.Flask):
            pass


        def create_app() -> Flask:
            app = Site(__name__)
            app.register_blueprint(outer, url_prefix="/<lang>")
            app.register_blueprint(api, name="second", url_defaults={"version": 2})
            register(app)
            return app


        def register(app: Flask) -> None:
            @app.get("/about/<int:a>")
            def about(a: str) -> str:  # E: registered in a function that is given the application
                return a
    """,
    "site/parts.py": """
        from typedflask import Blueprint, g, url_for

        outer = Blueprint("outer", __name__)
        inner: Blueprint = Blueprint("inner", __name__, url_prefix="inner")
        api = Blueprint("api", __name__, url_prefix="/api")
        outer.register_blueprint(inner)


        @outer.url_value_preprocessor
        def take_language(endpoint: str | None, values: dict[str, object] | None) -> None:
            if values is not None and "lang" in values:
                g.lang = values.pop("lang")


        @outer.get("/")
        def index() -> str:
            return url_for("outer.index", lang="en") + url_for("outer.inner.deep", lang="en")


        @inner.get("/deep")
        def deep() -> str:
            return url_for("outer.index")  # E: the prefix has a variable


        @inner.get("/deeper/<int:a>")
        def deeper() -> str:  # E: only lang is taken out
            return url_for("inner.deep")  # E: the outer name is missing


        @api.get("/")
        def versions(version: int) -> str:
            return url_for("second.versions") + url_for(".versions") + str(version)


        @api.get("/none")
        def none() -> str:  # E: the default of the blueprint
            return url_for("api.versions")  # E: registered under another name
    """,
}

OPEN = {
    "a loop": "for name in ['a', 'b']:\n    app.add_url_rule('/' + name, name, lambda: '')",
    "an import at run time": "import importlib\nimportlib.import_module('other')",
    "a rule of another class": "from werkzeug.routing import Rule\napp.url_map.add(Rule('/x'))",
    "a function nobody knows": "import unheard_of\nunheard_of.add_routes(app)",
    "options that are spread": "app.add_url_rule('/', **{'endpoint': 'x'})",
    "a blueprint from elsewhere": "import unheard_of\napp.register_blueprint(unheard_of.blueprint)",
    "a handler for URLs": "app.url_build_error_handlers.append(lambda e, x, v: '/')",
    "a class that registers its way": (
        "class Own(Flask):\n"
        "    def add_url_rule(self, *args: object, **options: object) -> None: ...\n\n\n"
        "own = Own(__name__)"
    ),
}


@pytest.mark.parametrize("files", [VIEWS, BLUEPRINTS], ids=["views", "blueprints"])
def test_what_is_marked_is_reported_and_nothing_else(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, files)
    found = errors_of(tmp_path, ".", monkeypatch=monkeypatch)
    expected = marked(tmp_path)
    assert found.keys() == expected.keys()
    for path, lines in expected.items():
        text = (tmp_path / path).read_text(encoding="utf-8").splitlines()
        # Reported at the decorator that registers: count down to the function below it.
        moved: set[int] = set()
        for number in found[path]:
            while text[number - 1].lstrip().startswith("@"):
                if number in lines:
                    break
                number += 1
            moved.add(number)
        assert moved == lines, path


@pytest.mark.parametrize("code", OPEN.values(), ids=OPEN)
def test_where_a_rule_may_come_from_anywhere_no_endpoint_is_unknown(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = f"from typedflask import Flask, url_for\n\napp = Flask(__name__)\n{code}\n"
    ask = '\n\ndef link() -> str:\n    return url_for("nowhere")\n'
    ini = MYPY_INI.replace("strict = True", "ignore_missing_imports = True")
    lay_out(tmp_path, {"mypy.ini": ini, "program.py": program + ask})
    output = output_of(tmp_path, "program.py", monkeypatch=monkeypatch)
    assert "typedflask-endpoint" not in output


SETTINGS = {
    "mypy.ini": MYPY_INI,
    "program.py": """
        from typing import Any, Final

        from typedflask import Flask

        KEY: Final = "SECRET_KEY"

        app = Flask(__name__)
        app.config[KEY] = b"key"
        app.config[KEY] = 5  # E: the key is a constant
        app.config["MAX_CONTENT_LENGTH"] = None
        app.config["MAX_CONTENT_LENGTH"] = b"1"  # E: bytes
        app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
        app.config["SESSION_COOKIE_SAMESITE"] = "Loose"  # E: none of the three
        app.config.setdefault("PERMANENT_SESSION_LIFETIME", 60)
        app.config.setdefault("PERMANENT_SESSION_LIFETIME", "60 s")  # E: text
        app.config.update({"DEBUG": "anything"}, TESTING=True)
        print(app.config.get("SECERT_KEY"))  # E: two letters changed places
        print(app.config.get("SECRET_KEYS"), app.config.get("DEBIG"), app.config.get("own"))


        def store(name: str, value: Any) -> None:
            app.config[name] = value
            app.config["DEBUG"] = value
    """,
}


def test_settings_are_compared_by_their_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, SETTINGS)
    assert errors_of(tmp_path, "program.py", monkeypatch=monkeypatch) == marked(tmp_path)
