"""What takes part in building a URL: defaults, preprocessors, and handlers of what cannot be built."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import BuildError

from typedflask import Blueprint, Flask, g, url_for

Values = dict[str, Any]


def make_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/<lang>/", "index", lambda: url_for("index"))
    return app


def test_url_defaults_add_values_and_see_those_given() -> None:
    app = make_app()
    seen: list[tuple[str, Values]] = []

    @app.url_defaults
    def language(endpoint: str, values: Values) -> None:
        seen.append((endpoint, dict(values)))
        values.setdefault("lang", "en")

    with app.test_request_context():
        assert url_for("index") == "/en/"
        assert url_for("index", lang="de", q=1) == "/de/?q=1"
    assert seen == [("index", {}), ("index", {"lang": "de", "q": 1})]


def test_url_defaults_are_called_without_a_request_too() -> None:
    app = make_app()
    app.config["SERVER_NAME"] = "x.example"
    app.url_defaults(lambda endpoint, values: values.update(lang="en"))
    with app.app_context():
        assert url_for("index") == "http://x.example/en/"


def test_a_language_is_taken_out_of_the_values_and_put_back_into_urls() -> None:
    app = make_app()

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: Values | None) -> None:
        g.lang = values.pop("lang", None) if values else None

    @app.url_defaults
    def put_back(endpoint: str, values: Values) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values.setdefault("lang", g.lang)

    assert app.test_client().get("/nl/").text == "/nl/"


def test_preprocessors_see_nothing_when_no_rule_matched() -> None:
    app = make_app()
    seen: list[tuple[str | None, Values | None]] = []
    app.url_value_preprocessor(lambda endpoint, values: seen.append((endpoint, values)))
    assert app.test_client().get("/").status_code == 404
    assert seen == [(None, None)]


def test_defaults_and_preprocessors_run_from_the_application_inwards() -> None:
    app = Flask(__name__, static_folder=None)
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    calls: list[str] = []
    for name, place in (("inner", inner), ("outer", outer), ("app", app)):
        for n in (1, 2):

            def note(endpoint: str | None, values: Values | None, who: str = f"{name}{n}") -> None:
                calls.append(who)

            place.url_value_preprocessor(note)
            place.url_defaults(note)
    inner.app_url_value_preprocessor(lambda endpoint, values: calls.append("of all"))
    inner.app_url_defaults(lambda endpoint, values: calls.append("of all"))
    inner.add_url_rule("/", "index", lambda: "")
    outer.add_url_rule("/outer", "index", lambda: "")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)

    everywhere = ["app1", "app2", "of all", "outer1", "outer2"]
    client = app.test_client()
    client.get("/")
    assert calls == [*everywhere, "inner1", "inner2"]
    calls.clear()
    client.get("/outer")
    assert calls == everywhere
    calls.clear()
    with app.test_request_context():
        url_for("outer.inner.index")
        assert calls == [*everywhere, "inner1", "inner2"]
        calls.clear()
        url_for("outer.index")
    assert calls == everywhere


# --- what cannot be built ----------------------------------------------------------------


def test_an_endpoint_nobody_knows_raises_an_error_that_names_a_near_one() -> None:
    app = make_app()
    with app.test_request_context(), pytest.raises(BuildError, match=r"'indx'.*'index'"):
        url_for("indx")


def test_a_missing_variable_is_named() -> None:
    app = make_app()
    with app.test_request_context(), pytest.raises(BuildError, match="lang"):
        url_for("index")


def test_the_first_build_error_handler_with_an_answer_gives_the_url() -> None:
    app = make_app()
    asked: list[tuple[str, str, Values]] = []

    def silent(error: Exception, endpoint: str, values: Values) -> str | None:
        asked.append((type(error).__name__, endpoint, dict(values)))
        return None

    def answering(error: Exception, endpoint: str, values: Values) -> str:
        return f"/elsewhere/{endpoint}"

    def never(error: Exception, endpoint: str, values: Values) -> str:
        raise AssertionError("an earlier handler had an answer")

    app.url_build_error_handlers += [silent, answering, never]
    with app.test_request_context():
        url = url_for("what", a=1, _anchor="x", _method="GET", _scheme="https")
    assert url == "/elsewhere/what"
    options = {"_anchor": "x", "_method": "GET", "_scheme": "https", "_external": True}
    assert asked == [("BuildError", "what", {"a": 1, **options})]


def test_a_handler_without_an_answer_leaves_the_error_and_may_raise_another_build_error() -> None:
    app = make_app()
    app.url_build_error_handlers.append(lambda error, endpoint, values: None)
    with app.test_request_context():
        with pytest.raises(BuildError, match="'what'"):
            url_for("what")

        def other(error: Exception, endpoint: str, values: Values) -> str:
            raise BuildError("another", {}, None)

        app.url_build_error_handlers.append(other)
        with pytest.raises(BuildError, match="'another'"):
            url_for("what")


def test_any_other_error_of_a_handler_is_raised_at_once() -> None:
    app = make_app()

    def broken(error: Exception, endpoint: str, values: Values) -> str:
        raise ZeroDivisionError

    app.url_build_error_handlers.append(broken)
    with app.test_request_context(), pytest.raises(ZeroDivisionError):
        url_for("what")


def test_the_error_may_be_handled_by_a_subclass() -> None:
    class Application(Flask):
        def handle_url_build_error(self, error: BuildError, endpoint: str, values: Values) -> str:
            return "#"

    with Application(__name__).test_request_context():
        assert url_for("what") == "#"


def test_defaults_may_be_added_by_a_subclass() -> None:
    class Application(Flask):
        def inject_url_defaults(self, endpoint: str, values: Values) -> None:
            super().inject_url_defaults(endpoint, values)
            values["page"] = 2

    app = Application(__name__, static_folder=None)
    app.add_url_rule("/<int:page>", "list")
    with app.test_request_context():
        assert url_for("list") == "/2"
