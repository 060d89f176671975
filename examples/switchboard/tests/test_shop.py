"""One suite for every combination of JSON backend, session backend and template engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from switchboard import create_app
from switchboard.goods import PRODUCTS
from typedflask import Flask
from typedflask.sessions.server_side import ServerSideSessions
from typedflask.sessions.stores.redis import RedisStore
from typedflask.sessions.stores.sqlalchemy import SQLAlchemyStore
from typedflask.testing import FlaskClient

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from tests.servers import ServerProgram

JSON = ("default", "stdlib", "orjson", "msgspec")
ENGINES = ("jinja", "minijinja", "mako", "htpy")
SESSIONS = {
    "cookie": ("cookie", None),
    "memory": ("memory", None),
    "file": ("file", None),
    "cachelib": ("cachelib", None),
    "sqlite": ("sqlalchemy", None),
    "redis": ("redis", "redis_process"),
    "postgresql": ("sqlalchemy", "postgres_process"),
    "mariadb": ("sqlalchemy", "mariadb_process"),
}
"""The backend, and the fixture of the server that keeps its sessions."""

TEA, INK = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Combination:
    """What the configuration chooses."""

    json: str
    session: str
    engine: str


def combinations() -> Iterator[ParameterSet]:
    """Every combination; those that need a server are marked as tests that do."""
    for json, session, engine in product(JSON, SESSIONS, ENGINES):
        marks = [] if SESSIONS[session][1] is None else [pytest.mark.servers]
        name = f"{json}-{session}-{engine}"
        yield pytest.param(Combination(json, session, engine), id=name, marks=marks)


def place_of(session: str, folder: Path, server: str | None) -> str | None:
    """Where the sessions of a backend are kept: `SESSION_STORE`."""
    places = {
        "file": str(folder / "sessions"),
        "cachelib": "cachelib.simple:SimpleCache",
        "sqlite": f"sqlite:///{folder}/sessions.db",
    }
    return server or places.get(session)


@pytest.fixture(params=combinations(), scope="module")
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    chosen: Combination = request.param
    backend, fixture = SESSIONS[chosen.session]
    url: str | None = None
    if fixture is not None:
        server: ServerProgram = request.getfixturevalue(fixture)
        server.start()
        url = server.url
    app = create_app(
        {
            "TESTING": True,
            "JSON_BACKEND": chosen.json,
            "SESSION_BACKEND": backend,
            "SESSION_STORE": place_of(chosen.session, tmp_path_factory.mktemp("shop"), url),
            "SESSION_STORE_PREFIX": f"{chosen.json}-{chosen.engine}:",
            "TEMPLATE_ENGINE": chosen.engine,
        }
    )
    yield app
    close_connections(app)


def close_connections(app: Flask) -> None:
    """What a process does when it ends."""
    backend: object = app.session_interface
    if isinstance(backend, ServerSideSessions):
        store: object = backend.store
        if isinstance(store, RedisStore | SQLAlchemyStore):
            store.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_page_shows_the_goods_escaped(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "<h1>Corner &amp; Co</h1>" in page
    assert "Tea &amp; biscuits: 3.50" in page
    assert "Ink &lt;blue&gt;: 12.00" in page
    assert f'action="/basket/{TEA}"' in page
    assert "0 in your basket" in page
    assert "visitor" not in page


def test_a_streamed_page_has_the_same_goods(client: FlaskClient) -> None:
    response = client.get("/list")
    assert response.is_streamed
    assert "<li>Ink &lt;blue&gt;</li>" in response.text


def test_the_basket_keeps_what_is_put_into_it(client: FlaskClient) -> None:
    for product_id in (TEA, INK, TEA):
        assert client.post(f"/basket/{product_id}").status_code == 302
    page = client.get("/").text
    assert "3 in your basket" in page
    assert page.count("Tea &amp; biscuits is in your basket") == 2
    assert "is in your basket" not in client.get("/").text
    basket = client.get("/api/basket").get_json()
    assert [item["name"] for item in basket["products"]] == [
        PRODUCTS[one].name for one in (TEA, INK, TEA)
    ]
    assert basket["total"] == "19.00"


def test_visitors_have_baskets_of_their_own(app: Flask) -> None:
    first, second = app.test_client(), app.test_client()
    first.post(f"/basket/{TEA}")
    assert "0 in your basket" in second.get("/").text
    assert "1 in your basket" in first.get("/").text


def test_what_is_not_sold_is_not_found(client: FlaskClient) -> None:
    assert client.post(f"/basket/{UUID(int=9)}").status_code == 404


def test_logging_in_keeps_the_basket_and_out_forgets_it(client: FlaskClient) -> None:
    client.post(f"/basket/{TEA}")
    assert client.post("/login", data={"name": "Ada <3"}).status_code == 302
    page = client.get("/").text
    assert '<p class="visitor">Hello, Ada &lt;3!</p>' in page
    assert "1 in your basket" in page
    assert client.post("/login", data={"name": " "}).status_code == 400
    client.post("/logout")
    page = client.get("/").text
    assert "Hello" not in page
    assert "0 in your basket" in page


def test_a_visitor_who_stores_nothing_gets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers
    assert "Cookie" in client.get("/").headers["Vary"]


def test_json_of_dataclasses_decimals_uuids_and_times(client: FlaskClient) -> None:
    response = client.get("/api/products")
    assert response.mimetype == "application/json"
    assert response.data.endswith(b"\n")
    assert response.get_json() == {
        "products": [
            {"id": str(one.id), "name": one.name, "price": str(one.price)}
            for one in PRODUCTS.values()
        ],
        "since": "Fri, 01 May 2026 09:30:00 GMT",
        "open": True,
        "note": None,
    }


def test_json_that_comes_in(client: FlaskClient) -> None:
    answer = client.post("/api/convert", json={"rate": "1.1", "prices": [1, "2.50", 10**20]})
    assert answer.get_json() == {
        "prices": ["1.1", "2.750", "110000000000000000000.0"],
        "großes ẞ": "ß",
        "count": {"1": 3},
    }
    assert answer.data.isascii()


@pytest.mark.parametrize("body", ["{", "", '{"rate": 1}', "[" * 100_000, "[1]", '"\xff'])
def test_bad_json_is_the_client_s_mistake(client: FlaskClient, body: str) -> None:
    answer = client.post(
        "/api/convert", data=body.encode("latin-1"), content_type="application/json"
    )
    assert answer.status_code == 400


def test_a_cookie_that_was_tampered_with_is_a_new_visit(client: FlaskClient) -> None:
    client.post(f"/basket/{TEA}")
    cookie = client.get_cookie("session")
    assert cookie is not None
    first = "b" if cookie.value.startswith("a") else "a"
    client.set_cookie("session", first + cookie.value[1:])
    assert "0 in your basket" in client.get("/").text
