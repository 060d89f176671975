# cat: route-options | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.post("/", strict_slash=False)  # E: strict_slashes
def index() -> str:
    return "x"
