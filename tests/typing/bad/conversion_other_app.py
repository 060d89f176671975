# cat: view-return | needs: plain
from typedflask import Flask, Response


class Item:
    def __init__(self, id: int) -> None:
        self.id = id


class Items:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


app = Flask(__name__, converter=Items())


other = Flask(__name__)


@other.get("/")  # E: this application has no converter
def index() -> Item:  # E:
    return Item(1)
