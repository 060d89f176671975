# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: three at most
def index() -> tuple[str, int, dict[str, str], str]:  # E:
    return "x", 200, {}, "text/html"
