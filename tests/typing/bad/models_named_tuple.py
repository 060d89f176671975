# cat: view-return | needs: plain
# run: get("/") == 500
from typing import NamedTuple

from typedflask import Flask

app = Flask(__name__)


class Point(NamedTuple):
    x: float
    y: float


@app.get("/")  # E: a tuple is (body, status)
def index() -> Point:  # E:
    return Point(1, 2)
