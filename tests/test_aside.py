"""Attributes that are kept aside look like any others."""

from __future__ import annotations

from typing import Any

import pytest

from typedflask import Blueprint, Flask
from typedflask.aside import kept_aside
from typedflask.config import ConfigAttribute

SHARED_KEYS = 30
"""How many attributes of an object CPython keeps without a dictionary."""


class Shelf:
    """Something with two attributes kept aside."""

    title: str = kept_aside()
    """What it is called."""
    places: int | None = kept_aside(None)
    """How much it holds."""

    def __init__(self) -> None:
        self.aside: dict[str, Any] = {}


def test_an_attribute_is_what_it_was_set_to() -> None:
    shelf = Shelf()
    shelf.title = "tools"
    assert shelf.title == "tools"
    assert "title" not in vars(shelf)


def test_each_object_has_its_own() -> None:
    first, second = Shelf(), Shelf()
    first.title, second.title = "tools", "toys"
    assert (first.title, second.title) == ("tools", "toys")


def test_an_attribute_is_its_default_until_it_is_set_and_after_it_was_deleted() -> None:
    shelf = Shelf()
    assert shelf.places is None
    shelf.places = 3
    del shelf.places
    assert shelf.places is None


def test_an_attribute_without_a_default_that_was_never_set_is_missing_by_name() -> None:
    shelf = Shelf()
    assert not hasattr(shelf, "title")
    with pytest.raises(AttributeError, match="Shelf object has no attribute 'title' yet"):
        _ = shelf.title
    with pytest.raises(AttributeError, match="Shelf object has no 'title' to delete"):
        del shelf.title


def test_a_subclass_may_set_one_for_all_its_objects() -> None:
    class ToolShelf(Shelf):
        title = "tools"

    shelf = ToolShelf()
    assert shelf.title == "tools"
    shelf.title = "saws"
    assert shelf.title == "saws"


def test_an_application_that_served_a_request_has_room_for_attributes_of_the_program() -> None:
    """Beyond thirty, each call of a method of the application would take several times as long."""
    app = Flask(__name__)
    app.route("/")(lambda: "served")
    client = app.test_client()
    for _ in range(2):
        assert client.get("/").text == "served"
    assert len(vars(app)) <= SHARED_KEYS - 10


def test_names_and_folders_of_applications_and_blueprints_can_be_read_and_set() -> None:
    app = Flask(__name__, template_folder="pages")
    shop = Blueprint("shop", __name__, root_path="elsewhere")
    assert (app.name, app.import_name, app.template_folder) == (__name__, __name__, "pages")
    assert (shop.name, shop.root_path) == ("shop", "elsewhere")
    app.name = "renamed"
    assert app.name == "renamed"
    assert repr(app) == "<Flask 'renamed'>"


def test_an_attribute_of_the_configuration_may_be_given_one_type_or_two() -> None:
    """Type variables have defaults from Python 3.13 on; programs need not wait for it."""
    assert ConfigAttribute[bool]("TESTING").name == "TESTING"
    assert ConfigAttribute[bool, int]("TESTING").name == "TESTING"
