# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler("404")  # E: an int
def handle(error: Exception) -> str:
    return str(error)
