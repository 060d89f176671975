"""The test client: requests without a server, cookies, redirects, contexts that stay."""

from __future__ import annotations

from typing import Any

import click
import pytest
from werkzeug.test import EnvironBuilder as PlainBuilder
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request as PlainRequest

from typedflask import (
    Flask,
    Response,
    current_app,
    redirect,
    request,
    session,
)
from typedflask.commands import ScriptInfo
from typedflask.testing import EnvironBuilder, FlaskClient, FlaskCliRunner


@pytest.fixture
def app() -> Flask:
    app = Flask("shop")
    app.config.update(TESTING=True, SECRET_KEY="key")

    @app.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"])
    def echo() -> dict[str, Any]:
        return {
            "method": request.method,
            "url": request.url,
            "args": request.args.to_dict(flat=False),
            "form": request.form.to_dict(flat=False),
            "body": request.get_data(as_text=True),
            "from": request.remote_addr,
            "agent": request.headers.get("User-Agent"),
            "extra": request.headers.get("X-Extra"),
        }

    @app.get("/touch/<value>")
    def touch(value: str) -> str:
        session["value"] = value
        return value

    return app


# --- what a request may be made of -------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "trace"])
def test_every_method_has_a_shortcut(app: Flask, method: str) -> None:
    assert getattr(app.test_client(), method)("/").json["method"] == method.upper()


def test_head_and_options_have_shortcuts_too(app: Flask) -> None:
    client = app.test_client()

    assert client.head("/").data == b""
    assert "POST" in client.options("/").allow


def test_query_form_headers_and_address_can_be_given(app: Flask) -> None:
    response = app.test_client().post(
        "/",
        query_string={"a": ["1", "2"]},
        data={"fruit": "plum"},
        headers={"X-Extra": "yes"},
        base_url="https://example.org/",
    )

    assert response.json is not None
    assert response.json["url"] == "https://example.org/?a=1&a=2"
    assert response.json["form"] == {"fruit": ["plum"]}
    assert response.json["extra"] == "yes"


def test_json_is_written_by_the_application(app: Flask) -> None:
    response = app.test_client().post("/", json={"a": [1, None]})

    assert response.json is not None
    assert response.json["body"] == '{"a": [1, null]}'


def test_a_whole_url_may_stand_for_the_path(app: Flask) -> None:
    response = app.test_client().get("https://example.org:8443/?a=1")

    assert response.json is not None
    assert response.json["url"] == "https://example.org:8443/?a=1"


def test_requests_come_from_this_machine_and_from_werkzeug(app: Flask) -> None:
    response = app.test_client().get("/")

    assert response.json is not None
    assert response.json["from"] == "127.0.0.1"
    assert response.json["agent"].startswith("Werkzeug/")


def shapes(app: Flask) -> list[tuple[Any, ...]]:
    """The same request in every form that `open` takes."""
    return [
        ("/",),
        (PlainBuilder("/"),),
        (EnvironBuilder(app, "/"),),
        (PlainBuilder("/").get_environ(),),
        (PlainBuilder("/").get_request(),),
    ]


@pytest.mark.parametrize("number", range(5))
def test_what_every_request_brings_is_added_to_each_form_of_request(
    app: Flask, number: int
) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    client.environ_base["HTTP_X_EXTRA"] = "always"

    response = client.open(*shapes(app)[number])

    assert response.json is not None
    assert response.json["from"] == "192.0.2.1"
    assert response.json["extra"] == "always"


def test_what_a_request_says_itself_wins(app: Flask) -> None:
    client = app.test_client()
    client.environ_base["HTTP_X_EXTRA"] = "always"
    environ = PlainBuilder("/", headers=[("X-Extra", "once")]).get_environ()

    for response in (
        client.get("/", headers={"X-Extra": "once"}),
        client.get("/", environ_base={"HTTP_X_EXTRA": "once"}),
        client.get("/", environ_overrides={"HTTP_X_EXTRA": "once"}),
        client.open(environ),
        client.open(PlainRequest(environ)),
    ):
        assert response.json is not None
        assert response.json["extra"] == "once"


def test_redirects_bring_it_too(app: Flask) -> None:
    app.add_url_rule("/away", "away", lambda: redirect("/"))
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"

    response = client.get("/away", follow_redirects=True)

    assert response.json is not None
    assert response.json["from"] == "192.0.2.1"


def test_the_request_given_is_not_changed(app: Flask) -> None:
    environ = PlainBuilder("/").get_environ()
    before = set(environ)
    with app.test_client() as client:
        client.open(environ)

    assert set(environ) == before


def test_a_request_of_a_class_of_the_tests_own_stays_one(app: Flask) -> None:
    class Own(PlainRequest):
        pass

    response = app.test_client().open(Own(PlainBuilder("/").get_environ()))

    assert type(response.request) is Own


def test_a_client_class_may_add_options_to_every_request(app: Flask) -> None:
    """A redirect that is followed passes `open` as a whole request, which keeps its headers."""

    class Signed(FlaskClient):
        def open(self, *args: Any, **kwargs: Any) -> TestResponse:
            kwargs.setdefault("headers", {"X-Extra": "signed"})
            return super().open(*args, **kwargs)

    app.test_client_class = Signed
    app.add_url_rule("/away", "away", lambda: redirect("/"))
    client = app.test_client()

    for response in (client.get("/"), client.get("/away", follow_redirects=True)):
        assert response.json is not None
        assert response.json["extra"] == "signed"


def test_a_misspelt_option_is_refused(app: Flask) -> None:
    misspelt: Any = {"jsn": {}}
    with pytest.raises(TypeError, match="jsn"):
        app.test_client().get("/", **misspelt)


# --- the builder -------------------------------------------------------------------------


def built(app: Flask, *args: Any, **kwargs: Any) -> str:
    """The URL of a request made by the builder."""
    builder = EnvironBuilder(app, *args, **kwargs)
    try:
        return PlainRequest(builder.get_environ()).url
    finally:
        builder.close()


@pytest.mark.parametrize(
    ("config", "args", "options", "url"),
    [
        ({}, (), {}, "http://localhost/"),
        ({}, ("/a?b=c",), {}, "http://localhost/a?b=c"),
        ({}, ("/a",), {"query_string": "b=c"}, "http://localhost/a?b=c"),
        ({"SERVER_NAME": "example.org:5000"}, ("/a",), {}, "http://example.org:5000/a"),
        ({"SERVER_NAME": "example.org"}, ("/",), {"subdomain": "api"}, "http://api.example.org/"),
        ({}, ("/",), {"subdomain": "api"}, "http://api.localhost/"),
        ({"PREFERRED_URL_SCHEME": "https"}, ("/",), {}, "https://localhost/"),
        ({}, ("/",), {"url_scheme": "https"}, "https://localhost/"),
        ({"APPLICATION_ROOT": "/mount"}, ("/a",), {}, "http://localhost/mount/a"),
        ({}, ("https://example.org/a?b=c",), {}, "https://example.org/a?b=c"),
        ({"APPLICATION_ROOT": "/mount"}, ("/a", "https://x.org/y"), {}, "https://x.org/y/a"),
        ({}, ("/a",), {"base_url": "https://x.org/y"}, "https://x.org/y/a"),
    ],
)
def test_the_address_comes_from_the_configuration_unless_it_is_given(
    app: Flask, config: dict[str, Any], args: Any, options: dict[str, Any], url: str
) -> None:
    app.config.update(config)

    assert built(app, *args, **options) == url


@pytest.mark.parametrize("option", ["subdomain", "url_scheme"])
def test_a_base_url_says_host_and_scheme_already(app: Flask, option: str) -> None:
    with pytest.raises(ValueError, match="names scheme and host already"):
        built(app, "/", base_url="http://example.org/", **{option: "https"})


def test_a_context_made_up_for_a_test_takes_the_same_arguments(app: Flask) -> None:
    with app.test_request_context("/a?b=c", method="POST", subdomain="api", data={"d": "e"}):
        assert request.method == "POST"
        assert request.url == "http://api.localhost/a?b=c"
        assert (request.args["b"], request.form["d"]) == ("c", "e")


def test_a_subdomain_is_routed_to() -> None:
    app = Flask("shop", subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.org"
    app.add_url_rule("/", "main", lambda: "main")
    app.add_url_rule("/", "api", lambda: "api", subdomain="api")
    client = app.test_client()

    assert client.get("/").text == "main"
    assert client.get("/", subdomain="api").text == "api"


# --- cookies -----------------------------------------------------------------------------


def test_cookies_are_kept_between_requests_unless_switched_off(app: Flask) -> None:
    app.add_url_rule("/value", "value", lambda: session.get("value", "nothing"))
    keeping, forgetting = app.test_client(), app.test_client(use_cookies=False)
    for client in (keeping, forgetting):
        client.get("/touch/plum")

    assert keeping.get("/value").text == "plum"
    assert forgetting.get("/value").text == "nothing"


def test_cookies_can_be_set_looked_at_and_deleted(app: Flask) -> None:
    app.add_url_rule("/cookie", "cookie", lambda: request.cookies.get("fruit", "none"))
    client = app.test_client()
    client.set_cookie("fruit", "plum")
    cookie = client.get_cookie("fruit")

    assert client.get("/cookie").text == "plum"
    assert cookie is not None
    assert cookie.value == "plum"
    client.delete_cookie("fruit")
    assert client.get("/cookie").text == "none"


# --- redirects ---------------------------------------------------------------------------


def test_redirects_are_followed_when_asked_for(app: Flask) -> None:
    app.add_url_rule("/one", "one", lambda: redirect("/two"))
    app.add_url_rule("/two", "two", lambda: redirect("/touch/plum"))
    client = app.test_client()

    assert client.get("/one").status_code == 302
    response = client.get("/one", follow_redirects=True)
    assert response.text == "plum"
    assert [step.request.path for step in response.history] == ["/one", "/two"]
    assert response.request.path == "/touch/plum"


@pytest.mark.parametrize(
    ("code", "method", "body"),
    [(301, "GET", ""), (302, "GET", ""), (303, "GET", ""), (307, "PUT", "x"), (308, "PUT", "x")],
)
def test_only_some_redirects_keep_method_and_body(
    app: Flask, code: int, method: str, body: str
) -> None:
    app.add_url_rule("/away", "away", lambda: redirect("/", code), methods=["PUT"])
    response = app.test_client().put("/away", data="x", follow_redirects=True)

    assert response.json is not None
    assert (response.json["method"], response.json["body"]) == (method, body)


def test_redirects_to_another_server_are_not_followed(app: Flask) -> None:
    app.add_url_rule("/away", "away", lambda: redirect("http://elsewhere.example/"))

    with pytest.raises(RuntimeError, match="external"):
        app.test_client().get("/away", follow_redirects=True)


def test_a_circle_of_redirects_is_noticed(app: Flask) -> None:
    app.add_url_rule("/round", "round", lambda: redirect("/round"))

    with pytest.raises(Exception, match="/round"):
        app.test_client().get("/round", follow_redirects=True)


# --- responses and classes ---------------------------------------------------------------


def test_the_response_is_of_the_applications_class_and_of_werkzeugs_for_tests(app: Flask) -> None:
    response = app.test_client().get("/touch/plum")

    assert {Response, TestResponse} <= set(type(response).__mro__)
    assert response.request.path == "/touch/plum"


def test_an_application_may_have_a_client_class_of_its_own(app: Flask) -> None:
    class LoggedIn(FlaskClient):
        def __init__(self, *args: Any, user: str = "nobody", **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.environ_base["HTTP_X_EXTRA"] = user

    app.test_client_class = LoggedIn
    client = app.test_client(user="Ada")

    response = client.get("/")
    assert isinstance(client, LoggedIn)
    assert response.json is not None
    assert response.json["extra"] == "Ada"


# --- commands ----------------------------------------------------------------------------


def test_commands_of_the_application_run_in_its_context(app: Flask) -> None:
    @app.cli.command("greet")
    @click.argument("who")
    def greet(who: str) -> None:
        click.echo(f"{current_app.name} greets {who}")

    result = app.test_cli_runner().invoke(args=["greet", "Ada"])

    assert (result.output, result.exit_code) == ("shop greets Ada\n", 0)


def test_any_command_may_be_run_for_the_application(app: Flask) -> None:
    @click.command()
    @click.pass_obj
    def name(info: ScriptInfo) -> None:
        click.echo(info.load_app().name)

    assert app.test_cli_runner().invoke(name).output == "shop\n"


def test_a_command_may_be_given_an_object_of_the_tests_own(app: Flask) -> None:
    @click.command()
    @click.pass_obj
    def show(given: str) -> None:
        click.echo(given)

    assert app.test_cli_runner().invoke(show, obj="plum").output == "plum\n"


def test_an_application_may_have_a_runner_class_of_its_own(app: Flask) -> None:
    class Runner(FlaskCliRunner):
        pass

    app.test_cli_runner_class = Runner
    runner = app.test_cli_runner(env={"FRUIT": "plum"})

    @click.command()
    @click.option("--fruit", envvar="FRUIT")
    def show(fruit: str) -> None:
        click.echo(fruit)

    assert isinstance(runner, Runner)
    assert runner.invoke(show).output == "plum\n"
