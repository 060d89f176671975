# cat: view-return | needs: plain
# run: get("/") == 500
from dataclasses import dataclass

from typedflask import Flask

app = Flask(__name__)


@dataclass
class Item:
    id: int


@app.get("/")  # E: the class instead of an object of it
def index() -> type[Item]:  # E:
    return Item
