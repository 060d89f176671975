# cat: errorhandler | needs: plain
from typedflask import Flask
from werkzeug.exceptions import NotFound

app = Flask(__name__)


@app.errorhandler(404)  # E: mypy counts from here
@app.errorhandler(ValueError)  # E: the handler does not take it
def handle(error: NotFound | KeyError) -> str:  # E:
    return str(error)
