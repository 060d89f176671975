# cat: responses | needs: plain
from typedflask import Flask, Response, make_response

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return make_response(None)  # E: None is no response
