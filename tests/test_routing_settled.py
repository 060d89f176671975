"""Matches that are remembered: a second request is answered like the first, or matched anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.routing import Map, Rule

from typedflask import Flask, Request, request
from typedflask.routing.rule_map import RuleMap

if TYPE_CHECKING:
    from werkzeug.routing import MapAdapter


def make_app(**options: Any) -> Flask:
    """An application with a rule whose match is remembered after the first request."""
    app = Flask(__name__, static_folder=None, **options)
    app.add_url_rule("/a", "a", lambda **values: f"{values} {request.endpoint}", defaults={"x": 1})
    return app


def remembered(app: Flask) -> set[tuple[str, str]]:
    assert isinstance(app.url_map, RuleMap)
    known = app.url_map.as_tree().known
    return {(path, method) for method in known for path in known[method].settled}


def test_a_rule_without_variables_is_remembered_by_path_and_method() -> None:
    app = make_app()
    client = app.test_client()
    answers = {client.get("/a?q=1").text for _ in range(3)}
    assert answers == {"{'x': 1} a"}
    assert remembered(app) == {("/a", "GET")}
    assert client.post("/a").status_code == 405
    assert client.options("/a").headers["Allow"]


def test_values_of_a_remembered_match_are_each_requests_own() -> None:
    app = make_app()

    @app.url_value_preprocessor
    def change(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values is not None:
            values["y"] = values.get("y", 0) + 1

    client = app.test_client()
    assert {client.get("/a").text for _ in range(3)} == {"{'x': 1, 'y': 1} a"}


@pytest.mark.parametrize("path", ["/page/1", "/page/01", "/a%FF", "/missing", "/folder"])
def test_what_has_variables_many_spellings_or_no_view_is_not_remembered(path: str) -> None:
    app = make_app()
    app.add_url_rule("/page/<int:n>", "page", lambda n: f"{n}", defaults={"n": 1})
    app.add_url_rule("/folder/", "folder", lambda: "")
    app.test_client().get(path)
    assert remembered(app) == set()


def test_methods_of_a_clients_invention_are_not_remembered() -> None:
    app = Flask(__name__, static_folder=None)
    app.url_map.add(Rule("/any", endpoint="any"))
    app.endpoint("any")(lambda: request.method)
    client = app.test_client()
    assert [client.open("/any", method=m).text for m in ("AAA", "BBB")] == ["AAA", "BBB"]
    assert remembered(app) == set()


def test_a_change_of_the_map_is_heard() -> None:
    app = make_app()
    client = app.test_client()
    assert client.get("/a").status_code == 200
    app.view_functions["new"] = lambda: "new"
    app.url_map.add(Rule("/b", endpoint="new", methods=["GET"]))
    assert remembered(app) == set()
    assert client.get("/a").status_code == client.get("/b").status_code == 200
    app.url_map.strict_slashes = False
    assert remembered(app) == set()


def test_an_upgrade_is_not_answered_from_memory() -> None:
    client = make_app().test_client()
    assert client.get("/a").status_code == 200
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert client.get("/a", headers=upgrade).status_code == 400
    assert client.get("/a", headers={"Upgrade": "h2c"}).status_code == 200


def test_a_bad_host_is_refused_although_the_path_is_remembered() -> None:
    app = make_app()
    client = app.test_client()
    assert client.get("/a").status_code == 200
    assert client.get("/a", headers={"Host": "a..b"}).status_code == 400
    app.config["TRUSTED_HOSTS"] = ["example.org"]
    assert client.get("/a").status_code == 400


def test_hosts_and_subdomains_are_matched_each_time() -> None:
    app = make_app(host_matching=True)
    app.add_url_rule("/h", "h", lambda: "h", host="h.example")
    client = app.test_client()
    assert client.get("/h", base_url="http://h.example").text == "h"
    assert client.get("/h", base_url="http://i.example").status_code == 404

    app = make_app(subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.org"
    client = app.test_client()
    assert client.get("/a").status_code == 200
    assert client.get("/a", base_url="http://sub.example.org").status_code == 404


def test_an_adapter_of_ones_own_is_asked_each_time() -> None:
    app = make_app()
    client = app.test_client()
    assert client.get("/a").status_code == 200
    asked: list[Request | None] = []
    ordinary = app.create_url_adapter

    def create(request: Request | None) -> MapAdapter | None:
        asked.append(request)
        return ordinary(request)

    app.create_url_adapter = create  # type: ignore[method-assign]  # extensions replace it so
    assert client.get("/a").status_code == 200
    assert len(asked) == 1


@pytest.mark.parametrize("base", [Map, RuleMap])
def test_a_map_that_binds_in_its_own_way_is_asked_each_time(base: type[Map]) -> None:
    bound: list[str] = []

    class Binding(base):  # type: ignore[misc, valid-type]  # either of the two
        def bind_to_environ(self, environ: Any, *args: Any, **kwargs: Any) -> MapAdapter:
            bound.append(environ["PATH_INFO"])
            adapter: MapAdapter = super().bind_to_environ(environ, *args, **kwargs)
            return adapter

    class Application(Flask):
        url_map_class = Binding

    app = Application(__name__, static_folder=None)
    app.add_url_rule("/a", "a", lambda: "a")
    client = app.test_client()
    assert [client.get("/a").text for _ in range(2)] == ["a", "a"]
    assert bound == ["/a", "/a"]
