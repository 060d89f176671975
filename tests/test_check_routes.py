"""`typedflask check` on routes: what a view returns, endpoints with views, rules that answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checked_programs import assert_reported_where_marked
from tests.cli_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


RESULTS = {
    "a number": """
        @app.get("/")  # P: results
        def one() -> int: ...
        @app.get("/none")  # P: results
        def two() -> None: ...
        @app.get("/text")
        def three() -> str: ...
        @app.get("/either")
        def four() -> int | str: ...
        """,
    "a number behind a decorator": """
        def sent(view):
            @wraps(view)
            def send(*args, **kwargs):
                return str(view(*args, **kwargs))
            return send
        @app.get("/")
        @sent
        def one() -> int: ...
        """,
    "a number of a method": """
        class Count(MethodView):
            def get(self) -> int: ...  # P: results
        app.add_url_rule("/", view_func=Count.as_view("count"))
        """,
    "a rule of the application": """
        from typedflask.responses import Rule
        app.responses.add(
            Rule("a number", lambda value: isinstance(value, int), lambda value, kit: None)
        )
        @app.get("/")
        def one() -> int: ...
        @app.get("/set")  # P: results
        def two() -> set: ...
        """,
    "a make_response of the application": """
        class Lenient(Flask):
            def make_response(self, rv): ...
        app = Lenient(__name__)
        @app.get("/")
        def one() -> int: ...
        """,
}


@pytest.mark.parametrize("text", RESULTS.values(), ids=RESULTS)
def test_what_a_view_says_that_it_returns(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)


ENDPOINTS = {
    "a rule without a view": """
        app.add_url_rule("/nowhere", "nowhere")  # P: endpoints
        app.add_url_rule("/somewhere", "somewhere")
        @app.endpoint("somewhere")
        def somewhere() -> str: ...
        """,
    "a view without a rule": """
        @app.endpoint("nowhere")
        def nowhere() -> str: ...  # P: endpoints
        """,
    "a view of a blueprint's endpoint": """
        shop = Blueprint("shop", __name__)
        shop.add_url_rule("/", "index")
        @shop.endpoint("index")
        def index() -> str: ...
        app.register_blueprint(shop)
        """,
    "rules that need no view": """
        app.add_url_rule("/elsewhere/<x>", "elsewhere", build_only=True)
        app.add_url_rule("/old", "old", redirect_to="/new")
        """,
}


@pytest.mark.parametrize("text", ENDPOINTS.values(), ids=ENDPOINTS)
def test_endpoints_have_a_rule_and_a_view(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)


UNREACHABLE = {
    "the same path twice": """
        @app.get("/a")
        def one() -> str: ...
        @app.get("/a")  # P: unreachable
        def two() -> str: ...
        """,
    "the same path with other methods": """
        @app.get("/a")
        def one() -> str: ...
        @app.post("/a")
        def two() -> str: ...
        """,
    "some of the methods": """
        @app.get("/a")
        def one() -> str: ...
        @app.route("/a", methods=["GET", "POST"])  # P: unreachable
        def two() -> str: ...
        """,
    "a variable of another name": """
        @app.get("/<one>")
        def one(one: str) -> str: ...
        @app.get("/<two>")  # P: unreachable
        def two(two: str) -> str: ...
        """,
    "a variable of another kind": """
        @app.get("/<one>")
        def one(one: str) -> str: ...
        @app.get("/<int:two>")
        def two(two: int) -> str: ...
        """,
    "with and without a slash": """
        @app.get("/a/")
        def one() -> str: ...
        @app.get("/a")
        def two() -> str: ...
        """,
    "one in a blueprint": """
        shop = Blueprint("shop", __name__, url_prefix="/a")
        @shop.get("/")  # P: unreachable
        def two() -> str: ...
        @app.get("/a/")
        def one() -> str: ...
        app.register_blueprint(shop)
        """,
    "a subdomain where none is matched": """
        @app.get("/a", subdomain="api")  # P: unreachable
        def one() -> str: ...
        @app.get("/a")
        def two() -> str: ...
        """,
    "subdomains of nothing": """
        app = Flask(__name__, subdomain_matching=True)
        @app.get("/a", subdomain="api")  # P: unreachable
        def one() -> str: ...
        """,
    "a subdomain": """
        app = Flask(__name__, subdomain_matching=True)
        app.config["SERVER_NAME"] = "shop.example"
        @app.get("/a", subdomain="api")
        def one() -> str: ...
        @app.get("/a")
        def two() -> str: ...
        """,
    "hosts": """
        app = Flask(__name__, host_matching=True, static_host="shop.example")
        @app.get("/a", host="shop.example")
        def one() -> str: ...
        @app.get("/a", host="blog.example")
        def two() -> str: ...
        """,
    "websockets": """
        @app.get("/a", websocket=True)
        def one() -> str: ...
        @app.get("/a")
        def two() -> str: ...
        """,
}


@pytest.mark.parametrize("text", UNREACHABLE.values(), ids=UNREACHABLE)
def test_rules_that_answer_requests(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)
