"""Class-based views with parameters of their own."""
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypedDict, TypeVar

from typedflask import Blueprint, Flask, Response
from typedflask.typing import ResponseReturnValue
from typedflask.views import MethodView, View

app = Flask(__name__)
bp = Blueprint("bp", __name__)
P = ParamSpec("P")
R = TypeVar("R")


class User(TypedDict):
    id: int


def login_required(view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs)

    return checked


class Page(View):
    methods = ["GET", "POST"]
    decorators = [login_required]
    init_every_request = False

    def __init__(self, template: str, limit: int = 3) -> None:
        self.template = template
        self.limit = limit

    def dispatch_request(self, slug: str, page: int = 1) -> str | Response:
        return self.template


class Users(MethodView):
    decorators = [login_required]

    def get(self, user_id: int | None = None) -> list[User] | User:
        return {"id": user_id} if user_id else []

    async def post(self) -> tuple[User, int]:
        return {"id": 1}, 201

    def delete(self, user_id: int) -> ResponseReturnValue:
        return "", "204 NO CONTENT"


class MoreUsers(Users):
    def put(self, user_id: int, *, deep: bool = False) -> tuple[str, int, dict[str, str]]:
        return "", 200, {}


app.add_url_rule("/page/<slug>", view_func=Page.as_view("page", "page.html"))
app.add_url_rule("/other/<slug>", view_func=Page.as_view("other", template="x.html", limit=4))
users = Users.as_view("users")
bp.add_url_rule("/users", view_func=users, defaults={"user_id": None}, methods=["GET"])
bp.add_url_rule("/users/<int:user_id>", view_func=users, methods=["GET", "DELETE"])
app.add_url_rule("/more/<int:user_id>", view_func=MoreUsers.as_view("more"))
