"""Adapters made directly are those that Werkzeug's map makes of an environment.

Random environments from a fixed seed, malformed more often than not; `TYPEDFLASK_FUZZ` multiplies them.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from werkzeug.exceptions import BadHost
from werkzeug.routing import Map, MapAdapter

from tests.shortcut_switches import bind_by_environ
from typedflask import Flask
from typedflask.routing import bind

# Any, in this file: an environment holds whatever servers put there.

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))

HOSTS = (
    *("localhost", "EXAMPLE.org", "example.org:80", "example.org:443", "example.org:8080", "a.b.c"),
    *("ex ample", "", "a..b", ".", "-", "ü.org", "Ã¼.org", "[::1]:80", "1.2.3.4", "x" * 70, ":80"),
    *("xn--a", "a_b", "a\x00b", "example.org:x", "example.org.", "%41", "a,b"),
)
TEXTS = (
    "",
    "/",
    "/a",
    "/a/",
    "a",
    "//",
    "/ü",
    "/Ã¼",
    "/\xff",
    "/a b",
    "/%41",
    "?",
    "a=1&b=%ff",
    "\xff=1",
)
SCHEMES = ("http", "http", "https")
UPGRADES: tuple[dict[str, str], ...] = (
    *({}, {}, {}, {"HTTP_UPGRADE": "websocket"}, {"HTTP_CONNECTION": "upgrade"}),
    {"HTTP_UPGRADE": "WebSocket", "HTTP_CONNECTION": "keep-alive, Upgrade"},
    {"HTTP_UPGRADE": "h2c", "HTTP_CONNECTION": "Upgrade"},
)


def random_environ(chance: random.Random) -> dict[str, Any]:
    """What a server may make of a request; some of it missing now and then."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": chance.choice(["GET", "POST", "get"]),
        "SCRIPT_NAME": chance.choice(TEXTS),
        "PATH_INFO": chance.choice(TEXTS),
        "QUERY_STRING": chance.choice(TEXTS),
        "SERVER_NAME": chance.choice(HOSTS),
        "SERVER_PORT": chance.choice(["80", "443", "8080"]),
        "wsgi.url_scheme": chance.choice(SCHEMES),
    }
    if chance.random() < 0.8:
        environ["HTTP_HOST"] = chance.choice(HOSTS)
    for name in ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"):
        if chance.random() < 0.05:
            del environ[name]
    return environ | chance.choice(UPGRADES)


def outcome(adapter: MapAdapter | None) -> object:
    """All that an adapter knows; no query and an empty one are the same to it."""
    if adapter is None:
        return None
    return {**vars(adapter), "map": id(adapter.map), "query_args": adapter.query_args or None}


# A request to a host that is not the server's is one of the cases.
@pytest.mark.filterwarnings("ignore:Current server name:UserWarning")
def test_adapters_are_those_of_werkzeug() -> None:
    chance = random.Random(20261121)
    app = Flask("app", static_folder=None)
    refused = 0
    for _ in range(CASES):
        environ = random_environ(chance)
        app.config["SERVER_NAME"] = name = chance.choice([None, None, *HOSTS[:6], "ü.org"])
        app.url_map.default_subdomain = chance.choice(["", "", "api"])
        expected: object
        try:
            expected = outcome(bind_by_environ(app.url_map, environ, name))
        except BadHost:
            expected = BadHost
            refused += 1
        given: object
        try:
            given = outcome(bind(app, environ))
        except BadHost:
            given = BadHost
        assert given == expected, environ
    assert CASES / 50 < refused < CASES / 2


def test_a_map_that_binds_in_its_own_way_is_asked() -> None:
    class Own(Map):
        def bind_to_environ(self, *args: Any, **kwargs: Any) -> MapAdapter:
            adapter = super().bind_to_environ(*args, **kwargs)
            adapter.path_info = "/own"
            return adapter

    app = Flask("app", static_folder=None)
    app.url_map = Own()
    adapter = bind(app, random_environ(random.Random(1)) | {"HTTP_HOST": "localhost"})
    assert adapter is not None
    assert adapter.path_info == "/own"
