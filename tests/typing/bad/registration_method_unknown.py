# cat: route-options | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.route("/", methods=["GTE"])  # E: not a method
def index() -> str:
    return "x"
