"""`OPTIONS`: who answers it, the framework or the view, and who decides that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from typedflask import Flask, Response

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


def make_app(*, automatic: bool = True) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = automatic
    return app


def ask(app: Flask, path: str = "/", method: str = "OPTIONS") -> TestResponse:
    return app.test_client().open(path, method=method)


def allowed(response: TestResponse) -> set[str]:
    return set(response.headers.get("Allow", "").split(", "))


def test_options_is_answered_with_the_methods_of_all_rules_of_the_path() -> None:
    app = make_app()
    app.get("/")(lambda: "read")
    app.add_url_rule("/", "write", lambda: "written", methods=["POST"])
    response = ask(app)
    assert (response.status_code, response.data) == (200, b"")
    assert allowed(response) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_view_that_answers_options_itself_is_asked() -> None:
    app = make_app()
    app.add_url_rule("/", "own", lambda: "own", methods=["GET", "options"])
    assert ask(app).text == "own"


def test_the_setting_switches_automatic_answers_off_for_the_application() -> None:
    app = make_app(automatic=False)
    app.add_url_rule("/", "own", lambda: "own")
    response = ask(app)
    assert response.status_code == 405
    assert allowed(response) == {"GET", "HEAD"}


@pytest.mark.parametrize("setting", [True, False])
def test_a_rule_decides_for_itself_whatever_the_setting(setting: bool) -> None:
    app = make_app(automatic=setting)
    app.add_url_rule("/on", "on", lambda: "on", provide_automatic_options=True)
    app.add_url_rule("/off", "off", lambda: "off", provide_automatic_options=False)
    assert allowed(ask(app, "/on")) == {"GET", "HEAD", "OPTIONS"}
    assert ask(app, "/off").status_code == 405


@pytest.mark.parametrize("setting", [True, False])
def test_an_attribute_of_the_view_decides_where_the_rule_does_not(setting: bool) -> None:
    def on() -> str:
        return "view"

    def off() -> str:
        return "view"

    vars(on)["provide_automatic_options"] = True
    vars(off)["provide_automatic_options"] = False
    app = make_app(automatic=setting)
    app.add_url_rule("/on", view_func=on)
    app.add_url_rule("/off", view_func=off)
    app.add_url_rule("/overruled", "overruled", on, provide_automatic_options=False)
    assert allowed(ask(app, "/on")) == {"GET", "HEAD", "OPTIONS"}
    assert ask(app, "/off").status_code == 405
    assert ask(app, "/overruled").status_code == 405


def test_the_framework_answers_options_where_it_is_told_to_even_if_the_view_could() -> None:
    app = make_app()
    app.add_url_rule("/", "own", lambda: "own", methods=["OPTIONS"], provide_automatic_options=True)
    assert ask(app).text == ""


def test_methods_of_the_view_are_used_where_the_rule_names_none() -> None:
    def view() -> str:
        return "view"

    vars(view)["methods"] = ["POST", "put"]
    app = make_app()
    app.add_url_rule("/", view_func=view)
    app.add_url_rule("/named", "named", view, methods=["DELETE"])
    assert allowed(ask(app)) == {"OPTIONS", "POST", "PUT"}
    assert allowed(ask(app, "/named")) == {"DELETE", "OPTIONS"}


def test_required_methods_of_the_view_are_added_to_those_of_the_rule() -> None:
    def view() -> str:
        return "view"

    vars(view)["required_methods"] = {"put"}
    app = make_app()
    app.add_url_rule("/", view_func=view, methods=["GET"])
    assert ask(app, method="PUT").text == "view"


def test_required_options_are_answered_by_the_framework_unless_the_view_says_otherwise() -> None:
    def left() -> str:
        return "view"

    def own() -> str:
        return "view"

    vars(left)["required_methods"] = ["OPTIONS"]
    vars(own).update(required_methods=["OPTIONS"], provide_automatic_options=False)
    app = make_app()
    app.add_url_rule("/left", view_func=left)
    app.add_url_rule("/own", view_func=own)
    assert ask(app, "/left").text == ""
    assert ask(app, "/own").text == "view"


def test_a_rule_with_an_empty_list_of_methods_answers_options_only() -> None:
    app = make_app()
    app.add_url_rule("/", "none", lambda: "none", methods=[])
    assert ask(app, method="GET").status_code == 405
    assert allowed(ask(app)) == {"OPTIONS"}


def test_the_answer_to_options_may_be_made_by_a_subclass() -> None:
    class Application(Flask):
        def make_default_options_response(self) -> Response:
            response = super().make_default_options_response()
            response.headers["X-Own"] = "yes"
            return response

    app = Application(__name__, static_folder=None)
    app.get("/")(lambda: "")
    assert ask(app).headers["X-Own"] == "yes"


def test_each_rule_remembers_whether_the_framework_answers_for_it() -> None:
    app = make_app()
    app.add_url_rule("/a", "a", lambda: "")
    app.add_url_rule("/b", "b", lambda: "", methods=["OPTIONS"])
    told = {r.rule: vars(r)["provide_automatic_options"] for r in app.url_map.iter_rules()}
    assert told == {"/a": True, "/b": False}
