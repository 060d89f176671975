# cat: route-options | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/", defaults=["page"])  # E: a mapping
def index(page: int = 1) -> str:
    return "x"
