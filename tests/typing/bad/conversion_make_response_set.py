# cat: responses | needs: plain
from typedflask import Flask, Response, make_response

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return make_response({1, 2})  # E: a set is no response
