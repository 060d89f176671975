"""A rule may be registered before its view; a request that comes too early says what is missing."""

from __future__ import annotations

import pytest

from typedflask import Flask


def test_a_rule_without_a_view_is_an_error_that_names_rule_and_endpoint() -> None:
    """
    The error tells which rule matched and which endpoint nobody registered.
    """
    app = Flask("unfinished")
    app.testing = True
    app.add_url_rule("/soon/<name>", "soon")

    with pytest.raises(RuntimeError, match=r"'/soon/<name>'.*'soon' has no view"):
        app.test_client().get("/soon/x")


def test_a_view_registered_later_answers() -> None:
    """
    `endpoint` completes a rule that was added without a view.
    """
    app = Flask("finished")
    app.add_url_rule("/soon/<name>", "soon")

    @app.endpoint("soon")
    def soon(name: str) -> str:
        return name

    assert app.test_client().get("/soon/x").text == "x"
