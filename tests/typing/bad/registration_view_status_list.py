# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: a status is an int or a str
def index() -> tuple[str, list[int], dict[str, str]]:  # E:
    return "x", [200], {}
