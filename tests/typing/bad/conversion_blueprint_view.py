# cat: blueprint | needs: plain
from typedflask import Blueprint, Flask, Response


class Item:
    def __init__(self, id: int) -> None:
        self.id = id


class Items:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


app = Flask(__name__, converter=Items())


part = Blueprint("part", __name__)


@part.get("/")  # E: Blueprint[Item]
def index() -> Item:  # E:
    return Item(1)


app.register_blueprint(part)
