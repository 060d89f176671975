# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


def handle(error: KeyError) -> str:
    return str(error)


app.register_error_handler(ValueError, handle)  # E: takes another class
