# cat: blueprint | needs: plain
from typedflask import Blueprint, Flask, Response


class Item:
    def __init__(self, id: int) -> None:
        self.id = id


class Items:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


app = Flask(__name__, converter=Items())


part = Blueprint[Item]("part", __name__)
Flask(__name__).register_blueprint(part)  # E: this application does not convert Item
app.register_blueprint(part)
