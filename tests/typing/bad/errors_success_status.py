# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler(200)  # E: not the status of an error
def handle(error: Exception) -> str:
    return str(error)
