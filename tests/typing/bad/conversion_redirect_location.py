# cat: responses | needs: plain
from typedflask import Flask, Response, redirect

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return redirect(3)  # E: a str
