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


@app.errorhandler(404)  # E: Item is converted, a set is not
def missing(error: Exception) -> set[str]:  # E:
    return {str(error)}
