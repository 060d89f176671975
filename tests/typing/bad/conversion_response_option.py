# cat: responses | needs: plain
from typedflask import Flask, Response

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return Response("x", mime_type="text/csv")  # E: mimetype
