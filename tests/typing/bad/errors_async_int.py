# cat: errorhandler | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.errorhandler(ValueError)  # E: a response value
async def handle(error: ValueError) -> int:  # E:
    return 1
