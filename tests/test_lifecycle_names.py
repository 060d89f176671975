"""The names a template knows, and the redirects of routing: what the lifecycle adds by itself."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import RequestRedirect

from typedflask import Blueprint, Flask, render_template, render_template_string, session
from typedflask.errors.exceptions import FormDataRoutingRedirect

# --- names of templates --------------------------------------------------------------------


def test_a_context_processor_that_gives_no_names_is_told_what_it_returned() -> None:
    app = Flask("names")
    wrong: Any = lambda: ["word"]  # noqa: E731 - Any: the mistake under test
    app.context_processor(wrong)
    with app.app_context(), pytest.raises(TypeError, match="returned list instead of a dict"):
        render_template_string("page")


def test_names_given_to_the_template_win_over_those_of_processors() -> None:
    app = Flask("names")
    app.context_processor(lambda: {"word": "processor", "other": "processor"})
    with app.app_context():
        assert render_template_string("{{ word }} {{ other }}", word="given") == "given processor"


def test_a_template_context_can_be_completed_where_no_application_is_active() -> None:
    app = Flask("names")
    app.context_processor(lambda: {"word": "processor"})
    names: dict[str, Any] = {"given": 1}
    app.update_template_context(names)
    assert names == {"given": 1, "word": "processor"}


def test_templates_know_the_request_only_where_there_is_one() -> None:
    app = Flask("names")
    app.secret_key = "a key for tests"
    names: dict[str, Any] = {}
    with app.app_context():
        app.update_template_context(names)
        assert set(names) == {"g"}
    with app.test_request_context("/") as context:
        app.update_template_context(names)
        assert set(names) == {"g", "request", "session"}
        assert context.opened_session is None  # passed, and not opened
        session["user"] = "Ada"
        app.update_template_context(names := {})
        assert names["session"] == {"user": "Ada"}


def test_the_explanation_of_template_loading_names_the_blueprint(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = Flask("names")
    app.config.update(EXPLAIN_TEMPLATE_LOADING=True, PROPAGATE_EXCEPTIONS=False)
    blueprint = Blueprint("shop", __name__)
    blueprint.add_url_rule("/", "view", lambda: render_template("no-such-page.html"))
    app.register_blueprint(blueprint)
    with caplog.at_level("INFO"):
        assert app.test_client().get("/").status_code == 500
    explained = [record.getMessage() for record in caplog.records if record.levelname == "INFO"]
    assert len(explained) == 1
    assert "no-such-page.html" in explained[0]
    assert "shop" in explained[0]


# --- redirects of routing -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("debug", "method", "raises"),
    [
        (True, "POST", True),
        (True, "PUT", True),
        (True, "GET", False),
        (False, "POST", False),
    ],
)
def test_in_debug_mode_a_redirect_that_would_lose_a_form_is_an_error(
    debug: bool, method: str, raises: bool
) -> None:
    app = Flask("redirects")
    app.debug = debug

    class Found(RequestRedirect):
        code = 302

    with app.test_request_context("/form", method=method) as context:
        context.request.routing_exception = Found("http://localhost/form/")
        with pytest.raises(FormDataRoutingRedirect if raises else Found) as raised:
            app.raise_routing_exception(context.request)
    if raises:
        assert "http://localhost/form" in str(raised.value)
        assert "http://localhost/form/" in str(raised.value)
        assert method in str(raised.value)


def test_in_debug_mode_a_redirect_that_keeps_the_form_is_sent() -> None:
    app = Flask("redirects")
    app.debug = True
    app.add_url_rule("/form/", "form", lambda: "form", methods=["POST"])
    assert app.test_client().post("/form").status_code == 308
