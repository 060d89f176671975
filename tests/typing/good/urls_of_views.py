"""URLs of views: checked against the view's own parameters."""

from collections.abc import Callable
from typing import Any, assert_type

from typedflask import URL, Blueprint, Flask, current_app, redirect, url_for
from typedflask.typing import ResponseReturnValue
from typedflask.views import MethodView, View

app = Flask(__name__)
bp = Blueprint("shop", __name__)


@app.route("/user/<int:user_id>")
def user(user_id: int, tab: str = "home") -> str:
    return ""


@bp.route("/files/<path:name>", methods=["GET", "POST"])
async def files(name: str) -> str:
    return ""


@app.get("/endpoint/<endpoint>")
def odd(endpoint: str) -> str:
    return ""


class Items(MethodView):
    def get(self, item_id: int) -> ResponseReturnValue:
        return ""


class Page(View):
    def dispatch_request(self, slug: str) -> ResponseReturnValue:
        return slug


class Report(View):
    def __init__(self, template: str) -> None:
        self.template = template

    def dispatch_request(self, year: int, month: int = 1) -> ResponseReturnValue:
        return self.template


def link_to(view: type[MethodView]) -> str:
    return url_for(view, number=3)


def link_to_any(view: Callable[..., Any]) -> str:
    return url_for(view) + url_for(view, number=3).query(page=2)


item_view = Items.as_view("items")
app.add_url_rule("/items/<int:item_id>", view_func=item_view)
app.add_url_rule("/pages/<slug>", view_func=Page.as_view("page"))


@app.route("/")
def index() -> ResponseReturnValue:
    assert_type(url_for(user, user_id=1), URL)
    assert_type(url_for(user, 1, tab="x").query(page=2, tags=["a", "b"]).external(), URL)
    assert_type(url_for(user, 1, "x").external(scheme="https").anchor("top"), URL)
    assert_type(url_for(files, name="a/b").method("POST"), URL)
    assert_type(url_for(odd, endpoint="x"), URL)
    assert_type(url_for(item_view, item_id=3), URL)
    assert_type(url_for(Items, item_id=3), URL)
    assert_type(url_for(Page, slug="x"), URL)
    assert_type(url_for(Page, "x"), URL)
    assert_type(url_for(Report, 2026, month=3).external(), URL)
    assert_type(app.url_for(Report, year=2026), URL)
    assert_type(url_for(index), URL)
    assert_type(app.url_for(user, 3), URL)
    assert_type(current_app.url_for(user, 3), URL)
    assert_type(url_for("user", user_id=1, _external=True), str)
    assert_type(url_for(".files", name="x", _anchor="top", _scheme="https"), str)
    assert_type(url_for(endpoint="user", user_id=1), str)
    text: str = url_for(user, user_id=3)
    return redirect(url_for(user, 3)) if text else text
