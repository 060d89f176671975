# cat: errorhandler | needs: trick
from typedflask import Flask, abort

app = Flask(__name__)


@app.get("/")
def index() -> str:  # E: so this does not end with an error either
    abort(499)  # E: not the status of an HTTP error
