# cat: responses | needs: plain
from typedflask import Flask, Response, redirect

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return redirect("/", code=200)  # E: not the status of a redirect
