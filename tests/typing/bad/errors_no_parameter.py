# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler(ValueError)  # E: takes the error
def handle() -> str:  # E:
    return "x"
