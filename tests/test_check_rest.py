"""`typedflask check` on error handlers, hooks, folders and settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checked_programs import assert_reported_where_marked, program
from tests.cli_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


HANDLERS = {
    "for different errors": """
        from werkzeug.exceptions import HTTPException, NotFound
        @app.errorhandler(NotFound)
        @app.errorhandler(ZeroDivisionError)
        def one(error: NotFound | ZeroDivisionError) -> str: ...
        @app.errorhandler(500)
        @app.errorhandler(Exception)
        def two(error: Exception) -> str: ...
        @app.errorhandler(HTTPException)
        def three(error: HTTPException) -> str: ...
        @app.errorhandler(405)
        def four(error) -> str: ...
        """,
    "twice for the same": """
        @app.errorhandler(404)  # P: error-handlers
        def one(error: Exception) -> str: ...
        @app.errorhandler(404)
        def two(error: Exception) -> str: ...
        """,
    "as a status and as a class": """
        from werkzeug.exceptions import NotFound
        @app.errorhandler(404)  # P: error-handlers
        def one(error: Exception) -> str: ...
        app.register_error_handler(NotFound, two := lambda error: "")
        @app.errorhandler(NotFound)
        def three(error: Exception) -> str: ...
        """,
    "in a factory": """
        def create_app():
            app = Flask(__name__)
            @app.errorhandler(404)  # P: error-handlers
            def one(error: Exception) -> str: ...
            @app.errorhandler(404)
            def two(error: Exception) -> str: ...
            return app
        app = create_app()
        """,
    "of two applications": """
        other = Flask("other")
        @app.errorhandler(404)
        def one(error: Exception) -> str: ...
        @other.errorhandler(404)
        def two(error: Exception) -> str: ...
        """,
    "of a blueprint and of the application": """
        shop = Blueprint("shop", __name__)
        @shop.get("/")
        def index() -> str: ...
        @shop.errorhandler(404)
        def one(error: Exception) -> str: ...
        @app.errorhandler(404)
        def two(error: Exception) -> str: ...
        app.register_blueprint(shop)
        """,
    "of a blueprint, for the whole application": """
        shop = Blueprint("shop", __name__)
        @app.errorhandler(404)  # P: error-handlers
        def one(error: Exception) -> str: ...
        @shop.app_errorhandler(404)
        def two(error: Exception) -> str: ...
        app.register_blueprint(shop)
        """,
    "of a blueprint without rules": """
        shop = Blueprint("shop", __name__)
        @shop.errorhandler(404)
        def one(error: Exception) -> str: ...  # P: error-handlers
        app.register_blueprint(shop)
        """,
    "of a blueprint whose blueprints have rules": """
        shop, admin = Blueprint("shop", __name__), Blueprint("admin", __name__)
        @admin.get("/")
        def index() -> str: ...
        @shop.errorhandler(404)
        def one(error: Exception) -> str: ...
        shop.register_blueprint(admin)
        app.register_blueprint(shop)
        """,
    "of a blueprint that nobody registered": """
        def one(error: Exception) -> str: ...  # P: error-handlers
        app.error_handler_spec["shop"][None][ValueError] = one
        """,
    "for redirects of routing": """
        from werkzeug.routing import RequestRedirect
        @app.errorhandler(RequestRedirect)
        def one(error: Exception) -> str: ...  # P: error-handlers
        """,
    "for redirects that are trapped": """
        from werkzeug.routing import RequestRedirect
        app.config["TRAP_HTTP_EXCEPTIONS"] = True
        @app.errorhandler(RequestRedirect)
        def one(error: Exception) -> str: ...
        """,
    "with another class": """
        @app.errorhandler(ValueError)
        def one(error: KeyError) -> str: ...  # P: error-handlers
        @app.errorhandler(KeyError)
        def two(error: LookupError) -> str: ...
        @app.errorhandler(404)
        def three(error: int) -> str: ...  # P: error-handlers
        """,
    "without a parameter": """
        @app.errorhandler(ValueError)
        def one() -> str: ...  # P: hooks
        """,
}


@pytest.mark.parametrize("text", HANDLERS.values(), ids=HANDLERS)
def test_error_handlers_run(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)


HOOKS = {
    "that fit": """
        @app.before_request
        def one(more: int = 3) -> None: ...
        @app.after_request
        async def two(response): ...
        @app.teardown_request
        @app.teardown_appcontext
        def three(*args) -> None: ...
        @app.context_processor
        def four() -> dict: ...
        @app.url_value_preprocessor
        @app.url_defaults
        def five(endpoint, values) -> None: ...
        @app.shell_context_processor
        def six() -> dict: ...
        """,
    "with too many parameters": """
        @app.before_request
        def one(request) -> None: ...  # P: hooks
        @app.context_processor
        def two(request) -> dict: ...  # P: hooks
        @app.after_request
        def three(request, response): ...  # P: hooks
        @app.shell_context_processor
        def four(request) -> dict: ...  # P: hooks
        """,
    "with too few parameters": """
        @app.after_request
        def one(): ...  # P: hooks
        @app.teardown_request
        def two() -> None: ...  # P: hooks
        @app.teardown_appcontext
        def three() -> None: ...  # P: hooks
        @app.url_value_preprocessor
        def four(values) -> None: ...  # P: hooks
        @app.url_defaults
        def five(values) -> None: ...  # P: hooks
        app.url_build_error_handlers.append(four)  # reported once more, for another hook
        """,
    "behind a decorator": """
        def quiet(function):
            @wraps(function)
            def run(*args, **kwargs):
                return function()
            return run
        @app.teardown_request
        @quiet
        def one() -> None: ...
        """,
    "of a blueprint without rules": """
        shop = Blueprint("shop", __name__)
        @shop.before_request
        def one() -> None: ...  # P: hooks
        @shop.before_app_request
        def two() -> None: ...
        app.register_blueprint(shop)
        """,
    "of a blueprint with static files only": """
        shop = Blueprint("shop", __name__, static_folder=".")
        @shop.before_request
        def one() -> None: ...
        app.register_blueprint(shop)
        """,
}


@pytest.mark.parametrize("text", HOOKS.values(), ids=HOOKS)
def test_hooks_can_be_called_and_are(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)


FOLDERS = {
    "that are not named": "",
    "of a blueprint": """
        app.register_blueprint(Blueprint("b", __name__, static_folder="no"))  # P: folders
        app.register_blueprint(
            Blueprint("c", __name__, template_folder="no")  # P: folders
        )
        """,
    "that exist": """
        app.register_blueprint(
            Blueprint("b", __name__, static_folder="here", template_folder="here")
        )
        """,
    "of the application": """
        app = Flask("other", static_folder="no")  # P: folders
        """,
}


@pytest.mark.parametrize("text", FOLDERS.values(), ids=FOLDERS)
def test_folders_that_are_named_exist(project: Project, text: str) -> None:
    assert_reported_where_marked(project, {"app.py": program(text), "here/x.txt": ""})


SETTINGS = {
    "no key and no session": """
        @app.get("/")
        def view() -> str:
            return str(session.get("user"))
        """,
    "no key, and an item of the session": """
        @app.get("/")
        def view() -> str:
            session["user"] = "me"  # P: configuration
            return session.pop("user")
        """,
    "no key, and a method of the session": """
        @app.get("/")
        def view() -> str:
            return session.pop("user")  # P: configuration
        """,
    "no key, and a message": """
        @app.get("/")
        def view() -> str:
            flash("hello")  # P: configuration
            return ""
        """,
    "a key": """
        app.secret_key = "long and random"
        @app.get("/")
        def view() -> str:
            flash("hello")
            return ""
        """,
    "sessions without a key": """
        from typedflask.sessions import SecureCookieSessionInterface
        class Own(SecureCookieSessionInterface):
            def get_signing_serializer(self, app): ...
        app.session_interface = Own()
        def view() -> None:
            session["user"] = "me"
        """,
    "a session of somebody else": """
        def view(session: dict) -> None:
            session["user"] = "me"
        """,
    "a cookie for other sites": """
        app.config.update(
            SESSION_COOKIE_SAMESITE="None",  # P: configuration
        )
        """,
    "a secure cookie for other sites": """
        app.config.update(SESSION_COOKIE_SAMESITE="None", SESSION_COOKIE_SECURE=True)
        """,
    "a server with a scheme": """
        app.config["SERVER_NAME"] = "https://shop.example"  # P: configuration
        """,
    "a server": """
        app.config["SERVER_NAME"] = "shop.example:8000"
        """,
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_settings_that_work(project: Project, text: str) -> None:
    assert_reported_where_marked(project, text)
