# cat: class-view | needs: plain
from typedflask import Flask, Response
from typedflask.views import MethodView


class Item:
    def __init__(self, id: int) -> None:
        self.id = id


class Items:
    def to_response(self, value: Item) -> Response:
        return Response(str(value.id))


app = Flask(__name__, converter=Items())


class Show(MethodView[Item]):
    def get(self) -> Item:
        return Item(1)


Flask(__name__).add_url_rule("/", view_func=Show.as_view("show"))  # E: does not convert Item
app.add_url_rule("/", view_func=Show.as_view("show"))
