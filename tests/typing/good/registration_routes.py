"""Routes: options of every form; the view keeps its own type."""
from collections.abc import Mapping
from http import HTTPMethod, HTTPStatus
from typing import Final, TypedDict, assert_type

from typedflask import Blueprint, Flask, Response, redirect, render_template
from typedflask.typing import HTTPMethodName, Methods

app = Flask(__name__)
bp = Blueprint("bp", __name__, url_prefix="/bp")
pages = Blueprint("pages", __name__)

BOTH: Final = ("GET", "POST")
NAMES: list[HTTPMethodName] = ["GET", "PUT"]
SOME: Methods = {"GET", "DELETE"}


class User(TypedDict):
    id: int
    name: str


@app.route("/a", methods=["GET", "POST"], defaults={"page": 1}, strict_slashes=False)
def a(page: int, *, sort: str = "name") -> str:
    return sort * page


@app.route("/b", methods=BOTH, endpoint="bee", provide_automatic_options=False)
@bp.route("/b", methods=("GET",), subdomain="www")
async def b() -> User:
    return {"id": 1, "name": "ann"}


@app.route("/c", methods=NAMES)
@app.route("/cc", methods={"PURGE"})
@app.route("/ccc", methods=[HTTPMethod.PATCH, "POST"])
@app.route("/cccc", methods=SOME)
def c() -> list[User]:
    return []


@bp.get("/d", host="example.org")
def d() -> Mapping[str, User]:
    return {}


@bp.post("/e")
def e(form: int | None = None) -> Response | str | tuple[str, HTTPStatus]:
    if form is None:
        return "", HTTPStatus.NO_CONTENT
    return redirect("/") if form else render_template("e.html")


@pages.get("/g")
def g(page: int) -> str:
    return str(page)


@app.endpoint("later")
def later() -> tuple[User, str]:
    return {"id": 1, "name": "ann"}, "201 CREATED"


def from_configuration(methods: list[str]) -> None:
    app.add_url_rule("/f", "f", c, methods=frozenset(methods))


app.add_url_rule("/later", endpoint="later", methods=["GET"], redirect_to="/g")
app.add_url_rule("/ff", "f", view_func=c, alias=True, merge_slashes=None)
app.register_blueprint(bp, url_prefix="/x", name="again")
app.register_blueprint(pages, url_defaults={"page": 2})

assert_type(a(1, sort="x"), str)
assert_type(c(), list[User])
assert_type(d(), Mapping[str, User])
assert_type(e(form=1), Response | str | tuple[str, HTTPStatus])
assert_type(later(), tuple[User, str])


async def call() -> None:
    assert_type(await b(), User)
