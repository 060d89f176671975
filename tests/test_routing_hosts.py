"""Hosts: which of them are answered, by which rules, and what `SERVER_NAME` has to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.routing import Map

from typedflask import Flask, Request, request

if TYPE_CHECKING:
    from pathlib import Path


def make_app(server_name: str | None = None, *, subdomains: bool = False) -> Flask:
    """An application whose index tells its own address."""
    app = Flask(__name__, static_folder=None, subdomain_matching=subdomains)
    app.config["SERVER_NAME"] = server_name

    @app.route("/")
    def index() -> str:
        return app.url_for("index", _external=True)

    return app


def get(app: Flask, url: str) -> str | int:
    """The text of an answer, or its status if that is not 200."""
    host, slash, path = url.removeprefix("http://").partition("/")
    response = app.test_client().get(slash + path, base_url=f"http://{host}")
    answer = response.text if response.status_code == 200 else response.status_code
    response.close()
    return answer


# --- SERVER_NAME -------------------------------------------------------------------------


def test_without_a_server_name_every_host_is_answered_under_its_own_name() -> None:
    app = make_app()
    assert get(app, "http://example.org/") == "http://example.org/"
    assert get(app, "http://Other.ORG:8080/") == "http://other.org:8080/"
    assert get(app, "http://b\u00fccher.example/") == "http://xn--bcher-kva.example/"


def test_a_server_name_restricts_no_host_and_names_the_server_in_urls() -> None:
    app = make_app("example.org:8080")
    assert get(app, "http://example.org/") == "http://example.org:8080/"
    assert get(app, "http://elsewhere.net/") == "http://example.org:8080/"


@pytest.mark.parametrize(
    ("name", "scheme", "url"),
    [
        ("Example.ORG", "http", "http://example.org/"),
        ("example.org:80", "http", "http://example.org/"),
        ("example.org:80", "https", "https://example.org:80/"),
        ("example.org:443", "https", "https://example.org/"),
        ("bücher.example", "http", "http://xn--bcher-kva.example/"),
        ("bücher.example:8000", "http", "http://xn--bcher-kva.example:8000/"),
    ],
)
def test_a_server_name_is_spelled_as_urls_spell_hosts(name: str, scheme: str, url: str) -> None:
    client = make_app(name).test_client()
    assert client.get("/", base_url=f"{scheme}://any.example").text == url


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".org"])
def test_what_cannot_be_a_host_name_is_a_bad_request(name: str) -> None:
    assert make_app().test_client().get("/", headers={"Host": name}).status_code == 400
    client = make_app(name).test_client()
    assert client.get("/", base_url="http://any.example").status_code == 400


@pytest.mark.parametrize("host", ["", "<script>", "a b", "[::1", "é"])
def test_a_strange_host_header_never_breaks_the_answer(host: str) -> None:
    app = make_app()
    app.add_url_rule("/slash/", "slash", lambda: "")
    for path in ("/", "/slash"):
        response = app.test_client().get(path, environ_overrides={"HTTP_HOST": host})
        assert response.status_code in {200, 308, 400}


# --- TRUSTED_HOSTS -----------------------------------------------------------------------


def test_trusted_hosts_answer_named_hosts_and_subdomains_of_those_with_a_dot() -> None:
    app = make_app()
    app.config["TRUSTED_HOSTS"] = ["example.org", ".example.net"]
    assert get(app, "http://example.org:8080/") == "http://example.org:8080/"
    assert get(app, "http://a.b.example.net/") == "http://a.b.example.net/"
    assert get(app, "http://a.example.org/") == 400
    assert get(app, "http://evil.example/") == 400


def test_no_view_runs_for_a_host_that_is_not_trusted_but_hooks_and_handlers_do() -> None:
    app = make_app("example.org")
    app.config["TRUSTED_HOSTS"] = ["example.org"]
    seen: list[str] = []

    @app.before_request
    def note() -> None:
        seen.append(f"before {request.endpoint}")

    @app.errorhandler(400)
    def refused(error: Exception) -> tuple[str, int]:
        return f"refused {type(error).__name__}", 400

    response = app.test_client().get("/", base_url="http://evil.example")
    assert (response.status_code, response.text) == (400, "refused SecurityError")
    assert seen == ["before None"]


def test_the_page_for_a_host_that_is_not_trusted_may_have_links() -> None:
    app = make_app()
    app.config["TRUSTED_HOSTS"] = ["example.org"]
    app.add_url_rule("/help/", "help")

    @app.errorhandler(400)
    def refused(error: Exception) -> tuple[str, int]:
        if app.config["SERVER_NAME"] is None:
            with pytest.raises(RuntimeError, match=r"host was refused.*Set SERVER_NAME"):
                app.url_for("help", _external=True)
            return app.url_for("help"), 400
        return app.url_for("help", _external=True), 400

    client = app.test_client()
    evil = "http://evil.example/mount"
    assert client.get("/", base_url=evil).text == "/mount/help/"
    app.config["SERVER_NAME"] = "example.org"
    assert client.get("/", base_url=evil).text == "http://example.org/mount/help/"


def test_a_request_class_may_name_the_trusted_hosts_itself() -> None:
    class OwnRequest(Request):
        trusted_hosts = ["example.org"]  # noqa: RUF012 - set like this by applications

    app = make_app()
    app.request_class = OwnRequest
    assert get(app, "http://example.org/") == "http://example.org/"
    assert get(app, "http://evil.example/") == 400
    app.config["TRUSTED_HOSTS"] = ["evil.example"]
    assert get(app, "http://evil.example/") == "http://evil.example/"


# --- subdomains --------------------------------------------------------------------------


def subdomain_app() -> Flask:
    app = make_app("example.org", subdomains=True)
    app.add_url_rule("/", "api", lambda: "api", subdomain="api")

    @app.route("/", subdomain="<user>")
    def profile(user: str) -> str:
        here = app.url_for("profile", user=user)
        return f"{here} {app.url_for('profile', user='eve')} {app.url_for('index')}"

    return app


def test_rules_may_differ_by_subdomain() -> None:
    app = subdomain_app()
    assert get(app, "http://example.org/") == "http://example.org/"
    assert get(app, "http://api.example.org/") == "api"
    profile = get(app, "http://bob.example.org/")
    assert profile == "/ http://eve.example.org/ http://example.org/"


@pytest.mark.filterwarnings("ignore:Current server name:UserWarning")
def test_with_subdomains_a_host_outside_of_the_server_name_is_not_found() -> None:
    app = make_app("example.org", subdomains=True)
    assert get(app, "http://example.org/") == "http://example.org/"
    assert get(app, "http://elsewhere.net/") == 404


def test_without_subdomain_matching_subdomains_of_rules_match_nothing() -> None:
    app = make_app("example.org")
    app.add_url_rule("/x", "x", lambda: "x", subdomain="api")
    assert get(app, "http://api.example.org/") == "http://example.org/"
    assert get(app, "http://api.example.org/x") == 404


@pytest.mark.parametrize("own_map", [False, True])
def test_the_default_subdomain_is_that_of_rules_without_one(own_map: bool) -> None:
    class OwnMap(Map):
        pass

    class Application(Flask):
        url_map_class = OwnMap if own_map else Flask.url_map_class

    app = Application(__name__, static_folder=None)
    app.config["SERVER_NAME"] = "example.org"
    app.url_map.default_subdomain = "www"
    app.add_url_rule("/other", "other", lambda: "", subdomain="other")
    app.add_url_rule("/late", "late", lambda: app.url_for("late", _external=True))
    assert get(app, "http://example.org/late") == "http://www.example.org/late"
    assert get(app, "http://other.example.org/other") == 404


# --- whole hosts -------------------------------------------------------------------------


def test_with_host_matching_rules_name_whole_hosts_and_the_server_name_is_ignored() -> None:
    app = Flask(__name__, static_folder=None, host_matching=True)
    app.config["SERVER_NAME"] = "ignored.example"
    app.add_url_rule("/", "one", lambda: app.url_for("two", x="z"), host="one.example")
    app.add_url_rule("/", "two", lambda x: x, host="<x>.two.example:8080")
    assert get(app, "http://one.example/") == "http://z.two.example:8080/"
    assert get(app, "http://y.two.example:8080/") == "y"
    assert get(app, "http://y.two.example/") == 404
    assert get(app, "http://ignored.example/") == 404


def test_with_host_matching_static_files_are_served_on_their_host(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    app = Flask(__name__, static_folder=tmp_path, static_host="files.example", host_matching=True)
    path = f"/{tmp_path.name}/a.txt"
    assert get(app, f"http://files.example{path}") == "a"
    assert get(app, f"http://other.example{path}") == 404
    with app.test_request_context(base_url="http://other.example"):
        assert app.url_for("static", filename="a.txt") == f"http://files.example{path}"


def test_static_host_and_host_matching_belong_together_if_there_are_static_files() -> None:
    with pytest.raises(ValueError, match="static_host=None and host_matching=True"):
        Flask(__name__, host_matching=True)
    with pytest.raises(ValueError, match="static_host='h' and host_matching=False"):
        Flask(__name__, static_host="h")
    assert Flask(__name__, host_matching=True, static_folder=None).url_map.host_matching
