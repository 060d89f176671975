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


@app.get("/")  # E: None is not converted
def index(found: bool = False) -> Item | None:  # E:
    return Item(1) if found else None
