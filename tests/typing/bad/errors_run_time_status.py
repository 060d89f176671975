# cat: errorhandler | needs: plain
from typedflask import Flask
from werkzeug.exceptions import NotFound

app = Flask(__name__)


def register(status: int) -> None:
    @app.errorhandler(status)  # E: any HTTPException may come
    def handle(error: NotFound) -> str:  # E:
        return error.name

    print(handle)
