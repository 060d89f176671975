# cat: view-return | needs: plain
from dataclasses import dataclass

from typedflask import Flask, Response


@dataclass
class Item:
    id: int


class Items:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


app = Flask(__name__, converter=Items())


other = Flask(__name__)


@other.get("/")  # E: this application has no converter
def index() -> Item:  # E:
    return Item(1)
