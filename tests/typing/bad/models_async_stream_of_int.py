# cat: view-return | needs: plain
from collections.abc import AsyncIterator

from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: the stream yields int
async def index() -> AsyncIterator[int]:  # E:
    for number in range(3):
        yield number
