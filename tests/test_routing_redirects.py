"""Near misses: slashes, defaults and aliases that redirect, and rules that never match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedflask import Flask

if TYPE_CHECKING:
    from werkzeug.routing import MapAdapter


def make_app() -> Flask:
    """An application without files, so that the rules of a test are the only ones."""
    return Flask(__name__, static_folder=None)


def test_a_missing_slash_is_redirected_and_an_extra_one_is_404() -> None:
    app = make_app()
    app.add_url_rule("/folder/", "folder", lambda: "folder")
    app.add_url_rule("/file", "file", lambda: "file")
    client = app.test_client()
    redirect = client.get("/folder?a=1&b=2")
    assert redirect.status_code == 308
    assert redirect.location == "http://localhost/folder/?a=1&b=2"
    assert client.get("/file/").status_code == 404


def test_strict_slashes_may_be_switched_off_for_a_rule_or_for_the_map() -> None:
    app = make_app()
    app.add_url_rule("/a/", "a", lambda: "a", strict_slashes=False)
    app.url_map.strict_slashes = False
    app.add_url_rule("/b/", "b", lambda: "b")
    app.add_url_rule("/c/", "c", lambda: "c", strict_slashes=True)
    client = app.test_client()
    assert (client.get("/a").text, client.get("/b").text) == ("a", "b")
    assert client.get("/c").status_code == 308


def test_repeated_slashes_are_merged_by_a_redirect_unless_switched_off() -> None:
    app = make_app()
    app.add_url_rule("/a/b", "merged", lambda: "merged")
    app.add_url_rule("/c/<path:x>", "kept", lambda x: x, merge_slashes=False)
    client = app.test_client()
    redirect = client.get("/a//b")
    assert (redirect.status_code, redirect.location) == (308, "http://localhost/a/b")
    assert client.get("/c/x//y").text == "x//y"


def test_a_path_that_begins_with_two_slashes_never_redirects_to_another_host() -> None:
    app = make_app()
    app.add_url_rule("/<path:x>/", "folder", lambda x: x)
    for path in ("//evil.example/x", "//evil.example"):
        location = app.test_client().get("/", environ_overrides={"PATH_INFO": path}).location
        assert location is not None
        assert location.startswith("http://localhost/")


def test_a_url_that_spells_out_a_default_redirects_to_the_canonical_one() -> None:
    app = make_app()
    app.add_url_rule("/users/", "users", lambda page: f"{page}", defaults={"page": 1})
    app.add_url_rule("/users/page/<int:page>", "users")
    client = app.test_client()
    assert client.get("/users/").text == "1"
    assert client.get("/users/page/2").text == "2"
    assert client.get("/users/page/1").location == "http://localhost/users/"
    app.url_map.redirect_defaults = False
    assert client.get("/users/page/1").text == "1"


def test_redirect_to_fills_in_the_values_or_asks_a_function() -> None:
    def moved(adapter: MapAdapter, x: int) -> str:
        return f"/of/{adapter.server_name}/{x + 1}"

    app = make_app()
    app.add_url_rule("/old/<x>", "old", redirect_to="/new/<x>")
    app.add_url_rule("/asked/<int:x>", "asked", redirect_to=moved)
    client = app.test_client()
    assert client.get("/old/5").status_code == 308
    assert client.get("/old/5").location == "http://localhost/new/5"
    assert client.get("/asked/5").location == "http://localhost/of/localhost/6"


def test_an_alias_redirects_to_the_canonical_rule() -> None:
    app = make_app()
    app.add_url_rule("/", "index", lambda: "index")
    app.add_url_rule("/index.html", "index", alias=True)
    assert app.test_client().get("/index.html").location == "http://localhost/"
    with app.test_request_context():
        assert app.url_for("index") == "/"


def test_a_rule_that_only_builds_never_matches() -> None:
    app = make_app()
    app.add_url_rule("/uploads/<name>", "upload", build_only=True)
    with app.test_request_context():
        assert app.url_for("upload", name="x") == "/uploads/x"
    assert app.test_client().get("/uploads/x").status_code == 404


def test_a_websocket_rule_matches_upgrades_only_and_other_rules_match_none() -> None:
    app = make_app()
    app.add_url_rule("/chat", "chat", lambda: "socket", websocket=True)
    app.add_url_rule("/page", "page", lambda: "page")
    client = app.test_client()
    upgrade = {"Connection": "keep-alive, Upgrade", "Upgrade": "WebSocket"}
    assert client.get("/chat", headers=upgrade).text == "socket"
    assert client.get("/chat").status_code == 400
    assert client.get("/page", headers=upgrade).status_code == 400
    assert client.get("/page", headers={"Upgrade": "websocket"}).text == "page"
    with app.test_request_context(base_url="https://example.org"):
        assert app.url_for("chat", _external=True) == "wss://example.org/chat"
