# cat: errorhandler | needs: trick
from typedflask import Flask, abort

app = Flask(__name__)


@app.get("/")
def index(name: str | None = None) -> str:
    if name is None:
        abort(200)  # E: not the status of an error
    return name  # E: so this may be None
