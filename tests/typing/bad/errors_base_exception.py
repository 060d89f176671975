# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler(KeyboardInterrupt)  # E: an Exception
def handle(error: BaseException) -> str:
    return str(error)
