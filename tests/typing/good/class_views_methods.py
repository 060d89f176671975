"""The ways of saying which methods a class-based view answers."""
from http import HTTPMethod
from typing import ClassVar

from typedflask import Flask
from typedflask.typing import Methods
from typedflask.views import MethodView, View

KNOWN_LATER = {"LINK", "UNLINK"}


class Search(View):
    methods = ["GET", "POST"]

    def dispatch_request(self) -> str:
        return ""


class Narrower(Search):
    methods = ["POST"]


class Pair(View):
    methods = ("GET", "POST")

    def dispatch_request(self) -> str:
        return ""


class Some(View):
    methods = {"GET", "put"}

    def dispatch_request(self) -> str:
        return ""


class Members(View):
    methods = [HTTPMethod.GET, "PATCH"]

    def dispatch_request(self) -> str:
        return ""


class OfItsOwn(View):
    methods = frozenset(KNOWN_LATER)

    def dispatch_request(self) -> str:
        return ""


class Declared(View):
    methods: ClassVar[Methods | None] = ["GET", "POST"]

    def dispatch_request(self) -> str:
        return ""


class Limited(MethodView):
    methods = ["GET"]

    def get(self) -> str:
        return ""

    def post(self) -> str:
        return ""


app = Flask(__name__)
app.add_url_rule("/search", view_func=Search.as_view("search"))
app.add_url_rule("/pair", view_func=Pair.as_view("pair"), methods=["GET"])
