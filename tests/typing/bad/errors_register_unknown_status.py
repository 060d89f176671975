# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


def handle(error: Exception) -> str:
    return str(error)


done: None = app.register_error_handler(402, handle)  # E: not the status of an HTTP error of Werkzeug's
