"""An editor offers the names that exist: asked of a language server, not assumed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.language_server import HERE, LanguageServer, language_server

pytestmark = [pytest.mark.types, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """One server for all tests of this file: starting it takes the most time."""
    with language_server(tmp_path_factory.mktemp("project").resolve()) as running:
        yield running


def test_the_request_offers_its_attributes(server: LanguageServer) -> None:
    offered = server.completions(f"from typedflask import request\nrequest.{HERE}\n")
    assert {"args", "form", "get_json", "view_args", "blueprint", "_get_current_object"} <= offered
    assert "no_such_attribute" not in offered


def test_the_current_application_offers_its_attributes(server: LanguageServer) -> None:
    offered = server.completions(f"from typedflask import current_app\ncurrent_app.{HERE}\n")
    assert {"config", "logger", "extensions", "open_resource", "url_map"} <= offered


def test_a_route_offers_its_options(server: LanguageServer) -> None:
    offered = server.completions(
        f"from typedflask import Flask\napp = Flask(__name__)\n@app.route('/', {HERE})\n"
    )
    assert {"methods=", "strict_slashes=", "defaults=", "endpoint="} <= offered


def test_a_method_of_a_route_is_offered_by_name(server: LanguageServer) -> None:
    offered = server.completions(
        f'from typedflask import Flask\napp = Flask(__name__)\napp.route("/", methods=["{HERE}"])\n'
    )
    assert {"GET", "POST", "DELETE"} <= {label.strip("\"'") for label in offered}


def test_a_declared_namespace_offers_what_was_declared(server: LanguageServer) -> None:
    offered = server.completions(
        "from typedflask import typed_g\n"
        "class Globals:\n"
        "    visitor: str | None = None\n"
        "    started: float\n"
        "g = typed_g(Globals)\n"
        f"g.{HERE}\n"
    )
    assert {"visitor", "started"} <= offered


def test_a_declared_session_offers_its_keys(server: LanguageServer) -> None:
    offered = server.completions(
        "from typing import TypedDict\n"
        "from typedflask import typed_session\n"
        "class Data(TypedDict, total=False):\n"
        "    user_id: int\n"
        "    basket: list[str]\n"
        "session = typed_session(Data)\n"
        f'session.data["{HERE}"]\n'
    )
    assert {"user_id", "basket"} <= {label.strip("\"'") for label in offered}


def test_a_declared_configuration_offers_its_settings(server: LanguageServer) -> None:
    offered = server.completions(
        "from typedflask import typed_config\n"
        "class Settings:\n"
        "    page_size: int = 20\n"
        "    shop_name: str\n"
        "config = typed_config(Settings)\n"
        f"config.{HERE}\n"
    )
    assert {"page_size", "shop_name"} <= offered


def test_an_application_of_a_class_of_its_own_offers_its_attributes(server: LanguageServer) -> None:
    offered = server.completions(
        "from typedflask import Flask, current\n"
        "class Shop(Flask):\n"
        "    currency: str = 'EUR'\n"
        "shop = current(Shop)\n"
        f"shop.{HERE}\n"
    )
    assert {"currency", "config"} <= offered


def test_a_url_of_a_view_offers_the_views_parameters(server: LanguageServer) -> None:
    offered = server.completions(
        "from typedflask import url_for\n"
        "def article(slug: str, page: int = 1) -> str:\n"
        "    return slug\n"
        f"url_for(article, {HERE})\n"
    )
    assert {"slug=", "page="} <= offered


def test_a_url_offers_what_can_be_added_to_it(server: LanguageServer) -> None:
    offered = server.completions(
        "from typedflask import url_for\n"
        "def front() -> str:\n"
        "    return ''\n"
        f"url_for(front).{HERE}\n"
    )
    assert {"query", "anchor", "external", "method"} <= offered
