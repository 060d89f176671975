# cat: view-return | needs: plain
# run: get("/") == 500
from dataclasses import dataclass

from typedflask import Flask

app = Flask(__name__)


@dataclass(frozen=True)
class Item:
    id: int


@app.get("/")  # E: JSON has lists and no sets
def index() -> set[Item]:  # E:
    return {Item(1)}
