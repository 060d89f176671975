"""Hooks of applications and blueprints keep their own types."""
from collections.abc import Mapping
from typing import Any, TypedDict, assert_type

import click
from werkzeug.wrappers import Response as BaseResponse

from typedflask import Blueprint, Flask, Response, after_this_request, request
from typedflask.blueprints import BlueprintSetupState
from typedflask.typing import ResponseReturnValue


class Page(Response):
    title = ""


class Names(TypedDict):
    version: int


class App(Flask):
    response_class = Page


app = App(__name__)
bp = Blueprint("bp", __name__)


@app.before_request
@bp.before_app_request
def nothing() -> None:
    return None


@bp.before_request
def perhaps(strict: bool = True) -> tuple[str, int] | None:
    return ("no", 403) if strict else None


@app.before_request
async def any_answer() -> ResponseReturnValue | None:
    return {"stop": True} if request.is_json else None


@app.after_request
@bp.after_app_request
def after(response: Response) -> Response:
    return response


@app.after_request
def after_page(response: Page) -> Page:
    response.title = "x"
    return response


@bp.after_request
def after_any(response: BaseResponse) -> BaseResponse:
    return response


@app.after_request
async def after_async(response: Response) -> Response:
    return response


@app.teardown_request
@app.teardown_appcontext
@bp.teardown_app_request
def done(error: BaseException | None = None) -> None:
    print(error)


@app.context_processor
@bp.app_context_processor
def names() -> Mapping[str, object]:
    return {"version": 1}


@bp.context_processor
def typed_names() -> Names:
    return {"version": 1}


@app.shell_context_processor
def shell() -> dict[str, object]:
    return {"app": app}


@app.url_value_preprocessor
@bp.app_url_value_preprocessor
def pull(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.pop("lang", None)


@app.url_defaults
@bp.app_url_defaults
def push(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("lang", "en")


@app.template_filter
def plain(value: str) -> str:
    return value


@app.template_filter()
@bp.app_template_filter("cut")
def cut(value: str, length: int = 3, *, end: str = "…") -> str:
    return value[:length] + end


@app.template_test("even")
@bp.app_template_test
def even(number: int) -> bool:
    return number % 2 == 0


@app.template_global("now")
@bp.app_template_global()
def now() -> float:
    return 0.0


app.add_template_filter(sorted, "in_order")
app.add_template_filter(lambda value: value, "same")
app.add_template_test(str.isdigit)
app.add_template_global(max)


@bp.record
def every_time(state: BlueprintSetupState) -> None:
    state.app.config.setdefault("X", 1)


@bp.record_once
def first_time(state: BlueprintSetupState, again: bool = False) -> None:
    print(state.options.get("url_prefix"), again)


@app.cli.command("init", help="Make the tables.", hidden=True)
@click.argument("name")
def init(name: str) -> None:
    print(name)


@bp.cli.command
def clean() -> None:
    print("clean")


group = app.cli.group("db", short_help="The database.", chain=True)


def view() -> str:
    @after_this_request
    def later(response: Response) -> Response:
        return response

    assert_type(later(Response()), Response)
    return ""


assert_type(perhaps(strict=False), tuple[str, int] | None)
assert_type(after(response=Response()), Response)
assert_type(after_page(Page()), Page)
assert_type(cut("abc", 2, end=""), str)
assert_type(even(number=2), bool)
assert_type(now(), float)
assert_type(names(), Mapping[str, object])
assert_type(init, click.Command)
first_time(BlueprintSetupState(bp, app, {}, True), again=True)
