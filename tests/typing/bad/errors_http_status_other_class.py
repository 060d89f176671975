# cat: errorhandler | needs: plain
from http import HTTPStatus

from typedflask import Flask
from werkzeug.exceptions import NotFound

app = Flask(__name__)


@app.errorhandler(HTTPStatus.CONFLICT)  # E: Conflict
def handle(error: NotFound) -> str:  # E:
    return error.name
