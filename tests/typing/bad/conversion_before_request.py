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


@app.before_request  # E: Item is converted, an int is not
def before() -> int | None:  # E:
    return 1
