# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler(ValueError)  # E: a response value
def handle(error: ValueError) -> None:  # E:
    print(error)
