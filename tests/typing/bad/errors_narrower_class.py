# cat: errorhandler | needs: plain
from typedflask import Flask
from werkzeug.exceptions import HTTPException, NotFound

app = Flask(__name__)


@app.errorhandler(HTTPException)  # E: gets every HTTPException
def handle(error: NotFound) -> str:  # E:
    return error.name
