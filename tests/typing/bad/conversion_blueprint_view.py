# cat: blueprint | needs: plain
from dataclasses import dataclass

from typedflask import Blueprint, Flask, Response


@dataclass
class Item:
    id: int


class Items:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


app = Flask(__name__, converter=Items())


part = Blueprint("part", __name__)


@part.get("/")  # E: Blueprint[Item]
def index() -> Item:  # E:
    return Item(1)


app.register_blueprint(part)
