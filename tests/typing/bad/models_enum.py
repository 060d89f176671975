# cat: view-return | needs: plain
# run: get("/") == 500
from enum import Enum

from typedflask import Flask

app = Flask(__name__)


class Color(Enum):
    RED = "red"


@app.get("/")  # E: an enum stands inside JSON, not for it
def index() -> Color:  # E:
    return Color.RED
