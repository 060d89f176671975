# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.endpoint("index")  # E: an int is no response
def index() -> int:  # E:
    return 1
