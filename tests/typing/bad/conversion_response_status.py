# cat: responses | needs: plain
from typedflask import Flask, Response

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return Response("x", 2.5)  # E: an int or a str
