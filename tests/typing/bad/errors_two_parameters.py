# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler(ValueError)  # E: takes the error alone
def handle(error: ValueError, name: str) -> str:  # E:
    return name
