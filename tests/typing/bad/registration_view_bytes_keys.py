# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: the keys of JSON are text
def index() -> dict[bytes, int]:  # E:
    return {b"a": 1}
