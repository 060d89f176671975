# cat: route-options | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.route("/", method=["POST"])  # E: methods
def index() -> str:
    return "x"
