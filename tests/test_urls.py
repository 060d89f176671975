"""Building URLs: the options of `url_for`, relative endpoints, and where there is no request."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, BuildError

from typedflask import Blueprint, Flask, url_for
from typedflask.ctx import UNSET


def make_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/", "index")
    app.add_url_rule("/user/<name>", "user")
    app.add_url_rule("/user/<name>/<int:page>", "user")
    return app


def build(app: Flask, endpoint: str, base: str = "http://localhost", **values: Any) -> str:
    """`url_for`, as a view of a request to the base URL would call it."""
    with app.test_request_context(base_url=base):
        return url_for(endpoint, **values)


@pytest.mark.parametrize(
    ("values", "url"),
    [
        ({}, "/"),
        ({"a": 1}, "/?a=1"),
        ({"a": "x y&z=ü"}, "/?a=x+y%26z%3D%C3%BC"),
        ({"a": [1, "b"]}, "/?a=1&a=b"),
        ({"a": (1, 2)}, "/?a=1&a=2"),
        ({"a": []}, "/"),
        ({"a": None}, "/"),
        ({"a": [None, 1]}, "/?a=1"),
        ({"a": ""}, "/?a="),
        ({"a": True, "b": 1.5}, "/?a=True&b=1.5"),
        ({"b": 1, "a": 2}, "/?b=1&a=2"),
        ({"method": "GET", "external": 1}, "/?method=GET&external=1"),
    ],
)
def test_values_without_a_variable_become_the_query_string(
    values: dict[str, Any], url: str
) -> None:
    assert build(make_app(), "index", **values) == url


def test_variables_are_quoted_and_choose_among_the_rules() -> None:
    app = make_app()
    assert build(app, "user", name="a b?c") == "/user/a%20b%3Fc"
    assert build(app, "user", name="ü", page=2) == "/user/%C3%BC/2"
    assert build(app, "user", name="x", q="y") == "/user/x?q=y"


def test_what_begins_like_an_option_is_a_value_if_it_is_none() -> None:
    assert build(make_app(), "index", _other=1) == "/?_other=1"


def test_a_converter_makes_the_text_of_a_value() -> None:
    class DateConverter(BaseConverter):
        def to_url(self, value: date) -> str:
            return value.isoformat()

    app = make_app()
    app.url_map.converters["date"] = DateConverter
    app.add_url_rule("/on/<date:day>", "day")
    app.add_url_rule("/<uuid:x>/<float:y>/<path:z>", "all")
    number = UUID(int=5)
    assert build(app, "day", day=date(2024, 2, 29)) == "/on/2024-02-29"
    assert build(app, "all", x=number, y=1, z="a/b c") == f"/{number}/1.0/a/b%20c"


def test_a_default_needs_no_value_and_another_value_needs_another_rule() -> None:
    app = make_app()
    app.add_url_rule("/list/", "list", defaults={"page": 1})
    app.add_url_rule("/list/<int:page>", "list")
    assert build(app, "list") == "/list/"
    assert build(app, "list", page=1) == "/list/"
    assert build(app, "list", page=2) == "/list/2"


# --- options -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "fragment"),
    [
        ("top", "#top"),
        ("x y", "#x%20y"),
        ("ü", "#%C3%BC"),
        ("a%20b", "#a%20b"),
        ("/a?b=c&d", "#/a?b=c&d"),
        ('<">', "#%3C%22%3E"),
        ("", "#"),
        (None, ""),
    ],
)
def test_an_anchor_is_appended_and_quoted_where_needed(anchor: str | None, fragment: str) -> None:
    app = make_app()
    assert build(app, "index", _anchor=anchor) == f"/{fragment}"
    assert build(app, "index", _anchor=anchor, a=1) == f"/?a=1{fragment}"


def test_a_method_chooses_among_rules_of_an_endpoint() -> None:
    app = make_app()
    app.add_url_rule("/read", "item", methods=["GET"])
    app.add_url_rule("/write", "item", methods=["POST"])
    assert build(app, "item", _method="POST") == "/write"
    assert build(app, "item", _method="GET") == "/read"
    with pytest.raises(BuildError):
        build(app, "item", _method="DELETE")


def test_an_external_url_names_scheme_host_and_script_root_of_the_request() -> None:
    base = "https://example.org:8443/mount"
    assert build(make_app(), "index", base, _external=True) == f"{base}/"
    assert build(make_app(), "index", base) == "/mount/"
    assert build(make_app(), "index", base, _external=False) == "/mount/"


def test_a_scheme_makes_a_url_external() -> None:
    app = make_app()
    assert build(app, "index", _scheme="https") == "https://localhost/"
    assert build(app, "index", "https://x", _scheme="http") == "http://x/"
    assert build(app, "index", _scheme="", _external=True) == "//localhost/"


def test_a_scheme_and_a_url_that_is_not_external_contradict_each_other() -> None:
    with pytest.raises(ValueError, match=r"'https'.*_external=False"):
        build(make_app(), "index", _scheme="https", _external=False)


def test_options_are_given_by_name_only() -> None:
    with make_app().test_request_context(), pytest.raises(TypeError):
        url_for("index", "x")  # type: ignore[call-overload]  # what is to be refused


def test_a_value_may_be_called_like_a_parameter_of_methods() -> None:
    app = make_app()
    app.add_url_rule("/<values>/<app>", "odd")
    with app.test_request_context():
        assert url_for("odd", values="a", app="b") == "/a/b"


def test_several_values_of_a_multidict_are_kept() -> None:
    values: dict[str, Any] = MultiDict([("a", "1"), ("a", "2")]).to_dict(flat=False)
    with make_app().test_request_context():
        assert url_for("index", **values) == "/?a=1&a=2"


# --- endpoints ---------------------------------------------------------------------------


def test_an_endpoint_that_begins_with_a_dot_is_relative_to_the_blueprint_of_the_request() -> None:
    app = Flask(__name__, static_folder=None)
    inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)
    for place in (app, inner, outer):
        place.add_url_rule("/here", "here", lambda: f"{url_for('.there')} {url_for('there')}")
        place.add_url_rule("/there", "there")
    outer.register_blueprint(inner, url_prefix="/in")
    app.register_blueprint(outer, url_prefix="/out")
    client = app.test_client()
    assert client.get("/here").text == "/there /there"
    assert client.get("/out/here").text == "/out/there /there"
    assert client.get("/out/in/here").text == "/out/in/there /there"


def test_a_relative_endpoint_may_lead_into_a_nested_blueprint() -> None:
    app = Flask(__name__, static_folder=None)
    inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)
    outer.add_url_rule("/", "index", lambda: url_for(".inner.leaf"))
    inner.add_url_rule("/leaf", "leaf")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert app.test_client().get("/").text == "/leaf"


def test_a_relative_endpoint_of_a_request_that_no_rule_matched_is_the_applications() -> None:
    app = make_app()
    with app.test_request_context("/missing"):
        assert url_for(".index") == "/"


# --- without a request -------------------------------------------------------------------


def test_without_a_request_a_url_is_external_and_made_of_the_settings() -> None:
    app = make_app()
    app.config.update(
        SERVER_NAME="example.org:8000", APPLICATION_ROOT="/mount", PREFERRED_URL_SCHEME="https"
    )
    with app.app_context():
        assert url_for("index") == "https://example.org:8000/mount/"
        assert url_for("index", _external=False) == "/mount/"
        assert url_for("index", _scheme="http", _anchor="x") == "http://example.org:8000/mount/#x"
    assert app.url_for("index", a=1) == "https://example.org:8000/mount/?a=1"


def test_without_a_request_and_server_name_the_error_says_what_to_set() -> None:
    app = make_app()
    message = "URL of 'index' cannot be built.*SERVER_NAME.*APPLICATION_ROOT.*PREFERRED_URL_SCHEME"
    with app.app_context(), pytest.raises(RuntimeError, match=message):
        url_for("index")
    with pytest.raises(RuntimeError, match=message):
        app.url_for("index")


def test_without_an_application_the_error_says_so() -> None:
    with pytest.raises(RuntimeError, match="active application"):
        url_for("index")


def test_an_application_builds_its_own_urls_while_another_one_is_active() -> None:
    one, two = make_app(), make_app()
    two.add_url_rule("/two", "two")
    two.config["SERVER_NAME"] = "two.example"
    with one.test_request_context(base_url="http://one.example"):
        assert two.url_for("two") == "http://two.example/two"
        assert one.url_for("index") == "/"
        with two.app_context():
            assert url_for("two") == "http://two.example/two"


def test_a_context_pushed_during_a_request_builds_urls_like_the_request() -> None:
    app, other = make_app(), make_app()
    made = Blueprint("b", __name__)
    made.add_url_rule("/here", "here")
    app.register_blueprint(made)
    with app.test_request_context("/here", base_url="http://example.org/mount"):
        with app.app_context():
            assert url_for("index") == "/mount/"
            assert url_for(".here", _external=True) == "http://example.org/mount/here"
        with other.app_context(), pytest.raises(RuntimeError, match="SERVER_NAME"):
            url_for("index")


def test_the_application_root_says_nothing_about_requests() -> None:
    app = make_app()
    app.config["APPLICATION_ROOT"] = "/mount"
    app.view_functions["index"] = lambda: f"{url_for('index')} {url_for('index', _external=True)}"
    assert app.test_client().get("/", base_url="http://localhost").text == "/ http://localhost/"
    mounted = app.test_client().get("/", environ_overrides={"SCRIPT_NAME": "/mounted"})
    assert mounted.text == "/mounted/ http://localhost/mounted/"


def test_a_test_request_is_made_under_server_name_and_application_root() -> None:
    app = make_app()
    app.config.update(SERVER_NAME="example.org", APPLICATION_ROOT="/mount")
    with app.test_request_context("/user/x"):
        assert url_for("index", _external=True) == "http://example.org/mount/"


def test_links_of_a_page_need_no_adapter_and_those_with_a_host_do() -> None:
    app = Flask("links", static_folder=None)
    app.add_url_rule("/<int:number>", "number", str)
    with app.test_request_context("/", base_url="http://localhost/mount") as context:
        assert url_for("number", number=7, page=2) == "/mount/7?page=2"
        assert context.made_adapter is UNSET
        assert url_for("number", number=7, _external=True) == "http://localhost/mount/7"
        assert context.made_adapter is not UNSET


def test_an_adapter_that_was_changed_during_a_request_decides_where_links_lead() -> None:
    app = Flask("links", static_folder=None)
    app.add_url_rule("/<int:number>", "number", str)
    with app.test_request_context("/") as context:
        assert context.url_adapter is not None
        context.url_adapter.script_name = "/elsewhere/"
        assert url_for("number", number=7) == "/elsewhere/7"
