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


part = Blueprint[Item]("part", __name__)
Flask(__name__).register_blueprint(part)  # E: this application does not convert Item
app.register_blueprint(part)
