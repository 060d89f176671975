"""A blueprint with folders, hooks and a handler of its own, and one nested in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException

from typedflask import Blueprint, Response, abort, g, redirect, render_template, request, url_for

from .hooks import note

if TYPE_CHECKING:
    from typedflask.typing import ResponseReturnValue

desk = Blueprint(
    "desk",
    __name__,
    url_prefix="/desk",
    template_folder="templates/desk",
    static_folder="desk_static",
    static_url_path="/static",
)
drawer = Blueprint("drawer", __name__, url_prefix="/drawer")


@desk.url_value_preprocessor
def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the language out of the address, wherever it stands in one."""
    g.language = (values or {}).pop("language", "en")
    note(f"desk url values {endpoint}")


@desk.url_defaults
def add_language(endpoint: str, values: dict[str, Any]) -> None:
    """Put the language into addresses."""
    values.setdefault("language", g.get("language", "en"))


@desk.before_request
async def before_desk() -> None:
    """Runs in a loop of its own."""
    note(f"before desk {request.blueprints}")


@desk.after_request
def after_desk(response: Response) -> Response:
    """Leaves a mark."""
    note("after desk")
    response.headers["X-Desk"] = str(request.blueprint)
    return response


@desk.teardown_request
def teardown_desk(error: BaseException | None) -> None:
    """Runs before the application's."""
    note(f"teardown desk {type(error).__name__}")


@desk.before_app_request
def before_everything() -> None:
    """Runs for every request of the application."""
    note("before, from the desk")


@desk.app_context_processor
def bell() -> dict[str, str]:
    """Every template may ring."""
    return {"bell": "ding"}


@desk.context_processor
def own_owner() -> dict[str, str]:
    """Templates of the desk see another owner."""
    return {"owner": "the desk"}


@desk.app_template_filter("stamped")
def stamp(text: str) -> str:
    """A filter for every template."""
    return f"[{text}]"


@desk.errorhandler(HTTPException)
def desk_error(error: HTTPException) -> ResponseReturnValue:
    """Every HTTP error of a view of the desk."""
    return f"desk: {error.code} {error.description}", error.code or 500


@desk.app_errorhandler(410)
def gone(error: HTTPException) -> ResponseReturnValue:
    """For the whole application."""
    return "gone, says the desk", 410


@desk.get("/")
def index() -> str:
    """A template of the blueprint."""
    return render_template("desk.html")


@desk.get("/show/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """Addresses relative to the blueprint."""
    return [number, g.language, url_for(".show", number=number + 1), url_for("index")]


@desk.get("/<language>/hello")
def hello() -> ResponseReturnValue:
    """The view does not take the language; the preprocessor has it."""
    return [g.language, url_for(".hello"), url_for(".hello", language="de")]


@desk.get("/fail/<int:code>")
def fail(code: int) -> ResponseReturnValue:
    """Fail inside the blueprint."""
    abort(code, "at the desk")


@drawer.before_request
def before_drawer() -> ResponseReturnValue | None:
    """The innermost hook."""
    note("before drawer")
    return ("locked", 423) if "locked" in request.args else None


@drawer.after_request
def after_drawer(response: Response) -> Response:
    """Runs first."""
    note("after drawer")
    return response


@drawer.get("/open", endpoint="open")
def opened() -> ResponseReturnValue:
    """A view two blueprints deep."""
    return {"blueprint": request.blueprint, "blueprints": request.blueprints}


@drawer.get("/jump")
def jump() -> ResponseReturnValue:
    """Redirects within the inner blueprint."""
    return redirect(url_for(".open"))


desk.register_blueprint(drawer)
