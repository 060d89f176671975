# cat: errorhandler | needs: plain
from typedflask import Flask
from werkzeug.exceptions import BadRequest

app = Flask(__name__)


@app.errorhandler(404)  # E: NotFound
def handle(error: BadRequest) -> str:  # E:
    return error.name
