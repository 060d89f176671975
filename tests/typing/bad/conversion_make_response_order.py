# cat: responses | needs: plain
from typedflask import Flask, Response, make_response

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return make_response("x", {"X-A": "1"}, 200)  # E: body, status, headers
