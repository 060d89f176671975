# cat: errorhandler | needs: plain
from typedflask import Flask, abort

app = Flask(__name__)


@app.get("/")
def index() -> str:
    if not app.debug:
        abort(200)  # E: not the status of an error
    return "x"
